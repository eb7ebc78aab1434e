#include "fleet-server/app/zone.hpp"

#include <cstdlib>
#include <ctime>

namespace fleet::app {

void choose_time_zone(std::string const& name) {
    // The leading colon asks for a file of zoneinfo, never for a POSIX rule.
    ::setenv("TZ", (":" + name).c_str(), 1); // NOLINT(concurrency-mt-unsafe): see the header.
    ::tzset();                               // NOLINT(concurrency-mt-unsafe)
}

std::chrono::minutes zone_at(UtcTime at) {
    std::time_t const seconds =
        std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    std::tm civil{};
    ::localtime_r(&seconds, &civil);
    return std::chrono::duration_cast<std::chrono::minutes>(std::chrono::seconds{civil.tm_gmtoff});
}

} // namespace fleet::app
