#include "fleet-server/api/reply.hpp"

#include <cassert>
#include <utility>

namespace fleet::api {

namespace {

json as_json(Complaint const& complaint) {
    return {{"place", complaint.place}, {"problem", complaint.problem}, {"cure", complaint.cure}};
}

} // namespace

Refusal refusal(Status status, Complaint complaint) {
    return {status, {std::move(complaint)}};
}

Refusal refusal(Status status, std::vector<Complaint> complaints) {
    assert(!complaints.empty());
    return {status, std::move(complaints)};
}

Refusal refusal(store::StoreError const& error) {
    using Kind = store::StoreError::Kind;
    bool const is_passing = error.kind == Kind::QueueFull || error.kind == Kind::Busy;
    return refusal(
        is_passing ? Status::Unavailable : Status::Broken,
        Complaint{
            "the books",
            to_string(error),
            is_passing ? "ask again in a moment" : "look into fleetd's log, nothing was changed"});
}

json as_json(Refusal const& refusal) {
    json body = {{"error", as_json(refusal.complaints.front())}};
    if (refusal.complaints.size() > 1) {
        json all = json::array();
        for (Complaint const& complaint : refusal.complaints)
            all.push_back(as_json(complaint));
        body["errors"] = std::move(all);
    }
    return body;
}

std::string to_text(json const& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace fleet::api
