#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "devices/printer/printer.hpp"
#include "protocol/base/bytes.hpp"

/// The full status of Custom printers (VKP80II, TG2480, KPM), and the flow control mixed into it.
namespace devices::printer {

//  reply to DLE EOT 20 (10 04 14)
//  offset  0    1    2       3      4             5
//          10   0F   paper   user   recoverable   unrecoverable
inline constexpr std::size_t status_size = 6;

struct Status {
    // 2, paper
    bool no_paper = false;          ///< 01
    bool paper_near_end = false;    ///< 04
    bool ticket_in_output = false;  ///< 20
    bool virtual_paper_end = false; ///< 40: a length counter, not a sensor
    // 3, user
    bool head_up = false;       ///< 01
    bool cover_open = false;    ///< 02
    bool motor_on = false;      ///< 08: printing or presenting
    bool line_feed_key = false; ///< 20
    bool form_feed_key = false; ///< 40
    // 4, recoverable
    bool head_temperature = false;       ///< 01
    bool communication_error = false;    ///< 02
    bool communication_error_tg = false; ///< 04
    bool power_voltage = false;          ///< 08
    bool not_acknowledged = false;       ///< 20
    bool paper_jam = false;              ///< 40
    bool notch_search = false;           ///< 80
    // 5, unrecoverable
    bool cutter = false; ///< 01
    bool ram = false;    ///< 04
    bool eeprom = false; ///< 08
    bool flash = false;  ///< 40

    friend bool operator==(Status const&, Status const&) = default;
};

/// Bits without a name are ignored: firmwares differ in them.
[[nodiscard]] Status decode_status(std::array<std::uint8_t, status_size> const& reply);
[[nodiscard]] std::array<std::uint8_t, status_size> encode_status(Status const& status);

/// What keeps the printer from printing. Keys, counters and the communication errors of the past
/// do not.
[[nodiscard]] std::vector<Fault> faults_of(Status const& status);
[[nodiscard]] Health health_of(Status const& status);

enum class Flow : std::uint8_t { Running, Stopped };

/// Takes what the printer sends, in any portions: status replies between XON and XOFF bytes and
/// noise. Bits 0 and 4 never meet in a status byte, so 11 and 13 are flow control wherever they
/// stand.
class StatusReader {
public:
    void push(protocol::ByteView bytes);
    /// The oldest status that was not taken yet.
    [[nodiscard]] std::optional<Status> next();
    /// Forgets statuses and their beginnings: they answered an earlier question. Not the flow.
    void forget();
    [[nodiscard]] Flow flow() const { return flow_; }

private:
    void take(std::uint8_t byte);

    std::array<std::uint8_t, status_size> reply_{};
    std::size_t filled_{0};
    std::optional<Status> status_;
    Flow flow_{Flow::Running};
};

} // namespace devices::printer
