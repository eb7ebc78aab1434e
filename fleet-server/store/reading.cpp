#include "fleet-server/store/reading.hpp"

#include "fleet-server/store/connection.hpp"

namespace fleet::store {

namespace {

using protocol::fail;

void bind(SQLite::Statement& statement, int place, Value const& value) {
    struct Binder {
        SQLite::Statement& statement;
        int place;
        void operator()(std::monostate) const { statement.bind(place); }
        void operator()(std::int64_t number) const { statement.bind(place, number); }
        void operator()(std::string_view text) const {
            // The binding is by length: a text may hold any byte but is bound as text.
            statement.bind(place, std::string{text});
        }
        void operator()(protocol::ByteView bytes) const {
            // An empty blob is not NULL: SQLite wants a pointer even then.
            static constexpr char nothing = 0;
            void const* const data = bytes.empty() ? static_cast<void const*>(&nothing)
                                                   : static_cast<void const*>(bytes.data());
            // Not copied: a Value outlives the run, and the lease forgets it afterwards.
            statement.bindNoCopy(place, data, static_cast<int>(bytes.size()));
        }
    };
    std::visit(Binder{statement, place}, value.content());
}

SQLite::Statement& statement_of(void* statement) {
    return *static_cast<SQLite::Statement*>(statement);
}

StoreError shape_error(int column, std::string_view wanted) {
    return StoreError{
        StoreError::Kind::Shape,
        "column " + std::to_string(column + 1) + " is not " + std::string{wanted}};
}

} // namespace

bool Row::is_null(int column) const {
    auto& statement = statement_of(statement_);
    return column < statement.getColumnCount() && statement.isColumnNull(column);
}

std::int64_t Row::integer(int column, std::int64_t least, std::int64_t greatest) {
    auto& statement = statement_of(statement_);
    if (column < statement.getColumnCount()) {
        auto const cell = statement.getColumn(column);
        std::int64_t const number = cell.getInt64();
        if (cell.isInteger() && least <= number && number <= greatest)
            return number;
    }
    if (!error_)
        error_ = shape_error(column, "a whole number in its range");
    return 0;
}

std::string Row::text(int column) {
    auto& statement = statement_of(statement_);
    if (column < statement.getColumnCount() && statement.getColumn(column).isText())
        return statement.getColumn(column).getString();
    if (!error_)
        error_ = shape_error(column, "text");
    return {};
}

protocol::Bytes Row::bytes(int column) {
    auto& statement = statement_of(statement_);
    if (column < statement.getColumnCount() && statement.getColumn(column).isBlob()) {
        auto const cell = statement.getColumn(column);
        auto const* const data = static_cast<std::uint8_t const*>(cell.getBlob());
        return data ? protocol::Bytes(data, data + cell.getBytes()) : protocol::Bytes{};
    }
    if (!error_)
        error_ = shape_error(column, "bytes");
    return {};
}

Outcome<void> Reading::run(
    std::string_view sql, std::span<Value const> values, Visitor const& visitor) const {
    try {
        auto lease = connection_->lease(sql);
        auto& statement = lease.statement();
        int place = 0;
        for (Value const& value : values)
            bind(statement, ++place, value);
        Row row{&statement};
        while (statement.executeStep()) {
            TRY(bool const goes_on, visitor(row));
            if (!goes_on)
                break;
        }
        return {};
    } catch (SQLite::Exception const& exception) {
        return fail(to_store_error(exception));
    }
}

Companion* Reading::find_companion(std::type_index type) const {
    auto const found = connection_->companions().find(type);
    return found == connection_->companions().end() ? nullptr : found->second.get();
}

Companion& Transaction::keep(std::type_index type, std::unique_ptr<Companion> companion) {
    companion->job_begins();
    return *connection().companions().emplace(type, std::move(companion)).first->second;
}

Outcome<std::int64_t> Transaction::execute(std::string_view sql, Values values) {
    TRY_VOID(run(sql, values, [](Row&) -> Outcome<bool> { return true; }));
    return connection().database().getChanges();
}

Outcome<std::int64_t> Transaction::insert(std::string_view sql, Values values) {
    TRY_VOID(execute(sql, values));
    return connection().database().getLastInsertRowid();
}

} // namespace fleet::store
