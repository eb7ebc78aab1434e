#pragma once

#include "kiosk/payment/limits.hpp"
#include "kiosk/payment/states.hpp"
#include "kiosk/screens/views.hpp"

namespace kiosk::app {

/// What the screen shows of a payment. Pure. `kiosk` is the kiosk's number: a payment is known to
/// people as "<kiosk>-<sequence>", a session that never became one as "<kiosk>-S<session>".
[[nodiscard]] screens::View present(
    payment::State const& state, payment::Now now, payment::Rules const& rules,
    std::uint32_t kiosk);

/// When the same state will look different by time alone (a countdown runs); nullopt when never.
[[nodiscard]] std::optional<payment::Time> looks_different_at(
    payment::State const& state, payment::Now now, payment::Rules const& rules);

} // namespace kiosk::app
