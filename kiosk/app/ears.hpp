#pragma once

#include "devices/bill-validator/driver.hpp"
#include "devices/scanner/scanner.hpp"
#include "kiosk/app/till.hpp"
#include "kiosk/link/link.hpp"

/// Who listens to the devices and to the server, and tells the till.
namespace kiosk::app {

/// What a validator says, in the payment's words.
[[nodiscard]] payment::Event event_of(devices::bill_validator::Event const& event);

class ValidatorEar final : public devices::bill_validator::Listener {
public:
    explicit ValidatorEar(Till& till) : till_{till} {}

    /// Does not return for a stacked note that could not be journalled: the validator is not
    /// acknowledged, and tells of it again after the next start.
    boost::asio::awaitable<void> on_bill_event(devices::bill_validator::Event event) override;

private:
    Till& till_;
};

class ScannerEar final : public devices::scanner::Listener {
public:
    explicit ScannerEar(Till& till) : till_{till} {}

    boost::asio::awaitable<void> on_code(protocol::Bytes code) override;
    boost::asio::awaitable<void> on_scanner_line(bool is_up) override;
    [[nodiscard]] bool is_up() const { return is_up_; }

private:
    Till& till_;
    bool is_up_ = false;
};

class LinkEar final : public link::LinkListener {
public:
    /// `catalog_file`: where the last catalog is kept.
    LinkEar(Till& till, std::string catalog_file)
        : till_{till}, catalog_file_{std::move(catalog_file)} {}

    void on_link(bool is_up) override { till_.tell(payment::LinkChanged{is_up}); }
    void on_account(link::AccountAnswer answer) override { till_.on_account(answer); }
    void on_catalog(protocol::catalog::Catalog catalog) override;
    void on_acknowledged(std::uint64_t) override { till_.on_acknowledged(); }
    void on_refused(std::string) override { till_.tell(payment::ServerRefused{}); }

private:
    Till& till_;
    std::string catalog_file_;
};

} // namespace kiosk::app
