#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <typeindex>
#include <unordered_map>
#include <vector>

#include "fleet-server/store/companion.hpp"
#include "fleet-server/store/error.hpp"

/// One SQLite connection and its prepared statements. Only this folder's sources see it.
namespace fleet::store {

[[nodiscard]] StoreError to_store_error(SQLite::Exception const& exception);

class Connection {
public:
    enum class Access : std::uint8_t { Write, Read };
    [[nodiscard]] static Outcome<std::unique_ptr<Connection>> open(
        std::filesystem::path const& file, Access access);

    /// A prepared statement, given back reset. Two that run at once are two statements.
    class Lease {
    public:
        using Shelf = std::vector<std::unique_ptr<SQLite::Statement>>;
        Lease(Shelf& shelf, std::unique_ptr<SQLite::Statement> statement)
            : shelf_{shelf}, statement_{std::move(statement)} {}
        Lease(Lease const&) = delete;
        Lease& operator=(Lease const&) = delete;
        ~Lease();
        [[nodiscard]] SQLite::Statement& statement() { return *statement_; }

    private:
        Shelf& shelf_; ///< Where it goes back to.
        std::unique_ptr<SQLite::Statement> statement_;
    };
    /// Throws SQLite::Exception for a statement that does not compile.
    [[nodiscard]] Lease lease(std::string_view sql);

    /// Statements without parameters or answers; several may be in one text.
    [[nodiscard]] Outcome<void> run_script(std::string const& sql);
    /// One answer as text, for PRAGMA.
    [[nodiscard]] Outcome<std::string> ask(std::string const& sql);

    [[nodiscard]] bool is_in_transaction();
    [[nodiscard]] SQLite::Database& database() { return database_; }

    using Companions = std::unordered_map<std::type_index, std::unique_ptr<Companion>>;
    [[nodiscard]] Companions& companions() { return companions_; }

private:
    Connection(std::filesystem::path const& file, int flags);

    SQLite::Database database_;
    std::map<std::string, Lease::Shelf, std::less<>> idle_; ///< By their text.
    Companions companions_;
};

} // namespace fleet::store
