#include "protocol/bill-code/bill_code.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

using namespace protocol;
using namespace protocol::bill_code;
using text::Encoding;

namespace {

std::string file(std::string const& name) {
    std::ifstream stream{KIOSK_SOURCE_DIR "/tests/fixtures/bills/" + name, std::ios::binary};
    REQUIRE(stream);
    return {std::istreambuf_iterator<char>{stream}, {}};
}

Result<BillCode, BillCodeError> parse_text(std::string_view text) {
    return parse(byte_view(text));
}

BillCode required(Result<BillCode, BillCodeError> const& bill) {
    if (!bill)
        FAIL(to_string(to_complaint(bill.error())));
    return *bill;
}

BillCode read(std::string_view text) {
    return required(parse_text(text));
}

BillCode read_in(Encoding encoding, std::string_view utf8) {
    auto const bytes = text::encode(encoding, utf8);
    REQUIRE(bytes);
    return required(parse(*bytes));
}

BillCodeError refusal(std::string_view text) {
    auto const bill = parse_text(text);
    REQUIRE_FALSE(bill);
    return bill.error();
}

/// The mandatory block with valid requisites; the tests put their fields behind it.
std::string const mandatory =
    "ST00012|Name=ООО Юнисервис|PersonalAcc=40702810138180134189|BankName=Сбербанк"
    "|BIC=044525225|CorrespAcc=30101810400000000225";

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    auto const place = text.find(what);
    REQUIRE(place != std::string::npos);
    return text.replace(place, what.size(), with);
}

} // namespace

