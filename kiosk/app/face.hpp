#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kiosk/config/config.hpp"
#include "kiosk/payment/limits.hpp"
#include "kiosk/screens/assets.hpp"
#include "kiosk/screens/views.hpp"
#include "protocol/catalog/catalog.hpp"

namespace kiosk::app {

/// A place for pages; the display, or a test.
class Pages {
public:
    Pages() = default;
    Pages(Pages const&) = delete;
    Pages& operator=(Pages const&) = delete;
    virtual ~Pages() = default;

    virtual void show(screens::Page page) = 0;
};

/// The kiosk's face: turns a payment's state into a page in the resident's language. A page that
/// has not changed is not shown again.
class Face {
public:
    Face(
        screens::Assets assets, std::uint32_t kiosk, config::LanguageChoice language, Pages& pages);

    void show(payment::State const& state, payment::Now now, payment::Rules const& rules);

    /// "act:language-en". False: it is something else.
    bool choose_language(std::string_view action);
    [[nodiscard]] screens::Language language() const { return language_; }

    void set_agent(protocol::catalog::Agent agent) { agent_ = std::move(agent); }

private:
    void forget_language(payment::State const& state);

    screens::Assets assets_;
    std::uint32_t kiosk_;
    screens::Language usual_;
    screens::Language language_;
    bool is_home_ = true;
    protocol::catalog::Agent agent_;
    Pages& pages_;
    std::string shown_; ///< The HTML of the last page.
};

/// What an anchor of the screen means to the payment; nullopt when it is not the payment's.
[[nodiscard]] std::optional<payment::Action> action_of(std::string_view anchor);

} // namespace kiosk::app
