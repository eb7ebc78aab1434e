#include "kiosk/ui/display_list.hpp"

#include <algorithm>

namespace kiosk::ui {

namespace {

// Glyphs reach over their advance box: the tail of "у" to the left, an accent above.
constexpr int glyph_overhang = 6;

Box box_of(Fill const& fill) {
    return fill.box;
}
Box box_of(Frame const& frame) {
    return frame.box;
}
Box box_of(Word const& word) {
    return Box{
        word.box.x - glyph_overhang,
        word.box.y - glyph_overhang,
        word.box.width + 2 * glyph_overhang,
        word.box.height + 2 * glyph_overhang};
}

} // namespace

Box extent(Item const& item) {
    Box const box = std::visit([](auto const& what) { return box_of(what); }, item.what);
    return intersection(box, item.clip);
}

Box difference(DisplayList const& before, DisplayList const& after) {
    auto const [before_changes, after_changes] =
        std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    auto before_end = before.end();
    auto after_end = after.end();
    while (before_end != before_changes && after_end != after_changes &&
           *(before_end - 1) == *(after_end - 1)) {
        --before_end;
        --after_end;
    }
    // Equal items between the changes: a countdown and a sum may change at once, far apart, and the
    // lists stay in step. Where they are not in step, everything in between is drawn again.
    bool const in_step = before_end - before_changes == after_end - after_changes;
    Box changed;
    for (auto item = before_changes; item != before_end; ++item)
        if (!in_step || *item != *(after_changes + (item - before_changes)))
            changed = around(changed, extent(*item));
    for (auto item = after_changes; item != after_end; ++item)
        if (!in_step || *item != *(before_changes + (item - after_changes)))
            changed = around(changed, extent(*item));
    return changed;
}

} // namespace kiosk::ui
