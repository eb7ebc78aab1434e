#include <algorithm>
#include <map>

#include "fleet-server/catalog/kiosks.hpp"
#include "fleet-server/catalog/rules.hpp"
#include "fleet-server/gateways/outbox.hpp"
#include "fleet-server/intake/fact.hpp"
#include "fleet-server/intake/payments.hpp"
#include "fleet-server/intake/records.hpp"
#include "fleet-server/intake/split_state.hpp"
#include "fleet-server/ledger/legs.hpp"
#include "fleet-server/splitting/rule.hpp"

namespace fleet::intake {

using ledger::Difference;
using protocol::link::Hash;
using store::Outcome;

namespace {

using Found = std::optional<Difference>;

/// One epoch of a kiosk, as far as its records have been seen.
struct Chain {
    std::uint64_t sequence = 0;
    Hash hash = protocol::link::chain_start;
};
using ChainKey = std::pair<std::uint32_t, std::uint32_t>; ///< Kiosk and epoch.

std::string place_of(RecordKey const& key) {
    return "record " + std::to_string(key.kiosk) + "-" + std::to_string(key.epoch) + "-" +
           std::to_string(key.sequence);
}

/// A rule version and what it remembers, growing as payments are divided again.
class Replay {
public:
    Replay(splitting::Rule rule, std::vector<std::uint32_t> receivers)
        : rule_{std::move(rule)}, receivers_{std::move(receivers)} {
        residues_.resize(splitting::residue_count(rule_));
    }

    [[nodiscard]] std::vector<PaymentPart> divide(Payment const& payment) {
        SplitState state;
        state.residues = residues_;
        state.periods = periods_at(rule_, payment.received_at);
        for (std::size_t cap = 0; cap < state.periods.size(); ++cap)
            state.taken.push_back(protocol::rub(taken_[{cap, state.periods[cap]}]));
        auto const division = splitting::divide(
            rule_,
            {.credited = payment.credited,
             .debts = {},
             .residues = state.residues,
             .taken = state.taken});
        std::vector<PaymentPart> parts;
        if (!division)
            return parts;
        for (splitting::Leg const& leg : division->legs)
            parts.push_back({receivers_.at(leg.receiver), leg.gross, leg.withheld, leg.net});
        state = after(rule_, std::move(state), *division);
        residues_ = state.residues;
        for (std::size_t cap = 0; cap < state.periods.size(); ++cap)
            taken_[{cap, state.periods[cap]}] = state.taken[cap].minor();
        return parts;
    }

    /// Whether the books remember the same (I6: the residues replayed).
    [[nodiscard]] Outcome<bool> is_as_stored(store::Reading const& reading, RuleKey key) const {
        TRY(auto const stored, load_split_state(reading, key, rule_, UtcTime{}));
        bool is_same = stored.residues == residues_;
        for (auto const& [cap, taken] : taken_) {
            TRY(auto const kept,
                reading.value<std::int64_t>(
                    "SELECT taken FROM split_taken "
                    "WHERE provider = ? AND version = ? AND position = ? AND period = ?",
                    {key.provider, key.version, cap.first, cap.second}));
            is_same = is_same && kept.value_or(0) == taken;
        }
        return is_same;
    }

private:
    splitting::Rule rule_;
    std::vector<std::uint32_t> receivers_;
    std::vector<protocol::Residue> residues_;
    std::map<std::pair<std::size_t, std::string>, std::int64_t> taken_; ///< By cap and period.
};

/// None: the version is not there or cannot be read.
Outcome<std::optional<Replay>> start_replay(store::Reading const& reading, RuleKey key) {
    TRY(auto const version, catalog::find_rule(reading, key.provider, key.version));
    if (!version)
        return std::optional<Replay>{};
    auto rule = splitting::read_rule(version->text);
    if (!rule)
        return std::optional<Replay>{};
    return std::optional{Replay{std::move(*rule), version->receivers}};
}

/// All records once more, in the order of arrival: the one pass over everything that was sent.
class RecordReplay {
public:
    explicit RecordReplay(store::Reading const& reading) : reading_{reading} {}

