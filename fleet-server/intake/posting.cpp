#include "fleet-server/intake/posting.hpp"

#include <algorithm>

#include "fleet-server/catalog/shelf.hpp"
#include "fleet-server/debts/debts.hpp"
#include "fleet-server/gateways/outbox.hpp"
#include "fleet-server/intake/split_state.hpp"
#include "fleet-server/ledger/ledger.hpp"
#include "protocol/account/account.hpp"
#include "protocol/money/amount_text.hpp"

namespace fleet::intake {

using protocol::commission::Channel;
using store::Outcome;

namespace {

/// Where a payment's money goes, decided before anything is written.
struct Plan {
    Routing routing = Routing::Suspense;
    catalog::ShelvedProvider const* provider = nullptr;
    std::string account; ///< Canonical by our own reading.
    std::uint32_t rule_version = 0;
    std::vector<PaymentPart> parts;
    SplitState state; ///< Of the rule, when this payment is divided by it.
    std::vector<Flag> flags;

    [[nodiscard]] std::string const& account_of(PaymentFact const& payment) const {
        return account.empty() ? payment.account : account;
    }
};

void flag(Plan& plan, std::string kind, std::string explanation) {
    plan.flags.push_back({std::move(kind), std::move(explanation)});
}

/// The receipt is a fact and is posted as printed; that the server counts otherwise is for a
/// person.
void check_fee(PaymentFact const& payment, Plan& plan) {
    auto const& tariffs = plan.provider->tariffs;
    auto const tariff =
        tariffs.find({static_cast<Channel>(payment.channel), payment.tariff_version});
    bool const is_channel = payment.channel >= static_cast<std::uint32_t>(Channel::Cash) &&
                            payment.channel <= static_cast<std::uint32_t>(Channel::Web);
    if (!is_channel || tariff == tariffs.end())
        return flag(
            plan,
            "tariff-unknown",
            "there is no tariff " + std::to_string(payment.tariff_version) + " of channel " +
                std::to_string(payment.channel));
    auto const ours = protocol::commission::settle_cash(tariff->second, payment.cash);
    if (ours && ours->fee == payment.fee && ours->credited == payment.credited &&
        ours->change == payment.change)
        return;
    flag(
        plan,
        "fee",
        "the receipt says fee " + protocol::to_decimal(payment.fee) + ", credited " +
            protocol::to_decimal(payment.credited) + "; the tariff gives " +
            (ours ? "fee " + protocol::to_decimal(ours->fee) + ", credited " +
                        protocol::to_decimal(ours->credited)
                  : std::string{"no answer"}));
}

/// nullopt: the account may be credited; else why not.
Outcome<std::optional<std::string>> refuse_account(
    store::Reading const& reading, PaymentFact const& payment, Plan& plan) {
    auto const& provider = plan.provider->provider;
    if (!plan.provider->mask)
        return std::optional<std::string>{"the provider's mask cannot be read"};
    auto const number = protocol::account::read_account(*plan.provider->mask, payment.account);
    if (!number)
        return std::optional{"the account does not fit " + provider.shown.account_mask};
    plan.account = number->canonical;
    if (plan.account != payment.account)
        flag(plan, "account", "the kiosk wrote " + payment.account + " for " + plan.account);
    if (!provider.osmp_url.empty())
        return std::optional<std::string>{}; // The provider itself will say.
    TRY(bool const has_registers, debts::has_registers(reading, provider.shown.id));
    if (!has_registers)
        return std::optional<std::string>{};
    TRY(bool const is_known, debts::is_known(reading, provider.shown.id, plan.account));
    if (!is_known)
        return std::optional<std::string>{"no register of the provider names the account"};
    return std::optional<std::string>{};
}

Outcome<std::optional<std::string>> divide(
    store::Reading const& reading, PaymentFact const& payment, UtcTime kiosk_time, UtcTime now,
    Plan& plan) {
    auto const* shelved = plan.provider->rule_at(kiosk_time);
    if (!shelved) {
        shelved = plan.provider->rule_at(now);
        if (!shelved)
            return std::optional<std::string>{"the provider has no rule in force"};
        flag(plan, "rule-by-arrival", "no rule was in force at the kiosk's time");
    }
    auto const& version = shelved->version;
    if (!shelved->rule)
        return std::optional{"rule " + std::to_string(version.version) + " cannot be read"};
    splitting::Rule const& rule = *shelved->rule;
    RuleKey const key{payment.provider, version.version};
    TRY(auto state, load_split_state(reading, key, rule, now));
    auto const division = splitting::divide(
        rule,
        {.credited = payment.credited,
         .debts = {},
         .residues = state.residues,
         .taken = state.taken});
    if (!division || version.receivers.size() != rule.receivers.size())
        return std::optional{"rule " + std::to_string(version.version) + " does not divide it"};
    for (splitting::Leg const& leg : division->legs)
        plan.parts.push_back({version.receivers[leg.receiver], leg.gross, leg.withheld, leg.net});
    plan.state = after(rule, std::move(state), *division);
    if (!residues_are_small(rule, plan.state))
        flag(plan, "residue", "a share is more than two kopecks away from what it is owed (I6)");
    plan.rule_version = version.version;
    plan.routing = Routing::Split;
    return std::optional<std::string>{};
}

Outcome<std::optional<std::string>> place(
    store::Transaction& transaction, Fact const& fact, UtcTime now, Plan& plan) {
    PaymentFact const& payment = *fact.payment;
    if (fact.is_doubtful)
        return std::optional<std::string>{"the record does not add up"};
    TRY(plan.provider,
        transaction.companion<catalog::Shelf>().provider(transaction, payment.provider));
    if (!plan.provider)
        return std::optional{"there is no provider " + std::to_string(payment.provider)};
    check_fee(payment, plan);
    if (plan.provider->provider.is_closed)
        return std::optional<std::string>{"the provider is closed"};
    TRY(auto refused, refuse_account(transaction, payment, plan));
    if (refused)
        return refused;
    return divide(transaction, payment, fact.at, now, plan);
}

/// The legs of the ledger entry: the drawer against everybody who is owed a part of it.
class Legs {
public:
    explicit Legs(std::uint32_t kiosk) : cash_{ledger::cash_of(kiosk)} {}

