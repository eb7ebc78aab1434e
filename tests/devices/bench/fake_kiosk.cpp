// A stand-in for kioskd: the same command line, control socket and devices, and nothing of a
// payment. It takes every note, prints what it is told to, shows what it scanned, and counts.
//   fake_kiosk --config kioskd.toml
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "devices/bill-validator/driver.hpp"
#include "devices/line/serial_line.hpp"
#include "devices/printer/vkp80_printer.hpp"
#include "protocol/settings/settings.hpp"

namespace {

namespace asio = boost::asio;
namespace bv = devices::bill_validator;
using nlohmann::json;
using protocol::settings::Document;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

// 1280 x 1024 pixels of one colour, as PNG in base64: which one tells whether `drawn` is odd.
constexpr char const* white =
    "iVBORw0KGgoAAAANSUhEUgAABQAAAAQAAQAAAACW6MnuAAACm0lEQVR42u3OMQ0AAAwDoPoXWw1VsWQHKCB9LoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC9wYQESLeOGbWYwAAAABJRU5ErkJggg==";
constexpr char const* black =
    "iVBORw0KGgoAAAANSUhEUgAABQAAAAQAAQAAAACW6MnuAAACm0lEQVR42u3OMQ0AAAwDoFqof7NVsWQHKCB9LoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC"
    "goKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKC9waOHIJ3gskFfAAAAABJRU5ErkJggg==";

struct Config {
    std::string socket;
    std::string validator;
    std::string printer;
    std::string scanner;
    std::uint16_t link;
};

class FakeKiosk final : public bv::Listener {
public:
    FakeKiosk(asio::io_context& io, Config const& config)
        : io_{io},
          config_{config},
          validator_{io.get_executor(), config.validator, {}},
          printer_line_{io.get_executor(), config.printer, {.baud_rate = 115'200}},
          scanner_{io.get_executor(), config.scanner, {}},
          printer_{
              io.get_executor(), printer_line_, {.take_within = std::chrono::milliseconds{300}}} {}

    void start() {
        session_.accept_notes(true);
        asio::co_spawn(io_, bv::drive(validator_, session_, *this), asio::detached);
        asio::co_spawn(io_, listen_to_scanner(), asio::detached);
        asio::co_spawn(io_, serve_control(), asio::detached);
    }

    asio::awaitable<void> on_bill_event(bv::Event event) override {
        if (std::holds_alternative<bv::ValidatorReady>(event))
            is_validator_ready_ = true;
        if (std::holds_alternative<bv::NoteEscrowed>(event))
            session_.decide(bv::Decision::Stack);
        if (auto const* note = std::get_if<bv::NoteStacked>(&event))
            ++notes_[std::to_string(note->value.minor())];
        co_return;
    }

private:
    asio::awaitable<void> listen_to_scanner() {
        for (;;) {
            std::array<std::uint8_t, 256> buffer;
            auto const size = co_await scanner_.read_some(buffer, std::chrono::hours{1});
            for (std::size_t index = 0; size && index < *size; ++index) {
                char digits[4];
                std::snprintf(digits, sizeof digits, "%02X", buffer[index]);
                scanned_ += digits;
            }
        }
    }

    asio::awaitable<void> serve_control() {
        std::filesystem::remove(config_.socket);
        asio::local::stream_protocol::acceptor acceptor{io_, {config_.socket}};
        for (;;) {
            auto [error, socket] = co_await acceptor.async_accept(quietly);
            if (!error)
                asio::co_spawn(io_, serve(std::move(socket)), asio::detached);
        }
    }

    asio::awaitable<void> serve(asio::local::stream_protocol::socket socket) {
        for (std::string buffer;;) {
            auto const [error, size] = co_await asio::async_read_until(
                socket, asio::dynamic_buffer(buffer), '\n', quietly);
            if (error)
                co_return;
            json const request = json::parse(buffer.substr(0, size), nullptr, false);
            buffer.erase(0, size);
            json const reply = co_await answer(request);
            std::string const line = reply.dump() + "\n";
            co_await asio::async_write(socket, asio::buffer(line), quietly);
        }
    }

    asio::awaitable<json> answer(json request) {
        json reply;
        if (request.value("ask", "") == "screen") {
            reply["screen"] = "home";
            reply["drawn"] = drawn_;
            reply["texts"] = json::array({scanned_});
        } else if (request.value("ask", "") == "picture") {
            reply["drawn"] = drawn_;
            reply["png"] = drawn_ % 2 == 0 ? white : black;
        } else if (request.value("ask", "") == "state") {
            reply["state"] = "idle";
            reply["validator"] = is_validator_ready_ ? "ready" : "unknown";
            reply["notes"] = notes_;
        } else if (request.contains("touch")) {
            reply = co_await touch(request["touch"]);
        } else {
            reply["error"] = "unknown request";
        }
        co_return reply;
    }

    asio::awaitable<json> touch(json request) {
        json reply;
        std::string const action = request.value("action", "");
        if (action == "act:absent") {
            reply["error"] = "act:absent is not on the screen";
            co_return reply;
        }
        if (action == "act:print") {
            devices::printer::Document document;
            document.blocks.emplace_back(devices::printer::TextLine{.text = "Чек № 1"});
            document.blocks.emplace_back(devices::printer::QrBlock{{'q', 'r'}});
            auto const result = co_await printer_.print(std::move(document));
            reply["outcome"] = static_cast<int>(result.outcome);
        }
        if (action == "act:link")
            reply["link"] = co_await echo_over_link();
        if (action == "act:crash")
            std::_Exit(3);
        ++drawn_;
        reply["action"] = action;
        reply["x"] = request.value("x", 0);
        reply["drawn"] = drawn_;
        co_return reply;
    }

    asio::awaitable<std::string> echo_over_link() {
        asio::ip::tcp::socket socket{io_};
        asio::ip::tcp::endpoint const there{asio::ip::address_v4::loopback(), config_.link};
        auto const [unconnected] = co_await socket.async_connect(there, quietly);
        std::string text = "hello\n";
        auto const [unwritten, written] =
            co_await asio::async_write(socket, asio::buffer(text), quietly);
        auto const [unread, size] = co_await asio::async_read(socket, asio::buffer(text), quietly);
        co_return unconnected || unwritten || unread ? "down" : text;
    }

    asio::io_context& io_;
    Config config_;
    devices::ReopeningLine validator_;
    devices::ReopeningLine printer_line_;
    devices::ReopeningLine scanner_;
    devices::printer::Vkp80Printer printer_;
    bv::Session session_;
    bool is_validator_ready_{false};
    std::map<std::string, int> notes_;
    std::string scanned_;
    int drawn_{1};
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 3 || std::string{argv[1]} != "--config")
        return 2;
    std::ifstream file{argv[2]};
    std::ostringstream text;
    text << file.rdbuf();
    auto const document = Document::parse(text.str(), argv[2]);
    if (!document)
        return 3;
    auto const root = document->root();
    asio::io_context io{1};
    FakeKiosk kiosk{
        io,
        {root.section("control").text("socket"),
         root.section("bill_validator").text("port"),
         root.section("printer").text("port"),
         root.section("scanner").text("port"),
         static_cast<std::uint16_t>(root.section("link").number("port", {1, 65'535}))}};
    kiosk.start();
    io.run();
}
