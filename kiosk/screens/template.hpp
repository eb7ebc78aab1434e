#pragma once

#include <kainjow/mustache.hpp>

#include <map>
#include <string>

#include "kiosk/screens/assets.hpp"

namespace kiosk::screens {

/// What the templates of one screen may name.
struct Fields {
    /// {{name}}, {{#name}}. A name that is not here is a complaint, never an empty place: a screen
    /// that silently lacks a sum is worse than none.
    kainjow::mustache::data values{kainjow::mustache::data::type::object};
    /// {{>reason}} where the view chooses the string: "reason" -> "closed_stacker_full".
    std::map<std::string, std::string, std::less<>> chosen;
};

/// Renders a template. Every value is HTML-escaped.
[[nodiscard]] Result<std::string, Complaint> render(
    std::string const& place, std::string const& source, Fields const& fields, Language language,
    Assets const& assets);

} // namespace kiosk::screens