    Outcome<void> add(store::Transaction& transaction, std::string credit, Money amount) {
        if (amount.is_zero())
            return {};
        TRY_VOID(ledger::open_account(transaction, cash_));
        TRY(bool const is_known, ledger::open_account(transaction, credit));
        // A name that the chart cannot hold (a payer's account written with odd signs).
        legs_.emplace_back(
            ledger::Post{cash_, is_known ? std::move(credit) : ledger::suspense(), amount});
        if (!is_known)
            TRY_VOID(ledger::open_account(transaction, ledger::suspense()));
        return {};
    }
    [[nodiscard]] std::vector<ledger::Leg> const& legs() const { return legs_; }

private:
    std::string cash_;
    std::vector<ledger::Leg> legs_;
};

Outcome<Legs> legs_of(
    store::Transaction& transaction, Source const& source, PaymentFact const& payment,
    Plan const& plan) {
    Legs legs{source.kiosk};
    for (PaymentPart const& part : plan.parts) {
        TRY_VOID(legs.add(transaction, ledger::payable_of(part.receiver), part.payable));
        TRY_VOID(legs.add(transaction, ledger::fee_internal_of(part.receiver), part.withheld));
    }
    if (plan.routing == Routing::Suspense)
        TRY_VOID(legs.add(transaction, ledger::suspense(), payment.credited));
    TRY_VOID(legs.add(transaction, ledger::fee_external(), payment.fee));
    TRY_VOID(legs.add(
        transaction,
        payment.change.is_zero() ? std::string{}
                                 : ledger::change_of(payment.provider, plan.account_of(payment)),
        payment.change));
    return legs;
}

/// 0: there was no money to post.
using PostedAs = protocol::Result<ledger::Sequence, ledger::PostRefusal>;
Outcome<PostedAs> post(
    store::Transaction& transaction, std::string_view kind, Source const& source,
    std::vector<ledger::Leg> legs, UtcTime now) {
    if (legs.empty())
        return PostedAs{0};
    TRY(auto posted,
        ledger::post(transaction, {std::string{kind}, source.txn_id, {}, std::move(legs)}, now));
    if (!posted)
        return PostedAs{protocol::fail(posted.error())};
    return PostedAs{posted->sequence};
}

store::StoreError refused_by_ledger(Source const& source, ledger::PostRefusal const& refusal) {
    return {
        store::StoreError::Kind::Other,
        "the ledger refuses " + source.txn_id + ": " + std::string{ledger::name(refusal.error)}};
}

Outcome<void> pass_on(
    store::Transaction& transaction, Source const& source, PaymentFact const& payment,
    Plan const& plan, ledger::Sequence sequence, UtcTime now) {
    if (plan.routing != Routing::Split || payment.credited.is_zero())
        return {};
    TRY_VOID(debts::record_payment(
        transaction,
        payment.provider,
        plan.account,
        payment.credited,
        source.txn_id,
        sequence,
        now));
    if (plan.provider->provider.osmp_url.empty())
        return {}; // The register tells the provider.
    auto const own =
        std::find_if(plan.parts.begin(), plan.parts.end(), [&](PaymentPart const& part) {
            return part.receiver == payment.provider;
        });
    return gateways::enqueue(
        transaction,
        {.txn_id = source.txn_id,
         .provider = payment.provider,
         .account = plan.account,
         .sum = payment.credited,
         .payable = own == plan.parts.end() ? protocol::rub(0) : own->payable,
         .accepted_at_ms = to_ms(now)});
}

void to_suspense(Plan& plan, std::string reason) {
    plan.routing = Routing::Suspense;
    plan.parts.clear();
    plan.rule_version = 0;
    plan.state = {};
    flag(plan, "unmatched", std::move(reason));
}

Outcome<RecordPosting> post_payment(
    store::Transaction& transaction, Source const& source, Fact const& fact, UtcTime now) {
    PaymentFact const& payment = *fact.payment;
    Plan plan;
    TRY(auto misplaced, place(transaction, fact, now, plan));
    if (misplaced)
        to_suspense(plan, std::move(*misplaced));
    TRY(auto legs, legs_of(transaction, source, payment, plan));
    TRY(auto posted, post(transaction, ledger::entry::payment, source, legs.legs(), now));
    if (!posted && plan.routing == Routing::Split) {
        // A receiver's account was closed meanwhile, for example: the cash is here all the same.
        to_suspense(
            plan,
            "the ledger refuses the split: " + std::string{ledger::name(posted.error().error)});
        TRY(legs, legs_of(transaction, source, payment, plan));
        TRY(posted, post(transaction, ledger::entry::payment, source, legs.legs(), now));
    }
    if (!posted)
        return protocol::fail(refused_by_ledger(source, posted.error()));
    TRY_VOID(save_split_state(transaction, {payment.provider, plan.rule_version}, plan.state));
    for (Flag const& raised : plan.flags)
        TRY_VOID(raise(transaction, source, raised, now));
    TRY_VOID(pass_on(transaction, source, payment, plan, *posted, now));
    bool const is_as_written = plan.account.empty() || plan.account == payment.account;
    return RecordPosting{
        *posted,
        plan.routing,
        plan.rule_version,
        is_as_written ? std::string{} : std::move(plan.account),
        std::move(plan.parts)};
}

Outcome<RecordPosting> post_unassigned(
    store::Transaction& transaction, Source const& source, Fact const& fact, UtcTime now) {
    Legs legs{source.kiosk};
    TRY_VOID(legs.add(transaction, ledger::suspense(), fact.cash));
    TRY(auto const posted, post(transaction, ledger::entry::unassigned, source, legs.legs(), now));
    if (!posted)
        return protocol::fail(refused_by_ledger(source, posted.error()));
    return RecordPosting{*posted, Routing::Suspense, 0, {}, {}};
}

} // namespace

Outcome<void> raise(
    store::Transaction& transaction, Source const& source, Flag const& flag, UtcTime now) {
    TRY_VOID(transaction.execute(
        "INSERT INTO discrepancy (at_ms, kiosk, txn_id, kind, explanation) VALUES (?, ?, ?, ?, ?)",
        {now, source.kiosk, source.txn_id, flag.kind, flag.explanation}));
    return {};
}

Outcome<RecordPosting> post_fact(
    store::Transaction& transaction, Source const& source, Fact const& fact, UtcTime now) {
    for (Flag const& raised : fact.flags)
        TRY_VOID(raise(transaction, source, raised, now));
    return fact.payment ? post_payment(transaction, source, fact, now)
                        : post_unassigned(transaction, source, fact, now);
}

} // namespace fleet::intake
