#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fleet-server/ledger/balances.hpp"

/// The ledger's promises once more, in maps, with no database and nothing shared with the real one
/// but the words of its questions: what a random stream of commands is compared against.
namespace fleet::ledger {

class ReferenceLedger {
public:
    struct Counters {
        std::int64_t debits_pending = 0;
        std::int64_t credits_pending = 0;
        std::int64_t debits_posted = 0;
        std::int64_t credits_posted = 0;
        friend bool operator==(Counters const&, Counters const&) = default;
    };
    struct Book {
        bool owes_on_debit = false; ///< Asset or expense.
        bool may_go_negative = false;
        bool is_closed = false;
        Counters counters;
    };
    using Answer = std::variant<std::int64_t, PostRefusal>; ///< The new sequence.

    void open(std::string const& name, bool owes_on_debit, bool may_go_negative) {
        state_.books.try_emplace(name, Book{owes_on_debit, may_go_negative, false, {}});
    }
    void close(std::string const& name) { state_.books.at(name).is_closed = true; }
    [[nodiscard]] std::map<std::string, Book> const& books() const { return state_.books; }

    Answer post(Entry const& entry) {
        if (auto const wrong = check(entry))
            return PostRefusal{*wrong, 0};
        State after = state_; // Copied, changed, and kept only when all of it is good.
        after.transfers = (after.entries + 1) * 64; // A transfer's number says where it stands.
        for (std::size_t leg = 0; leg < entry.legs.size(); ++leg)
            if (auto const wrong = after.apply(entry.legs[leg]))
                return PostRefusal{*wrong, leg};
        after.labels.emplace(entry.kind, entry.reference);
        ++after.entries;
        state_ = std::move(after);
        return state_.entries;
    }

private:
    struct Promise {
        std::string debit;
        std::string credit;
        std::int64_t amount = 0;
        bool is_resolved = false;
    };
    struct State {
        std::map<std::string, Book> books;
        std::map<std::int64_t, Promise> promises;
        std::set<std::pair<std::string, std::string>> labels;
        std::int64_t entries = 0;
        std::int64_t transfers = 0;

        std::optional<PostError> apply(Leg const& leg) {
            if (auto const* const post = std::get_if<Post>(&leg))
                return move(post->debit, post->credit, post->amount, 1, 0);
            if (auto const* const hold = std::get_if<Hold>(&leg)) {
                if (auto const wrong = move(hold->debit, hold->credit, hold->amount, 0, 1))
                    return wrong;
                promises[transfers - 1] = {hold->debit, hold->credit, hold->amount.minor()};
                return std::nullopt;
            }
            bool const settles = std::holds_alternative<SettleHold>(leg);
            std::int64_t const id =
                settles ? std::get<SettleHold>(leg).hold : std::get<ReleaseHold>(leg).hold;
            auto const promise = promises.find(id);
            if (promise == promises.end())
                return PostError::HoldUnknown;
            if (promise->second.is_resolved)
                return PostError::HoldResolved;
            promise->second.is_resolved = true;
            return move(
                promise->second.debit,
                promise->second.credit,
                protocol::rub(promise->second.amount),
                settles ? 1 : 0,
                -1);
        }

        std::optional<PostError> move(
            std::string const& debit, std::string const& credit, Money amount, int posted,
            int pending) {
            std::int64_t const kopecks = amount.minor();
            if (kopecks < 1 || kopecks > 10'000'000'000'000)
                return PostError::AmountOutOfRange;
            if (debit == credit)
                return PostError::SameAccount;
            if (!books.contains(debit) || !books.contains(credit))
                return PostError::UnknownAccount;
            Book& from = books.at(debit);
            Book& to = books.at(credit);
            if (from.is_closed || to.is_closed)
                return PostError::AccountClosed;
            if (amount.currency() != protocol::Currency::RUB)
                return PostError::CurrencyMixed;
            from.counters.debits_posted += posted * kopecks;
            from.counters.debits_pending += pending * kopecks;
            to.counters.credits_posted += posted * kopecks;
            to.counters.credits_pending += pending * kopecks;
            if (is_short(from) || is_short(to))
                return PostError::WouldGoNegative;
            ++transfers;
            return std::nullopt;
        }

        static bool is_short(Book const& book) {
            Counters const& c = book.counters;
            if (book.may_go_negative)
                return false;
            return book.owes_on_debit ? c.debits_posted < c.credits_posted + c.credits_pending
                                      : c.credits_posted < c.debits_posted + c.debits_pending;
        }
    };

    [[nodiscard]] std::optional<PostError> check(Entry const& entry) const {
        if (entry.legs.empty())
            return PostError::NoLegs;
        if (entry.legs.size() > 64)
            return PostError::TooManyLegs;
        for (auto const* text : {&entry.kind, &entry.reference})
            if (text->empty() || text->size() > 100)
                return PostError::NameMalformed;
        if (state_.labels.contains({entry.kind, entry.reference}))
            return PostError::AlreadyPosted;
        if (entry.reverses && (*entry.reverses < 1 || *entry.reverses > state_.entries))
            return PostError::ReversesUnknown;
        return std::nullopt;
    }

    State state_;
};

} // namespace fleet::ledger
