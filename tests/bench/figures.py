"""Figures of ./run bench: one JSON object a line, by the names that stay."""

import json
import os
import statistics
import tempfile
import time


def figure(name, value, unit, note="", peer=None):
    row = {"name": name, "value": round(value, 4), "unit": unit}
    if peer:
        row["peer"] = peer
    if note:
        row["note"] = note
    print(json.dumps(row, ensure_ascii=False), flush=True)


def done(group):
    print(json.dumps({"name": f"{group}.done"}), flush=True)


def sync_ms(folder, count=60):
    """Median time of one 4 KiB append with fdatasync in that folder: what durability costs here."""
    times = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(count):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def spread(values):
    """Median and, for the note, the range."""
    return statistics.median(values), f"{min(values):.4g}…{max(values):.4g} over {len(values)} runs"
