#include "protocol/bill-code/bill_code.hpp"

#include <algorithm>
#include <array>

#include "protocol/bill-code/bill_text.hpp"
#include "protocol/bill-code/period.hpp"
#include "protocol/bill-code/requisites.hpp"
#include "protocol/text/utf8.hpp"

namespace protocol::bill_code {
namespace {

constexpr std::string_view byte_order_mark = "\uFEFF";
constexpr std::size_t encoding_place = 6;
constexpr std::size_t separator_place = 7;
constexpr std::size_t service_block_size = 8;
constexpr std::size_t blamed_part_size_max = 32;

bool is_digit(char symbol) {
    return symbol >= '0' && symbol <= '9';
}

char to_lower(char symbol) {
    return symbol >= 'A' && symbol <= 'Z' ? static_cast<char>(symbol + ('a' - 'A')) : symbol;
}

bool is_key_symbol(char symbol) {
    char const lower = to_lower(symbol);
    return (lower >= 'a' && lower <= 'z') || is_digit(symbol);
}

bool same_key(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return to_lower(a) == to_lower(b);
    });
}

BillCodeError error(Reason reason, std::string_view key = {}) {
    return BillCodeError{.reason = reason, .key = std::string{key}};
}

// --- The service block ---

struct ServiceBlock {
    text::Encoding encoding;
    char separator;
};

std::optional<text::Encoding> encoding_of(char digit) {
    switch (digit) {
    case '1': return text::Encoding::Windows1251;
    case '2': return text::Encoding::Utf8;
    case '3': return text::Encoding::Koi8R;
    default: return std::nullopt;
    }
}

/// Printable ASCII that can neither be part of a key nor end one.
bool can_separate(char symbol) {
    return symbol > ' ' && symbol < '\x7F' && symbol != '=' && !is_key_symbol(symbol);
}

Result<ServiceBlock, BillCodeError> read_service_block(std::string_view code) {
    if (code.size() < service_block_size || !code.starts_with("ST") ||
        !std::all_of(code.begin() + 2, code.begin() + encoding_place, is_digit))
        return fail(error(Reason::NotABillCode));
    if (code.substr(2, encoding_place - 2) != "0001")
        return fail(error(Reason::UnknownVersion));
    auto const encoding = encoding_of(code[encoding_place]);
    if (!encoding)
        return fail(error(Reason::UnknownEncoding));
    if (!can_separate(code[separator_place]))
        return fail(error(Reason::BadSeparator));
    return ServiceBlock{.encoding = *encoding, .separator = code[separator_place]};
}

// --- Pairs ---

