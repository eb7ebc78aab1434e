#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <vector>

#include "devices/printer/document.hpp"

/// What a receipt printer can be asked, whatever protocol it speaks.
namespace devices::printer {

enum class Fault : std::uint8_t {
    LineLost,
    NoPaper,
    CoverOpen,
    PaperJam,
    Cutter,
    HeadTemperature,
    Electronics,
    Document, ///< The document itself cannot be printed: too long, or too much in its QR.
};

struct Health {
    bool ready = false;
    bool paper_near_end = false;
    bool ticket_in_presenter = false;
    std::vector<Fault> faults{};
    friend bool operator==(Health const&, Health const&) = default;
};

enum class Outcome : std::uint8_t {
    Presented,  ///< Printed, cut, at the mouth.
    Taken,      ///< And the customer has taken it.
    NotPrinted, ///< Nothing came out: it may be printed elsewhere or later.
    Unknown,    ///< The line was lost after printing began: a reprint is a COPY.
};

struct PrintResult {
    Outcome outcome;
    std::vector<Fault> faults{}; ///< Why, when NotPrinted or Unknown.
};

/// An implementation must not print anything on its own account.
class Printer {
public:
    Printer() = default;
    Printer(Printer const&) = delete;
    Printer& operator=(Printer const&) = delete;
    virtual ~Printer() = default;

    [[nodiscard]] virtual boost::asio::awaitable<PrintResult> print(Document document) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Health> health() = 0;
    /// Pulls a forgotten ticket back (or pushes it out where there is no bin).
    [[nodiscard]] virtual boost::asio::awaitable<void> clear_presenter() = 0;
};

} // namespace devices::printer
