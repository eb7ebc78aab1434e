#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

#include "fleet-server/app/collection_day.hpp"
#include "fleet-server/store/writer.hpp"

namespace spdlog {
class logger;
}

/// Writes every provider's register when the collection day ends.
namespace fleet::app {

class DayKeeper {
public:
    /// All outlive it.
    struct Needs {
        store::Writer& writer;
        store::Reader& reader;
        spdlog::logger& log;
        std::filesystem::path folder; ///< Where the files go.
        std::chrono::minutes cut{0};
        std::function<UtcTime()> clock;
        std::function<std::chrono::minutes(UtcTime)> zone;
    };
    /// First writes what a stop over the cut has left undone: before kiosks are let in, so that the
    /// late register holds what it would have held.
    explicit DayKeeper(Needs needs);
    DayKeeper(DayKeeper const&) = delete;
    DayKeeper& operator=(DayKeeper const&) = delete;
    ~DayKeeper();

private:
    enum class Whose : std::uint8_t { All, OnlyBegun };
    void run();
    void close_day(std::chrono::sys_days day, Whose whose);
    void close_day_of(std::uint32_t provider, std::string const& day);
    [[nodiscard]] std::chrono::sys_days today() const;

    Needs needs_;
    // Only to be woken when the program ends.
    std::mutex mutex_;
    std::condition_variable ending_;
    bool is_ending_ = false;
    std::thread thread_;
};

} // namespace fleet::app
