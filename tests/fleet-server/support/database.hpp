#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include "fleet-server/store/store.hpp"

/// What tests over a real database share: a folder that goes away, and answers that must be there.
namespace fleet {

class ScratchFolder {
public:
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "fleet-test-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ScratchFolder(ScratchFolder const&) = delete;
    ScratchFolder& operator=(ScratchFolder const&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// The value, or the test ends here saying why not.
template <class T>
T require(store::Outcome<T> outcome) {
    if (!outcome)
        FAIL(to_string(outcome.error()));
    return *std::move(outcome);
}
inline void require(store::Outcome<void> const& outcome) {
    if (!outcome)
        FAIL(to_string(outcome.error()));
}

/// A store of its own, and answers that must come.
class TestDatabase {
public:
    template <class Work>
    auto read(Work work) {
        return require(require(store.open_reader()).read(work));
    }
    template <class Work>
    auto write(Work work) {
        return require(store.write(work));
    }

    ScratchFolder folder;
    store::Store store = require(store::Store::open(folder.path() / "fleet.sqlite"));
};

} // namespace fleet
