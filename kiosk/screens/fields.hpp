#pragma once

#include "kiosk/screens/template.hpp"
#include "kiosk/screens/views.hpp"

namespace kiosk::screens {

/// A view as the names that the templates use. Here figures become text; nothing is decided.
[[nodiscard]] Fields fields_of(
    View const& view, Surroundings const& surroundings, Language language);

} // namespace kiosk::screens
