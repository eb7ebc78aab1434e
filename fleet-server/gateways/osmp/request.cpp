#include "fleet-server/gateways/osmp/request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "protocol/money/amount_text.hpp"

namespace fleet::gateways::osmp {

namespace {

using protocol::fail;

constexpr std::size_t txn_id_size_max = 20;         // The protocol's own limit.
constexpr std::size_t account_characters_max = 200; // The protocol's own limit.
constexpr std::size_t txn_date_size = 14;           // YYYYMMDDHHMMSS

bool is_digit(char symbol) {
    return symbol >= '0' && symbol <= '9';
}

bool are_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
}

// RFC 3986, section 2.3: what never needs escaping.
bool is_unreserved(char symbol) {
    return is_digit(symbol) || (symbol >= 'A' && symbol <= 'Z') ||
           (symbol >= 'a' && symbol <= 'z') || symbol == '-' || symbol == '.' || symbol == '_' ||
           symbol == '~';
}

std::string escape(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string escaped;
    escaped.reserve(text.size());
    for (char const symbol : text) {
        if (is_unreserved(symbol)) {
            escaped += symbol;
            continue;
        }
        auto const byte = static_cast<unsigned char>(symbol);
        escaped += '%';
        escaped += hex[byte >> 4U];
        escaped += hex[byte & 0x0FU];
    }
    return escaped;
}

std::optional<unsigned> hex_digit(char symbol) {
    if (is_digit(symbol))
        return static_cast<unsigned>(symbol - '0');
    if (symbol >= 'A' && symbol <= 'F')
        return static_cast<unsigned>(symbol - 'A' + 10);
    if (symbol >= 'a' && symbol <= 'f')
        return static_cast<unsigned>(symbol - 'a' + 10);
    return std::nullopt;
}

// An escape that is none stands for itself, as browsers do.
std::string unescape(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size()) {
            auto const high = hex_digit(text[at + 1]);
            auto const low = hex_digit(text[at + 2]);
            if (high && low) {
                plain += static_cast<char>(static_cast<unsigned char>(*high << 4U | *low));
                at += 2;
                continue;
            }
        }
        plain += text[at] == '+' ? ' ' : text[at];
    }
    return plain;
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char symbol) {
        return (static_cast<unsigned char>(symbol) & 0xC0U) != 0x80U;
    }));
}

Result<void, RequestError> check(Request const& request) {
    if (request.txn_id.empty() || request.txn_id.size() > txn_id_size_max ||
        !are_digits(request.txn_id))
        return fail(RequestError::TxnIdNotANumber);
    if (request.account.empty() || characters(request.account) > account_characters_max)
        return fail(RequestError::AccountImpossible);
    if (!request.sum.is_positive() || request.sum.minor() > protocol::amount_minor_max ||
        request.sum.currency() != protocol::Currency::RUB)
        return fail(RequestError::SumImpossible);
    std::size_t const date_size = request.command == Command::Pay ? txn_date_size : 0;
    if (request.txn_date.size() != date_size || !are_digits(request.txn_date))
        return fail(RequestError::DateImpossible);
    return {};
}

std::optional<std::string> parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        std::string_view const pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        std::size_t const equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return unescape(pair.substr(equals + 1));
    }
    return std::nullopt;
}

} // namespace

std::string_view to_string(RequestError error) {
    switch (error) {
    case RequestError::UnknownCommand: return "the command is neither check nor pay";
    case RequestError::TxnIdNotANumber: return "txn_id is not a number of up to 20 digits";
    case RequestError::AccountImpossible:
        return "the account is empty or longer than 200 characters";
    case RequestError::SumImpossible:
        return "the sum is not a positive amount of roubles like 200.00";
    case RequestError::DateImpossible: return "txn_date is not YYYYMMDDHHMMSS";
    case RequestError::ParameterMissing: return "a parameter is missing";
    }
    return "";
}

Result<Money, RequestError> decode_sum(std::string_view text) {
    std::size_t const dot = std::min(text.find('.'), text.size());
    std::string_view const whole = text.substr(0, dot);
    std::string_view const part = text.substr(std::min(text.size(), dot + 1));
    // 12 digits of roubles are above the largest amount there is and far below an overflow.
    if (whole.empty() || whole.size() > 12 || part.size() > 2 || !are_digits(whole) ||
        !are_digits(part) || (part.empty() && dot != text.size()))
        return fail(RequestError::SumImpossible);
    std::string minor{whole};
    minor += part;
    minor.append(2 - part.size(), '0');
    std::int64_t value = 0;
    std::from_chars(minor.data(), minor.data() + minor.size(), value);
    if (value > protocol::amount_minor_max)
        return fail(RequestError::SumImpossible);
    return protocol::rub(value);
}

Result<std::string, RequestError> encode(Request const& request) {
    TRY_VOID(check(request));
    std::string query = request.command == Command::Pay ? "command=pay" : "command=check";
    query += "&txn_id=" + request.txn_id;
    query += "&account=" + escape(request.account);
    query += "&sum=" + protocol::to_decimal(request.sum);
    if (request.command == Command::Pay)
        query += "&txn_date=" + request.txn_date;
    return query;
}

Result<Request, RequestError> decode_request(std::string_view query) {
    auto const command = parameter(query, "command");
    auto txn_id = parameter(query, "txn_id");
    auto account = parameter(query, "account");
    auto const sum = parameter(query, "sum");
    if (!command || !txn_id || !account || !sum)
        return fail(RequestError::ParameterMissing);
    if (command != "check" && command != "pay")
        return fail(RequestError::UnknownCommand);
    TRY(Money const amount, decode_sum(*sum));
    Request request{
        .command = command == "pay" ? Command::Pay : Command::Check,
        .txn_id = std::move(*txn_id),
        .account = std::move(*account),
        .sum = amount,
        .txn_date = {}};
    if (request.command == Command::Pay)
        request.txn_date = parameter(query, "txn_date").value_or("");
    TRY_VOID(check(request));
    return request;
}

std::string compose_url(std::string_view address, std::string_view query) {
    std::string url{address};
    if (url.find('?') == std::string::npos)
        url += '?';
    else if (url.back() != '?' && url.back() != '&')
        url += '&';
    url += query;
    return url;
}

} // namespace fleet::gateways::osmp
