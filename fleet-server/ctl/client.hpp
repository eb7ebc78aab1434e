#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

/// fleetd's JSON API, from outside.
namespace fleet::ctl {

using nlohmann::json;
using protocol::Complaint;

struct ClientOptions {
    std::string server = "http://127.0.0.1:8080";
    std::string token;
    std::string operator_name; ///< For the audit.
};

struct Failure {
    enum class Kind : std::uint8_t {
        Refused,     ///< The server answered, and said no.
        Unreachable, ///< Nobody answered.
    };
    Kind kind = Kind::Refused;
    std::vector<Complaint> complaints;
};

struct Call {
    std::string method; ///< GET, POST or PUT
    std::string path;   ///< Escaped.
    std::map<std::string, std::string> query;
    std::string body;
    std::string type = "application/json";
};

class Client {
public:
    explicit Client(ClientOptions options);
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;
    ~Client();

    [[nodiscard]] protocol::Result<json, Failure> call(Call const& call);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// For one segment of a path, or a value of a query.
[[nodiscard]] std::string escape(std::string_view text);
/// The complaints of an answer, in their order; one about the answer itself when there are none.
[[nodiscard]] std::vector<Complaint> read_complaints(int status, std::string const& body);

} // namespace fleet::ctl
