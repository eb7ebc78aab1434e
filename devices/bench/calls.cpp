#include "devices/bench/calls.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "devices/bench/base64.hpp"
#include "devices/bench/describe.hpp"
#include "devices/bench/field.hpp"
#include "devices/bench/validator_order.hpp"
#include "devices/scanner/scanner.hpp"
#include "protocol/text/charset.hpp"

namespace devices::bench {

namespace asio = boost::asio;
using nlohmann::json;

namespace {

using namespace std::chrono_literals;

constexpr auto note_within = 25s;              // Escrow ends by itself after 10 s.
constexpr std::int64_t note_max = 100'000'000; // A million roubles: more is a slip of the finger.

} // namespace

namespace calls {

namespace {

/// What `ask` finds out from the validator.
template <class T>
awaitable<T> ask_validator(
    VirtualKiosk& kiosk,
    std::function<T(bill_validator::SimulatedValidator&, bill_validator::TimePoint)> ask) {
    // Shared with the simulator's queue, which may outlive an abandoned call.
    auto const answer = std::make_shared<std::optional<T>>();
    kiosk.validator().use([answer, ask = std::move(ask)](auto& validator, auto now) {
        *answer = ask(validator, now);
    });
    while (!*answer)
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return std::move(**answer);
}

awaitable<json> look_at_validator(VirtualKiosk& kiosk) {
    co_return co_await ask_validator<json>(
        kiosk, [](auto& validator, auto) { return describe_validator(validator); });
}

// NOTE: GCC 12 cannot compile a braced list inside an expression with co_await.
json question(char const* what) {
    return {{"ask", what}};
}

// The kiosk's own answer, or why there is none.
Reply reply_of(protocol::Result<json, std::string> const& answer) {
    if (!answer)
        return error_reply(503, answer.error());
    return json_reply(*answer, answer->contains("error") ? 409 : 200);
}

} // namespace

awaitable<Reply> state(VirtualKiosk& kiosk) {
    json description{
        {"kiosk", describe_kiosk(kiosk)},
        {"link", describe_link(kiosk.link())},
        {"printer", describe_printer(kiosk.printer())}};
    description["validator"] = co_await look_at_validator(kiosk);
    auto const screen = co_await kiosk.ask(question("screen"));
    description["screen"] = screen ? *screen : json::object();
    description["kiosk_state"] = json::object();
    if (screen) // Else it would not answer a second time either.
        if (auto const kiosk_state = co_await kiosk.ask(question("state")))
            description["kiosk_state"] = *kiosk_state;
    co_return json_reply(description);
}

awaitable<Reply> screen(VirtualKiosk& kiosk) {
    co_return reply_of(co_await kiosk.ask(question("screen")));
}

awaitable<Reply> screen_picture(VirtualKiosk& kiosk) {
    auto const answer = co_await kiosk.ask(question("picture"));
    if (!answer || answer->contains("error"))
        co_return reply_of(answer);
    auto const png = from_base64(field<std::string>(*answer, "png").value_or("?"));
    if (!png)
        co_return error_reply(502, std::string{"the kiosk's picture is not base64"});
    co_return png_reply(*png);
}

awaitable<Reply> touch(VirtualKiosk& kiosk, json request) {
    json question = json::object();
    question["touch"] = std::move(request);
    co_return reply_of(co_await kiosk.ask(std::move(question)));
}

awaitable<Reply> insert_note(VirtualKiosk& kiosk, json request) {
    auto const value = field<std::int64_t>(request, "value");
    if (!value || *value <= 0 || *value > note_max)
        co_return error_reply(400, std::string{"value: write the note in kopecks, e.g. 200000"});
    struct Outcome {
        std::optional<bill_validator::Insertion> outcome;
        asio::steady_timer news;
    };
    auto const executor = co_await asio::this_coro::executor;
    // Shared with the simulator, which may tell after this call has given up.
    auto const told =
        std::make_shared<Outcome>(Outcome{std::nullopt, asio::steady_timer{executor, note_within}});
    kiosk.validator().insert_note(protocol::rub(*value), [told](auto outcome) {
        told->outcome = outcome;
        told->news.cancel();
    });
    if (!told->outcome)
        co_await told->news.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!told->outcome)
        co_return error_reply(504, std::string{"the note is still inside"});
    if (*told->outcome != bill_validator::Insertion::NotTaken)
        co_return json_reply({{"inserted", true}, {"outcome", name_of(*told->outcome)}});
    auto const state = co_await look_at_validator(kiosk);
    co_return json_reply(
        {{"inserted", false},
         {"outcome", "not_taken"},
         {"why", "the mouth is closed: " + state["state"].get<std::string>()}});
}

awaitable<Reply> scan(VirtualKiosk& kiosk, json request) {
    if (auto const base64 = field<std::string>(request, "base64")) {
        auto bytes = from_base64(*base64);
        if (!bytes)
            co_return error_reply(400, std::string{"base64: is not base64"});
        co_return co_await scan_bytes(kiosk, std::move(*bytes));
    }
    using protocol::text::Encoding;
    auto const text = field<std::string>(request, "text");
    if (!text)
        co_return error_reply(400, std::string{"write text (and encoding), or base64"});
    std::string const name = field<std::string>(request, "encoding").value_or("utf-8");
    for (auto const encoding :
         {Encoding::Utf8, Encoding::Windows1251, Encoding::Koi8R, Encoding::Cp866}) {
        if (name != protocol::text::name(encoding))
            continue;
        auto bytes = protocol::text::encode(encoding, *text);
        if (!bytes)
            co_return error_reply(400, "text: cannot be written in " + name);
        co_return co_await scan_bytes(kiosk, std::move(*bytes));
    }
    co_return error_reply(400, std::string{"encoding: write utf-8, windows-1251, koi8-r or cp866"});
}

awaitable<Reply> scan_bytes(VirtualKiosk& kiosk, protocol::Bytes code) {
    std::size_t const size = code.size();
    if (size == 0 || size > scanner::code_size_max)
        co_return error_reply(
            400,
            "a code has 1 to " + std::to_string(scanner::code_size_max) + " bytes, not " +
                std::to_string(size));
    kiosk.scanner().show(std::move(code));
    co_return json_reply({{"scanned", size}});
}

awaitable<Reply> take_ticket(VirtualKiosk& kiosk) {
    bool const is_taken = kiosk.printer().take_ticket();
    co_return json_reply({{"taken", is_taken}}, is_taken ? 200 : 409);
}

awaitable<Reply> switch_link(VirtualKiosk& kiosk, json request) {
    auto const is_up = field<bool>(request, "up");
    if (!is_up)
        co_return error_reply(400, std::string{"up: write true or false"});
    kiosk.link().set_up(*is_up);
    co_return json_reply(describe_link(kiosk.link()));
}

awaitable<Reply> switch_power(VirtualKiosk& kiosk, json request) {
    auto const is_on = field<bool>(request, "on");
    if (!is_on)
        co_return error_reply(400, std::string{"on: write true or false"});
    if (auto const done = kiosk.power(*is_on); !done)
        co_return error_reply(503, done.error());
    co_return json_reply(describe_kiosk(kiosk));
}

awaitable<Reply> validator_fault(VirtualKiosk& kiosk, json request) {
    auto order = validator_order(request);
    if (!order)
        co_return error_reply(400, order.error());
    co_return json_reply(
        co_await ask_validator<json>(kiosk, [order = std::move(*order)](auto& validator, auto now) {
            order(validator, now);
            return describe_validator(validator);
        }));
}

awaitable<Reply> printer_fault(VirtualKiosk& kiosk, json request) {
    auto const fault = printer::fault_named(field<std::string>(request, "fault").value_or(""));
    auto const lines = field<std::int64_t>(request, "after_lines").value_or(0);
    auto const lasting = field<std::int64_t>(request, "milliseconds").value_or(3000);
    if (!fault)
        co_return error_reply(
            400,
            std::string{"fault: write none, no_paper, near_end, cover_open, "
                        "jam, cutter, head_hot, xoff, lost_status or "
                        "power_cut"});
    if (lines < 0 || lines > 1000 || lasting < 0 || lasting > 600'000)
        co_return error_reply(
            400,
            std::string{"after_lines: at most 1000; milliseconds: at most "
                        "600000"});
    kiosk.printer().strike(
        {.fault = *fault,
         .after_lines = static_cast<std::size_t>(lines),
         .lasting = std::chrono::milliseconds{lasting}},
        std::chrono::steady_clock::now());
    co_return json_reply(describe_printer(kiosk.printer()));
}

awaitable<std::optional<printer::Ticket>> ticket(VirtualKiosk& kiosk, std::size_t number) {
    auto const& tickets = kiosk.printer().tickets();
    if (number == 0 || number > tickets.size())
        co_return std::nullopt;
    co_return tickets[number - 1];
}

} // namespace calls

} // namespace devices::bench
