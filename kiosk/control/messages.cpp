#include "kiosk/control/messages.hpp"

#include <nlohmann/json.hpp>

namespace kiosk::control {

namespace {

using nlohmann::json;

// RFC 4648, with padding.
std::string base64(protocol::ByteView bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::size_t const count = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t index = 0; index < 3; ++index)
            group = group << 8U | (index < count ? bytes[at + index] : 0U);
        for (std::size_t index = 0; index < 4; ++index)
            text += index <= count ? digits[group >> (18U - 6U * index) & 0x3FU] : '=';
    }
    return text;
}

// What is not UTF-8 is shown as such instead of breaking the answer.
std::string line(json const& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

protocol::Result<Request, std::string> read_touch(json const& touch) {
    if (!touch.is_object())
        return protocol::fail(
            std::string{"'touch' is {\"x\":…,\"y\":…} or {\"action\":\"act:…\"}"});
    if (auto const action = touch.find("action"); action != touch.end() && action->is_string())
        return TouchAction{action->get<std::string>()};
    auto const x = touch.find("x");
    auto const y = touch.find("y");
    if (x == touch.end() || y == touch.end() || !x->is_number_integer() || !y->is_number_integer())
        return protocol::fail(std::string{"'touch' wants whole numbers x and y, or an action"});
    // Coordinates beyond any screen are clipped, not wrapped.
    auto const clip = [](json const& number) {
        return static_cast<int>(std::clamp<std::int64_t>(number.get<std::int64_t>(), -1, 1 << 20));
    };
    return TouchPoint{clip(*x), clip(*y)};
}

} // namespace

protocol::Result<Request, std::string> read_request(std::string_view text) {
    auto const request = json::parse(text, nullptr, false);
    if (request.is_discarded() || !request.is_object())
        return protocol::fail(std::string{"not a JSON object"});
    if (auto const touch = request.find("touch"); touch != request.end())
        return read_touch(*touch);
    auto const ask = request.find("ask");
    if (ask == request.end() || !ask->is_string())
        return protocol::fail(std::string{"neither 'ask' nor 'touch' is in the request"});
    auto const what = ask->get<std::string>();
    if (what == "screen")
        return AskScreen{};
    if (what == "picture")
        return AskPicture{};
    if (what == "state")
        return AskState{};
    return protocol::fail("nobody can be asked for '" + what + "': screen, picture or state");
}

std::string to_line(ScreenAnswer const& answer) {
    json actions = json::array();
    for (auto const& box : answer.actions)
        actions.push_back(
            {{"action", box.action},
             {"text", box.text},
             {"x", box.x},
             {"y", box.y},
             {"width", box.width},
             {"height", box.height}});
    return line(
        {{"screen", answer.screen},
         {"language", answer.language},
         {"drawn", answer.drawn},
         {"texts", answer.texts},
         {"actions", actions}});
}

std::string to_line(PictureAnswer const& answer) {
    return line({{"drawn", answer.drawn}, {"png", base64(answer.png)}});
}

std::string to_line(TouchAnswer const& answer) {
    auto const action = answer.action.empty() ? json(nullptr) : json(answer.action);
    return line({{"action", action}, {"drawn", answer.drawn}});
}

std::string to_line(StateAnswer const& answer) {
    json notes = json::object();
    for (auto const& [value, count] : answer.notes)
        notes[std::to_string(value)] = count;
    return line(
        {{"state", answer.state},
         {"session", answer.session},
         {"inserted", answer.inserted.minor()},
         {"link", answer.link_is_up ? "up" : "down"},
         {"unacknowledged", answer.unacknowledged},
         {"last_sequence", answer.last_sequence},
         {"journal_entries", answer.journal_entries},
         {"notes", notes},
         {"validator", answer.validator},
         {"printer", answer.printer},
         {"scanner", answer.scanner}});
}

std::string error_line(std::string_view error) {
    return line({{"error", error}});
}

} // namespace kiosk::control
