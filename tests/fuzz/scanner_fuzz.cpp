// Whatever a scanner sends: the reader ends, no code is empty, too long or holds its suffix, and it
// does not matter how the bytes were cut into portions.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "devices/scanner/code_reader.hpp"

namespace {

namespace scanner = devices::scanner;

void require(bool condition) {
    if (!condition)
        std::abort();
}

void drain(scanner::CodeReader& reader, std::vector<scanner::CodeReader::Outcome>& codes) {
    while (auto code = reader.next()) {
        if (*code) {
            require(!(*code)->empty() && (*code)->size() <= scanner::code_size_max);
            require(std::ranges::find(**code, '\r') == (*code)->end());
            require(std::ranges::find(**code, '\n') == (*code)->end());
        }
        codes.push_back(std::move(*code));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    protocol::ByteView const bytes{data, size};

    scanner::CodeReader whole;
    std::vector<scanner::CodeReader::Outcome> codes;
    whole.push(bytes);
    drain(whole, codes);
    whole.pause();
    drain(whole, codes);
    require(!whole.is_inside_code());
    require(codes.size() <= size);

    scanner::CodeReader piecewise;
    std::vector<scanner::CodeReader::Outcome> same;
    for (std::uint8_t const byte : bytes) {
        piecewise.push({&byte, 1});
        drain(piecewise, same);
    }
    piecewise.pause();
    drain(piecewise, same);
    require(codes == same);
    return 0;
}
