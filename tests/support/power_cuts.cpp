#include "tests/support/power_cuts.hpp"

#include <algorithm>

namespace kiosk::test {

namespace {

using Event = CrashDisk::Event;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t sector_size = 512;

void put(Bytes& file, std::size_t offset, std::span<std::uint8_t const> data) {
    if (file.size() < offset + data.size())
        file.resize(offset + data.size());
    std::copy(data.begin(), data.end(), file.begin() + static_cast<std::ptrdiff_t>(offset));
}

void apply(CrashDisk::Image& image, Event const& event) {
    if (event.kind == Event::Kind::Removed) {
        image.erase(event.file);
        return;
    }
    Bytes& file = image[event.file];
    if (event.write.is_truncation)
        file.resize(event.write.offset);
    else
        put(file, event.write.offset, event.write.data);
}

/// Each sector of a write arrives or not; with garbage, one that was under way is spoilt.
void apply_torn(
    CrashDisk::Image& image, Event const& event, bool with_garbage, std::mt19937_64& random) {
    Bytes& file = image[event.file];
    std::span<std::uint8_t const> const data{event.write.data};
    for (std::size_t at = 0; at < data.size(); at += sector_size) {
        auto const chance = random() % 8;
        auto const sector = data.subspan(at, std::min(sector_size, data.size() - at));
        if (with_garbage && chance == 0) {
            Bytes noise(sector.size());
            std::generate(noise.begin(), noise.end(), [&random] {
                return static_cast<std::uint8_t>(random());
            });
            put(file, event.write.offset + at, noise);
        } else if (chance < 5) {
            put(file, event.write.offset + at, sector);
        }
    }
}

} // namespace

bool PowerCuts::advance() {
    if (next_ == history_.size())
        return false;
    Event const& event = history_[next_];
    if (event.kind != Event::Kind::Synced) {
        pending_.push_back(next_++);
        return true;
    }
    ++next_;
    // The sync confirms what its file was asked, and the folder's changes before it.
    std::erase_if(pending_, [&](std::size_t place) {
        Event const& earlier = history_[place];
        bool const is_confirmed =
            earlier.file == event.file || earlier.kind == Event::Kind::Removed;
        if (is_confirmed)
            apply(durable_, earlier);
        return is_confirmed;
    });
    return true;
}

CrashDisk::Image PowerCuts::left(Leftover leftover, std::mt19937_64& random) const {
    CrashDisk::Image image = durable_;
    std::size_t const first_ones = pending_.empty() ? 0 : random() % (pending_.size() + 1);
    for (std::size_t n = 0; n < pending_.size(); ++n) {
        Event const& event = history_[pending_[n]];
        bool const can_tear = event.kind == Event::Kind::Written && !event.write.is_truncation;
        switch (leftover) {
        case Leftover::Nothing: break;
        case Leftover::Everything: apply(image, event); break;
        case Leftover::FirstOnes:
            if (n < first_ones)
                apply(image, event);
            break;
        case Leftover::Torn:
        case Leftover::Garbage:
            if (can_tear) {
                apply_torn(image, event, leftover == Leftover::Garbage, random);
                break;
            }
            [[fallthrough]];
        case Leftover::Scattered:
            if (random() % 2 == 0)
                apply(image, event);
            break;
        }
    }
    return image;
}

} // namespace kiosk::test
