#pragma once

#include <boost/asio/awaitable.hpp>

#include "devices/line/line.hpp"
#include "devices/printer/simulator.hpp"

namespace devices::printer {

/// Lets the simulator live on a line, in real time. Ends when the line is closed.
boost::asio::awaitable<void> serve(Line& line, Simulator& simulator);

} // namespace devices::printer
