#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "fleet-server/api/audit.hpp"
#include "fleet-server/api/metrics.hpp"
#include "fleet-server/api/request.hpp"
#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/ingress/certificates.hpp"
#include "fleet-server/store/writer.hpp"

/// What every handler may use. All of it outlives the API.
namespace fleet::api {

struct Context {
    store::Store const& store; ///< For readers of one's own.
    store::Writer& writer;
    store::Reader& reader;
    ingress::Authority const& authority;
    Metrics& metrics;
    std::filesystem::path registers; ///< Where their files go.
    std::function<UtcTime()> clock;
    std::function<std::chrono::minutes(UtcTime)> zone;
    std::function<std::size_t()> kiosks_connected;
    std::function<void()> on_catalog_changed; ///< Connected kiosks are told.

    /// work(Reading const&) -> store::Outcome<T>
    template <class Work>
    [[nodiscard]] auto read(Work work) const {
        auto answer = reader.read(std::move(work));
        using T = typename decltype(answer)::value_type;
        if (!answer)
            return Outcome<T>{protocol::fail(refusal(answer.error()))};
        return Outcome<T>{std::move(*answer)};
    }
};

/// What a change answers, and what the audit says of it.
struct Changed {
    json answer;
    std::string object; ///< "provider 1"
    json detail;        ///< Without secrets.
};
using ChangeOutcome = store::Outcome<Outcome<Changed>>;

/// Carries out a change and its audit line in one transaction; a refusal writes neither.
/// work(Transaction&, UtcTime) -> ChangeOutcome
[[nodiscard]] Reply change(
    Context const& context, Request const& request,
    std::function<ChangeOutcome(store::Transaction&, UtcTime)> work);

/// By number, INN or name, as `{provider}` of a path.
[[nodiscard]] store::Outcome<Outcome<catalog::Provider>> provider_in(
    store::Reading const& reading, Request const& request);

} // namespace fleet::api
