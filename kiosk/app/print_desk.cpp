#include "kiosk/app/print_desk.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "kiosk/app/spawn.hpp"

namespace kiosk::app {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using devices::printer::Outcome;

namespace {

/// Paper runs out between two residents, not between two seconds.
constexpr auto health_every = 3s;
/// After a restart a receipt is printed at once, but a printer needs its time to be found again.
constexpr auto ready_within = 20s;
constexpr auto ask_again_after = 500ms;

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
    case Outcome::Presented: return "presented";
    case Outcome::Taken: return "taken";
    case Outcome::NotPrinted: return "not-printed";
    case Outcome::Unknown: return "unknown";
    }
    return "unknown";
}

payment::ReceiptFate fate_of(Outcome outcome) {
    switch (outcome) {
    case Outcome::Presented:
    case Outcome::Taken: return payment::ReceiptFate::Printed;
    case Outcome::NotPrinted: return payment::ReceiptFate::NotPrinted;
    case Outcome::Unknown: return payment::ReceiptFate::Unknown;
    }
    return payment::ReceiptFate::Unknown;
}

asio::awaitable<void> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer{co_await asio::this_coro::executor, time};
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

} // namespace

void PrintDesk::print(devices::printer::Document document) {
    spawn(executor_, "print", print_one(std::move(document), ++last_print_));
}

void PrintDesk::clear_presenter() {
    spawn(executor_, "clear_presenter", printer_.clear_presenter());
}

asio::awaitable<void> PrintDesk::print_one(
    devices::printer::Document document, std::uint64_t number) {
    for (auto waited = 0ms; waited < ready_within; waited += ask_again_after) {
        if (co_await ask_health())
            break;
        co_await pause(ask_again_after);
    }
    auto const result = co_await printer_.print(std::move(document));
    spdlog::info(
        "printer.printed outcome={} faults={}", name_of(result.outcome), result.faults.size());
    if (number == last_print_)
        tell_(payment::ReceiptOutcome{fate_of(result.outcome)});
}

asio::awaitable<bool> PrintDesk::ask_health() {
    auto const health = co_await printer_.health();
    bool const is_news = !is_told_ || health.ready != is_ready_;
    is_told_ = true;
    is_ready_ = health.ready;
    if (is_news) {
        spdlog::info(
            "printer.health ready={} near_end={} faults={}",
            health.ready,
            health.paper_near_end,
            health.faults.size());
        tell_(payment::PrinterHealth{health.ready});
    }
    co_return is_ready_;
}

asio::awaitable<void> PrintDesk::watch() {
    for (;;) {
        co_await ask_health();
        co_await pause(health_every);
    }
}

} // namespace kiosk::app
