#include "fleet-server/gateways/osmp/simulator.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "fleet-server/gateways/http_client.hpp"
#include "fleet-server/gateways/osmp/reply.hpp"

using namespace fleet::gateways;
using namespace fleet::gateways::osmp;
using namespace std::chrono_literals;
using protocol::rub;

namespace {

constexpr auto txn = "000017001000000001";

class TemporaryFile {
public:
    TemporaryFile() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "simulator-XXXXXX").string();
        ::close(::mkstemp(pattern.data()));
        path_ = pattern;
        std::filesystem::remove(path_);
    }
    TemporaryFile(TemporaryFile const&) = delete;
    TemporaryFile& operator=(TemporaryFile const&) = delete;
    ~TemporaryFile() { std::filesystem::remove(path_); }
    [[nodiscard]] std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

std::unique_ptr<Simulator> start(SimulatorOptions const& options = {}) {
    auto simulator = Simulator::start(options);
    REQUIRE(simulator);
    return std::move(*simulator);
}

std::string pay_query(char const* account = "M003K006") {
    return *encode(Request{Command::Pay, txn, account, rub(460'000), "20260116120000"});
}

protocol::Result<HttpAnswer, HttpFailure> ask(
    Simulator const& simulator, std::string const& query, std::chrono::milliseconds limit = 10s) {
    HttpClient client{{.answer = limit, .connect = 5s}};
    client.start(1, compose_url(simulator.url(), query));
    for (;;)
        for (Completion& completion : client.wait(1s))
            return std::move(completion.answer);
}

Reply reply(Simulator const& simulator, std::string const& query) {
    auto const answer = ask(simulator, query);
    REQUIRE(answer);
    CHECK(answer->status == 200);
    auto decoded = decode_reply(answer->body, txn, rub(460'000));
    REQUIRE(decoded);
    return *decoded;
}

} // namespace

TEST_SUITE("provider simulator") {
    TEST_CASE("a check credits nothing, a pay credits once") {
        auto const simulator = start();
        std::string check = pay_query();
        check.replace(0, 11, "command=check");
        CHECK(reply(*simulator, check).result == 0);
        CHECK(simulator->payments().empty());
        CHECK(reply(*simulator, pay_query()).result == 0);
        REQUIRE(simulator->payments().size() == 1);
        CHECK(simulator->payments()[0].account == "M003K006");
        CHECK(simulator->payments()[0].sum == rub(460'000));
    }

    TEST_CASE("a repeated pay is answered with the first number and not credited again") {
        auto const simulator = start();
        auto const first = reply(*simulator, pay_query());
        auto const second = reply(*simulator, pay_query());
        CHECK(first.provider_txn == second.provider_txn);
        CHECK_FALSE(first.provider_txn.empty());
        CHECK(simulator->payments()[0].accepted == 1);
        CHECK(simulator->payments()[0].requests == 2);
        CHECK(simulator->payments()[0].spellings.size() == 1);
    }

    TEST_CASE("the same transaction with another account is refused, not credited") {
        auto const simulator = start();
        reply(*simulator, pay_query());
        CHECK(reply(*simulator, pay_query("L411K036")).result == 300);
        CHECK(simulator->payments()[0].account == "M003K006");
        CHECK(simulator->payments()[0].spellings.size() == 2);
    }

    TEST_CASE("every bad habit is one pay long") {
        auto const simulator = start({.deadline = 200ms});
        simulator->plan(
            {TimeOutAfterAccept{},
             AnswerCode{90},
             Fail{},
             AnswerGarbage{},
             AnswerSlowly{50ms},
             AnswerTwice{}});
        CHECK(ask(*simulator, pay_query(), 100ms).error().kind == HttpFailure::Kind::Lost);
        CHECK(simulator->payments()[0].accepted == 1);
        CHECK(
            reply(*simulator, pay_query()).result == 0); // Credited already: the code is not said.
        CHECK(ask(*simulator, pay_query())->status == 500);
        CHECK(
            decode_reply(ask(*simulator, pay_query())->body, txn, rub(460'000)) ==
            protocol::fail(ReplyError::NotXml));
        CHECK(reply(*simulator, pay_query()).result == 0);
        CHECK(reply(*simulator, pay_query()).result == 0); // Twice on the wire, once for us.
        CHECK(reply(*simulator, pay_query()).result == 0);
        CHECK(simulator->payments()[0].accepted == 1);
        CHECK(simulator->payments()[0].requests == 7);
    }

    TEST_CASE("an unanswered connection is cut at the provider's deadline") {
        auto const simulator = start({.deadline = 50ms});
        simulator->plan({TimeOutAfterAccept{}});
        auto const answer = ask(*simulator, pay_query());
        REQUIRE_FALSE(answer);
        CHECK(answer.error().kind == HttpFailure::Kind::Lost);
    }

    TEST_CASE("a refusal credits nothing, and the transaction may still be paid") {
        auto const simulator = start();
        simulator->plan({AnswerCode{5}});
        CHECK(reply(*simulator, pay_query()).result == 5);
        CHECK(simulator->payments()[0].accepted == 0);
        CHECK(reply(*simulator, pay_query()).result == 0);
        CHECK(simulator->payments()[0].accepted == 1);
    }

    TEST_CASE("what was credited and planned is remembered by the next run") {
        TemporaryFile const file;
        std::string number;
        {
            auto const simulator = start({.state = file.path()});
            simulator->plan({AnswerOk{}, AnswerCode{7}, AnswerOk{}});
            number = reply(*simulator, pay_query()).provider_txn;
        }
        auto const simulator = start({.state = file.path()});
        CHECK(simulator->payments()[0].accepted == 1);
        CHECK(reply(*simulator, pay_query()).provider_txn == number);
        CHECK(simulator->payments()[0].accepted == 1);
        CHECK(simulator->payments()[0].requests == 2);
        auto other = pay_query();
        other.replace(other.find("0001&"), 4, "0002");
        auto const refused = ask(*simulator, other);
        REQUIRE(refused);
        CHECK(refused->body.find("<result>0<") != std::string::npos); // The plan went on.
    }

    TEST_CASE("a line torn by a power cut is dropped, the lines before it stay") {
        TemporaryFile const file;
        reply(*start({.state = file.path()}), pay_query());
        std::ofstream{file.path(), std::ios::app} << R"({"pay":"command=pay&txn_)";
        auto const simulator = start({.state = file.path()});
        REQUIRE(simulator->payments().size() == 1);
        CHECK(simulator->payments()[0].requests == 1);
        CHECK(reply(*simulator, pay_query()).result == 0);
    }

    TEST_CASE("a file that is no state, or in use, is refused with a cure") {
        TemporaryFile const file;
        auto const running = start({.state = file.path()});
        auto const second = Simulator::start({.state = file.path()});
        REQUIRE_FALSE(second);
        CHECK(second.error().problem.find("another simulator") != std::string::npos);

        TemporaryFile const other;
        std::ofstream{other.path()} << "hello\n";
        auto const strange = Simulator::start({.state = other.path()});
        REQUIRE_FALSE(strange);
        CHECK(strange.error().place == other.path().string() + ":1");
    }

    TEST_CASE("one port serves one simulator") {
        auto const running = start();
        CHECK_FALSE(Simulator::start({.port = running->port()}));
    }

    TEST_CASE("words of behaviour are read, and nothing else is") {
        for (auto const* word :
             {"ok",
              "slow:3000",
              "refuse:5",
              "timeout_after_accept",
              "answer_twice",
              "error_500",
              "garbage"}) {
            auto const read = read_behaviour(word);
            REQUIRE_MESSAGE(read, word);
            CHECK(to_string(*read) == word);
        }
        for (auto const* word :
             {"",
              "slow",
              "slow:",
              "slow:-1",
              "slow:1s",
              "slow:9999999",
              "refuse:0",
              "refuse:x",
              "ok:1",
              "OK"})
            CHECK_FALSE_MESSAGE(read_behaviour(word), word);
    }
}
