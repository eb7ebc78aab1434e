// Whatever a provider answers: reading ends, never takes the answer to another question, and what
// was read is what our own writer would say.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fleet-server/gateways/osmp/reply.hpp"

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace fleet::gateways::osmp;
    std::string_view const body{reinterpret_cast<char const*>(data), size};
    constexpr std::string_view txn_id = "1234567";
    auto const sum = protocol::rub(20'000);

    auto const reply = decode_reply(body, txn_id, sum);
    if (!reply)
        return 0;
    require(reply->txn_id.find(txn_id) != std::string::npos);
    if (outcome_of(reply->result) == Outcome::FinalOk)
        require(!reply->sum || *reply->sum == sum);
    auto const again = decode_reply(encode(*reply), txn_id, sum);
    require(again.has_value());
    require(*again == *reply);
    return 0;
}
