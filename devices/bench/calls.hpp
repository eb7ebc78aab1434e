#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>

#include "devices/bench/reply.hpp"
#include "devices/bench/virtual_kiosk.hpp"
#include "devices/printer/ticket.hpp"

/// The HTTP calls that touch the virtual kiosk, without HTTP. All run on the kiosk's executor.
/// openapi.json beside the page describes them.
namespace devices::bench::calls {

using boost::asio::awaitable;
using nlohmann::json;

awaitable<Reply> state(VirtualKiosk& kiosk);
awaitable<Reply> screen(VirtualKiosk& kiosk);
awaitable<Reply> screen_picture(VirtualKiosk& kiosk);
awaitable<Reply> touch(VirtualKiosk& kiosk, json request);
awaitable<Reply> insert_note(VirtualKiosk& kiosk, json request);
awaitable<Reply> scan(VirtualKiosk& kiosk, json request);
awaitable<Reply> scan_bytes(VirtualKiosk& kiosk, protocol::Bytes code);
awaitable<Reply> take_ticket(VirtualKiosk& kiosk);
awaitable<Reply> switch_link(VirtualKiosk& kiosk, json request);
awaitable<Reply> switch_power(VirtualKiosk& kiosk, json request);
awaitable<Reply> validator_fault(VirtualKiosk& kiosk, json request);
awaitable<Reply> printer_fault(VirtualKiosk& kiosk, json request);

/// Tickets are numbered from 1. Drawing one takes long: the caller does it on its own thread.
awaitable<std::optional<printer::Ticket>> ticket(VirtualKiosk& kiosk, std::size_t number);

} // namespace devices::bench::calls
