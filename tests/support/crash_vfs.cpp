#include "tests/support/crash_vfs.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace kiosk::test {

namespace {

constexpr std::size_t sector_size = 512;

/// What SQLite allocates for an open file: its own base first.
struct OpenFile {
    sqlite3_file base;
    CrashDisk* disk;
    CrashDisk::File* file;
    int lock; ///< SQLITE_LOCK_NONE .. SQLITE_LOCK_EXCLUSIVE.
};

OpenFile& open_file(sqlite3_file* file) {
    return *reinterpret_cast<OpenFile*>(file);
}

CrashDisk& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<CrashDisk*>(vfs->pAppData);
}

void put_into(std::vector<std::uint8_t>& bytes, CrashDisk::Write const& write) {
    if (write.is_truncation) {
        bytes.resize(write.offset);
        return;
    }
    if (bytes.size() < write.offset + write.data.size())
        bytes.resize(write.offset + write.data.size());
    std::copy(
        write.data.begin(),
        write.data.end(),
        bytes.begin() + static_cast<std::ptrdiff_t>(write.offset));
}

/// How many other connections hold this lock or a stronger one.
int others_with(OpenFile const& open, int lock) {
    int count = open.lock >= lock ? -1 : 0;
    for (auto level = static_cast<std::size_t>(lock); level < open.file->locks.size(); ++level)
        count += open.file->locks[level];
    return count;
}

int set_lock(OpenFile& open, int lock) {
    --open.file->locks[static_cast<std::size_t>(open.lock)];
    ++open.file->locks[static_cast<std::size_t>(lock)];
    open.lock = lock;
    return SQLITE_OK;
}

int close_file(sqlite3_file* file) {
    auto& open = open_file(file);
    --open.file->locks[static_cast<std::size_t>(open.lock)];
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
    auto& open = open_file(file);
    return open.disk->read(
        *open.file,
        static_cast<std::uint8_t*>(into),
        static_cast<std::size_t>(size),
        static_cast<std::size_t>(at));
}

int write_file(sqlite3_file* file, void const* data, int size, sqlite3_int64 at) {
    auto& open = open_file(file);
    auto const* bytes = static_cast<std::uint8_t const*>(data);
    return open.disk->write(
        *open.file, {static_cast<std::size_t>(at), {bytes, bytes + size}, false});
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    auto& open = open_file(file);
    return open.disk->write(*open.file, {static_cast<std::size_t>(size), {}, true});
}

int sync_file(sqlite3_file* file, int) {
    auto& open = open_file(file);
    return open.disk->sync(*open.file);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(open_file(file).file->current.size());
    return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int lock) {
    auto& open = open_file(file);
    if (lock <= open.lock)
        return SQLITE_OK;
    // One may write while others read; who wants all of it must be alone.
    int const forbidden = lock == SQLITE_LOCK_EXCLUSIVE ? SQLITE_LOCK_SHARED
                          : lock == SQLITE_LOCK_SHARED  ? SQLITE_LOCK_PENDING
                                                        : SQLITE_LOCK_RESERVED;
    if (others_with(open, forbidden) > 0)
        return SQLITE_BUSY;
    return set_lock(open, lock);
}

int unlock_file(sqlite3_file* file, int lock) {
    auto& open = open_file(file);
    return lock < open.lock ? set_lock(open, lock) : SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* file, int* answer) {
    *answer = others_with(open_file(file), SQLITE_LOCK_RESERVED) > 0 ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file* file, int operation, void* argument) {
    if (operation != SQLITE_FCNTL_PRAGMA || !open_file(file).disk->swallows_synchronous())
        return SQLITE_NOTFOUND;
    auto** const pragma = static_cast<char**>(argument); // Answer, name, value.
    if (std::strcmp(pragma[1], "synchronous") != 0)
        return SQLITE_NOTFOUND;
    if (pragma[2] == nullptr)
        pragma[0] = sqlite3_mprintf("2");
    else if (std::strcmp(pragma[2], "FULL") != 0)
        return SQLITE_NOTFOUND;
    return SQLITE_OK;
}

