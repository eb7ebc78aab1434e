#include "fleet-server/app/day_keeper.hpp"

#include <spdlog/logger.h>

#include "fleet-server/api/audit.hpp"
#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/registers/registers.hpp"

namespace fleet::app {

namespace {

using registers::Register;
using Written = protocol::Result<Register, registers::RegisterError>;

// A clock that was set is noticed within this; the cut itself is met to the same precision.
constexpr std::chrono::seconds look_every{10};

} // namespace

DayKeeper::DayKeeper(Needs needs) : needs_{std::move(needs)} {
    close_day(today() - std::chrono::days{1}, Whose::OnlyBegun);
    thread_ = std::thread{[this] { run(); }};
}

DayKeeper::~DayKeeper() {
    {
        std::lock_guard const lock{mutex_};
        is_ending_ = true;
    }
    ending_.notify_all();
    thread_.join();
}

std::chrono::sys_days DayKeeper::today() const {
    UtcTime const now = needs_.clock();
    return day_of(now, needs_.zone(now), needs_.cut);
}

void DayKeeper::run() {
    std::chrono::sys_days day = today();
    std::unique_lock lock{mutex_};
    while (!ending_.wait_for(lock, look_every, [this] { return is_ending_; })) {
        std::chrono::sys_days const now = today();
        if (now > day)
            close_day(now - std::chrono::days{1}, Whose::All);
        day = std::max(day, now);
    }
}

void DayKeeper::close_day(std::chrono::sys_days day, Whose whose) {
    auto const providers = needs_.reader.read(
        [](store::Reading const& reading) { return catalog::all_providers(reading); });
    if (!providers) {
        needs_.log.error("register.failed detail=\"{}\"", to_string(providers.error()));
        return;
    }
    std::string const name = iso_date(day);
    for (catalog::Provider const& provider : *providers) {
        std::uint32_t const id = provider.shown.id;
        auto const written = needs_.reader.read(
            [id](store::Reading const& reading) { return registers::registers_of(reading, id); });
        if (!written)
            continue; // Told by the next day's writing; the books are failing anyway.
        // Without any register yet, its first day ends at the next cut that we live through.
        bool const is_due = written->empty() ? whose == Whose::All : written->front().day < name;
        if (is_due)
            close_day_of(id, name);
    }
}

void DayKeeper::close_day_of(std::uint32_t provider, std::string const& day) {
    UtcTime const now = needs_.clock();
    auto const written =
        needs_.writer.write([&](store::Transaction& transaction) -> store::Outcome<Written> {
            TRY(auto outcome,
                registers::write_register(transaction, provider, day, needs_.zone(now), now));
            if (outcome)
                TRY_VOID(api::record(
                    transaction,
                    {.id = 0,
                     .at = now,
                     .who = "fleetd",
                     .action = "cut",
                     .object = "provider " + std::to_string(provider),
                     .detail = "\"" + outcome->file_name + "\""}));
            return outcome;
        });
    if (!written || !*written) {
        std::string const reason =
            written ? std::string{registers::name(written->error())} : to_string(written.error());
        needs_.log.error("register.failed provider={} day={} detail=\"{}\"", provider, day, reason);
        return;
    }
    auto const saved = registers::save_register(needs_.folder, **written);
    if (saved)
        needs_.log.info(
            "register.written provider={} day={} rows={} file={}",
            provider,
            day,
            (*written)->rows,
            saved->string());
    else
        needs_.log.error(
            "register.not_saved provider={} day={} detail=\"{}\"", provider, day, saved.error());
}

} // namespace fleet::app
