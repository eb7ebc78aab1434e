#include "fleet-server/gateways/osmp/simulator_behaviour.hpp"

#include <charconv>
#include <optional>

namespace fleet::gateways::osmp {

namespace {

using protocol::fail;

constexpr std::int32_t delay_ms_max = 600'000; // Ten times what the protocol lets a provider take.

std::optional<std::int32_t> read_number(std::string_view text) {
    std::int32_t number = 0;
    auto const [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || stopped != text.data() + text.size())
        return std::nullopt;
    return number;
}

struct Describe {
    std::string operator()(AnswerOk) const { return "ok"; }
    std::string operator()(AnswerSlowly slow) const {
        return "slow:" + std::to_string(slow.delay.count());
    }
    std::string operator()(AnswerCode code) const {
        return "refuse:" + std::to_string(code.result);
    }
    std::string operator()(TimeOutAfterAccept) const { return "timeout_after_accept"; }
    std::string operator()(AnswerTwice) const { return "answer_twice"; }
    std::string operator()(Fail) const { return "error_500"; }
    std::string operator()(AnswerGarbage) const { return "garbage"; }
};

} // namespace

protocol::Result<Behaviour, std::string> read_behaviour(std::string_view word) {
    std::string_view const name = word.substr(0, word.find(':'));
    std::string_view const rest = word.substr(name.size());
    auto const number = rest.empty() ? std::nullopt : read_number(rest.substr(1));
    if (name == "slow" && number && *number >= 0 && *number <= delay_ms_max)
        return AnswerSlowly{std::chrono::milliseconds{*number}};
    if (name == "refuse" && number && *number != 0)
        return AnswerCode{*number};
    if (rest.empty() && name == "ok")
        return AnswerOk{};
    if (rest.empty() && name == "timeout_after_accept")
        return TimeOutAfterAccept{};
    if (rest.empty() && name == "answer_twice")
        return AnswerTwice{};
    if (rest.empty() && name == "error_500")
        return Fail{};
    if (rest.empty() && name == "garbage")
        return AnswerGarbage{};
    return fail(
        "there is no behaviour '" + std::string{word} +
        "'; say ok, slow:<ms>, refuse:<code>, timeout_after_accept, answer_twice, error_500 "
        "or garbage");
}

std::string to_string(Behaviour const& behaviour) {
    return std::visit(Describe{}, behaviour);
}

} // namespace fleet::gateways::osmp
