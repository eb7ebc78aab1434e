#pragma once

#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace golden {

struct DrawnReceipt {
    std::string file; ///< "receipt.ru.png"
    protocol::Bytes png;
};

/// The receipts of docs/screens, in Russian and English: composed by the kiosk, sent as the true
/// bytes to the simulated printer, and photographed as its paper. Empty when the printer did not
/// print one of them.
[[nodiscard]] std::vector<DrawnReceipt> draw_receipts();

/// Width, height and one number a pixel of a PNG; empty when the file is none.
[[nodiscard]] std::vector<std::uint32_t> pixels_of(protocol::Bytes const& png);
[[nodiscard]] protocol::Bytes read_file(std::string const& path);

} // namespace golden
