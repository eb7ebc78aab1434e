#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "protocol/base/result.hpp"

/// How the forwarder reaches providers: many requests under way, one thread. An implementation
/// must not repeat a request by itself, follow a redirect, or keep a connection for another
/// request: an answer that comes twice must not be read as the answer to the next question.
namespace fleet::gateways {

/// Names a request until it is answered; the caller's choice.
using Ticket = std::uint64_t;

struct HttpAnswer {
    int status = 0;
    std::string body;
};

struct HttpFailure {
    enum class Kind : std::uint8_t {
        Undelivered, ///< Not a byte of the request has left.
        Lost,        ///< It may have arrived: timed out, cut, answered too much.
    };
    Kind kind = Kind::Lost;
    std::string reason; ///< For the operator.
};

struct Completion {
    Ticket ticket = 0;
    protocol::Result<HttpAnswer, HttpFailure> answer;
};

class ProviderClient {
public:
    ProviderClient() = default;
    ProviderClient(ProviderClient const&) = delete;
    ProviderClient& operator=(ProviderClient const&) = delete;
    virtual ~ProviderClient() = default;

    /// Every started request completes once, within the client's deadline.
    virtual void start(Ticket ticket, std::string const& url) = 0;
    /// Works until something completes, wake() is called, or the time is over.
    [[nodiscard]] virtual std::vector<Completion> wait(std::chrono::milliseconds longest) = 0;
    /// From any thread: ends a wait() that is under way, or the next one.
    virtual void wake() = 0;
};

} // namespace fleet::gateways
