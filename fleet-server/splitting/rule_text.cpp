#include <toml++/toml.h>
#include <algorithm>
#include <set>

#include "fleet-server/splitting/rate.hpp"
#include "fleet-server/splitting/rule.hpp"
#include "protocol/money/amount_text.hpp"

namespace fleet::splitting {

using protocol::Complaint;
using protocol::fail;
using protocol::Result;

namespace {

constexpr std::size_t name_size_max = 32;
constexpr std::uint32_t ppm_whole = 1'000'000;

std::string line_of(toml::source_region const& source) {
    return "line " + std::to_string(source.begin.line);
}

/// Reads the parsed text into a Rule, collecting every complaint on the way.
class Reader {
public:
    explicit Reader(toml::table const& root) : root_{root} {}

    Result<Rule, std::vector<Complaint>> read() {
        know_only(root_, {"effective_from", "receivers", "steps"});
        read_effective_from();
        read_receivers();
        read_steps();
        check_whole();
        if (!complaints_.empty())
            return fail(std::move(complaints_));
        return std::move(rule_);
    }

private:
    void complain(toml::node const& where, std::string problem, std::string cure) {
        complaints_.push_back({line_of(where.source()), std::move(problem), std::move(cure)});
    }
    void know_only(toml::table const& table, std::set<std::string_view> const& known) {
        for (auto const& [key, node] : table)
            if (!known.contains(key.str()))
                complain(
                    node,
                    "'" + std::string{key.str()} + "' means nothing here",
                    "remove it or correct its spelling");
    }

    void read_effective_from();
    void read_receivers();
    void read_receiver(std::string const& name, toml::table const& table);
    void read_withheld(
        toml::table const& table, protocol::commission::InternalCommission& withheld);
    void read_steps();
    void read_step(toml::table const& step);
    void read_weights(toml::table const& step);
    void check_whole();

    std::optional<std::string> text(toml::table const& table, std::string_view key);
    std::optional<Money> amount(toml::table const& table, std::string_view key);
    std::optional<std::uint32_t> rate(toml::table const& table, std::string_view key);
    std::optional<std::size_t> receiver(toml::node const& where, std::string_view name);

