#include <algorithm>

#include "kiosk/journal/database.hpp"
#include "kiosk/journal/entry_chain.hpp"
#include "kiosk/journal/entry_text.hpp"
#include "kiosk/journal/records.hpp"
#include "protocol/link/chain.hpp"

namespace kiosk::journal {

namespace {

using protocol::fail;

auto damaged(std::string detail) {
    return fail(JournalError{JournalProblem::Damaged, std::move(detail)});
}

std::uint64_t number(SQLite::Column const& column) {
    return static_cast<std::uint64_t>(column.getInt64());
}

bool is_hash(SQLite::Column const& column, Hash const& hash) {
    auto const* bytes = static_cast<std::uint8_t const*>(column.getBlob());
    return column.getBytes() == static_cast<int>(hash.size()) &&
           std::equal(hash.begin(), hash.end(), bytes);
}

Hash hash_of(SQLite::Column const& column) {
    Hash hash{};
    auto const* bytes = static_cast<std::uint8_t const*>(column.getBlob());
    if (column.getBytes() == static_cast<int>(hash.size()))
        std::copy_n(bytes, hash.size(), hash.begin());
    return hash;
}

/// The stored hash before the first row to check; the chain's start where there is none.
Hash hash_before(SQLite::Database& database, char const* question, std::uint64_t first) {
    SQLite::Statement statement{database, question};
    statement.bind(1, static_cast<std::int64_t>(first));
    return statement.executeStep() ? hash_of(statement.getColumn(0)) : Hash{};
}

JournalResult<void> check_entries(SQLite::Database& database, std::uint64_t first) {
    Hash hash = hash_before(database, "SELECT hash FROM entries WHERE number = ? - 1", first);
    SQLite::Statement entries{
        database,
        "SELECT number, at_ms, kind, payload, hash FROM entries WHERE number >= ? ORDER BY number"};
    entries.bind(1, static_cast<std::int64_t>(first));
    for (std::uint64_t expected = first; entries.executeStep(); ++expected) {
        auto const place = "entry " + std::to_string(expected);
        if (number(entries.getColumn(0)) != expected)
            return damaged(place + " is missing");
        auto const kind = entries.getColumn(2).getString();
        auto const payload = entries.getColumn(3).getString();
        hash = entry_hash(hash, expected, entries.getColumn(1).getInt64(), kind, payload);
        if (!is_hash(entries.getColumn(4), hash))
            return damaged(place + " was changed");
        if (!entry_from_text(kind, payload))
            return damaged(place + " cannot be read");
    }
    return {};
}

/// Every record continues the chain, and stands where its entry says: one for each entry that
/// carries one.
JournalResult<void> check_records(SQLite::Database& database, std::uint64_t first_entry) {
    SQLite::Statement records{
        database,
        "SELECT sequence, outgoing.payload, outgoing.hash, kind FROM outgoing "
        "JOIN entries ON number = entry_number WHERE entry_number >= ? ORDER BY sequence"};
    records.bind(1, static_cast<std::int64_t>(first_entry));
    SQLite::Statement first_of{
        database, "SELECT ifnull(min(sequence), 1) FROM outgoing WHERE entry_number >= ?"};
    first_of.bind(1, static_cast<std::int64_t>(first_entry));
    first_of.executeStep();
    std::uint64_t expected = number(first_of.getColumn(0));
    Hash hash = hash_before(database, "SELECT hash FROM outgoing WHERE sequence = ? - 1", expected);
    std::uint64_t count = 0;
    for (; records.executeStep(); ++expected, ++count) {
        auto const place = "record " + std::to_string(expected);
        if (number(records.getColumn(0)) != expected)
            return damaged(place + " is missing");
        auto const payload = records.getColumn(1);
        auto const* bytes = static_cast<std::uint8_t const*>(payload.getBlob());
        hash = protocol::link::chain_next(
            hash, expected, {bytes, static_cast<std::size_t>(payload.getBytes())});
        if (!is_hash(records.getColumn(2), hash))
            return damaged(place + " was changed");
    }
    SQLite::Statement carriers{
        database,
        "SELECT count(*) FROM entries WHERE number >= ? "
        "AND kind IN ('payment-recorded', 'unassigned-note')"};
    carriers.bind(1, static_cast<std::int64_t>(first_entry));
    carriers.executeStep();
    if (number(carriers.getColumn(0)) != count)
        return damaged("records do not match the entries that carry them");
    return {};
}

} // namespace

JournalResult<void> check_structure(SQLite::Database& database) {
    SQLite::Statement check{database, "PRAGMA integrity_check(1)"};
    if (check.executeStep() && check.getColumn(0).getString() == "ok")
        return {};
    return damaged(check.getColumn(0).getString());
}

JournalResult<void> check_chains(SQLite::Database& database, std::uint64_t first_entry) {
    TRY_VOID(check_entries(database, first_entry));
    TRY_VOID(check_records(database, first_entry));
    return {};
}

} // namespace kiosk::journal
