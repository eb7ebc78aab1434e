#pragma once

#include <chrono>
#include <thread>

namespace tests {

/// Waits for a condition that another thread brings about; false when it does not come.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds within = std::chrono::seconds{20}) {
    auto const deadline = std::chrono::steady_clock::now() + within;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return true;
}

} // namespace tests
