#pragma once

#include <boost/asio/awaitable.hpp>

#include "devices/bill-validator/events.hpp"
#include "devices/bill-validator/session.hpp"
#include "devices/line/line.hpp"

namespace devices::bill_validator {

/// Whoever pays attention to the money. Called on the driver's executor, never concurrently.
/// The validator is acknowledged when the call ends: what must survive a power cut is on disk by
/// then.
class Listener {
public:
    Listener() = default;
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;
    virtual ~Listener() = default;

    virtual boost::asio::awaitable<void> on_bill_event(Event event) = 0;
};

/// Runs until it is cancelled. Losing the line is an event for the listener, not an end.
/// `session` takes the orders meanwhile: `accept_notes(bool)`, `decide(Decision)`.
boost::asio::awaitable<void> drive(Line& line, Session& session, Listener& listener);

} // namespace devices::bill_validator
