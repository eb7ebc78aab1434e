#include <algorithm>
#include <array>

#include "fleet-server/tables/sheet.hpp"

namespace fleet::tables {

namespace {

constexpr std::array<std::uint8_t, 4> zip = {'P', 'K', 3, 4};

/// dBase III, FoxPro and dBase IV; a date that can be, and a header of whole fields.
bool is_dbf(protocol::ByteView content) {
    constexpr std::array<std::uint8_t, 6> versions = {0x03, 0x30, 0x83, 0x8B, 0xF5, 0x04};
    if (content.size() < 65 ||
        std::find(versions.begin(), versions.end(), content[0]) == versions.end())
        return false;
    std::size_t const header = content[8] | static_cast<std::size_t>(content[9]) << 8U;
    return content[2] <= 12 && content[3] <= 31 && header >= 65 && header <= content.size();
}

} // namespace

Form form_of(protocol::ByteView content) {
    if (content.size() > zip.size() && std::equal(zip.begin(), zip.end(), content.begin()))
        return Form::Xlsx;
    return is_dbf(content) ? Form::Dbf : Form::Text;
}

std::string_view name(Form form) {
    switch (form) {
    case Form::Text: return "text";
    case Form::Dbf: return "DBF";
    case Form::Xlsx: return "XLSX";
    }
    return "?";
}

} // namespace fleet::tables
