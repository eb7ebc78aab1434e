#include "protocol/account/account.hpp"

#include <doctest/doctest.h>

using namespace protocol::account;

namespace {

auto refused(AccountError error) {
    return tl::unexpected{error};
}

Mask mask(std::string_view text) {
    auto const parsed = Mask::parse(text);
    REQUIRE(parsed);
    return *parsed;
}

std::string canonical(Mask const& shape, std::string_view typed) {
    auto const account = read_account(shape, typed);
    REQUIRE(account);
    CHECK(account->typed == typed);
    return account->canonical;
}

constexpr std::string_view uniservis = "A999A999";

} // namespace

TEST_SUITE("account") {
    TEST_CASE("Cyrillic, Latin and small letters are one account, and what was typed is kept") {
        // The first is Cyrillic, the second Latin.
        for (auto const* typed : {"М003К006", "M003K006", "m003к006", "м003k006", "М003K006"}) {
            CAPTURE(typed);
            CHECK(canonical(mask(uniservis), typed) == "M003K006");
        }
    }

    TEST_CASE("the twelve look-alikes fold, the other letters do not") {
        auto const cyrillic = fold_account("АВСЕНКМОРТХУ");
        auto const small = fold_account("авсенкмортху");
        REQUIRE(cyrillic);
        REQUIRE(small);
        CHECK(cyrillic->canonical == "ABCEHKMOPTXY");
        CHECK(small->canonical == "ABCEHKMOPTXY");
        auto const others = fold_account("БГДЁЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯ");
        REQUIRE(others);
        CHECK(others->canonical == "БГДЁЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯ");
        auto const latin = fold_account("DFGIJLNQRSUVWZ");
        REQUIRE(latin);
        CHECK(latin->canonical == "DFGIJLNQRSUVWZ");
    }

    TEST_CASE("both scripts in one string are read") {
        CHECK(canonical(mask(uniservis), "L411Г001") == "L411Г001");
        CHECK(canonical(mask(uniservis), "l411г001") == "L411Г001");
        CHECK(canonical(mask(uniservis), "К034Г001") == "K034Г001");
        CHECK(canonical(mask(uniservis), "K034Г001") == "K034Г001");
        CHECK(canonical(mask(uniservis), "G034Г001") == "G034Г001");
    }

    TEST_CASE("a letter O is a zero only where the mask wants a digit") {
        CHECK(canonical(mask("A9A999"), "PO P O66") == "P0P066");
        CHECK(canonical(mask("A9A999"), "РОРО66") == "P0P066"); // Cyrillic.
        CHECK(canonical(mask("AA9"), "OO0") == "OO0");
        CHECK(canonical(mask("##9"), "OOO") == "OO0");
        CHECK(fold_account("PO5P066")->canonical == "PO5P066");
    }

    TEST_CASE("blanks, invisible characters and dashes at the ends do not count") {
        for (auto const* typed :
             {" М003К006 ",
              "М003 К006",
              "М003\u00A0К006",
              "М003\u00ADК006",
              "\uFEFFМ003К006",
              "—М003К006-",
              "М003К006\r\n"}) {
            CAPTURE(typed);
            CHECK(canonical(mask(uniservis), typed) == "M003K006");
        }
        CHECK(fold_account("12—34")->canonical == "12-34");
        CHECK(fold_account("12\u221234")->canonical == "12-34");
    }

    TEST_CASE("folding what is folded changes nothing") {
        for (auto const* typed : {"М003К006", "l411г001", "12 – 34", "/я.Ё_"}) {
            auto const once = fold_account(typed);
            REQUIRE(once);
            auto const twice = fold_account(once->canonical);
            REQUIRE(twice);
            CHECK(twice->canonical == once->canonical);
        }
    }

    TEST_CASE("another shape is not this provider's account") {
        for (auto const* typed :
             {"М003К06", "М003К0066", "3М03К006", "МММ3К006", "М003-К006", "М003К00З", "521000909"})
            CHECK(read_account(mask(uniservis), typed) == refused(AccountError::MaskMismatch));
    }

    TEST_CASE("what is no text, empty or endless is refused") {
        CHECK(fold_account("") == refused(AccountError::Empty));
        CHECK(fold_account(" - ") == refused(AccountError::Empty));
        for (auto const* typed : {"М003\xCA", "М003№6", "12;34", "12\u0001", "12\uFFFD3", "Ä1"})
            CHECK(fold_account(typed) == refused(AccountError::NotText));
        CHECK(fold_account(std::string(32, '1')));
        CHECK(fold_account(std::string(33, '1')) == refused(AccountError::TooLong));
        CHECK(
            fold_account(std::string(typed_bytes_max + 1, ' ')) == refused(AccountError::TooLong));
    }
}

TEST_SUITE("account mask") {
    TEST_CASE("a mask may be written in either script and is kept as written") {
        CHECK(canonical(mask("А999А999"), "М003К006") == "M003K006"); // Cyrillic А.
        CHECK(mask("А999А999").text() == "А999А999");
        CHECK(canonical(mask("a999 a999"), "М003К006") == "M003K006");
    }

    TEST_CASE("a star takes the rest, even nothing") {
        CHECK(canonical(mask("*"), "521000909") == "521000909");
        CHECK(canonical(mask("99*"), "52/а-1") == "52/A-1");
        CHECK(canonical(mask("99*"), "52") == "52");
        CHECK(read_account(mask("99*"), "5") == refused(AccountError::MaskMismatch));
    }

    TEST_CASE("other symbols stand for themselves, a backslash makes any of them do so") {
        CHECK(canonical(mask("ЛС-999"), "лс-007") == "ЛC-007");
        CHECK(read_account(mask("ЛС-999"), "лс007") == refused(AccountError::MaskMismatch));
        CHECK(canonical(mask("\\A\\9-9"), "а9-1") == "A9-1");
        CHECK(read_account(mask("\\A\\9-9"), "b9-1") == refused(AccountError::MaskMismatch));
        CHECK(read_account(mask("\\A\\9-9"), "a8-1") == refused(AccountError::MaskMismatch));
    }

    TEST_CASE("a letter or digit, but no mark, stands where # is") {
        CHECK(canonical(mask("##"), "я1") == "Я1");
        CHECK(read_account(mask("##"), "1/") == refused(AccountError::MaskMismatch));
    }

    TEST_CASE("a mask that means nothing is refused with the reason") {
        auto const error = [](std::string_view text) {
            auto const parsed = Mask::parse(text);
            REQUIRE_FALSE(parsed);
            return parsed.error();
        };
        CHECK(error("") == MaskError::Empty);
        CHECK(error("  ") == MaskError::Empty);
        CHECK(error("99*9") == MaskError::MisplacedStar);
        CHECK(error("**") == MaskError::MisplacedStar);
        CHECK(error("99?") == MaskError::UnknownSymbol);
        CHECK(error("99\\") == MaskError::UnknownSymbol);
        CHECK(error("99\\*") == MaskError::UnknownSymbol);
        CHECK(error("9\xFF") == MaskError::UnknownSymbol);
        CHECK(error(std::string(33, '9')) == MaskError::TooLong);
        CHECK(error(std::string(1'000, '9')) == MaskError::TooLong);
        CHECK(Mask::parse(std::string(32, '9')));
    }
}
