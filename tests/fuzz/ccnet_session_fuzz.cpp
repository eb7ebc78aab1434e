// Whatever a validator answers and whatever the kiosk orders meanwhile: the session never runs away
// between two questions, and keeps what the money depends on. Each rule names its promise below.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "devices/bill-validator/ccnet_tables.hpp"
#include "devices/bill-validator/session.hpp"

namespace {

namespace bv = devices::bill_validator;
using protocol::Bytes;

constexpr int actions_between_questions_max = 10;
constexpr std::array<std::uint8_t, 3> acknowledge{0x00, 0xC2, 0x82}; // The end of ACK's frame.

void require(bool condition) {
    if (!condition)
        std::abort();
}

class Bytestream {
public:
    Bytestream(std::uint8_t const* data, std::size_t size) : data_{data}, left_{size} {}
    [[nodiscard]] bool is_empty() const { return left_ == 0; }
    std::uint8_t take() {
        if (left_ == 0)
            return 0;
        --left_;
        return *data_++;
    }

private:
    std::uint8_t const* data_;
    std::size_t left_;
};

class Watcher {
public:
    explicit Watcher(Bytestream stream) : stream_{stream} {}

    void watch() {
        bv::Input input = bv::Proceed{};
        int since_question = 0;
        while (!stream_.is_empty()) {
            meddle();
            bv::Action const action = session_.resume(input);
            input = bv::Proceed{};
            require(++since_question <= actions_between_questions_max);
            if (auto const* pause = std::get_if<bv::Pause>(&action)) {
                require(pause->duration.count() > 0 && pause->duration.count() <= 3000);
            } else if (auto const* event = std::get_if<bv::Event>(&action)) {
                hear(*event);
            } else if (std::get<bv::Send>(action).reply_within.count() == 0) {
                check_acknowledgement(std::get<bv::Send>(action).bytes);
            } else {
                input = answer(std::get<bv::Send>(action).bytes);
                since_question = 0;
            }
        }
    }

private:
    void meddle() {
        switch (stream_.take() % 16) {
        case 1:
            session_.decide(bv::Decision::Stack);
            may_stack_ = is_escrow_told_;
            break;
        case 2: session_.decide(bv::Decision::Return); break;
        case 3: session_.accept_notes(true); break;
        case 4: session_.accept_notes(false); break;
        default: break;
        }
    }

    void hear(bv::Event const& event) {
        if (std::holds_alternative<bv::NoteEscrowed>(event)) {
            is_escrow_told_ = true;
            may_stack_ = false;
        }
        if (std::holds_alternative<bv::ValidatorAtRest>(event)) {
            // At rest means that no stacked note is untold.
            require(!untold_ && status_ && (*status_ == 0x14 || *status_ == 0x19));
        }
        auto const* stacked = std::get_if<bv::NoteStacked>(&event);
        if (stacked == nullptr)
            return;
        // Only a status 0x81 is money, and one note is told once.
        require(untold_ == stacked->type);
        require(told_ != stacked->type);
        told_ = stacked->type;
        untold_.reset();
    }

    void check_acknowledgement(Bytes const& bytes) const {
        require(std::equal(acknowledge.begin(), acknowledge.end(), bytes.begin() + 3, bytes.end()));
        // A stacked note is acknowledged after it is told: the listener's disk comes first.
        require(!untold_);
    }

    bv::Input answer(Bytes const& question) {
        std::uint8_t const command = question.at(3);
        if (command == 0x30) // Never RESET but to a validator that says that it powered up.
            require(status_ && *status_ >= 0x10 && *status_ <= 0x12);
        if (command == 0x35) // STACK only what is in escrow now, and was decided on.
            require(status_ && (*status_ == 0x80 || *status_ == 0x1A) && may_stack_);
        if (command == 0x34) // Whatever is enabled is held in escrow.
            require(std::equal(question.begin() + 4, question.begin() + 7, question.begin() + 7));
        auto data = reply_to(command);
        if (!data)
            return bv::Silence{};
        if (data->empty())
            return bv::Reply{protocol::fail(bv::ccnet::FrameError::ChecksumMismatch)};
        if (command == 0x33)
            note_status(*data);
        return bv::Reply{bv::ccnet::Frame{std::move(*data)}};
    }

    /// nullopt: silence. Empty: a broken frame.
    std::optional<Bytes> reply_to(std::uint8_t command) {
        std::uint8_t const kind = stream_.take();
        switch (kind % 16) {
        case 0: return std::nullopt;
        case 1: return Bytes{};
        case 2: return Bytes{0xFF};
        case 3: return Bytes{0x30};
        case 4: {
            Bytes data(1 + stream_.take() % 130);
            for (auto& byte : data)
                byte = stream_.take();
            return data;
        }
        default: break;
        }
        if (command == 0x37)
            return bv::ccnet::make_identification({"SM-RU1353", "21K100012345"});
        if (command == 0x41)
            return bv::ccnet::make_bill_table(
                {{5, protocol::rub(500'00)}, {7, protocol::rub(5000'00)}});
        if (command != 0x33)
            return Bytes{0x00};
        constexpr std::array<std::uint8_t, 22> statuses{
            0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x17, 0x18, 0x19, 0x1A, 0x1B,
            0x1C, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x80, 0x81, 0x82};
        std::uint8_t const status = statuses.at(stream_.take() % statuses.size());
        if (status >= 0x80)
            return Bytes{status, static_cast<std::uint8_t>(kind < 128 ? 5 : 7)};
        return Bytes{status};
    }

    void note_status(Bytes const& data) {
        auto const status = bv::ccnet::read_status(data);
        if (!status)
            return;
        using bv::ccnet::Status;
        status_ = data[0];
        switch (status->status) {
        case Status::BillStacked:
            if (told_ != status->detail) {
                told_.reset();
                untold_ = status->detail;
            }
            is_escrow_told_ = false;
            break;
        case Status::Idling:
        case Status::Accepting:
        case Status::Returning:
        case Status::UnitDisabled:
        case Status::Holding:
        case Status::Rejecting:
        case Status::EscrowPosition:
        case Status::BillReturned:
            // Another note can only come after one of these.
            told_.reset();
            untold_.reset();
            break;
        case Status::PowerUp:
        case Status::PowerUpBillInValidator:
        case Status::PowerUpBillInStacker:
        case Status::Initialize:
        case Status::Stacking:
        case Status::DeviceBusy:
        case Status::DropCassetteFull:
        case Status::DropCassetteOutOfPosition:
        case Status::ValidatorJammed:
        case Status::DropCassetteJammed:
        case Status::Cheated:
        case Status::Pause:
        case Status::Failure:
        case Status::Unknown: untold_.reset(); break;
        }
    }

    Bytestream stream_;
    bv::Session session_;
    std::optional<std::uint8_t> status_; ///< The last one that was answered.
    std::optional<std::uint8_t> told_;   ///< Type of the note last told, as long as it may repeat.
    std::optional<std::uint8_t> untold_; ///< Type of a note that was answered and is not told yet.
    bool is_escrow_told_ = false;
    bool may_stack_ = false;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    Watcher{Bytestream{data, size}}.watch();
    return 0;
}
