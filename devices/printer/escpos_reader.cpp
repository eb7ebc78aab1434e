#include "devices/printer/escpos_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "devices/printer/layout.hpp"

namespace devices::printer::escpos {

namespace {

constexpr std::uint8_t dle = 0x10;
constexpr std::uint8_t esc = 0x1B;
constexpr std::uint8_t fs = 0x1C;
constexpr std::uint8_t gs = 0x1D;
constexpr std::size_t row_bytes_max = paper_dots / 8;

bool is_on(std::uint8_t parameter) {
    return (parameter & 1U) != 0;
}

// Parameters may be numbers or digits: ESC a 1 and ESC a '1' are the same.
std::uint8_t number(std::uint8_t parameter) {
    return parameter >= '0' && parameter <= '9' ? static_cast<std::uint8_t>(parameter - '0')
                                                : parameter;
}

using Bytes = std::vector<std::uint8_t>;
using Build = Command (*)(Bytes const&);

Command ignored(Bytes const&) {
    return Ignored{};
}

/// A command of fixed size: two bytes that name it, and its parameters.
struct Form {
    std::uint8_t first;
    std::uint8_t second;
    std::size_t parameters;
    Build build; // Gets all the bytes.
};
constexpr std::array forms{
    Form{dle, 0x04, 1, [](Bytes const& b) -> Command { return AskStatus{b[2]}; }},
    Form{dle, 0x05, 1, ignored},
    Form{esc, 0x21, 1, [](Bytes const& b) -> Command { return SetMode{b[2]}; }},
    Form{esc, 0x2D, 1, ignored},
    Form{esc, 0x32, 0, ignored},
    Form{esc, 0x33, 1, ignored},
    Form{esc, 0x3D, 1, ignored},
    Form{esc, 0x40, 0, [](Bytes const&) -> Command { return Initialise{}; }},
    Form{esc, 0x45, 1, [](Bytes const& b) -> Command { return SetBold{is_on(b[2])}; }},
    Form{esc, 0x4A, 1, [](Bytes const& b) -> Command { return FeedDots{b[2]}; }},
    Form{esc, 0x52, 1, ignored},
    Form{esc, 0x53, 0, ignored},
    Form{esc, 0x61, 1, [](Bytes const& b) -> Command { return SetAlign{number(b[2])}; }},
    Form{esc, 0x64, 1, [](Bytes const& b) -> Command { return FeedLines{b[2]}; }},
    Form{esc, 0x69, 0, [](Bytes const&) -> Command { return Cut{}; }},
    Form{esc, 0x6D, 0, [](Bytes const&) -> Command { return Cut{}; }},
    Form{esc, 0x70, 3, ignored},
    Form{esc, 0x74, 1, [](Bytes const& b) -> Command { return SetCodePage{b[2]}; }},
    Form{esc, 0x76, 0, [](Bytes const&) -> Command { return AskStatus{0}; }},
    Form{esc, 0xC1, 1, [](Bytes const& b) -> Command { return SetNarrow{is_on(b[2])}; }},
    Form{gs, 0x21, 1, [](Bytes const& b) -> Command { return SetSize{b[2]}; }},
    Form{gs, 0x42, 1, ignored},
    Form{gs, 0x49, 1, [](Bytes const& b) -> Command { return AskIdentity{b[2]}; }},
    Form{gs, 0x4C, 2, ignored},
    Form{gs, 0x57, 2, ignored},
    Form{gs, 0x61, 1, ignored},
    Form{gs, 0x72, 1, ignored},
};

Form const* form_of(Bytes const& bytes) {
    auto const* const found = std::find_if(forms.begin(), forms.end(), [&](Form const& form) {
        return form.first == bytes[0] && form.second == bytes[1];
    });
    return found == forms.end() ? nullptr : found;
}

// 1D 65 n [m]: only n = 3 has a parameter.
std::optional<Command> ejector_command(Bytes const& bytes) {
    if (bytes.size() < 3)
        return std::nullopt;
    switch (bytes[2]) {
    case 0x02: return Retract{};
    case 0x03: return bytes.size() < 4 ? std::nullopt : std::optional<Command>{Present{bytes[3]}};
    case 0x05: return Eject{};
    case 0x06: return AskEjector{};
    default: return Ignored{};
    }
}

} // namespace

std::optional<Command> Reader::push(std::uint8_t byte) {
    if (raster_rows_left_ > 0)
        return on_raster_byte(byte);
    if (pending_.empty()) {
        if (byte == dle || byte == esc || byte == gs || byte == fs) {
            pending_.push_back(byte);
            return std::nullopt;
        }
        if (byte == 0x0A)
            return LineFeed{};
        if (byte == 0x0D || byte == 0x00)
            return Ignored{};
        return byte < 0x20 ? Command{Unknown{byte}} : Command{Character{byte}};
    }
    pending_.push_back(byte);
    auto command = finish();
    if (command)
        pending_.clear();
    return command;
}

std::optional<Command> Reader::finish() {
    if (pending_[0] == gs && pending_[1] == 0x65)
        return ejector_command(pending_);
    if (pending_[0] == gs && pending_[1] == 0x76)
        return pending_.size() < 8 ? std::nullopt : start_raster();
    // GS V m [n]: cut, fed first when m is 'A' or 'B'.
    if (pending_[0] == gs && pending_[1] == 0x56) {
        std::size_t const size = pending_.size() > 2 && pending_[2] >= 'A' ? 4 : 3;
        return pending_.size() < size ? std::nullopt : std::optional<Command>{Cut{}};
    }
    auto const* const form = form_of(pending_);
    if (form == nullptr)
        return Unknown{pending_[1]};
    if (pending_.size() < 2 + form->parameters)
        return std::nullopt;
    return form->build(pending_);
}

//  1D 76 30 m xL xH yL yH
std::optional<Command> Reader::start_raster() {
    raster_mode_ = pending_[3];
    raster_width_ = static_cast<std::size_t>(pending_[4] | pending_[5] << 8U);
    raster_rows_left_ = static_cast<std::size_t>(pending_[6] | pending_[7] << 8U);
    if (raster_width_ == 0)
        raster_rows_left_ = 0;
    raster_filled_ = 0;
    raster_row_.clear();
    return Ignored{};
}

std::optional<Command> Reader::on_raster_byte(std::uint8_t byte) {
    if (raster_row_.size() < row_bytes_max) // What is right of the paper is not kept.
        raster_row_.push_back(byte);
    if (++raster_filled_ < raster_width_)
        return std::nullopt;
    raster_filled_ = 0;
    --raster_rows_left_;
    return RasterRow{raster_mode_, std::exchange(raster_row_, {})};
}

} // namespace devices::printer::escpos
