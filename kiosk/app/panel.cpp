#include "kiosk/app/panel.hpp"

namespace kiosk::app {

namespace {

protocol::Result<control::TouchAnswer, std::string> answer_of(
    protocol::Result<ui::Touched, ui::TouchError> const& touched) {
    if (touched)
        return control::TouchAnswer{touched->action, touched->drawn};
    switch (touched.error()) {
    case ui::TouchError::NoSuchAction:
        return protocol::fail(std::string{"that action is not on the screen"});
    case ui::TouchError::OutsideScreen:
        return protocol::fail(std::string{"that point is not on the screen"});
    case ui::TouchError::NotRunning: break;
    }
    return protocol::fail(std::string{"the screen does not answer"});
}

} // namespace

control::ScreenAnswer Panel::screen() {
    auto screen = display_.screen();
    control::ScreenAnswer answer;
    answer.screen = std::move(screen.id);
    answer.language = till_.language() == screens::Language::En ? "en" : "ru";
    answer.drawn = screen.drawn;
    answer.texts = std::move(screen.texts);
    for (auto const& anchor : screen.actions)
        answer.actions.push_back(
            {anchor.action,
             anchor.text,
             anchor.box.x,
             anchor.box.y,
             anchor.box.width,
             anchor.box.height});
    return answer;
}

control::PictureAnswer Panel::picture() {
    auto snapshot = display_.picture();
    return {snapshot.drawn, std::move(snapshot.png)};
}

control::StateAnswer Panel::state() {
    auto answer = till_.describe();
    answer.scanner = scanner_.is_up() ? "up" : "down";
    return answer;
}

protocol::Result<control::TouchAnswer, std::string> Panel::touch(control::TouchPoint point) {
    return answer_of(display_.touch(ui::Point{point.x, point.y}));
}

protocol::Result<control::TouchAnswer, std::string> Panel::touch(control::TouchAction action) {
    return answer_of(display_.touch(action.action));
}

} // namespace kiosk::app
