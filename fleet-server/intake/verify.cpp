#include <algorithm>
#include <map>

#include "fleet-server/catalog/kiosks.hpp"
#include "fleet-server/catalog/rules.hpp"
#include "fleet-server/intake/payments.hpp"
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
    {"a ledger entry with all its cash",
     "SELECT p.txn_id, p.cash || ' and ' || coalesce(sum(t.amount), 0) FROM payment p "
     "LEFT JOIN ledger_transfer t ON t.entry = p.ledger_sequence GROUP BY p.id "
     "HAVING p.cash <> coalesce(sum(t.amount), 0)"},
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

/// I20: the rule that a payment names, run again, gives the same parts.
Outcome<Found> check_rules(store::Reading const& reading) {
    struct Shelved {
        splitting::Rule rule;
        std::vector<std::uint32_t> receivers;
    };
    std::map<std::pair<std::uint32_t, std::uint32_t>, Shelved> shelf;
    Found found;
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
            return found;
        for (auto const& [sequence, txn] : ids) {
            last = sequence;
            TRY(auto const payment, find_payment(reading, txn));
            if (!payment)
                continue;
            auto const key = std::pair{payment->provider, payment->rule_version};
            if (!shelf.contains(key)) {
                TRY(auto const version, catalog::find_rule(reading, key.first, key.second));
                auto rule = version ? splitting::read_rule(version->text)
                                    : protocol::Result<splitting::Rule, protocol::Complaint>{
                                          protocol::fail(protocol::Complaint{})};
                if (!rule)
                    return Found{Difference{
                        "payment " + txn,
                        "rule version " + std::to_string(key.second) + " (I20)",
                        "none to be read"}};
                shelf.emplace(key, Shelved{std::move(*rule), version->receivers});
            }
            auto const& [rule, receivers] = shelf.at(key);
            auto const legs = splitting::split(rule, payment->credited);
            std::vector<PaymentPart> parts;
            for (splitting::Leg const& leg : legs.value_or(std::vector<splitting::Leg>{}))
                parts.push_back({receivers.at(leg.receiver), leg.gross, leg.withheld, leg.net});
            if (parts != payment->parts)
                return Found{
                    Difference{"payment " + txn, "the parts that its rule gives (I20)", "others"}};
        }
    }
}

} // namespace

Outcome<Found> first_difference(store::Reading const& reading) {
    for (auto const check : {check_chains, check_laws, check_rules}) {
        TRY(auto found, check(reading));
        if (found)
            return found;
    }
    return Found{};
}

} // namespace fleet::intake
