#include "fleet-server/registers/registers.hpp"

#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/registers/register_text.hpp"
#include "fleet-server/store/sha256.hpp"

namespace fleet::registers {

using protocol::Bytes;
using protocol::fail;
using protocol::Result;
using store::Outcome;

namespace {

using Answer = Result<Register, RegisterError>;

enum class Content : std::uint8_t { With, Without };

Outcome<std::vector<Register>> select(
    store::Reading const& reading, Content content, std::string const& condition,
    store::Values values) {
    std::vector<Register> found;
    std::string const shown = content == Content::With ? "content" : "x''";
    TRY_VOID((reading.each<
              std::uint32_t,
              std::string,
              std::uint32_t,
              ledger::Sequence,
              ledger::Sequence,
              std::size_t,
              Money,
              Money,
              Money,
              std::string,
              std::string,
              Bytes,
              UtcTime>(
        "SELECT provider, day, version, cut_from, cut_to, row_count, accepted, withheld, "
        "payable, rows_sha256, file_name, " +
            shown + ", written_at FROM register " + condition,
        values,
        [&](std::uint32_t provider,
            std::string day,
            std::uint32_t version,
            ledger::Sequence from,
            ledger::Sequence to,
            std::size_t rows,
            Money accepted,
            Money withheld,
            Money payable,
            std::string sha,
            std::string file,
            Bytes bytes,
            UtcTime at) {
            found.push_back(
                {provider,
                 std::move(day),
                 version,
                 from,
                 to,
                 rows,
                 accepted,
                 withheld,
                 payable,
                 std::move(sha),
                 std::move(file),
                 std::move(bytes),
                 at});
        })));
    return found;
}

/// What the ledger did to the receiver's two accounts, entry by entry: register and ledger cannot
/// differ.
Outcome<std::vector<Row>> rows_between(
    store::Reading const& reading, std::uint32_t provider, ledger::Sequence from,
    ledger::Sequence to) {
    std::vector<Row> rows;
    TRY_VOID((reading.each<std::string, std::string, UtcTime, std::string, Money, Money>(
        "SELECT e.kind, e.reference, p.kiosk_at, p.account, "
        "sum(CASE WHEN c.name = ?1 THEN t.amount WHEN d.name = ?1 THEN -t.amount ELSE 0 END), "
        "sum(CASE WHEN c.name = ?2 THEN t.amount WHEN d.name = ?2 THEN -t.amount ELSE 0 END) "
        "FROM ledger_entry e JOIN payment p ON p.txn_id = e.reference "
        "JOIN ledger_transfer t ON t.entry = e.id AND t.kind = 0 "
        "JOIN ledger_account d ON d.id = t.debit JOIN ledger_account c ON c.id = t.credit "
        "WHERE e.id > ?3 AND e.id <= ?4 AND e.kind IN (?5, ?6) "
        "AND (d.name IN (?1, ?2) OR c.name IN (?1, ?2)) GROUP BY e.id ORDER BY e.id",
        {ledger::payable_of(provider),
         ledger::fee_internal_of(provider),
         from,
         to,
         ledger::entry::payment,
         ledger::entry::refusal},
        [&](std::string const& kind,
            std::string txn_id,
            UtcTime at,
            std::string account,
            Money payable,
            Money withheld) {
            rows.push_back(
                {std::move(txn_id),
                 at,
                 std::move(account),
                 withheld,
                 payable,
                 kind == ledger::entry::refusal});
        })));
    return rows;
}

Outcome<std::string> hash_at(store::Reading const& reading, ledger::Sequence sequence) {
    TRY(auto const hash,
        reading.value<Bytes>("SELECT hash FROM ledger_entry WHERE id = ?", {sequence}));
    return store::hex(hash.value_or(Bytes(std::tuple_size_v<ledger::Hash>)));
}

Outcome<Register> compose(
    store::Reading const& reading, Register cut, std::string const& inn,
    std::chrono::minutes zone) {
    TRY(auto const rows, rows_between(reading, cut.provider, cut.from, cut.to));
    auto const totals = total_of(rows);
    if (!totals)
        return fail(
            store::StoreError{store::StoreError::Kind::Shape, "the sums of a register do not fit"});
    cut.rows = rows.size();
    cut.accepted = totals->accepted;
    cut.withheld = totals->withheld;
    cut.payable = totals->payable;
    auto const text = rows_text(rows, zone);
    cut.rows_sha256 = store::hex(store::sha256(text));
    TRY(auto const cut_hash, hash_at(reading, cut.to));
    cut.content = file_text(text, rows.size(), *totals, cut.rows_sha256, cut.to, cut_hash);
    cut.file_name = "register-" + inn + "-" + std::to_string(cut.provider) + "-" + cut.day + "-v" +
                    std::to_string(cut.version) + ".csv";
    return cut;
}

Outcome<void> keep(
    store::Transaction& transaction, Register const& written, std::string_view reason) {
    TRY_VOID(transaction.execute(
        "INSERT INTO register (provider, day, version, cut_from, cut_to, row_count, accepted, "
        "withheld, payable, rows_sha256, file_name, content, reason, written_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {written.provider,
         written.day,
         written.version,
         written.from,
         written.to,
         written.rows,
         written.accepted,
         written.withheld,
         written.payable,
         written.rows_sha256,
         written.file_name,
         written.content,
         reason,
         written.written_at}));
    return {};
}

} // namespace

