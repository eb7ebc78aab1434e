#include "devices/printer/vkp80_printer.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

namespace devices::printer {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// A line that chatters without ever making a status is as good as silent.
constexpr std::size_t noise_size_max = 4096;
constexpr auto drain_within = 1ms;

milliseconds left_until(Clock::time_point deadline) {
    return std::max(1ms, std::chrono::ceil<milliseconds>(deadline - Clock::now()));
}

/// Gives the next conversation its turn, also when this one is cancelled.
class Turn {
public:
    Turn(bool& is_busy, asio::steady_timer& turn) : is_busy_{is_busy}, turn_{turn} {
        is_busy_ = true;
    }
    Turn(Turn const&) = delete;
    Turn& operator=(Turn const&) = delete;
    ~Turn() {
        is_busy_ = false;
        turn_.cancel();
    }

private:
    bool& is_busy_;
    asio::steady_timer& turn_;
};

} // namespace

Vkp80Printer::Vkp80Printer(asio::any_io_executor const& executor, Line& line, Vkp80Options options)
    : line_{line}, options_{options}, turn_{executor, Clock::time_point::max()} {}

asio::awaitable<PrintResult> Vkp80Printer::print(Document document) {
    auto job = encode(document);
    if (!job)
        co_return PrintResult{Outcome::NotPrinted, {Fault::Document}};
    Finished finished = co_await converse(Task::Print, std::move(*job));
    co_return std::move(finished.result);
}

asio::awaitable<Health> Vkp80Printer::health() {
    if (!is_busy_)
        co_await converse(Task::Look, {});
    co_return health_;
}

asio::awaitable<void> Vkp80Printer::clear_presenter() {
    co_await converse(Task::ClearPresenter, {});
}

asio::awaitable<Finished> Vkp80Printer::converse(Task task, Job job) {
    while (is_busy_)
        co_await turn_.async_wait(asio::as_tuple(asio::use_awaitable));
    Turn const turn{is_busy_, turn_};

    Session session{
        task,
        std::move(job),
        {.forgotten = options_.forgotten,
         .take_within = options_.take_within,
         .is_paper_clean = std::exchange(is_paper_clean_, false)}};
    Input input = Proceed{};
    for (;;) {
        Action action = session.resume(input);
        if (auto* finished = std::get_if<Finished>(&action)) {
            is_paper_clean_ = finished->is_paper_clean;
            health_ = finished->status ? health_of(*finished->status) : Health{};
            auto const& faults = finished->result.faults;
            if (std::find(faults.begin(), faults.end(), Fault::LineLost) != faults.end())
                health_ = Health{.faults = {Fault::LineLost}};
            co_return std::move(*finished);
        }
        input = co_await carry_out(action);
    }
}

asio::awaitable<Input> Vkp80Printer::carry_out(Action const& action) {
    if (auto const* send = std::get_if<Send>(&action)) {
        if (auto const written = co_await line_.write(send->bytes); !written)
            co_return LineFailed{};
        co_return Proceed{};
    }
    if (auto const* question = std::get_if<Ask>(&action))
        co_return co_await ask(*question);
    if (auto const* wait = std::get_if<AwaitXon>(&action))
        co_return co_await await_xon(wait->within);
    asio::steady_timer timer{turn_.get_executor(), std::get<Pause>(action).duration};
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return Proceed{};
}

asio::awaitable<Input> Vkp80Printer::ask(Ask const& question) {
    co_await drain();
    reader_.forget();
    if (reader_.flow() == Flow::Stopped)
        co_return Heard{std::nullopt, Flow::Stopped};
    if (auto const written = co_await line_.write(question.question); !written)
        co_return LineFailed{};
    auto const deadline = Clock::now() + question.within;
    for (std::size_t received = 0; received < noise_size_max && Clock::now() < deadline;) {
        std::array<std::uint8_t, 64> buffer;
        auto const size = co_await line_.read_some(buffer, left_until(deadline));
        if (!size && size.error() != LineError::TimedOut)
            co_return LineFailed{};
        if (!size)
            break;
        received += *size;
        reader_.push(std::span{buffer}.first(*size));
        if (auto const status = reader_.next())
            co_return Heard{status, reader_.flow()};
    }
    co_return Heard{std::nullopt, reader_.flow()};
}

asio::awaitable<Input> Vkp80Printer::await_xon(milliseconds within) {
    auto const deadline = Clock::now() + within;
    while (reader_.flow() == Flow::Stopped && Clock::now() < deadline) {
        std::array<std::uint8_t, 64> buffer;
        auto const size = co_await line_.read_some(buffer, left_until(deadline));
        if (!size && size.error() != LineError::TimedOut)
            co_return LineFailed{};
        if (size)
            reader_.push(std::span{buffer}.first(*size));
    }
    co_return Heard{std::nullopt, reader_.flow()};
}

// A reply that came too late answers nothing that is asked now; XON and XOFF among it still count.
asio::awaitable<void> Vkp80Printer::drain() {
    for (std::size_t received = 0; received < noise_size_max;) {
        std::array<std::uint8_t, 64> buffer;
        auto const size = co_await line_.read_some(buffer, drain_within);
        if (!size)
            co_return;
        received += *size;
        reader_.push(std::span{buffer}.first(*size));
    }
}

} // namespace devices::printer
