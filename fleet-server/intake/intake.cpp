#include "fleet-server/intake/intake.hpp"

#include <algorithm>
#include <cassert>

#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/catalog/kiosks.hpp"
#include "fleet-server/gateways/outbox.hpp"
#include "fleet-server/intake/posting.hpp"
#include "fleet-server/intake/records.hpp"
#include "protocol/link/chain.hpp"
#include "protocol/wire/convert.hpp"

namespace fleet::intake {

namespace wire = protocol::wire;
using protocol::fail;
using protocol::Result;
using protocol::link::Hash;
using store::Outcome;

namespace {

constexpr std::uint32_t protocol_version = 1;

wire::Refusal refusal(wire::Refusal::Reason reason, std::string explanation) {
    wire::Refusal made;
    made.set_reason(reason);
    made.set_explanation(std::move(explanation));
    return made;
}

/// The kiosk as we know it, if it may speak at all.
Answer<catalog::Kiosk> admit(store::Reading const& reading, Identity identity) {
    using Admitted = Result<catalog::Kiosk, wire::Refusal>;
    TRY(auto kiosk, catalog::find_kiosk(reading, identity.kiosk));
    if (!kiosk)
        return Admitted{fail(refusal(
            wire::Refusal::IDENTITY,
            "kiosk " + std::to_string(identity.kiosk) + " is not enrolled here"))};
    if (kiosk->epoch != identity.epoch)
        return Admitted{fail(refusal(
            wire::Refusal::EPOCH,
            "epoch " + std::to_string(identity.epoch) + " is closed; " +
                std::to_string(kiosk->epoch) + " is open: enrol the kiosk anew"))};
    switch (kiosk->state) {
    case catalog::KioskState::Active: return Admitted{std::move(*kiosk)};
    case catalog::KioskState::Quarantined:
        return Admitted{fail(refusal(wire::Refusal::QUARANTINED, kiosk->state_reason))};
    case catalog::KioskState::Retired:
        return Admitted{fail(refusal(wire::Refusal::IDENTITY, "the kiosk is retired"))};
    }
    return Admitted{fail(refusal(wire::Refusal::IDENTITY, "the kiosk's state is unknown"))};
}

std::string txn_of(Identity identity, std::uint64_t sequence) {
    return gateways::transaction_id(identity.kiosk, identity.epoch, sequence).value_or("");
}

/// The disk that speaks is not the one whose records we have: nothing more is taken from either.
Outcome<wire::Refusal> quarantine_fork(
    store::Transaction& transaction, Identity identity, std::uint64_t sequence,
    std::string explanation, UtcTime now) {
    TRY_VOID(catalog::quarantine(transaction, identity.kiosk, explanation, now));
    TRY_VOID(raise(
        transaction,
        Source{identity.kiosk, identity.epoch, sequence, txn_of(identity, sequence)},
        Flag{"fork", explanation},
        now));
    return refusal(wire::Refusal::FORKED, std::move(explanation));
}

protocol::ByteView view_of(std::string const& bytes) {
    return {reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()};
}

std::optional<std::string> malformed(wire::Batch const& batch) {
    auto const size = static_cast<std::uint64_t>(batch.records_size());
    if (batch.records_size() > batch_records_max)
        return "a batch has at most " + std::to_string(batch_records_max) + " records";
    if (size == 0)
        return "a batch without records";
    if (batch.first_sequence() == 0 || batch.first_sequence() > catalog::sequence_max ||
        batch.first_sequence() + size - 1 > catalog::sequence_max)
        return "the sequence is out of range";
    if (!protocol::link::hash_from_wire(batch.head_hash()))
        return "the chain hash is not 32 bytes";
    return std::nullopt;
}

/// One batch on its way into the books.
class Acceptance {
public:
    Acceptance(
        store::Transaction& transaction, Identity identity, catalog::ChainHead const& head,
        wire::Batch const& batch, UtcTime now)
        : transaction_{transaction}, identity_{identity}, head_{head}, batch_{batch}, now_{now} {}

