#!/usr/bin/env python3
"""./run bench money: the splitting function, alone on one core, and the drift of rounding.

What the whole of fleetd's core does a second is measured by the group intake, over TLS.
"""

import argparse
import pathlib
import subprocess
import sys

from figures import done


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--payments", type=int, default=10_000_000,
                        help="random payments over which the drift is watched")
    arguments = parser.parse_args()
    program = pathlib.Path(arguments.build) / "bin" / "splits_bench"
    outcome = subprocess.run([program, "--payments", str(arguments.payments)], timeout=600)
    if outcome.returncode != 0:
        print("splits_bench failed: a law did not hold", file=sys.stderr)
        return 1
    done("money")
    return 0


if __name__ == "__main__":
    sys.exit(main())
