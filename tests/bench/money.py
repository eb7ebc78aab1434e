#!/usr/bin/env python3
"""./run bench money: the splitting function alone, the drift of rounding, and fleetd's core.

fleetd's core runs in one process, without TLS, on this disk with full synchronisation; a bare SQLite
loop of the same legs is its ceiling, run by turns with it. The core's books are checked after each run.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from figures import done, figure, spread, sync_ms

BATCHES = (1, 10, 100, 250, 2000)
PEERS = {"ours": "ours", "sqlite_raw": "raw"}


def measure(program, folder, mode, batch, seconds):
    """One run in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as run:
        outcome = subprocess.run([program, mode, run, str(batch), str(seconds)],
                                 capture_output=True, text=True, timeout=300)
        if outcome.returncode != 0:
            sys.exit(f"books_bench {mode}: {outcome.stderr}")
        return json.loads(outcome.stdout)


def books(program, folder, runs, seconds):
    sync, rates, stored = [], {}, []
    for _ in range(runs):
        for batch in BATCHES:
            for peer, mode in PEERS.items():
                sync.append(sync_ms(folder))
                result = measure(program, folder, mode, batch, seconds)
                rates.setdefault((batch, peer), []).append(result["payments"] / result["seconds"])
                if peer == "ours" and batch == 250:
                    stored.append(result["bytes"] / result["payments"])
    at = f"fdatasync {min(sync):.3f}…{max(sync):.3f} ms, median {statistics.median(sync):.3f}"
    for (batch, peer), values in rates.items():
        median, note = spread(values)
        figure(f"money.payments_per_second.batch_{batch}.disk", median, "1/s", f"{note}; {at}",
               None if peer == "ours" else peer)
    median, note = spread(stored)
    figure("money.bytes_per_payment", median, "B", f"{note}; the whole file, indexes included")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--payments", type=int, default=10_000_000,
                        help="random payments over which the drift is watched")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    arguments = parser.parse_args()
    folder = pathlib.Path("var") / "bench-money"
    folder.mkdir(parents=True, exist_ok=True)
    books(pathlib.Path(arguments.build) / "bin" / "books_bench", folder, arguments.runs,
          arguments.seconds)
    program = pathlib.Path(arguments.build) / "bin" / "splits_bench"
    outcome = subprocess.run([program, "--payments", str(arguments.payments)], timeout=600)
    if outcome.returncode != 0:
        print("splits_bench failed: a law did not hold", file=sys.stderr)
        return 1
    done("money")
    return 0


if __name__ == "__main__":
    sys.exit(main())
