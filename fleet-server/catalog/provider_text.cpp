#include <algorithm>
#include <nlohmann/json.hpp>

#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/splitting/rate.hpp"
#include "protocol/account/account.hpp"
#include "protocol/money/amount_text.hpp"

namespace fleet::catalog {

using nlohmann::json;
using protocol::fail;
using protocol::Result;
using protocol::commission::Channel;
using protocol::commission::Tariff;

namespace {

constexpr std::size_t file_size_max = 64UL * 1024;
constexpr std::size_t text_size_max = 512; ///< As protocol/wire takes it.
constexpr std::size_t name_size_max = 320; ///< 160 Cyrillic letters, as in a bill's QR.
/// Where nothing is written: one rouble, because smaller sums are mostly mistakes, and the sum up
/// to which nobody asks for a passport (115-FZ).
constexpr std::int64_t payment_min_default = 1'00;
constexpr std::int64_t payment_max_default = 15'000'00;

struct ChannelName {
    char const* name;
    Channel channel;
};
constexpr ChannelName channels[] = {
    {"cash", Channel::Cash}, {"card", Channel::Card}, {"sbp", Channel::Sbp}, {"web", Channel::Web}};

class Reader {
public:
    explicit Reader(json const& root) : root_{root} {}

    Result<Provider, Complaints> read() {
        know_only(
            root_,
            "",
            {"name",
             "inn",
             "kpp",
             "account",
             "bank",
             "bic",
             "correspondent_account",
             "category",
             "mask",
             "phone",
             "payment_min",
             "payment_max",
             "tariffs",
             "osmp"});
        auto& shown = provider_.shown;
        shown.name = text("name", Need::Must);
        if (shown.name.size() > name_size_max)
            complain("name", "it is too long", "write at most 160 letters");
        shown.inn = digits("inn", {10, 12}, Need::Must);
        shown.bank_account = digits("account", {20}, Need::Must);
        shown.bic = digits("bic", {9}, Need::Must);
        provider_.kpp = digits("kpp", {9}, Need::May);
        provider_.correspondent_account = digits("correspondent_account", {20}, Need::May);
        provider_.bank = text("bank", Need::May);
        shown.category = text("category", Need::May);
        shown.phone = text("phone", Need::May);
        read_mask();
        shown.payment_min =
            amount(root_, "payment_min", "").value_or(protocol::rub(payment_min_default));
        shown.payment_max =
            amount(root_, "payment_max", "").value_or(protocol::rub(payment_max_default));
        if (!shown.payment_min.is_positive() ||
            shown.payment_max.minor() < shown.payment_min.minor())
            complain(
                "payment_min",
                "the limits do not leave a sum to pay",
                "write 0 < payment_min <= payment_max");
        read_tariffs();
        read_osmp();
        if (!complaints_.empty())
            return fail(std::move(complaints_));
        return std::move(provider_);
    }

private:
    enum class Need : std::uint8_t { Must, May };

    void complain(std::string place, std::string problem, std::string cure) {
        complaints_.push_back({std::move(place), std::move(problem), std::move(cure)});
    }
    void know_only(
        json const& object, std::string const& path,
        std::initializer_list<std::string_view> known) {
        for (auto const& [key, value] : object.items())
            if (std::find(known.begin(), known.end(), key) == known.end())
                complain(
                    path + key, "this key means nothing here", "remove it or correct its spelling");
    }