    toml::table const& root_;
    Rule rule_;
    std::vector<Complaint> complaints_;
};

std::optional<std::string> Reader::text(toml::table const& table, std::string_view key) {
    auto const* const node = table.get(key);
    if (!node) {
        complain(
            table,
            "'" + std::string{key} + "' is missing",
            "add " + std::string{key} + " = \"...\"");
        return std::nullopt;
    }
    auto const value = node->value_exact<std::string>();
    if (!value)
        complain(*node, "'" + std::string{key} + "' is not text", "write it in quotation marks");
    return value;
}

std::optional<Money> Reader::amount(toml::table const& table, std::string_view key) {
    auto const written = text(table, key);
    if (!written)
        return std::nullopt;
    auto const money = protocol::parse_amount(*written);
    if (money && !money->is_negative())
        return *money;
    complain(
        *table.get(key),
        money ? "'" + std::string{key} + "' is negative"
              : std::string{protocol::describe(money.error())},
        "write roubles and kopecks: \"15.00\"");
    return std::nullopt;
}

std::optional<std::uint32_t> Reader::rate(toml::table const& table, std::string_view key) {
    auto const written = text(table, key);
    if (!written)
        return std::nullopt;
    if (auto const read = read_rate(*written))
        return read->ppm;
    complain(
        *table.get(key),
        "'" + *written + "' is not a rate",
        "write percent with at most four decimals, 0 to 100: \"0.4 %\"");
    return std::nullopt;
}

std::optional<std::size_t> Reader::receiver(toml::node const& where, std::string_view name) {
    auto const found =
        std::find_if(rule_.receivers.begin(), rule_.receivers.end(), [&](Receiver const& r) {
            return r.name == name;
        });
    if (found != rule_.receivers.end())
        return static_cast<std::size_t>(found - rule_.receivers.begin());
    complain(
        where,
        "there is no receiver '" + std::string{name} + "'",
        "add [receivers." + std::string{name} + "] or correct the name");
    return std::nullopt;
}

void Reader::read_effective_from() {
    using namespace std::chrono;
    auto const* const node = root_.get("effective_from");
    char const* const cure =
        "write effective_from = 2010-02-01 (midnight UTC) or 2010-02-01T00:00:00+03:00";
    if (!node)
        return complain(root_, "'effective_from' is missing", cure);
    auto const days_of = [&](toml::date const& date) -> std::optional<sys_days> {
        auto const day =
            year_month_day{year{date.year}, month{date.month}, std::chrono::day{date.day}};
        return day.ok() ? std::optional{sys_days{day}} : std::nullopt;
    };
    if (auto const date = node->value_exact<toml::date>()) {
        if (auto const days = days_of(*date)) {
            rule_.effective_from = *days;
            return;
        }
    } else if (auto const moment = node->value_exact<toml::date_time>(); moment && moment->offset) {
        if (auto const days = days_of(moment->date)) {
            rule_.effective_from = *days + hours{moment->time.hour} + minutes{moment->time.minute} +
                                   seconds{moment->time.second} - minutes{moment->offset->minutes};
            return;
        }
    }
    complain(*node, "'effective_from' is not a date, nor a time with its offset", cure);
}

void Reader::read_withheld(
    toml::table const& table, protocol::commission::InternalCommission& withheld) {
    know_only(table, {"rate", "minimum", "maximum"});
    withheld.rate.ppm = rate(table, "rate").value_or(0);
    if (table.contains("minimum"))
        withheld.minimum = amount(table, "minimum").value_or(protocol::rub(0));
    if (table.contains("maximum"))
        withheld.maximum = amount(table, "maximum");
    if (withheld.maximum && withheld.maximum->minor() < withheld.minimum.minor())
        complain(table, "the maximum is below the minimum", "exchange them");
}

void Reader::read_receiver(std::string const& name, toml::table const& table) {
    know_only(table, {"inn", "withheld"});
    auto const is_name_character = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    if (name.empty() || name.size() > name_size_max ||
        !std::all_of(name.begin(), name.end(), is_name_character))
        complain(
            table,
            "'" + name + "' is not a name for a receiver",
            "use at most 32 Latin letters, digits, - and _");
    Receiver receiver{name, text(table, "inn").value_or(""), {}};
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (table.contains("inn") && ((receiver.inn.size() != 10 && receiver.inn.size() != 12) ||
                                  !std::all_of(receiver.inn.begin(), receiver.inn.end(), is_digit)))
        complain(*table.get("inn"), "an INN has 10 or 12 digits", "correct the INN");
    for (Receiver const& other : rule_.receivers)
        if (other.inn == receiver.inn && !receiver.inn.empty())
            complain(
                table,
                "'" + name + "' and '" + other.name + "' have one INN",
                "make them one receiver");
    if (auto const* const withheld = table.get("withheld")) {
        if (auto const* const terms = withheld->as_table())
            read_withheld(*terms, receiver.withheld);
        else
            complain(
                *withheld, "'withheld' is not a table", "write withheld = { rate = \"0.4 %\" }");
    }
    rule_.receivers.push_back(std::move(receiver));
}

void Reader::read_receivers() {
    auto const* const receivers = root_.get_as<toml::table>("receivers");
    if (!receivers || receivers->empty())
        return complain(root_, "there are no receivers", "add [receivers.NAME] with its inn");
    // The library keeps keys by alphabet; the order of the text decides ties of rounding.
    std::vector<std::pair<std::string, toml::node const*>> ordered;
    for (auto const& [key, node] : *receivers)
        ordered.emplace_back(key.str(), &node);
    std::stable_sort(ordered.begin(), ordered.end(), [](auto const& left, auto const& right) {
        auto const& l = left.second->source().begin;
        auto const& r = right.second->source().begin;
        return std::pair{l.line, l.column} < std::pair{r.line, r.column};
    });
    if (ordered.size() > receivers_max)
        return complain(
            *receivers,
            std::to_string(ordered.size()) + " receivers",
            "a rule has at most " + std::to_string(receivers_max));
    for (auto const& [name, node] : ordered) {
        if (auto const* const table = node->as_table())
            read_receiver(name, *table);
        else
            complain(
                *node, "receiver '" + name + "' is not a table", "write [receivers." + name + "]");
    }
}

void Reader::read_weights(toml::table const& step) {
    know_only(step, {"kind", "weights"});
    auto const* const weights = step.get_as<toml::table>("weights");
    if (!weights || weights->empty())
        return complain(step, "'weights' is missing", "write weights = { water = 70, heat = 30 }");
    Allocate allocate;
    std::uint64_t sum = 0;
    for (auto const& [key, node] : *weights) {
        auto const weight = node.value_exact<std::int64_t>();
        if (!weight || *weight < 1 || *weight > 0xFFFF'FFFF) {
            complain(
                node,
                "the weight of '" + std::string{key.str()} + "' is not a whole number above 0",
                "write a number from 1 to 4294967295");
            continue;
        }
        sum += static_cast<std::uint64_t>(*weight);
        if (auto const index = receiver(node, key.str())) {
            allocate.to.push_back(*index);
            allocate.weights.push_back(static_cast<std::uint32_t>(*weight));
        }
    }
    if (sum > (std::uint64_t{1} << 32U))
        complain(
            *weights,
            "the weights add up to " + std::to_string(sum),
            "make them smaller: at most 4294967296 together");
    std::vector<std::pair<std::size_t, std::uint32_t>> pairs;
    for (std::size_t i = 0; i < allocate.to.size(); ++i)
        pairs.emplace_back(allocate.to[i], allocate.weights[i]);
    std::sort(pairs.begin(), pairs.end());
    for (std::size_t i = 0; i < pairs.size(); ++i)
        std::tie(allocate.to[i], allocate.weights[i]) = pairs[i];
    rule_.steps.emplace_back(std::move(allocate));
}

void Reader::read_step(toml::table const& step) {
    auto const kind = text(step, "kind");
    if (!kind)
        return;
    if (*kind == "allocate")
        return read_weights(step);
    std::optional<std::size_t> to;
    if (auto const name = text(step, "to"))
        to = receiver(*step.get("to"), *name);
    if (*kind == "remainder") {
        know_only(step, {"kind", "to"});
        rule_.steps.emplace_back(Remainder{to.value_or(0)});
    } else if (*kind == "fixed") {
        know_only(step, {"kind", "to", "amount"});
        auto const sum = amount(step, "amount");
        if (sum && sum->is_zero())
            complain(*step.get("amount"), "the amount is 0", "write an amount or remove the step");
        rule_.steps.emplace_back(Fixed{to.value_or(0), sum.value_or(protocol::rub(0))});
    } else if (*kind == "percent") {
        know_only(step, {"kind", "to", "rate", "base", "round"});
        Percent percent{to.value_or(0), rate(step, "rate").value_or(0)};
        auto const base = text(step, "base");
        if (base && *base != "credited" && *base != "rest")
            complain(
                *step.get("base"), "'" + *base + "' is no base", "write \"credited\" or \"rest\"");
        percent.base = base == "rest" ? Base::Rest : Base::Credited;
        // Rounding has no default on purpose: whoever writes the rule decides whose kopeck it is.
        auto const round = text(step, "round");
        if (round && *round != "floor" && *round != "half-up")
            complain(
                *step.get("round"),
                "'" + *round + "' is no rounding",
                "write \"floor\" or \"half-up\"");
        percent.rounding = round == "half-up" ? Rounding::HalfUp : Rounding::Floor;
        rule_.steps.emplace_back(percent);
    } else {
        complain(
            *step.get("kind"),
            "there is no step '" + *kind + "'",
            "use fixed, percent, allocate or remainder");
    }
}

void Reader::read_steps() {
    auto const* const steps = root_.get_as<toml::array>("steps");
    if (!steps || steps->empty())
        return complain(root_, "there are no steps", "add [[steps]] with kind = \"remainder\"");
    if (steps->size() > steps_max)
        return complain(
            *steps,
            std::to_string(steps->size()) + " steps",
            "a rule has at most " + std::to_string(steps_max));
    for (auto const& node : *steps) {
        if (auto const* const step = node.as_table())
            read_step(*step);
        else
            complain(node, "a step is not a table", "write [[steps]]");
    }
    auto const is_remainder = [](Step const& s) { return std::holds_alternative<Remainder>(s); };
    auto const remainders = std::count_if(rule_.steps.begin(), rule_.steps.end(), is_remainder);
    if (remainders != 1 || rule_.steps.empty() || !is_remainder(rule_.steps.back()))
        complain(
            *steps,
            remainders == 0 ? "nobody gets the remainder"
                            : "the remainder is not given once, at the end",
            "make the last step kind = \"remainder\", and only that one");
}

/// What no single line shows.
void Reader::check_whole() {
    std::uint64_t credited_ppm = 0;
    std::set<std::size_t> used;
    for (Step const& step : rule_.steps) {
        if (auto const* const percent = std::get_if<Percent>(&step)) {
            credited_ppm += percent->base == Base::Credited ? percent->ppm : 0;
            used.insert(percent->to);
        } else if (auto const* const fixed = std::get_if<Fixed>(&step)) {
            used.insert(fixed->to);
        } else if (auto const* const remainder = std::get_if<Remainder>(&step)) {
            used.insert(remainder->to);
        } else if (auto const* const allocate = std::get_if<Allocate>(&step)) {
            used.insert(allocate->to.begin(), allocate->to.end());
        }
    }
    if (credited_ppm > ppm_whole)
        complaints_.push_back(
            {"steps",
             "the percents of the credited sum add up to " +
                 to_string(protocol::commission::Rate{static_cast<std::uint32_t>(credited_ppm)}),
             "make them 100 % at most"});
    for (std::size_t index = 0; index < rule_.receivers.size() && complaints_.empty(); ++index)
        if (!used.contains(index))
            complaints_.push_back(
                {"steps",
                 "'" + rule_.receivers[index].name + "' never gets anything",
                 "give it a step or remove the receiver"});
}

} // namespace

Result<Rule, std::vector<Complaint>> read_rule(std::string_view text) {
    if (text.size() > rule_text_max)
        return fail(std::vector{Complaint{
            "the rule",
            std::to_string(text.size()) + " bytes",
            "a rule has at most " + std::to_string(rule_text_max)}});
    try {
        auto const root = toml::parse(text);
        return Reader{root}.read();
    } catch (toml::parse_error const& error) {
        return fail(std::vector{Complaint{
            line_of(error.source()),
            std::string{error.description()},
            "see toml.io for the syntax"}});
    }
}

} // namespace fleet::splitting
