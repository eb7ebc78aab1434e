// Whatever a scanner delivers: it is refused with a reason, or it is a bill that says the same when
// it is printed anew with another separator in UTF-8.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>

#include "protocol/bill-code/bill_code.hpp"
#include "protocol/text/utf8.hpp"

namespace {

using namespace protocol;
using namespace protocol::bill_code;

void require(bool condition) {
    if (!condition)
        std::abort();
}

void require_shown_safely(std::string const& value) {
    std::string_view left = value;
    while (auto const character = text::take_character(left)) {
        require(*character >= 0x20 && *character != 0x7F);
        require(*character != text::replacement_character);
    }
    require(left.empty());
    require(!value.starts_with(' ') && !value.ends_with(' '));
}

/// Each field under its own name; the sum and the period are checked by their values.
std::vector<Field> fields_of(BillCode const& bill) {
    std::vector<Field> fields{
        {"Name", bill.payee_name},
        {"PersonalAcc", bill.personal_acc},
        {"BankName", bill.bank_name},
        {"BIC", bill.bic},
        {"CorrespAcc", bill.corresp_acc},
        {"Purpose", bill.purpose},
        {"PayeeINN", bill.payee_inn},
        {"KPP", bill.kpp},
        {"LastName", bill.last_name},
        {"FirstName", bill.first_name},
        {"MiddleName", bill.middle_name},
        {"PayerAddress", bill.payer_address},
        {"PersAcc", bill.pers_acc},
        {"PaymPeriod", bill.period_printed},
        {"TechCode", bill.tech_code}};
    if (bill.sum)
        fields.push_back({"Sum", std::to_string(bill.sum->minor())});
    fields.insert(fields.end(), bill.rest.begin(), bill.rest.end());
    return fields;
}

std::optional<char> separator_for(std::vector<Field> const& fields) {
    for (char const candidate : std::string_view{"|#;:^_~{}!$%&()*+,/@"}) {
        bool const is_free = std::all_of(fields.begin(), fields.end(), [&](Field const& field) {
            return field.value.find(candidate) == std::string::npos;
        });
        if (is_free)
            return candidate;
    }
    return std::nullopt;
}

bool is_repaired(BillCode const& bill) {
    return std::any_of(bill.warnings.begin(), bill.warnings.end(), [](Warning const& warning) {
        return warning.kind == WarningKind::TextRepaired;
    });
}

void check_printed_anew(BillCode const& bill) {
    auto const fields = fields_of(bill);
    auto const separator = separator_for(fields);
    if (!separator)
        return;
    std::string code = "ST00012";
    for (Field const& field : fields)
        code += *separator + field.key + "=" + field.value;
    auto const again = parse(byte_view(code));
    if (!again) {
        require(again.error().reason == Reason::TooLong);
        return;
    }
    // What Latin-1 did to one text may by chance be done to another.
    if (is_repaired(*again))
        return;
    require(fields_of(*again) == fields);
    require(again->sum == bill.sum && again->period == bill.period);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    ByteView const bytes{data, size};
    auto const bill = parse(bytes);
    if (!bill) {
        auto const complaint = to_complaint(bill.error());
        require(!complaint.problem.empty() && !complaint.cure.empty());
        require(text::is_utf8(complaint.place));
        return 0;
    }
    require(!bill->payee_name.empty() && !bill->personal_acc.empty() && !bill->bic.empty());
    for (Field const& field : fields_of(*bill))
        require_shown_safely(field.value);
    if (bill->sum)
        require(!bill->sum->is_negative() && bill->sum->minor() <= amount_minor_max);
    require(bill->period.empty() || (bill->period.size() == 7 && bill->period[4] == '-'));
    check_printed_anew(*bill);

    Bytes with_line_end{bytes.begin(), bytes.end()};
    with_line_end.insert(with_line_end.end(), {'\r', '\n'});
    if (with_line_end.size() <= bill_code_bytes_max)
        require(parse(with_line_end) == bill);
    return 0;
}
