#include "fleet-server/gateways/osmp/reply.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <pugixml.hpp>
#include <sstream>

#include "fleet-server/gateways/osmp/request.hpp"
#include "protocol/money/amount_text.hpp"

namespace fleet::gateways::osmp {

namespace {

using protocol::fail;

constexpr std::size_t text_size_max = 1'000; // A sentence for a person, kept for ever in our books.
constexpr std::size_t provider_txn_size_max = 64; // Numbers of up to 20 digits, or UUIDs.
constexpr std::size_t fields_max = 64;            // More than a screen or a receipt can show.

struct Code {
    std::int32_t result;
    Outcome outcome;
    std::string_view meaning;
};

// The table of the protocol. Codes that say "repeat" are 1 and 90; 0 is the only success.
constexpr std::array codes{
    Code{0, Outcome::FinalOk, "accepted"},
    Code{1, Outcome::Retry, "temporary error, repeat later"},
    Code{4, Outcome::FinalRefused, "wrong format of the account"},
    Code{5, Outcome::FinalRefused, "account not found"},
    Code{7, Outcome::FinalRefused, "payment forbidden by the provider"},
    Code{8, Outcome::FinalRefused, "payment forbidden for technical reasons"},
    Code{79, Outcome::FinalRefused, "account not active"},
    Code{90, Outcome::Retry, "payment not finished yet"},
    Code{241, Outcome::FinalRefused, "sum too small"},
    Code{242, Outcome::FinalRefused, "sum too large"},
    Code{243, Outcome::FinalRefused, "state of the account cannot be checked"},
    Code{300, Outcome::FinalRefused, "other error of the provider"},
};

struct Dialect {
    char const* root;
    char const* txn_id;
};
constexpr std::array dialects{
    Dialect{"response", "osmp_txn_id"},
    Dialect{"response", "txn_id"},
    Dialect{"commandResponse", "extTransactionID"},
    Dialect{"commandResponse", "osmp_txn_id"},
};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    std::size_t const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// How many bytes from `at` on are one well-formed UTF-8 character without control codes; 0: none.
std::size_t character_size(std::string_view text, std::size_t at) {
    auto const byte = [&](std::size_t index) {
        return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
    };
    auto const follows = [&](std::size_t index) { return (byte(index) & 0xC0U) == 0x80U; };
    unsigned const lead = byte(at);
    if (lead < 0x80)
        return lead >= 0x20 && lead != 0x7F ? 1 : 0;
    if (lead >= 0xC2 && lead <= 0xDF)
        return follows(at + 1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        bool const is_overlong = lead == 0xE0 && byte(at + 1) < 0xA0;
        bool const is_surrogate = lead == 0xED && byte(at + 1) >= 0xA0;
        return follows(at + 1) && follows(at + 2) && !is_overlong && !is_surrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        bool const is_overlong = lead == 0xF0 && byte(at + 1) < 0x90;
        bool const is_beyond = lead == 0xF4 && byte(at + 1) >= 0x90;
        return follows(at + 1) && follows(at + 2) && follows(at + 3) && !is_overlong && !is_beyond
                   ? 4
                   : 0;
    }
    return 0;
}

// Providers declare UTF-8 and send windows-1251 now and then: what is not text becomes `?` and what
// is too long is cut, because a comment must not decide about a payment, nor break our own JSON.
std::string clean(std::string_view text) {
    std::string result;
    text = trimmed(text);
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const size = character_size(text, at);
        if (result.size() + std::max<std::size_t>(size, 1) > text_size_max)
            break;
        if (size == 0)
            result += text[at] == '\n' || text[at] == '\t' ? ' ' : '?';
        else
            result += text.substr(at, size);
        at += std::max<std::size_t>(size, 1);
    }
    return std::string{trimmed(result)};
}

std::string_view without_zeros(std::string_view number) {
    std::size_t const first = number.find_first_not_of('0');
    return first == std::string_view::npos ? number.substr(0, number.empty() ? 0 : 1)
                                           : number.substr(first);
}

// The element's text, or nothing when it is absent; two of them are an error.
Result<std::optional<std::string_view>, ReplyError> single(pugi::xml_node root, char const* name) {
    pugi::xml_node const element = root.child(name);
    if (!element)
        return std::nullopt;
    if (element.next_sibling(name))
        return fail(ReplyError::Ambiguous);
    return trimmed(element.text().get());
}

Result<std::string_view, ReplyError> find_txn_id(pugi::xml_node root) {
    std::string_view const root_name = root.name();
    bool is_root_known = false;
    std::optional<std::string_view> found;
    for (Dialect const& dialect : dialects) {
        if (root_name != dialect.root)
            continue;
        is_root_known = true;
        TRY(auto const text, single(root, dialect.txn_id));
        if (text && found)
            return fail(ReplyError::Ambiguous);
        if (text)
            found = text;
    }
    if (!is_root_known)
        return fail(ReplyError::UnknownRoot);
    if (!found || found->empty())
        return fail(ReplyError::NoTransaction);
    return *found;
}

Result<std::int32_t, ReplyError> read_result(pugi::xml_node root) {
    TRY(auto const text, single(root, "result"));
    if (!text || text->empty())
        return fail(ReplyError::NoResult);
    std::int32_t result = 0;
    char const* const end = text->data() + text->size();
    auto const [stopped, error] = std::from_chars(text->data(), end, result);
    if (error != std::errc{} || stopped != end)
        return fail(ReplyError::ResultNotANumber);
    return result;
}

std::vector<Field> read_fields(pugi::xml_node root) {
    std::vector<Field> fields;
    for (pugi::xml_node const field : root.child("fields").children()) {
        if (field.type() != pugi::node_element)
            continue;
        if (fields.size() == fields_max)
            break;
        fields.push_back({clean(field.attribute("name").value()), clean(field.text().get())});
    }
    return fields;
}

Result<pugi::xml_node, ReplyError> only_root(pugi::xml_document const& document) {
    pugi::xml_node root;
    for (pugi::xml_node const node : document.children()) {
        if (node.type() != pugi::node_element)
            continue;
        if (root)
            return fail(ReplyError::Ambiguous);
        root = node;
    }
    if (!root)
        return fail(ReplyError::NotXml);
    return root;
}

} // namespace

