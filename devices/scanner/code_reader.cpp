#include "devices/scanner/code_reader.hpp"

#include <algorithm>
#include <utility>

namespace devices::scanner {

using protocol::Bytes;
using protocol::ByteView;

namespace {

bool ends_code(std::uint8_t byte) {
    return byte == '\r' || byte == '\n';
}

bool is_letter(std::uint8_t byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

bool is_digit(std::uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

/// "]Q1", "]E0", "]d2".
bool has_aim_identifier(Bytes const& code) {
    return code.size() >= aim_identifier_size && code[0] == ']' && is_letter(code[1]) &&
           (is_digit(code[2]) || is_letter(code[2]));
}

} // namespace

void CodeReader::push(ByteView bytes) {
    unread_.insert(unread_.end(), bytes.begin(), bytes.end());
}

void CodeReader::pause() {
    has_paused_ = true;
}

std::optional<CodeReader::Outcome> CodeReader::next() {
    std::size_t used = 0;
    std::optional<Outcome> outcome;
    while (used < unread_.size() && !outcome) {
        std::uint8_t const byte = unread_[used++];
        if (ends_code(byte))
            outcome = finish();
        else if (code_.size() < code_size_max + aim_identifier_size)
            code_.push_back(byte);
        else
            is_too_long_ = true; // The rest is read and forgotten, up to the code's end.
    }
    unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(used));
    if (!outcome && std::exchange(has_paused_, false))
        outcome = finish();
    return outcome;
}

std::optional<CodeReader::Outcome> CodeReader::finish() {
    Bytes code = std::exchange(code_, {});
    if (has_aim_identifier(code))
        code.erase(code.begin(), code.begin() + aim_identifier_size);
    if (std::exchange(is_too_long_, false) || code.size() > code_size_max)
        return protocol::fail(CodeError::TooLong);
    if (code.empty())
        return std::nullopt;
    return code;
}

} // namespace devices::scanner
