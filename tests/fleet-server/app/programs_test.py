#!/usr/bin/env python3
"""fleetd, fleetctl and providersim as an operator meets them: from an empty folder to books that
agree, and what they say when something is wrong."""

import argparse
import json
import pathlib
import signal
import sqlite3
import stat
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "e2e"))
from processes import Program, free_port, run_tool, wait_until  # noqa: E402

ACCOUNT = "М003К006"


class Fleet:
    """One configuration, its state, and the server on it."""

    def __init__(self, folder):
        self.folder = folder
        self.ports = {"ingress": free_port(), "api": free_port()}
        self.config = folder / "fleetd.toml"
        self.config.write_text(f'''state = "{folder}/state"
time_zone = "Europe/Moscow"
[ingress]
port = {self.ports["ingress"]}
[api]
port = {self.ports["api"]}
token_file = "{folder}/token"
[agent]
name = "ООО Расчётный центр"
inn = "7701234567"
hotline = "8 800 000-00-00"
''', "utf-8")
        self.server = Program("fleetd", [ARGUMENTS.bin / "fleetd", "--config", self.config], folder)

    def init(self):
        return run_tool([ARGUMENTS.bin / "fleetd", "--config", self.config, "init"])

    def start(self):
        self.server.start()
        wait_until("fleetd answers", self.is_up)

    def is_up(self):
        if not self.server.is_running():
            raise AssertionError(self.server.tail())
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['api']}/metrics", timeout=5):
                return True
        except urllib.error.URLError:
            return False

    def ctl(self, *arguments, expect=0, as_json=False):
        head = [ARGUMENTS.bin / "fleetctl", "--server", f"http://127.0.0.1:{self.ports['api']}",
                "--token-file", self.folder / "token"]
        text = run_tool([*head, *arguments, *(["--json"] if as_json else [])], expect=expect)
        return json.loads(text) if as_json else text


