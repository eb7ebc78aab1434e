#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "protocol/commission/tariff.hpp"
#include "protocol/money/money.hpp"

/// What a kiosk must know to take money without asking anybody: who is paid, under which tariff, up
/// to which limits, and whom a resident can call.
namespace protocol::catalog {

struct Provider {
    std::uint32_t id = 0;
    std::string name;
    std::string inn;
    std::string bank_account; ///< 20 digits; with `bic` it identifies the payee of a bill.
    std::string bic;
    std::string category;
    std::string account_mask; ///< See protocol/account.
    std::string phone;
    std::map<commission::Channel, commission::Tariff> tariffs;
    Money payment_min = rub(0);
    Money payment_max = rub(0);
    friend bool operator==(Provider const&, Provider const&) = default;
};

/// The payment agent whose kiosk it is: 103-FZ wants it shown and printed.
struct Agent {
    std::string name;
    std::string inn;
    std::string address; ///< Of the kiosk.
    std::string hotline;
    friend bool operator==(Agent const&, Agent const&) = default;
};

/// How much money a kiosk may take while nobody answers.
struct OfflineLimits {
    Money per_payment = rub(0);
    Money total = rub(0);
    std::uint32_t count = 0;
    std::uint32_t age_hours = 0; ///< Of the oldest payment that the server has not acknowledged.
    friend bool operator==(OfflineLimits const&, OfflineLimits const&) = default;
};

struct Catalog {
    std::uint64_t version = 0;
    Agent agent;
    OfflineLimits offline;
    std::vector<Provider> providers;
    friend bool operator==(Catalog const&, Catalog const&) = default;
};

/// One service of a bill, as the provider printed it. Never recomputed: the provider's sum counts
/// even where it is not tariff x quantity.
struct ServiceLine {
    std::string service;
    std::string unit;
    std::string tariff;   ///< Decimal text as printed.
    std::string quantity; ///< Decimal text as printed.
    Money amount = rub(0);
    friend bool operator==(ServiceLine const&, ServiceLine const&) = default;
};

/// What the fleet server knows of an account when a kiosk asks.
struct AccountState {
    std::uint32_t provider_id = 0;
    std::string account;      ///< Canonical.
    std::string payer_masked; ///< "Гильман П. С." at most; empty when unknown.
    std::string address_masked;
    Money debt = rub(0);    ///< Still to pay; 0 when an advance stands.
    Money advance = rub(0); ///< Paid beyond the debt.
    std::string debt_date;  ///< ISO date of the register that it comes from.
    std::string period;     ///< "2009-09"
    std::vector<ServiceLine> lines;
    friend bool operator==(AccountState const&, AccountState const&) = default;
};

} // namespace protocol::catalog
