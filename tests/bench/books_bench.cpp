// Payments made durable by fleetd's core in this process, and the same legs by a bare SQLite loop.
//
//   books_bench ours|raw DIR BATCH SECONDS
//
// DIR is an empty folder on the disk to be measured. A commit holds BATCH payments; prints one JSON
// object. `ours` is checked after the clock has stopped: books that differ have no figure.

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "fleet-server/catalog/kiosks.hpp"
#include "fleet-server/catalog/rules.hpp"
#include "fleet-server/intake/intake.hpp"
#include "fleet-server/ledger/balances.hpp"
#include "fleet-server/store/store.hpp"
#include "protocol/link/chain.hpp"

using Clock = std::chrono::steady_clock;
namespace wire = protocol::wire;

namespace {

constexpr std::int64_t at_ms = 1'265'356'740'000;
constexpr std::int64_t cash = 460'000;
constexpr std::uint64_t batch_max = 1'000; // The protocol's own limit.

template <class T>
T need(fleet::store::Outcome<T> outcome) {
    if (!outcome) {
        std::fprintf(stderr, "%s\n", to_string(outcome.error()).c_str());
        std::exit(EXIT_FAILURE);
    }
    return *std::move(outcome);
}

void need(bool is_good, char const* what) {
    if (is_good)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::exit(EXIT_FAILURE);
}

void report(std::uint64_t payments, Clock::duration took, std::filesystem::path const& file) {
    std::printf(
        "{\"payments\": %llu, \"seconds\": %.4f, \"bytes\": %llu}\n",
        static_cast<unsigned long long>(payments),
        std::chrono::duration<double>{took}.count(),
        static_cast<unsigned long long>(std::filesystem::file_size(file)));
}

/// One provider with a rule that withholds 0.4 %, and one kiosk whose queue never ends.
class Bench {
public:
    explicit Bench(std::filesystem::path file)
        : file_{std::move(file)}, store_{need(fleet::store::Store::open(file_))} {
        fleet::catalog::Provider provider;
        provider.shown.name = "u";
        provider.shown.inn = "7729524407";
        provider.shown.bank_account = "40702810900000000001";
        provider.shown.bic = "044525225";
        provider.shown.account_mask = "A999A999";
        provider.shown.payment_min = protocol::rub(100);
        provider.shown.payment_max = protocol::rub(1'500'000);
        need(
            need(store_.write([&](fleet::store::Transaction& t) {
                return fleet::catalog::create_provider(t, provider, fleet::from_ms(0));
            })).has_value(),
            "the provider is refused");
        need(
            need(store_.write([](fleet::store::Transaction& t) {
                return fleet::catalog::publish_rule(
                    t,
                    1,
                    "effective_from = \"2010-01-01\"\n[[receivers]]\nname = \"u\"\n"
                    "inn = \"7729524407\"\nwithheld = { rate = \"0.4 %\" }\n"
                    "[[steps]]\nkind = \"remainder\"\nto = \"u\"\n",
                    fleet::from_ms(0));
            })).has_value(),
            "the rule is refused");
        need(
            need(store_.write([](fleet::store::Transaction& t) {
                return fleet::catalog::enrol(t, 17, "bench", fleet::from_ms(0));
            })).has_value(),
            "the kiosk is refused");
    }

    void run(std::uint64_t batch, std::chrono::seconds within) {
        Clock::duration took{};
        while (took < within) {
            auto const batches = prepare(batch);
            auto const begun = Clock::now();
            auto const taken =
                need(store_.write([&](fleet::store::Transaction& t) -> fleet::store::Outcome<bool> {
                    bool is_taken = true;
                    for (wire::Batch const& each : batches) {
                        TRY(auto const answer, intake_.accept(t, {17, 1}, each, now_));
                        is_taken = is_taken && answer.has_value();
                    }
                    return is_taken;
                }));
            took += Clock::now() - begun;
            need(taken, "a batch is refused");
        }
        auto reader = need(store_.open_reader());
        auto const drawer = need(reader.read([](fleet::store::Reading const& r) {
            return fleet::ledger::find_account(r, fleet::ledger::cash_of(17));
        }));
        need(
            drawer &&
                fleet::ledger::net(*drawer).minor() == static_cast<std::int64_t>(sent_) * cash,
            "the books do not hold what was acknowledged");
        auto const trial = need(reader.read(
            [](fleet::store::Reading const& r) { return fleet::ledger::trial_balance(r); }));
        need(trial.difference.is_zero(), "the trial balance is not zero");
        auto const closed = store_.close();
        need(closed.has_value(), "the store does not close");
        report(sent_, took, file_);
    }

private:
    std::vector<wire::Batch> prepare(std::uint64_t count) {
        std::vector<wire::Batch> batches;
        while (count > 0) {
            auto const size = std::min(count, batch_max);
            wire::Batch& batch = batches.emplace_back();
            batch.set_first_sequence(sent_ + 1);
            for (std::uint64_t i = 0; i < size; ++i) {
                auto const payload = payment().SerializeAsString();
                head_ = protocol::link::chain_next(
                    head_,
                    ++sent_,
                    {reinterpret_cast<std::uint8_t const*>(payload.data()), payload.size()});
                batch.add_records(payload);
            }
            batch.set_head_hash(protocol::link::to_wire(head_));
            count -= size;
        }
        return batches;
    }

