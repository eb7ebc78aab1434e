#pragma once

#include <cstdint>
#include <string>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"
#include "protocol/text/charset.hpp"

namespace protocol::bill_code {

enum class BillTextError : std::uint8_t {
    NotInEncoding, ///< A byte has no meaning in the encoding that the code states.
    Mangled,       ///< A program on the way has lost letters (U+FFFD is in the text).
};

struct BillText {
    std::string utf8;
    bool repaired = false; ///< It was not as the code states, and could be put right.
};

/// The text of a bill in the encoding that its code states, or as it comes from scanners that
/// "help": a scanner in keyboard mode takes windows-1251 for Latin-1 and sends it on as UTF-8
/// ("Þíèñåðâèñ" for "Юнисервис"), another one states windows-1251 and sends UTF-8. Both are put
/// right. This guesses nothing: Russian in a single-byte encoding is not valid UTF-8 (it would have
/// to put a sign that is no letter after every letter), so bytes that are valid UTF-8 were UTF-8.
[[nodiscard]] Result<BillText, BillTextError> read_bill_text(text::Encoding stated, ByteView bytes);

} // namespace protocol::bill_code
