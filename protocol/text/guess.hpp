#pragma once

#include <cstdint>

#include "protocol/base/bytes.hpp"
#include "protocol/text/charset.hpp"

/// For files that people send without a word about their encoding.
namespace protocol::text {

enum class Confidence : std::uint8_t {
    None,    ///< Not a text of any encoding we know (UTF-16, zero bytes): ask.
    Weak,    ///< Too few letters, or both readings are possible: ask, and propose this.
    Strong,  ///< The letters of this reading are those of Russian, of the other they are not.
    Certain, ///< A byte order mark; UTF-8 that is more than ASCII; nothing but ASCII.
};

struct Guess {
    Encoding encoding = Encoding::Utf8;
    Confidence confidence = Confidence::None;
    friend bool operator==(Guess const&, Guess const&) = default;
};

/// UTF-8 if it is that; else windows-1251 or cp866, by which reading has the letters, and the
/// letter case, of Russian. KOI8-R is never guessed: no accounting program writes it. Looks at the
/// first guess_bytes_max bytes.
[[nodiscard]] Guess guess_encoding(ByteView bytes);

/// More letters than this change no guess.
inline constexpr std::size_t guess_bytes_max = 262'144;

} // namespace protocol::text
