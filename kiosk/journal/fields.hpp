#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "kiosk/payment/facts.hpp"

/// How the values inside an entry are written. For entry_text.cpp only: reading throws the JSON
/// library's exceptions, which end there.
namespace kiosk::journal {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json to_json(payment::Bill const& bill);
[[nodiscard]] Json to_json(payment::PaymentFacts const& facts);
[[nodiscard]] Json amount_to_json(protocol::Money amount);

[[nodiscard]] payment::Bill bill_from_json(Json const& json);
[[nodiscard]] payment::PaymentFacts facts_from_json(Json const& json);
[[nodiscard]] protocol::Money amount_from_json(Json const& json);

/// A field holds a word that none of ours is.
struct UnknownWord : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The words of an enum, in both directions.
template <class Enum, std::size_t count>
class Words {
public:
    constexpr explicit Words(std::array<std::pair<Enum, std::string_view>, count> words)
        : words_{words} {}

    [[nodiscard]] std::string operator()(Enum value) const {
        for (auto const& [known, word] : words_)
            if (known == value)
                return std::string{word};
        throw UnknownWord{"an enum value without a word"};
    }
    [[nodiscard]] Enum operator()(Json const& json) const {
        auto const text = json.get<std::string>();
        for (auto const& [value, word] : words_)
            if (word == text)
                return value;
        throw UnknownWord{text};
    }

private:
    std::array<std::pair<Enum, std::string_view>, count> words_;
};

template <class Enum, std::size_t count>
constexpr Words<Enum, count> words(std::pair<Enum, std::string_view> const (&table)[count]) {
    return Words<Enum, count>{std::to_array(table)};
}

} // namespace kiosk::journal
