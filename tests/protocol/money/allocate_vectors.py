#!/usr/bin/env python3
"""Writes or checks tests/fixtures/money/allocate-vectors.txt: amounts shared by weight, worked out with exact
fractions and none of our C++. A line: mode amount weights parts [residues], in kopecks; residues in T-ths."""

import pathlib
import random
import sys
from fractions import Fraction
from math import floor

FILE = pathlib.Path(__file__).resolve().parents[3] / "tests" / "fixtures" / "money" / "allocate-vectors.txt"


def share(amount, weights, owed):
    """Parts, and what each receiver is still owed, as fractions of a kopeck."""
    total = sum(weights)
    ideal = [Fraction(amount * weight, total) for weight in weights]
    parts = [floor(part) for part in ideal]
    cut = [part - floor(part) for part in ideal]
    left = amount - sum(parts)
    claims = [before + now for before, now in zip(owed, cut)]
    entitled = [i for i, rest in enumerate(cut) if rest > 0]
    for i in sorted(entitled, key=lambda i: (-claims[i], i))[:left]:
        parts[i] += 1
    return parts, [before + part - got for before, part, got in zip(owed, ideal, parts)]


def text():
    chance = random.Random(56042)
    lines = []
    for _ in range(250):
        weights = [chance.choice([0, 1, 7, 10, 84, 200, 700, chance.randrange(1, 10**6)])
                   for _ in range(chance.randrange(1, 9))]
        if not any(weights):
            weights[0] = 1
        amount = chance.choice([0, 1, 2, chance.randrange(10**4), chance.randrange(10**8),
                                10**13 - chance.randrange(100)])
        nothing = [Fraction(0)] * len(weights)
        parts, _ = share(amount, weights, nothing)
        lines.append(("stateless", amount, weights, parts, []))
    for _ in range(25):
        weights = [chance.randrange(1, 1000) for _ in range(chance.randrange(2, 7))]
        owed = [Fraction(0)] * len(weights)
        for _ in range(10):
            amount = chance.randrange(10**6)
            parts, owed = share(amount, weights, owed)
            lines.append(("carry", amount, weights, parts, [int(o * sum(weights)) for o in owed]))
    joined = ("\n".join(" ".join([mode, str(amount)] + [",".join(map(str, numbers)) for numbers in rest if numbers])
                        for mode, amount, *rest in lines))
    return joined + "\n"


def main():
    if sys.argv[1:] == ["--write"]:
        FILE.write_text(text(), encoding="ascii")
        return 0
    if FILE.read_text(encoding="ascii") != text():
        print(f"{FILE.name} is not what this script writes; run it with --write and look at the difference")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
