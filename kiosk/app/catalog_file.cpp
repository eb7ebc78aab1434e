#include "kiosk/app/catalog_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "protocol/wire/convert.hpp"

namespace kiosk::app {

namespace {

using protocol::Complaint;
using protocol::fail;

/// An open file, closed with the scope.
class Descriptor {
public:
    Descriptor(std::filesystem::path const& path, int flags)
        : number_{::open(path.c_str(), flags | O_CLOEXEC, 0640)} {}
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }

    [[nodiscard]] bool write(std::string_view bytes) const {
        while (number_ >= 0 && !bytes.empty()) {
            auto const written = ::write(number_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return number_ >= 0;
    }
    [[nodiscard]] bool sync() const { return number_ >= 0 && ::fsync(number_) == 0; }

private:
    int number_;
};

auto cannot_write(std::filesystem::path const& file, int error) {
    return fail(Complaint{
        file.string(),
        "cannot be written: " + std::generic_category().message(error),
        "give the kiosk's user the state folder, and room on its disk"});
}

} // namespace

protocol::Result<std::optional<protocol::catalog::Catalog>, Complaint> load_catalog(
    std::filesystem::path const& file) {
    std::error_code missing;
    if (!std::filesystem::exists(file, missing))
        return std::nullopt;
    std::ifstream stream{file, std::ios::binary};
    std::string const bytes{std::istreambuf_iterator<char>{stream}, {}};
    protocol::wire::Catalog message;
    if (!stream || !message.ParseFromString(bytes))
        return fail(
            Complaint{file.string(), "is no catalog", "delete it: the server sends another one"});
    auto catalog = protocol::wire::catalog_from_wire(message);
    if (!catalog)
        return fail(Complaint{
            file.string(),
            "its catalog cannot be used: " + std::string{protocol::wire::name(catalog.error())},
            "delete it: the server sends another one"});
    return *std::move(catalog);
}

protocol::Result<void, Complaint> save_catalog(
    std::filesystem::path const& file, protocol::catalog::Catalog const& catalog) {
    auto const temporary = std::filesystem::path{file}.concat(".new");
    {
        Descriptor const written{temporary, O_WRONLY | O_CREAT | O_TRUNC};
        if (!written.write(protocol::wire::to_wire(catalog).SerializeAsString()) || !written.sync())
            return cannot_write(temporary, errno);
    }
    if (::rename(temporary.c_str(), file.c_str()) != 0)
        return cannot_write(file, errno);
    // The new name is in the folder, so the folder is what must reach the disk.
    Descriptor const folder{
        file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."},
        O_RDONLY | O_DIRECTORY};
    if (!folder.sync())
        return cannot_write(file, errno);
    return {};
}

} // namespace kiosk::app
