#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// What both ends of the link hold each other to.
namespace protocol::link {

using TimePoint = std::chrono::steady_clock::time_point;

inline constexpr std::uint32_t protocol_version = 1;

// One batch is one transaction at the server: long enough to be worth its fsync, short enough not
// to hold up the others. With at most four bytes in front of each record it fits one frame.
inline constexpr std::size_t batch_records_max = 1000;
inline constexpr std::size_t batch_size_max = 250'000;
/// A payment is below 300 bytes.
inline constexpr std::size_t record_size_max = 65'536;
inline constexpr std::size_t software_size_max = 100;
inline constexpr std::size_t account_size_max = 128;

} // namespace protocol::link
