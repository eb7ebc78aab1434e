#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "protocol/base/bytes.hpp"

namespace fleet {

/// A file of tests/fixtures, byte for byte.
inline std::string read_fixture(std::string const& name) {
    std::ifstream file{std::string{KIOSK_SOURCE_DIR} + "/tests/fixtures/" + name, std::ios::binary};
    REQUIRE_MESSAGE(file.good(), name);
    return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

inline protocol::Bytes to_bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

} // namespace fleet
