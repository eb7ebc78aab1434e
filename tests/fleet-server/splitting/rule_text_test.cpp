#include <doctest/doctest.h>

#include "fleet-server/splitting/rate.hpp"
#include "fleet-server/splitting/rule.hpp"

using namespace fleet::splitting;
using protocol::rub;

namespace {

constexpr char const* story = R"(effective_from = 2010-01-01
[receivers.uniservis]
inn = "7729524407"
withheld = { rate = "0.4 %" }
[[steps]]
kind = "remainder"
to = "uniservis"
)";

constexpr char const* full = R"(effective_from = 2010-02-01T00:00:00+03:00
[receivers.water]
inn = "7729524407"
withheld = { rate = "0,4%", minimum = "0.01", maximum = "100.00" }
[receivers.fund]
inn = "6168108630"
[receivers.heat]
inn = "500110474504"

[[steps]]
kind = "fixed"
to = "fund"
amount = "15.00"
[[steps]]
kind = "percent"
to = "heat"
rate = "1.5 %"
base = "rest"
round = "half-up"
[[steps]]
kind = "allocate"
weights = { heat = 30, water = 70 }
[[steps]]
kind = "remainder"
to = "fund"
)";

/// All complaints as "line 7: problem; cure" lines, or "good".
std::string complaints_of(std::string const& text) {
    auto const rule = read_rule(text);
    if (rule)
        return "good";
    std::string all;
    for (auto const& complaint : rule.error())
        all += to_string(complaint) + "\n";
    return all;
}

