#include "fleet-server/registers/registers.hpp"

#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/intake/payments.hpp"
#include "fleet-server/ledger/entries.hpp"
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
    auto const payable = ledger::payable_of(provider);
    auto const withheld = ledger::fee_internal_of(provider);
    auto const change_of = [](ledger::StoredEntry const& entry, std::string const& account) {
        std::int64_t change = 0;
        for (ledger::StoredLeg const& leg : entry.legs)
            if (leg.kind == ledger::TransferKind::Post) {
                change += leg.credit == account ? leg.amount.minor() : 0;
                change -= leg.debit == account ? leg.amount.minor() : 0;
            }
        return protocol::rub(change);
    };
    TRY_VOID(ledger::each_entry_of(
        reading,
        {payable, withheld},
        from,
        to,
        [&](ledger::StoredEntry const& entry) -> Outcome<bool> {
            bool const is_refusal = entry.kind == ledger::entry::refusal;
            if (!is_refusal && entry.kind != ledger::entry::payment)
                return true;
            TRY(auto const payment, intake::find_payment(reading, entry.reference));
            if (!payment)
                return true;
            rows.push_back(
                {entry.reference,
                 payment->kiosk_time,
                 payment->account,
                 change_of(entry, withheld),
                 change_of(entry, payable),
                 is_refusal});
            return true;
        }));
    return rows;
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
    TRY(auto const cut_hash, ledger::hash_at(reading, cut.to));
    cut.content =
        file_text(text, rows.size(), *totals, cut.rows_sha256, cut.to, store::hex(cut_hash));
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
    TRY_VOID(ledger::seal(transaction));
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
