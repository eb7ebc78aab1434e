#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"

/// The encodings in which Russian text reaches us and leaves us. The tables are our own: neither
/// the locale nor what libc has installed changes what a bill says.
namespace protocol::text {

enum class Encoding : std::uint8_t { Utf8, Windows1251, Koi8R, Cp866 };

enum class TextError : std::uint8_t {
    NotUtf8,       ///< Bytes that are not UTF-8 where UTF-8 was promised.
    UndefinedByte, ///< 0x98 in windows-1251: the only byte without a meaning in our code pages.
    NotEncodable,  ///< A character that the code page lacks.
};

/// "utf-8", "windows-1251", "koi8-r", "cp866".
[[nodiscard]] std::string_view name(Encoding encoding);

/// To UTF-8. Strict: one byte without a meaning and there is no text. A byte order mark at the
/// start of UTF-8 is dropped.
[[nodiscard]] Result<std::string, TextError> decode(Encoding encoding, ByteView bytes);

/// From UTF-8, exactly: decode gives the text back.
[[nodiscard]] Result<Bytes, TextError> encode(Encoding encoding, std::string_view utf8);

/// From UTF-8 for paper and other places where a text must come out. A character that the code
/// page lacks becomes its look-alike: « and “ a ", — a -, … three points,
/// № "No", ₽ "руб.", a no-break space a plain one; else '?'.
/// Bytes that are not UTF-8 become '?' one by one, and so do control characters other than line
/// ends and tabs: a printer would obey an ESC in somebody's name. A no-break space is made plain
/// even where the code page has one: printers print 0xFF as they like.
[[nodiscard]] Bytes encode_lossy(Encoding encoding, std::string_view utf8);

} // namespace protocol::text
