#include "kiosk/app/clock.hpp"

#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace kiosk::app {

namespace {

std::tm local(payment::WallTime at) {
    std::time_t const seconds =
        std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    return parts;
}

} // namespace

payment::Now now() {
    return {
        std::chrono::steady_clock::now(),
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
}

std::chrono::minutes utc_offset(payment::WallTime at) {
    return std::chrono::floor<std::chrono::minutes>(std::chrono::seconds{local(at).tm_gmtoff});
}

std::string clock_text(payment::WallTime at) {
    auto const parts = local(at);
    auto const two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return two(parts.tm_hour) + ":" + two(parts.tm_min);
}

std::chrono::milliseconds until_next_minute(payment::WallTime at) {
    return std::chrono::floor<std::chrono::minutes>(at) + std::chrono::minutes{1} - at;
}

bool choose_time_zone(std::string const& name) {
    // libc takes an unknown zone for UTC without a word. Called before any thread is made.
    std::error_code missing;
    bool const is_known =
        name == "UTC" || std::filesystem::is_regular_file("/usr/share/zoneinfo/" + name, missing);
    if (!is_known || ::setenv("TZ", name.c_str(), 1) != 0) // NOLINT(concurrency-mt-unsafe)
        return false;
    ::tzset();
    return true;
}

} // namespace kiosk::app
