#include "fleet-server/api/request.hpp"

#include <charconv>

namespace fleet::api {

std::optional<std::int64_t> read_number(std::string_view text) {
    std::int64_t number = 0;
    auto const [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || stopped != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::string Request::query_or(std::string const& key, std::string const& fallback) const {
    auto const found = query.find(key);
    return found == query.end() ? fallback : found->second;
}

Outcome<std::int64_t> Request::number_or(
    std::string const& key, std::int64_t least, std::int64_t most, std::int64_t fallback) const {
    auto const found = query.find(key);
    if (found == query.end())
        return fallback;
    auto const number = read_number(found->second);
    if (!number || *number < least || *number > most)
        return protocol::fail(refusal(
            Status::BadRequest,
            Complaint{
                "parameter " + key,
                "'" + found->second + "' is not such a number",
                "write a number from " + std::to_string(least) + " to " + std::to_string(most)}));
    return *number;
}

} // namespace fleet::api