    [[nodiscard]] wire::Record payment() const {
        wire::Record record;
        record.set_at_ms(at_ms + static_cast<std::int64_t>(sent_));
        auto& made = *record.mutable_payment();
        made.set_provider(1);
        // A hundred thousand residents in no order: 7919 has no factor in common with 10^5.
        std::string digits = std::to_string(1'000'000 + sent_ * 7'919 % 100'000);
        made.set_account("M" + digits.substr(1, 3) + "K" + digits.substr(4, 3));
        made.set_channel(1);
        made.set_tariff_version(2);
        auto& note = *made.add_notes();
        note.set_value(cash / 2);
        note.set_count(2);
        made.set_cash(cash);
        made.set_credited(cash);
        return record;
    }

    std::filesystem::path file_;
    fleet::store::Store store_;
    fleet::intake::Intake intake_;
    fleet::UtcTime now_ = fleet::from_ms(at_ms);
    protocol::link::Hash head_ = protocol::link::chain_start;
    std::uint64_t sent_ = 0;
};

void execute(sqlite3* database, char const* sql) {
    need(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
}

/// The ceiling: four leg rows and two indexes a payment, and nothing else.
void run_raw(std::filesystem::path const& file, std::uint64_t batch, std::chrono::seconds within) {
    sqlite3* database = nullptr;
    need(sqlite3_open(file.c_str(), &database) == SQLITE_OK, "the database does not open");
    execute(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    execute(
        database,
        "CREATE TABLE leg (id INTEGER PRIMARY KEY, payment INTEGER, debit INTEGER, credit INTEGER, "
        "amount INTEGER); CREATE INDEX leg_payment ON leg (payment); "
        "CREATE INDEX leg_credit ON leg (credit, id);");
    sqlite3_stmt* insert = nullptr;
    char const* const sql = "INSERT INTO leg (payment, debit, credit, amount) VALUES (?, ?, ?, ?)";
    need(sqlite3_prepare_v2(database, sql, -1, &insert, nullptr) == SQLITE_OK, sql);
    constexpr int legs = 4;
    std::int64_t payments = 0;
    Clock::duration took{};
    while (took < within) {
        auto const begun = Clock::now();
        execute(database, "BEGIN IMMEDIATE");
        for (std::uint64_t i = 0; i < batch; ++i) {
            ++payments;
            for (int leg = 1; leg <= legs; ++leg) {
                sqlite3_bind_int64(insert, 1, payments);
                sqlite3_bind_int64(insert, 2, 17);
                sqlite3_bind_int64(insert, 3, leg);
                sqlite3_bind_int64(insert, 4, cash / legs);
                need(sqlite3_step(insert) == SQLITE_DONE, sql);
                sqlite3_reset(insert);
            }
        }
        execute(database, "COMMIT");
        took += Clock::now() - begun;
    }
    sqlite3_finalize(insert);
    execute(database, "PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_close(database);
    report(static_cast<std::uint64_t>(payments), took, file);
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: books_bench ours|raw DIR BATCH SECONDS\n");
        return 2;
    }
    auto const file = std::filesystem::path{argv[2]} / "fleet.sqlite";
    auto const batch = std::max<std::uint64_t>(1, std::strtoull(argv[3], nullptr, 10));
    std::chrono::seconds const within{std::strtol(argv[4], nullptr, 10)};
    if (std::string{argv[1]} == "ours")
        Bench{file}.run(batch, within);
    else
        run_raw(file, batch, within);
    return EXIT_SUCCESS;
}
