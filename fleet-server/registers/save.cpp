#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "fleet-server/registers/registers.hpp"

namespace fleet::registers {

using protocol::Bytes;
using protocol::fail;
using protocol::Result;

namespace {

namespace fs = std::filesystem;
using Path = Result<fs::path, std::string>;

std::string problem(fs::path const& path, char const* what) {
    return path.string() + ": " + what + ": " + std::generic_category().message(errno);
}

/// A file or a folder that is open.
class Descriptor {
public:
    Descriptor(fs::path const& path, int flags) : number_{::open(path.c_str(), flags, 0640)} {}
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }
    [[nodiscard]] bool write_all(Bytes const& bytes) const {
        std::size_t done = 0;
        while (done < bytes.size()) {
            auto const count = ::write(number_, bytes.data() + done, bytes.size() - done);
            if (count < 0 && errno != EINTR)
                return false;
            done += count < 0 ? 0 : static_cast<std::size_t>(count);
        }
        return true;
    }
    [[nodiscard]] bool sync() const { return ::fsync(number_) == 0; }

private:
    int number_;
};

bool holds(fs::path const& path, Bytes const& content) {
    std::ifstream file{path, std::ios::binary};
    Bytes const found{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
    return found == content;
}

} // namespace

Path save_register(fs::path const& folder, Register const& written) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return fail(folder.string() + ": " + error.message());
    auto const path = folder / written.file_name;
    if (fs::exists(path, error)) {
        if (holds(path, written.content))
            return path;
        return fail(
            path.string() +
            ": holds something else; a register never changes: move that file away and look at it");
    }
    // Readers see the whole file or none, also after a power cut.
    auto const draft = folder / ("." + written.file_name + ".tmp");
    {
        Descriptor const file{draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC};
        if (!file.is_open())
            return fail(problem(draft, "cannot be opened"));
        if (!file.write_all(written.content) || !file.sync())
            return fail(problem(draft, "cannot be written"));
    }
    if (::rename(draft.c_str(), path.c_str()) != 0)
        return fail(problem(path, "cannot be named"));
    Descriptor const parent{folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC};
    if (!parent.is_open() || !parent.sync())
        return fail(problem(folder, "cannot be made durable"));
    return path;
}

} // namespace fleet::registers
