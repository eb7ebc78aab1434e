#include "fleet-server/registers/registers.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "fleet-server/registers/register_text.hpp"
#include "fleet-server/store/sha256.hpp"
#include "protocol/text/charset.hpp"
#include "tests/fleet-server/intake/office.hpp"

using namespace fleet;
using namespace fleet::registers;
using namespace std::chrono_literals;
using protocol::rub;

namespace {

constexpr std::chrono::minutes moscow = 3h;

struct Desk : intake::Office {
    void pay(int count = 1) {
        for (int i = 0; i < count; ++i)
            kiosk_17.add(intake::story_payment());
        REQUIRE(send(kiosk_17.all()));
    }
    /// As the gateway does at a provider's final no.
    void refuse(std::string const& txn_id) {
        CHECK(write(
            [](store::Transaction& t) { return ledger::open_account(t, ledger::suspense()); }));
        REQUIRE(write([&](store::Transaction& t) {
            return ledger::post(
                t,
                {"refusal",
                 txn_id,
                 {},
                 {ledger::Post{"payable.1", "suspense.unmatched", rub(458'160)},
                  ledger::Post{"fee.internal.1", "suspense.unmatched", rub(1'840)}}},
                from_ms(++now));
        }));
    }
    auto try_write(std::string const& day, std::uint32_t provider = 1) {
        return write([&](store::Transaction& t) {
            return write_register(t, provider, day, moscow, from_ms(++now));
        });
    }
    Register written(std::string const& day) {
        auto const outcome = try_write(day);
        REQUIRE(outcome);
        return *outcome;
    }
    intake::TestKiosk kiosk_17;
};

std::string text_of(Register const& written) {
    return *protocol::text::decode(protocol::text::Encoding::Windows1251, written.content);
}

} // namespace

TEST_SUITE("registers") {
    TEST_CASE("the register of the story's day") {
        Desk desk;
        desk.pay();
        auto const written = desk.written("2010-02-05");
        auto const head = desk.read([](store::Reading const& r) { return ledger::head(r); });
        CHECK(
            text_of(written) ==
            "НомерПлатежа;Дата;Время;ЛицевойСчет;Сумма;Удержано;КПеречислению;Вид\r\n"
            "000017001000000001;05.02.2010;10:59:00;M003K006;4600,00;18,40;4581,60;платёж\r\n"
            "=1;4600,00;18,40;4581,60;" +
                written.rows_sha256 + ";1;" + store::hex(head.hash) + "\r\n");
        CHECK(written.rows == 1);
        CHECK(written.accepted == rub(460'000));
        CHECK(written.payable == rub(458'160));
        CHECK(written.file_name == "register-7729524407-1-2010-02-05-v1.csv");
        auto const& bytes = written.content;
        std::string const all{bytes.begin(), bytes.end()};
        auto const first = all.find("\r\n") + 2;
        auto const row = all.substr(first, all.find("=1;") - first);
        CHECK(written.rows_sha256 == store::hex(store::sha256(to_bytes(row))));
    }

    TEST_CASE("the same day again gives the same bytes, whatever came since") {
        Desk desk;
        desk.pay(2);
        auto const first = desk.written("2010-02-05");
        desk.pay(3);
        auto const again = desk.written("2010-02-05");
        CHECK(again.content == first.content);
        CHECK(again.version == 1);
        CHECK(desk.count("register") == 1);
    }

    TEST_CASE("every payment is in exactly one register, however late it comes (I17)") {
        Desk desk;
        Money total = rub(0);
        std::size_t rows = 0;
        ledger::Sequence end = 0;
        for (char const* day : {"2010-02-05", "2010-02-06", "2010-02-09"}) {
            desk.pay(2); // All of them were taken on the fifth by the kiosk's clock.
            auto const written = desk.written(day);
            CHECK(written.from == end);
            end = written.to;
            rows += written.rows;
            total = *protocol::add(total, written.payable);
        }
        CHECK(rows == 6);
        CHECK(total == desk.net("payable.1"));
        // A day without payments has a register that says so.
        auto const empty = desk.written("2010-02-10");
        CHECK(empty.rows == 0);
        CHECK(text_of(empty).find("=0;0,00;0,00;0,00;") != std::string::npos);
    }

    TEST_CASE("a refusal takes back what an earlier register gave") {
        Desk desk;
        desk.pay(2);
        auto const first = desk.written("2010-02-05");
        desk.refuse("000017001000000001");
        auto const second = desk.written("2010-02-06");
        REQUIRE(second.rows == 1);
        CHECK(second.accepted == rub(-460'000));
        CHECK(second.payable == rub(-458'160));
        CHECK(text_of(second).find("-4600,00;-18,40;-4581,60;отказ") != std::string::npos);
        CHECK(first.payable.minor() + second.payable.minor() == desk.net("payable.1").minor());
        CHECK(
            first.withheld.minor() + second.withheld.minor() == desk.net("fee.internal.1").minor());
    }

    TEST_CASE("money in suspense is in nobody's register") {
        Desk desk;
        desk.kiosk_17.add(intake::story_payment("77"));
        desk.pay();
        CHECK(desk.written("2010-02-05").rows == 1);
    }

    TEST_CASE("a re-issue is a new version of the same cut, and then the one that counts") {
        Desk desk;
        desk.pay();
        auto const first = desk.written("2010-02-05");
        desk.pay();
        auto const anew = desk.write([&](store::Transaction& t) {
            return reissue_register(t, 1, "2010-02-05", "clocks", 0min, from_ms(++desk.now));
        });
        REQUIRE(anew);
        CHECK(anew->version == 2);
        CHECK(anew->rows == 1);
        CHECK(anew->to == first.to);
        CHECK(text_of(*anew).find("05.02.2010;07:59:00") != std::string::npos);
        CHECK(anew->file_name == "register-7729524407-1-2010-02-05-v2.csv");
        CHECK(desk.written("2010-02-05").content == anew->content);
        auto const version_1 =
            desk.read([](store::Reading const& r) { return find_register(r, 1, "2010-02-05", 1); });
        CHECK(version_1->content == first.content);
        // The next day begins where the cut ended, not where the re-issue was made.
        CHECK(desk.written("2010-02-06").rows == 1);
        auto const list = desk.read([](store::Reading const& r) { return registers_of(r, 1); });
        REQUIRE(list.size() == 3);
        CHECK(list[0].day == "2010-02-06");
        CHECK(list[1].version == 2);
        CHECK(list[0].content.empty());
    }

    TEST_CASE("what cannot be written is refused by name") {
        Desk desk;
        desk.pay();
        desk.written("2010-02-06");
        CHECK(desk.try_write("2010-02-05").error() == RegisterError::DayBeforeLast);
        CHECK(desk.try_write("2010-02-05", 9).error() == RegisterError::UnknownProvider);
        for (char const* day :
             {"", "2010-2-5", "2010-02-30", "05.02.2010", "2010-02-05 ", "2010/02/05"})
            CHECK(desk.try_write(day).error() == RegisterError::DayMalformed);
        CHECK(
            desk.write([](store::Transaction& t) {
                    return reissue_register(t, 1, "2010-02-07", "why", 0min, from_ms(0));
                })
                .error() == RegisterError::NothingToReissue);
    }

    TEST_CASE("an account that looks like a separator is quoted") {
        Row row{"1", from_ms(0), "a;\"b\"", rub(0), rub(100)};
        auto const text = rows_text({row}, 0min);
        std::string const line{text.begin(), text.end()};
        CHECK(line.starts_with("1;01.01.1970;00:00:00;\"a;\"\"b\"\"\";1,00;0,00;1,00;"));
    }

    TEST_CASE("a saved register is whole, found again, and never overwritten") {
        Desk desk;
        desk.pay();
        auto const written = desk.written("2010-02-05");
        auto const folder = desk.folder.path() / "registers";
        auto const path = save_register(folder, written);
        REQUIRE(path);
        CHECK(*path == folder / written.file_name);
        auto const bytes = [&] {
            std::ifstream file{*path, std::ios::binary};
            return protocol::Bytes{std::istreambuf_iterator<char>{file}, {}};
        };
        CHECK(bytes() == written.content);
        CHECK(save_register(folder, written));
        CHECK(std::distance(std::filesystem::directory_iterator{folder}, {}) == 1);
        std::ofstream{*path, std::ios::app} << "x";
        auto const other = save_register(folder, written);
        REQUIRE_FALSE(other);
        CHECK(other.error().find("holds something else") != std::string::npos);
    }

    TEST_CASE("a folder that cannot be made is said") {
        Desk desk;
        desk.pay();
        auto const file = desk.folder.path() / "file";
        std::ofstream{file} << "x";
        CHECK_FALSE(save_register(file / "registers", desk.written("2010-02-05")));
    }
}
