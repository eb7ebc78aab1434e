#!/usr/bin/env python3
"""./run bench intake: payments that fleetd has durably accepted over TLS, from 1, 8 and 64 kiosks.

Client and server share two cores. After each run the books are checked: a run whose ledger does not
hold exactly the payments that were acknowledged has no figure.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from figures import done, figure, spread, sync_ms  # noqa: E402
from processes import StoryError, wait_until  # noqa: E402
from story import RULE, hold  # noqa: E402
from world import FIXTURES, World  # noqa: E402

CASH = 4600


def charges(path):
    """A register of a thousand debts in the form of the fixture."""
    rows = ["Дата;ЛицевойСчет;НомерСчета;Начислено;Баланс;КОплате"]
    rows += [f"2009-09-01;М{n:03d}К001;{n + 1};2220.21;-2377.65;4597.86" for n in range(1000)]
    path.write_bytes(("\r\n".join(rows) + "\r\n").encode("cp1251"))


def prepare(world, kiosks):
    world.write_configs()
    from processes import run_tool
    run_tool([world.bin / "fleetd", "--config", world.folder / "fleetd.toml", "init"])
    world.fleetd.start()
    wait_until("fleetd answers", lambda: world.is_up(world.fleetd) and world.fleetctl("status"))
    # No address of the provider: what is measured ends at the durable acceptance.
    world.fleetctl("provider", "create", FIXTURES / "providers" / "uniservis.json",
                   "--mask", "A999A999")
    world.fleetctl("rule", "set", "1", RULE)
    register = world.folder / "charges.csv"
    charges(register)
    world.fleetctl("charges", "import", "1", register)
    for number in range(1, kiosks + 1):
        world.fleetctl("kiosk", "enrol", str(number), "--address", "стенд",
                       "--out", str(world.folder / f"kiosk-{number}"))
    (world.folder / "port").write_text(str(world.ports["ingress"]))


def run_once(arguments, mode, kiosks, payments, sync):
    with World(arguments.build, pathlib.Path("var") / "bench-intake") as world:
        prepare(world, kiosks)
        sync.append(sync_ms(world.folder))
        answer = subprocess.run(
            [str(world.bin / "intake_bench"), mode, str(world.folder), str(kiosks), str(payments)],
            capture_output=True, text=True, timeout=400)
        if answer.returncode != 0:
            raise StoryError(answer.stderr + world.fleetd.tail())
        result = json.loads(answer.stdout)
        sync.append(sync_ms(world.folder))
        balance = world.fleetctl("ledger", "trial-balance", as_json=True)
        hold(balance["difference"] == "0.00", "the trial balance is zero")
        cash = sum(round(float(row["balance"]) * 100) for row in balance["accounts"]
                   if row["account"].startswith("cash.kiosk."))
        hold(cash == result["payments"] * CASH * 100,
             f"the ledger holds each acknowledged payment: {cash}, {result}")
        world.fleetctl("ledger", "verify")
        return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--payments", type=int, default=20000)
    arguments = parser.parse_args()
    sync, rates, steady = [], {1: [], 8: [], 64: []}, []
    try:
        for _ in range(arguments.runs):
            for kiosks in rates:
                result = run_once(arguments, "drain", kiosks, arguments.payments, sync)
                rates[kiosks].append(result["payments"] / result["seconds"])
            steady.append(run_once(arguments, "steady", 8, arguments.payments // 10, sync))
    except StoryError as error:
        print(error, file=sys.stderr)
        return 1
    at = f"sync {statistics.median(sync):.3f} ms, queue drained in batches, checked after each run"
    for kiosks, values in rates.items():
        median, note = spread(values)
        figure(f"intake.payments_per_second.kiosks_{kiosks}", median, "1/s", f"{note}; {at}")
    for share in ("p50", "p99"):
        median, note = spread([run[f"ack_ms_{share}"] for run in steady])
        figure(f"intake.ack_ms.{share}", median, "ms",
               f"{note}; 8 kiosks, one payment each in flight; {at}")
    figure("intake.sync_ms", statistics.median(sync), "ms",
           "median fdatasync of a 4 KiB append, before and after each run")
    done("intake")
    return 0


if __name__ == "__main__":
    sys.exit(main())
