#include "protocol/settings/settings.hpp"

#include <doctest/doctest.h>

#include "protocol/settings/nearest.hpp"

using namespace protocol;
using namespace protocol::settings;

namespace {

Document parsed(std::string_view text) {
    auto document = Document::parse(text, "kioskd.toml");
    REQUIRE(document);
    return std::move(*document);
}

Complaint complaint_of(Document const& document) {
    auto const outcome = document.finish();
    REQUIRE_FALSE(outcome);
    return outcome.error();
}

} // namespace

TEST_SUITE("settings") {
    TEST_CASE("what is written is read, what is not written falls back") {
        auto const document = parsed("number = 17\n[link]\nserver = \"fleet\"\n");
        auto const root = document.root();
        CHECK(root.number("number", {1, 999}) == 17);
        CHECK(root.section("link").text("server") == "fleet");
        CHECK(root.section("link").number("port", {1, 65'535}, 8443) == 8443);
        CHECK(root.section("screen").number("width", {1, 9999}, 1280) == 1280);
        CHECK(document.finish());
    }

    TEST_CASE("a number out of range names its line and its range") {
        auto const document = parsed("[link]\nport = 70000\n");
        CHECK(document.root().section("link").number("port", {1, 65'535}, 8443) == 1);
        auto const complaint = complaint_of(document);
        CHECK(complaint.place == "kioskd.toml:2");
        CHECK(complaint.problem == "'link.port' is 70000");
        CHECK(complaint.cure == "write a number from 1 to 65535, without quotes");
    }

    TEST_CASE("a misspelt key is told with the key that was meant") {
        auto const document = parsed("[link]\nsever = \"fleet\"\n");
        CHECK(document.root().section("link").text("server", "") == "");
        auto const complaint = complaint_of(document);
        CHECK(complaint.place == "kioskd.toml:2");
        CHECK(complaint.problem == "the key 'link.sever' is not known here");
        CHECK(complaint.cure == "did you mean 'link.server'?");
    }

    TEST_CASE("a missing key without a fallback is a complaint") {
        auto const document = parsed("[link]\n");
        CHECK(document.root().section("link").text("ca") == "");
        CHECK(complaint_of(document).problem == "the key 'link.ca' is missing");
    }

    TEST_CASE("of many complaints the first in the file is told") {
        auto const document = parsed("a = 1\nb = \"x\"\nc = 1\n");
        auto const root = document.root();
        CHECK(root.text("c", "") == "");
        CHECK(root.number("b", {0, 9}, 0) == 0);
        CHECK(root.number("a", {2, 9}, 2) == 2);
        CHECK(complaint_of(document).place == "kioskd.toml:1");
    }

    TEST_CASE("a section that nobody knows is one complaint, not one a key") {
        auto const document = parsed("[limit]\nidle = 5\n");
        CHECK(document.root().section("limits").number("idle", {1, 9}, 5) == 5);
        CHECK(complaint_of(document).cure == "did you mean 'limits'?");
    }

    TEST_CASE("lists of sections are read in order and each is checked") {
        auto const document =
            parsed("[[step]]\nkind = \"fixed\"\n[[step]]\nkind = \"rest\"\nsum = 1\n");
        auto const steps = document.root().sections("step");
        REQUIRE(steps.size() == 2);
        CHECK(steps[0].text("kind") == "fixed");
        CHECK(steps[1].text("kind") == "rest");
        CHECK(complaint_of(document).place == "kioskd.toml:5");
    }

    TEST_CASE("a choice lists what may be chosen") {
        auto const document = parsed("language = \"fr\"\n");
        CHECK(document.root().choice("language", {"ru", "en"}, "ru") == "ru");
        CHECK(complaint_of(document).cure == "write one of: ru, en");
    }

    TEST_CASE("text that is not TOML names the line") {
        auto const document = Document::parse("number = 17\nname = ООО\n", "kioskd.toml");
        REQUIRE_FALSE(document);
        CHECK(document.error().place == "kioskd.toml:2");
    }

    TEST_CASE("the caller's own complaints are told with the key's line") {
        auto const document = parsed("\ncut = \"25:00\"\n");
        CHECK(document.root().text("cut") == "25:00");
        document.root().complain("cut", "25:00 is no time of day", "write HH:MM");
        CHECK(complaint_of(document).place == "kioskd.toml:2");
    }

    TEST_CASE("a word far from every name has no nearest") {
        CHECK(nearest("port", {"part", "server"}) == "part");
        CHECK(nearest("xyz", {"port", "server"}).empty());
        CHECK(nearest("ab", {"cd"}).empty());
    }
}