    std::string text(char const* key, Need need) {
        auto const found = root_.find(key);
        if (found == root_.end()) {
            if (need == Need::Must)
                complain(key, "it is missing", std::string{"add \""} + key + "\": \"...\"");
            return {};
        }
        if (!found->is_string()) {
            complain(key, "it is not text", "write it in quotation marks");
            return {};
        }
        auto value = found->get<std::string>();
        bool const has_control = std::any_of(value.begin(), value.end(), [](char c) {
            return static_cast<unsigned char>(c) < ' ' || c == 0x7F;
        });
        if (has_control || value.size() > text_size_max || (need == Need::Must && value.empty()))
            complain(
                key, "it is empty, too long, or holds a control character", "correct the text");
        return value;
    }
    std::string digits(char const* key, std::initializer_list<std::size_t> sizes, Need need) {
        auto value = text(key, need);
        if (value.empty())
            return value;
        bool const is_size = std::find(sizes.begin(), sizes.end(), value.size()) != sizes.end();
        if (!is_size ||
            !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
            complain(
                key, "'" + value + "' has another shape", "write " + in_words(sizes) + " digits");
        return value;
    }
    static std::string in_words(std::initializer_list<std::size_t> sizes) {
        std::string words;
        for (std::size_t const size : sizes)
            words += (words.empty() ? "" : " or ") + std::to_string(size);
        return words;
    }
    std::optional<Money> amount(json const& object, char const* key, std::string const& path) {
        auto const found = object.find(key);
        if (found == object.end())
            return std::nullopt;
        char const* const cure = "write roubles and kopecks as text: \"15.00\"";
        if (!found->is_string()) {
            complain(path + key, "it is not text", cure);
            return std::nullopt;
        }
        auto const money = protocol::parse_amount(found->get_ref<std::string const&>());
        if (!money || money->is_negative()) {
            complain(
                path + key, money ? "it is negative" : std::string{describe(money.error())}, cure);
            return std::nullopt;
        }
        return *money;
    }

    void read_mask() {
        provider_.shown.account_mask = root_.contains("mask") ? text("mask", Need::Must) : "*";
        if (!protocol::account::Mask::parse(provider_.shown.account_mask))
            complain(
                "mask",
                "'" + provider_.shown.account_mask + "' is not a mask",
                "write A for a letter, 9 for a digit, # for either, * for the rest: \"A999A999\"");
    }
    void read_tariffs();
    void read_tariff(std::string const& path, json const& object, Channel channel);
    void read_osmp();

    json const& root_;
    Provider provider_;
    Complaints complaints_;
};

void Reader::read_tariff(std::string const& path, json const& object, Channel channel) {
    if (!object.is_object())
        return complain(path, "it is not an object", "write {\"rate\": \"1 %\"}");
    know_only(object, path, {"rate", "fixed", "minimum", "maximum"});
    Tariff tariff;
    if (auto const rate = object.find("rate"); rate != object.end()) {
        auto const read = rate->is_string()
                              ? splitting::read_rate(rate->get_ref<std::string const&>())
                              : std::nullopt;
        if (!read)
            complain(path + "rate", "it is not a rate", "write percent as text: \"1 %\"");
        tariff.rate = read.value_or(tariff.rate);
    }
    tariff.fixed = amount(object, "fixed", path).value_or(protocol::rub(0));
    tariff.minimum = amount(object, "minimum", path).value_or(protocol::rub(0));
    tariff.maximum = amount(object, "maximum", path);
    if (!protocol::commission::check(tariff))
        complain(
            path,
            "this tariff is impossible",
            "make minimum <= maximum and the rate less than 100 %");
    provider_.shown.tariffs[channel] = tariff;
}

void Reader::read_tariffs() {
    // Cash is what kiosks take; a provider without a word about it costs the payer nothing.
    provider_.shown.tariffs[Channel::Cash] = Tariff{};
    auto const tariffs = root_.find("tariffs");
    if (tariffs == root_.end())
        return;
    if (!tariffs->is_object())
        return complain("tariffs", "it is not an object", "write {\"cash\": {\"rate\": \"1 %\"}}");
    know_only(*tariffs, "tariffs.", {"cash", "card", "sbp", "web"});
    for (auto const& [name, channel] : channels)
        if (auto const found = tariffs->find(name); found != tariffs->end())
            read_tariff(std::string{"tariffs."} + name + ".", *found, channel);
}

void Reader::read_osmp() {
    auto const osmp = root_.find("osmp");
    if (osmp == root_.end())
        return;
    auto const url = osmp->is_object() ? osmp->find("url") : osmp->end();
    if (!osmp->is_object() || url == osmp->end() || !url->is_string())
        return complain("osmp", "its url is missing", "write {\"url\": \"https://...\"}");
    know_only(*osmp, "osmp.", {"url"});
    provider_.osmp_url = url->get<std::string>();
    bool const is_http =
        provider_.osmp_url.starts_with("http://") || provider_.osmp_url.starts_with("https://");
    if (!is_http || provider_.osmp_url.size() > text_size_max)
        complain("osmp.url", "it is not an address", "begin it with https:// or http://");
}

std::string place_of(std::string_view text, std::size_t byte) {
    auto const before = text.substr(0, std::min(byte, text.size()));
    return "line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n'));
}

} // namespace

Result<Provider, Complaints> read_provider(std::string_view text) {
    if (text.size() > file_size_max)
        return fail(Complaints{
            {"the file",
             std::to_string(text.size()) + " bytes",
             "a provider's file has at most " + std::to_string(file_size_max)}});
    try {
        auto const root = json::parse(text);
        if (!root.is_object())
            return fail(
                Complaints{{"line 1", "it is not a JSON object", "write { \"name\": ... }"}});
        return Reader{root}.read();
    } catch (json::parse_error const& error) {
        return fail(Complaints{
            {place_of(text, error.byte),
             "it is not JSON: " + std::string{error.what()},
             "correct the syntax there"}});
    }
}

} // namespace fleet::catalog
