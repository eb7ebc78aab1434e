#pragma once

#include <cstdint>

#include "fleet-server/store/reading.hpp"
#include "protocol/base/result.hpp"
#include "protocol/wire/kiosk.pb.h"

/// Takes records from kiosks into the books: each exactly once, in order, and never a reason to
/// leave money out. What is wrong with a payment is flagged and its money goes to suspense.
namespace fleet::intake {

/// What the client certificate proves.
struct Identity {
    std::uint32_t kiosk = 0;
    std::uint32_t epoch = 0;
};

template <class T>
using Answer = store::Outcome<protocol::Result<T, protocol::wire::Refusal>>;

/// On the thread that writes. A refusal may have written something that must stay (a
/// quarantine), so it is committed like an acceptance.
class Intake {
public:
    /// Answers Hello: how far the server has this kiosk's records, and the catalog when newer.
    /// Refuses a wrong identity, a closed epoch, a quarantined kiosk, and a kiosk that has fewer
    /// records than it was acknowledged or another hash: that disk is a copy (FORKED).
    [[nodiscard]] Answer<protocol::wire::Welcome> welcome(
        store::Transaction& transaction, Identity identity, protocol::wire::Hello const& hello,
        UtcTime now);

    /// Takes the records that are new, recognises those that are not, and acknowledges the last
    /// that it has without a gap; a batch from beyond the gap changes nothing. Another content
    /// under a known sequence, or a chain that does not continue ours: quarantine and FORKED. A
    /// record that is no record: what stands before it is taken, and a batch that begins with it is
    /// refused (PROTOCOL).
    [[nodiscard]] Answer<protocol::wire::Acknowledgement> accept(
        store::Transaction& transaction, Identity identity, protocol::wire::Batch const& batch,
        UtcTime now);
};

/// Records a batch may carry; the protocol's own limit.
inline constexpr int batch_records_max = 1000;

/// Answers an account query. Only reads.
[[nodiscard]] store::Outcome<protocol::wire::AccountAnswer> look_up(
    store::Reading const& reading, protocol::wire::AccountQuery const& query);

} // namespace fleet::intake
