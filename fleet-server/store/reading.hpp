#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <variant>
#include <vector>

#include "fleet-server/store/companion.hpp"
#include "fleet-server/store/error.hpp"
#include "fleet-server/store/time.hpp"
#include "protocol/base/bytes.hpp"
#include "protocol/money/money.hpp"

/// Statements over the database, typed at both ends: what goes in is a Value, what comes out is
/// read into the types that the caller names, and a column of another type is an error.
///
///     TRY(auto row, reading.one<std::string, Money>("SELECT name, sum FROM t WHERE id = ?",
///     {id})); if (!row) ... auto const& [name, sum] = *row;
namespace fleet::store {

/// One bound parameter. Views are only borrowed until the call returns.
class Value {
public:
    // NOLINTBEGIN(google-explicit-constructor): a list of parameters is written as plain values.
    Value(std::nullopt_t) {}
    Value(std::string_view text) : content_{text} {}
    Value(std::string const& text) : content_{std::string_view{text}} {}
    Value(char const* text) : content_{std::string_view{text}} {}
    Value(protocol::ByteView bytes) : content_{bytes} {}
    Value(protocol::Bytes const& bytes) : content_{protocol::ByteView{bytes}} {}
    Value(protocol::Money money) : content_{money.minor()} {}
    Value(UtcTime time) : content_{to_ms(time)} {}
    template <class Integer>
    requires std::is_integral_v<Integer> Value(Integer number)
        : content_{static_cast<std::int64_t>(number)} {}
    template <class T>
    Value(std::optional<T> const& value) {
        if (value)
            *this = Value{*value};
    }
    // NOLINTEND(google-explicit-constructor)

    using Content =
        std::variant<std::monostate, std::int64_t, std::string_view, protocol::ByteView>;
    [[nodiscard]] Content const& content() const { return content_; }

private:
    Content content_;
};

using Values = std::initializer_list<Value>;

/// The row on which a statement stands. The first column that cannot be read as asked is
/// remembered and fails the statement.
class Row {
public:
    explicit Row(void* statement) : statement_{statement} {}

    template <class T>
    [[nodiscard]] T read(int column);

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::optional<StoreError> const& error() const { return error_; }

private:
    [[nodiscard]] std::int64_t integer(int column, std::int64_t least, std::int64_t greatest);
    [[nodiscard]] std::string text(int column);
    [[nodiscard]] protocol::Bytes bytes(int column);

    void* statement_; ///< sqlite3_stmt: only reading.cpp knows.
    std::optional<StoreError> error_;
};

class Connection;

/// What can be asked of the database. Everything that one Reading answers is of one moment.
class Reading {
public:
    explicit Reading(Connection& connection) : connection_{&connection} {}

    /// Every row, in the statement's order. For results that are known to be short.
    template <class... Columns>
    [[nodiscard]] Outcome<std::vector<std::tuple<Columns...>>> all(
        std::string_view sql, Values values = {}) const;
    /// The first row, if there is one.
    template <class... Columns>
    [[nodiscard]] Outcome<std::optional<std::tuple<Columns...>>> one(
        std::string_view sql, Values values = {}) const;
    /// The only column of the first row, if there is one.
    template <class Column>
    [[nodiscard]] Outcome<std::optional<Column>> value(
        std::string_view sql, Values values = {}) const;
    /// visit(columns...) for each row; a visit that returns Outcome<void> can stop with an error.
    template <class... Columns, class Visit>
    [[nodiscard]] Outcome<void> each(std::string_view sql, Values values, Visit visit) const;

    /// What the writing side keeps in memory, when this is the writing side and has begun to.
    template <class T>
    [[nodiscard]] T const* companion() const {
        return static_cast<T const*>(find_companion(typeid(T)));
    }

protected:
    using Visitor = std::function<Outcome<bool>(Row&)>; ///< false: enough.
    [[nodiscard]] Outcome<void> run(
        std::string_view sql, std::span<Value const> values, Visitor const& visitor) const;
    [[nodiscard]] Connection& connection() const { return *connection_; }
    [[nodiscard]] Companion* find_companion(std::type_index type) const;

private:
    Connection* connection_;
};

/// An open write transaction. What a failed statement had begun is undone together with the whole
/// job; nobody but the store begins, commits or rolls back.
class Transaction : public Reading {
public:
    explicit Transaction(Connection& connection) : Reading{connection} {}

