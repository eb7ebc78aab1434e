#include "fleet-server/gateways/osmp/reply.hpp"

#include <doctest/doctest.h>

using namespace fleet::gateways::osmp;
using protocol::rub;

namespace {

// The example of the specification, with one part replaced.
std::string example(std::string_view from = "", std::string_view to = "") {
    std::string text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><osmp_txn_id>1234567</osmp_txn_id>"
        "<prv_txn>2016</prv_txn><sum>200.00</sum><result>0</result><comment>OK</comment></"
        "response>";
    if (!from.empty())
        text.replace(text.find(from), from.size(), to);
    return text;
}

auto decode(std::string const& body) {
    return decode_reply(body, "1234567", rub(20'000));
}

} // namespace

TEST_SUITE("osmp reply") {
    TEST_CASE("the example of the specification is read") {
        auto const reply = decode(example());
        REQUIRE(reply);
        CHECK(*reply == Reply{"1234567", "2016", rub(20'000), 0, "OK", {}});
    }

    TEST_CASE("every code of the protocol has its class, and any other concludes nothing") {
        for (std::int32_t const code : {1, 90})
            CHECK(outcome_of(code) == Outcome::Retry);
        for (std::int32_t const code : {4, 5, 7, 8, 79, 241, 242, 243, 300})
            CHECK(outcome_of(code) == Outcome::FinalRefused);
        CHECK(outcome_of(0) == Outcome::FinalOk);
        for (std::int32_t const code : {-1, 2, 3, 6, 50, 89, 91, 240, 299, 301, 2'000'000'000}) {
            CHECK(outcome_of(code) == Outcome::Unknown);
            CHECK(meaning_of(code).empty());
        }
    }

    TEST_CASE("an answer that cannot be trusted is named") {
        struct Row {
            std::string body;
            ReplyError error;
        };
        Row const rows[] = {
            {"", ReplyError::NotXml},
            {"<html><body>502 Bad Gateway</body>", ReplyError::NotXml},
            {"<html><body>502 Bad Gateway</body></html>", ReplyError::UnknownRoot},
            {example().substr(0, 120), ReplyError::NotXml},
            {example() + example(), ReplyError::Ambiguous},
            {example("1234567", "1234568"), ReplyError::OtherTransaction},
            {example("<osmp_txn_id>1234567</osmp_txn_id>", ""), ReplyError::NoTransaction},
            {example("1234567", ""), ReplyError::NoTransaction},
            {example("<result>0</result>", ""), ReplyError::NoResult},
            {example("<result>0<", "<result><"), ReplyError::NoResult},
            {example("<result>0<", "<result>OK<"), ReplyError::ResultNotANumber},
            {example("<result>0<", "<result>0x0<"), ReplyError::ResultNotANumber},
            {example("<result>0<", "<result>99999999999<"), ReplyError::ResultNotANumber},
            {example("<result>0</result>", "<result>1</result><result>0</result>"),
             ReplyError::Ambiguous},
            {example("<result>", "<osmp_txn_id>1</osmp_txn_id><result>"), ReplyError::Ambiguous},
            {example("200.00", "2000.00"), ReplyError::OtherSum},
            {example("200.00", "two hundred"), ReplyError::OtherSum},
            {example("2016", std::string(65, '1')), ReplyError::NumberTooLong},
            {std::string(reply_size_max + 1, ' '), ReplyError::TooLarge},
        };
        for (Row const& row : rows)
            CHECK_MESSAGE(decode(row.body) == protocol::fail(row.error), row.body);
    }

    TEST_CASE("a sum written in another way is the same sum") {
        CHECK(decode(example("200.00", "200")));
        CHECK(decode(example("200.00", " 200.0\n")));
        CHECK(decode(example("<sum>200.00</sum>", "")));
        CHECK(decode(example("<sum>200.00</sum>", "<sum/>")));
    }

    TEST_CASE("a refusal may name another sum: nothing was credited") {
        auto const reply = decode_reply(
            "<response><osmp_txn_id>1</osmp_txn_id><sum>0.00</sum><result>5</result></response>",
            "1",
            rub(20'000));
        REQUIRE(reply);
        CHECK(reply->result == 5);
    }

    TEST_CASE("a provider that keeps txn_id as a number loses leading zeros and is understood") {
        auto const body =
            "<response><osmp_txn_id>17001000000001</osmp_txn_id><result>0</result>"
            "</response>";
        CHECK(decode_reply(body, "000017001000000001", rub(1)));
        CHECK_FALSE(decode_reply(body, "000170010000000010", rub(1)));
    }

    TEST_CASE("the other dialect is understood") {
        auto const reply = decode(
            "<commandResponse><extTransactionID>1234567</extTransactionID><account>7</account>"
            "<result>0</result><fields><field1 name=\"FIO\">Петров В. И.</field1></fields>"
            "</commandResponse>");
        REQUIRE(reply);
        CHECK(reply->fields == std::vector<Field>{{"FIO", "Петров В. И."}});
    }

    TEST_CASE("a comment in the wrong encoding does not spoil the answer, nor our JSON") {
        auto const reply = decode(example("OK", "\xCF\xF0\xE8\xED\xFF\xF2\xEE \x01 да"));
        REQUIRE(reply);
        CHECK(reply->comment == "??????? ? да");
    }

    TEST_CASE("a comment without end is cut at a character") {
        std::string endless;
        for (int i = 0; i < 3'000; ++i)
            endless += "Ж";
        auto const reply = decode(example("OK", endless));
        REQUIRE(reply);
        CHECK(reply->comment.size() == 1'000);
        CHECK(reply->comment.substr(998) == "Ж");
    }

    TEST_CASE("entities of a document type are not expanded") {
        auto const reply = decode(
            "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>" +
            example("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "")
                .replace(
                    example("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "").find("OK"),
                    2,
                    "&a;&f;"));
        REQUIRE(reply);
        CHECK(reply->comment == "&a;&f;");
    }

    TEST_CASE("what the provider's end writes is what our end reads") {
        Reply const reply{
            .txn_id = "000017001000000001",
            .provider_txn = "42",
            .sum = rub(459'786),
            .result = 0,
            .comment = "принято <&>",
            .fields = {{"name1", "Гильман П. С."}}};
        CHECK(decode_reply(encode(reply), reply.txn_id, rub(459'786)) == reply);
    }
}
