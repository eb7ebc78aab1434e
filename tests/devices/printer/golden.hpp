#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace tests {

/// What the golden file beside this test holds. KIOSK_UPDATE_GOLDEN=1 writes it first.
inline std::string golden(std::string const& name, std::string const& actual) {
    std::string const path =
        std::string{KIOSK_SOURCE_DIR} + "/tests/devices/printer/golden/" + name;
    if (std::getenv("KIOSK_UPDATE_GOLDEN") != nullptr)
        std::ofstream{path, std::ios::binary} << actual;
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace tests