std::string_view name(RegisterError error) {
    switch (error) {
    case RegisterError::UnknownProvider: return "there is no such provider";
    case RegisterError::DayMalformed: return "the day is not a date like 2010-02-05";
    case RegisterError::DayBeforeLast: return "a later day is written already";
    case RegisterError::NothingToReissue: return "this day was never written";
    }
    return "unknown";
}

Outcome<Answer> write_register(
    store::Transaction& transaction, std::uint32_t provider, std::string_view day,
    std::chrono::minutes zone, UtcTime now) {
    TRY(auto const receiver, catalog::find_provider(transaction, provider));
    if (!receiver)
        return Answer{fail(RegisterError::UnknownProvider)};
    if (!is_day(day))
        return Answer{fail(RegisterError::DayMalformed)};
    TRY(auto known, find_register(transaction, provider, day, std::nullopt));
    if (known)
        return Answer{std::move(*known)};
    TRY(auto const last,
        (transaction.one<std::optional<std::string>, std::optional<ledger::Sequence>>(
            "SELECT max(day), max(cut_to) FROM register WHERE provider = ?", {provider})));
    auto const& [last_day, last_cut] = *last; // An aggregate always has a row.
    if (last_day && *last_day > day)
        return Answer{fail(RegisterError::DayBeforeLast)};
    TRY(auto const head, ledger::head(transaction));
    Register cut;
    cut.provider = provider;
    cut.day = day;
    cut.from = last_cut.value_or(0);
    cut.to = head.sequence;
    cut.written_at = now;
    TRY(auto written, compose(transaction, std::move(cut), receiver->shown.inn, zone));
    TRY_VOID(keep(transaction, written, ""));
    return Answer{std::move(written)};
}

Outcome<Answer> reissue_register(
    store::Transaction& transaction, std::uint32_t provider, std::string_view day,
    std::string_view reason, std::chrono::minutes zone, UtcTime now) {
    TRY(auto const receiver, catalog::find_provider(transaction, provider));
    if (!receiver)
        return Answer{fail(RegisterError::UnknownProvider)};
    TRY(auto cut, find_register(transaction, provider, day, std::nullopt));
    if (!cut)
        return Answer{fail(RegisterError::NothingToReissue)};
    ++cut->version;
    cut->written_at = now;
    TRY(auto written, compose(transaction, std::move(*cut), receiver->shown.inn, zone));
    TRY_VOID(keep(transaction, written, reason));
    return Answer{std::move(written)};
}

Outcome<std::vector<Register>> registers_of(store::Reading const& reading, std::uint32_t provider) {
    return select(
        reading,
        Content::Without,
        "WHERE provider = ? ORDER BY day DESC, version DESC",
        {provider});
}

Outcome<std::optional<Register>> find_register(
    store::Reading const& reading, std::uint32_t provider, std::string_view day,
    std::optional<std::uint32_t> version) {
    TRY(auto found,
        select(
            reading,
            Content::With,
            "WHERE provider = ?1 AND day = ?2 AND (?3 IS NULL OR version = ?3) "
            "ORDER BY version DESC LIMIT 1",
            {provider, day, version}));
    if (found.empty())
        return std::optional<Register>{};
    return std::optional{std::move(found.front())};
}

} // namespace fleet::registers
