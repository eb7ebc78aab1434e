#include <algorithm>
#include <map>

#include "fleet-server/catalog/kiosks.hpp"
#include "fleet-server/catalog/rules.hpp"
#include "fleet-server/intake/payments.hpp"
#include "fleet-server/intake/split_state.hpp"
#include "fleet-server/ledger/entries.hpp"
#include "fleet-server/splitting/rule.hpp"
#include "protocol/link/chain.hpp"

namespace fleet::intake {

using ledger::Difference;
using protocol::link::Hash;
using store::Outcome;

namespace {

using Found = std::optional<Difference>;

struct Chain {
    std::uint32_t kiosk = 0;
    std::uint32_t epoch = 0;
    std::uint64_t last = 0;
    protocol::Bytes head;
};

std::string place_of(Chain const& chain, std::uint64_t sequence) {
    return "record " + std::to_string(chain.kiosk) + "-" + std::to_string(chain.epoch) + "-" +
           std::to_string(sequence);
}

bool is_equal(Hash const& hash, protocol::Bytes const& bytes) {
    return std::equal(hash.begin(), hash.end(), bytes.begin(), bytes.end());
}

/// I10, I11: no gap from 1 to the head, and the chain recomputes from the bytes.
Outcome<Found> check_chain(store::Reading const& reading, Chain const& chain) {
    Found found;
    Hash hash = protocol::link::chain_start;
    std::uint64_t sequence = 0;
    TRY_VOID((reading.each<std::uint64_t, protocol::Bytes, protocol::Bytes>(
        "SELECT sequence, hash, payload FROM intake_record WHERE kiosk = ? AND epoch = ? "
        "ORDER BY sequence",
        {chain.kiosk, chain.epoch},
        [&](std::uint64_t number, protocol::Bytes const& stored, protocol::Bytes const& payload) {
            if (found)
                return;
            if (number != ++sequence)
                found = Difference{place_of(chain, sequence), "a record (I11)", "a gap"};
            hash = protocol::link::chain_next(hash, number, payload);
            if (!found && !is_equal(hash, stored))
                found = Difference{place_of(chain, number), "the chain's hash", "another"};
        })));
    if (!found && (sequence != chain.last || !is_equal(hash, chain.head)))
        found = Difference{
            place_of(chain, chain.last),
            "the head that was acknowledged",
            "records up to " + std::to_string(sequence)};
    return found;
}

Outcome<Found> check_chains(store::Reading const& reading) {
    std::vector<Chain> chains;
    TRY_VOID((reading.each<std::uint32_t, std::uint32_t, std::uint64_t, protocol::Bytes>(
        "SELECT kiosk, epoch, last_sequence, head_hash FROM kiosk_epoch ORDER BY kiosk, epoch",
        {},
        [&](std::uint32_t kiosk, std::uint32_t epoch, std::uint64_t last, protocol::Bytes head) {
            chains.push_back({kiosk, epoch, last, std::move(head)});
        })));
    for (Chain const& chain : chains) {
        TRY(auto found, check_chain(reading, chain));
        if (found)
            return found;
    }
    return Found{};
}

/// A law as a question for the rows that break it: their number, what was expected, what is.
struct Law {
    char const* expected;
    char const* sql;
};
constexpr Law laws[] = {
    {"cash = fee + credited + change (I2)",
     "SELECT txn_id, cash || ' and ' || (fee + credited + change) FROM payment "
     "WHERE cash <> fee + credited + change"},
    {"cash = the notes",
     "SELECT p.txn_id, p.cash || ' and ' || coalesce(sum(n.value * n.count), 0) FROM payment p "
     "LEFT JOIN intake_note n ON n.kiosk = p.kiosk AND n.epoch = p.epoch "
     "AND n.sequence = p.sequence GROUP BY p.id "
     "HAVING p.cash <> coalesce(sum(n.value * n.count), 0)"},
    {"credited = the sum of the parts (I3)",
     "SELECT p.txn_id, p.credited || ' and ' || coalesce(sum(t.gross), 0) FROM payment p "
     "LEFT JOIN payment_part t ON t.payment = p.id WHERE p.routing = 0 GROUP BY p.id "
     "HAVING p.credited <> coalesce(sum(t.gross), 0)"},
    {"gross = payable + withheld (I4)",
     "SELECT p.txn_id, t.gross || ' and ' || (t.payable + t.withheld) FROM payment_part t "
     "JOIN payment p ON p.id = t.payment WHERE t.gross <> t.payable + t.withheld"},
};

Outcome<Found> check_laws(store::Reading const& reading) {
    for (Law const& law : laws) {
        TRY(auto row, (reading.one<std::string, std::string>(std::string{law.sql} + " LIMIT 1")));
        if (row)
            return Found{
                Difference{"payment " + std::get<0>(*row), law.expected, std::get<1>(*row)}};
    }
    return Found{};
}

/// The ledger entry that a payment names has all its cash.
Outcome<Found> check_entries(store::Reading const& reading) {
    Found found;
    TRY_VOID((reading.each<std::string, Money, std::optional<ledger::Sequence>>(
        "SELECT txn_id, cash, ledger_sequence FROM payment ORDER BY id",
        {},
        [&](std::string const& txn, Money cash, std::optional<ledger::Sequence> sequence)
            -> Outcome<void> {
            if (found)
                return {};
            std::int64_t posted = 0;
            auto const count = [&](ledger::StoredEntry const& entry) -> Outcome<bool> {
                for (ledger::StoredLeg const& leg : entry.legs)
                    posted += leg.amount.minor();
                return true;
            };
            auto const entry = sequence.value_or(0);
            TRY_VOID(ledger::each_entry(reading, entry - 1, entry, count));
            if (posted != cash.minor())
                found = Difference{
                    "payment " + txn,
                    "a ledger entry with all its cash",
                    std::to_string(cash.minor()) + " and " + std::to_string(posted)};
            return {};
        })));
    return found;
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

/// I20: the rule that a payment names, run again over all payments in the ledger's order, gives
/// the same parts and remembers the same.
Outcome<Found> check_rules(store::Reading const& reading) {
    std::map<RuleKey, Replay> shelf;
    ledger::Sequence last = 0;
    for (;;) {
        // Page by page, oldest first: a payment carries its parts.
        TRY(auto const ids,
            (reading.all<ledger::Sequence, std::string>(
                "SELECT ledger_sequence, txn_id FROM payment WHERE routing = 0 "
                "AND rule_version IS NOT NULL AND ledger_sequence > ? "
                "ORDER BY ledger_sequence LIMIT 1000",
                {last})));
        if (ids.empty())
            break;
        for (auto const& [sequence, txn] : ids) {
            last = sequence;
            TRY(auto const payment, find_payment(reading, txn));
            if (!payment)
                continue;
            RuleKey const key{payment->provider, payment->rule_version};
            auto replay = shelf.find(key);
            if (replay == shelf.end()) {
                TRY(auto started, start_replay(reading, key));
                if (!started)
                    return Found{Difference{
                        "payment " + txn,
                        "rule version " + std::to_string(key.version) + " (I20)",
                        "none to be read"}};
                replay = shelf.emplace(key, std::move(*started)).first;
            }
            if (replay->second.divide(*payment) != payment->parts)
                return Found{
                    Difference{"payment " + txn, "the parts that its rule gives (I20)", "others"}};
        }
    }
    for (auto const& [key, replay] : shelf) {
        TRY(bool const is_same, replay.is_as_stored(reading, key));
        if (!is_same)
            return Found{Difference{
                "rule " + std::to_string(key.version) + " of provider " +
                    std::to_string(key.provider),
                "the residues and totals that its payments give (I6)",
                "others"}};
    }
    return Found{};
}

} // namespace

Outcome<Found> first_difference(store::Reading const& reading) {
    for (auto const check : {check_chains, check_laws, check_entries, check_rules}) {
        TRY(auto found, check(reading));
        if (found)
            return found;
    }
    return Found{};
}

} // namespace fleet::intake
