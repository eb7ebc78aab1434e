#!/usr/bin/env python3
"""./run test --crash N: N shortened stories through one world, each with a SIGKILL at a random moment.

After each story, once everything is quiet, three figures must be equal to the kopeck: the notes in the
validator simulator's stacker, the notes in the kiosk's journal, the kiosk's cash account in the ledger;
and every payment is at the provider exactly once.
"""

import argparse
import base64
import pathlib
import random
import sys
import threading
import time
import urllib.error

from processes import StoryError, wait_until
from story import hold, prepare_fleet
from world import FIXTURES, KIOSK, World, total

BILL = FIXTURES / "bills" / "uniservis-st00012-utf8.bin"
VICTIMS = ("kioskd", "fleetd", "provider")
NOTES = (50, 100, 500, 1000, 2000, 5000)
# Kills fall anywhere in a story and shortly after it: a story takes about this long.
STORY_SECONDS = 5.0


class Killer(threading.Thread):
    """Kills one program at a random moment and starts it again."""

    def __init__(self, world, victim, after, down_for):
        super().__init__(daemon=True)
        self.world, self.victim, self.after, self.down_for = world, victim, after, down_for
        self.error = None

    def run(self):
        try:
            time.sleep(self.after)
            if self.victim == "kioskd":
                self.world.kiosk.post("/power", {"on": False})
                time.sleep(self.down_for)
                self.world.kiosk.post("/power", {"on": True})
                return
            program = self.world.fleetd if self.victim == "fleetd" else self.world.provider
            program.kill()
            time.sleep(self.down_for)
            program.start()
        except Exception as error:  # told by the main thread
            self.error = error


class Resident:
    """Looks at the screen and does what a person would, whatever has just happened."""

    def __init__(self, world, notes):
        self.world, self.notes, self.inserted, self.touched_finish = world, list(notes), 0, False

    def act(self):
        """One step; True when the person leaves."""
        try:
            screen = self.world.screen()
        except (OSError, ValueError):
            return False  # The kiosk is down: wait.
        name = screen.get("screen")
        actions = {action["action"] for action in screen.get("actions", [])}
        if name in ("home", "scan-refused"):
            if self.inserted:
                return True
            self.scan()
        elif name == "review" and "act:pay" in actions:
            self.touch("act:pay")
        elif name == "collect":
            self.pay(actions)
        elif name == "printing":
            self.world.kiosk.post("/paper/take", {})
        elif name == "done":
            self.touch("act:home")
            return self.inserted > 0
        return False

    def scan(self):
        self.world.kiosk.post("/scan", {"base64": base64.b64encode(BILL.read_bytes()).decode()})
        try:
            wait_until("something but home", lambda: self.world.screen()["screen"] != "home", 3)
        except StoryError:
            pass  # It died, or is not ready: look again.

    def pay(self, actions):
        if self.notes:
            answer = self.world.kiosk.post("/notes", {"value": self.notes[0] * 100})
            if answer.get("outcome") == "stacked":
                self.inserted += self.notes.pop(0)
            elif answer.get("outcome") == "inside":
                self.inserted += 0  # Its fate shows in the stacker after the restart.
                self.notes.pop(0)
        elif "act:finish" in actions:
            self.touch("act:finish")

    def touch(self, action):
        try:
            self.world.kiosk.post("/touch", {"action": action})
        except urllib.error.HTTPError:
            pass  # The screen has changed under the finger.


def check_money(world):
    stacked, journalled = world.stacked(), world.journalled()
    hold(stacked == journalled, f"stacked {stacked} = journalled {journalled}")
    balance = world.fleetctl("ledger", "trial-balance", as_json=True)
    hold(balance["difference"] == "0.00", f"trial balance zero: {balance['difference']}")
    rows = {row["account"]: row["balance"] for row in balance["accounts"]}
    cash = rows.get(f"cash.kiosk.{KIOSK}.main", "0.00")
    kopecks = total(stacked)
    hold(cash == f"{kopecks // 100}.{kopecks % 100:02d}",
         f"the ledger's cash {cash} = the stacker's {kopecks} kopecks")
    payments = world.provider_http.get("/payments")
    hold(all(payment["accepted"] == 1 for payment in payments), f"each exactly once: {payments}")
    ids = [payment["txn_id"] for payment in payments]
    hold(len(ids) == len(set(ids)), "no txn_id twice")
    at_fleet = world.fleetctl("payment", "list", as_json=True)["payments"]
    sums = sorted(payment["credited"] for payment in at_fleet)
    hold(sums == sorted(payment["sum"] for payment in payments),
         f"the provider has what the fleet has: {len(at_fleet)} and {len(payments)} payments")
    return kopecks, len(payments)


def is_quiet(world):
    state = world.state()
    if state["screen"].get("screen") != "home" or state["kiosk_state"]["unacknowledged"] != 0:
        return False
    status = world.fleetctl("status", as_json=True)
    return status["outbox_open"] == 0


def story(world, random_source, number):
    notes = [random_source.choice(NOTES) for _ in range(random_source.randint(1, 3))]
    victim = random_source.choice(VICTIMS)
    after = random_source.uniform(0.0, STORY_SECONDS)
    down_for = random_source.uniform(0.0, 1.0)
    if random_source.random() < 0.3:
        world.provider_http.post("/behaviour", {"next": [random_source.choice(
            ["timeout_after_accept", "slow:500", "answer_twice", "error_500"])]})
    killer = Killer(world, victim, after, down_for)
    killer.start()
    resident = Resident(world, notes)
    wait_until(f"story {number} ({victim} killed after {after:.3f} s) ends", resident.act, 90, 0.05)
    killer.join(30)
    if killer.error:
        raise StoryError(f"the killer failed: {killer.error!r}")
    wait_until("everything is quiet", lambda: is_quiet(world), 90, 0.1)
    world.fleetctl("ledger", "verify")
    kopecks, payments = check_money(world)
    return victim, after, kopecks, payments


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--crash", type=int, required=True, help="how many stories")
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**9)
    print(f"seed {seed}", flush=True)
    source = random.Random(seed)
    passed = 0
    with World(arguments.build, pathlib.Path("var") / f"crash-{seed}") as world:
        try:
            prepare_fleet(world, lambda text: None)
            world.start_kiosk()
            for number in range(1, arguments.crash + 1):
                victim, after, kopecks, payments = story(world, source, number)
                passed += 1
                print(f"story {number}: {victim} killed after {after:.3f} s; {kopecks / 100:.2f} ₽ in "
                      f"{payments} payments at all ends", flush=True)
        except (StoryError, OSError, ValueError, KeyError) as error:
            print(f"\nseed {seed}, story {passed + 1}: {error!r}", file=sys.stderr)
            for program in (world.fleetd, world.devsim, world.provider):
                print(f"--- {program.log}\n{program.tail(40)}", file=sys.stderr)
            print(f"{passed} passed, 1 failed")
            return 1
    print(f"{passed} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