std::string_view trim(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

/// Control characters would reach the printer as commands, and marks that turn the direction of
/// writing make a payee read as another; both are blanks here.
bool is_hidden_command(char32_t character) {
    return character < 0x20 || (character >= 0x7F && character < 0xA0) ||
           (character >= U'\u2028' && character <= U'\u202E') ||
           (character >= U'\u2066' && character <= U'\u2069') || character == U'\u200E' ||
           character == U'\u200F';
}

std::string clean(std::string_view value) {
    std::string cleaned;
    while (auto const character = text::take_character(value))
        text::append_character(cleaned, is_hidden_command(*character) ? U' ' : *character);
    return std::string{trim(cleaned)};
}

/// What may be shown of a part that is no pair: it can be anything.
std::string_view blamable(std::string_view part) {
    auto const* const end = std::find_if(
        part.begin(), part.end(), [](char symbol) { return symbol < ' ' || symbol > '~'; });
    auto const size = static_cast<std::size_t>(end - part.begin());
    return part.substr(0, std::min(size, blamed_part_size_max));
}

Result<Field, BillCodeError> read_pair(std::string_view part) {
    std::size_t const equals = part.find('='); // The first one: a value may have more.
    if (equals == std::string_view::npos)
        return fail(error(Reason::NotAPair, blamable(part)));
    std::string_view const key = trim(part.substr(0, equals));
    if (key.empty() || !std::all_of(key.begin(), key.end(), is_key_symbol))
        return fail(error(Reason::BadKey, blamable(key)));
    return Field{.key = std::string{key}, .value = clean(part.substr(equals + 1))};
}

Result<std::vector<Field>, BillCodeError> read_pairs(std::string_view text, char separator) {
    std::vector<Field> fields;
    while (!text.empty()) {
        std::size_t const size = std::min(text.find(separator), text.size());
        std::string_view const part = trim(text.substr(0, size));
        text.remove_prefix(std::min(size + 1, text.size()));
        if (part.empty())
            continue; // A trailing separator, or two in a row: nothing is lost.
        TRY(Field field, read_pair(part));
        bool const is_repeated = std::any_of(fields.begin(), fields.end(), [&](Field const& other) {
            return same_key(other.key, field.key);
        });
        if (is_repeated)
            return fail(error(Reason::DuplicateKey, field.key));
        fields.push_back(std::move(field));
    }
    return fields;
}

// --- Fields ---

enum class Presence : std::uint8_t { Optional, MayBeEmpty, Needed };

struct KnownField {
    std::string_view key; ///< As in the standard.
    std::string BillCode::*place;
    Presence presence;
    std::size_t characters_max; ///< By the standard; 0: it has no bound.
};

constexpr std::array known_fields{
    KnownField{"Name", &BillCode::payee_name, Presence::Needed, 160},
    KnownField{"PersonalAcc", &BillCode::personal_acc, Presence::Needed, 20},
    KnownField{"BankName", &BillCode::bank_name, Presence::Needed, 45},
    KnownField{"BIC", &BillCode::bic, Presence::Needed, 9},
    KnownField{"CorrespAcc", &BillCode::corresp_acc, Presence::MayBeEmpty, 20},
    KnownField{"Purpose", &BillCode::purpose, Presence::Optional, 210},
    KnownField{"PayeeINN", &BillCode::payee_inn, Presence::Optional, 12},
    KnownField{"KPP", &BillCode::kpp, Presence::Optional, 9},
    KnownField{"LastName", &BillCode::last_name, Presence::Optional, 0},
    KnownField{"FirstName", &BillCode::first_name, Presence::Optional, 0},
    KnownField{"MiddleName", &BillCode::middle_name, Presence::Optional, 0},
    KnownField{"PayerAddress", &BillCode::payer_address, Presence::Optional, 0},
    KnownField{"PersAcc", &BillCode::pers_acc, Presence::Optional, 0},
    KnownField{"PaymPeriod", &BillCode::period_printed, Presence::Optional, 0},
    KnownField{"TechCode", &BillCode::tech_code, Presence::Optional, 2},
};

Result<std::optional<Money>, BillCodeError> read_sum(std::string_view text) {
    if (text.empty())
        return std::optional<Money>{};
    std::int64_t kopecks = 0;
    for (char const digit : text) {
        if (!is_digit(digit))
            return fail(error(Reason::SumNotKopecks, "Sum"));
        kopecks = std::min(kopecks * 10 + (digit - '0'), amount_minor_max + 1);
    }
    if (kopecks > amount_minor_max)
        return fail(error(Reason::SumTooLarge, "Sum"));
    return std::optional{rub(kopecks)};
}

Result<void, BillCodeError> place_fields(std::vector<Field> fields, BillCode& bill) {
    for (Field& field : fields) {
        auto const* const known = std::find_if(
            known_fields.begin(), known_fields.end(), [&](KnownField const& candidate) {
                return same_key(candidate.key, field.key);
            });
        if (known != known_fields.end()) {
            bill.*(known->place) = std::move(field.value);
        } else if (same_key(field.key, "Sum")) {
            TRY(bill.sum, read_sum(field.value));
        } else {
            bill.rest.push_back(std::move(field));
        }
    }
    return {};
}

Result<void, BillCodeError> check_presence(std::vector<Field> const& fields) {
    for (KnownField const& known : known_fields) {
        auto const found = std::find_if(fields.begin(), fields.end(), [&](Field const& field) {
            return same_key(field.key, known.key);
        });
        bool const is_there = found != fields.end();
        bool const is_empty = !is_there || found->value.empty();
        if ((known.presence == Presence::Needed && is_empty) ||
            (known.presence == Presence::MayBeEmpty && !is_there))
            return fail(error(Reason::MissingField, known.key));
    }
    return {};
}

// --- Warnings ---

void warn_about_accounts(BillCode& bill) {
    if (!is_bic(bill.bic))
        bill.warnings.push_back({WarningKind::BadBic, "BIC"});
    auto const warn = [&](std::string const& account, char const* key) {
        if (!is_bank_account(account))
            bill.warnings.push_back({WarningKind::BadAccount, key});
        else if (check_account_key(account, bill.bic) == KeyCheck::Fails)
            bill.warnings.push_back({WarningKind::AccountKeyFails, key});
    };
    warn(bill.personal_acc, "PersonalAcc");
    if (!bill.corresp_acc.empty() && bill.corresp_acc != "0")
        warn(bill.corresp_acc, "CorrespAcc");
    if (!bill.payee_inn.empty() && !inn_checksum_holds(bill.payee_inn))
        bill.warnings.push_back({WarningKind::InnChecksumFails, "PayeeINN"});
}

void warn_about_lengths(BillCode& bill) {
    for (KnownField const& known : known_fields)
        if (known.characters_max > 0 &&
            text::count_characters(bill.*(known.place)) > known.characters_max)
            bill.warnings.push_back({WarningKind::LongerThanStandard, std::string{known.key}});
}

void warn(BillCode& bill, bool was_repaired) {
    if (was_repaired)
        bill.warnings.push_back({WarningKind::TextRepaired, ""});
    warn_about_accounts(bill);
    warn_about_lengths(bill);
    if (bill.period.empty() && !bill.period_printed.empty())
        bill.warnings.push_back({WarningKind::UnclearPeriod, "PaymPeriod"});
}

Result<BillText, BillCodeError> read_text(text::Encoding encoding, ByteView bytes) {
    auto text = read_bill_text(encoding, bytes);
    if (text)
        return *std::move(text);
    switch (text.error()) {
    case BillTextError::NotInEncoding: return fail(error(Reason::NotInEncoding));
    case BillTextError::Mangled: return fail(error(Reason::Mangled));
    }
    return fail(error(Reason::Mangled));
}

} // namespace

