#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"
#include "protocol/money/money.hpp"

/// What the control socket is asked and answers (docs/interfaces.md): one JSON object a line.
namespace kiosk::control {

struct AskScreen {};
struct AskPicture {};
struct AskState {};
struct TouchPoint {
    int x = 0;
    int y = 0;
};
struct TouchAction {
    std::string action; ///< "act:pay"
};
using Request = std::variant<AskScreen, AskPicture, AskState, TouchPoint, TouchAction>;

struct ActionBox {
    std::string action;
    std::string text;
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
};
struct ScreenAnswer {
    std::string screen;
    std::string language;
    std::uint64_t drawn = 0;
    std::vector<std::string> texts;
    std::vector<ActionBox> actions;
};
struct PictureAnswer {
    std::uint64_t drawn = 0;
    protocol::Bytes png;
};
struct TouchAnswer {
    std::string action; ///< Empty: nothing was there to touch.
    std::uint64_t drawn = 0;
};
struct StateAnswer {
    std::string state; ///< Phase of the payment: "collecting".
    std::uint64_t session = 0;
    protocol::Money inserted = protocol::rub(0);
    bool link_is_up = false;
    std::uint64_t unacknowledged = 0;
    std::uint64_t last_sequence = 0;
    std::uint64_t journal_entries = 0;
    std::map<std::int64_t, std::uint64_t> notes; ///< In the stacker, by value in kopecks.
    std::string validator;                       ///< "ready", "starting" or the trouble.
    std::string printer;
    std::string scanner; ///< "up", "down"
};

/// The request of one line, or what is wrong with it.
[[nodiscard]] protocol::Result<Request, std::string> read_request(std::string_view line);

// Each is one line, its end included.
[[nodiscard]] std::string to_line(ScreenAnswer const& answer);
[[nodiscard]] std::string to_line(PictureAnswer const& answer);
[[nodiscard]] std::string to_line(TouchAnswer const& answer);
[[nodiscard]] std::string to_line(StateAnswer const& answer);
[[nodiscard]] std::string error_line(std::string_view error);

} // namespace kiosk::control
