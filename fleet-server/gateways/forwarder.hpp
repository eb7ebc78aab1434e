#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <unordered_map>

#include "fleet-server/gateways/lanes.hpp"
#include "fleet-server/gateways/osmp_gateway.hpp"
#include "fleet-server/gateways/provider_client.hpp"
#include "fleet-server/gateways/transition.hpp"
#include "fleet-server/store/writer.hpp"

/// The thread that tells providers of payments. It decides nothing: rows that are due and answers
/// become events of the delivery machine, its effects are made durable, then requests leave.
namespace fleet::gateways {

struct ForwarderOptions {
    DeliveryLimits delivery;
    LaneLimits lanes;
    /// How long it sleeps when nothing wakes it: a due row is at most this late.
    std::chrono::milliseconds look_every{250};
};

/// What is not the forwarder's own. All outlive it.
struct ForwarderNeeds {
    store::Writer& writer;
    store::Reader& reader; ///< Its own: it asks often.
    ProviderClient& client;
    std::function<UtcTime()> clock;
    std::function<std::chrono::minutes(UtcTime)> zone; ///< Of the network, for txn_date.
    RefusalListener on_refused;
    std::function<void(std::string const&)> on_trouble; ///< For the log.
};

class Forwarder {
public:
    Forwarder(ForwarderNeeds needs, ForwarderOptions options, std::uint32_t seed);

    /// On its own thread, until stop(). Ends earlier, with the reason, when the books fail: then
    /// the process must start again. What is under way when it stops becomes UNKNOWN at the next
    /// start and is sent again.
    [[nodiscard]] store::Outcome<void> run();
    /// From any thread.
    void stop();
    /// From any thread: something may be due now.
    void wake();

private:
    struct InFlight {
        Question question;
        std::uint32_t provider = 0;
    };
    struct Happening {
        std::string txn_id;
        DeliveryEvent event;
        std::uint32_t provider = 0;
    };

    [[nodiscard]] store::Outcome<void> recover();
    [[nodiscard]] store::Outcome<void> take_up();
    [[nodiscard]] store::Outcome<void> look_for_due();
    [[nodiscard]] store::Outcome<void> carry_out_all();
    [[nodiscard]] Happening begin(Delivery const& delivery, std::string const& address);
    void send(Transition const& transition);
    void hear(Completion const& completion);
    [[nodiscard]] Now now();

    ForwarderNeeds needs_;
    ForwarderOptions options_;
    Lanes lanes_;
    std::mt19937 chance_;
    std::atomic<bool> is_stopping_ = false; // Set by any thread, read by the forwarder's.
    std::unordered_map<Ticket, InFlight> in_flight_;
    std::unordered_map<std::uint32_t, std::string> addresses_; ///< As read with the last due rows.
    std::vector<Happening> happenings_; ///< Not durable yet: kept until they are.
    Ticket last_ticket_ = 0;
};

} // namespace fleet::gateways
