#include "devices/printer/escpos.hpp"

#include <doctest/doctest.h>

#include <cstdio>

#include "devices/printer/layout.hpp"
#include "devices/printer/qr.hpp"
#include "tests/devices/printer/golden.hpp"
#include "tests/devices/printer/rehearsal.hpp"

using namespace devices::printer;

namespace {

std::string hex(std::span<std::uint8_t const> bytes) {
    std::string text;
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        char digits[4];
        std::snprintf(digits, sizeof digits, "%02X", bytes[index]);
        text += (index == 0 ? "" : " ") + std::string{digits};
    }
    return text;
}

// A portion as a logic analyser shows it, one command a line. Rasters are cut short.
std::string annotated(Job const& job) {
    std::string text;
    for (auto const& portion : job.portions) {
        text += "# portion\n";
        std::size_t begin = 0;
        escpos::Reader reader;
        std::string pending;
        for (std::size_t index = 0; index < portion.size(); ++index) {
            auto const command = reader.push(portion[index]);
            if (!command || std::holds_alternative<escpos::Character>(*command))
                continue;
            auto const bytes = std::span{portion}.subspan(begin, index + 1 - begin);
            bool const is_dots = std::holds_alternative<escpos::RasterRow>(*command);
            if (!is_dots || pending != "dots")
                text += (is_dots ? "dots " : "") + hex(bytes) + "\n";
            pending = is_dots ? "dots" : "";
            begin = index + 1;
        }
    }
    return text;
}

protocol::Bytes whole(Document const& document) {
    protocol::Bytes bytes;
    Job const job = encode(document).value();
    for (auto const& portion : job.portions)
        bytes.insert(bytes.end(), portion.begin(), portion.end());
    return bytes;
}

constexpr auto begin_of_job = "1B 40 1B 3D 01 1B 52 00 1B 74 11 1B C1 01 1B 32 ";
constexpr auto end_of_job = " 1B 64 04";

} // namespace

TEST_SUITE("ESC/POS encoder") {
    TEST_CASE("a line of text is settings, CP866, line feed") {
        CHECK(
            hex(whole({{TextLine{.text = "Привет"}}})) ==
            std::string{begin_of_job} + "8F E0 A8 A2 A5 E2 0A" + end_of_job);
    }

    TEST_CASE("alignment, bold and double size are told when they change, and only then") {
        CHECK(
            hex(whole(
                {{TextLine{.text = "A", .align = Align::Centre, .weight = Weight::Bold},
                  TextLine{.text = "B", .align = Align::Centre, .weight = Weight::Bold},
                  TextLine{.text = "C", .align = Align::Right, .size = Size::Double},
                  TextLine{.text = "D"}}})) ==
            std::string{begin_of_job} +
                "1B 61 01 1B 21 08 41 0A 42 0A 1B 61 02 1B 21 30 43 0A 1B 61 00 1B 21 00 44 0A" +
                end_of_job);
    }

    TEST_CASE("the receipt has the bytes of the golden file") {
        std::string const bytes = annotated(encode(tests::receipt()).value());
        CHECK(bytes == tests::golden("receipt.escpos.txt", bytes));
    }

    TEST_CASE("portions are whole commands and never longer than the limit") {
        auto const job = encode(tests::receipt()).value();
        CHECK(job.portions.size() > 3);
        for (auto const& portion : job.portions) {
            CHECK(portion.size() <= portion_size_max);
            escpos::Reader reader;
            std::optional<escpos::Command> last;
            for (std::uint8_t const byte : portion)
                last = reader.push(byte);
            CHECK(last.has_value());
        }
    }

    TEST_CASE("the bands of a raster together are the raster") {
        std::string const payload(100, 'q');
        protocol::Bytes const bytes{payload.begin(), payload.end()};
        auto const raster = qr_raster(bytes).value();
        escpos::Reader reader;
        std::vector<std::uint8_t> bits;
        for (std::uint8_t const byte : whole({{QrBlock{bytes}}})) {
            auto const command = reader.push(byte);
            if (!command)
                continue;
            if (auto const* row = std::get_if<escpos::RasterRow>(&*command)) {
                CHECK(row->mode == 3);
                bits.insert(bits.end(), row->bits.begin(), row->bits.end());
            }
        }
        CHECK(bits == raster.bits);
    }

    TEST_CASE("a QR code is at least 25 mm wide and fits the paper with its quiet zone") {
        for (std::size_t size : {1U, 40U, 100U, 300U, 500U, 700U, 1000U}) {
            CAPTURE(size);
            auto const raster = qr_raster(protocol::Bytes(size, 0xC0));
            REQUIRE(raster);
            std::size_t left = paper_dots;
            std::size_t right = 0;
            for (std::size_t dot = 0; dot < raster->width_bytes * 8 * raster->rows; ++dot)
                if ((raster->bits[dot / 8] & 0x80U >> dot % 8) != 0) {
                    left = std::min(left, dot % (raster->width_bytes * 8));
                    right = std::max(right, dot % (raster->width_bytes * 8) + 1);
                }
            CHECK((right - left) * 2 >= 200); // Doubled dots, 8 a millimetre.
            CHECK(right * 2 <= paper_dots);
            CHECK(left * 2 + right * 2 >= paper_dots - 4);
            CHECK(left * 2 + right * 2 <= paper_dots + 4);
        }
    }

    TEST_CASE("what cannot be printed is refused by name") {
        CHECK(
            encode({{QrBlock{protocol::Bytes(qr_payload_size_max + 1, 1)}}}).error() ==
            EncodeError::QrTooLarge);
        CHECK(encode({{QrBlock{}}}).error() == EncodeError::QrTooLarge);
        CHECK(
            encode({std::vector<Block>(document_lines_max + 1, RuleLine{})}).error() ==
            EncodeError::TooLong);
        CHECK(encode({std::vector<Block>(9, QrBlock{{1}})}).error() == EncodeError::TooLong);
        CHECK(encode({std::vector<Block>(document_lines_max, RuleLine{})}).has_value());
    }
}