    /// Gives the number of rows that the statement changed.
    [[nodiscard]] Outcome<std::int64_t> execute(std::string_view sql, Values values = {});
    /// Gives the rowid of the inserted row.
    [[nodiscard]] Outcome<std::int64_t> insert(std::string_view sql, Values values = {});

    /// The one T of this database's writing side, made when it is first asked for.
    template <class T>
    [[nodiscard]] T& companion() {
        if (Companion* const known = find_companion(typeid(T)))
            return *static_cast<T*>(known);
        return static_cast<T&>(keep(typeid(T), std::make_unique<T>()));
    }

private:
    Companion& keep(std::type_index type, std::unique_ptr<Companion> companion);
};

// ---------------------------------------------------------------------------------------------

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

} // namespace detail

template <class T>
T Row::read(int column) {
    if constexpr (detail::IsOptional<T>::value) {
        return is_null(column) ? T{} : T{read<typename T::value_type>(column)};
    } else if constexpr (std::is_same_v<T, std::string>) {
        return text(column);
    } else if constexpr (std::is_same_v<T, protocol::Bytes>) {
        return bytes(column);
    } else if constexpr (std::is_same_v<T, protocol::Money>) {
        return protocol::rub(integer(
            column,
            std::numeric_limits<std::int64_t>::min(),
            std::numeric_limits<std::int64_t>::max()));
    } else if constexpr (std::is_same_v<T, UtcTime>) {
        return from_ms(integer(
            column,
            std::numeric_limits<std::int64_t>::min(),
            std::numeric_limits<std::int64_t>::max()));
    } else if constexpr (std::is_same_v<T, bool>) {
        return integer(column, 0, 1) != 0;
    } else {
        static_assert(std::is_integral_v<T>);
        constexpr auto least = std::is_unsigned_v<T>
                                   ? std::int64_t{0}
                                   : static_cast<std::int64_t>(std::numeric_limits<T>::min());
        constexpr auto greatest = sizeof(T) >= sizeof(std::int64_t)
                                      ? std::numeric_limits<std::int64_t>::max()
                                      : static_cast<std::int64_t>(std::numeric_limits<T>::max());
        return static_cast<T>(integer(column, least, greatest));
    }
}

namespace detail {

template <class... Columns, std::size_t... Index>
Outcome<std::tuple<Columns...>> read_row(Row& row, std::index_sequence<Index...>) {
    // Braces: the columns are read in order, so that the first bad one is the one named.
    std::tuple<Columns...> columns{row.read<Columns>(static_cast<int>(Index))...};
    if (row.error())
        return protocol::fail(*row.error());
    return columns;
}

} // namespace detail

template <class... Columns>
Outcome<std::vector<std::tuple<Columns...>>> Reading::all(
    std::string_view sql, Values values) const {
    std::vector<std::tuple<Columns...>> rows;
    TRY_VOID(run(sql, values, [&](Row& row) -> Outcome<bool> {
        TRY(auto columns, detail::read_row<Columns...>(row, std::index_sequence_for<Columns...>{}));
        rows.push_back(std::move(columns));
        return true;
    }));
    return rows;
}

template <class... Columns>
Outcome<std::optional<std::tuple<Columns...>>> Reading::one(
    std::string_view sql, Values values) const {
    std::optional<std::tuple<Columns...>> found;
    TRY_VOID(run(sql, values, [&](Row& row) -> Outcome<bool> {
        TRY(auto columns, detail::read_row<Columns...>(row, std::index_sequence_for<Columns...>{}));
        found.emplace(std::move(columns));
        return false;
    }));
    return found;
}

template <class Column>
Outcome<std::optional<Column>> Reading::value(std::string_view sql, Values values) const {
    TRY(auto row, one<Column>(sql, values));
    if (!row)
        return std::optional<Column>{};
    return std::optional<Column>{std::get<0>(std::move(*row))};
}

template <class... Columns, class Visit>
Outcome<void> Reading::each(std::string_view sql, Values values, Visit visit) const {
    return run(sql, values, [&](Row& row) -> Outcome<bool> {
        TRY(auto columns, detail::read_row<Columns...>(row, std::index_sequence_for<Columns...>{}));
        if constexpr (std::is_void_v<decltype(std::apply(visit, std::move(columns)))>)
            std::apply(visit, std::move(columns));
        else
            TRY_VOID(std::apply(visit, std::move(columns)));
        return true;
    });
}

} // namespace fleet::store
