#pragma once

#include <cstdint>
#include <map>

#include "fleet-server/gateways/delivery.hpp"

/// How many requests each provider may have at once, and when one that does not answer is left in
/// peace: a circuit breaker a provider. Pure.
namespace fleet::gateways {

struct LaneLimits {
    /// QIWI asks providers with more than 10 payments a minute to bear 10 to 15 connections.
    std::size_t together = 10;
    std::size_t together_all = 200; ///< Of all providers: sockets and memory.
    /// So many requests in a row without any answer open the breaker.
    std::uint32_t silences = 5;
    std::chrono::milliseconds rest_first{5'000};
    std::chrono::milliseconds rest_longest{300'000};
};

/// Any answer in the protocol is Heard, a refusal too.
enum class Ending : std::uint8_t { Heard, Silent };

class Lanes {
public:
    explicit Lanes(LaneLimits limits) : limits_{limits} {}

    /// How many requests may be started now. After a rest it is one, until that one is heard.
    [[nodiscard]] std::size_t room(std::uint32_t provider, Moment now) const;
    [[nodiscard]] bool is_open(std::uint32_t provider, Moment now) const;
    void started(std::uint32_t provider);
    void finished(std::uint32_t provider, Ending ending, Now now);

private:
    struct Lane {
        std::size_t under_way = 0;
        std::uint32_t silences = 0;
        std::uint32_t rests = 0; ///< In a row: each is longer.
        Moment rest_until;
    };
    LaneLimits limits_;
    std::map<std::uint32_t, Lane> lanes_;
    std::size_t under_way_ = 0;
};

} // namespace fleet::gateways
