#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

/// A disk in memory that can lose its power, under SQLite: while it stands it is the default VFS.
/// Connections of one thread may share a database on it.
/// What was written but not synced may survive a power cut in part, in any order, torn at 512
/// bytes. Creating and deleting a file is durable at once: that part of a real disk is not
/// modelled.
namespace kiosk::test {

class CrashDisk {
public:
    CrashDisk();
    CrashDisk(CrashDisk const&) = delete;
    CrashDisk& operator=(CrashDisk const&) = delete;
    ~CrashDisk();

    /// The power goes at the n-th write, truncation or sync from now on; all after it fails.
    void cut_power_at(std::uint64_t operation);
    [[nodiscard]] bool is_dead() const { return operations_ >= dead_from_; }
    [[nodiscard]] std::uint64_t operations() const { return operations_; }

    /// Power is back: each file holds what was synced, and of the rest what the seed chose.
    void restart(std::mt19937_64& random);

    /// The disk says that it has synced files whose name ends so, and has not: what
    /// synchronous=NORMAL does to a write-ahead log between checkpoints.
    void do_not_sync(std::string suffix) { unsynced_suffix_ = std::move(suffix); }

    /// The n-th operation from now on is refused with this code of SQLite's, once.
    void refuse_at(std::uint64_t operation, int code);

    /// One byte of a file turns, as on a worn card.
    void flip(std::string const& file, std::size_t offset);
    [[nodiscard]] std::size_t size_of(std::string const& file) const;

    /// Files by name: what lies on a disk.
    using Image = std::map<std::string, std::vector<std::uint8_t>>;
    /// The disk holds this and nothing else, all of it durable. No file may be open.
    void load(Image const& image);
    [[nodiscard]] Image image() const;

    struct Write {
        std::size_t offset = 0;
        std::vector<std::uint8_t> data;
        bool is_truncation = false;
    };
    /// One thing that was asked of the disk, in order.
    struct Event {
        enum class Kind : std::uint8_t { Written, Synced, Removed };
        Kind kind = Kind::Written;
        std::string file;
        Write write; ///< Of Written.
    };
    /// From now on what is asked of the disk is remembered as well as done.
    void record() { is_recording_ = true; }
    [[nodiscard]] std::vector<Event> const& history() const { return history_; }

    /// Every connection runs with synchronous=NORMAL: PRAGMA synchronous = FULL is swallowed and
    /// reads back as if it had been obeyed. A test shows that money would be lost so.
    void lower_synchronous();
    [[nodiscard]] bool swallows_synchronous() const { return swallows_synchronous_; }

    struct File {
        std::string name;
        std::vector<std::uint8_t> durable;
        std::vector<std::uint8_t> current;
        std::vector<Write> pending; ///< Since the last sync.
        /// The index of a write-ahead log, in memory that all connections share.
        std::map<int, std::vector<std::uint8_t>> shared;
        std::array<int, 5> locks{}; ///< Connections by the lock that they hold.
    };

    // What the VFS callbacks do. They answer with SQLite's codes.
    [[nodiscard]] int open(std::string const& name, bool create, File*& file);
    [[nodiscard]] int read(File const& file, std::uint8_t* into, std::size_t size, std::size_t at);
    [[nodiscard]] int write(File& file, Write change);
    [[nodiscard]] int sync(File& file);
    [[nodiscard]] int remove(std::string const& name);
    [[nodiscard]] bool exists(std::string const& name) const { return files_.contains(name); }

private:
    /// Counts an operation; SQLITE_OK, or why it is refused.
    [[nodiscard]] int begin_operation(int error_when_dead);

    std::map<std::string, std::unique_ptr<File>> files_;
    std::uint64_t operations_ = 0;
    std::uint64_t dead_from_ = UINT64_MAX;
    std::uint64_t refused_at_ = UINT64_MAX;
    int refusal_ = SQLITE_OK;
    std::string unsynced_suffix_;
    std::vector<Event> history_;
    bool is_recording_ = false;
    bool swallows_synchronous_ = false;
    sqlite3_vfs vfs_{};
};

} // namespace kiosk::test
