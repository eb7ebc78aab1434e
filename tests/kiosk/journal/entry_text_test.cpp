#include "kiosk/journal/entry_text.hpp"

#include <doctest/doctest.h>

#include "tests/kiosk/journal/samples.hpp"

using namespace kiosk::journal;
using namespace kiosk::journal::test;

TEST_SUITE("journal entries as text") {
    TEST_CASE("every kind of entry reads back as it was written") {
        for (Entry const& entry : one_of_each()) {
            INFO(kind_of(entry) << " " << to_text(entry));
            auto const back = entry_from_text(kind_of(entry), to_text(entry));
            REQUIRE(back);
            CHECK(*back == entry);
        }
    }

    TEST_CASE("a technician can read it") {
        CHECK(to_text(NoteCredited{3, note(2000)}) == R"({"session":3,"type":13,"value":200000})");
    }

    TEST_CASE("another currency is written out") {
        Note const euros{1, Money::from_minor(500, protocol::Currency::EUR)};
        auto const text = to_text(NoteCredited{3, euros});
        CHECK(text == R"({"session":3,"type":1,"value":{"minor":500,"currency":"EUR"}})");
        CHECK(*entry_from_text("note-credited", text) == Entry{NoteCredited{3, euros}});
    }

    TEST_CASE("text that is no UTF-8 does not keep money out of the journal") {
        CHECK_FALSE(to_text(UnassignedNote{note(100), 0, "\xCC\xFF"}).empty());
    }

    TEST_CASE("what is no entry is refused with its reason") {
        CHECK(entry_from_text("note-credited", "{").error() == TextError::NotJson);
        CHECK(entry_from_text("coin-credited", "{}").error() == TextError::KindUnknown);
        CHECK(entry_from_text("note-credited", "{}").error() == TextError::FieldMissingOrWrong);
        CHECK(
            entry_from_text("session-closed", R"({"session":1,"reason":"whim"})").error() ==
            TextError::FieldMissingOrWrong);
        CHECK(
            entry_from_text("note-credited", R"({"session":"1","type":1,"value":1})").error() ==
            TextError::FieldMissingOrWrong);
    }

    TEST_CASE("a field that is not known yet is passed over") {
        CHECK(entry_from_text("note-settled", R"({"temperature":21})"));
    }
}
