"""The story of the first payment: a resident pays a real bill in cash with the link down, and
everything arrives once. Each step states what must hold and raises StoryError when it does not."""

from processes import StoryError, wait_until
from world import FIXTURES, KIOSK, total

ACCOUNT = "М003К006"
NOTES = (2000, 2000, 500, 100)
RULE = FIXTURES / "rules" / "uniservis.toml"


def hold(condition, claim):
    if not condition:
        raise StoryError(f"does not hold: {claim}")


def plain(text):
    """No-break spaces are for the screen; a check reads ordinary ones."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def prepare_fleet(world, say):
    world.write_configs()
    world.write_devsim_config()
    world.start_fleet()
    say("fleetctl creates ООО Юнисервис, its rule, and imports the charges")
    world.fleetctl("provider", "create", FIXTURES / "providers" / "uniservis.json",
                   "--mask", "A999A999",
                   "--osmp", f"http://127.0.0.1:{world.ports['provider']}/osmp")
    world.fleetctl("rule", "set", "1", RULE)
    world.fleetctl("charges", "import", "1",
                   FIXTURES / "charges" / "uniservis-invoices.cp1251.csv")
    report = world.fleetctl("charges", "import", "1",
                            FIXTURES / "charges" / "uniservis-lines-2009-09.cp866.txt", as_json=True)
    hold(report["rows"] == 7, f"seven lines are imported: {report}")
    hold(len(report["doubtful"]) == 3, f"three lines are flagged, not recomputed: {report}")
    # Who pays, for the screen to show masked: the provider's own two files do not say.
    world.fleetctl("charges", "import", "1", FIXTURES / "charges" / "uniservis-payers.utf8.csv")
    account = world.fleetctl("account", "show", "1", ACCOUNT, as_json=True)
    hold(account["debt"] == "4597.86", f"the debt of {ACCOUNT} is 4 597,86 ₽: {account}")
    amounts = [line["amount"] for line in account["lines"]]
    hold(amounts == ["2099.33", "181.10", "78.67", "61.25", "61.80", "-352.74", "90.80"],
         f"the lines are the provider's own sums: {amounts}")
    world.enrol_kiosk()


def scan_bill(world, say):
    say("the link is up; the bill's QR is scanned")
    picture = (FIXTURES / "bills" / "uniservis-st00011-cp1251.png").read_bytes()
    world.kiosk.raw("POST", "/scan/picture", picture, "image/png")
    screen = world.wait_screen("review")
    texts = plain(" ".join(screen["texts"]))
    for part in ("Юнисервис", ACCOUNT, "4 597,86 ₽", "01.09.2009", "2 099,33", "352,74", "90,80",
                 "Гильман П. С."):
        hold(part in texts, f"the review screen shows {part}: {texts}")
    hold("Гильман Павел" not in texts, "the payer is masked")
    return screen


def pay_with_link_down(world, say):
    say("the link goes down; 2 × 2000, 500 and 100 ₽ go in")
    world.kiosk.post("/link", {"up": False})
    world.kiosk.post("/touch", {"action": "act:pay"})
    world.wait_screen("collect")
    for note in NOTES:
        world.insert(note)
    hold(total(world.stacked()) == 460000, "4 600 ₽ are in the stacker")
    wait_until("the screen speaks of the advance",
               lambda: "2,14 ₽" in plain(world.texts()) and "аванс" in world.texts().lower())


def kill_and_finish(world, say):
    say("the kiosk is killed right after the last note, and starts again")
    world.kiosk.post("/power", {"on": False})
    world.kiosk.post("/power", {"on": True})
    done = world.wait_screen("done", seconds=60)
    texts = plain(" ".join(done["texts"]))
    hold("4 600,00 ₽" in texts, f"the payment is finished without a question: {texts}")
    hold(world.journalled() == world.stacked(), "notes journalled = notes stacked")
    paper = wait_until("the receipt comes out", lambda: world.kiosk.get("/paper/1"))
    text = plain("\n".join(paper["lines"]))
    for part in ("Юнисервис", ACCOUNT, "4 600,00", "2,14", "Комиссия", "8 800 000-00-00",
                 f"{KIOSK}", "0,00"):
        hold(part in text, f"the receipt has {part}:\n{text}")
    hold(paper["qr"], "the receipt has a QR")
    return paper


def link_comes_up(world, say):
    say("the link comes up; the provider times out once after accepting")
    world.provider_http.post("/behaviour", {"next": ["timeout_after_accept"]})
    world.kiosk.post("/link", {"up": True})
    number = f"{KIOSK}-1"
    payment = wait_until(
        "the provider has confirmed the payment",
        lambda: (lambda p: p if p["forwarding"]["state"] == "OK" else None)(
            world.fleetctl("payment", "show", number, as_json=True)), seconds=120)
    hold(payment["credited"] == "4600.00", f"credited is 4 600,00: {payment}")
    accepted = world.provider_http.get("/payments")
    hold(len(accepted) == 1 and accepted[0]["accepted"] == 1,
         f"the provider has the payment once: {accepted}")
    hold(accepted[0]["requests"] >= 2, f"it was asked again with the same txn_id: {accepted}")
    hold(accepted[0]["sum"] == "4600.00", f"the provider got the whole sum: {accepted}")
    account = world.fleetctl("account", "show", "1", ACCOUNT, as_json=True)
    hold(account["debt"] == "0.00" and account["advance"] == "2.14",
         f"the debt is paid, 2,14 ₽ are an advance: {account}")
    return payment


def close_the_day(world, say):
    say("the register is written, the books are checked")
    register = world.fleetctl("register", "write", "1", as_json=True)
    hold(register["rows"] == 1 and register["sum"] == "4600.00", f"the register: {register}")
    balance = world.fleetctl("ledger", "trial-balance", as_json=True)
    hold(balance["difference"] == "0.00", f"the trial balance is zero: {balance}")
    accounts = {row["account"]: row for row in balance["accounts"]}
    cash = accounts[f"cash.kiosk.{KIOSK}.main"]["balance"]
    hold(cash == "4600.00", f"the cash account holds what the stacker holds: {cash}")
    world.fleetctl("ledger", "verify")


def play(world, say):
    prepare_fleet(world, say)
    world.start_kiosk()
    scan_bill(world, say)
    pay_with_link_down(world, say)
    kill_and_finish(world, say)
    link_comes_up(world, say)
    close_the_day(world, say)