class ProgramsTest(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.scratch.name)
        self.fleet = Fleet(self.folder)
        self.fixtures = ARGUMENTS.source / "tests" / "fixtures"

    def tearDown(self):
        self.fleet.server.kill()
        self.scratch.cleanup()

    def start(self):
        self.fleet.init()
        self.fleet.start()

    def create_provider(self):
        self.fleet.ctl("provider", "create", self.fixtures / "providers" / "uniservis.json",
                       "--mask", "A999A999", "--osmp", "http://127.0.0.1:1/osmp")
        self.fleet.ctl("rule", "set", "7729524407", self.fixtures / "rules" / "uniservis.toml")

    def test_from_nothing_to_a_debt_that_is_the_providers_own_figure(self):
        self.start()
        self.create_provider()
        ctl = self.fleet.ctl
        charges = self.fixtures / "charges"
        ctl("charges", "import", "1", charges / "uniservis-invoices.cp1251.csv")
        report = ctl("charges", "import", "1", charges / "uniservis-lines-2009-09.cp866.txt",
                     as_json=True)
        self.assertEqual(report["rows"], 7)
        self.assertEqual(len(report["doubtful"]), 3)
        account = ctl("account", "show", "1", ACCOUNT, as_json=True)
        self.assertEqual(account["debt"], "4597.86")
        self.assertEqual(account["account"], "M003K006")
        self.assertIn("4\u00a0597,86\u00a0₽", ctl("account", "show", "1", ACCOUNT))
        self.assertTrue(ctl("ledger", "trial-balance").endswith("difference 0,00\u00a0₽\n"))
        self.assertEqual(ctl("ledger", "trial-balance", as_json=True)["difference"], "0.00")
        self.assertIn("The books agree", ctl("ledger", "verify"))
        again = ctl("charges", "import", "1", charges / "uniservis-invoices.cp1251.csv", as_json=True)
        self.assertTrue(again["known"])
        self.assertEqual(ctl("account", "show", "1", ACCOUNT, as_json=True)["debt"], "4597.86")

    def test_the_state_outlives_a_kill(self):
        self.start()
        self.create_provider()
        self.fleet.server.kill()
        self.fleet.start()
        providers = self.fleet.ctl("provider", "list", as_json=True)["providers"]
        self.assertEqual([one["inn"] for one in providers], ["7729524407"])
        self.assertIn("clean=false", self.fleet.server.tail(50))

    def test_sigterm_ends_it_cleanly(self):
        self.start()
        self.assertEqual(self.fleet.server.stop(), 0)
        self.fleet.start()
        self.assertIn("clean=true", self.fleet.server.tail(50).rsplit("fleetd.stopped", 1)[1])

    def test_a_wrong_configuration_names_its_line_and_the_cure(self):
        text = self.fleet.config.read_text("utf-8").replace("[agent]", "prot = 1\n[agent]")
        self.fleet.config.write_text(text, "utf-8")
        for extra in ([], ["--check-config"], ["init"]):
            said = self.refusal(3, [ARGUMENTS.bin / "fleetd", "--config", self.fleet.config, *extra])
            self.assertIn(f"{self.fleet.config}:8:", said)
            self.assertIn("did you mean 'api.port'?", said)

    def test_what_it_needs_and_cannot_have_is_exit_4(self):
        fleetd = [ARGUMENTS.bin / "fleetd", "--config", self.fleet.config]
        self.assertIn("init", self.refusal(4, fleetd))
        self.start()
        self.assertIn("another fleetd", self.refusal(4, fleetd))

    def test_a_wrong_command_line_is_exit_2(self):
        for program in ("fleetd", "fleetctl", "providersim"):
            self.refusal(2, [ARGUMENTS.bin / program, "--no-such-option"])
            run_tool([ARGUMENTS.bin / program, "--help"])
            self.assertRegex(run_tool([ARGUMENTS.bin / program, "--version"]), rf"^{program} \d+\.\d+\.\d+")

    def test_fleetctl_tells_a_refusal_from_a_server_that_is_away(self):
        self.fleet.init()
        self.assertIn("nobody answers", self.refusal(4, self.ctl_arguments("status")))
        self.fleet.start()
        self.assertIn("it has not arrived here",
                      self.refusal(1, self.ctl_arguments("payment", "show", "17-1")))
        (self.folder / "token").write_text("0" * 64)
        self.assertIn("token", self.refusal(1, self.ctl_arguments("status")))

    def test_a_kiosk_gets_its_key_once_for_its_owner_only(self):
        self.start()
        out = self.folder / "kiosk-17"
        self.fleet.ctl("kiosk", "enrol", "17", "--address", "Москва, Мануринский проспект, 3",
                       "--out", out)
        self.assertEqual(stat.S_IMODE((out / "kiosk.key").stat().st_mode), 0o600)
        self.assertIn("BEGIN CERTIFICATE", (out / "kiosk.pem").read_text())
        self.assertIn("BEGIN CERTIFICATE", (out / "ca.pem").read_text())
        self.refusal(1, self.ctl_arguments("kiosk", "enrol", "17", "--address", "a", "--out", out))
        kiosks = self.fleet.ctl("kiosk", "list", as_json=True)["kiosks"]
        self.assertEqual([(one["number"], one["epoch"]) for one in kiosks], [(17, 1)])

    def test_books_that_were_tampered_with_are_found(self):
        self.start()
        self.create_provider()
        self.fleet.ctl("charges", "import", "1",
                       self.fixtures / "charges" / "uniservis-invoices.cp1251.csv")
        self.fleet.server.stop()
        with sqlite3.connect(self.folder / "state" / "fleet.sqlite") as database:
            database.execute(
                "INSERT INTO ledger_account (name, kind, may_go_negative, debits_posted) "
                "VALUES ('cash.kiosk.99.main', 0, 0, 100)")
        database.close()
        self.fleet.start()
        said = run_tool(self.ctl_arguments("ledger", "verify"), expect=1)
        self.assertIn("do NOT agree", said)
        self.assertIn("cash.kiosk.99.main", said)
        run_tool(self.ctl_arguments("ledger", "trial-balance"), expect=1)

    def test_providersim_keeps_payments_over_a_kill(self):
        port = free_port()
        provider = Program("providersim", [ARGUMENTS.bin / "providersim", "--port", port,
                                           "--state", self.folder / "provider.state"], self.folder)
        base = f"http://127.0.0.1:{port}"
        pay = (f"{base}/osmp?command=pay&txn_id=000017001000000001&account=M003K006"
               "&sum=4600.00&txn_date=20260116120000")
        try:
            answers = []
            for _ in range(2):
                provider.start()
                wait_until("the provider answers", lambda: self.fetch(base + "/payments"))
                answers.append(self.fetch(pay))
                provider.kill()
            self.assertEqual(answers[0], answers[1])
            provider.start()
            wait_until("the provider answers", lambda: self.fetch(base + "/payments"))
            self.assertEqual(json.loads(self.fetch(base + "/payments")), [
                {"txn_id": "000017001000000001", "account": "M003K006", "sum": "4600.00",
                 "accepted": 1, "requests": 2, "spellings": 1}])
            self.assertEqual(provider.stop(), 0)
        finally:
            provider.kill()

    def fetch(self, url):
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read()

    def ctl_arguments(self, *arguments):
        return [ARGUMENTS.bin / "fleetctl", "--server", f"http://127.0.0.1:{self.fleet.ports['api']}",
                "--token-file", self.folder / "token", *arguments]

    def refusal(self, code, arguments):
        """What a program said on its way out with this exit code."""
        import subprocess
        done = subprocess.run([str(one) for one in arguments], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    ARGUMENTS, rest = parser.parse_known_args()
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    unittest.main(argv=[sys.argv[0], *rest])
