#include "protocol/account/account.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "protocol/text/letter_case.hpp"
#include "protocol/text/utf8.hpp"

namespace protocol::account {
namespace {

struct LookAlike {
    char32_t cyrillic;
    char32_t latin;
};

// Capitals only: everything is upper-cased before. Accounts of one building are written Latin by
// the accountant and Cyrillic on the bill, and L411Г001 has both scripts in one string.
constexpr std::array look_alikes{
    LookAlike{U'А', U'A'},
    LookAlike{U'В', U'B'},
    LookAlike{U'С', U'C'},
    LookAlike{U'Е', U'E'},
    LookAlike{U'Н', U'H'},
    LookAlike{U'К', U'K'},
    LookAlike{U'М', U'M'},
    LookAlike{U'О', U'O'},
    LookAlike{U'Р', U'P'},
    LookAlike{U'Т', U'T'},
    LookAlike{U'Х', U'X'},
    LookAlike{U'У', U'Y'},
};

/// Blanks, and what copying from a page or a PDF brings along unseen.
bool is_invisible(char32_t character) {
    constexpr std::u32string_view invisible =
        U" \t\r\n\u00A0\u00AD\u2007\u2009\u200B\u200C\u200D\u200E\u200F\u202F\u2060\uFEFF";
    return invisible.find(character) != std::u32string_view::npos;
}

bool is_dash(char32_t character) {
    return character == U'-' || (character >= U'\u2010' && character <= U'\u2015') ||
           character == U'\u2212';
}

bool is_letter(char32_t character) {
    return text::is_latin_letter(character) || text::is_cyrillic_letter(character);
}

bool is_mark(char32_t character) {
    return character == U'-' || character == U'.' || character == U'/' || character == U'_';
}

bool belongs_in_account(char32_t character) {
    return is_letter(character) || text::is_digit(character) || is_mark(character);
}

char32_t fold(char32_t character) {
    if (is_dash(character))
        return U'-';
    char32_t const capital = text::to_upper(character);
    auto const* const found =
        std::find_if(look_alikes.begin(), look_alikes.end(), [&](LookAlike const& pair) {
            return pair.cyrillic == capital;
        });
    return found == look_alikes.end() ? capital : found->latin;
}

/// The visible characters, folded. Nothing for a text that is not UTF-8.
std::optional<std::u32string> fold_visible(std::string_view text) {
    std::u32string folded;
    while (auto const character = text::take_character(text))
        if (!is_invisible(*character))
            folded.push_back(fold(*character));
    if (!text.empty())
        return std::nullopt;
    return folded;
}

std::string to_utf8(std::u32string_view characters) {
    std::string utf8;
    for (char32_t const character : characters)
        text::append_character(utf8, character);
    return utf8;
}

} // namespace

Mask::Symbol Mask::symbol_of(char32_t character) {
    switch (character) {
    case U'A': return Symbol{Kind::Letter, 0};
    case U'9': return Symbol{Kind::Digit, 0};
    case U'#': return Symbol{Kind::LetterOrDigit, 0};
    case U'*': return Symbol{Kind::Rest, 0};
    default: return Symbol{Kind::Itself, character};
    }
}

Result<Mask, MaskError> Mask::parse(std::string_view text) {
    if (text.size() > typed_bytes_max)
        return fail(MaskError::TooLong);
    auto const folded = fold_visible(text);
    if (!folded)
        return fail(MaskError::UnknownSymbol);
    std::vector<Symbol> symbols;
    bool escaped = false;
    for (char32_t const character : *folded) {
        if (!symbols.empty() && symbols.back().kind == Kind::Rest)
            return fail(MaskError::MisplacedStar);
        if (character == U'\\' && !escaped) {
            escaped = true;
            continue;
        }
        Symbol const symbol = escaped ? Symbol{Kind::Itself, character} : symbol_of(character);
        if (symbol.kind == Kind::Itself && !belongs_in_account(symbol.itself))
            return fail(MaskError::UnknownSymbol);
        symbols.push_back(symbol);
        escaped = false;
    }
    if (escaped)
        return fail(MaskError::UnknownSymbol);
    if (symbols.empty())
        return fail(MaskError::Empty);
    if (symbols.size() > account_characters_max)
        return fail(MaskError::TooLong);
    return Mask{std::string{text}, std::move(symbols)};
}

Result<std::string, AccountError> Mask::apply(std::string_view folded) const {
    std::string shaped;
    for (Symbol const symbol : symbols_) {
        if (symbol.kind == Kind::Rest)
            return shaped.append(folded);
        auto const character = text::take_character(folded);
        if (!character)
            return fail(AccountError::MaskMismatch);
        char32_t stands = *character;
        bool fits = false;
        switch (symbol.kind) {
        case Kind::Letter: fits = is_letter(stands); break;
        case Kind::Digit:
            if (stands == U'O')
                stands = U'0';
            fits = text::is_digit(stands);
            break;
        case Kind::LetterOrDigit: fits = is_letter(stands) || text::is_digit(stands); break;
        case Kind::Itself: fits = stands == symbol.itself; break;
        case Kind::Rest: break;
        }
        if (!fits)
            return fail(AccountError::MaskMismatch);
        text::append_character(shaped, stands);
    }
    if (!folded.empty())
        return fail(AccountError::MaskMismatch);
    return shaped;
}

Result<AccountNumber, AccountError> fold_account(std::string_view typed) {
    if (typed.size() > typed_bytes_max)
        return fail(AccountError::TooLong);
    auto const folded = fold_visible(typed);
    if (!folded || !std::all_of(folded->begin(), folded->end(), belongs_in_account))
        return fail(AccountError::NotText);

    std::u32string_view account = *folded;
    while (account.starts_with(U'-'))
        account.remove_prefix(1);
    while (account.ends_with(U'-'))
        account.remove_suffix(1);
    if (account.empty())
        return fail(AccountError::Empty);
    if (account.size() > account_characters_max)
        return fail(AccountError::TooLong);
    return AccountNumber{.canonical = to_utf8(account), .typed = std::string{typed}};
}

Result<AccountNumber, AccountError> read_account(Mask const& mask, std::string_view typed) {
    TRY(AccountNumber account, fold_account(typed));
    TRY(account.canonical, mask.apply(account.canonical));
    return account;
}

} // namespace protocol::account
