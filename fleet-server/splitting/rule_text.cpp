#include <algorithm>
#include <set>

#include "fleet-server/splitting/rate.hpp"
#include "fleet-server/splitting/rule.hpp"
#include "fleet-server/splitting/step_text.hpp"
#include "protocol/settings/settings.hpp"

namespace fleet::splitting {

using protocol::Complaint;
using protocol::fail;
using protocol::Result;
using protocol::settings::Document;
using protocol::settings::Section;

namespace {

constexpr std::size_t name_size_max = 32;
constexpr std::uint32_t ppm_whole = 1'000'000;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_';
}

/// So many digits of `text` as a number; -1 when they are not all digits.
int take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits ||
        !std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(digits), is_digit))
        return -1;
    int number = 0;
    for (std::size_t i = 0; i < digits; ++i)
        number = number * 10 + (text[i] - '0');
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted)
        return false;
    text.remove_prefix(1);
    return true;
}

using Moment = std::chrono::sys_time<std::chrono::milliseconds>;

/// "2010-02-01" or "2010-02-01T00:00+03:00".
std::optional<Moment> read_moment(std::string_view text) {
    using namespace std::chrono;
    int const y = take_number(text, 4);
    bool const first = take(text, '-');
    int const m = take_number(text, 2);
    bool const second = take(text, '-');
    int const d = take_number(text, 2);
    if (y < 0 || m < 0 || d < 0 || !first || !second)
        return std::nullopt;
    auto const date = year{y} / month{static_cast<unsigned>(m)} / day{static_cast<unsigned>(d)};
    if (!date.ok())
        return std::nullopt;
    Moment const midnight = sys_days{date};
    if (text.empty())
        return midnight;
    bool const has_time = take(text, 'T');
    int const hour = take_number(text, 2);
    bool const colon = take(text, ':');
    int const minute = take_number(text, 2);
    bool const is_west = take(text, '-');
    bool const has_offset = is_west || take(text, '+');
    int const offset_hour = take_number(text, 2);
    bool const offset_colon = take(text, ':');
    int const offset_minute = take_number(text, 2);
    bool const is_whole = has_time && colon && has_offset && offset_colon && text.empty();
    if (!is_whole || hour < 0 || hour > 23 || minute < 0 || minute > 59 || offset_hour < 0 ||
        offset_hour > 14 || offset_minute < 0 || offset_minute > 59)
        return std::nullopt;
    auto const offset = hours{offset_hour} + minutes{offset_minute};
    return midnight + hours{hour} + minutes{minute} + (is_west ? offset : -offset);
}

/// Reads the sections one by one; the Document keeps the complaints.
class Reader {
public:
    void read(Section const& root);
    /// Only worth saying when each line is good by itself.
    void check_order(Section const& root);
    void check_caps(Section const& root);
    void check_use(Section const& root);
    [[nodiscard]] Rule rule() && { return std::move(rule_); }

private:
    void read_receiver(Section const& section);

    Rule rule_;
};

protocol::commission::InternalCommission read_commission(Section const& section) {
    protocol::commission::InternalCommission commission;
    commission.rate.ppm = read_rate_of(section);
    commission.minimum = read_amount(section, "minimum", false);
    if (section.has("maximum"))
        commission.maximum = read_amount(section, "maximum", true);
    if (commission.maximum && commission.maximum->minor() < commission.minimum.minor())
        section.complain("maximum", "the maximum is below the minimum", "exchange them");
    return commission;
}

void Reader::read_receiver(Section const& section) {
    Receiver receiver{section.text("name"), section.text("inn"), {}, CommissionMode::Withheld};
    if (receiver.name.empty() || receiver.name.size() > name_size_max ||
        !std::all_of(receiver.name.begin(), receiver.name.end(), is_name_character))
        section.complain(
            "name",
            "'" + receiver.name + "' is not a name for a receiver",
            "use at most 32 Latin letters, digits, - and _");
    if ((receiver.inn.size() != 10 && receiver.inn.size() != 12) ||
        !std::all_of(receiver.inn.begin(), receiver.inn.end(), is_digit))
        section.complain("inn", "an INN has 10 or 12 digits", "correct the INN");
    for (Receiver const& other : rule_.receivers) {
        if (other.name == receiver.name)
            section.complain("name", "two receivers are named '" + other.name + "'", "rename one");
        if (other.inn == receiver.inn)
            section.complain("inn", "'" + other.name + "' has this INN", "make them one receiver");
    }
    if (section.has("withheld") && section.has("invoiced"))
        section.complain(
            "invoiced", "the commission is withheld and invoiced", "remove one of the two");
    if (section.has("withheld"))
        receiver.withheld = read_commission(section.section("withheld"));
    if (section.has("invoiced")) {
        receiver.withheld = read_commission(section.section("invoiced"));
        receiver.mode = CommissionMode::Invoiced;
    }
    rule_.receivers.push_back(std::move(receiver));
}

