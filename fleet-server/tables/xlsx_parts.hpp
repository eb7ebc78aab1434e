#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocol/base/bytes.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

/// The parts of an Office Open XML package: files in a zip, each of limited size, so that a small
/// file cannot ask for all memory.
namespace fleet::tables {

inline constexpr std::size_t part_size_max = 64UL * 1024 * 1024;

class XlsxParts {
public:
    /// `content` must outlive this.
    [[nodiscard]] static protocol::Result<XlsxParts, protocol::Complaint> open(
        protocol::ByteView content);
    XlsxParts(XlsxParts&&) noexcept;
    XlsxParts& operator=(XlsxParts&&) noexcept;
    ~XlsxParts();

    [[nodiscard]] bool has(std::string const& name) const;
    [[nodiscard]] protocol::Result<std::string, protocol::Complaint> read(
        std::string const& name) const;

private:
    struct Archive;
    explicit XlsxParts(std::unique_ptr<Archive> archive);
    std::unique_ptr<Archive> archive_;
};

} // namespace fleet::tables
