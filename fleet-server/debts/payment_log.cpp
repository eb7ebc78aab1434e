#include "fleet-server/debts/payment_log.hpp"

#include <algorithm>
#include <limits>

#include "fleet-server/log-index/log_index.hpp"
#include "fleet-server/store/digits.hpp"
#include "fleet-server/store/packing.hpp"

namespace fleet::debts {

using protocol::Bytes;
using protocol::fail;
using store::Outcome;
using store::StoreError;

namespace {

StoreError unreadable(std::int64_t first) {
    return {
        StoreError::Kind::Corrupt,
        "payments of debts from entry " + std::to_string(first) + " on cannot be read"};
}

log_index::Key key_of(std::uint32_t provider, std::string_view account) {
    return log_index::key_of(
        log_index::Frequency::Rare, "debt", std::to_string(provider) + ' ' + std::string{account});
}

/// Payments of the commit under way.
class Pending : public store::Companion {
public:
    Outcome<std::int64_t> last(store::Reading const& reading);
    void add(PaidDebt paid) {
        last_ = paid.ledger_sequence;
        payments_.push_back(std::move(paid));
    }
    [[nodiscard]] std::vector<PaidDebt> const& payments() const { return payments_; }

    void job_begins() override {
        size_before_job_ = payments_.size();
        last_before_job_ = last_;
    }
    void job_undone() override {
        payments_.resize(size_before_job_);
        last_ = last_before_job_;
    }
    Outcome<void> write_down(store::Transaction& transaction) override {
        if (payments_.empty())
            return {};
        TRY_VOID(transaction.execute(
            "INSERT INTO debt_payments (first, body) VALUES (?, ?)",
            {payments_.front().ledger_sequence, pack_paid(payments_)}));
        payments_.clear();
        return {};
    }

private:
    std::vector<PaidDebt> payments_;
    std::int64_t last_ = -1; ///< Below 0: not looked at yet.
    std::size_t size_before_job_ = 0;
    std::int64_t last_before_job_ = -1;
};

/// Stored rows that may hold sequences of [from, to], and then what is pending.
Outcome<bool> each_between(
    store::Reading const& reading, std::int64_t from, std::int64_t to, PaidVisitor const& visit) {
    bool goes_on = true;
    std::vector<PaidDebt> payments;
    auto const look_through = [&](std::vector<PaidDebt> const& some) -> Outcome<void> {
        for (PaidDebt const& paid : some) {
            if (!goes_on || paid.ledger_sequence > to)
                return {};
            if (paid.ledger_sequence < from)
                continue;
            TRY(goes_on, visit(paid));
        }
        return {};
    };
    TRY_VOID((reading.each<std::int64_t, Bytes>(
        "SELECT first, body FROM debt_payments WHERE first >= coalesce((SELECT max(first) FROM "
        "debt_payments WHERE first <= ?1), 0) AND first <= ?2 ORDER BY first",
        {from, to},
        [&](std::int64_t first, Bytes const& body) -> Outcome<void> {
            payments.clear();
            if (!unpack_paid(body, payments))
                return fail(unreadable(first));
            return look_through(payments);
        })));
    if (auto const* const pending = reading.companion<Pending>())
        TRY_VOID(look_through(pending->payments()));
    return goes_on;
}

Outcome<std::int64_t> Pending::last(store::Reading const& reading) {
    if (last_ >= 0)
        return last_;
    last_ = 0;
    TRY(auto const row,
        (reading.one<std::int64_t, Bytes>(
            "SELECT first, body FROM debt_payments ORDER BY first DESC LIMIT 1")));
    if (!row)
        return last_;
    std::vector<PaidDebt> payments;
    if (!unpack_paid(std::get<1>(*row), payments) || payments.empty())
        return fail(unreadable(std::get<0>(*row)));
    last_ = last_before_job_ = payments.back().ledger_sequence;
    return last_;
}

} // namespace

Outcome<void> append_paid(store::Transaction& transaction, PaidDebt paid) {
    auto& pending = transaction.companion<Pending>();
    TRY(auto const last, pending.last(transaction));
    if (paid.ledger_sequence <= last)
        return fail(StoreError{
            StoreError::Kind::Constraint,
            "entry " + std::to_string(paid.ledger_sequence) + " has moved a debt already"});
    log_index::mention(
        transaction,
        key_of(paid.provider, paid.account),
        static_cast<std::uint64_t>(paid.ledger_sequence));
    pending.add(std::move(paid));
    return {};
}

Outcome<std::int64_t> last_paid(store::Transaction& transaction) {
    return transaction.companion<Pending>().last(transaction);
}

Outcome<void> each_paid(
    store::Reading const& reading, std::int64_t after, PaidVisitor const& visit) {
    TRY_VOID(each_between(reading, after + 1, std::numeric_limits<std::int64_t>::max(), visit));
    return {};
}

Outcome<std::vector<PaidDebt>> paid_of(
    store::Reading const& reading, std::uint32_t provider, std::string_view account,
    std::int64_t after) {
    std::vector<PaidDebt> found;
    TRY(auto const blocks,
        log_index::oldest_blocks(
            reading,
            key_of(provider, account),
            log_index::block_of(static_cast<std::uint64_t>(after + 1)),
            std::numeric_limits<std::size_t>::max()));
    for (log_index::Block const block : blocks) {
        auto const begin = static_cast<std::int64_t>(block * log_index::block_size);
        auto const end = begin + static_cast<std::int64_t>(log_index::block_size);
        TRY_VOID(each_between(
            reading,
            std::max(begin, after + 1),
            end - 1,
            [&](PaidDebt const& paid) -> Outcome<bool> {
                if (paid.provider == provider && paid.account == account)
                    found.push_back(paid);
                return true;
            }));
    }
    return found;
}

Bytes pack_paid(std::vector<PaidDebt> const& payments) {
    store::Packer packer;
    std::int64_t sequence = 0;
    std::int64_t at = 0;
    std::int64_t number = 0;
    for (PaidDebt const& paid : payments) {
        packer.put_signed(paid.ledger_sequence - sequence);
        packer.put_signed(to_ms(paid.at) - at);
        packer.put(std::uint64_t{paid.provider});
        packer.put(std::string_view{paid.account});
        packer.put_signed(paid.credited.minor());
        // A txn_id is a number near the one before it; any other text stands as it is.
        auto const digits = store::number_of_digits(paid.reference);
        packer.put(digits ? std::string_view{} : std::string_view{paid.reference});
        if (digits || paid.reference.empty())
            packer.put_signed(digits.value_or(-1) - number);
        sequence = paid.ledger_sequence;
        at = to_ms(paid.at);
        number = digits.value_or(number);
    }
    return packer.bytes();
}

bool unpack_paid(protocol::ByteView bytes, std::vector<PaidDebt>& into) {
    store::Unpacker unpacker{bytes};
    std::int64_t sequence = 0;
    std::int64_t at = 0;
    std::int64_t number = 0;
    while (!unpacker.is_at_end()) {
        PaidDebt paid;
        paid.ledger_sequence = sequence += unpacker.signed_number();
        at += unpacker.signed_number();
        paid.at = from_ms(at);
        paid.provider = static_cast<std::uint32_t>(unpacker.number());
        paid.account = unpacker.text();
        paid.credited = protocol::rub(unpacker.signed_number());
        paid.reference = unpacker.text();
        if (paid.reference.empty()) {
            std::int64_t const read = number + unpacker.signed_number();
            if (read >= 0)
                paid.reference = store::digits_of_number(number = read);
        }
        if (!unpacker.is_good())
            return false;
        into.push_back(std::move(paid));
    }
    return true;
}

} // namespace fleet::debts
