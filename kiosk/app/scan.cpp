#include "kiosk/app/scan.hpp"

#include <algorithm>

#include "protocol/account/account.hpp"
#include "protocol/account/masking.hpp"
#include "protocol/bill-code/bill_code.hpp"

namespace kiosk::app {

namespace {

using protocol::bill_code::BillCode;
using protocol::catalog::Provider;
namespace account = protocol::account;

/// By bank account and BIC; by INN where a bill names another account of the only payee that has
/// that INN here.
Provider const* find_payee(protocol::catalog::Catalog const& catalog, BillCode const& code) {
    auto const& all = catalog.providers;
    auto const by_account = std::find_if(all.begin(), all.end(), [&](Provider const& provider) {
        return !provider.bank_account.empty() && provider.bank_account == code.personal_acc &&
               provider.bic == code.bic;
    });
    if (by_account != all.end())
        return &*by_account;
    if (code.payee_inn.empty())
        return nullptr;
    auto const has_inn = [&](Provider const& provider) { return provider.inn == code.payee_inn; };
    auto const by_inn = std::find_if(all.begin(), all.end(), has_inn);
    bool const is_only_one =
        by_inn != all.end() && std::find_if(std::next(by_inn), all.end(), has_inn) == all.end();
    return is_only_one ? &*by_inn : nullptr;
}

protocol::Result<account::AccountNumber, account::AccountError> read_account_of(
    Provider const& provider, BillCode const& code) {
    if (provider.account_mask.empty())
        return account::fold_account(code.pers_acc);
    auto const mask = account::Mask::parse(provider.account_mask);
    // The server publishes only masks that it can read; should one be from a newer server, its
    // accounts are folded and the server judges.
    return mask ? account::read_account(*mask, code.pers_acc)
                : account::fold_account(code.pers_acc);
}

payment::Bill bill_of(
    Provider const& provider, account::AccountNumber const& number, BillCode const& code) {
    payment::Bill bill;
    bill.provider = provider.id;
    bill.payee = provider.name;
    bill.payee_inn = provider.inn;
    bill.payee_phone = provider.phone;
    bill.account = number.canonical;
    bill.account_typed = number.typed;
    bill.payer_masked = account::mask_person(protocol::bill_code::payer_name(code));
    bill.address_masked = account::mask_address(code.payer_address);
    bill.period = code.period;
    if (code.sum) {
        bill.source = payment::DebtSource::Bill;
        bill.debt = *code.sum;
    }
    // No tariff for cash: nobody agreed on a commission, so none is taken.
    auto const tariff = provider.tariffs.find(protocol::commission::Channel::Cash);
    if (tariff != provider.tariffs.end())
        bill.tariff = tariff->second;
    bill.payment_min = provider.payment_min;
    bill.payment_max = provider.payment_max;
    return bill;
}

} // namespace

payment::Event read_scan(protocol::ByteView code, protocol::catalog::Catalog const& catalog) {
    using payment::ScanFailed;
    using payment::ScanProblem;
    auto const bill = protocol::bill_code::parse(code);
    if (!bill) {
        bool const is_other_code = bill.error().reason == protocol::bill_code::Reason::NotABillCode;
        return ScanFailed{is_other_code ? ScanProblem::NotABill : ScanProblem::Damaged, {}};
    }
    Provider const* payee = find_payee(catalog, *bill);
    if (payee == nullptr)
        return ScanFailed{ScanProblem::UnknownPayee, bill->payee_name};
    auto const number = read_account_of(*payee, *bill);
    if (!number)
        return ScanFailed{ScanProblem::BadAccount, payee->name};
    return payment::BillScanned{bill_of(*payee, *number, *bill)};
}

} // namespace kiosk::app
