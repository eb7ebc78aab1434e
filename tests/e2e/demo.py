#!/usr/bin/env python3
"""./run demo: the whole world on this machine. With --once it plays the story and ends."""

import argparse
import pathlib
import signal
import sys
import time

from processes import StoryError
from story import play, prepare_fleet
from world import World

PORTS = {"ingress": 8443, "api": 8080, "provider": 8070, "devsim": 8090, "link": 8444}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--once", action="store_true", help="play the story and exit")
    arguments = parser.parse_args()
    folder = pathlib.Path("var") / ("story" if arguments.once else "demo")
    started = time.monotonic()

    def say(text):
        print(f"[{time.monotonic() - started:6.1f} s] {text}", flush=True)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with World(arguments.build, folder, None if arguments.once else PORTS) as world:
            try:
                if arguments.once:
                    play(world, say)
                    say(f"all of it held; logs, databases and registers are in {folder}")
                    return 0
                prepare_fleet(world, say)
                world.start_kiosk()
            except StoryError as error:
                print(f"\n{error}\n", file=sys.stderr)
                for program in (world.fleetd, world.devsim, world.provider):
                    print(f"--- {program.log}\n{program.tail(25)}", file=sys.stderr)
                return 1
            say(f"the kiosk:      http://127.0.0.1:{world.ports['devsim']}/")
            say(f"the fleet API:  http://127.0.0.1:{world.ports['api']}/openapi.json  (token: {world.token})")
            say(f"the provider:   http://127.0.0.1:{world.ports['provider']}/payments")
            say("bills to scan:  tests/fixtures/bills/*.png; Ctrl-C ends it all")
            while all(p.is_running() for p in (world.fleetd, world.devsim, world.provider)):
                time.sleep(0.5)
            print("a program has ended; see the logs in", folder, file=sys.stderr)
            return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
