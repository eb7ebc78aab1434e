#include "fleet-server/splitting/step_text.hpp"

#include <algorithm>
#include <set>

#include "fleet-server/splitting/rate.hpp"
#include "protocol/money/allocate.hpp"
#include "protocol/money/amount_text.hpp"

namespace fleet::splitting {

using protocol::settings::Range;
using protocol::settings::Section;

namespace {

constexpr std::int64_t weight_max = 0xFFFF'FFFF;
constexpr std::size_t class_size_max = 120; ///< Bytes of a service's name.
constexpr std::size_t classes_max = 64;

std::size_t receiver(Section const& section, std::string_view key, Rule const& rule) {
    auto const name = section.text(key);
    auto const found =
        std::find_if(rule.receivers.begin(), rule.receivers.end(), [&](Receiver const& r) {
            return r.name == name;
        });
    if (found != rule.receivers.end())
        return static_cast<std::size_t>(found - rule.receivers.begin());
    section.complain(
        key, "there is no receiver '" + name + "'", "add it to [[receivers]] or correct the name");
    return 0;
}

std::optional<Money> amount_if_any(Section const& section, std::string_view key) {
    if (!section.has(key))
        return std::nullopt;
    return read_amount(section, key, true);
}

Money needed_amount(Section const& section, std::string_view key) {
    Money const amount = read_amount(section, key, true);
    if (amount.is_zero())
        section.complain(key, "the amount is 0", "write an amount or remove the step");
    return amount;
}

Allocate read_allocate(Section const& section, Rule const& rule) {
    auto const shares = section.sections("shares");
    if (shares.empty() || shares.size() > receivers_max)
        section.complain(
            "shares",
            "there are " + std::to_string(shares.size()) + " shares",
            "write shares = [{ to = \"water\", weight = 70 }, ...], at most " +
                std::to_string(receivers_max));
    Allocate allocate;
    std::uint64_t sum = 0;
    for (Section const& share : shares) {
        allocate.to.push_back(receiver(share, "to", rule));
        allocate.weights.push_back(
            static_cast<std::uint32_t>(share.number("weight", Range{1, weight_max})));
        sum += allocate.weights.back();
    }
    if (sum > protocol::weights_sum_max)
        section.complain(
            "shares",
            "the weights add up to " + std::to_string(sum),
            "make them smaller: at most " + std::to_string(protocol::weights_sum_max) +
                " together");
    allocate.residues = section.choice("residue", {"none", "carry"}, "none") == "carry"
                            ? Residues::Carry
                            : Residues::None;
    return allocate;
}

Percent read_percent(Section const& section, Rule const& rule) {
    Percent percent;
    percent.to = receiver(section, "to", rule);
    percent.ppm = read_rate_of(section);
    // Base and rounding have no default on purpose: whoever writes the rule decides whose kopeck
    // it is.
    auto const base = section.choice("base", {"credited", "start", "rest"}, "");
    percent.base = base == "rest" ? Base::Rest : base == "start" ? Base::Start : Base::Credited;
    percent.rounding = section.choice("round", {"floor", "half-up"}, "") == "half-up"
                           ? Rounding::HalfUp
                           : Rounding::Floor;
    percent.minimum = read_amount(section, "minimum", false);
    percent.maximum = amount_if_any(section, "maximum");
    if (percent.maximum && percent.maximum->minor() < percent.minimum.minor())
        section.complain("maximum", "the maximum is below the minimum", "exchange them");
    return percent;
}

Debts read_debts(Section const& section, Rule const& rule) {
    Debts debts;
    std::set<std::string> names;
    for (Section const& one : section.sections("classes")) {
        auto name = one.text("name");
        if (name.empty() || name.size() > class_size_max || !names.insert(name).second)
            one.complain(
                "name",
                "'" + name + "' is empty, too long, or named twice",
                "write each service once, as the charge register calls it");
        debts.classes.push_back({std::move(name), receiver(one, "to", rule)});
    }
    if (section.has("others"))
        debts.others = receiver(section, "others", rule);
    if (debts.classes.size() > classes_max || (debts.classes.empty() && !debts.others))
        section.complain(
            "classes",
            std::to_string(debts.classes.size()) + " classes of debts, and no others",
            "write classes = [{ name = \"water\", to = \"uk\" }, ...] or others = \"uk\"");
    debts.within = section.choice("within", {"by-date", "pro-rata"}, "by-date") == "pro-rata"
                       ? Debts::Within::ProRata
                       : Debts::Within::ByDate;
    debts.penalties = section.choice("penalties", {"last", "in-turn"}, "last") == "in-turn"
                          ? Debts::Penalties::InTurn
                          : Debts::Penalties::Last;
    debts.limit = amount_if_any(section, "limit");
    return debts;
}

Cap read_cap(Section const& section, Rule const& rule) {
    Cap cap;
    cap.to = receiver(section, "to", rule);
    auto const period = section.choice("period", {"day", "month", "year"}, "");
    cap.period = period == "day" ? Period::Day : period == "month" ? Period::Month : Period::Year;
    cap.amount = needed_amount(section, "amount");
    return cap;
}

} // namespace

Money read_amount(Section const& section, std::string_view key, bool is_needed) {
    auto const text = is_needed ? section.text(key) : section.text(key, "");
    if (text.empty())
        return protocol::rub(0);
    auto const amount = protocol::parse_amount(text);
    if (amount && !amount->is_negative())
        return *amount;
    section.complain(
        key,
        amount ? "the amount is negative" : std::string{describe(amount.error())},
        "write roubles and kopecks: \"15.00\"");
    return protocol::rub(0);
}

std::uint32_t read_rate_of(Section const& section) {
    auto const text = section.text("rate");
    auto const rate = read_rate(text);
    if (!rate)
        section.complain(
            "rate",
            "'" + text + "' is not a rate",
            "write percent with at most four decimals, 0 to 100: \"0.4 %\"");
    return rate.value_or(protocol::commission::Rate{}).ppm;
}

Step read_step(Section const& section, Rule const& rule) {
    auto const kind = section.text("kind");
    if (kind == "allocate")
        return read_allocate(section, rule);
    if (kind == "percent")
        return read_percent(section, rule);
    if (kind == "debts")
        return read_debts(section, rule);
    if (kind == "cap")
        return read_cap(section, rule);
    if (kind == "fixed")
        return Fixed{receiver(section, "to", rule), needed_amount(section, "amount")};
    if (kind != "remainder")
        section.complain(
            "kind",
            "there is no step '" + kind + "'",
            "use fixed, percent, debts, cap, allocate or remainder");
    return Remainder{receiver(section, "to", rule)};
}

std::vector<std::size_t> receivers_of(Step const& step) {
    if (auto const* const allocate = std::get_if<Allocate>(&step))
        return allocate->to;
    if (auto const* const debts = std::get_if<Debts>(&step)) {
        std::vector<std::size_t> all;
        for (Debts::Class const& one : debts->classes)
            all.push_back(one.to);
        if (debts->others)
            all.push_back(*debts->others);
        return all;
    }
    if (auto const* const percent = std::get_if<Percent>(&step))
        return {percent->to};
    if (auto const* const fixed = std::get_if<Fixed>(&step))
        return {fixed->to};
    if (auto const* const remainder = std::get_if<Remainder>(&step))
        return {remainder->to};
    return {}; // A cap gives nothing.
}

} // namespace fleet::splitting
