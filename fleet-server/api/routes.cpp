#include "fleet-server/api/routes.hpp"

#include <array>

#include "fleet-server/charges/charge_file.hpp"
#include "fleet-server/splitting/rule.hpp"

namespace fleet::api {

namespace {

using protocol::fail;

constexpr std::size_t small = 64UL * 1024; // Provider files and enrolments have one kilobyte.

constexpr std::array all{
    Route{Method::Get, "/openapi.json", Access::Anyone, Status::Ok, 0, nullptr},
    Route{Method::Get, "/metrics", Access::Anyone, Status::Ok, 0, nullptr},
    Route{Method::Get, "/status", Access::Operator, Status::Ok, 0, show_status},

    Route{Method::Get, "/providers", Access::Operator, Status::Ok, 0, list_providers},
    Route{Method::Post, "/providers", Access::Operator, Status::Created, small, create_provider},
    Route{Method::Get, "/providers/{provider}", Access::Operator, Status::Ok, 0, show_provider},
    Route{Method::Get, "/providers/{provider}/rule", Access::Operator, Status::Ok, 0, show_rule},
    Route{
        Method::Put,
        "/providers/{provider}/rule",
        Access::Operator,
        Status::Created,
        splitting::rule_text_max,
        set_rule},
    Route{
        Method::Get,
        "/providers/{provider}/charges",
        Access::Operator,
        Status::Ok,
        0,
        list_charges},
    Route{
        Method::Post,
        "/providers/{provider}/charges",
        Access::Operator,
        Status::Created,
        charges::file_size_max,
        import_charges},
    Route{
        Method::Get,
        "/providers/{provider}/accounts/{account}",
        Access::Operator,
        Status::Ok,
        0,
        show_account},
    Route{
        Method::Get,
        "/providers/{provider}/registers",
        Access::Operator,
        Status::Ok,
        0,
        list_registers},
    Route{
        Method::Post,
        "/providers/{provider}/registers",
        Access::Operator,
        Status::Created,
        small,
        write_register},

    Route{Method::Get, "/kiosks", Access::Operator, Status::Ok, 0, list_kiosks},
    Route{Method::Post, "/kiosks", Access::Operator, Status::Created, small, enrol_kiosk},
    Route{
        Method::Post,
        "/kiosks/{kiosk}/release",
        Access::Operator,
        Status::Ok,
        small,
        release_kiosk},

    Route{Method::Get, "/payments", Access::Operator, Status::Ok, 0, list_payments},
    Route{Method::Get, "/payments/{payment}", Access::Operator, Status::Ok, 0, show_payment},
    Route{Method::Get, "/outbox", Access::Operator, Status::Ok, 0, list_outbox},
    Route{Method::Get, "/discrepancies", Access::Operator, Status::Ok, 0, list_discrepancies},

    Route{
        Method::Get, "/ledger/trial-balance", Access::Operator, Status::Ok, 0, show_trial_balance},
    Route{Method::Get, "/ledger/verification", Access::Operator, Status::Ok, 0, verify_books},
    Route{Method::Get, "/audit", Access::Operator, Status::Ok, 0, list_audit},
};

std::optional<unsigned> hex_digit(char symbol) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::size_t const at = digits.find(
        symbol >= 'A' && symbol <= 'F' ? static_cast<char>(symbol - 'A' + 'a') : symbol);
    return at == std::string_view::npos ? std::nullopt : std::optional{static_cast<unsigned>(at)};
}

std::string unescape(std::string_view text) {
    std::string plain;
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
        plain += text[at];
    }
    return plain;
}

std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(path.starts_with('/') ? 1 : 0);
    std::string_view const segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

std::optional<std::map<std::string, std::string>> match(
    std::string_view pattern, std::string_view path) {
    std::map<std::string, std::string> names;
    while (!pattern.empty() && !path.empty()) {
        std::string_view const wanted = take_segment(pattern);
        std::string_view const given = take_segment(path);
        if (wanted.starts_with('{') && !given.empty())
            names.emplace(wanted.substr(1, wanted.size() - 2), unescape(given));
        else if (wanted != given)
            return std::nullopt;
    }
    if (!pattern.empty() || !path.empty())
        return std::nullopt;
    return names;
}

} // namespace

std::span<Route const> routes() {
    return all;
}

std::string_view name(Method method) {
    switch (method) {
    case Method::Get: return "GET";
    case Method::Post: return "POST";
    case Method::Put: return "PUT";
    }
    return "";
}

Outcome<Match> find_route(std::string_view method, std::string_view path) {
    bool is_path_known = false;
    for (Route const& route : all) {
        auto names = match(route.path, path);
        if (names && name(route.method) == method)
            return Match{&route, std::move(*names)};
        is_path_known |= names.has_value();
    }
    std::string const call = std::string{method} + " " + std::string{path};
    if (is_path_known)
        return fail(refusal(
            Status::MethodNotAllowed,
            Complaint{call, "the resource has no such method", "see GET /openapi.json"}));
    return fail(refusal(
        Status::NotFound, Complaint{call, "there is no such resource", "see GET /openapi.json"}));
}

} // namespace fleet::api
