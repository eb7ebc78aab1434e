#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/catalog/catalog.hpp"

/// What the kiosk's link needs of the journal, and what it tells the kiosk. The client itself is in
/// client.hpp.
namespace kiosk::link {

using Hash = std::array<std::uint8_t, 32>;

struct Head {
    std::uint64_t sequence = 0; ///< 0: nothing was ever recorded.
    Hash hash{};
};

/// The durable queue: records that the server must have, in order, never deleted before they are
/// acknowledged and past their retention. Implemented by kiosk/journal.
class Outgoing {
public:
    Outgoing() = default;
    Outgoing(Outgoing const&) = delete;
    Outgoing& operator=(Outgoing const&) = delete;
    virtual ~Outgoing() = default;

    [[nodiscard]] virtual Head head() const = 0;
    [[nodiscard]] virtual Head acknowledged() const = 0;
    /// The chain hash of a record still kept; nullopt when it is not.
    [[nodiscard]] virtual std::optional<Hash> hash_at(std::uint64_t sequence) const = 0;
    /// Payloads of sequence + 1, ... in order; at most so many records and bytes, but one if any.
    [[nodiscard]] virtual std::vector<protocol::Bytes> after(
        std::uint64_t sequence, std::size_t count_max, std::size_t size_max) const = 0;
    /// Durable when it returns. Never moves backwards.
    virtual void acknowledge(std::uint64_t sequence) = 0;
};

enum class AnswerOutcome : std::uint8_t { Found, UnknownAccount, UnknownProvider, Unavailable };
struct AccountAnswer {
    std::uint32_t query = 0;
    AnswerOutcome outcome = AnswerOutcome::Unavailable;
    protocol::catalog::AccountState state;
};

/// Told on the link's executor. Must not block.
class LinkListener {
public:
    LinkListener() = default;
    LinkListener(LinkListener const&) = delete;
    LinkListener& operator=(LinkListener const&) = delete;
    virtual ~LinkListener() = default;

    virtual void on_link(bool is_up) = 0;
    virtual void on_account(AccountAnswer answer) = 0;
    virtual void on_catalog(protocol::catalog::Catalog catalog) = 0;
    virtual void on_acknowledged(std::uint64_t sequence) = 0;
    /// The server will not talk to this kiosk again until a person has acted.
    virtual void on_refused(std::string explanation) = 0;
};

} // namespace kiosk::link