Outcome outcome_of(std::int32_t result) {
    auto const code = std::find_if(
        codes.begin(), codes.end(), [result](Code const& known) { return known.result == result; });
    return code == codes.end() ? Outcome::Unknown : code->outcome;
}

std::string_view meaning_of(std::int32_t result) {
    auto const code = std::find_if(
        codes.begin(), codes.end(), [result](Code const& known) { return known.result == result; });
    return code == codes.end() ? std::string_view{} : code->meaning;
}

std::string_view to_string(ReplyError error) {
    switch (error) {
    case ReplyError::TooLarge: return "the answer is larger than any answer of this protocol";
    case ReplyError::NotXml: return "the answer is not XML";
    case ReplyError::UnknownRoot:
        return "the answer's root is neither response nor commandResponse";
    case ReplyError::Ambiguous: return "the answer says the same thing twice";
    case ReplyError::NoTransaction: return "the answer names no transaction";
    case ReplyError::OtherTransaction: return "the answer names another transaction";
    case ReplyError::NoResult: return "the answer has no result";
    case ReplyError::ResultNotANumber: return "the answer's result is not a number";
    case ReplyError::OtherSum: return "the answer names another sum";
    case ReplyError::NumberTooLong: return "the provider's number of the payment is too long";
    }
    return "";
}

Result<Reply, ReplyError> decode_reply(std::string_view body, std::string_view txn_id, Money sum) {
    if (body.size() > reply_size_max)
        return fail(ReplyError::TooLarge);
    pugi::xml_document document;
    if (!document.load_buffer(body.data(), body.size(), pugi::parse_default))
        return fail(ReplyError::NotXml);
    TRY(pugi::xml_node const root, only_root(document));

    TRY(std::string_view const answered, find_txn_id(root));
    if (without_zeros(answered) != without_zeros(txn_id))
        return fail(ReplyError::OtherTransaction);
    TRY(std::int32_t const result, read_result(root));
    TRY(auto const sum_text, single(root, "sum"));
    TRY(auto const provider_txn, single(root, "prv_txn"));
    TRY(auto const comment, single(root, "comment"));

    Reply reply{
        .txn_id = std::string{answered},
        .provider_txn = clean(provider_txn.value_or("")),
        .sum = std::nullopt,
        .result = result,
        .comment = clean(comment.value_or("")),
        .fields = read_fields(root)};
    if (reply.provider_txn.size() > provider_txn_size_max)
        return fail(ReplyError::NumberTooLong);
    if (sum_text && !sum_text->empty()) {
        auto const read = decode_sum(*sum_text);
        // A refusal may say 0.00: nothing was credited.
        if (outcome_of(result) == Outcome::FinalOk && (!read || *read != sum))
            return fail(ReplyError::OtherSum);
        if (read)
            reply.sum = *read;
    }
    return reply;
}

std::string encode(Reply const& reply) {
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    pugi::xml_node root = document.append_child("response");
    auto const put = [&root](char const* name, std::string const& text) {
        root.append_child(name).text().set(text.c_str());
    };
    put("osmp_txn_id", reply.txn_id);
    if (!reply.provider_txn.empty())
        put("prv_txn", reply.provider_txn);
    if (reply.sum)
        put("sum", protocol::to_decimal(*reply.sum));
    put("result", std::to_string(reply.result));
    if (!reply.comment.empty())
        put("comment", reply.comment);
    if (!reply.fields.empty()) {
        pugi::xml_node fields = root.append_child("fields");
        std::size_t number = 0;
        for (Field const& field : reply.fields) {
            pugi::xml_node element =
                fields.append_child(("field" + std::to_string(++number)).c_str());
            element.append_attribute("name") = field.name.c_str();
            element.text().set(field.value.c_str());
        }
    }
    std::ostringstream text;
    document.save(text, "", pugi::format_raw, pugi::encoding_utf8);
    return text.str();
}

} // namespace fleet::gateways::osmp
