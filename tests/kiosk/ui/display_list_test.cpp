#include "kiosk/ui/display_list.hpp"

#include <doctest/doctest.h>

using namespace kiosk::ui;

namespace {

Item fill(Box box, std::uint8_t red = 0) {
    return Item{Fill{box, {}, Color{red, 0, 0, 255}}, Box{0, 0, 1000, 1000}};
}

} // namespace

TEST_SUITE("display list") {
    TEST_CASE("equal lists have no difference") {
        DisplayList const list{fill({0, 0, 10, 10}), fill({20, 20, 10, 10})};
        CHECK(difference(list, list).is_empty());
        CHECK(difference({}, {}).is_empty());
    }

    TEST_CASE("an item that changes in place is drawn again alone") {
        DisplayList const before{fill({0, 0, 10, 10}), fill({20, 20, 10, 10}), fill({50, 0, 9, 9})};
        DisplayList after = before;
        after[1] = fill({20, 20, 10, 10}, 255);
        CHECK(difference(before, after) == Box{20, 20, 10, 10});
    }

    TEST_CASE("an item that moves is drawn again where it was and where it is") {
        DisplayList const before{fill({0, 0, 10, 10}), fill({20, 20, 10, 10})};
        DisplayList const after{fill({0, 0, 10, 10}), fill({40, 20, 10, 10})};
        CHECK(difference(before, after) == Box{20, 20, 30, 10});
    }

    TEST_CASE("items that come or go are drawn again, the same ones around them are not") {
        DisplayList const before{fill({0, 0, 10, 10}), fill({90, 90, 5, 5})};
        DisplayList const after{fill({0, 0, 10, 10}), fill({30, 30, 4, 4}), fill({90, 90, 5, 5})};
        CHECK(difference(before, after) == Box{30, 30, 4, 4});
        CHECK(difference(after, before) == Box{30, 30, 4, 4});
        CHECK(difference(before, {}) == Box{0, 0, 95, 95});
    }

    TEST_CASE("two changes far apart give the box around both") {
        DisplayList const before{
            fill({0, 0, 10, 10}), fill({50, 50, 10, 10}), fill({90, 90, 5, 5})};
        DisplayList after = before;
        after[0] = fill({0, 0, 10, 10}, 1);
        after[2] = fill({90, 90, 5, 5}, 1);
        CHECK(difference(before, after) == Box{0, 0, 95, 95});
    }

    TEST_CASE("nothing is drawn outside of the clip") {
        Item const item{Fill{Box{0, 0, 100, 100}, {}, {}}, Box{50, 50, 500, 10}};
        CHECK(extent(item) == Box{50, 50, 50, 10});
    }

    TEST_CASE("a word reaches a little over its box") {
        Item const item{Word{Box{100, 100, 40, 30}, "у", 0, {}}, Box{0, 0, 1000, 1000}};
        CHECK(extent(item).x < 100);
        CHECK(extent(item).right() > 140);
    }
}
