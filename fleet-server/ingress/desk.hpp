#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "protocol/base/result.hpp"
#include "protocol/wire/kiosk.pb.h"

/// What the kiosk ingress asks of the books. The ingress knows TLS, frames and the order of
/// messages; the desk knows money. Implemented in fleet-server/app over the store's writer.
namespace fleet::ingress {

/// Proved by the client certificate, nothing that the kiosk says of itself.
struct KioskIdentity {
    std::uint32_t kiosk = 0;
    std::uint32_t epoch = 0;
};

class Desk {
public:
    Desk() = default;
    Desk(Desk const&) = delete;
    Desk& operator=(Desk const&) = delete;
    virtual ~Desk() = default;

    template <class T>
    using Answer = boost::asio::awaitable<protocol::Result<T, protocol::wire::Refusal>>;

    /// Checks epoch, quarantine and the chain heads (a fork shows here first).
    [[nodiscard]] virtual Answer<protocol::wire::Welcome> welcome(
        KioskIdentity identity, protocol::wire::Hello hello) = 0;
    /// Durable when it answers. A repeat is answered as the first time.
    [[nodiscard]] virtual Answer<protocol::wire::Acknowledgement> accept(
        KioskIdentity identity, protocol::wire::Batch batch) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<protocol::wire::AccountAnswer> look_up(
        KioskIdentity identity, protocol::wire::AccountQuery query) = 0;
};

} // namespace fleet::ingress
