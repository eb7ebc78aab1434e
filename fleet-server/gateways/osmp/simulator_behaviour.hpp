#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/base/result.hpp"

/// The bad habits of providers, as words of `POST /behaviour`.
namespace fleet::gateways::osmp {

struct AnswerOk { ///< "ok"
    friend bool operator==(AnswerOk const&, AnswerOk const&) = default;
};
struct AnswerSlowly { ///< "slow:3000": accepts after so many milliseconds.
    std::chrono::milliseconds delay{};
    friend bool operator==(AnswerSlowly const&, AnswerSlowly const&) = default;
};
struct AnswerCode { ///< "refuse:5": this result code, nothing credited; also 1 and 90, "repeat".
    std::int32_t result = 0;
    friend bool operator==(AnswerCode const&, AnswerCode const&) = default;
};
struct TimeOutAfterAccept { ///< "timeout_after_accept": credits, never answers, cuts at the
                            ///< deadline.
    friend bool operator==(TimeOutAfterAccept const&, TimeOutAfterAccept const&) = default;
};
struct AnswerTwice { ///< "answer_twice": a second HTTP answer follows on the same connection.
    friend bool operator==(AnswerTwice const&, AnswerTwice const&) = default;
};
struct Fail { ///< "error_500": an HTTP error, nothing credited.
    friend bool operator==(Fail const&, Fail const&) = default;
};
struct AnswerGarbage { ///< "garbage": credits, answers half an XML.
    friend bool operator==(AnswerGarbage const&, AnswerGarbage const&) = default;
};
using Behaviour = std::variant<
    AnswerOk, AnswerSlowly, AnswerCode, TimeOutAfterAccept, AnswerTwice, Fail, AnswerGarbage>;

/// Fails with what is wrong with the word.
[[nodiscard]] protocol::Result<Behaviour, std::string> read_behaviour(std::string_view word);
[[nodiscard]] std::string to_string(Behaviour const& behaviour);

} // namespace fleet::gateways::osmp
