#pragma once

#include "kiosk/payment/events.hpp"
#include "protocol/base/bytes.hpp"
#include "protocol/catalog/catalog.hpp"

/// From the bytes of a scanned code to a bill that can be paid here, or why not.
namespace kiosk::app {

/// BillScanned or ScanFailed. Pure.
[[nodiscard]] payment::Event read_scan(
    protocol::ByteView code, protocol::catalog::Catalog const& catalog);

} // namespace kiosk::app
