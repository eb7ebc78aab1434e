// Both ends of the link in one process, joined by a line that delays, cuts in any place and loses
// what was under way, with crashes of either side: virtual time, one seed a run.

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "protocol/link/chain.hpp"
#include "protocol/link/kiosk_session.hpp"
#include "protocol/link/server_session.hpp"
#include "protocol/wire/message.hpp"

using namespace protocol;
using namespace protocol::link;
using namespace std::chrono_literals;

namespace {

Identity const kiosk_17{17, 1};

/// What survives a crash of the kiosk.
struct Journal {
    std::vector<Bytes> records;
    std::vector<Hash> hashes{chain_start}; // hashes[n] is the hash after record n.
    std::uint64_t acknowledged = 0;

    void record(Bytes payload) {
        hashes.push_back(chain_next(hashes.back(), records.size() + 1, payload));
        records.push_back(std::move(payload));
    }
    [[nodiscard]] std::optional<Hash> hash_at(std::uint64_t sequence) const {
        return sequence < hashes.size() ? std::optional{hashes[sequence]} : std::nullopt;
    }
};

/// What survives a crash of the server: a chain of its own, and the rule that accepts each record
/// once.
struct Books {
    std::vector<Bytes> records;
    std::vector<Hash> hashes{chain_start};
    unsigned repeats = 0;

    [[nodiscard]] wire::Welcome welcome() const {
        wire::Welcome welcome;
        welcome.set_acknowledged_sequence(records.size());
        welcome.set_acknowledged_hash(to_wire(hashes.back()));
        return welcome;
    }
    wire::Acknowledgement accept(wire::Batch const& batch) {
        std::uint64_t sequence = batch.first_sequence();
        for (std::string const& record : batch.records()) {
            Bytes const payload{record.begin(), record.end()};
            REQUIRE(sequence <= records.size() + 1); // Never a gap.
            if (sequence <= records.size()) {
                REQUIRE(records[sequence - 1] == payload); // A repeat is the same.
                ++repeats;
            } else {
                hashes.push_back(chain_next(hashes.back(), sequence, payload));
                records.push_back(payload);
            }
            ++sequence;
        }
        REQUIRE(to_wire(hashes[sequence - 1]) == batch.head_hash());
        wire::Acknowledgement acknowledgement;
        acknowledgement.set_sequence(records.size());
        acknowledgement.set_hash(to_wire(hashes.back()));
        return acknowledgement;
    }
};

class World {
public:
    explicit World(std::uint64_t seed) : random_{seed} {}

    void run(int actions) {
        wake_kiosk();
        for (int i = 0; i < actions; ++i) {
            at(std::chrono::milliseconds{roll(3000)}, [this] { act(); });
            drain_until(now_ + std::chrono::milliseconds{roll(3000)});
        }
        faults_ = false;
        // Whatever happened, an undisturbed line brings everything over within the longest
        // back-off and a few batches.
        drain_until(now_ + 15min);
    }

    Journal journal;
    Books books;
    unsigned connections = 0;
    unsigned cuts = 0;
    std::uint64_t answers = 0;
    std::uint64_t questions = 0;

private:
    /// One connection. Both directions keep their order; cut, nothing more arrives.
    struct Line {
        bool is_cut = false;
        TimePoint last_up;
        TimePoint last_down;
        wire::FrameReader kiosk_reader;
        std::optional<ServerSession> server;
    };
    using LinePtr = std::shared_ptr<Line>; // Shared with bytes that are still under way.

    std::uint64_t roll(std::uint64_t below) { return random_() % below; }
    bool chance(std::uint64_t percent) { return roll(100) < percent; }
    void at(std::chrono::milliseconds in, std::function<void()> what) {
        queue_.emplace(now_ + in, std::move(what));
    }

