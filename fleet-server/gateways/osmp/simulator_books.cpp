#include "fleet-server/gateways/osmp/simulator_books.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace fleet::gateways::osmp {

namespace {

using nlohmann::json;
using protocol::Complaint;
using protocol::fail;

constexpr std::int32_t other_error = 300;

bool credits(Behaviour const& behaviour) {
    return !std::holds_alternative<AnswerCode>(behaviour) &&
           !std::holds_alternative<Fail>(behaviour);
}

// The whole lines of the file; what stands after the last line feed was never finished.
std::string whole_lines(std::filesystem::path const& file) {
    std::ifstream stream{file, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{stream}, {}};
    text.resize(text.rfind('\n') + 1); // npos + 1 is 0: no line at all.
    return text;
}

} // namespace

protocol::Result<SimulatorBooks, Complaint> SimulatorBooks::open(
    std::filesystem::path const& file) {
    if (file.empty())
        return SimulatorBooks{-1};
    int const handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (handle < 0)
        return fail(Complaint{
            file.string(),
            "cannot be opened: " + std::generic_category().message(errno),
            "name a file in a folder that exists and may be written"});
    SimulatorBooks books{handle};
    if (::flock(handle, LOCK_EX | LOCK_NB) != 0)
        return fail(Complaint{
            file.string(),
            "another simulator works with it",
            "stop that one, or name another file"});
    std::string const text = whole_lines(file);
    std::size_t line_number = 0;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const end = text.find('\n', at);
        ++line_number;
        if (auto const read = books.replay(text.substr(at, end - at)); !read)
            return fail(Complaint{
                file.string() + ":" + std::to_string(line_number),
                read.error(),
                "this file is not a provider's state; name another"});
        at = end + 1;
    }
    if (::ftruncate(handle, static_cast<off_t>(text.size())) != 0)
        return fail(Complaint{file.string(), "cannot be cut", "check the rights of the file"});
    return books;
}

SimulatorBooks::SimulatorBooks(SimulatorBooks&& other) noexcept
    : file_{std::exchange(other.file_, -1)},
      payments_{std::move(other.payments_)},
      order_{std::move(other.order_)},
      planned_{std::move(other.planned_)},
      last_number_{other.last_number_} {}

SimulatorBooks::~SimulatorBooks() {
    if (file_ >= 0)
        ::close(file_);
}

protocol::Result<void, std::string> SimulatorBooks::replay(std::string const& line) {
    json const event = json::parse(line, nullptr, false);
    if (!event.is_object())
        return fail(std::string{"the line is not an event"});
    if (auto const next = event.find("plan"); next != event.end()) {
        planned_.clear();
        for (json const& word : *next) {
            TRY(Behaviour behaviour,
                read_behaviour(word.is_string() ? word.get<std::string>() : ""));
            planned_.push_back(behaviour);
        }
        return {};
    }
    auto const query = event.find("pay");
    if (query == event.end() || !query->is_string())
        return fail(std::string{"the event is not known"});
    auto const text = query->get<std::string>();
    auto const request = decode_request(text);
    if (!request)
        return fail(std::string{to_string(request.error())});
    (void)apply(*request, text);
    return {};
}

void SimulatorBooks::append(std::string line) {
    if (file_ < 0)
        return;
    line += '\n';
    // Answering without having written would be the lie that this program exists to test for.
    [[maybe_unused]] auto const written = ::write(file_, line.data(), line.size());
    assert(written == static_cast<ssize_t>(line.size()));
    [[maybe_unused]] int const synced = ::fdatasync(file_);
    assert(synced == 0);
}

void SimulatorBooks::plan(std::vector<Behaviour> next) {
    json words = json::array();
    for (Behaviour const& behaviour : next)
        words.push_back(to_string(behaviour));
    append(json{{"plan", std::move(words)}}.dump());
    planned_.assign(next.begin(), next.end());
}

PayOutcome SimulatorBooks::pay(Request const& request, std::string const& query) {
    append(json{{"pay", query}}.dump(-1, ' ', false, json::error_handler_t::replace));
    return apply(request, query);
}

// Deterministic, so that reading the file again gives the same provider.
PayOutcome SimulatorBooks::apply(Request const& request, std::string const& query) {
    PayOutcome outcome;
    if (!planned_.empty()) {
        outcome.behaviour = planned_.front();
        planned_.pop_front();
    }
    auto const [found, is_new] = payments_.try_emplace(request.txn_id);
    SimulatedPayment& payment = found->second;
    if (is_new) {
        payment.txn_id = request.txn_id;
        payment.account = request.account;
        payment.sum = request.sum;
        order_.push_back(request.txn_id);
    }
    ++payment.requests;
    payment.spellings.insert(query);
    if (payment.account != request.account || payment.sum != request.sum) {
        outcome.result = other_error;
        outcome.comment = "this transaction was asked before with another account or sum";
        return outcome;
    }
    if (payment.accepted == 0 && !credits(outcome.behaviour)) {
        if (auto const* code = std::get_if<AnswerCode>(&outcome.behaviour))
            outcome.result = code->result;
        return outcome;
    }
    if (payment.accepted == 0) {
        payment.provider_txn = std::to_string(++last_number_);
        ++payment.accepted;
    }
    outcome.provider_txn = payment.provider_txn;
    outcome.comment = "OK";
    return outcome;
}

std::vector<SimulatedPayment> SimulatorBooks::payments() const {
    std::vector<SimulatedPayment> all;
    for (std::string const& txn_id : order_)
        all.push_back(payments_.at(txn_id));
    return all;
}

std::vector<Behaviour> SimulatorBooks::planned() const {
    return {planned_.begin(), planned_.end()};
}

} // namespace fleet::gateways::osmp
