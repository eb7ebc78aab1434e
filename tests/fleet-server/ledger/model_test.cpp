#include <doctest/doctest.h>

#include <random>

#include "fleet-server/ledger/verify.hpp"
#include "tests/fleet-server/ledger/reference_ledger.hpp"
#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::ledger;
using protocol::rub;

namespace {

/// Everything that the books hold as text, so that "nothing changed" means every byte.
std::string dump(store::Reading const& reading) {
    std::string text;
    for (Account const& account : require(trial_balance(reading)).accounts) {
        Balance const& b = account.balance;
        text += account.name + (account.is_closed ? " closed" : "");
        for (Money const counter :
             {b.debits_pending, b.credits_pending, b.debits_posted, b.credits_posted})
            text += " " + std::to_string(counter.minor());
        text += "\n";
    }
    for (char const* sql :
         {"SELECT printf('%d|%d|%s|%s|%d|%s', id, at_us, kind, coalesce(number, reference), "
          "reverses, hex(legs)) FROM ledger_entry ORDER BY id",
          "SELECT printf('%d|%d|%d|%d', id, debit, credit, amount) FROM ledger_open_hold "
          "ORDER BY id",
          "SELECT printf('%d|%s', id, name) FROM ledger_kind ORDER BY id"})
        require(reading.each<std::string>(
            sql, {}, [&](std::string const& row) { text += row + "\n"; }));
    return text;
}

class Stream {
public:
    explicit Stream(std::uint32_t seed) : random_{seed} {}

    Entry next() {
        Entry entry{below(50) == 0 ? "" : (below(2) ? "payment" : "refusal"), reference(), {}, {}};
        if (below(10) == 0)
            entry.reverses = below(60) - 2;
        std::size_t const legs =
            below(40) == 0 ? (below(2) ? 0 : 65) : 1 + static_cast<std::size_t>(below(4));
        for (std::size_t i = 0; i < legs; ++i)
            entry.legs.push_back(leg());
        return entry;
    }
    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
    }
    std::string account() {
        static std::vector<std::string> const names = {
            "cash.kiosk.17.main",
            "cash.kiosk.18.main",
            "payable.1",
            "payable.2",
            "inflight.1",
            "fee.external",
            "fee.internal.1",
            "suspense.unmatched",
            "cash.short",
            "change.payer.1.M003K006",
            "payable.99"};
        return names[static_cast<std::size_t>(below(static_cast<std::int64_t>(names.size())))];
    }

private:
    /// Texts, and numbers of three kiosks as txn_ids.
    std::string reference() {
        std::string const number = std::to_string(below(2000));
        if (below(2) == 0)
            return number;
        return "00000" + std::to_string(below(3)) + "001" + std::string(9 - number.size(), '0') +
               number;
    }
    Leg leg() {
        Money amount = rub(1 + below(100'000));
        switch (below(60)) {
        case 0: amount = rub(0); break;
        case 1: amount = rub(-5); break;
        case 2: amount = rub(protocol::amount_minor_max + 1); break;
        case 3: amount = Money::from_minor(7, protocol::Currency::USD); break;
        default: break;
        }
        switch (below(8)) {
        case 0: return SettleHold{(1 + below(25)) * 64 + below(2)};
        case 1: return ReleaseHold{(1 + below(25)) * 64 + below(2)};
        case 2: return Hold{account(), account(), amount};
        // Cash comes in far more often than it goes, or everything would be refused.
        case 3:
        case 4: return Post{"cash.kiosk.17.main", account(), amount};
        default: return Post{account(), account(), amount};
        }
    }

    std::mt19937_64 random_;
};

void check_equal(ReferenceLedger const& reference, store::Reading const& reading) {
    auto const trial = require(trial_balance(reading));
    CHECK(trial.difference.is_zero());
    REQUIRE(trial.accounts.size() == reference.books().size());
    for (Account const& account : trial.accounts) {
        auto const& book = reference.books().at(account.name);
        Balance const& b = account.balance;
        CHECK(
            ReferenceLedger::Counters{
                b.debits_pending.minor(),
                b.credits_pending.minor(),
                b.debits_posted.minor(),
                b.credits_posted.minor()} == book.counters);
        CHECK(account.is_closed == book.is_closed);
    }
}

struct Tally {
    int posted = 0;
    std::map<PostError, int> refused;
};

Tally run(std::uint32_t seed, int commands) {
    ScratchFolder folder;
    auto store = require(store::Store::open(folder.path() / "fleet.sqlite"));
    ReferenceLedger reference;
    Stream stream{seed};
    Tally tally;
    // One transaction for the stream: what one entry leaves is what the next one sees.
    require(store.write([&](store::Transaction& transaction) -> store::Outcome<void> {
        for (int command = 0; command < commands; ++command) {
            CAPTURE(seed);
            CAPTURE(command);
            if (stream.below(20) == 0) {
                auto const name = stream.account();
                if (auto const rule = rule_of(name); rule && name != "payable.99") {
                    CHECK(require(open_account(transaction, name)));
                    reference.open(
                        name,
                        rule->kind == Kind::Asset || rule->kind == Kind::Expense,
                        rule->overdraft == Overdraft::Allowed);
                }
                continue;
            }
            if (stream.below(150) == 0 && reference.books().contains("payable.2")) {
                CHECK(require(close_account(transaction, "payable.2")));
                reference.close("payable.2");
            }
            auto const entry = stream.next();
            std::string const before = command % 8 == 0 ? dump(transaction) : "";
            auto const ours = require(post(transaction, entry, from_ms(command)));
            auto const theirs = reference.post(entry);
            if (ours) {
                REQUIRE(std::holds_alternative<std::int64_t>(theirs));
                CHECK(ours->sequence == std::get<std::int64_t>(theirs));
                ++tally.posted;
            } else {
                REQUIRE(std::holds_alternative<PostRefusal>(theirs));
                CHECK(ours.error() == std::get<PostRefusal>(theirs));
                ++tally.refused[ours.error().error];
                if (!before.empty())
                    CHECK(dump(transaction) == before);
            }
            check_equal(reference, transaction);
        }
        require(seal(transaction));
        auto const verification = require(verify(transaction, {}));
        CHECK_MESSAGE(
            !verification.difference,
            (verification.difference ? to_string(*verification.difference) : ""));
        CHECK(verification.entries == tally.posted);
        return {};
    }));
    return tally;
}

} // namespace

TEST_SUITE("ledger model") {
    TEST_CASE("a random stream of commands gives the same state and errors as a ledger in maps") {
        Tally all;
        for (std::uint32_t seed = 1; seed <= 6; ++seed) {
            auto const tally = run(seed, 900);
            all.posted += tally.posted;
            for (auto const& [error, count] : tally.refused)
                all.refused[error] += count;
        }
        CHECK(all.posted > 300);
        // The stream must reach every refusal but the overflow of counters, or it tests nothing.
        for (PostError const error :
             {PostError::NoLegs,
              PostError::TooManyLegs,
              PostError::NameMalformed,
              PostError::AlreadyPosted,
              PostError::ReversesUnknown,
              PostError::AmountOutOfRange,
              PostError::SameAccount,
              PostError::UnknownAccount,
              PostError::AccountClosed,
              PostError::CurrencyMixed,
              PostError::WouldGoNegative,
              PostError::HoldUnknown,
              PostError::HoldResolved})
            CHECK_MESSAGE(all.refused[error] > 0, name(error));
    }
}
