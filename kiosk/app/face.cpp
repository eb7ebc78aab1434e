#include "kiosk/app/face.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <utility>

#include "kiosk/app/clock.hpp"
#include "kiosk/app/present.hpp"
#include "kiosk/screens/compose.hpp"

namespace kiosk::app {

Face::Face(
    screens::Assets assets, std::uint32_t kiosk, config::LanguageChoice language, Pages& pages)
    : assets_{std::move(assets)},
      kiosk_{kiosk},
      usual_{
          language == config::LanguageChoice::En ? screens::Language::En : screens::Language::Ru},
      language_{usual_},
      pages_{pages} {}

void Face::show(payment::State const& state, payment::Now now, payment::Rules const& rules) {
    forget_language(state);
    screens::Surroundings const around{
        .kiosk_number = kiosk_,
        .agent_name = agent_.name,
        .agent_inn = agent_.inn,
        .address = agent_.address,
        .hotline = agent_.hotline,
        .link_is_up = state.link_up,
        .clock = clock_text(now.wall)};
    auto page = screens::compose(present(state, now, rules, kiosk_), around, language_, assets_);
    if (!page) {
        spdlog::critical("screen.broken {}", protocol::to_string(page.error()));
        return;
    }
    if (page->html == shown_)
        return;
    shown_ = page->html;
    pages_.show(*std::move(page));
}

bool Face::choose_language(std::string_view action) {
    if (action == "act:language-ru")
        language_ = screens::Language::Ru;
    else if (action == "act:language-en")
        language_ = screens::Language::En;
    else
        return false;
    return true;
}

/// The next resident begins in the kiosk's own language.
void Face::forget_language(payment::State const& state) {
    bool const is_home = std::holds_alternative<payment::Idle>(state.phase);
    if (is_home && !std::exchange(is_home_, true))
        language_ = usual_;
    is_home_ = is_home;
}

std::optional<payment::Action> action_of(std::string_view anchor) {
    using payment::Action;
    constexpr std::array<std::pair<std::string_view, Action>, 7> actions{
        {{"act:home", Action::Home},
         {"act:pay", Action::Pay},
         {"act:cancel", Action::Cancel},
         {"act:finish", Action::Finish},
         {"act:more-time", Action::MoreTime},
         {"act:again", Action::Again},
         {"act:reprint", Action::Reprint}}};
    for (auto const& [name, action] : actions)
        if (name == anchor)
            return action;
    return std::nullopt;
}

} // namespace kiosk::app
