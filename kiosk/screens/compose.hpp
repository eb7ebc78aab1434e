#pragma once

#include "kiosk/screens/assets.hpp"
#include "kiosk/screens/views.hpp"

namespace kiosk::screens {

/// The page for what is to be shown. Pure: the same values give the same HTML. All data is escaped,
/// so a payee named `<a href="act:finish">` is text. Fails only when the assets are broken, and
/// then for every view alike: `check` finds that out when the program starts.
[[nodiscard]] Result<Page, Complaint> compose(
    View const& view, Surroundings const& surroundings, Language language, Assets const& assets);

/// The name of the view's screen: "home", "scan-refused", "review"...
[[nodiscard]] std::string screen_id(View const& view);

} // namespace kiosk::screens
