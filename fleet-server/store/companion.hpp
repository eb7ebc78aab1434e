#pragma once

#include "fleet-server/store/error.hpp"

namespace fleet::store {

class Transaction;

/// What code over the store keeps in memory on the writing side, from one commit to the next: sums
/// that are written once a commit instead of once a payment. It shares the fate of the statements:
/// what a job did to it is undone with the job, and what it holds is written before the commit.
///
/// After a commit that failed nobody writes to the database again, so there is nothing to undo
/// then.
class Companion {
public:
    Companion() = default;
    Companion(Companion const&) = delete;
    Companion& operator=(Companion const&) = delete;
    virtual ~Companion() = default;

    /// What follows belongs to one job: it stays or is undone as a whole.
    virtual void job_begins() = 0;
    /// The statements since job_begins() have been undone.
    virtual void job_undone() = 0;
    /// All jobs of the commit are done. Must not use another companion: their order is not given.
    [[nodiscard]] virtual Outcome<void> write_down(Transaction& transaction) = 0;
};

} // namespace fleet::store
