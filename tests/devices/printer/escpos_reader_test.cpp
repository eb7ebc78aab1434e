#include "devices/printer/escpos_reader.hpp"

#include <doctest/doctest.h>

namespace escpos = devices::printer::escpos;

namespace {

std::vector<escpos::Command> read(std::vector<std::uint8_t> const& bytes) {
    escpos::Reader reader;
    std::vector<escpos::Command> commands;
    for (std::uint8_t const byte : bytes)
        if (auto command = reader.push(byte))
            commands.push_back(std::move(*command));
    return commands;
}

template <class Command>
Command only(std::vector<std::uint8_t> const& bytes) {
    auto const commands = read(bytes);
    REQUIRE(commands.size() == 1);
    REQUIRE(std::holds_alternative<Command>(commands[0]));
    return std::get<Command>(commands[0]);
}

} // namespace

TEST_SUITE("ESC/POS reader") {
    TEST_CASE("commands are read with their parameters") {
        only<escpos::Initialise>({0x1B, 0x40});
        CHECK(only<escpos::SetAlign>({0x1B, 0x61, 0x31}).align == 1);
        CHECK(only<escpos::SetMode>({0x1B, 0x21, 0x38}).bits == 0x38);
        CHECK(only<escpos::SetCodePage>({0x1B, 0x74, 0x11}).page == 17);
        CHECK(only<escpos::SetNarrow>({0x1B, 0xC1, 0x01}).is_on);
        CHECK(only<escpos::FeedLines>({0x1B, 0x64, 0x04}).lines == 4);
        CHECK(only<escpos::AskStatus>({0x10, 0x04, 0x14}).kind == 20);
        only<escpos::Cut>({0x1B, 0x69});
        only<escpos::Cut>({0x1D, 0x56, 0x00});
        only<escpos::Cut>({0x1D, 0x56, 0x42, 0x01});
        CHECK(only<escpos::Present>({0x1D, 0x65, 0x03, 0x0C}).steps == 12);
        only<escpos::Eject>({0x1D, 0x65, 0x05});
        only<escpos::Retract>({0x1D, 0x65, 0x02});
        CHECK(only<escpos::Character>({0x8F}).byte == 0x8F);
        only<escpos::LineFeed>({0x0A});
    }

    TEST_CASE("a raster is read row by row, and a question inside it is dots") {
        auto const commands = read(
            {0x1D,
             0x76,
             0x30,
             0x03,
             0x03,
             0x00,
             0x02,
             0x00, //
             0x10,
             0x04,
             0x14, //
             0xFF,
             0x00,
             0xFF,
             'A'});
        REQUIRE(commands.size() == 4);
        CHECK(
            std::get<escpos::RasterRow>(commands[1]).bits ==
            std::vector<std::uint8_t>{0x10, 0x04, 0x14});
        CHECK(std::get<escpos::RasterRow>(commands[2]).mode == 3);
        CHECK(std::get<escpos::Character>(commands[3]).byte == 'A');
    }

    TEST_CASE("a raster wider than the paper keeps only what falls on it") {
        std::vector<std::uint8_t> bytes{0x1D, 0x76, 0x30, 0x00, 0xFF, 0xFF, 0xFF, 0xFF};
        bytes.resize(bytes.size() + 0xFFFF, 0xAA);
        auto const commands = read(bytes);
        REQUIRE(commands.size() == 2);
        CHECK(std::get<escpos::RasterRow>(commands[1]).bits.size() == 72);
    }

    TEST_CASE("a raster without width claims no bytes") {
        CHECK(read({0x1D, 0x76, 0x30, 0x00, 0x00, 0x00, 0xFF, 0xFF, 'A'}).size() == 2);
    }

    TEST_CASE("an unknown command costs two bytes and what follows is read") {
        auto const commands = read({0x1B, 0x99, 'A', 0x1C, 0x50, 'B'});
        REQUIRE(commands.size() == 4);
        CHECK(std::holds_alternative<escpos::Unknown>(commands[0]));
        CHECK(std::get<escpos::Character>(commands[3]).byte == 'B');
    }
}