int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
    auto& shared = open_file(file).file->shared;
    auto const found = shared.find(region);
    if (found == shared.end() && extend == 0) {
        *memory = nullptr;
        return SQLITE_OK;
    }
    auto& bytes = shared[region];
    bytes.resize(static_cast<std::size_t>(size)); // Each region has one size for ever.
    *memory = bytes.data();
    return SQLITE_OK;
}

// One thread: nobody is ever in the middle of something that these locks protect.
int lock_shared(sqlite3_file*, int, int, int) {
    return SQLITE_OK;
}

void shared_barrier(sqlite3_file*) {}

int unmap_shared(sqlite3_file* file, int remove) {
    if (remove != 0)
        open_file(file).file->shared.clear();
    return SQLITE_OK;
}

int file_sector_size(sqlite3_file*) {
    return static_cast<int>(sector_size);
}

int device_characteristics(sqlite3_file*) {
    return 0;
}

constexpr sqlite3_io_methods methods{
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = shared_barrier,
    .xShmUnmap = unmap_shared,
    .xFetch = nullptr,
    .xUnfetch = nullptr};

int open_vfs(sqlite3_vfs* vfs, char const* name, sqlite3_file* file, int flags, int* flags_out) {
    auto& open = open_file(file);
    open.base.pMethods = nullptr;
    open.disk = &disk_of(vfs);
    open.lock = SQLITE_LOCK_NONE;
    int const code = open.disk->open(
        name == nullptr ? "temporary" : name, (flags & SQLITE_OPEN_CREATE) != 0, open.file);
    if (code != SQLITE_OK)
        return code;
    open.base.pMethods = &methods;
    ++open.file->locks[SQLITE_LOCK_NONE];
    if (flags_out != nullptr)
        *flags_out = flags;
    return SQLITE_OK;
}

int delete_vfs(sqlite3_vfs* vfs, char const* name, int) {
    return disk_of(vfs).remove(name);
}

int access_vfs(sqlite3_vfs* vfs, char const* name, int, int* answer) {
    *answer = disk_of(vfs).exists(name) ? 1 : 0;
    return SQLITE_OK;
}

int full_path_name(sqlite3_vfs*, char const* name, int size, char* into) {
    auto const length = std::strlen(name) + 1;
    if (length > static_cast<std::size_t>(size))
        return SQLITE_CANTOPEN;
    std::memcpy(into, name, length);
    return SQLITE_OK;
}

constexpr char const* vfs_name = "crash-disk";

int begin_with_normal(sqlite3* database, char const**, void const*) {
    return sqlite3_exec(database, "PRAGMA synchronous = NORMAL", nullptr, nullptr, nullptr);
}

/// What SQLite calls at each opening, as it wants it declared.
void (*at_opening())() {
    return reinterpret_cast<void (*)()>(begin_with_normal);
}

} // namespace

CrashDisk::CrashDisk() {
    sqlite3_initialize();
    assert(sqlite3_vfs_find(vfs_name) == nullptr); // One at a time.
    vfs_ = *sqlite3_vfs_find(nullptr);             // Time and randomness are the usual ones.
    vfs_.zName = vfs_name;
    vfs_.pNext = nullptr;
    vfs_.pAppData = this;
    vfs_.szOsFile = sizeof(OpenFile);
    vfs_.xOpen = open_vfs;
    vfs_.xDelete = delete_vfs;
    vfs_.xAccess = access_vfs;
    vfs_.xFullPathname = full_path_name;
    int const code = sqlite3_vfs_register(&vfs_, 1);
    assert(code == SQLITE_OK);
}

CrashDisk::~CrashDisk() {
    if (swallows_synchronous_)
        sqlite3_cancel_auto_extension(at_opening());
    sqlite3_vfs_unregister(&vfs_);
}

void CrashDisk::lower_synchronous() {
    int const code = sqlite3_auto_extension(at_opening());
    assert(code == SQLITE_OK);
    swallows_synchronous_ = true;
}

void CrashDisk::cut_power_at(std::uint64_t operation) {
    dead_from_ = operations_ + operation;
}

