#pragma once

#include <optional>

#include "kiosk/payment/entries.hpp"
#include "protocol/base/bytes.hpp"
#include "protocol/money/money.hpp"

/// The facts that the fleet server must know, as they travel: serialized protocol.wire.Record.
namespace kiosk::journal {

struct Record {
    protocol::Bytes payload; ///< The same bytes for life: both ends chain them.
    protocol::Money cash = protocol::rub(0);
};

/// nullopt: the entry is the kiosk's own affair.
[[nodiscard]] std::optional<Record> record_of(payment::Entry const& entry, payment::WallTime at);

} // namespace kiosk::journal
