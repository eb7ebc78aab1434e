#pragma once

#include <string>
#include <vector>

#include "kiosk/screens/views.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"
#include "tests/golden/small_png.hpp"

namespace golden {

struct DrawnScreen {
    std::string file; ///< "review.ru.png"
    SmallPicture picture;
};

/// Every picture of docs/screens: all examples in Russian, and the plain one of each screen in
/// English. Examples made only to be too long ("-longest") are for the geometry tests.
[[nodiscard]] protocol::Result<std::vector<DrawnScreen>, protocol::Complaint> draw_screens(
    std::string const& assets_folder);

} // namespace golden
