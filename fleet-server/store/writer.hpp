#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <type_traits>

#include "fleet-server/store/store.hpp"

namespace fleet::store {

/// The one thread that writes. Jobs are done in the order of submission; those that wait together
/// share one commit. An answer is delivered only after the commit that holds it is durable.
class Writer {
public:
    /// Waiting jobs; beyond it submit() refuses, so that a slow disk shows as "come back later"
    /// and not as memory without end.
    static constexpr std::size_t queue_max = 4096;
    /// Jobs a commit: more would only make the first one wait longer.
    static constexpr std::size_t group_max = 256;

    using CommitListener = std::function<void(std::chrono::microseconds)>;
    /// `store` must outlive the writer, and nobody else writes to it meanwhile. `on_commit` is told
    /// what each commit took, works and fsync included, on the writer's thread.
    explicit Writer(Store& store, CommitListener on_commit = {});
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;
    ~Writer(); ///< Finishes what was submitted, then joins.

    /// Runs work(Transaction&) -> Outcome<T> on the writer's thread and then, there too,
    /// done(Outcome<T>), which must be quick and must not submit-and-wait. An error here means that
    /// the work was not taken and `done` will not be called.
    template <class Work, class Done>
    [[nodiscard]] Outcome<void> submit(Work work, Done done) {
        using Answer = std::invoke_result_t<Work&, Transaction&>;
        // Shared by the two halves of one job, which std::function wants copyable.
        auto answer = std::make_shared<std::optional<Answer>>();
        return enqueue(Job{
            [answer, work = std::move(work)](Transaction& transaction) mutable -> Outcome<void> {
                answer->emplace(work(transaction));
                if (!**answer)
                    return protocol::fail((*answer)->error());
                return {};
            },
            [answer, done = std::move(done)](Outcome<void> committed) mutable {
                if (!committed)
                    done(Answer{protocol::fail(std::move(committed).error())});
                else
                    done(std::move(**answer));
            }});
    }

    /// The same, waiting for the answer. Never from the writer's own thread.
    template <class Work>
    [[nodiscard]] auto write(Work work) -> std::invoke_result_t<Work&, Transaction&> {
        using Answer = std::invoke_result_t<Work&, Transaction&>;
        auto promise = std::make_shared<std::promise<Answer>>();
        auto future = promise->get_future();
        TRY_VOID(submit(
            std::move(work), [promise](Answer answer) { promise->set_value(std::move(answer)); }));
        return future.get();
    }

    /// Set when a commit failed: nothing is taken any more; the process must start again.
    [[nodiscard]] std::optional<StoreError> failure() const;
    [[nodiscard]] std::size_t waiting() const;

private:
    struct Job {
        std::function<Outcome<void>(Transaction&)> work;
        std::function<void(Outcome<void>)> done;
    };
    struct State;
    [[nodiscard]] Outcome<void> enqueue(Job job);

    std::unique_ptr<State> state_;
};

} // namespace fleet::store
