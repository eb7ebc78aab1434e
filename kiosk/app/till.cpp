#include "kiosk/app/till.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "kiosk/app/clock.hpp"
#include "kiosk/app/present.hpp"
#include "kiosk/receipt/receipt.hpp"

namespace kiosk::app {

namespace {

payment::AccountOutcome outcome_of(link::AnswerOutcome outcome) {
    switch (outcome) {
    case link::AnswerOutcome::Found: return payment::AccountOutcome::Found;
    case link::AnswerOutcome::UnknownAccount: return payment::AccountOutcome::UnknownAccount;
    case link::AnswerOutcome::UnknownProvider: return payment::AccountOutcome::UnknownProvider;
    case link::AnswerOutcome::Unavailable: break;
    }
    return payment::AccountOutcome::Unavailable;
}

std::string_view state_of(payment::Validator const& validator) {
    switch (validator.health) {
    case payment::Validator::Health::Starting: return "starting";
    case payment::Validator::Health::Well: return "ready";
    case payment::Validator::Health::Trouble: break;
    }
    return payment::name_of(validator.trouble);
}

/// What is inside, or was until the payment was recorded.
protocol::Money inside(payment::Phase const& phase) {
    if (auto const* session = payment::open_session(phase))
        return session->inserted;
    if (auto const* recording = std::get_if<payment::Recording>(&phase))
        return recording->facts.sums.cash;
    if (auto const* printing = std::get_if<payment::Printing>(&phase))
        return printing->facts.sums.cash;
    if (auto const* done = std::get_if<payment::Done>(&phase))
        return done->facts.sums.cash;
    if (auto const* broken = std::get_if<payment::Broken>(&phase))
        return broken->inserted;
    return protocol::rub(0);
}

} // namespace

Till::Till(boost::asio::any_io_executor const& executor, payment::Rules rules, Parts parts)
    : kiosk_{parts.kiosk},
      journal_{std::move(parts.journal)},
      validator_{parts.validator},
      printer_{parts.printer},
      face_{parts.face},
      controller_{std::move(rules), *this, *this},
      alarm_{executor} {}

void Till::start(std::optional<protocol::catalog::Catalog> kept) {
    bool const has_catalog = kept.has_value();
    if (kept)
        keep(*std::move(kept));
    if (journal_ == nullptr) {
        controller_.start_without_journal();
    } else if (auto const folded = journal_->fold()) {
        if (folded->open)
            spdlog::warn(
                "payment.resumed session={} inserted={}",
                folded->open->number,
                folded->open->inserted.minor());
        controller_.start(*folded, now());
    } else {
        on_journal_error(folded.error());
        controller_.start_without_journal();
    }
    if (has_catalog)
        controller_.on(payment::CatalogKnown{catalog_.offline}, now());
    follow();
}

void Till::tell(payment::Event event) {
    controller_.on(std::move(event), now());
    follow();
}

void Till::follow() {
    auto const& state = controller_.state();
    validator_.accept_notes(payment::takes_notes(state));
    face_.show(state, now(), controller_.rules());
    set_alarm();
}

void Till::set_alarm() {
    auto const moment = now();
    auto at = moment.steady + until_next_minute(moment.wall);
    if (auto const wakes = payment::wakes_at(controller_.state(), controller_.rules()))
        at = std::min(at, *wakes);
    if (auto const changes = looks_different_at(controller_.state(), moment, controller_.rules()))
        at = std::min(at, *changes);
    alarm_.expires_at(at);
    alarm_.async_wait([this](boost::system::error_code const& cancelled) {
        if (!cancelled)
            tell(payment::Tick{});
    });
}

void Till::on_account(link::AccountAnswer const& answer) {
    if (!asked_ || asked_->question != answer.query)
        return; // The resident has asked for something else since.
    auto const asked = *std::exchange(asked_, std::nullopt);
    tell(payment::AccountAnswered{asked.query, outcome_of(answer.outcome), answer.state});
}

void Till::on_acknowledged() {
    if (journal_->stopped() && !is_broken())
        tell(payment::JournalFailed{}); // The acknowledgement was not written.
    tell(journal_->unacknowledged());
}

void Till::keep(protocol::catalog::Catalog catalog) {
    catalog_ = std::move(catalog);
    face_.set_agent(catalog_.agent);
}

void Till::use_catalog(protocol::catalog::Catalog catalog) {
    keep(std::move(catalog));
    tell(payment::CatalogKnown{catalog_.offline});
}

void Till::touch(std::string_view anchor) {
    if (face_.choose_language(anchor)) {
        auto const& phase = controller_.state().phase;
        bool const somebody_is_asked = std::holds_alternative<payment::Reviewing>(phase) ||
                                       std::holds_alternative<payment::Collecting>(phase);
        return somebody_is_asked ? tell(payment::Touched{payment::Action::MoreTime}) : follow();
    }
    if (auto const action = action_of(anchor))
        tell(payment::Touched{*action});
}

journal::JournalResult<journal::Appended> Till::write(
    payment::Entry const& entry, payment::WallTime at) {
    auto appended = journal_->append(entry, at);
    if (appended && appended->sequence != 0 && link_ != nullptr)
        boost::asio::post(alarm_.get_executor(), [this] {
            if (link_ != nullptr)
                link_->records_added();
        });
    return appended;
}

payment::OfflineUse Till::unacknowledged() {
    return journal_->unacknowledged();
}

void Till::stack_note() {
    validator_.decide(devices::bill_validator::Decision::Stack);
}

void Till::return_note() {
    validator_.decide(devices::bill_validator::Decision::Return);
}

void Till::ask_account(payment::AskAccount const& question) {
    if (link_ == nullptr)
        return; // The bill itself serves when the time is up.
    asked_ = Asked{link_->ask(question.provider, question.account), question.query};
}

void Till::print(payment::PrintReceipt const& receipt) {
    receipt::Letterhead const letterhead{kiosk_, catalog_.agent, utc_offset(receipt.facts.at)};
    auto const language = face_.language() == screens::Language::En ? receipt::Language::English
                                                                    : receipt::Language::Russian;
    printer_.print(receipt::compose(
        receipt.facts,
        receipt.sequence,
        letterhead,
        language,
        receipt.copy ? receipt::Copy::Again : receipt::Copy::First));
}

void Till::clear_presenter() {
    printer_.clear_presenter();
}

void Till::on_step(
    std::string_view event, payment::State const& before, payment::State const& after) {
    auto const from = payment::name_of(before.phase);
    auto const to = payment::name_of(after.phase);
    bool const moves_money = event == "note-stacked" || event == "record-written";
    if (from == to && !moves_money)
        return;
    spdlog::info(
        "payment.step event={} from={} to={} session={} inserted={} sequence={}",
        event,
        from,
        to,
        after.sessions,
        inside(after.phase).minor(),
        journal_ != nullptr ? journal_->head().sequence : 0);
}

void Till::on_fault(payment::Fault fault, std::string_view event, payment::State const& state) {
    spdlog::warn(
        "payment.fault fault={} event={} state={}",
        payment::name_of(fault),
        event,
        payment::name_of(state.phase));
}

void Till::on_journal_error(journal::JournalError const& error) {
    spdlog::critical(
        "journal.failed problem={} detail=\"{}\" money_is_taken=no",
        journal::name_of(error.problem),
        error.detail);
}

control::StateAnswer Till::describe() const {
    auto const& state = controller_.state();
    control::StateAnswer answer;
    answer.state = payment::name_of(state.phase);
    answer.session = state.sessions;
    answer.inserted = inside(state.phase);
    answer.link_is_up = state.link_up;
    answer.unacknowledged = state.offline_use.count;
    answer.validator = state_of(state.validator);
    answer.printer = state.printer_ready ? "ready" : "not-ready";
    if (journal_ == nullptr)
        return answer;
    answer.last_sequence = journal_->head().sequence;
    answer.journal_entries = journal_->entries();
    for (auto const& row : journal_->stacker())
        answer.notes[row.value.minor()] = row.count;
    return answer;
}

} // namespace kiosk::app
