// Whatever DBF or XLSX somebody sends: it is refused with a complaint, or every cell of it is
// text within bounds. Input: the file.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "fleet-server/tables/sheet.hpp"
#include "protocol/text/utf8.hpp"

namespace {

using namespace fleet::tables;

void require(bool condition) {
    if (!condition)
        std::abort();
}

void require_sound(protocol::Result<Sheet, protocol::Complaint> const& sheet) {
    if (!sheet) {
        require(!sheet.error().place.empty() && !sheet.error().problem.empty());
        return;
    }
    require(sheet->rows.size() <= rows_max + 1);
    for (Row const& row : sheet->rows) {
        require(row.cells.size() <= columns_max);
        for (std::string const& cell : row.cells)
            require(protocol::text::is_utf8(cell));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    protocol::ByteView const content{data, size};
    switch (form_of(content)) {
    case Form::Xlsx: require_sound(read_xlsx(content)); break;
    case Form::Dbf: require_sound(read_dbf(content, std::nullopt)); break;
    case Form::Text: break;
    }
    return 0;
}
