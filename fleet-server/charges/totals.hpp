#pragma once

#include <map>
#include <optional>
#include <string>

#include "fleet-server/charges/charge_file.hpp"

/// Control totals: a row of a register that says what the rows above it add up to.
namespace fleet::charges {

class Totals {
public:
    /// A row's amount.
    void add(Field field, protocol::Money amount);
    /// A stated total is right when it is that of all rows so far, or of those since the last
    /// totals row (a subtotal). What it should be otherwise.
    [[nodiscard]] std::optional<std::string> differs(Field field, protocol::Money stated) const;
    /// Ends a group of rows.
    void close_group();

private:
    __extension__ using Wide = __int128; // A million rows of the greatest amount.
    struct Sums {
        Wide all = 0;
        Wide group = 0;
    };
    std::map<Field, Sums> sums_;
};

} // namespace fleet::charges
