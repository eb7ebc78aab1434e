// Any bytes from a printer: every byte is consumed, and what decodes encodes again.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "devices/printer/status.hpp"

using namespace devices::printer;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::span const bytes{data, size};
    StatusReader whole;
    whole.push(bytes);

    StatusReader bytewise;
    std::size_t statuses = 0;
    std::optional<Status> first;
    for (std::uint8_t const& byte : bytes) {
        bytewise.push({&byte, 1});
        if (auto const status = bytewise.next()) {
            ++statuses;
            if (!first)
                first = status;
            assert(decode_status(encode_status(*status)) == *status);
            Health const health = health_of(*status);
            assert(health.ready == health.faults.empty());
        }
    }
    assert(statuses <= size / status_size);
    assert(whole.flow() == bytewise.flow());
    assert(whole.next() == first);
    assert(!whole.next());
    return 0;
}
