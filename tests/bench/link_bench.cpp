// What a payment costs on the wire: the kiosk's real link client and the server's real ingress on
// one TLS connection over loopback, in one process; the books behind it are in memory. Bytes and
// segments are the kernel's own counts of both sockets (TCP_INFO), pure acknowledgements included.

#include <spdlog/logger.h>
#include <stdlib.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "fleet-server/ingress/certificates.hpp"
#include "fleet-server/ingress/server.hpp"
#include "kiosk/link/client.hpp"
#include "tests/bench/tcp_wire.hpp"
#include "tests/support/link/fake_desk.hpp"
#include "tests/support/link/fake_kiosk.hpp"

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using tests::look_at_wire;
using tests::Wire;
using namespace std::chrono_literals;

constexpr std::uint32_t kiosk_number = 17;
constexpr int payments_measured = 100;
// Beyond the kernel's delayed acknowledgement (40 ms): a kiosk's payments are minutes apart, so
// each one's last acknowledgement travels alone.
constexpr auto between_payments = 100ms;
// What a commit takes: shorter than the delayed acknowledgement, so that the answer carries it.
constexpr auto commit_takes = 5ms;

/// The bill of M003K006 paid with 2 x 2000, 500 and 100 roubles.
std::string payment(std::int64_t at_ms) {
    protocol::wire::Record record;
    record.set_at_ms(at_ms);
    protocol::wire::Payment& payment = *record.mutable_payment();
    payment.set_provider(1);
    payment.set_account("M003K006");
    payment.set_account_typed("М003К006");
    payment.set_channel(1);
    payment.set_tariff_version(1);
    for (auto const& [value, count] : {std::pair{200'000, 2}, {50'000, 1}, {10'000, 1}}) {
        protocol::wire::NoteCount& notes = *payment.add_notes();
        notes.set_value(value);
        notes.set_count(static_cast<std::uint32_t>(count));
    }
    payment.set_cash(460'000);
    payment.set_credited(460'000);
    payment.set_debt_shown(459'786);
    payment.set_debt_date("2009-10-01");
    return record.SerializeAsString();
}

struct World {
    asio::io_context context{1};
    spdlog::logger log{"bench"};
    tests::FakeDesk desk;
    tests::FakeOutgoing outgoing;
    tests::FakeListener listener;
    std::unique_ptr<fleet::ingress::Server> server;
    std::unique_ptr<kiosk::link::Client> client;
    bool is_done = false;

    asio::awaitable<void> pause(std::chrono::milliseconds time) {
        asio::steady_timer timer{context, time};
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    asio::awaitable<void> until_all_acknowledged() {
        while (outgoing.acknowledged().sequence < outgoing.head().sequence)
            co_await pause(1ms);
    }
};

void print(std::string const& name, Wire const& before, Wire const& after, std::string const& how) {
    std::uint64_t const segments = after.segments - before.segments;
    std::uint64_t const bytes = after.bytes - before.bytes + segments * after.header_size;
    nlohmann::ordered_json row;
    row["name"] = name;
    row["value"] = static_cast<double>(bytes) / payments_measured;
    row["unit"] = "bytes";
    row["note"] = how + "; both directions; " + std::to_string(segments) + " TCP segments of " +
                  std::to_string(after.header_size) +
                  " bytes of IP and TCP headers, counted by the kernel on both sockets (TCP_INFO), "
                  "pure acknowledgements included; loopback";
    std::cout << row.dump() << std::endl;
}

asio::awaitable<void> measure(World& world) {
    while (world.listener.links.empty())
        co_await world.pause(5ms);
    for (int i = 0; i < 10; ++i) { // The connection settles.
        world.outgoing.record(payment(1'790'000'000'000));
        world.client->records_added();
        co_await world.pause(between_payments);
    }
    co_await world.until_all_acknowledged();

    Wire const before = look_at_wire();
    for (int i = 0; i < payments_measured; ++i) {
        world.outgoing.record(payment(1'790'000'000'000 + i * 60'000L));
        world.client->records_added();
        co_await world.pause(between_payments);
    }
    co_await world.until_all_acknowledged();
    co_await world.pause(between_payments);
    Wire const steady = look_at_wire();
    std::size_t const record_size = payment(1'790'000'000'000).size();
    std::string const record = "a record is " + std::to_string(record_size) + " bytes";
    print("link.bytes_per_payment.steady", before, steady, "one by one; " + record);

    for (int i = 0; i < payments_measured; ++i)
        world.outgoing.record(payment(1'790'000'000'000 + i * 60'000L));
    world.client->records_added();
    co_await world.until_all_acknowledged();
    co_await world.pause(between_payments);
    Wire const drained = look_at_wire();
    print(
        "link.bytes_per_payment.drain_100",
        steady,
        drained,
        "100 queued ones; " + record + "; an MTU of 1500 adds some 3 bytes a payment");

    // A figure of a run that lost something is no figure.
    bool const is_sound =
        before.sockets == 2 && drained.sockets == 2 && world.listener.links.size() == 1 &&
        world.desk.records_of(kiosk_number).size() == world.outgoing.head().sequence;
    world.is_done = is_sound;
    world.client->stop();
    world.server->stop();
}

bool set_up(World& world, fs::path const& folder) {
    auto const now = std::chrono::system_clock::now();
    auto const authority = fleet::ingress::Authority::make(folder, now);
    if (!authority)
        return false;
    auto const server = authority->issue_server({"fleet.example"}, now);
    auto const kiosk = authority->issue_kiosk({kiosk_number, 1}, now);
    if (!server || !kiosk || !write_credentials(folder / "s.pem", folder / "s.key", *server) ||
        !write_credentials(folder / "k.pem", folder / "k.key", *kiosk))
        return false;
    world.desk.set_thinking(commit_takes);

    fleet::ingress::IngressOptions ingress;
    ingress.port = 0;
    ingress.authority = folder / "ca.pem";
    ingress.certificate = folder / "s.pem";
    ingress.key = folder / "s.key";
    auto opened =
        fleet::ingress::Server::open(world.context.get_executor(), ingress, world.desk, world.log);
    if (!opened)
        return false;
    world.server = std::move(*opened);

    kiosk::link::ClientOptions const options{
        .server = "127.0.0.1",
        .port = world.server->port(),
        .server_name = "fleet.example",
        .authority = folder / "ca.pem",
        .certificate = folder / "k.pem",
        .key = folder / "k.key",
        .software = "bench",
        .catalog_version = 0,
        .tuning = {}};
    auto client = kiosk::link::Client::open(
        world.context.get_executor(), options, world.outgoing, world.listener, world.log);
    if (!client)
        return false;
    world.client = std::move(*client);
    return true;
}

} // namespace

int main() {
    std::string folder = (fs::temp_directory_path() / "link-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr)
        return 1;
    World world;
    bool const is_set_up = set_up(world, folder);
    if (is_set_up) {
        asio::co_spawn(world.context, world.server->run(), asio::detached);
        asio::co_spawn(world.context, world.client->run(), asio::detached);
        asio::co_spawn(world.context, measure(world), asio::detached);
        world.context.run_for(2min);
    }
    fs::remove_all(folder);
    if (!world.is_done)
        std::cerr << "link_bench: the run was not sound, its figures do not count\n";
    return world.is_done ? 0 : 1;
}
