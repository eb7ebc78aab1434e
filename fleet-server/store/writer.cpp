#include "fleet-server/store/writer.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace fleet::store {

using protocol::fail;

struct Writer::State {
    State(Store& opened, CommitListener listener) : store{opened}, on_commit{std::move(listener)} {}

    Store& store;
    CommitListener on_commit;
    // The queue is filled by the ingress, the API and the gateways, and emptied by one thread.
    mutable std::mutex mutex;
    std::condition_variable filled;
    std::deque<Job> queue;
    bool is_closing = false;
    std::optional<StoreError> failure;
    std::thread thread;

    void run();
    [[nodiscard]] std::vector<Job> next_group();
    void commit(std::vector<Job>& group);
    void stop(StoreError const& reason);
};

std::vector<Writer::Job> Writer::State::next_group() {
    std::unique_lock lock{mutex};
    filled.wait(lock, [this] { return is_closing || !queue.empty(); });
    std::vector<Job> group;
    while (!queue.empty() && group.size() < group_max) {
        group.push_back(std::move(queue.front()));
        queue.pop_front();
    }
    return group;
}

void Writer::State::commit(std::vector<Job>& group) {
    std::vector<Store::Work const*> works;
    works.reserve(group.size());
    for (Job const& job : group)
        works.push_back(&job.work);
    auto const begun = std::chrono::steady_clock::now();
    auto outcomes = store.commit_group(works);
    if (on_commit)
        on_commit(std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - begun));
    if (!outcomes) {
        if (store.failure())
            stop(*store.failure());
        for (Job& job : group)
            job.done(fail(outcomes.error()));
        return;
    }
    for (std::size_t i = 0; i < group.size(); ++i)
        group[i].done(std::move((*outcomes)[i]));
}

/// Whatever is wrong with the disk, only a fresh start can tell what is on it.
void Writer::State::stop(StoreError const& reason) {
    std::deque<Job> left;
    {
        std::lock_guard const lock{mutex};
        failure = reason;
        left.swap(queue);
    }
    for (Job& job : left)
        job.done(fail(StoreError{StoreError::Kind::Stopped, reason.detail}));
}

void Writer::State::run() {
    for (;;) {
        auto group = next_group();
        if (group.empty())
            return; // Closing, and everything submitted is done.
        commit(group);
    }
}

Writer::Writer(Store& store, CommitListener on_commit)
    : state_{std::make_unique<State>(store, std::move(on_commit))} {
    state_->thread = std::thread{[state = state_.get()] { state->run(); }};
}

Writer::~Writer() {
    {
        std::lock_guard const lock{state_->mutex};
        state_->is_closing = true;
    }
    state_->filled.notify_one();
    state_->thread.join();
}

Outcome<void> Writer::enqueue(Job job) {
    {
        std::lock_guard const lock{state_->mutex};
        if (state_->failure)
            return fail(StoreError{StoreError::Kind::Stopped, state_->failure->detail});
        if (state_->is_closing)
            return fail(StoreError{StoreError::Kind::Stopped, "the writer is closing"});
        if (state_->queue.size() >= queue_max)
            return fail(StoreError{
                StoreError::Kind::QueueFull, std::to_string(queue_max) + " jobs are waiting"});
        state_->queue.push_back(std::move(job));
    }
    state_->filled.notify_one();
    return {};
}

std::optional<StoreError> Writer::failure() const {
    std::lock_guard const lock{state_->mutex};
    return state_->failure;
}

std::size_t Writer::waiting() const {
    std::lock_guard const lock{state_->mutex};
    return state_->queue.size();
}

} // namespace fleet::store
