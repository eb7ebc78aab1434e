#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>

#include "fleet-server/api/metrics.hpp"
#include "fleet-server/ingress/desk.hpp"
#include "fleet-server/intake/intake.hpp"
#include "fleet-server/store/writer.hpp"

/// The books behind the kiosks' door: carries what kiosks send to the writer and waits there for
/// the disk, so that the ingress never does.
namespace fleet::app {

class BooksDesk final : public ingress::Desk {
public:
    /// All outlive the desk. `on_accepted`: there is something new to forward; from any thread.
    struct Needs {
        store::Writer& writer;
        store::Reader& reader;
        api::Metrics& metrics;
        std::function<UtcTime()> clock;
        std::function<void()> on_accepted;
    };
    explicit BooksDesk(Needs needs);
    ~BooksDesk() override;

    Answer<protocol::wire::Welcome> welcome(
        ingress::KioskIdentity identity, protocol::wire::Hello hello) override;
    Answer<protocol::wire::Acknowledgement> accept(
        ingress::KioskIdentity identity, protocol::wire::Batch batch) override;
    boost::asio::awaitable<protocol::wire::AccountAnswer> look_up(
        ingress::KioskIdentity identity, protocol::wire::AccountQuery query) override;

private:
    Needs needs_;
    intake::Intake intake_; ///< Touched by the writer's thread only.
    boost::asio::thread_pool reading_{1};
};

} // namespace fleet::app