std::string story_with(std::string const& from, std::string const& to) {
    std::string text = story;
    auto const at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_SUITE("rule text") {
    TEST_CASE("the rule of the story is read") {
        auto const rule = read_rule(story);
        REQUIRE(rule);
        REQUIRE(rule->receivers.size() == 1);
        CHECK(rule->receivers[0].inn == "7729524407");
        CHECK(rule->receivers[0].withheld.rate.ppm == 4'000);
        CHECK(rule->steps == std::vector<Step>{Remainder{0}});
        CHECK(
            rule->effective_from ==
            std::chrono::sys_days{std::chrono::year{2010} / std::chrono::January / 1});
    }

    TEST_CASE("every step is read, receivers in the order of the text") {
        auto const rule = read_rule(full);
        REQUIRE_MESSAGE(rule, complaints_of(full));
        REQUIRE(rule->receivers.size() == 3);
        CHECK(rule->receivers[0].name == "water");
        CHECK(rule->receivers[1].name == "fund");
        CHECK(rule->receivers[0].withheld.maximum == rub(100'00));
        CHECK(
            rule->effective_from + std::chrono::hours{3} ==
            std::chrono::sys_days{std::chrono::year{2010} / std::chrono::February / 1});
        CHECK(
            rule->steps == std::vector<Step>{
                               Fixed{1, rub(15'00)},
                               Percent{2, 15'000, Base::Rest, Rounding::HalfUp},
                               Allocate{{0, 2}, {70, 30}},
                               Remainder{1}});
    }

    TEST_CASE("what is wrong is complained of with its line and the cure") {
        struct Row {
            char const* from;
            char const* to;
            char const* says;
        };
        for (auto const& [from, to, says] : {
                 Row{"effective_from = 2010-01-01", "", "'effective_from' is missing"},
                 Row{"2010-01-01", "2010-02-30", "line 1: "},
                 Row{"2010-01-01", "2010-01-01T10:00:00", "line 1: 'effective_from' is not a date"},
                 Row{"2010-01-01", "\"2010-01-01\"", "line 1: 'effective_from' is not a date"},
                 Row{"inn = \"7729524407\"", "", "'inn' is missing"},
                 Row{"7729524407", "77295244071", "line 3: an INN has 10 or 12 digits"},
                 Row{"0.4 %", "0.4", "line 4: '0.4' is not a rate"},
                 Row{"\"0.4 %\"", "0.4", "line 4: 'rate' is not text"},
                 Row{"rate =", "rat =", "line 4: 'rat' means nothing here"},
                 Row{"{ rate",
                     "{ minimum = \"5\", maximum = \"4\", rate",
                     "line 4: the maximum is below the minimum"},
                 Row{"{ rate", "{ minimum = \"-5\", rate", "line 4: 'minimum' is negative"},
                 Row{"{ rate", "{ minimum = \"1,234\", rate", "line 4: "},
                 Row{"remainder", "rest", "line 6: there is no step 'rest'"},
                 Row{"to = \"uniservis\"",
                     "to = \"other\"",
                     "line 7: there is no receiver 'other'"},
                 Row{"to = \"uniservis\"", "", "'to' is missing"},
                 Row{"[[steps]]", "[steps]", "there are no steps"},
                 Row{"[receivers.uniservis]",
                     "[receivers.\"УК\"]",
                     "line 2: 'УК' is not a name for a receiver"},
                 Row{"[receivers.uniservis]", "[receivers.uniservis", "line 2: "},
                 Row{"to = \"uniservis\"",
                     "to = \"uniservis\"\n[receivers.b]\ninn = \"6168108630\"",
                     "'b' never gets anything"},
                 Row{"to = \"uniservis\"",
                     "to = \"uniservis\"\n[receivers.b]\ninn = \"7729524407\"",
                     "'b' and 'uniservis' have one INN"},
                 Row{"to = \"uniservis\"",
                     "to = \"uniservis\"\n[[steps]]\nkind = \"remainder\"\nto = \"uniservis\"",
                     "the remainder is not given once, at the end"},
                 Row{"kind = \"remainder\"",
                     "kind = \"fixed\"\namount = \"1\"",
                     "nobody gets the remainder"},
                 Row{"[[steps]]",
                     "[[steps]]\nkind = \"percent\"\nto = \"uniservis\"\nrate = \"60 %\"\n"
                     "base = \"credited\"\nround = \"floor\"\n"
                     "[[steps]]\nkind = \"percent\"\nto = \"uniservis\"\nrate = \"40.0001 %\"\n"
                     "base = \"credited\"\nround = \"floor\"\n[[steps]]",
                     "add up to 100.0001 %"},
                 Row{"[[steps]]",
                     "[[steps]]\nkind = \"percent\"\nto = \"uniservis\"\nrate = \"60 %\"\n"
                     "base = \"credited\"\n[[steps]]",
                     "'round' is missing"},
                 Row{"[[steps]]",
                     "[[steps]]\nkind = \"allocate\"\nweights = { uniservis = 0 }\n[[steps]]",
                     "line 7: the weight of 'uniservis' is not a whole number above 0"},
                 Row{"[[steps]]",
                     "[[steps]]\nkind = \"fixed\"\nto = \"uniservis\"\namount = \"0\"\n[[steps]]",
                     "line 8: the amount is 0"},
             }) {
            CAPTURE(from);
            CAPTURE(to);
            auto const complaints = complaints_of(story_with(from, to));
            CHECK_MESSAGE(complaints.find(says) != std::string::npos, complaints);
        }
    }

    TEST_CASE("a rule beyond its bounds is refused") {
        std::string many = "effective_from = 2010-01-01\n";
        for (int i = 0; i < 17; ++i)
            many += "[receivers.r" + std::to_string(i) + "]\ninn = \"77295244" +
                    std::to_string(10 + i) + "\"\n";
        CHECK(complaints_of(many).find("a rule has at most 16") != std::string::npos);
        std::string steps = story;
        for (int i = 0; i < 32; ++i)
            steps += "[[steps]]\nkind = \"remainder\"\nto = \"uniservis\"\n";
        CHECK(complaints_of(steps).find("a rule has at most 32") != std::string::npos);
        CHECK(
            complaints_of(std::string(rule_text_max + 1, '#')).find("at most 65536") !=
            std::string::npos);
    }

    TEST_CASE("rates are percent with at most four decimals") {
        CHECK(read_rate("0.4 %")->ppm == 4'000);
        CHECK(read_rate("0,0001%")->ppm == 1);
        CHECK(read_rate("100 %")->ppm == 1'000'000);
        for (char const* bad :
             {"",
              "%",
              "0.4",
              "0.00001 %",
              "100.0001 %",
              "-1 %",
              "1. %",
              ".5 %",
              "1 2 %",
              "1  %",
              "0x1 %",
              "1000 %",
              "99999999999 %"})
            CHECK_FALSE(read_rate(bad));
        for (std::uint32_t const ppm : {0U, 1U, 4'000U, 15'000U, 999'999U, 1'000'000U})
            CHECK(read_rate(to_string(protocol::commission::Rate{ppm}))->ppm == ppm);
    }
}