Result<BillCode, BillCodeError> parse(ByteView bytes) {
    if (bytes.size() > bill_code_bytes_max)
        return fail(error(Reason::TooLong));
    std::string_view code{reinterpret_cast<char const*>(bytes.data()), bytes.size()};
    if (code.starts_with(byte_order_mark))
        code.remove_prefix(byte_order_mark.size());
    while (code.ends_with('\r') || code.ends_with('\n'))
        code.remove_suffix(1);

    TRY(ServiceBlock const block, read_service_block(code));
    code.remove_prefix(service_block_size);
    TRY(BillText const text, read_text(block.encoding, byte_view(code)));
    TRY(std::vector<Field> fields, read_pairs(text.utf8, block.separator));
    TRY_VOID(check_presence(fields));

    BillCode bill;
    bill.encoding = block.encoding;
    bill.separator = block.separator;
    TRY_VOID(place_fields(std::move(fields), bill));
    bill.period = read_period(bill.period_printed).value_or("");
    warn(bill, text.repaired);
    return bill;
}

std::string payer_name(BillCode const& bill) {
    std::string name;
    for (std::string const& part : {bill.last_name, bill.first_name, bill.middle_name}) {
        if (part.empty())
            continue;
        if (!name.empty())
            name += ' ';
        name += part;
    }
    return name;
}

Complaint to_complaint(BillCodeError const& error) {
    std::string const place =
        error.key.empty() ? "the bill's code" : "the bill's code, field " + error.key;
    auto const say = [&](char const* problem, char const* cure) {
        return Complaint{.place = place, .problem = problem, .cure = cure};
    };
    constexpr auto const* reprint = "have the payee print it by GOST R 56042-2014";
    switch (error.reason) {
    case Reason::NotABillCode: return say("it is another kind of code", "scan the code of a bill");
    case Reason::UnknownVersion: return say("its version is not 0001", reprint);
    case Reason::UnknownEncoding: return say("its encoding is not 1, 2 or 3", reprint);
    case Reason::BadSeparator: return say("its separator cannot be one", reprint);
    case Reason::TooLong: return say("it is longer than a QR code can be", "scan it again");
    case Reason::NotInEncoding: return say("its text is not in the encoding it states", reprint);
    case Reason::Mangled:
        return say("letters were lost on the way", "set the scanner to serial mode, 8 bits");
    case Reason::NotAPair: return say("a part has no '='", reprint);
    case Reason::BadKey: return say("a key is not of Latin letters and digits", reprint);
    case Reason::DuplicateKey: return say("it is there twice", reprint);
    case Reason::MissingField: return say("it is missing or empty", reprint);
    case Reason::SumNotKopecks: return say("the sum is not in whole kopecks", reprint);
    case Reason::SumTooLarge: return say("the sum is above 100 000 000 000.00", reprint);
    }
    return say("it cannot be read", reprint);
}

} // namespace protocol::bill_code
