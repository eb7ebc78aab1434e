#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>

namespace devices::bench {

/// A field of a request, when it is there and of this type: bool, std::string or an integer.
template <class T>
[[nodiscard]] std::optional<T> field(nlohmann::json const& request, char const* name) {
    auto const found = request.find(name);
    if (found == request.end())
        return std::nullopt;
    if constexpr (std::is_same_v<T, bool>)
        return found->is_boolean() ? std::optional{found->get<bool>()} : std::nullopt;
    else if constexpr (std::is_same_v<T, std::string>)
        return found->is_string() ? std::optional{found->get<std::string>()} : std::nullopt;
    else
        return found->is_number_integer() ? std::optional{found->get<T>()} : std::nullopt;
}

} // namespace devices::bench
