#include "fleet-server/app/state_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::app;

namespace {

UtcTime now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Config config_in(std::filesystem::path const& folder) {
    Config config;
    config.state = folder / "state";
    config.api.token_file = folder / "etc" / "api-token";
    return config;
}

unsigned mode_of(std::filesystem::path const& file) {
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

std::string text_of(std::filesystem::path const& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

} // namespace

TEST_SUITE("state folder") {
    TEST_CASE("init makes everything that the server needs, secrets for its owner only") {
        ScratchFolder scratch;
        Config const config = config_in(scratch.path());
        REQUIRE(initialise(config, now()));
        StateFolder const folder{config.state};
        for (auto const& file :
             {folder.authority_certificate(),
              folder.server_certificate(),
              folder.server_key(),
              folder.registers(),
              config.api.token_file})
            CHECK_MESSAGE(std::filesystem::exists(file), file.string());
        CHECK(mode_of(config.api.token_file) == 0600);
        CHECK(mode_of(folder.server_key()) == 0600);
        CHECK(mode_of(folder.root) == 0700);
        auto const token = read_token(config.api.token_file);
        REQUIRE(token);
        CHECK(token->size() == 64);
    }

    TEST_CASE("a second init changes nothing: kiosks and operators go on with what they have") {
        ScratchFolder scratch;
        Config const config = config_in(scratch.path());
        REQUIRE(initialise(config, now()));
        StateFolder const folder{config.state};
        auto const authority = text_of(folder.authority_certificate());
        auto const token = text_of(config.api.token_file);
        auto const again = initialise(config, now());
        REQUIRE(again);
        CHECK(again->empty());
        CHECK(text_of(folder.authority_certificate()) == authority);
        CHECK(text_of(config.api.token_file) == token);
    }

    TEST_CASE("what is missing is made again, the rest stays") {
        ScratchFolder scratch;
        Config const config = config_in(scratch.path());
        REQUIRE(initialise(config, now()));
        std::filesystem::remove(config.api.token_file);
        auto const again = initialise(config, now());
        REQUIRE(again);
        CHECK(again->size() == 1);
    }

    TEST_CASE("two servers do not work with one state") {
        ScratchFolder scratch;
        StateFolder const folder{scratch.path()};
        {
            auto const first = StateLock::take(folder);
            REQUIRE(first);
            auto const second = StateLock::take(folder);
            REQUIRE_FALSE(second);
            CHECK(second.error().problem == "another fleetd works with this state");
        }
        CHECK(StateLock::take(folder));
    }

    TEST_CASE("a state that was never made is refused with the command that makes it") {
        auto const lock = StateLock::take(StateFolder{"/proc/nowhere"});
        REQUIRE_FALSE(lock);
        CHECK(lock.error().cure.find("init") != std::string::npos);
        auto const token = read_token("/proc/nowhere/token");
        REQUIRE_FALSE(token);
        CHECK(token.error().cure.find("init") != std::string::npos);
    }

    TEST_CASE("a folder that cannot be made is named") {
        Config config = config_in("/proc/nowhere");
        auto const made = initialise(config, now());
        REQUIRE_FALSE(made);
        CHECK(made.error().place == "/proc/nowhere/state");
    }
}
