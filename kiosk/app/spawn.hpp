#pragma once

#include <spdlog/spdlog.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <string>
#include <utility>

namespace kiosk::app {

/// Starts an activity and logs how it ends. An activity of money that dies takes the program with
/// it: the supervisor starts it again, and the journal tells where to go on.
inline void spawn(
    boost::asio::any_io_executor const& executor, std::string name,
    boost::asio::awaitable<void> activity) {
    // Never from inside the call: a coroutine on its own executor would begin at once.
    boost::asio::post(
        executor, [executor, name = std::move(name), activity = std::move(activity)]() mutable {
            boost::asio::co_spawn(
                executor,
                std::move(activity),
                [name = std::move(name)](std::exception_ptr const& failure) {
                    if (!failure)
                        return;
                    spdlog::critical("activity.died name={}", name);
                    std::rethrow_exception(failure);
                });
        });
}

} // namespace kiosk::app
