#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/ledger/ledger.hpp"
#include "fleet-server/store/reading.hpp"
#include "protocol/base/bytes.hpp"
#include "protocol/money/money.hpp"

/// Daily registers for providers: which payments, how much, and a hash over it. The day is cut by
/// ledger sequence, not by a clock, so every payment is in exactly one register however late it
/// arrived. A register never changes; what must be told anew is a new version.
namespace fleet::registers {

using protocol::Money;

struct Register {
    std::uint32_t provider = 0;
    std::string day; ///< ISO: "2010-02-05".
    std::uint32_t version = 1;
    ledger::Sequence from = 0; ///< Entries from + 1 .. to.
    ledger::Sequence to = 0;
    std::size_t rows = 0;
    Money accepted = protocol::rub(0); ///< = withheld + payable.
    Money withheld = protocol::rub(0);
    Money payable = protocol::rub(0);
    std::string rows_sha256; ///< Of the rows as bytes, without the control line.
    std::string file_name;   ///< "register-7729524407-1-2010-02-05-v1.csv"
    protocol::Bytes content; ///< windows-1251, `;`, CRLF, a control line at the end.
    UtcTime written_at;
};

enum class RegisterError : std::uint8_t {
    UnknownProvider,
    DayMalformed,  ///< Not an ISO date.
    DayBeforeLast, ///< A later day is written already; its cut holds those payments.
    NothingToReissue,
};
[[nodiscard]] std::string_view name(RegisterError error);

/// Rows are what the ledger's entries of payments and refusals did to `payable` and `fee.internal`
/// of the provider; a refusal takes back what an earlier row gave.
///
/// Writes the day's register with everything up to the ledger's head; a day that was written gives
/// the same bytes again and nothing changes. Times in rows are UTC + `zone`.
[[nodiscard]] store::Outcome<protocol::Result<Register, RegisterError>> write_register(
    store::Transaction& transaction, std::uint32_t provider, std::string_view day,
    std::chrono::minutes zone, UtcTime now);
/// The same cut as a new version, for requisites or a format that changed.
[[nodiscard]] store::Outcome<protocol::Result<Register, RegisterError>> reissue_register(
    store::Transaction& transaction, std::uint32_t provider, std::string_view day,
    std::string_view reason, std::chrono::minutes zone, UtcTime now);

/// Newest first, without contents.
[[nodiscard]] store::Outcome<std::vector<Register>> registers_of(
    store::Reading const& reading, std::uint32_t provider);
[[nodiscard]] store::Outcome<std::optional<Register>> find_register(
    store::Reading const& reading, std::uint32_t provider, std::string_view day,
    std::optional<std::uint32_t> version);

/// Puts the file into the folder by a temporary name, fsync, rename and fsync of the folder; a file
/// that is there already with the same bytes is left alone, with other bytes is an error.
[[nodiscard]] protocol::Result<std::filesystem::path, std::string> save_register(
    std::filesystem::path const& folder, Register const& written);

} // namespace fleet::registers
