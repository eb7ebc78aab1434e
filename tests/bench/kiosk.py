#!/usr/bin/env python3
"""./run bench kiosk: what a kiosk costs and how fast it answers a finger.

touch_to_pixels and screen_draw are measured in one process (kiosk_ui_bench: a touch goes in, the presented
surface has changed); first_screen, memory and idle CPU on a real kioskd with simulated devices.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from figures import done, figure, spread  # noqa: E402
from processes import StoryError, wait_until  # noqa: E402
from story import prepare_fleet, scan_bill  # noqa: E402
from world import World  # noqa: E402

IDLE_SECONDS = 20


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise StoryError(f"process {pid} has no VmRSS")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    build = pathlib.Path(arguments.build).resolve()
    in_process = subprocess.run([build / "bin" / "kiosk_ui_bench"], capture_output=True, text=True,
                                cwd=pathlib.Path(__file__).resolve().parents[2])
    if in_process.returncode != 0:
        print(in_process.stderr, file=sys.stderr)
        return 1
    print(in_process.stdout, end="")
    try:
        with World(build, pathlib.Path("var") / "bench-kiosk") as world:
            prepare_fleet(world, lambda text: None)
            world.start_kiosk()
            first = []
            for _ in range(arguments.runs):
                world.kiosk.post("/power", {"on": False})
                started = time.monotonic()
                world.kiosk.post("/power", {"on": True})
                wait_until("the first screen", lambda: world.screen()["drawn"] > 0, every=0.002)
                first.append((time.monotonic() - started) * 1000)
                wait_until("the validator is ready",
                           lambda: world.state()["kiosk_state"]["validator"] == "ready")
            median, note = spread(first)
            figure("kiosk.first_screen_ms", median, "ms", f"from exec to drawn pixels; {note}")
            pid = world.state()["kiosk"]["pid"]
            time.sleep(3)  # The start is over; what follows is rest.
            before = cpu_seconds(pid)
            time.sleep(IDLE_SECONDS)
            figure("kiosk.idle_cpu_percent", (cpu_seconds(pid) - before) / IDLE_SECONDS * 100, "%",
                   f"of one core over {IDLE_SECONDS} s on the home screen, link up, validator polled")
            scan_bill(world, lambda text: None)
            figure("kiosk.rss_mb", rss_mb(pid), "MB", "with a bill on the screen")
    except StoryError as error:
        print(error, file=sys.stderr)
        return 1
    done("kiosk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
