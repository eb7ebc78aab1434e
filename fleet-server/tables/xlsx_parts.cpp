#include "fleet-server/tables/xlsx_parts.hpp"

#include <zip.h>

namespace fleet::tables {

using protocol::Complaint;
using protocol::fail;
using protocol::Result;

struct XlsxParts::Archive {
    explicit Archive(zip_t* opened) : zip{opened} {}
    Archive(Archive const&) = delete;
    Archive& operator=(Archive const&) = delete;
    ~Archive() { zip_discard(zip); }

    zip_t* zip;
};

namespace {

Complaint broken(std::string problem) {
    return {"the file", std::move(problem), "save the register as XLSX again"};
}

struct CloseFile {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};

} // namespace

XlsxParts::XlsxParts(std::unique_ptr<Archive> archive) : archive_{std::move(archive)} {}
XlsxParts::XlsxParts(XlsxParts&&) noexcept = default;
XlsxParts& XlsxParts::operator=(XlsxParts&&) noexcept = default;
XlsxParts::~XlsxParts() = default;

Result<XlsxParts, Complaint> XlsxParts::open(protocol::ByteView content) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const source =
        zip_source_buffer_create(content.data(), content.size(), 0, &error);
    zip_t* const zip =
        source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
    if (zip == nullptr) {
        std::string const reason = zip_error_strerror(&error);
        zip_error_fini(&error);
        zip_source_free(source);
        return fail(broken("it is no whole XLSX: " + reason));
    }
    zip_error_fini(&error);
    return XlsxParts{std::make_unique<Archive>(zip)};
}

bool XlsxParts::has(std::string const& name) const {
    return zip_name_locate(archive_->zip, name.c_str(), 0) >= 0;
}

Result<std::string, Complaint> XlsxParts::read(std::string const& name) const {
    std::unique_ptr<zip_file_t, CloseFile> const file{zip_fopen(archive_->zip, name.c_str(), 0)};
    if (!file)
        return fail(broken("its part " + name + " is missing or damaged"));
    std::string text;
    // Read until the end, whatever size the directory claims.
    constexpr std::size_t portion = 64UL * 1024;
    for (;;) {
        auto const had = text.size();
        text.resize(had + portion);
        auto const got = zip_fread(file.get(), text.data() + had, portion);
        if (got < 0)
            return fail(broken("its part " + name + " is damaged"));
        text.resize(had + static_cast<std::size_t>(got));
        if (got == 0)
            return text;
        if (text.size() > part_size_max)
            return fail(Complaint{
                "the file",
                "its part " + name + " has more than " + std::to_string(part_size_max) + " bytes",
                "divide the register"});
    }
}

} // namespace fleet::tables
