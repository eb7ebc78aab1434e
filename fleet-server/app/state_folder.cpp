#include "fleet-server/app/state_folder.hpp"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "fleet-server/ingress/certificates.hpp"

namespace fleet::app {

namespace {

using protocol::Complaint;
using protocol::fail;
using protocol::Result;

constexpr std::size_t token_bytes = 32; // 256 bits: nobody guesses it.

std::string system_error() {
    return std::generic_category().message(errno);
}

Result<bool, Complaint> make_folder(std::filesystem::path const& folder) {
    if (std::filesystem::is_directory(folder))
        return false;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (!error)
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error)
        return fail(Complaint{
            folder.string(),
            "cannot be made: " + error.message(),
            "make it, or run this as a user who may"});
    return true;
}

std::string make_token() {
    std::array<unsigned char, token_bytes> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        return {};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string token;
    for (unsigned char const byte : bytes) {
        token += digits[byte >> 4U];
        token += digits[byte & 0x0FU];
    }
    return token;
}

// False: it is there already.
Result<bool, Complaint> write_token(std::filesystem::path const& file) {
    if (std::filesystem::exists(file))
        return false;
    if (file.has_parent_path() && !std::filesystem::is_directory(file.parent_path()))
        TRY_VOID(make_folder(file.parent_path()));
    std::string const token = make_token() + "\n";
    int const handle = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool const is_written =
        handle >= 0 && token.size() > token_bytes &&
        ::write(handle, token.data(), token.size()) == static_cast<ssize_t>(token.size()) &&
        ::fsync(handle) == 0;
    std::string const reason = is_written ? "" : system_error();
    if (handle >= 0)
        ::close(handle);
    if (!is_written)
        return fail(Complaint{
            file.string(), "cannot be written: " + reason, "check 'token_file' in [api]"});
    return true;
}

Result<void, Complaint> make_certificates(
    Config const& config, StateFolder const& folder, UtcTime now, std::vector<std::string>& made) {
    bool const is_new = !std::filesystem::exists(folder.authority_certificate());
    TRY(auto const authority,
        is_new ? ingress::Authority::make(folder.authority(), now)
               : ingress::Authority::open(folder.authority()));
    if (is_new)
        made.push_back(folder.authority_certificate().string() + ": the fleet's authority");
    if (std::filesystem::exists(folder.server_certificate()))
        return {};
    std::vector<std::string> names{config.ingress.server_name};
    for (std::string const& name : {std::string{"localhost"}, std::string{"127.0.0.1"}})
        if (name != config.ingress.server_name)
            names.push_back(name);
    TRY(auto const server, authority.issue_server(names, now));
    TRY_VOID(ingress::write_credentials(folder.server_certificate(), folder.server_key(), server));
    made.push_back(
        folder.server_certificate().string() + ": for the name " + config.ingress.server_name);
    return {};
}

} // namespace

Result<std::vector<std::string>, Complaint> initialise(Config const& config, UtcTime now) {
    StateFolder const folder{config.state};
    std::vector<std::string> made;
    for (auto const& part : {folder.root, folder.registers()}) {
        TRY(bool const is_new, make_folder(part));
        if (is_new)
            made.push_back(part.string());
    }
    TRY_VOID(make_certificates(config, folder, now, made));
    TRY(bool const is_new, write_token(config.api.token_file));
    if (is_new)
        made.push_back(config.api.token_file.string() + ": the operators' token");
    return made;
}

Result<StateLock, Complaint> StateLock::take(StateFolder const& folder) {
    int const file = ::open(folder.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return fail(Complaint{
            folder.root.string(),
            "cannot be used: " + system_error(),
            "make the state folder: fleetd --config FILE init"});
    StateLock lock{file};
    if (::flock(file, LOCK_EX | LOCK_NB) != 0)
        return fail(Complaint{
            folder.root.string(),
            "another fleetd works with this state",
            "stop that one first: two would each keep books of their own"});
    return lock;
}

StateLock::StateLock(StateLock&& other) noexcept : file_{std::exchange(other.file_, -1)} {}

StateLock::~StateLock() {
    if (file_ >= 0)
        ::close(file_);
}

Result<std::string, Complaint> read_token(std::filesystem::path const& file) {
    std::ifstream stream{file};
    std::string token;
    if (!(stream >> token))
        return fail(Complaint{
            file.string(),
            "the operators' token cannot be read",
            "make it: fleetd --config FILE init"});
    return token;
}

} // namespace fleet::app
