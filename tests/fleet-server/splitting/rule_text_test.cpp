#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fleet-server/splitting/rate.hpp"
#include "fleet-server/splitting/rule.hpp"

using namespace fleet::splitting;
using protocol::rub;

namespace {

constexpr char const* story = R"(effective_from = "2010-01-01"
[[receivers]]
name = "uniservis"
inn = "7729524407"
withheld = { rate = "0.4 %" }
[[steps]]
kind = "remainder"
to = "uniservis"
)";

constexpr char const* full = R"(effective_from = "2010-02-01T00:00+03:00"
[[receivers]]
name = "water"
inn = "7729524407"
withheld = { rate = "0,4%", minimum = "0.01", maximum = "100.00" }
[[receivers]]
name = "fund"
inn = "6168108630"
[[receivers]]
name = "heat"
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
shares = [{ to = "heat", weight = 30 }, { to = "water", weight = 70 }]
[[steps]]
kind = "remainder"
to = "fund"
)";

/// "rule:7: problem; cure", or "good".
std::string complaint_of(std::string const& text) {
    auto const rule = read_rule(text);
    return rule ? "good" : to_string(rule.error());
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
        REQUIRE_MESSAGE(rule, complaint_of(full));
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
                               Allocate{{2, 0}, {30, 70}},
                               Remainder{1}});
    }

    TEST_CASE("what is wrong is complained of with its line and the cure") {
        struct Row {
            char const* from;
            char const* to;
            char const* says;
        };
        for (Row const& one : {
                 Row{"effective_from = \"2010-01-01\"", "", "'effective_from' is missing"},
                 Row{"2010-01-01", "2010-02-30", "rule:1: "},
                 Row{"2010-01-01", "2010-01-01T10:00", "rule:1: "},
                 Row{"2010-01-01", "2010-01-01T24:00+00:00", "rule:1: "},
                 Row{"2010-01-01", "10-01-01", "rule:1: "},
                 Row{"\"2010-01-01\"", "2010-01-01", "rule:1: 'effective_from' is not a text"},
                 Row{"inn = \"7729524407\"", "", "'receivers.inn' is missing"},
                 Row{"7729524407", "77295244071", "rule:4: an INN has 10 or 12 digits"},
                 Row{"0.4 %", "0.4", "rule:5: '0.4' is not a rate"},
                 Row{"\"0.4 %\"", "0.4", "rule:5: "},
                 Row{"rate =", "rat =", "rule:5: "},
                 Row{"{ rate",
                     "{ minimum = \"5\", maximum = \"4\", rate",
                     "rule:5: the maximum is below the minimum"},
                 Row{"{ rate", "{ minimum = \"-5\", rate", "rule:5: the amount is negative"},
                 Row{"{ rate", "{ minimum = \"1,234\", rate", "rule:5: "},
                 Row{"remainder", "rest", "rule:7: there is no step 'rest'"},
                 Row{"to = \"uniservis\"",
                     "to = \"other\"",
                     "rule:8: there is no receiver 'other'"},
                 Row{"to = \"uniservis\"", "", "'steps.to' is missing"},
                 Row{"[[steps]]", "[steps]", "'steps' is not a list of sections"},
                 Row{"\"uniservis\"", "\"УК\"", "rule:3: 'УК' is not a name for a receiver"},
                 Row{"[[receivers]]", "[[receivers]", "rule:2: "},
                 Row{"[[steps]]",
                     "[[receivers]]\nname = \"b\"\ninn = \"6168108630\"\n[[steps]]",
                     "'b' never gets anything"},
                 Row{"[[steps]]",
                     "[[receivers]]\nname = \"b\"\ninn = \"7729524407\"\n[[steps]]",
                     "rule:8: 'uniservis' has this INN"},
                 Row{"[[steps]]",
                     "[[receivers]]\nname = \"uniservis\"\ninn = \"6168108630\"\n[[steps]]",
                     "rule:7: two receivers are named 'uniservis'"},
                 Row{"to = \"uniservis\"",
                     "to = \"uniservis\"\n[[steps]]\nkind = \"remainder\"\nto = \"uniservis\"",
                     "the remainder is not given once, at the end"},
                 Row{"kind = \"remainder\"",
                     "kind = \"fixed\"\namount = \"1\"",
                     "nobody gets the remainder"},
                 Row{"[[steps]]",
                     "[[steps]]\nkind = \"percent\"\nto = \"uniservis\"\nrate = \"60 %\"\nbase = "
                     "\"credited\"\nround = \"floor\"\n[[steps]]\nkind = \"percent\"\nto = "
                     "\"uniservis\"\nrate = \"40.0001 %\"\nbase = \"credited\"\nround = "
                     "\"floor\"\n[[steps]]",
                     "add up to 100.0001 %"},
                 Row{"[[steps]]",
                     "[[steps]]\nkind = \"percent\"\nto = \"uniservis\"\nrate = \"60 %\"\nbase = "
                     "\"credited\"\n[[steps]]",
                     "write one of: floor, half-up"},
                 Row{"[[steps]]",
                     "[[steps]]\nkind = \"allocate\"\nshares = [{ to = \"uniservis\", weight = 0 "
                     "}]\n[[steps]]",
                     "rule:8: "},
                 Row{"[[steps]]",
                     "[[steps]]\nkind = \"allocate\"\n[[steps]]",
                     "there are 0 shares"},
                 Row{"[[steps]]",
                     "[[steps]]\nkind = \"fixed\"\nto = \"uniservis\"\namount = \"0\"\n[[steps]]",
                     "rule:9: the amount is 0"},
             }) {
            auto const from = one.from;
            auto const to = one.to;
            auto const says = one.says;
            INFO(from << " -> " << to);
            auto const complaint = complaint_of(story_with(from, to));
            CHECK_MESSAGE(complaint.find(says) != std::string::npos, complaint);
        }
    }

    TEST_CASE("the rules that the schema is held against are read or refused as it says") {
        std::filesystem::path const folder = KIOSK_SOURCE_DIR "/tests/fixtures/rules";
        int seen = 0;
        for (bool const is_good : {true, false})
            for (auto const& entry :
                 std::filesystem::directory_iterator{folder / (is_good ? "good" : "bad")}) {
                std::ifstream file{entry.path(), std::ios::binary};
                std::string const text{std::istreambuf_iterator<char>{file}, {}};
                auto const file_name = entry.path().filename().string();
                CAPTURE(file_name);
                auto const complaint = complaint_of(text);
                CHECK_MESSAGE((complaint == "good") == is_good, complaint);
                ++seen;
            }
        CHECK(seen >= 10);
    }

    TEST_CASE("steps with state are read as they are meant") {
        auto const rule = read_rule(R"(effective_from = "2010-01-01"
[[receivers]]
name = "uk"
inn = "7729524407"
invoiced = { rate = "1 %" }
[[receivers]]
name = "fund"
inn = "6168108630"
[[steps]]
kind = "debts"
classes = [{ name = "Вода", to = "fund" }]
others = "uk"
within = "pro-rata"
penalties = "in-turn"
limit = "5.00"
[[steps]]
kind = "cap"
to = "fund"
period = "year"
amount = "7.00"
[[steps]]
kind = "percent"
to = "fund"
rate = "1 %"
base = "start"
round = "floor"
minimum = "0.10"
maximum = "0.20"
[[steps]]
kind = "allocate"
residue = "carry"
shares = [{ to = "fund", weight = 3 }]
[[steps]]
kind = "remainder"
to = "uk"
)");
        REQUIRE(rule);
        CHECK(rule->receivers[0].mode == CommissionMode::Invoiced);
        CHECK(
            rule->steps == std::vector<Step>{
                               Debts{
                                   {{"Вода", 1}},
                                   std::size_t{0},
                                   Debts::Within::ProRata,
                                   Debts::Penalties::InTurn,
                                   rub(5'00)},
                               Cap{1, Period::Year, rub(7'00)},
                               Percent{1, 10'000, Base::Start, Rounding::Floor, rub(10), rub(20)},
                               Allocate{{1}, {3}, Residues::Carry},
                               Remainder{0}});
    }

    TEST_CASE("who takes the remainder may have no cap") {
        std::string const text = std::string{story} + "";
        auto const at = text.find("[[steps]]");
        CHECK(
            complaint_of(
                text.substr(0, at) +
                "[[steps]]\nkind = \"cap\"\nto = \"uniservis\"\nperiod = \"day\"\namount = "
                "\"1.00\"\n" +
                text.substr(at))
                .find("takes the remainder and has a cap") != std::string::npos);
    }

    TEST_CASE("a rule beyond its bounds is refused") {
        std::string many = "effective_from = \"2010-01-01\"\n";
        for (int i = 0; i < 17; ++i)
            many += "[[receivers]]\nname = \"r" + std::to_string(i) + "\"\ninn = \"77295244" +
                    std::to_string(10 + i) + "\"\n";
        CHECK(complaint_of(many).find("write 1 to 16") != std::string::npos);
        std::string steps = story;
        for (int i = 0; i < 32; ++i)
            steps += "[[steps]]\nkind = \"remainder\"\nto = \"uniservis\"\n";
        CHECK(complaint_of(steps).find("write 1 to 32") != std::string::npos);
        CHECK(
            complaint_of(std::string(rule_text_max + 1, '#')).find("at most 65536") !=
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
