#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"
#include "protocol/money/money.hpp"
#include "protocol/text/charset.hpp"

/// The QR code of a bill: ST0001x, ГОСТ Р 56042-2014 "Двумерные символы штрихового кода для
/// осуществления платежей физических лиц".
///
///   offset  0  1  2  3  4  5   6          7           8 ...
///           S  T  0  0  0  1   encoding   separator   Key=Value {separator Key=Value} [separator]
///
/// encoding: '1' windows-1251, '2' UTF-8, '3' KOI8-R. The separator is whatever stands at offset 7:
/// a bill whose text has '|' in it takes another. Keys are written in every letter case.
namespace protocol::bill_code {

enum class Reason : std::uint8_t {
    NotABillCode,    ///< Does not begin with ST and four digits: some other code was scanned.
    UnknownVersion,  ///< ST, but not 0001.
    UnknownEncoding, ///< A digit other than 1, 2, 3.
    BadSeparator,    ///< A letter, a digit, '=', a blank or no printable ASCII character.
    TooLong,         ///< More than bill_code_bytes_max.
    NotInEncoding,   ///< The bytes are not text in the stated encoding.
    Mangled,         ///< A program on the way has lost letters.
    NotAPair,        ///< A part without '='. `key` is the part, cut to 32 bytes of ASCII.
    BadKey,          ///< A key of anything but Latin letters and digits.
    DuplicateKey,
    MissingField,  ///< Of Name, PersonalAcc, BankName, BIC (not empty) and CorrespAcc.
    SumNotKopecks, ///< Not whole kopecks: "3816.30" may be roubles or an error; nobody guesses.
    SumTooLarge,
};

struct BillCodeError {
    Reason reason;
    std::string key; ///< The field, where one is to blame.
    friend bool operator==(BillCodeError const&, BillCodeError const&) = default;
};

[[nodiscard]] Complaint to_complaint(BillCodeError const& error);

/// What is odd about a bill that can be paid all the same. For the log and the operator.
enum class WarningKind : std::uint8_t {
    BadBic,
    BadAccount, ///< Not 20 digits.
    AccountKeyFails,
    InnChecksumFails,
    UnclearPeriod,
    LongerThanStandard, ///< Real bills overrun the lengths of the standard, above all BankName.
    TextRepaired,       ///< See bill_text.hpp.
};
struct Warning {
    WarningKind kind;
    std::string key; ///< As in the standard; empty for TextRepaired.
    friend bool operator==(Warning const&, Warning const&) = default;
};

struct Field {
    std::string key; ///< As the bill writes it.
    std::string value;
    friend bool operator==(Field const&, Field const&) = default;
};

/// Texts are UTF-8 without control characters, blanks at their ends removed; absent ones are empty.
struct BillCode {
    text::Encoding encoding = text::Encoding::Utf8; ///< As stated.
    char separator = '|';

    std::string payee_name;
    std::string personal_acc; ///< PersonalAcc: the *payee's* bank account.
    std::string bank_name;
    std::string bic;
    std::string corresp_acc; ///< May be "0" or empty.

    std::optional<Money> sum; ///< Roubles. Absent, too, when the bill has "Sum=".
    std::string purpose;
    std::string payee_inn;
    std::string kpp;
    std::string last_name; ///< Of the payer, as are the next four.
    std::string first_name;
    std::string middle_name;
    std::string payer_address;
    std::string pers_acc;       ///< PersAcc: the *resident's* account at the payee, as printed.
    std::string period;         ///< "2009-09"; empty when absent or unclear.
    std::string period_printed; ///< "092009"
    std::string tech_code;      ///< "02" is utilities.
    std::vector<Field> rest;    ///< Everything else, in the order of the bill.

    std::vector<Warning> warnings;
    friend bool operator==(BillCode const&, BillCode const&) = default;
};

/// A QR code holds at most 2953 bytes, and a scanner that takes them for Latin-1 sends two for
/// each.
inline constexpr std::size_t bill_code_bytes_max = std::size_t{2} * 2'953;

/// Line ends after the code, which scanners add, do not count.
[[nodiscard]] Result<BillCode, BillCodeError> parse(ByteView bytes);

/// "Гильман Павел Семенович", as far as the bill knows it.
[[nodiscard]] std::string payer_name(BillCode const& bill);

} // namespace protocol::bill_code
