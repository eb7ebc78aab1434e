#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kiosk/journal/error.hpp"
#include "kiosk/link/link.hpp"
#include "kiosk/payment/recovery.hpp"

/// The kiosk's memory of money: append-only, chained, durable when a call returns.
namespace kiosk::journal {

/// Whose journal it is. A journal is never continued by another kiosk or under another epoch: the
/// server knows a payment by (kiosk, epoch, sequence).
struct Identity {
    std::uint32_t kiosk = 0;
    std::uint32_t epoch = 0;
};

struct Appended {
    std::uint64_t number = 0;   ///< Of the entry.
    std::uint64_t sequence = 0; ///< Of the record that it carries for the server; 0: none.
};

/// A SQLite file, WAL, synchronous=FULL, locked for this process alone. After a write that failed
/// nothing more is written until it is opened again: what is on the disk is then read, not guessed.
/// Synchronous and slow on purpose; one thread at a time.
class Journal final : public link::Outgoing {
public:
    /// Opens or creates it. Both chains are checked: all of them after an unclean stop, else the
    /// last `tail_checked` entries.
    static JournalResult<std::unique_ptr<Journal>> open(std::string const& path, Identity identity);
    Journal(Journal const&) = delete;
    Journal& operator=(Journal const&) = delete;
    ~Journal() override; ///< A clean stop, unless a write has failed.

    /// Durable when it returns. An entry that the server must know of gets its record, and the
    /// record its sequence, in the same transaction.
    [[nodiscard]] JournalResult<Appended> append(payment::Entry const& entry, payment::WallTime at);

    /// What the entries add up to: where a start goes on.
    [[nodiscard]] JournalResult<payment::Folded> fold() const;

    /// Both chains and the file, from the first entry on.
    [[nodiscard]] JournalResult<void> verify() const;

    /// Notes in the stacker, as far as the journal knows.
    [[nodiscard]] payment::NoteCounts const& stacker() const;
    [[nodiscard]] payment::OfflineUse unacknowledged() const;
    [[nodiscard]] std::uint64_t entries() const;
    [[nodiscard]] bool stopped() const;
    [[nodiscard]] Identity identity() const;

    // link::Outgoing. After a failure these answer as if nothing were left to send.
    [[nodiscard]] link::Head head() const override;
    [[nodiscard]] link::Head acknowledged() const override;
    [[nodiscard]] std::optional<link::Hash> hash_at(std::uint64_t sequence) const override;
    [[nodiscard]] std::vector<protocol::Bytes> after(
        std::uint64_t sequence, std::size_t count_max, std::size_t size_max) const override;
    void acknowledge(std::uint64_t sequence) override;

private:
    class Store;
    explicit Journal(std::unique_ptr<Store> store);
    std::unique_ptr<Store> store_;
};

/// Entries whose chain is checked even after a clean stop: a week of a busy kiosk.
inline constexpr std::uint64_t tail_checked = 10'000;
/// An entry is some texts of a bill, each at most 512 bytes on the wire.
inline constexpr std::size_t entry_size_max = 64UL * 1024;

} // namespace kiosk::journal
