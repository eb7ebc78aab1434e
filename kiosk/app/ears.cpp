#include "kiosk/app/ears.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "kiosk/app/catalog_file.hpp"
#include "kiosk/app/scan.hpp"

namespace kiosk::app {

namespace asio = boost::asio;
namespace validator = devices::bill_validator;

namespace {

payment::Trouble trouble_of(validator::Trouble trouble) {
    switch (trouble) {
    case validator::Trouble::LineLost: return payment::Trouble::LineLost;
    case validator::Trouble::StackerFull: return payment::Trouble::StackerFull;
    case validator::Trouble::StackerRemoved: return payment::Trouble::StackerRemoved;
    case validator::Trouble::Jammed: return payment::Trouble::Jammed;
    case validator::Trouble::StackerJammed: return payment::Trouble::StackerJammed;
    case validator::Trouble::Cheated: return payment::Trouble::Cheated;
    case validator::Trouble::Failure: break;
    }
    return payment::Trouble::Failure;
}

struct Translate {
    payment::Event operator()(validator::ValidatorReady const& ready) const {
        payment::ValidatorReady told;
        for (auto const& row : ready.bills)
            told.bills.push_back(row.value);
        return told;
    }
    payment::Event operator()(validator::NoteEscrowed const& event) const {
        return payment::NoteEscrowed{{event.type, event.value}};
    }
    payment::Event operator()(validator::NoteStacked const& event) const {
        return payment::NoteStacked{{event.type, event.value}};
    }
    payment::Event operator()(validator::NoteReturned const&) const {
        return payment::NoteReturned{};
    }
    payment::Event operator()(validator::NoteRejected const&) const {
        return payment::NoteRejected{};
    }
    payment::Event operator()(validator::ValidatorTrouble const& event) const {
        return payment::ValidatorTrouble{trouble_of(event.trouble)};
    }
    payment::Event operator()(validator::ValidatorWell const&) const {
        return payment::ValidatorWell{};
    }
    payment::Event operator()(validator::ValidatorAtRest const&) const {
        return payment::ValidatorAtRest{};
    }
};

void log_news(validator::Event const& event) {
    if (auto const* ready = std::get_if<validator::ValidatorReady>(&event))
        spdlog::info("validator.ready model={} serial={}", ready->model, ready->serial);
    else if (auto const* trouble = std::get_if<validator::ValidatorTrouble>(&event))
        spdlog::warn(
            "validator.trouble kind={} detail={}",
            payment::name_of(trouble_of(trouble->trouble)),
            trouble->detail);
    else if (auto const* rejected = std::get_if<validator::NoteRejected>(&event))
        spdlog::info("validator.rejected reason={}", rejected->reason);
    else if (auto const* stacked = std::get_if<validator::NoteStacked>(&event))
        spdlog::info("validator.stacked value={}", stacked->value.minor());
}

} // namespace

payment::Event event_of(validator::Event const& event) {
    return std::visit(Translate{}, event);
}

asio::awaitable<void> ValidatorEar::on_bill_event(validator::Event event) {
    log_news(event);
    till_.tell(event_of(event));
    if (!till_.is_broken() || !std::holds_alternative<validator::NoteStacked>(event))
        co_return;
    spdlog::critical("validator.not_acknowledged reason=\"the journal does not take the note\"");
    asio::steady_timer never{
        co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
    co_await never.async_wait(asio::use_awaitable);
}

asio::awaitable<void> ScannerEar::on_code(protocol::Bytes code) {
    auto event = read_scan(code, till_.catalog());
    if (auto const* failed = std::get_if<payment::ScanFailed>(&event))
        spdlog::info(
            "scanner.refused size={} problem={}", code.size(), static_cast<int>(failed->problem));
    till_.tell(std::move(event));
    co_return;
}

asio::awaitable<void> ScannerEar::on_scanner_line(bool is_up) {
    if (is_up != is_up_)
        spdlog::info("scanner.{}", is_up ? "up" : "down");
    is_up_ = is_up;
    co_return;
}

void LinkEar::on_catalog(protocol::catalog::Catalog catalog) {
    if (auto const saved = save_catalog(catalog_file_, catalog); !saved)
        spdlog::error("catalog.not_saved {}", protocol::to_string(saved.error()));
    till_.use_catalog(std::move(catalog));
}

} // namespace kiosk::app
