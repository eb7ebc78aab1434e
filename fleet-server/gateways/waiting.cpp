#include "fleet-server/gateways/waiting.hpp"

#include "fleet-server/store/digits.hpp"
#include "fleet-server/store/packing.hpp"

namespace fleet::gateways {

using protocol::Bytes;
using protocol::fail;
using protocol::rub;
using store::Outcome;
using store::StoreError;

namespace {

/// Accepted in the commit under way.
class Accepted : public store::Companion {
public:
    void add(Forwarding const& forwarding) { forwardings_.push_back(forwarding); }
    [[nodiscard]] std::vector<Forwarding> const& forwardings() const { return forwardings_; }

    void job_begins() override { size_before_job_ = forwardings_.size(); }
    void job_undone() override { forwardings_.resize(size_before_job_); }
    Outcome<void> write_down(store::Transaction& transaction) override {
        if (forwardings_.empty())
            return {};
        TRY_VOID(transaction.execute(
            "INSERT INTO outbox_waiting (payments, body) VALUES (?, ?)",
            {forwardings_.size(), pack_forwardings(forwardings_)}));
        forwardings_.clear();
        return {};
    }

private:
    std::vector<Forwarding> forwardings_;
    std::size_t size_before_job_ = 0;
};

StoreError unreadable(std::int64_t row) {
    return {
        StoreError::Kind::Corrupt,
        "row " + std::to_string(row) + " of waiting payments cannot be read"};
}

} // namespace

Outcome<void> enqueue(store::Transaction& transaction, Forwarding const& forwarding) {
    if (!store::number_of_digits(forwarding.txn_id))
        return fail(StoreError{
            StoreError::Kind::Constraint, "not a payment's number: " + forwarding.txn_id});
    transaction.companion<Accepted>().add(forwarding);
    return {};
}

Outcome<std::size_t> take_up_waiting(store::Transaction& transaction, std::size_t enough) {
    std::vector<std::int64_t> rows;
    std::vector<Forwarding> forwardings;
    TRY_VOID((transaction.each<std::int64_t, Bytes>(
        "SELECT id, body FROM outbox_waiting ORDER BY id LIMIT ?",
        {enough},
        [&](std::int64_t id, Bytes const& body) -> Outcome<void> {
            if (forwardings.size() >= enough)
                return {};
            if (!unpack_forwardings(body, forwardings))
                return fail(unreadable(id));
            rows.push_back(id);
            return {};
        })));
    for (Forwarding const& forwarding : forwardings)
        TRY_VOID(put_into_outbox(transaction, forwarding));
    for (std::int64_t const id : rows)
        TRY_VOID(transaction.execute("DELETE FROM outbox_waiting WHERE id = ?", {id}));
    return forwardings.size();
}

Outcome<std::vector<Forwarding>> waiting_forwardings(store::Reading const& reading) {
    std::vector<Forwarding> found;
    TRY_VOID((reading.each<std::int64_t, Bytes>(
        "SELECT id, body FROM outbox_waiting ORDER BY id",
        {},
        [&](std::int64_t id, Bytes const& body) -> Outcome<void> {
            if (!unpack_forwardings(body, found))
                return fail(unreadable(id));
            return {};
        })));
    if (auto const* const accepted = reading.companion<Accepted>())
        found.insert(found.end(), accepted->forwardings().begin(), accepted->forwardings().end());
    return found;
}

Outcome<std::int64_t> count_waiting(store::Reading const& reading) {
    TRY(auto const stored,
        reading.value<std::int64_t>("SELECT coalesce(sum(payments), 0) FROM outbox_waiting"));
    auto const* const accepted = reading.companion<Accepted>();
    auto const pending = accepted ? accepted->forwardings().size() : 0;
    return stored.value_or(0) + static_cast<std::int64_t>(pending);
}

Bytes pack_forwardings(std::vector<Forwarding> const& forwardings) {
    store::Packer packer;
    std::int64_t number = 0;
    std::int64_t at = 0;
    for (Forwarding const& one : forwardings) {
        std::int64_t const own = store::number_of_digits(one.txn_id).value_or(0);
        packer.put_signed(own - number);
        packer.put(std::uint64_t{one.provider});
        packer.put(std::string_view{one.account});
        packer.put_signed(one.sum.minor());
        packer.put_signed(one.payable.minor());
        packer.put_signed(one.accepted_at_ms - at);
        number = own;
        at = one.accepted_at_ms;
    }
    return packer.bytes();
}

bool unpack_forwardings(protocol::ByteView bytes, std::vector<Forwarding>& into) {
    store::Unpacker unpacker{bytes};
    std::int64_t number = 0;
    std::int64_t at = 0;
    while (!unpacker.is_at_end()) {
        Forwarding one;
        number += unpacker.signed_number();
        one.provider = static_cast<std::uint32_t>(unpacker.number());
        one.account = unpacker.text();
        one.sum = rub(unpacker.signed_number());
        one.payable = rub(unpacker.signed_number());
        one.accepted_at_ms = at += unpacker.signed_number();
        if (!unpacker.is_good() || number < 0)
            return false;
        one.txn_id = store::digits_of_number(number);
        into.push_back(std::move(one));
    }
    return true;
}

} // namespace fleet::gateways
