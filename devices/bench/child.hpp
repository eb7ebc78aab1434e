#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace devices::bench {

/// How a process ended.
struct Ending {
    bool was_killed; ///< By a signal.
    int number;      ///< Of the signal, else the exit code.
};

/// A program that we started, and its end. It dies when devsim does, however devsim ends; only its
/// own pid is ever signalled.
class Child {
public:
    /// Must be called on the thread that lives as long as the program (the kernel ties the child's
    /// life to the thread). Standard output and error stay ours.
    [[nodiscard]] static protocol::Result<std::unique_ptr<Child>, protocol::Complaint> start(
        boost::asio::any_io_executor const& executor, std::vector<std::string> const& command);

    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;
    /// Kills it and waits for it when it still runs.
    ~Child();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Also takes notice of its end.
    [[nodiscard]] bool is_running();
    [[nodiscard]] std::optional<Ending> const& ending() const { return ending_; }

    /// SIGKILL: what a power cut does. Waits until it is gone.
    void kill();
    void terminate(); ///< SIGTERM.
    /// Waits for its end, at most so long. True when it has ended.
    [[nodiscard]] boost::asio::awaitable<bool> wait(std::chrono::milliseconds within);

private:
    Child(pid_t pid, boost::asio::posix::stream_descriptor watch)
        : pid_{pid}, watch_{std::move(watch)} {}
    void reap(int options);

    pid_t pid_;
    boost::asio::posix::stream_descriptor watch_; ///< Readable when the process has ended.
    std::optional<Ending> ending_;
};

} // namespace devices::bench
