#pragma once

#include <filesystem>

#include "kiosk/screens/assets.hpp"

namespace kiosk::ui {

/// Reads `ui-assets/` from a folder. Complains of what cannot be read, or is not as it should be.
[[nodiscard]] protocol::Result<screens::Assets, protocol::Complaint> load_assets(
    std::filesystem::path const& folder);

} // namespace kiosk::ui
