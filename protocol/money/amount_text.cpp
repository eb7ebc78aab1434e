#include "protocol/money/amount_text.hpp"

#include <array>
#include <cstddef>

namespace protocol {
namespace {

constexpr std::string_view no_break_space = "\u00A0";
constexpr std::string_view minus_sign = "\u2212";
/// What parts groups of digits in other people's files; U+202F is what ICU writes.
constexpr std::array<std::string_view, 4> blanks{" ", no_break_space, "\u202F", "\u2009"};
constexpr std::size_t decimals = 2;
constexpr std::size_t group_size = 3;

bool is_digit(char symbol) {
    return symbol >= '0' && symbol <= '9';
}

bool skip(std::string_view& text, std::string_view token) {
    if (!text.starts_with(token))
        return false;
    text.remove_prefix(token.size());
    return true;
}

bool skip_blank(std::string_view& text) {
    for (std::string_view const blank : blanks)
        if (skip(text, blank))
            return true;
    return false;
}

std::string_view trim(std::string_view text) {
    while (skip_blank(text)) {
    }
    bool cut = true;
    while (cut) {
        cut = false;
        for (std::string_view const blank : blanks) {
            if (text.ends_with(blank)) {
                text.remove_suffix(blank.size());
                cut = true;
            }
        }
    }
    return text;
}

/// Takes a run of digits off the front.
std::string_view take_digits(std::string_view& text) {
    std::size_t size = 0;
    while (size < text.size() && is_digit(text[size]))
        ++size;
    std::string_view const digits = text.substr(0, size);
    text.remove_prefix(size);
    return digits;
}

/// "1 234 567" without its blanks. A group that is not of three digits is an error, not a guess.
Result<std::string, AmountTextError> take_whole_part(std::string_view& text) {
    std::string_view const first = take_digits(text);
    std::string digits{first};
    bool const may_be_grouped = !first.empty() && first.size() <= group_size;
    while (may_be_grouped && skip_blank(text)) {
        std::string_view const group = take_digits(text);
        if (group.size() != group_size)
            return fail(AmountTextError::NotANumber);
        digits += group;
    }
    return digits;
}

/// The digits after the decimal mark, filled up to two; "00" when there is no mark.
Result<std::string, AmountTextError> take_fraction(std::string_view& text) {
    if (!skip(text, ".") && !skip(text, ","))
        return std::string(decimals, '0');
    std::string digits{take_digits(text)};
    if (digits.empty())
        return fail(AmountTextError::NotANumber);
    if (digits.size() > decimals)
        return fail(text.empty() ? AmountTextError::TooManyDecimals : AmountTextError::NotANumber);
    digits.resize(decimals, '0');
    return digits;
}

Result<std::int64_t, AmountTextError> to_minor(std::string_view digits) {
    std::int64_t minor = 0;
    for (char const digit : digits) {
        minor = minor * 10 + (digit - '0');
        if (minor > amount_minor_max)
            return fail(AmountTextError::TooLarge);
    }
    return minor;
}

/// The digits of an amount without sign, with the parts that differ between tongues.
struct Marks {
    std::string_view group;
    std::string_view decimal;
};

std::string digits_of(Money amount, Marks marks) {
    // -minor() would overflow for the least amount of all.
    auto const bits = static_cast<std::uint64_t>(amount.minor());
    std::uint64_t const magnitude = amount.is_negative() ? std::uint64_t{0} - bits : bits;
    std::string const whole = std::to_string(magnitude / 100);
    std::string text;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i > 0 && (whole.size() - i) % group_size == 0)
            text += marks.group;
        text += whole[i];
    }
    text += marks.decimal;
    text += static_cast<char>('0' + magnitude % 100 / 10);
    text += static_cast<char>('0' + magnitude % 10);
    return text;
}

std::string_view sign_of(Currency currency) {
    switch (currency) {
    case Currency::RUB: return "₽";
    case Currency::EUR: return "€";
    case Currency::USD: return "$";
    }
    return "₽";
}

} // namespace

Result<Money, AmountTextError> parse_amount(std::string_view text, Currency currency) {
    text = trim(text);
    if (text.empty())
        return fail(AmountTextError::Empty);
    bool const negative = skip(text, "-") || skip(text, minus_sign);
    if (!negative)
        skip(text, "+");

    TRY(std::string digits, take_whole_part(text));
    bool const has_whole_part = !digits.empty();
    bool const has_mark = text.starts_with('.') || text.starts_with(',');
    TRY(std::string const fraction, take_fraction(text));
    if (!text.empty() || (!has_whole_part && !has_mark))
        return fail(AmountTextError::NotANumber);

    digits += fraction;
    TRY(std::int64_t const minor, to_minor(digits));
    return Money::from_minor(negative ? -minor : minor, currency);
}

std::string_view describe(AmountTextError error) {
    switch (error) {
    case AmountTextError::Empty: return "the amount is empty";
    case AmountTextError::NotANumber: return "the amount is not a number such as 4597.86";
    case AmountTextError::TooManyDecimals: return "the amount has more than two decimals";
    case AmountTextError::TooLarge: return "the amount is above 100 000 000 000.00";
    }
    return "";
}

std::string to_decimal(Money amount) {
    return (amount.is_negative() ? "-" : "") + digits_of(amount, {"", "."});
}

std::string to_display(Money amount, AmountStyle style) {
    std::string text{amount.is_negative() ? minus_sign : ""};
    switch (style) {
    case AmountStyle::Russian: text += digits_of(amount, {no_break_space, ","}); break;
    case AmountStyle::English: text += digits_of(amount, {",", "."}); break;
    }
    text += no_break_space;
    text += sign_of(amount.currency());
    return text;
}

std::string to_paper(Money amount, AmountStyle style) {
    std::string text{amount.is_negative() ? "-" : ""};
    switch (style) {
    case AmountStyle::Russian:
        text += digits_of(amount, {" ", ","});
        text += ' ';
        text += amount.currency() == Currency::RUB ? "руб." : code(amount.currency());
        return text;
    case AmountStyle::English:
        text += digits_of(amount, {",", "."});
        text += ' ';
        text += code(amount.currency());
        return text;
    }
    return text;
}

} // namespace protocol