void Reader::check_order(Section const& root) {
    auto const is_remainder = [](Step const& s) { return std::holds_alternative<Remainder>(s); };
    auto const remainders = std::count_if(rule_.steps.begin(), rule_.steps.end(), is_remainder);
    if (remainders == 0)
        root.complain(
            "steps",
            "nobody gets the remainder",
            "make the last of [[steps]] kind = \"remainder\"");
    else if (remainders > 1 || !is_remainder(rule_.steps.back()))
        root.complain(
            "steps",
            "the remainder is not given once, at the end",
            "make the last step kind = \"remainder\", and only that one");
    else
        check_caps(root);
}

/// Whoever takes the remainder must be able to take all of it.
void Reader::check_caps(Section const& root) {
    auto const last = std::get<Remainder>(rule_.steps.back()).to;
    for (Step const& step : rule_.steps)
        if (auto const* const cap = std::get_if<Cap>(&step); cap != nullptr && cap->to == last)
            root.complain(
                "steps",
                "'" + rule_.receivers[last].name + "' takes the remainder and has a cap",
                "give the remainder to somebody else, or remove the cap");
}

/// What no single line shows.
void Reader::check_use(Section const& root) {
    std::uint64_t credited_ppm = 0;
    std::set<std::size_t> used;
    for (Step const& step : rule_.steps) {
        if (auto const* const percent = std::get_if<Percent>(&step))
            credited_ppm += percent->base == Base::Credited ? percent->ppm : 0;
        for (std::size_t const to : receivers_of(step))
            used.insert(to);
    }
    if (credited_ppm > ppm_whole)
        root.complain(
            "steps",
            "the percents of the credited sum add up to " +
                to_string(protocol::commission::Rate{static_cast<std::uint32_t>(credited_ppm)}),
            "make them 100 % at most");
    for (std::size_t index = 0; index < rule_.receivers.size(); ++index)
        if (!used.contains(index))
            root.complain(
                "receivers",
                "'" + rule_.receivers[index].name + "' never gets anything",
                "give it a step or remove it");
}

void Reader::read(Section const& root) {
    auto const from = root.text("effective_from");
    if (auto const moment = read_moment(from))
        rule_.effective_from = *moment;
    else
        root.complain(
            "effective_from",
            "'" + from + "' is not a date, nor a time with its offset",
            "write \"2010-02-01\" (midnight UTC) or \"2010-02-01T00:00+03:00\"");
    auto const receivers = root.sections("receivers");
    if (receivers.empty() || receivers.size() > receivers_max)
        return root.complain(
            "receivers",
            std::to_string(receivers.size()) + " receivers",
            "write 1 to " + std::to_string(receivers_max) + " [[receivers]]");
    for (Section const& receiver : receivers)
        read_receiver(receiver);
    auto const steps = root.sections("steps");
    if (steps.empty() || steps.size() > steps_max)
        return root.complain(
            "steps",
            std::to_string(steps.size()) + " steps",
            "write 1 to " + std::to_string(steps_max) + " [[steps]]");
    for (Section const& step : steps)
        rule_.steps.push_back(read_step(step, rule_));
}

} // namespace

Result<Rule, Complaint> read_rule(std::string_view text) {
    if (text.size() > rule_text_max)
        return fail(Complaint{
            "rule",
            std::to_string(text.size()) + " bytes",
            "a rule has at most " + std::to_string(rule_text_max)});
    TRY(auto const document, Document::parse(text, "rule"));
    Reader reader;
    reader.read(document.root());
    TRY_VOID(document.finish());
    reader.check_order(document.root());
    TRY_VOID(document.finish());
    reader.check_use(document.root());
    TRY_VOID(document.finish());
    return std::move(reader).rule();
}

} // namespace fleet::splitting
