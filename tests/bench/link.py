#!/usr/bin/env python3
"""./run bench link: bytes that a payment costs on the wire, IP headers included."""

import argparse
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from figures import done  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    arguments = parser.parse_args()
    outcome = subprocess.run([pathlib.Path(arguments.build).resolve() / "bin" / "link_bench"])
    if outcome.returncode == 0:
        done("link")
    return outcome.returncode


if __name__ == "__main__":
    sys.exit(main())
