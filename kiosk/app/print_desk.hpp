#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>

#include "devices/printer/printer.hpp"
#include "kiosk/payment/events.hpp"

namespace kiosk::app {

/// Sends receipts to the printer and listens to its health. Answers arrive on the executor, never
/// from inside a call; a receipt that a later one has overtaken is not answered.
class PrintDesk {
public:
    /// Told PrinterHealth on a change and ReceiptOutcome once a receipt.
    using Tell = std::function<void(payment::Event)>;

    PrintDesk(boost::asio::any_io_executor executor, devices::printer::Printer& printer, Tell tell)
        : executor_{std::move(executor)}, printer_{printer}, tell_{std::move(tell)} {}

    void print(devices::printer::Document document);
    void clear_presenter();

    /// Asks for health until it is cancelled.
    boost::asio::awaitable<void> watch();

    [[nodiscard]] bool is_ready() const { return is_ready_; }

private:
    boost::asio::awaitable<void> print_one(
        devices::printer::Document document, std::uint64_t number);
    boost::asio::awaitable<bool> ask_health();

    boost::asio::any_io_executor executor_;
    devices::printer::Printer& printer_;
    Tell tell_;
    std::uint64_t last_print_ = 0;
    bool is_ready_ = false;
    bool is_told_ = false;
};

} // namespace kiosk::app