TEST_SUITE("bill code: real bills") {
    TEST_CASE("the four printed codes of one bill say the same") {
        auto const expected = nlohmann::json::parse(file("expected.json"));
        for (auto const* name :
             {"uniservis-st00011-cp1251.bin",
              "uniservis-st00012-utf8.bin",
              "uniservis-st00013-koi8r.bin",
              "uniservis-hash-separator.bin"}) {
            CAPTURE(name);
            auto const bill = read(file(name));
            CHECK(bill.payee_inn == expected["provider_inn"]);
            CHECK(bill.personal_acc == expected["payee_account"]);
            CHECK(bill.bic == expected["bic"]);
            CHECK(bill.pers_acc == expected["resident_account_printed"]);
            REQUIRE(bill.sum);
            CHECK(bill.sum->minor() == expected["sum_kopecks"]);
            CHECK(bill.period == expected["period"]);
            CHECK(bill.tech_code == expected["tech_code"]);
            CHECK(bill.payee_name == "ООО Юнисервис");
            CHECK(bill.corresp_acc == "30101810400000000225");
            CHECK(bill.kpp == "772901001");
            CHECK(bill.purpose == "Оплата ЖКУ");
            CHECK(bill.period_printed == "092009");
            CHECK(bill.warnings.empty());
            CHECK(bill.rest.empty());
        }
    }

    TEST_CASE("a bank name with | in it is whole where # separates") {
        auto const bill = read(file("uniservis-hash-separator.bin"));
        CHECK(bill.separator == '#');
        CHECK(bill.bank_name == "Сбербанк России ОАО г. Москва | ЦА");
    }

    TEST_CASE("the stated encoding is kept") {
        CHECK(read(file("uniservis-st00011-cp1251.bin")).encoding == Encoding::Windows1251);
        CHECK(read(file("uniservis-st00012-utf8.bin")).encoding == Encoding::Utf8);
        CHECK(read(file("uniservis-st00013-koi8r.bin")).encoding == Encoding::Koi8R);
    }

    TEST_CASE("a utility bill with keys in mixed case and an empty INN of the payer") {
        auto const bill = read_in(
            Encoding::Windows1251,
            "ST00011|Name=ООО \"УК Трианон\"|PersonalAcc=40702810952090030727|BankName=ПАО Сбербанк"
            "|BIC=046015602|CorrespAcc=30101810600000000602|Sum=381630|Purpose=Оплата за ЖКУ"
            "|PayeeINN=6168108630|PayerINN=|KPP=616801001|lastName=Сидоров Пётр"
            "|payerAddress=ул. Садовая, 1|persAcc=987654331|paymPeriod=042026|category=001");
        CHECK(bill.payee_name == "ООО \"УК Трианон\"");
        CHECK(bill.sum == rub(381'630));
        CHECK(bill.pers_acc == "987654331");
        CHECK(bill.last_name == "Сидоров Пётр");
        CHECK(bill.payer_address == "ул. Садовая, 1");
        CHECK(bill.period == "2026-04");
        CHECK(bill.rest == std::vector{Field{"PayerINN", ""}, Field{"category", "001"}});
        CHECK(bill.warnings.empty());
    }

    TEST_CASE("the standard's own example is read, its wrong INN is a warning") {
        auto const bill = read(
            "ST00012|Name=ООО «Три кита»|PersonalAcc=40702810138250123017|BankName=ОАО \"БАНК\""
            "|BIC=044525225|CorrespAcc=30101810400000000225|PayeeINN=6200098765|LastName=Иванов"
            "|FirstName=Иван|MiddleName=Иванович|Purpose=Оплата членского взноса"
            "|PayerAddress=г.Рязань ул.Ленина д.10 кв.15|Sum=100000");
        CHECK(bill.sum == rub(100'000));
        CHECK(payer_name(bill) == "Иванов Иван Иванович");
        CHECK(bill.warnings == std::vector{Warning{WarningKind::InnChecksumFails, "PayeeINN"}});
    }

    TEST_CASE("a code that ends in its separator is whole") {
        auto const bill = read(
            "ST00012#Name=ООО «Три кита»#PersonalAcc=40702810138250123017"
            "#BankName=ОАО | \"БАНК\"#BIC=044525225#CorrespAcc=30101810400000000225#");
        CHECK(bill.bank_name == "ОАО | \"БАНК\"");
        CHECK_FALSE(bill.sum);
    }

    TEST_CASE("a bill whose requisites all fail their keys is still read") {
        auto const bill = read_in(
            Encoding::Windows1251,
            "ST00011|Name=ООО «УК ЭкоГрад»|PersonalAcc=40902830202010056769|BankName=Банк"
            "|BIC=048073601|CorrespAcc=30101810600000000603|PayeeINN=1234567810|Sum=12351"
            "|persAcc=1");
        CHECK(bill.sum == rub(12'351));
        CHECK(
            bill.warnings == std::vector{
                                 Warning{WarningKind::AccountKeyFails, "PersonalAcc"},
                                 Warning{WarningKind::AccountKeyFails, "CorrespAcc"},
                                 Warning{WarningKind::InnChecksumFails, "PayeeINN"}});
    }
}

TEST_SUITE("bill code: the service block") {
    TEST_CASE("another code is not a bill") {
        for (auto const* text :
             {"",
              "ST0001",
              "ST00012",
              "4607001234567",
              "https://qr.nspk.ru/AD1000",
              "st00012|Name=1",
              "STxxxx2|Name=1",
              "|ST00012"})
            CHECK(refusal(text) == BillCodeError{Reason::NotABillCode, ""});
    }

    TEST_CASE("a version, an encoding, a separator that the standard lacks are named") {
        CHECK(refusal("ST00022|Name=1").reason == Reason::UnknownVersion);
        CHECK(refusal("ST00014|Name=1").reason == Reason::UnknownEncoding);
        CHECK(refusal("ST0001a|Name=1").reason == Reason::UnknownEncoding);
        for (auto const* text :
             {"ST00012=Name=1",
              "ST00012 Name=1",
              "ST00012aName=1",
              "ST000120Name=1",
              "ST00012\nName=1",
              "ST00012\xD0\x96Name=1",
              "ST00012\x7FName=1"})
            CHECK(refusal(text).reason == Reason::BadSeparator);
    }

    TEST_CASE("every separator that bills use is taken from offset 7") {
        for (char const separator : std::string_view{"|#;:^_~{}!$%&()*+,/@"}) {
            std::string text = mandatory + "|Sum=100";
            std::replace(text.begin(), text.end(), '|', separator);
            CAPTURE(separator);
            CHECK(read(text).sum == rub(100));
        }
    }

    TEST_CASE("line ends and a byte order mark from the scanner do not count") {
        CHECK(read("\uFEFF" + mandatory + "|Sum=100\r\n").sum == rub(100));
    }

    TEST_CASE("a code longer than any QR code is refused") {
        auto const longest = [](std::size_t size) {
            std::string text = mandatory + "|Purpose=";
            return text + std::string(size - text.size(), 'x');
        };
        CHECK(parse_text(longest(bill_code_bytes_max)));
        CHECK(refusal(longest(bill_code_bytes_max + 1)).reason == Reason::TooLong);
    }
}

TEST_SUITE("bill code: fields") {
    TEST_CASE("keys are read in every letter case and order") {
        auto const bill = read(
            "ST00012|SUM=5|persacc=7|NAME=А|personalACC=40702810138180134189|bankname=Б"
            "|bic=044525225|correspacc=");
        CHECK(bill.sum == rub(5));
        CHECK(bill.pers_acc == "7");
        CHECK(bill.payee_name == "А");
        CHECK(bill.corresp_acc.empty());
        CHECK(bill.warnings.empty());
    }

    TEST_CASE("a value keeps the = that it has") {
        CHECK(read(mandatory + "|Purpose=a=b==c").purpose == "a=b==c");
        CHECK(read(mandatory + "|RuleId==").rest == std::vector{Field{"RuleId", "="}});
    }

    TEST_CASE("each mandatory field is missed by its name") {
        for (std::string const key : {"Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc"}) {
            CAPTURE(key);
            auto const other_key = replaced(mandatory, "|" + key + "=", "|Other=");
            CHECK(refusal(other_key) == BillCodeError{Reason::MissingField, key});
        }
        auto const empty_name = replaced(mandatory, "ООО Юнисервис", " ");
        CHECK(refusal(empty_name) == BillCodeError{Reason::MissingField, "Name"});
    }

    TEST_CASE("a correspondent account of 0, as settlement centres have, is no warning") {
        CHECK(read(replaced(mandatory, "30101810400000000225", "0")).warnings.empty());
    }

    TEST_CASE("a field that is there twice is refused, whatever the letter case") {
        CHECK(refusal(mandatory + "|Sum=1|SUM=2") == BillCodeError{Reason::DuplicateKey, "SUM"});
        CHECK(refusal(mandatory + "|x=1|X=1") == BillCodeError{Reason::DuplicateKey, "X"});
    }

    TEST_CASE("a part that is no pair is refused and named") {
        CHECK(refusal(mandatory + "|100") == BillCodeError{Reason::NotAPair, "100"});
        CHECK(refusal(mandatory + "|Сумма").reason == Reason::NotAPair);
        CHECK(refusal(mandatory + "|=5").reason == Reason::BadKey);
        CHECK(refusal(mandatory + "|Сумма=5").reason == Reason::BadKey);
        // A generator that joins its optional fields with | although # separates.
        std::string text = mandatory;
        std::replace(text.begin(), text.end(), '|', '#');
        CHECK(refusal(text + "#|Sum=1") == BillCodeError{Reason::BadKey, "|Sum"});
    }

    TEST_CASE("two separators in a row, and blanks around a key, lose nothing") {
        CHECK(read(mandatory + "|| Sum =7| |").sum == rub(7));
    }

    TEST_CASE("the sum is whole kopecks or the bill is refused") {
        CHECK(read(mandatory + "|Sum=459786").sum == rub(459'786));
        CHECK(read(mandatory + "|Sum=0").sum == rub(0));
        CHECK(read(mandatory + "|Sum=000000000000000007").sum == rub(7));
        CHECK_FALSE(read(mandatory + "|Sum=").sum);
        CHECK_FALSE(read(mandatory).sum);
        for (auto const* sum :
             {"3816.30", "100.00", "100,00", "-5", "+5", "1e3", "12 000", "сто"}) {
            CAPTURE(sum);
            CHECK(
                refusal(mandatory + "|Sum=" + sum) == BillCodeError{Reason::SumNotKopecks, "Sum"});
        }
        CHECK(read(mandatory + "|Sum=10000000000000").sum == rub(amount_minor_max));
        CHECK(refusal(mandatory + "|Sum=10000000000001").reason == Reason::SumTooLarge);
        CHECK(refusal(mandatory + "|Sum=" + std::string(1'000, '9')).reason == Reason::SumTooLarge);
    }

    TEST_CASE("a period that is unclear is a warning, and what is printed is kept") {
        auto const bill = read(mandatory + "|PaymPeriod=0909");
        CHECK(bill.period.empty());
        CHECK(bill.period_printed == "0909");
        CHECK(bill.warnings == std::vector{Warning{WarningKind::UnclearPeriod, "PaymPeriod"}});
    }

    TEST_CASE("odd requisites are warnings") {
        CHECK(
            read(replaced(mandatory, "=044525225", "=14452522")).warnings ==
            std::vector{Warning{WarningKind::BadBic, "BIC"}});
        CHECK(
            read(replaced(mandatory, "40702810138180134189", "4070281013818013418")).warnings ==
            std::vector{Warning{WarningKind::BadAccount, "PersonalAcc"}});
        CHECK(
            read(replaced(mandatory, "=Сбербанк", "=" + std::string(46, 'x'))).warnings ==
            std::vector{Warning{WarningKind::LongerThanStandard, "BankName"}});
        CHECK(read(replaced(mandatory, "=Сбербанк", "=" + std::string(45, 'x'))).warnings.empty());
    }

    TEST_CASE("no command for a printer or a screen hides in a value") {
        auto const bill = read(mandatory + "|Purpose=a\x1B@\nb\u202Ec\u0085|LastName=\t x \u200F");
        CHECK(bill.purpose == "a @ b c");
        CHECK(bill.last_name == "x");
    }
}

TEST_SUITE("bill code: scanners that help") {
    TEST_CASE("a code that went through Latin-1 is put right, with a warning") {
        auto const printed = file("uniservis-st00011-cp1251.bin");
        std::string sent;
        for (char const symbol : printed) {
            auto const byte = static_cast<unsigned char>(symbol);
            if (byte < 0x80) {
                sent += symbol;
            } else {
                sent += static_cast<char>(0xC0U | (byte >> 6U));
                sent += static_cast<char>(0x80U | (byte & 0x3FU));
            }
        }
        auto bill = read(sent);
        CHECK(bill.warnings == std::vector{Warning{WarningKind::TextRepaired, ""}});
        bill.warnings.clear();
        CHECK(bill == read(printed));
    }

    TEST_CASE("a code that lost its letters is refused as mangled, not credited to nobody") {
        auto const lost = replaced(mandatory, "Юнисервис", "\uFFFD\uFFFD\uFFFD");
        CHECK(refusal(lost).reason == Reason::Mangled);
        CHECK(refusal(replaced(lost, "ST00012", "ST00011")).reason == Reason::Mangled);
    }

    TEST_CASE("a code whose text is in another encoding than it states is refused") {
        auto text = file("uniservis-st00011-cp1251.bin");
        text[6] = '2';
        CHECK(refusal(text).reason == Reason::NotInEncoding);
    }

    TEST_CASE("every refusal says what is wrong and what to do") {
        for (auto const reason :
             {Reason::NotABillCode,
              Reason::UnknownVersion,
              Reason::UnknownEncoding,
              Reason::BadSeparator,
              Reason::TooLong,
              Reason::NotInEncoding,
              Reason::Mangled,
              Reason::NotAPair,
              Reason::BadKey,
              Reason::DuplicateKey,
              Reason::MissingField,
              Reason::SumNotKopecks,
              Reason::SumTooLarge}) {
            auto const complaint = to_complaint(BillCodeError{reason, "Sum"});
            CHECK(complaint.place == "the bill's code, field Sum");
            CHECK_FALSE(complaint.problem.empty());
            CHECK_FALSE(complaint.cure.empty());
        }
    }
}
