#pragma once

#include <string>

namespace protocol {

/// What is wrong with something a person wrote or sent (a file, a configuration, a request), where,
/// and what to do about it. Shown to that person as it is.
struct Complaint {
    std::string place;   ///< "kioskd.toml:12", "uniservis.csv line 7, column Сумма"
    std::string problem; ///< "the port is 70000"
    std::string cure;    ///< "write a number from 1 to 65535"

    friend bool operator==(Complaint const&, Complaint const&) = default;
};

[[nodiscard]] inline std::string to_string(Complaint const& complaint) {
    return complaint.place + ": " + complaint.problem + "; " + complaint.cure;
}

} // namespace protocol
