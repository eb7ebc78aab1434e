#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "devices/bill-validator/session.hpp"
#include "kiosk/app/controller.hpp"
#include "kiosk/app/face.hpp"
#include "kiosk/app/print_desk.hpp"
#include "kiosk/control/messages.hpp"
#include "kiosk/link/client.hpp"
#include "protocol/catalog/catalog.hpp"

namespace kiosk::app {

/// Where everything that happens meets the payment: the controller with real devices for hands.
/// Lives on one executor; `tell` may be called from anywhere on it but from inside a hand.
class Till final : public Hands, public Watcher {
public:
    struct Parts {
        std::uint32_t kiosk = 0;
        std::unique_ptr<journal::Journal> journal; ///< Null: there is none to go on with.
        devices::bill_validator::Session& validator;
        PrintDesk& printer;
        Face& face;
    };
    Till(boost::asio::any_io_executor const& executor, payment::Rules rules, Parts parts);

    /// Goes on where the journal ends. `kept`: the catalog of the last life, whose agent must be on
    /// a receipt that is printed now. Before anything else.
    void start(std::optional<protocol::catalog::Catalog> kept);
    void tell(payment::Event event);

    /// Answers to questions of `link`, which outlives the till or is taken away with nullptr.
    void use_link(link::Client* link) { link_ = link; }
    void on_account(link::AccountAnswer const& answer);
    void on_acknowledged();
    void use_catalog(protocol::catalog::Catalog catalog);
    /// None yet: an empty one.
    [[nodiscard]] protocol::catalog::Catalog const& catalog() const { return catalog_; }

    void touch(std::string_view anchor);

    /// Nothing can be journalled: a stacked note must not be acknowledged.
    [[nodiscard]] bool is_broken() const { return controller_.is_broken(); }
    [[nodiscard]] journal::Journal* journal() { return journal_.get(); }
    [[nodiscard]] screens::Language language() const { return face_.language(); }
    /// All but the scanner.
    [[nodiscard]] control::StateAnswer describe() const;

    // Hands.
    journal::JournalResult<journal::Appended> write(
        payment::Entry const& entry, payment::WallTime at) override;
    payment::OfflineUse unacknowledged() override;
    void stack_note() override;
    void return_note() override;
    void ask_account(payment::AskAccount const& question) override;
    void print(payment::PrintReceipt const& receipt) override;
    void clear_presenter() override;

    // Watcher.
    void on_step(
        std::string_view event, payment::State const& before, payment::State const& after) override;
    void on_fault(
        payment::Fault fault, std::string_view event, payment::State const& state) override;
    void on_journal_error(journal::JournalError const& error) override;

private:
    void follow();
    void keep(protocol::catalog::Catalog catalog);
    void set_alarm();

    std::uint32_t kiosk_;
    std::unique_ptr<journal::Journal> journal_;
    devices::bill_validator::Session& validator_;
    PrintDesk& printer_;
    Face& face_;
    Controller controller_;
    boost::asio::steady_timer alarm_;
    link::Client* link_ = nullptr;
    protocol::catalog::Catalog catalog_;

    struct Asked {
        std::uint32_t question; ///< The link's number.
        std::uint32_t query;    ///< The payment's.
    };
    std::optional<Asked> asked_;
};

} // namespace kiosk::app
