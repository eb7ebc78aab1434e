#pragma once

#include <string>
#include <vector>

#include "kiosk/screens/views.hpp"

/// Every screen in every state that looks different: golden pictures, geometry checks and docs are
/// all made of these.
namespace golden {

struct ScreenExample {
    std::string name; ///< Of its picture, without language: "collect-overpaid".
    kiosk::screens::View view;
    kiosk::screens::Surroundings surroundings;
};

[[nodiscard]] std::vector<ScreenExample> screen_examples();

/// The bill of the fixtures: ООО Юнисервис, М003К006, 4 597,86 ₽.
[[nodiscard]] kiosk::screens::BillFacts example_bill();
[[nodiscard]] kiosk::screens::Surroundings example_surroundings();

} // namespace golden
