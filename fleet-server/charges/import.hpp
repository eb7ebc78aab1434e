#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/charges/charge_file.hpp"
#include "fleet-server/store/reading.hpp"

/// Takes a provider's charge register into the books, whole or not at all.
namespace fleet::charges {

/// What came of it, for the operator's screen and the archive.
struct Report {
    std::int64_t import = 0; ///< Number of the import; the old one when nothing changed.
    bool was_known = false;  ///< The same bytes were imported before: nothing changed.
    FileKind kind = FileKind::Invoices;
    Encoding encoding = Encoding::Utf8;
    bool encoding_was_given = false;
    std::size_t rows = 0;
    std::size_t accounts = 0;
    protocol::Money sum = protocol::rub(0);     ///< To pay, or of the lines.
    protocol::Money charged = protocol::rub(0); ///< Invoices only.
    std::vector<Doubt> doubts;                  ///< Applied as written, but a person should look.
    std::string sha256;
};

/// One bad row refuses the file: a register applied in part shows some residents a wrong debt and
/// nobody which. Complaints name line, column and cure, at most `complaints_max` of them.
[[nodiscard]] store::Outcome<protocol::Result<Report, std::vector<protocol::Complaint>>>
import_charges(
    store::Transaction& transaction, std::uint32_t provider, std::string_view file_name,
    protocol::ByteView content, std::optional<Encoding> encoding, UtcTime now);

/// Imports of a provider, newest first, with their reports' figures (doubts as well).
[[nodiscard]] store::Outcome<std::vector<Report>> imports_of(
    store::Reading const& reading, std::uint32_t provider, std::size_t count_max);

} // namespace fleet::charges
