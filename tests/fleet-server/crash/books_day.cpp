#include "tests/fleet-server/crash/books_day.hpp"

namespace fleet::crash {

namespace {

using intake::Identity;
using store::Outcome;

constexpr Identity kiosk_17{17, 1};
constexpr std::size_t payments_a_day = 14;
/// 2 x 2000, 500 and 100 roubles.
constexpr std::int64_t payment_kopecks = 460'000;

UtcTime moment(std::int64_t n) {
    return from_ms(intake::story_ms + 60'000 + n);
}

/// The first complaint of those that read the books.
Outcome<std::optional<std::string>> complaint(store::Reading const& reading) {
    using Found = std::optional<std::string>;
    TRY(auto const records, intake::verify_records(reading));
    TRY(auto const books, ledger::verify(reading, records.cash));
    if (books.difference)
        return Found{"ledger: " + to_string(*books.difference)};
    if (records.difference)
        return Found{"records: " + to_string(*records.difference)};
    TRY(auto const debt, debts::first_difference(reading));
    if (debt)
        return Found{"debts differ"};
    return Found{};
}

template <class T>
std::string error_of(Outcome<T> const& outcome) {
    return to_string(outcome.error());
}

std::optional<std::string> check(store::Store const& store) {
    auto reader = store.open_reader();
    if (!reader)
        return "no reader: " + error_of(reader);
    auto found = reader->read([](store::Reading const& reading) { return complaint(reading); });
    if (!found)
        return "the books cannot be read: " + error_of(found);
    return *found;
}

/// The kiosk greets, and gets all its records acknowledged in at most as many batches.
std::optional<std::string> send_everything(
    store::Store& store, intake::TestKiosk const& kiosk, std::uint64_t acknowledged) {
    intake::Intake intake;
    auto const welcome = store.write([&](store::Transaction& t) {
        return intake.welcome(t, kiosk_17, kiosk.hello(), moment(1'000));
    });
    if (!welcome || !*welcome)
        return "the kiosk is not welcome: " +
               (welcome ? welcome->error().explanation() : error_of(welcome));
    if ((*welcome)->acknowledged_sequence() < acknowledged)
        return "acknowledged " + std::to_string(acknowledged) + ", and there is only " +
               std::to_string((*welcome)->acknowledged_sequence());
    auto const answer = store.write([&](store::Transaction& t) {
        return intake.accept(t, kiosk_17, kiosk.all(), moment(1'001));
    });
    if (!answer || !*answer)
        return "the batch is refused: " +
               (answer ? answer->error().explanation() : error_of(answer));
    if ((*answer)->sequence() != kiosk.size())
        return "only " + std::to_string((*answer)->sequence()) + " were taken";
    return std::nullopt;
}

std::optional<std::string> count_the_cash(store::Store const& store) {
    auto reader = store.open_reader();
    if (!reader)
        return "no reader: " + error_of(reader);
    auto const cash = reader->read([](store::Reading const& reading) {
        return ledger::find_account(reading, ledger::cash_of(17));
    });
    constexpr std::int64_t expected = payment_kopecks * static_cast<std::int64_t>(payments_a_day);
    if (!cash || !*cash || ledger::net(**cash).minor() != expected)
        return "the cash is not that of " + std::to_string(payments_a_day) + " payments";
    return std::nullopt;
}

} // namespace

std::uint64_t Day::promised_by(std::size_t events) const {
    std::uint64_t acknowledged = 0;
    for (Promise const& promise : promises)
        if (promise.events <= events)
            acknowledged = promise.acknowledged;
    return acknowledged;
}

Day live_a_day(bool is_synced) {
    Day day;
    CrashDisk disk;
    if (!is_synced)
        disk.lower_synchronous();
    intake::Office office;
    day.file = office.store.file().string();
    for (std::size_t n = 0; n < payments_a_day; ++n)
        day.kiosk.add(
            intake::story_payment(n % 3 == 0 ? "M003K006" : "M003K00" + std::to_string(n % 7)));
    require(office.store.close());
    office.store = require(store::Store::open(day.file));
    day.before = disk.image();
    disk.record();

    // First record and count of each batch. Some of them the server has already.
    constexpr std::pair<std::size_t, std::size_t> batches[] = {
        {1, 3}, {4, 1}, {2, 3}, {5, 2}, {7, 1}, {7, 2}, {9, 6}};
    constexpr std::size_t before_the_stop = 4;
    for (std::size_t n = 0; n < std::size(batches); ++n) {
        if (n == before_the_stop) {
            require(office.store.close());
            office.store = require(store::Store::open(day.file));
        }
        auto const answer = office.send(day.kiosk.batch(batches[n].first, batches[n].second));
        REQUIRE(answer);
        day.promises.push_back({disk.history().size(), answer->sequence()});
    }
    REQUIRE(day.promises.back().acknowledged == payments_a_day);
    require(office.store.close());
    day.history = disk.history();
    return day;
}

std::optional<std::string> what_is_wrong(
    Day const& day, CrashDisk::Image const& left, std::uint64_t acknowledged) {
    CrashDisk disk;
    disk.load(left);
    auto store = store::Store::open(day.file);
    if (!store)
        return "it does not open: " + error_of(store);
    if (auto wrong = check(*store))
        return wrong;
    if (auto wrong = send_everything(*store, day.kiosk, acknowledged))
        return wrong;
    if (auto wrong = check(*store))
        return "after sending again: " + *wrong;
    return count_the_cash(*store);
}

} // namespace fleet::crash
