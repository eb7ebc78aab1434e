#pragma once

#include "devices/printer/ticket.hpp"
#include "protocol/base/bytes.hpp"

namespace devices::printer {

/// The ticket as a PNG, a pixel a dot: 80 mm of paper, 640 pixels, 576 of them printable. The same
/// ticket gives the same bytes as long as the fonts (PT Mono, else DejaVu Sans Mono) are the same.
[[nodiscard]] protocol::Bytes render_png(Ticket const& ticket);

} // namespace devices::printer
