#include "fleet-server/app/collection_day.hpp"

namespace fleet::app {

namespace {

std::string padded(unsigned number, std::size_t digits) {
    std::string const text = std::to_string(number);
    return std::string(digits > text.size() ? digits - text.size() : 0, '0') + text;
}

} // namespace

std::chrono::sys_days day_of(UtcTime at, std::chrono::minutes zone, std::chrono::minutes cut) {
    return std::chrono::floor<std::chrono::days>(at + zone - cut);
}

UtcTime next_cut(UtcTime at, std::chrono::minutes zone, std::chrono::minutes cut) {
    return UtcTime{day_of(at, zone, cut) + std::chrono::days{1}} + cut - zone;
}

std::string iso_date(std::chrono::sys_days day) {
    std::chrono::year_month_day const date{day};
    return padded(static_cast<unsigned>(static_cast<int>(date.year())), 4) + "-" +
           padded(static_cast<unsigned>(date.month()), 2) + "-" +
           padded(static_cast<unsigned>(date.day()), 2);
}

} // namespace fleet::app
