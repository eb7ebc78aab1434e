#include "devices/printer/escpos.hpp"

#include <algorithm>
#include <cassert>
#include <initializer_list>
#include <span>
#include <variant>

#include "devices/printer/layout.hpp"
#include "devices/printer/qr.hpp"

namespace devices::printer {

namespace {

//  1B 3D 01   ESC =    this printer listens
//  1B 52 00   ESC R    international characters: USA
//  1B 74 11   ESC t    code page 17: CP866
//  1B C1 01   Custom   narrow fonts: font A is 15 characters an inch
//  1B 32      ESC 2    lines of 1/6 inch
constexpr std::array<std::uint8_t, 14> settings{
    0x1B, 0x3D, 0x01, 0x1B, 0x52, 0x00, 0x1B, 0x74, 0x11, 0x1B, 0xC1, 0x01, 0x1B, 0x32};

//  1B 64 n    ESC d    the cutter is 12 mm behind the head: 4 lines of 4.2 mm
constexpr std::array<std::uint8_t, 3> feed_to_cutter{0x1B, 0x64, 0x04};

constexpr std::uint8_t line_feed = 0x0A;
constexpr std::uint8_t mode_bold = 0x08;
constexpr std::uint8_t mode_double = 0x10 | 0x20; // Height and width.
constexpr std::uint8_t raster_doubled = 0x03;     // GS v 0, m = 3: both ways.
constexpr std::size_t raster_header_size = 8;
constexpr std::size_t rasters_max = 8; // Half a metre of QR codes is a mistake.

/// Collects commands; a portion is closed before a command that does not fit.
class Writer {
public:
    void command(std::span<std::uint8_t const> bytes) {
        assert(bytes.size() <= portion_size_max);
        if (job_.portions.empty() || job_.portions.back().size() + bytes.size() > portion_size_max)
            job_.portions.emplace_back();
        job_.portions.back().insert(job_.portions.back().end(), bytes.begin(), bytes.end());
    }
    void command(std::initializer_list<std::uint8_t> bytes) {
        command(std::span{bytes.begin(), bytes.size()});
    }

    void row(Row const& row) {
        auto const mode = static_cast<std::uint8_t>(
            (row.weight == Weight::Bold ? mode_bold : 0) |
            (row.size == Size::Double ? mode_double : 0));
        set_align(row.align);
        set_mode(mode);
        protocol::Bytes text{row.text.begin(), row.text.end()};
        text.push_back(line_feed);
        command(text);
        ++rows_;
    }

    // A tall raster goes as a stack of low ones: they meet without a gap, and the printer can be
    // asked between them.
    void raster(Raster const& raster) {
        set_align(Align::Left); // The raster has its margin inside.
        ++rasters_;
        std::size_t const rows_max = (portion_size_max - raster_header_size) / raster.width_bytes;
        for (std::size_t first = 0; first < raster.rows; first += rows_max) {
            std::size_t const rows = std::min(rows_max, raster.rows - first);
            //  1D 76 30 m xL xH yL yH d...
            protocol::Bytes band{
                0x1D,
                0x76,
                0x30,
                raster_doubled,
                static_cast<std::uint8_t>(raster.width_bytes),
                static_cast<std::uint8_t>(raster.width_bytes >> 8U),
                static_cast<std::uint8_t>(rows),
                static_cast<std::uint8_t>(rows >> 8U)};
            auto const bits = std::span{raster.bits}.subspan(
                first * raster.width_bytes, rows * raster.width_bytes);
            band.insert(band.end(), bits.begin(), bits.end());
            command(band);
        }
    }

    [[nodiscard]] std::size_t row_count() const { return rows_; }
    [[nodiscard]] std::size_t raster_count() const { return rasters_; }
    [[nodiscard]] Job take() { return std::move(job_); }

private:
    void set_align(Align align) {
        if (align_ == align)
            return;
        align_ = align;
        command({0x1B, 0x61, static_cast<std::uint8_t>(align)}); // ESC a: 0 left, 1 centre, 2 right
    }
    void set_mode(std::uint8_t mode) {
        if (mode_ == mode)
            return;
        mode_ = mode;
        command({0x1B, 0x21, mode}); // ESC !
    }

    Job job_;
    Align align_{Align::Left};
    std::uint8_t mode_{0};
    std::size_t rows_{0};
    std::size_t rasters_{0};
};

/// What one block adds; the overloads are the whole list, so that a new block cannot be forgotten.
struct Put {
    Writer& writer;

    protocol::Result<void, EncodeError> operator()(QrBlock const& block) const {
        auto const raster = qr_raster(block.payload);
        if (!raster)
            return protocol::fail(EncodeError::QrTooLarge);
        if (writer.raster_count() == rasters_max)
            return protocol::fail(EncodeError::TooLong);
        writer.raster(*raster);
        return {};
    }
    protocol::Result<void, EncodeError> operator()(TextLine const& line) const {
        return put(rows_of(line));
    }
    protocol::Result<void, EncodeError> operator()(PairLine const& line) const {
        return put(rows_of(line));
    }
    protocol::Result<void, EncodeError> operator()(RuleLine const& line) const {
        return put(rows_of(line));
    }

private:
    [[nodiscard]] protocol::Result<void, EncodeError> put(std::vector<Row> const& rows) const {
        if (writer.row_count() + rows.size() > document_lines_max)
            return protocol::fail(EncodeError::TooLong);
        for (Row const& row : rows)
            writer.row(row);
        return {};
    }
};

} // namespace

protocol::Result<Job, EncodeError> encode(Document const& document) {
    Writer writer;
    writer.command(initialise);
    writer.command(settings);
    for (Block const& block : document.blocks)
        TRY_VOID(std::visit(Put{writer}, block));
    writer.command(feed_to_cutter);
    return writer.take();
}

} // namespace devices::printer
