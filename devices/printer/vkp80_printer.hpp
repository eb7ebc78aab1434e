#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "devices/line/line.hpp"
#include "devices/printer/printer.hpp"
#include "devices/printer/session.hpp"
#include "devices/printer/status.hpp"

namespace devices::printer {

struct Vkp80Options {
    Forgotten forgotten = Forgotten::Retract;
    /// print() waits so long for the customer's hand before it says Presented.
    milliseconds take_within{5000};
};

/// Custom VKP80II and its kin over a line. One conversation at a time: print() and
/// clear_presenter() wait for the one before; health() during a print tells what was heard last.
class Vkp80Printer final : public Printer {
public:
    /// `line` must outlive the printer; `executor` is where all calls are made.
    Vkp80Printer(
        boost::asio::any_io_executor const& executor, Line& line, Vkp80Options options = {});

    [[nodiscard]] boost::asio::awaitable<PrintResult> print(Document document) override;
    [[nodiscard]] boost::asio::awaitable<Health> health() override;
    [[nodiscard]] boost::asio::awaitable<void> clear_presenter() override;

private:
    boost::asio::awaitable<Finished> converse(Task task, Job job);
    boost::asio::awaitable<Input> carry_out(Action const& action);
    boost::asio::awaitable<Input> ask(Ask const& question);
    boost::asio::awaitable<Input> await_xon(milliseconds within);
    boost::asio::awaitable<void> drain();

    Line& line_;
    Vkp80Options options_;
    StatusReader reader_;
    Health health_;
    bool is_paper_clean_{false};
    bool is_busy_{false};
    boost::asio::steady_timer turn_; ///< Never expires; cancelled when a conversation ends.
};

} // namespace devices::printer