    Answer<wire::Acknowledgement> run();

private:
    using Verdict = Result<wire::Acknowledgement, wire::Refusal>;
    [[nodiscard]] Answer<std::vector<Hash>> check_chain();
    [[nodiscard]] Outcome<void> take(
        std::uint64_t sequence, std::string const& payload, Hash const& hash, Fact const& fact);
    [[nodiscard]] Outcome<wire::Refusal> fork(std::uint64_t sequence, std::string explanation) {
        return quarantine_fork(transaction_, identity_, sequence, std::move(explanation), now_);
    }
    [[nodiscard]] wire::Acknowledgement acknowledgement() const {
        wire::Acknowledgement made;
        made.set_sequence(head_.sequence);
        made.set_hash(protocol::link::to_wire(head_.hash));
        return made;
    }

    store::Transaction& transaction_;
    Identity identity_;
    catalog::ChainHead head_; ///< What we have; grows with each record taken.
    wire::Batch const& batch_;
    UtcTime now_;
};

/// The chain over the batch, from our own hash before it. Every record that we have must come out
/// as we have it, and the last hash must be the kiosk's own.
Answer<std::vector<Hash>> Acceptance::check_chain() {
    using Checked = Result<std::vector<Hash>, wire::Refusal>;
    std::uint64_t const first = batch_.first_sequence();
    RecordKey const before_it{identity_.kiosk, identity_.epoch, first - 1};
    std::optional<Hash> before = head_.hash;
    if (first - 1 != head_.sequence) {
        TRY(before, chain_hash_at(transaction_, before_it));
    }
    if (!before)
        return fail(store::StoreError{
            store::StoreError::Kind::Shape,
            "record " + std::to_string(first - 1) + " of kiosk " + std::to_string(identity_.kiosk) +
                " is gone"});
    std::vector<Hash> hashes;
    Hash hash = *before;
    RecordWalk walk{transaction_, identity_.kiosk, identity_.epoch};
    for (int i = 0; i < batch_.records_size(); ++i) {
        std::uint64_t const sequence = first + static_cast<std::uint64_t>(i);
        auto const payload = view_of(batch_.records(i));
        hash = protocol::link::chain_next(hash, sequence, payload);
        hashes.push_back(hash);
        if (sequence > head_.sequence)
            continue;
        TRY(auto const ours, walk.at(sequence));
        if (!ours || !std::ranges::equal(ours->payload, payload)) {
            TRY(auto forked,
                fork(
                    sequence,
                    "record " + std::to_string(sequence) + " came again with another content"));
            return Checked{fail(std::move(forked))};
        }
    }
    if (hash == protocol::link::hash_from_wire(batch_.head_hash()))
        return Checked{std::move(hashes)};
    std::uint64_t const last = first + hashes.size() - 1;
    if (last <= head_.sequence)
        return Checked{fail(refusal(
            wire::Refusal::PROTOCOL, "the chain hash of the batch is not that of its records"))};
    TRY(auto forked,
        fork(
            last,
            "the chain up to record " + std::to_string(last) +
                " does not continue what this server has"));
    return Checked{fail(std::move(forked))};
}

Outcome<void> Acceptance::take(
    std::uint64_t sequence, std::string const& payload, Hash const& hash, Fact const& fact) {
    assert(sequence == head_.sequence + 1);
    TRY(auto const posting,
        post_fact(
            transaction_,
            Source{identity_.kiosk, identity_.epoch, sequence, txn_of(identity_, sequence)},
            fact,
            now_));
    StoredRecord record;
    record.key = {identity_.kiosk, identity_.epoch, sequence};
    record.received_at = now_;
    if (sequence % anchor_distance == 0)
        record.hash = hash;
    record.payload.assign(payload.begin(), payload.end());
    record.posting = pack_posting(posting);
    RecordSubject subject;
    if (fact.payment)
        subject = {
            fact.payment->provider,
            posting.account.empty() ? fact.payment->account : posting.account};
    TRY_VOID(append_record(transaction_, record, subject));
    head_ = {sequence, hash};
    return {};
}

Answer<wire::Acknowledgement> Acceptance::run() {
    std::uint64_t const first = batch_.first_sequence();
    if (first > head_.sequence + 1)
        return Verdict{acknowledgement()}; // A gap: "from here on, please".
    TRY(auto const hashes, check_chain());
    if (!hashes)
        return Verdict{fail(hashes.error())};
    auto const had = head_.sequence;
    for (int i = 0; i < batch_.records_size(); ++i) {
        std::uint64_t const sequence = first + static_cast<std::uint64_t>(i);
        if (sequence <= head_.sequence)
            continue; // Taken before; the chain has just proved that it is the same.
        auto const fact = read_fact(view_of(batch_.records(i)));
        if (!fact) {
            if (head_.sequence > had || sequence > first)
                break; // What stands before it counts; the batch that begins with it is refused.
            return Verdict{fail(refusal(
                wire::Refusal::PROTOCOL,
                "record " + std::to_string(sequence) + ": " + fact.error()))};
        }
        TRY_VOID(take(sequence, batch_.records(i), (*hashes)[static_cast<std::size_t>(i)], *fact));
    }
    if (head_.sequence > had)
        TRY_VOID(
            catalog::advance_chain(transaction_, identity_.kiosk, identity_.epoch, head_, now_));
    return Verdict{acknowledgement()};
}

} // namespace

Answer<wire::Acknowledgement> Intake::accept(
    store::Transaction& transaction, Identity identity, wire::Batch const& batch, UtcTime now) {
    using Verdict = Result<wire::Acknowledgement, wire::Refusal>;
    TRY(auto const kiosk, admit(transaction, identity));
    if (!kiosk)
        return Verdict{fail(kiosk.error())};
    if (auto const wrong = malformed(batch))
        return Verdict{fail(refusal(wire::Refusal::PROTOCOL, *wrong))};
    return Acceptance{transaction, identity, kiosk->head, batch, now}.run();
}

Answer<wire::Welcome> Intake::welcome(
    store::Transaction& transaction, Identity identity, wire::Hello const& hello, UtcTime now) {
    using Verdict = Result<wire::Welcome, wire::Refusal>;
    if (hello.protocol() != protocol_version)
        return Verdict{fail(refusal(
            wire::Refusal::PROTOCOL,
            "this server speaks version " + std::to_string(protocol_version)))};
    if (hello.kiosk() != identity.kiosk || hello.epoch() != identity.epoch)
        return Verdict{fail(refusal(
            wire::Refusal::IDENTITY,
            "Hello names kiosk " + std::to_string(hello.kiosk()) + " epoch " +
                std::to_string(hello.epoch()) + ", the certificate another"))};
    TRY(auto const kiosk, admit(transaction, identity));
    if (!kiosk)
        return Verdict{fail(kiosk.error())};
    auto const theirs =
        protocol::link::head_hash_from_wire(hello.last_sequence(), hello.head_hash());
    if (!theirs)
        return Verdict{fail(refusal(wire::Refusal::PROTOCOL, "the chain hash is not 32 bytes"))};
    auto const& head = kiosk->head;
    bool const has_lost = hello.last_sequence() < head.sequence;
    bool const differs = hello.last_sequence() == head.sequence && *theirs != head.hash;
    if (has_lost || differs) {
        TRY(auto forked,
            quarantine_fork(
                transaction,
                identity,
                head.sequence,
                has_lost ? "the kiosk has records up to " + std::to_string(hello.last_sequence()) +
                               ", but was acknowledged up to " + std::to_string(head.sequence)
                         : "record " + std::to_string(head.sequence) + " has another hash",
                now));
        return Verdict{fail(std::move(forked))};
    }
    TRY_VOID(transaction.execute(
        "UPDATE kiosk SET heard_at = ? WHERE number = ?", {now, identity.kiosk}));
    wire::Welcome welcome;
    welcome.set_acknowledged_sequence(head.sequence);
    welcome.set_acknowledged_hash(protocol::link::to_wire(head.hash));
    welcome.set_server_time_ms(to_ms(now));
    TRY(auto const version, catalog::catalog_version(transaction));
    // Not only when newer: a kiosk may come from a server that was restored since.
    if (version != hello.catalog_version()) {
        TRY(auto const shown, catalog::catalog_for(transaction, identity.kiosk));
        if (shown)
            *welcome.mutable_catalog() = wire::to_wire(*shown);
    }
    return Verdict{std::move(welcome)};
}

} // namespace fleet::intake
