#pragma once

#include <string>
#include <vector>

#include "kiosk/payment/recovery.hpp"
#include "kiosk/payment/session.hpp"

/// A payment played without devices: events in, effects kept, what the journal would hold folded.
namespace kiosk::payment::test {

using protocol::rub;
using namespace std::chrono_literals;

inline Bill sample_bill() {
    Bill bill;
    bill.provider = 4;
    bill.payee = "ООО Юнисервис";
    bill.payee_inn = "7729524407";
    bill.account = "M003K006";
    bill.account_typed = "М003К006";
    bill.source = DebtSource::Bill;
    bill.debt = rub(459'786);
    bill.payment_min = rub(1'000);
    bill.payment_max = rub(1'500'000);
    return bill;
}

inline Note note(std::int64_t roubles) {
    // The CCNET numbers of a Russian bill table; any numbers would do.
    std::uint8_t const type = roubles == 2000 ? 13 : roubles == 500 ? 5 : roubles == 100 ? 4 : 3;
    return Note{type, rub(roubles * 100)};
}

class Scene {
public:
    State state;
    Now now{Time{} + 1h, WallTime{std::chrono::milliseconds{1'250'000'000'000}}};
    Rules rules;
    std::vector<Effect> effects;   ///< Of the last event.
    std::vector<Entry> journalled; ///< Since the beginning.
    Folded folded;
    std::uint64_t sequence = 0;

    /// Everything is well and the link is up: a bill may be scanned.
    Scene() {
        send(CatalogKnown{{rub(5'000'000), rub(20'000'000), 500, 168}});
        send(LinkChanged{true});
        send(PrinterHealth{true});
        send(ValidatorReady{{rub(10'000), rub(50'000), rub(200'000)}});
        send(ValidatorAtRest{});
    }

    /// The fault, or nullopt. The journal answers at once, as on the kiosk.
    std::optional<Fault> send(Event const& event) {
        auto step = advance(state, event, now, rules);
        if (!step)
            return step.error();
        take(*std::move(step));
        return std::nullopt;
    }

    /// As after a restart: only what was journalled is known.
    void restart() {
        state = State{};
        take(recover(folded, OfflineUse{}, now, rules));
    }

    void pass(std::chrono::milliseconds time) {
        now.steady += time;
        now.wall += time;
        send(Tick{});
    }

    template <class Wanted>
    [[nodiscard]] Wanted const* phase() const {
        return std::get_if<Wanted>(&state.phase);
    }
    [[nodiscard]] std::string phase_name() const { return std::string{name_of(state.phase)}; }

    /// "journal stack-note"
    [[nodiscard]] std::string effect_names() const {
        std::string names;
        for (Effect const& effect : effects)
            names += (names.empty() ? "" : " ") + std::string{name_of(effect)};
        return names;
    }
    template <class Wanted>
    [[nodiscard]] std::vector<Wanted> entries() const {
        std::vector<Wanted> found;
        for (Entry const& entry : journalled)
            if (auto const* wanted = std::get_if<Wanted>(&entry))
                found.push_back(*wanted);
        return found;
    }

    // Usual beginnings.
    void review() {
        send(BillScanned{sample_bill()});
        protocol::catalog::AccountState account;
        account.provider_id = 4;
        account.account = "M003K006";
        account.payer_masked = "Гильман П. С.";
        account.debt = rub(459'786);
        account.debt_date = "2009-09-30";
        send(AccountAnswered{state.queries, AccountOutcome::Found, account});
    }
    void collect() {
        review();
        send(Touched{Action::Pay});
    }
    void insert(std::int64_t roubles) {
        send(NoteEscrowed{note(roubles)});
        send(NoteStacked{note(roubles)});
        send(ValidatorAtRest{});
    }

private:
    void take(Step step) {
        state = std::move(step.state);
        effects = std::move(step.effects);
        std::vector<Effect> const done = effects;
        for (Effect const& effect : done)
            if (auto const* journal = std::get_if<Journal>(&effect))
                write(journal->entry);
        // What follows from a written record is part of the same event for the reader of a test.
        if (done.empty() || !std::holds_alternative<Recording>(state.phase))
            return;
        auto const before = effects;
        send(RecordWritten{sequence});
        effects.insert(effects.begin(), before.begin(), before.end());
    }

    void write(Entry const& entry) {
        bool const has_record = std::holds_alternative<PaymentRecorded>(entry) ||
                                std::holds_alternative<UnassignedNote>(entry);
        if (has_record)
            ++sequence;
        journalled.push_back(entry);
        folded = fold(std::move(folded), entry, has_record ? sequence : 0);
    }
};

} // namespace kiosk::payment::test