    Outcome<bool> take(StoredRecord const& record);
    Outcome<void> end();
    [[nodiscard]] RecordsVerification result() &&;

private:
    void differ(std::string place, std::string expected, std::string found) {
        if (!difference_)
            difference_ = Difference{std::move(place), std::move(expected), std::move(found)};
    }
    void check_chain(StoredRecord const& record);
    void check_laws(Payment const& payment, std::string const& place);
    Outcome<void> check_entry(ledger::Sequence sequence, Money cash, std::string const& place);
    Outcome<void> check_rule(Payment const& payment, std::string const& place);

    store::Reading const& reading_;
    Found difference_;
    std::map<ChainKey, Chain> chains_;
    std::map<RuleKey, Replay> rules_;
    std::map<std::uint32_t, std::int64_t> cash_; ///< Of all notes, by kiosk.
    RecordId last_id_ = 0;
    ledger::Sequence last_posted_ = 0;
};

/// I10, I11: no gap from 1 on, and the chain recomputes from the bytes.
void RecordReplay::check_chain(StoredRecord const& record) {
    auto const& [kiosk, epoch, sequence] = record.key;
    Chain& chain = chains_[{kiosk, epoch}];
    if (sequence != ++chain.sequence)
        return differ(
            place_of({kiosk, epoch, chain.sequence}), "a record (I11)", "a gap or another order");
    chain.hash = protocol::link::chain_next(chain.hash, sequence, record.payload);
    bool const is_anchor = sequence % anchor_distance == 0;
    if (is_anchor != record.hash.has_value() || (record.hash && *record.hash != chain.hash))
        differ(place_of(record.key), "the chain's hash", "another");
}

void RecordReplay::check_laws(Payment const& payment, std::string const& place) {
    auto const sum = [](auto const& list, auto amount) {
        std::int64_t total = 0;
        for (auto const& one : list)
            total += amount(one);
        return total;
    };
    std::int64_t const cash = payment.cash.minor();
    std::int64_t const named =
        payment.fee.minor() + payment.credited.minor() + payment.change.minor();
    if (cash != named)
        differ(place, "cash = fee + credited + change (I2)", std::to_string(named));
    std::int64_t const notes =
        sum(payment.notes, [](Note const& note) { return note.value.minor() * note.count; });
    if (cash != notes)
        differ(place, "cash = the notes", std::to_string(notes));
    std::int64_t const parts =
        sum(payment.parts, [](PaymentPart const& part) { return part.gross.minor(); });
    if (payment.routing == Routing::Split && payment.credited.minor() != parts)
        differ(place, "credited = the sum of the parts (I3)", std::to_string(parts));
}

Outcome<void> RecordReplay::check_entry(
    ledger::Sequence sequence, Money cash, std::string const& place) {
    if (sequence != 0 && sequence <= last_posted_)
        differ(place, "an entry after " + std::to_string(last_posted_), std::to_string(sequence));
    last_posted_ = std::max(last_posted_, sequence);
    TRY(auto const bytes,
        reading_.value<protocol::Bytes>("SELECT legs FROM ledger_entry WHERE id = ?", {sequence}));
    std::vector<ledger::PackedLeg> legs;
    if (bytes)
        (void)ledger::unpack_legs(*bytes, legs); // What is unreadable does not add up.
    std::int64_t posted = 0;
    for (ledger::PackedLeg const& leg : legs)
        posted += leg.amount;
    if (posted != cash.minor())
        differ(
            place,
            "a ledger entry with all its cash",
            std::to_string(cash.minor()) + " and " + std::to_string(posted));
    return {};
}

/// I20: the rule that a payment names, run again over all payments in the ledger's order, gives
/// the same parts and remembers the same.
Outcome<void> RecordReplay::check_rule(Payment const& payment, std::string const& place) {
    RuleKey const key{payment.provider, payment.rule_version};
    auto replay = rules_.find(key);
    if (replay == rules_.end()) {
        TRY(auto started, start_replay(reading_, key));
        if (!started) {
            differ(
                place, "rule version " + std::to_string(key.version) + " (I20)", "none to be read");
            return {};
        }
        replay = rules_.emplace(key, std::move(*started)).first;
    }
    if (replay->second.divide(payment) != payment.parts)
        differ(place, "the parts that its rule gives (I20)", "others");
    return {};
}

Outcome<bool> RecordReplay::take(StoredRecord const& record) {
    if (record.id != ++last_id_)
        differ("record " + std::to_string(last_id_) + " of all", "a record", "a gap");
    check_chain(record);
    auto const& [kiosk, epoch, sequence] = record.key;
    auto const place = "payment " + gateways::transaction_id(kiosk, epoch, sequence).value_or("");
    auto const payment = to_payment(record);
    if (!payment) {
        differ(place_of(record.key), "a record that can be read", "other bytes");
    } else if (*payment) {
        check_laws(**payment, place);
        TRY_VOID(check_entry((*payment)->ledger_sequence, (*payment)->cash, place));
        if ((*payment)->routing == Routing::Split)
            TRY_VOID(check_rule(**payment, place));
        cash_[record.key.kiosk] += (*payment)->cash.minor();
    } else {
        auto const fact = read_fact(record.payload);
        auto const posting = unpack_posting(record.posting);
        if (fact && posting) { // Else to_payment() would have failed.
            TRY_VOID(check_entry(posting->ledger_sequence, fact->cash, place));
            cash_[record.key.kiosk] += fact->cash.minor();
        }
    }
    return !difference_.has_value();
}

Outcome<void> RecordReplay::end() {
    if (difference_)
        return {};
    TRY_VOID((reading_.each<std::uint32_t, std::uint32_t, std::uint64_t, protocol::Bytes>(
        "SELECT kiosk, epoch, last_sequence, head_hash FROM kiosk_epoch ORDER BY kiosk, epoch",
        {},
        [&](std::uint32_t kiosk,
            std::uint32_t epoch,
            std::uint64_t last,
            protocol::Bytes const& head) {
            Chain const chain = chains_[{kiosk, epoch}];
            if (chain.sequence != last || !std::ranges::equal(chain.hash, head))
                differ(
                    place_of({kiosk, epoch, last}),
                    "the head that was acknowledged",
                    "records up to " + std::to_string(chain.sequence));
        })));
    for (auto const& [key, replay] : rules_) {
        TRY(bool const is_same, replay.is_as_stored(reading_, key));
        if (!is_same)
            differ(
                "rule " + std::to_string(key.version) + " of provider " +
                    std::to_string(key.provider),
                "the residues and totals that its payments give (I6)",
                "others");
    }
    return {};
}

RecordsVerification RecordReplay::result() && {
    RecordsVerification verification;
    verification.records = last_id_;
    verification.difference = std::move(difference_);
    for (auto const& [kiosk, sum] : cash_)
        verification.cash.push_back(
            {ledger::cash_of(kiosk),
             ledger::Expectation::Side::PostedNet,
             protocol::rub(sum),
             "notes of payments and of unassigned cash"});
    return verification;
}

} // namespace

Outcome<RecordsVerification> verify_records(store::Reading const& reading) {
    RecordReplay replay{reading};
    TRY(auto const last, count_records(reading));
    TRY_VOID(
        each_record(reading, 1, last, RecordOrder::OldestFirst, [&](StoredRecord const& record) {
            return replay.take(record);
        }));
    TRY_VOID(replay.end());
    return std::move(replay).result();
}

} // namespace fleet::intake
