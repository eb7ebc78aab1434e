#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What a receipt printer can be asked, whatever protocol it speaks.
namespace devices::printer {

enum class Align : std::uint8_t { Left, Centre, Right };
enum class Weight : std::uint8_t { Normal, Bold };
enum class Size : std::uint8_t { Normal, Double }; ///< Double height and width.

/// UTF-8; what the code page lacks is replaced by a look-alike ("руб." for the rouble sign is the
/// composer's business, not the printer's). Longer than the paper is wide: the printer wraps it.
struct TextLine {
    std::string text;
    Align align = Align::Left;
    Weight weight = Weight::Normal;
    Size size = Size::Normal;
    friend bool operator==(TextLine const&, TextLine const&) = default;
};
/// Name at the left, value at the right of one line, dots or spaces between.
struct PairLine {
    std::string name;
    std::string value;
    Weight weight = Weight::Normal;
    friend bool operator==(PairLine const&, PairLine const&) = default;
};
struct RuleLine {
    friend bool operator==(RuleLine const&, RuleLine const&) = default;
};
/// Printed as a raster, so that printers without QR commands can do it.
struct QrBlock {
    std::vector<std::uint8_t> payload;
    friend bool operator==(QrBlock const&, QrBlock const&) = default;
};
using Block = std::variant<TextLine, PairLine, RuleLine, QrBlock>;

/// One piece of paper, from top to cut.
struct Document {
    std::vector<Block> blocks;
    friend bool operator==(Document const&, Document const&) = default;
};

enum class Fault : std::uint8_t {
    LineLost,
    NoPaper,
    CoverOpen,
    PaperJam,
    Cutter,
    HeadTemperature,
    Electronics,
};

struct Health {
    bool ready = false;
    bool paper_near_end = false;
    bool ticket_in_presenter = false;
    std::vector<Fault> faults;
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
    std::vector<Fault> faults; ///< Why, when NotPrinted or Unknown.
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
