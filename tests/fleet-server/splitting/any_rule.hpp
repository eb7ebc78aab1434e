#pragma once

#include <random>
#include <string>
#include <vector>

#include "fleet-server/splitting/division.hpp"

/// Rules and situations by chance, as read_rule could have given them: every kind of step, bounds
/// that bite, debts of services with and without a class.
namespace fleet::splitting {

class Chance {
public:
    explicit Chance(std::uint64_t seed) : random_{seed} {}

    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
    }
    std::size_t index(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
    bool flip() { return random_() % 2 == 0; }
    /// Small sums as often as large ones: rounding hides in small ones.
    Money amount() {
        std::int64_t const bound = std::int64_t{1} << below(44);
        return protocol::rub(std::min(below(bound + 1), protocol::amount_minor_max));
    }

    Rule rule() {
        Rule rule;
        std::size_t const count = 1 + index(6);
        for (std::size_t i = 0; i < count; ++i) {
            Receiver receiver{"r" + std::to_string(i), "7729524407", {}, CommissionMode::Withheld};
            receiver.withheld.rate.ppm = flip() ? 0 : static_cast<std::uint32_t>(below(30'000));
            receiver.withheld.minimum = protocol::rub(flip() ? 0 : below(500));
            if (flip())
                receiver.withheld.maximum =
                    protocol::rub(receiver.withheld.minimum.minor() + below(50'000));
            receiver.mode = flip() ? CommissionMode::Withheld : CommissionMode::Invoiced;
            rule.receivers.push_back(receiver);
        }
        // The last receiver takes the remainder and so may have no cap.
        std::size_t const last = count - 1;
        std::int64_t credited_left = 1'000'000;
        for (std::int64_t steps = below(7); steps > 0; --steps)
            rule.steps.push_back(step(count, credited_left));
        rule.steps.emplace_back(Remainder{last});
        return rule;
    }

    std::vector<Debt> debts(std::size_t count) {
        std::vector<Debt> debts;
        for (std::size_t i = 0; i < count; ++i)
            debts.push_back(
                {static_cast<std::int64_t>(i) + 1,
                 "service" + std::to_string(index(4)),
                 "2009-0" + std::to_string(1 + index(9)) + "-10",
                 protocol::rub(below(500'000)),
                 below(5) == 0});
        return debts;
    }

    std::mt19937_64& source() { return random_; }

private:
    Step step(std::size_t receivers, std::int64_t& credited_left) {
        std::size_t const to = index(receivers);
        switch (below(6)) {
        case 0: return Fixed{to, protocol::rub(1 + below(100'000))};
        case 1: {
            auto const ppm = below(credited_left + 1);
            credited_left -= ppm;
            return percent(to, ppm, Base::Credited);
        }
        case 2: return percent(to, below(1'000'001), flip() ? Base::Rest : Base::Start);
        case 3: {
            Debts debts;
            debts.classes = {{"service1", to}, {"service0", index(receivers)}};
            if (flip())
                debts.others = index(receivers);
            debts.within = flip() ? Debts::Within::ByDate : Debts::Within::ProRata;
            debts.penalties = flip() ? Debts::Penalties::Last : Debts::Penalties::InTurn;
            if (flip())
                debts.limit = protocol::rub(below(1'000'000));
            return debts;
        }
        case 4:
            if (receivers > 1)
                return Cap{index(receivers - 1), Period::Month, protocol::rub(1 + below(200'000))};
            return Fixed{to, protocol::rub(1)};
        default: return allocate(receivers);
        }
    }
    Percent percent(std::size_t to, std::int64_t ppm, Base base) {
        Percent percent{to, static_cast<std::uint32_t>(ppm), base, Rounding::Floor};
        percent.rounding = flip() ? Rounding::Floor : Rounding::HalfUp;
        percent.minimum = protocol::rub(flip() ? 0 : below(1'000));
        if (flip())
            percent.maximum = protocol::rub(percent.minimum.minor() + below(100'000));
        return percent;
    }
    Allocate allocate(std::size_t receivers) {
        Allocate allocate;
        for (std::size_t r = 0; r < receivers; ++r) {
            allocate.to.push_back(r);
            allocate.weights.push_back(static_cast<std::uint32_t>(1 + below(1'000)));
        }
        allocate.residues = flip() ? Residues::Carry : Residues::None;
        return allocate;
    }

    std::mt19937_64 random_;
};

} // namespace fleet::splitting
