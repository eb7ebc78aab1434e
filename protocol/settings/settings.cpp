#include "protocol/settings/settings.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <utility>

#include <toml++/toml.h>

#include "protocol/settings/nearest.hpp"

namespace protocol::settings {

namespace {

constexpr std::size_t document_size_max = 1U << 20U;

std::string text_of(Range range) {
    return std::to_string(range.least) + " to " + std::to_string(range.most);
}

toml::table const* as_table(void const* table) {
    return static_cast<toml::table const*>(table);
}

} // namespace

namespace detail {

struct Noted {
    std::uint32_t line;
    Complaint complaint;
};

struct State {
    std::string file;
    toml::table document;
    std::vector<Noted> complaints;
    /// Keys asked for, by the table they were asked of.
    std::map<toml::table const*, std::set<std::string, std::less<>>> asked;

    [[nodiscard]] std::string place(std::uint32_t line) const {
        return line == 0 ? file : file + ":" + std::to_string(line);
    }
    void note(std::uint32_t line, std::string problem, std::string cure) {
        complaints.push_back({line, {place(line), std::move(problem), std::move(cure)}});
    }
    void note_unknown_keys(toml::table const& table, std::string const& path);
};

void State::note_unknown_keys(toml::table const& table, std::string const& path) {
    auto const known = asked.find(&table);
    static std::set<std::string, std::less<>> const none;
    auto const& names = known == asked.end() ? none : known->second;
    for (auto const& [key, value] : table) {
        std::string const name{key.str()};
        if (names.contains(name))
            continue;
        auto const close = nearest(name, {names.begin(), names.end()});
        std::string problem = "the key '";
        problem.append(path).append(name).append("' is not known here");
        std::string cure = "remove it";
        if (!close.empty())
            cure.assign("did you mean '").append(path).append(close).append("'?");
        note(key.source().begin.line, std::move(problem), std::move(cure));
    }
}

} // namespace detail

std::string Section::full(std::string_view key) const {
    return path_ + std::string{key};
}

void const* Section::find(std::string_view key) const {
    if (table_ == nullptr)
        return nullptr;
    state_->asked[as_table(table_)].emplace(key);
    return as_table(table_)->get(key);
}

void Section::missing(std::string_view key) const {
    auto const line = table_ == nullptr ? 0U : as_table(table_)->source().begin.line;
    state_->note(line, "the key '" + full(key) + "' is missing", "write it; see the sample file");
}

bool Section::has(std::string_view key) const {
    return find(key) != nullptr;
}

std::string Section::place(std::string_view key) const {
    auto const* node = static_cast<toml::node const*>(find(key));
    if (node != nullptr)
        return state_->place(node->source().begin.line);
    return state_->place(table_ == nullptr ? 0U : as_table(table_)->source().begin.line);
}

void Section::complain(std::string_view key, std::string problem, std::string cure) const {
    auto const* node = static_cast<toml::node const*>(find(key));
    auto const line = node != nullptr     ? node->source().begin.line
                      : table_ != nullptr ? as_table(table_)->source().begin.line
                                          : 0U;
    state_->note(line, std::move(problem), std::move(cure));
}

std::optional<std::string> Section::text_if_any(std::string_view key) const {
    auto const* node = static_cast<toml::node const*>(find(key));
    if (node == nullptr)
        return std::nullopt;
    if (auto const value = node->value_exact<std::string>())
        return *value;
    state_->note(
        node->source().begin.line, "'" + full(key) + "' is not a text", "put it in quotes");
    return std::string{};
}

std::string Section::text(std::string_view key, std::string_view fallback) const {
    return text_if_any(key).value_or(std::string{fallback});
}

std::string Section::text(std::string_view key) const {
    auto const value = text_if_any(key);
    if (!value)
        missing(key);
    return value.value_or("");
}

std::optional<std::int64_t> Section::number_if_any(std::string_view key, Range range) const {
    auto const* node = static_cast<toml::node const*>(find(key));
    if (node == nullptr)
        return std::nullopt;
    auto const value = node->value_exact<std::int64_t>();
    if (value && *value >= range.least && *value <= range.most)
        return *value;
    state_->note(
        node->source().begin.line,
        value ? "'" + full(key) + "' is " + std::to_string(*value)
              : "'" + full(key) + "' is not a whole number",
        "write a number from " + text_of(range) + ", without quotes");
    return range.least;
}

std::int64_t Section::number(std::string_view key, Range range, std::int64_t fallback) const {
    return number_if_any(key, range).value_or(fallback);
}

std::int64_t Section::number(std::string_view key, Range range) const {
    auto const value = number_if_any(key, range);
    if (!value)
        missing(key);
    return value.value_or(range.least);
}

bool Section::flag(std::string_view key, bool fallback) const {
    auto const* node = static_cast<toml::node const*>(find(key));
    if (node == nullptr)
        return fallback;
    if (auto const value = node->value_exact<bool>())
        return *value;
    state_->note(
        node->source().begin.line,
        "'" + full(key) + "' is not true or false",
        "write true or false, without quotes");
    return fallback;
}

std::vector<std::int64_t> Section::numbers(std::string_view key, Range range) const {
    auto const* node = static_cast<toml::node const*>(find(key));
    if (node == nullptr)
        return {};
    auto const* array = node->as_array();
    std::vector<std::int64_t> values;
    bool good = array != nullptr;
    for (std::size_t index = 0; good && index < array->size(); ++index) {
        auto const value = array->get(index)->value_exact<std::int64_t>();
        good = value && *value >= range.least && *value <= range.most;
        values.push_back(value.value_or(0));
    }
    if (good)
        return values;
    state_->note(
        node->source().begin.line,
        "'" + full(key) + "' is not a list of numbers in range",
        "write [a, b, …], each from " + text_of(range));
    return {};
}

std::string Section::choice(
    std::string_view key, std::vector<std::string> const& choices,
    std::string_view fallback) const {
    auto value = text(key, fallback);
    if (std::ranges::find(choices, value) != choices.end())
        return value;
    std::string list;
    for (auto const& choice : choices)
        list += (list.empty() ? "" : ", ") + choice;
    complain(key, "'" + full(key) + "' is '" + value + "'", "write one of: " + list);
    return std::string{fallback};
}

Section Section::section(std::string_view key) const {
    auto const* node = static_cast<toml::node const*>(find(key));
    auto const* table = node == nullptr ? nullptr : node->as_table();
    if (node != nullptr && table == nullptr)
        complain(
            key,
            "'" + full(key) + "' is not a section",
            "write [" + full(key) + "] above its keys");
    return Section{*state_, table, full(key) + "."};
}

std::vector<Section> Section::sections(std::string_view key) const {
    auto const* node = static_cast<toml::node const*>(find(key));
    if (node == nullptr)
        return {};
    auto const* array = node->as_array();
    if (array == nullptr || !array->is_array_of_tables()) {
        complain(
            key,
            "'" + full(key) + "' is not a list of sections",
            "write [[" + full(key) + "]] above the keys of each");
        return {};
    }
    std::vector<Section> result;
    for (auto const& element : *array)
        result.push_back(Section{*state_, element.as_table(), full(key) + "."});
    return result;
}

std::vector<std::pair<std::string, Section>> Section::named_sections(std::string_view key) const {
    auto const parent = section(key);
    std::vector<std::pair<std::string, Section>> result;
    if (parent.table_ == nullptr)
        return result;
    for (auto const& [name, value] : *as_table(parent.table_))
        result.emplace_back(std::string{name.str()}, parent.section(name.str()));
    return result;
}

Document::Document(std::unique_ptr<detail::State> state) : state_{std::move(state)} {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document, Complaint> Document::parse(std::string_view text, std::string_view file) {
    std::string const name{file};
    if (text.size() > document_size_max)
        return fail(Complaint{name, "the file is over 1 MiB", "this is not a configuration"});
    try {
        auto state = std::make_unique<detail::State>();
        state->file = name;
        state->document = toml::parse(text, name);
        return Document{std::move(state)};
    } catch (toml::parse_error const& error) {
        return fail(Complaint{
            name + ":" + std::to_string(error.source().begin.line),
            std::string{error.description()},
            "write it as TOML (https://toml.io); texts stand in quotes"});
    }
}

Section Document::root() const {
    return Section{*state_, &state_->document, ""};
}

Result<void, Complaint> Document::finish() const {
    // Only tables that were asked for are walked: a table nobody knows is one complaint, not many.
    std::vector<std::pair<toml::table const*, std::string>> pending{{&state_->document, ""}};
    while (!pending.empty()) {
        auto const [table, path] = pending.back();
        pending.pop_back();
        state_->note_unknown_keys(*table, path);
        for (auto const& [key, value] : *table) {
            std::string const below = path + std::string{key.str()} + ".";
            if (auto const* inner = value.as_table(); inner && state_->asked.contains(inner))
                pending.emplace_back(inner, below);
            if (auto const* array = value.as_array())
                for (auto const& element : *array)
                    if (auto const* inner = element.as_table();
                        inner && state_->asked.contains(inner))
                        pending.emplace_back(inner, below);
        }
    }
    auto const first = std::ranges::min_element(state_->complaints, {}, &detail::Noted::line);
    if (first == state_->complaints.end())
        return {};
    return fail(first->complaint);
}

} // namespace protocol::settings
