#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fleet-server/store/error.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

/// What the API answers: a JSON value, or complaints that say what to do about it.
namespace fleet::api {

using nlohmann::json;
using protocol::Complaint;

enum class Status : int {
    Ok = 200,
    Created = 201,
    BadRequest = 400,
    Unauthorised = 401,
    NotFound = 404,
    MethodNotAllowed = 405,
    Conflict = 409,
    LengthRequired = 411,
    TooLarge = 413,
    Unprocessable = 422,
    Broken = 500,
    Unavailable = 503,
};

struct Refusal {
    Status status = Status::BadRequest;
    std::vector<Complaint> complaints; ///< At least one.
};

template <class T>
using Outcome = protocol::Result<T, Refusal>;
using Reply = Outcome<json>;

[[nodiscard]] Refusal refusal(Status status, Complaint complaint);
[[nodiscard]] Refusal refusal(Status status, std::vector<Complaint> complaints);
/// The books did not do it: 503 when it is worth asking again, else 500.
[[nodiscard]] Refusal refusal(store::StoreError const& error);

/// {"error":{"place","problem","cure"}, "errors":[...]}: `errors` only when there are several.
[[nodiscard]] json as_json(Refusal const& refusal);
/// Never throws: what is not UTF-8 is replaced.
[[nodiscard]] std::string to_text(json const& value);

} // namespace fleet::api