    void drain_until(TimePoint end) {
        unsigned turns = 0;
        while (!queue_.empty() && queue_.begin()->first <= end) {
            REQUIRE(++turns < 200'000); // It does not spin.
            now_ = queue_.begin()->first;
            auto const what = std::move(queue_.begin()->second);
            queue_.erase(queue_.begin());
            what();
        }
        now_ = end;
    }

    void act() {
        switch (roll(8)) {
        case 0: return cut();
        case 1: return crash_kiosk();
        case 2: return crash_server();
        case 3:
            ++questions;
            return hear(AccountAsked{static_cast<std::uint32_t>(questions), 7, "M003K006"});
        default: break;
        }
        for (std::uint64_t i = 0, count = 1 + roll(40); i < count; ++i)
            journal.record(Bytes(1 + roll(200), static_cast<std::uint8_t>(roll(256))));
        hear(RecordsAdded{journal.records.size()});
    }

    void cut() {
        if (!line_ || line_->is_cut)
            return;
        ++cuts;
        line_->is_cut = true;
        line_->server.reset();
        // The kiosk may notice at once, or only by its own deadlines.
        if (chance(50))
            at(std::chrono::milliseconds{roll(500)}, [this, line = line_] { lose(line); });
    }

    void lose(LinePtr const& line) {
        if (line != line_)
            return;
        line_.reset();
        hear(Disconnected{});
    }

    void crash_server() {
        if (!line_)
            return;
        line_->server.reset();
        line_->is_cut = true;
        at(std::chrono::milliseconds{roll(100)}, [this, line = line_] { lose(line); });
    }

    void crash_kiosk() {
        questions -= open_questions(); // Nobody is there any more to be answered.
        if (line_)
            line_->is_cut = true;
        line_.reset();
        kiosk_ = Waiting{now_ + 1s};
        wake_kiosk();
    }

    [[nodiscard]] std::uint64_t open_questions() const { return questions - answers; }

    // --- The kiosk's shell ----------------------------------------------------------------------

    void wake_kiosk() {
        TimePoint const due = deadline(kiosk_, kiosk_tuning_);
        std::uint64_t const alarm = ++alarm_;
        queue_.emplace(std::max(due, now_), [this, alarm] {
            if (alarm == alarm_)
                hear(TimePassed{});
        });
    }

    void hear(KioskEvent const& event) {
        auto step = link::advance(
            kiosk_, event, {now_, static_cast<std::uint32_t>(random_())}, kiosk_tuning_);
        REQUIRE(step);
        kiosk_ = std::move(step->state);
        for (KioskEffect const& effect : step->effects)
            carry_out(effect);
        wake_kiosk();
    }

    void carry_out(KioskEffect const& effect) {
        if (std::holds_alternative<Connect>(effect))
            connect();
        else if (auto const* send = std::get_if<Send>(&effect))
            to_server(*wire::frame_of(send->message));
        else if (auto const* batch = std::get_if<SendBatch>(&effect))
            send_batch(*batch);
        else if (auto const* acknowledge = std::get_if<Acknowledge>(&effect)) {
            REQUIRE(acknowledge->sequence > journal.acknowledged);
            // Acknowledged means durable.
            REQUIRE(acknowledge->sequence <= books.records.size());
            journal.acknowledged = acknowledge->sequence;
        } else if (std::holds_alternative<TellAccount>(effect))
            ++answers;
        else if (std::holds_alternative<Disconnect>(effect)) {
            if (line_)
                line_->is_cut = true;
            line_.reset();
        } else
            REQUIRE_FALSE(std::holds_alternative<TellRefused>(effect));
    }

    void connect() {
        LinePtr const line = std::make_shared<Line>();
        line_ = line;
        at(std::chrono::milliseconds{50 + roll(300)}, [this, line] {
            if (line != line_)
                return;
            if (faults_ && chance(20))
                return lose(line);
            ++connections;
            line->server.emplace(kiosk_17, now_, server_tuning_);
            watch(line);
            Connected connected;
            connected.hello.set_kiosk(17);
            connected.hello.set_epoch(1);
            connected.hello.set_last_sequence(journal.records.size());
            connected.hello.set_head_hash(to_wire(journal.hashes.back()));
            hear(connected);
        });
    }

    void send_batch(SendBatch const& ask) {
        wire::FromKiosk message;
        wire::Batch& batch = *message.mutable_batch();
        batch.set_first_sequence(ask.after + 1);
        std::uint64_t last = ask.after;
        // Small batches now and then, as when payments come one by one.
        std::size_t const most = chance(50) ? 1 + roll(5) : ask.records_max;
        while (last < journal.records.size() && last - ask.after < most) {
            Bytes const& record = journal.records[last++];
            batch.add_records(std::string{record.begin(), record.end()});
        }
        batch.set_head_hash(to_wire(journal.hashes[last]));
        auto const frame = *wire::frame_of(message);
        to_server(frame);
        hear(BatchSent{last, frame.size()});
    }

    void to_kiosk(LinePtr const& line, Bytes bytes) {
        line->last_down = std::max(line->last_down, now_ + std::chrono::milliseconds{roll(200)});
        queue_.emplace(line->last_down, [this, line, bytes = std::move(bytes)] {
            if (line->is_cut || line != line_)
                return;
            line->kiosk_reader.push(bytes);
            while (line == line_) {
                auto const frame = line->kiosk_reader.next();
                if (!frame)
                    return;
                REQUIRE(*frame);
                auto message = wire::read_from_server(**frame);
                REQUIRE(message);
                Own own{
                    .recorded = journal.records.size(),
                    .acknowledged = journal.acknowledged,
                    .hash_there = {}};
                if (auto const sequence = claimed_sequence(*message))
                    own.hash_there = journal.hash_at(*sequence);
                hear(event_of(std::move(*message), own));
            }
        });
    }

    // --- The server's shell ---------------------------------------------------------------------

    /// In portions, each of which may be the last that arrives.
    void to_server(Bytes const& frame) {
        if (!line_)
            return;
        LinePtr const line = line_;
        for (std::size_t begin = 0; begin < frame.size();) {
            std::size_t const size = std::min<std::size_t>(frame.size() - begin, 1 + roll(3000));
            Bytes portion(size);
            std::copy_n(frame.begin() + static_cast<std::ptrdiff_t>(begin), size, portion.begin());
            begin += size;
            line->last_up = std::max(line->last_up, now_ + std::chrono::milliseconds{roll(200)});
            deliver(line, std::move(portion), line->last_up);
        }
    }

    void deliver(LinePtr const& line, Bytes portion, TimePoint when) {
        queue_.emplace(when, [this, line, portion = std::move(portion)] {
            if (line->is_cut || !line->server)
                return;
            waiting_.push_back({line, portion});
            feed(line);
        });
    }

    void feed(LinePtr const& line) {
        while (line->server && line->server->wants_bytes()) {
            auto const next = std::ranges::find(waiting_, line, &Portion::line);
            if (next == waiting_.end())
                return;
            Bytes const bytes = std::move(next->bytes);
            waiting_.erase(next);
            serve(line, line->server->receive(bytes, {now_, 0}));
        }
    }

    void tell(LinePtr const& line, ServerEvent const& event) {
        if (!line->server)
            return;
        serve(line, line->server->advance(event, {now_, 0}));
        feed(line);
    }

    void watch(LinePtr const& line) {
        queue_.emplace(std::max(line->server->deadline(), now_ + 1ms), [this, line] {
            if (!line->server)
                return;
            tell(line, ClockAdvanced{});
            if (line->server)
                watch(line);
        });
    }

    void serve(LinePtr const& line, std::vector<ServerEffect> const& effects) {
        for (ServerEffect const& effect : effects) {
            // Now and then so slow that the kiosk is back on another connection before.
            auto const think = std::chrono::milliseconds{chance(20) ? roll(5000) : roll(150)};
            if (auto const* reply = std::get_if<Reply>(&effect)) {
                REQUIRE_FALSE(reply->message.has_refusal());
                to_kiosk(line, *wire::frame_of(reply->message));
            } else if (std::holds_alternative<AskWelcome>(effect))
                at(think, [this, line] { tell(line, DeskWelcomed{books.welcome()}); });
            else if (auto const* ask = std::get_if<AskAccept>(&effect))
                // A batch at the desk is committed though its connection is gone: what a crash of
                // the server may do is not to begin.
                at(think, [this, line, batch = ask->batch] {
                    if (faults_ && chance(5))
                        return;
                    tell(line, DeskAccepted{books.accept(batch)});
                });
            else if (auto const* look_up = std::get_if<AskLookUp>(&effect))
                at(think, [this, line, id = look_up->query.id()] {
                    DeskLookedUp answer;
                    answer.answer.set_id(id);
                    tell(line, answer);
                });
            else
                end(line);
        }
    }

    void end(LinePtr const& line) {
        line->server.reset();
        line->is_cut = true;
        at(std::chrono::milliseconds{roll(100)}, [this, line] { lose(line); });
    }

    struct Portion {
        LinePtr line;
        Bytes bytes;
    };

    std::mt19937_64 random_;
    TimePoint now_{1h};
    std::multimap<TimePoint, std::function<void()>> queue_;
    bool faults_ = true;
    std::uint64_t alarm_ = 0;
    KioskState kiosk_ = Waiting{};
    KioskTuning kiosk_tuning_;
    ServerTuning server_tuning_;
    LinePtr line_;
    std::deque<Portion> waiting_;
};

} // namespace

TEST_SUITE("link simulation") {
    TEST_CASE("over a line that fails at random every record arrives once and in order") {
        unsigned connections = 0;
        unsigned cuts = 0;
        unsigned repeats = 0;
        for (std::uint64_t seed = 1; seed <= 150; ++seed) {
            CAPTURE(seed);
            World world{seed};
            world.run(60);
            REQUIRE(world.books.records == world.journal.records);
            REQUIRE(world.journal.acknowledged == world.journal.records.size());
            REQUIRE(world.answers == world.questions);
            connections += world.connections;
            cuts += world.cuts;
            repeats += world.books.repeats;
        }
        // The faults did happen.
        MESSAGE("connections " << connections << ", cuts " << cuts << ", repeats " << repeats);
        CHECK(connections > 500);
        CHECK(cuts > 300);
        CHECK(repeats > 10);
    }
}
