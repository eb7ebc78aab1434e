#pragma once

#include <string>
#include <vector>

#include "devices/bill-validator/ccnet_tables.hpp"
#include "tests/devices/bill-validator/dialogue.hpp"

/// Pieces of which the dialogues with a validator are put together.
namespace tests::scenes {

namespace bv = devices::bill_validator;
using bv::Decision;
using protocol::rub;

inline std::vector<bv::BillType> const bills{
    {2, rub(10'00)},
    {3, rub(50'00)},
    {4, rub(100'00)},
    {5, rub(500'00)},
    {6, rub(1000'00)},
    {7, rub(5000'00)},
    {12, rub(200'00)},
    {13, rub(2000'00)},
};
inline std::string const table = tests::to_hex(bv::ccnet::make_bill_table(bills));
inline std::string const identification =
    tests::to_hex(bv::ccnet::make_identification({"SM-RU1353", "21K100012345"}));
inline bv::ValidatorReady const ready{"SM-RU1353", "21K100012345", bills};
inline constexpr auto enable_all = "34 00 30 FC 00 30 FC";
inline constexpr auto disable_all = "34 00 00 00 00 00 00";

inline Dialogue learns() {
    return Dialogue{}
        .asks("37")
        .hears(identification)
        .acknowledges()
        .asks("41")
        .hears(table)
        .tells(ready)
        .acknowledges();
}

inline Dialogue starts() {
    return Dialogue{}
        .polls("19")
        .then(learns())
        .asks("33")
        .hears("19")
        .tells(bv::ValidatorAtRest{})
        .acknowledges();
}

inline Dialogue starts_taking_notes() {
    return starts().wants_notes(true).polls("19").asks(enable_all).hears("00").polls("14");
}

inline Dialogue note_in_escrow(
    char const* status = "80 05", bv::NoteEscrowed note = {5, rub(500'00)}) {
    return Dialogue{}.polls("15").asks("33").hears(status).tells(note).acknowledges();
}

inline Dialogue note_is_stacked(
    char const* escrow, char const* stacked, std::uint8_t type, bv::Money value) {
    return note_in_escrow(escrow, {type, value})
        .decides(Decision::Stack)
        .polls(escrow)
        .asks("35")
        .hears("00")
        .polls("17")
        .asks("33")
        .hears(stacked)
        .tells(bv::NoteStacked{type, value})
        .acknowledges();
}

inline Dialogue comes_to_rest() {
    return Dialogue{}.asks("33").hears("14").tells(bv::ValidatorAtRest{}).acknowledges();
}

} // namespace tests::scenes
