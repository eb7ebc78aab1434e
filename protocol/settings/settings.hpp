#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

/// What a person wrote in a TOML file, read with a complaint for everything that cannot be meant:
/// a wrong type, a value out of range, a key that nobody knows. Pure: text in, values out.
///
///     TRY(auto document, Document::parse(text, "kioskd.toml"));
///     auto const root = document.root();
///     config.number = root.number("number", {1, 999'999});
///     config.port = root.section("link").number("port", {1, 65'535}, 8443);
///     TRY_VOID(document.finish());   // the first complaint, by line
///
/// A getter that cannot answer notes a complaint and returns a harmless value, so a reader is a
/// plain list of fields and `finish` decides.
namespace protocol::settings {

/// Inclusive.
struct Range {
    std::int64_t least;
    std::int64_t most;
};

namespace detail {
struct State;
}

/// One table of the document. Refers to its Document, which must outlive it.
class Section {
public:
    /// A missing key without a default is a complaint.
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::string text(std::string_view key, std::string_view fallback) const;
    [[nodiscard]] std::optional<std::string> text_if_any(std::string_view key) const;
    [[nodiscard]] std::int64_t number(std::string_view key, Range range) const;
    [[nodiscard]] std::int64_t number(
        std::string_view key, Range range, std::int64_t fallback) const;
    [[nodiscard]] std::optional<std::int64_t> number_if_any(
        std::string_view key, Range range) const;
    [[nodiscard]] bool flag(std::string_view key, bool fallback) const;
    [[nodiscard]] std::vector<std::int64_t> numbers(std::string_view key, Range range) const;
    /// One of `choices`, else a complaint that lists them.
    [[nodiscard]] std::string choice(
        std::string_view key, std::vector<std::string> const& choices,
        std::string_view fallback) const;

    /// A table below this one; empty when it is missing.
    [[nodiscard]] Section section(std::string_view key) const;
    /// [[key]] tables, in order; none when it is missing.
    [[nodiscard]] std::vector<Section> sections(std::string_view key) const;
    /// [key.NAME] tables below `key`, with their names, for tables whose keys a person chooses.
    [[nodiscard]] std::vector<std::pair<std::string, Section>> named_sections(
        std::string_view key) const;
    [[nodiscard]] bool has(std::string_view key) const;

    /// For what only the caller can judge: the place is the key's line.
    void complain(std::string_view key, std::string problem, std::string cure) const;
    /// "rule.toml:12", of the key, or of this table when it has no such key.
    [[nodiscard]] std::string place(std::string_view key) const;

private:
    friend class Document;
    Section(detail::State& state, void const* table, std::string path)
        : state_{&state}, table_{table}, path_{std::move(path)} {}

    [[nodiscard]] std::string full(std::string_view key) const;
    [[nodiscard]] void const* find(std::string_view key) const;
    void missing(std::string_view key) const;

    detail::State* state_;
    void const* table_; ///< A toml::table of the document; null when the section is missing.
    std::string path_;
};

class Document {
public:
    /// `file` is how complaints name it. At most 1 MiB.
    [[nodiscard]] static Result<Document, Complaint> parse(
        std::string_view text, std::string_view file);
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    Document(Document const&) = delete;
    Document& operator=(Document const&) = delete;
    ~Document();

    [[nodiscard]] Section root() const;
    /// The complaint that stands first in the file; a key that no getter asked for is one.
    [[nodiscard]] Result<void, Complaint> finish() const;

private:
    explicit Document(std::unique_ptr<detail::State> state);
    std::unique_ptr<detail::State> state_;
};

} // namespace protocol::settings
