#include "devices/bench/config.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "devices/bench/kiosk_config.hpp"

using namespace devices::bench;

namespace {

constexpr auto whole = R"([page]
assets = "page"
[kiosk]
config = "/etc/kioskd.toml"
run = "run"
)";

std::string complaint(std::string_view text) {
    auto const config = read_config(text, "/bench/devsim.toml", "/usr/bin");
    REQUIRE_FALSE(config);
    return to_string(config.error());
}

/// A kiosk's configuration in a file, for as long as a test needs it.
class KioskFile {
public:
    explicit KioskFile(std::string_view text) {
        char name[] = "/tmp/kioskd-XXXXXX";
        int const file = ::mkstemp(name);
        REQUIRE(file >= 0);
        ::close(file);
        path_ = name;
        std::ofstream{path_} << text;
    }
    KioskFile(KioskFile const&) = delete;
    KioskFile& operator=(KioskFile const&) = delete;
    ~KioskFile() { std::filesystem::remove(path_); }

    [[nodiscard]] auto with(Ports const& ports) const { return with_ports(path_, ports); }
    [[nodiscard]] std::string const& path() const { return path_; }

private:
    std::string path_;
};

constexpr auto kiosk = R"(number = 17
limits.bills_accepted = [5000, 10000]
[bill_validator]
protocol = "ccnet"
port = "/dev/ttyS0"
[link]
server = "fleet.example"
port = 8443
ca = "/etc/ca.pem"
[control]
enabled = true
socket = "/run/control"
)";

} // namespace

TEST_SUITE("devsim's configuration") {
    TEST_CASE("paths are relative to the file, a bare program is beside devsim") {
        auto const config = read_config(whole, "/bench/devsim.toml", "/usr/bin");
        REQUIRE(config);
        CHECK(config->page.address == "127.0.0.1");
        CHECK(config->page.port == 8090);
        CHECK(config->page.assets == "/bench/page");
        CHECK(config->kiosk.program == "/usr/bin/kioskd");
        CHECK(config->kiosk.config == "/etc/kioskd.toml");
        CHECK(config->kiosk.run == "/bench/run");
        CHECK(config->kiosk.starts_powered);
        CHECK(config->link.server_port == 8443);
    }

    TEST_CASE("the sample beside the sources is a whole configuration") {
        CHECK(load_config(
            std::filesystem::path{KIOSK_SOURCE_DIR} / "devices/bench/devsim.toml", "/usr/bin"));
    }

    TEST_CASE("what is wrong is told with its line and the cure") {
        CHECK(complaint(std::string{whole} + "[link]\nserver_port = 70000\n")
                  .starts_with("/bench/devsim.toml:7"));
        CHECK(complaint(std::string{whole} + "[lnik]\n").find("lnik") != std::string::npos);
        CHECK(complaint("[page]\nport = \"x\"\n").starts_with("/bench/devsim.toml"));
        CHECK(complaint("page = = 1").starts_with("/bench/devsim.toml:1"));
        CHECK(load_config("/absent/devsim.toml", "/").error().problem == "cannot be read");
    }
}

TEST_SUITE("kioskd's configuration in devsim") {
    TEST_CASE("devices and link are replaced, everything else stays") {
        KioskFile const file{kiosk};
        auto const config = file.with(
            {.validator = "/dev/pts/1",
             .printer = "/dev/pts/2",
             .scanner = "/dev/pts/3",
             .link = 40000});
        REQUIRE(config);
        CHECK(config->control_socket == "/run/control");
        for (auto const* part :
             {"number = 17",
              "'/dev/pts/1'",
              "'/dev/pts/2'",
              "'/dev/pts/3'",
              "port = 40000",
              "server = '127.0.0.1'",
              "protocol = 'ccnet'",
              "bills_accepted = [ 5000, 10000 ]",
              "ca = '/etc/ca.pem'"}) {
            CAPTURE(part);
            CHECK(config->text.find(part) != std::string::npos);
        }
        CHECK(config->text.find("ttyS0") == std::string::npos);
        CHECK(config->text.find("fleet.example") == std::string::npos);
    }

    TEST_CASE("a kiosk whose control socket is closed is refused") {
        CHECK(KioskFile{"number = 1"}.with({}).error().problem == "[control] enabled is not true");
        CHECK(
            KioskFile{"[control]\nenabled = true"}.with({}).error().problem ==
            "[control] socket is missing");
    }

    TEST_CASE("a file that is no TOML is told with its line") {
        KioskFile const file{"number = 1\n= 2\n"};
        CHECK(file.with({}).error().place == file.path() + ":2");
        CHECK_FALSE(with_ports("/absent/kioskd.toml", {}));
    }
}