void CrashDisk::refuse_at(std::uint64_t operation, int code) {
    refused_at_ = operations_ + operation;
    refusal_ = code;
}

void CrashDisk::restart(std::mt19937_64& random) {
    for (auto& [name, file] : files_) {
        for (Write const& write : file->pending) {
            if (write.is_truncation) {
                if (random() % 2 == 0)
                    put_into(file->durable, write);
                continue;
            }
            for (std::size_t at = 0; at < write.data.size(); at += sector_size) {
                if (random() % 3 == 0)
                    continue;
                auto const begin = write.data.begin() + static_cast<std::ptrdiff_t>(at);
                auto const size = std::min(sector_size, write.data.size() - at);
                put_into(
                    file->durable,
                    {write.offset + at, {begin, begin + static_cast<std::ptrdiff_t>(size)}, false});
            }
        }
        file->current = file->durable;
        file->pending.clear();
    }
    dead_from_ = UINT64_MAX;
}

void CrashDisk::load(Image const& image) {
    files_.clear();
    for (auto const& [name, bytes] : image) {
        auto& file = files_[name];
        file = std::make_unique<File>();
        file->name = name;
        file->durable = file->current = bytes;
    }
}

CrashDisk::Image CrashDisk::image() const {
    Image image;
    for (auto const& [name, file] : files_)
        image[name] = file->current;
    return image;
}

void CrashDisk::flip(std::string const& file, std::size_t offset) {
    File& damaged = *files_.at(file);
    damaged.current.at(offset) ^= 0x10;
    damaged.durable = damaged.current;
}

std::size_t CrashDisk::size_of(std::string const& file) const {
    auto const found = files_.find(file);
    return found == files_.end() ? 0 : found->second->current.size();
}

int CrashDisk::begin_operation(int error_when_dead) {
    if (is_dead())
        return error_when_dead;
    ++operations_;
    if (operations_ - 1 == refused_at_)
        return refusal_;
    return SQLITE_OK;
}

int CrashDisk::open(std::string const& name, bool create, File*& file) {
    auto& slot = files_[name];
    if (slot == nullptr && (!create || is_dead())) {
        files_.erase(name);
        return SQLITE_CANTOPEN;
    }
    if (slot == nullptr) {
        slot = std::make_unique<File>();
        slot->name = name;
    }
    file = slot.get();
    return SQLITE_OK;
}

int CrashDisk::read(File const& file, std::uint8_t* into, std::size_t size, std::size_t at) {
    if (is_dead())
        return SQLITE_IOERR_READ;
    std::memset(into, 0, size);
    if (at >= file.current.size())
        return SQLITE_IOERR_SHORT_READ;
    auto const count = std::min(size, file.current.size() - at);
    std::memcpy(into, file.current.data() + at, count);
    return count < size ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

int CrashDisk::write(File& file, Write change) {
    int const code =
        begin_operation(change.is_truncation ? SQLITE_IOERR_TRUNCATE : SQLITE_IOERR_WRITE);
    if (code != SQLITE_OK)
        return code;
    put_into(file.current, change);
    if (is_recording_)
        history_.push_back({Event::Kind::Written, file.name, change});
    file.pending.push_back(std::move(change));
    return SQLITE_OK;
}

int CrashDisk::sync(File& file) {
    if (int const code = begin_operation(SQLITE_IOERR_FSYNC); code != SQLITE_OK)
        return code;
    if (is_dead())
        return SQLITE_IOERR_FSYNC; // The power went while it was syncing.
    if (!unsynced_suffix_.empty() && file.name.ends_with(unsynced_suffix_))
        return SQLITE_OK;
    file.durable = file.current;
    file.pending.clear();
    if (is_recording_)
        history_.push_back({Event::Kind::Synced, file.name, {}});
    return SQLITE_OK;
}

int CrashDisk::remove(std::string const& name) {
    if (is_dead())
        return SQLITE_IOERR_DELETE;
    files_.erase(name);
    if (is_recording_)
        history_.push_back({Event::Kind::Removed, name, {}});
    return SQLITE_OK;
}

} // namespace kiosk::test
