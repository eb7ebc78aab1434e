#pragma once

#include <memory>

#include "fleet-server/gateways/provider_client.hpp"

/// ProviderClient over libcurl. Used by one thread, but for wake().
namespace fleet::gateways {

struct HttpLimits {
    /// The protocol's own: a provider that has not answered in 60 s has lost the connection.
    std::chrono::milliseconds answer{60'000};
    std::chrono::milliseconds connect{10'000};
    std::size_t body_max = 65'536;
};

class HttpClient final : public ProviderClient {
public:
    explicit HttpClient(HttpLimits limits);
    ~HttpClient() override; ///< Abandons what is under way.

    void start(Ticket ticket, std::string const& url) override;
    [[nodiscard]] std::vector<Completion> wait(std::chrono::milliseconds longest) override;
    void wake() override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fleet::gateways
