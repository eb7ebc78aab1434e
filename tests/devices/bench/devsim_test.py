#!/usr/bin/env python3
"""devsim as a process: its calls played against a stand-in for kioskd over real ptys, sockets and
signals. One devsim serves all claims; each leaves it as it found it."""

import argparse
import base64
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.error

REPO = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPO / "tests" / "e2e"))
from processes import Http, Program, free_port, wait_until  # noqa: E402

BUILD = None
BILLS = REPO / "tests" / "fixtures" / "bills"


class EchoServer:
    """What the link leads to."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            with connection:
                while data := connection.recv(4096):
                    connection.sendall(data)


def kiosk_config(folder):
    return f'''
number = 17
[bill_validator]
port = "/dev/null"
[printer]
port = "/dev/null"
[scanner]
port = "/dev/null"
[link]
server = "fleet.example"
port = 1
[control]
enabled = true
socket = "{folder}/control"
'''


def devsim_config(folder, echo_port, page_port, starts_powered=True):
    return f'''
[page]
port = {page_port}
assets = "{REPO}/ui-assets/devsim"
[kiosk]
program = "{BUILD}/tests/devices/bench/fake_kiosk"
config = "kioskd.toml"
run = "run"
starts_powered = {str(starts_powered).lower()}
[link]
server_port = {echo_port}
'''


class Bench:
    def __init__(self):
        self.holder = tempfile.TemporaryDirectory(prefix="devsim-")
        self.folder = pathlib.Path(self.holder.name)
        self.echo = EchoServer()
        port = free_port()
        (self.folder / "kioskd.toml").write_text(kiosk_config(self.folder))
        (self.folder / "devsim.toml").write_text(devsim_config(self.folder, self.echo.port, port))
        self.program = Program("devsim", [BUILD / "bin" / "devsim", "--config",
                                          self.folder / "devsim.toml"], self.folder)
        self.http = Http(f"http://127.0.0.1:{port}")
        self.program.start()
        self.wait_for_kiosk()

    def state(self):
        return self.http.get("/state")

    def wait_for_kiosk(self):
        wait_until("the kiosk answers", lambda: self.state()["kiosk_state"]["state"] == "idle")

    def close(self):
        code = self.program.stop()
        self.holder.cleanup()
        return code


def refusal(call):
    """Status and error of a call that must be refused."""
    try:
        call()
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())["error"]
    raise AssertionError("the call was not refused")


class DevsimCalls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = Bench()
        cls.http = cls.bench.http

    @classmethod
    def tearDownClass(cls):
        code = cls.bench.close()
        if code != 0:
            raise AssertionError(f"devsim ended with {code} after SIGTERM")

    def scanned(self):
        return self.http.get("/screen")["texts"][0]

    def test_a_note_is_stacked_and_the_kiosk_has_heard_of_it(self):
        wait_until("notes are taken", lambda: self.bench.state()["validator"]["takes_note"])
        before = self.bench.state()["validator"]["stacker"].get("50000", 0)
        self.assertEqual(self.http.post("/notes", {"value": 50000}),
                         {"inserted": True, "outcome": "stacked"})
        self.assertEqual(self.bench.state()["validator"]["stacker"]["50000"], before + 1)
        wait_until("the kiosk counts it",
                   lambda: self.bench.state()["kiosk_state"]["notes"].get("50000") == before + 1)

    def test_a_note_is_not_taken_when_the_validator_is_jammed(self):
        wait_until("notes are taken", lambda: self.bench.state()["validator"]["takes_note"])
        self.addCleanup(self.http.post, "/validator/fault", {"fault": "none"})
        self.http.post("/validator/fault", {"fault": "jammed"})
        answer = self.http.post("/notes", {"value": 10000})
        self.assertEqual((answer["inserted"], answer["outcome"]), (False, "not_taken"))
        self.assertIn("jammed", answer["why"])

    def test_a_note_that_is_not_in_the_table_is_rejected(self):
        wait_until("notes are taken", lambda: self.bench.state()["validator"]["takes_note"])
        self.assertEqual(self.http.post("/notes", {"value": 12300})["outcome"], "rejected")
        wait_until("notes are taken", lambda: self.bench.state()["validator"]["takes_note"])

    def test_a_power_cut_of_the_validator_after_the_note_fell_loses_no_note(self):
        wait_until("notes are taken", lambda: self.bench.state()["validator"]["takes_note"])
        count = self.bench.state()["validator"]["stacker"].get("10000", 0)
        self.http.post("/validator/fault", {"fault": "power_cut_at", "at": "stacked"})
        self.assertEqual(self.http.post("/notes", {"value": 10000})["outcome"], "stacked")
        wait_until("the kiosk counts it", lambda:
                   self.bench.state()["kiosk_state"]["notes"].get("10000") == count + 1)

    def test_the_screen_is_seen_and_touched(self):
        drawn = self.http.get("/screen")["drawn"]
        before = self.http.raw("GET", "/screen.png")
        self.assertTrue(before.startswith(b"\x89PNG"))
        answer = self.http.post("/touch", {"x": 640, "y": 500})
        self.assertEqual((answer["x"], answer["drawn"]), (640, drawn + 1))
        self.assertEqual(self.bench.state()["screen"]["drawn"], drawn + 1)
        self.assertNotEqual(self.http.raw("GET", "/screen.png"), before)

    def test_an_action_that_is_not_on_the_screen_is_refused_in_the_kiosks_words(self):
        self.assertEqual(refusal(lambda: self.http.post("/touch", {"action": "act:absent"})),
                         (409, "act:absent is not on the screen"))

    def test_text_is_scanned_in_its_encoding_and_ends_with_cr(self):
        before = self.scanned()
        self.http.post("/scan", {"text": "Привет", "encoding": "windows-1251"})
        wait_until("the code arrives", lambda: self.scanned() == before + "CFF0E8E2E5F20D")
        self.http.post("/scan", {"base64": base64.b64encode(b"\x00\xff\x13").decode()})
        wait_until("raw bytes arrive", lambda: self.scanned() == before + "CFF0E8E2E5F20D00FF130D")

    def test_the_qr_of_every_bill_is_scanned_as_its_raw_bytes(self):
        for picture in sorted(BILLS.glob("*.png")):
            with self.subTest(picture.name):
                before = self.scanned()
                answer = self.http.raw("POST", "/scan/picture", picture.read_bytes(), "image/png")
                scanned = json.loads(answer)["scanned"]
                self.assertGreater(scanned, 100)
                wait_until("the code arrives",
                           lambda: len(self.scanned()) == len(before) + 2 * (scanned + 1))
                self.assertTrue(bytes.fromhex(self.scanned()[len(before):]).startswith(b"ST0001"))

    def test_a_picture_without_a_code_is_refused(self):
        code, error = refusal(lambda: self.http.raw(
            "POST", "/scan/picture", self.http.raw("GET", "/screen.png"), "image/png"))
        self.assertEqual(code, 422)
        self.assertIn("no QR code", error)

    def test_a_ticket_is_printed_read_shown_and_taken(self):
        number = self.bench.state()["printer"]["tickets"] + 1
        self.assertEqual(refusal(lambda: self.http.get(f"/paper/{number}"))[0], 404)
        self.http.post("/touch", {"action": "act:print"})
        ticket = wait_until("the ticket comes out", lambda: self.http.get(f"/paper/{number}"))
        self.assertEqual(ticket["lines"], ["Чек № 1", "[dots]"])
        self.assertEqual(ticket["qr"], ["qr"])
        self.assertEqual((ticket["cut"], ticket["taken"]), (True, False))
        self.assertTrue(self.http.raw("GET", f"/paper/{number}.png").startswith(b"\x89PNG"))
        self.assertTrue(self.bench.state()["printer"]["ticket_at_mouth"])
        self.assertEqual(self.http.post("/paper/take", {}), {"taken": True})
        self.assertTrue(self.http.get(f"/paper/{number}")["taken"])
        with self.assertRaises(urllib.error.HTTPError):
            self.http.post("/paper/take", {})

    def test_without_paper_nothing_is_printed(self):
        tickets = self.bench.state()["printer"]["tickets"]
        self.addCleanup(self.http.post, "/printer/fault", {"fault": "none"})
        answer = self.http.post("/printer/fault", {"fault": "no_paper"})
        self.assertEqual(answer["faults"], ["no_paper"])
        not_printed = 2
        self.assertEqual(self.http.post("/touch", {"action": "act:print"}).get("outcome"),
                         not_printed)
        self.assertEqual(self.bench.state()["printer"]["tickets"], tickets)
        self.assertEqual(self.http.post("/printer/fault", {"fault": "none"})["faults"], [])

    def test_the_link_carries_counts_is_cut_and_mended(self):
        before = self.bench.state()["link"]
        self.assertEqual(self.http.post("/touch", {"action": "act:link"})["link"], "hello\n")
        after = self.bench.state()["link"]
        self.assertEqual(after["bytes_up"] - before["bytes_up"], 6)
        self.assertEqual(after["bytes_down"] - before["bytes_down"], 6)
        self.assertEqual(after["connections"] - before["connections"], 1)
        self.addCleanup(self.http.post, "/link", {"up": True})
        self.assertFalse(self.http.post("/link", {"up": False})["up"])
        self.assertEqual(self.http.post("/touch", {"action": "act:link"})["link"], "down")
        self.assertTrue(self.http.post("/link", {"up": True})["up"])
        self.assertEqual(self.http.post("/touch", {"action": "act:link"})["link"], "hello\n")

    def test_power_off_kills_the_kiosk_and_power_on_starts_it(self):
        pid = self.bench.state()["kiosk"]["pid"]
        stacker = self.bench.state()["validator"]["stacker"]
        off = self.http.post("/power", {"on": False})
        self.assertEqual((off["running"], off["pid"], off["last_end"]), (False, 0, "signal 9"))
        self.assertFalse(pathlib.Path(f"/proc/{pid}").exists())
        code, error = refusal(lambda: self.http.get("/screen"))
        self.assertEqual((code, error), (503, "the kiosk has no power"))
        self.assertEqual(self.bench.state()["screen"], {})
        on = self.http.post("/power", {"on": True})
        self.assertTrue(on["running"])
        self.assertNotEqual(on["pid"], pid)
        self.assertEqual(self.http.post("/power", {"on": True})["pid"], on["pid"])
        self.bench.wait_for_kiosk()
        self.assertEqual(self.bench.state()["validator"]["stacker"], stacker)

    def test_a_kiosk_that_ends_by_itself_is_seen(self):
        with self.assertRaises(urllib.error.HTTPError):
            self.http.post("/touch", {"action": "act:crash"})
        kiosk = wait_until("its end is seen", lambda: (lambda k: k if not k["running"] else None)(
            self.bench.state()["kiosk"]))
        self.assertEqual(kiosk["last_end"], "exit 3")
        self.http.post("/power", {"on": True})
        self.bench.wait_for_kiosk()

    def test_wrong_requests_are_refused_and_say_what_to_write(self):
        for path, body in (("/notes", {"value": -1}), ("/notes", {"value": "2000"}), ("/notes", {}),
                           ("/scan", {}), ("/scan", {"text": "x", "encoding": "utf-16"}),
                           ("/scan", {"text": ""}), ("/scan", {"base64": "?"}),
                           ("/scan", {"text": "日", "encoding": "koi8-r"}),
                           ("/link", {"up": 1}), ("/power", {}),
                           ("/validator/fault", {"fault": "fire"}),
                           ("/validator/fault", {"fault": "power_cut_at", "at": "noon"}),
                           ("/validator/fault", {"fault": "reject_next", "reason": 300}),
                           ("/printer/fault", {"fault": "fire"}),
                           ("/printer/fault", {"fault": "jam", "after_lines": -1})):
            with self.subTest(path=path, body=body):
                code, error = refusal(lambda: self.http.post(path, body))
                self.assertEqual(code, 400)
                self.assertRegex(error, r"\w")
        for body in (b"", b"[1]", b"{", b"{" * 100_000, b"\xff\xfe"):
            self.assertEqual(refusal(lambda: self.http.raw("POST", "/notes", body))[0], 400)

    def test_every_call_is_described_and_every_described_call_exists(self):
        described = self.http.get("/openapi.json")["paths"]
        table = (REPO / "docs" / "interfaces.md").read_text("utf-8")
        table = table.split("## devsim's HTTP calls")[1].split("\n## ")[0]
        for path in described:
            self.assertIn(path.replace("{number}", "N"), table)
        for path, methods in described.items():
            for method in methods.keys() - {"parameters"}:
                with self.subTest(f"{method} {path}"):
                    try:
                        self.http.raw(method.upper(), path.replace("{number}", "999999999"),
                                      b"{}" if method == "post" else None)
                    except urllib.error.HTTPError as error:
                        # 404 with words is an answer of the call; httplib's own has none.
                        self.assertIn("error" if path != "/paper/take" else "taken",
                                      json.loads(error.read()))

    def test_the_page_and_its_parts_are_served(self):
        for path in ("/", "/devsim.css", "/devsim.js"):
            self.assertGreater(len(self.http.raw("GET", path)), 500)
        with self.assertRaises(urllib.error.HTTPError):
            self.http.raw("GET", "/../../CMakeLists.txt")


class DevsimCommandLine(unittest.TestCase):
    def run_devsim(self, *arguments):
        return subprocess.run([BUILD / "bin" / "devsim", *arguments], capture_output=True,
                              text=True, timeout=30)

    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="devsim-")
        self.addCleanup(self.holder.cleanup)
        self.folder = pathlib.Path(self.holder.name)
        (self.folder / "kioskd.toml").write_text(kiosk_config(self.folder))

    def write(self, text):
        path = self.folder / "devsim.toml"
        path.write_text(text)
        return path

    def test_help_and_version(self):
        self.assertEqual(self.run_devsim("--help").returncode, 0)
        version = self.run_devsim("--version")
        self.assertEqual((version.returncode, version.stdout[:7]), (0, "devsim "))

    def test_a_wrong_command_line_is_2(self):
        self.assertEqual(self.run_devsim().returncode, 2)
        self.assertEqual(self.run_devsim("--frobnicate").returncode, 2)

    def test_a_wrong_configuration_is_3_with_its_line(self):
        path = self.write("[page]\nport = 70000\nassets = \"x\"\n[kiosk]\nconfig = \"k\"\nrun = \"r\"\n")
        done = self.run_devsim("--config", path)
        self.assertEqual(done.returncode, 3)
        self.assertIn(f"{path}:2:", done.stderr)
        self.assertEqual(self.run_devsim("--config", self.folder / "absent.toml").returncode, 3)

    def test_a_kiosk_without_control_socket_is_3(self):
        (self.folder / "kioskd.toml").write_text("number = 17\n")
        done = self.run_devsim("--config", self.write(devsim_config(self.folder, 1, 0)))
        self.assertEqual(done.returncode, 3)
        self.assertIn("control", done.stderr)

    def test_check_config_ends_without_starting_anything(self):
        path = self.write(devsim_config(self.folder, 1, 0))
        done = self.run_devsim("--config", path, "--check-config")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertFalse((self.folder / "run").exists())

    def test_a_port_in_use_is_4(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = self.run_devsim("--config", self.write(devsim_config(self.folder, 1, port)))
            self.assertEqual(done.returncode, 4)
            self.assertIn(str(port), done.stderr)

    def test_a_program_that_cannot_run_is_4(self):
        text = devsim_config(self.folder, 1, 0).replace("fake_kiosk", "absent_kiosk")
        done = self.run_devsim("--config", self.write(text))
        self.assertEqual(done.returncode, 4)
        self.assertIn("absent_kiosk", done.stderr)

    def test_the_kiosk_dies_with_devsim_even_when_devsim_is_killed(self):
        port = free_port()
        program = Program("devsim", [BUILD / "bin" / "devsim", "--config",
                                     self.write(devsim_config(self.folder, 1, port))], self.folder)
        program.start()
        http = Http(f"http://127.0.0.1:{port}")
        try:
            pid = wait_until("the kiosk runs", lambda: http.get("/state")["kiosk"]["pid"])
        finally:
            program.kill()
        wait_until("the kiosk is gone", lambda: not is_alive(pid))


def is_alive(pid):
    try:
        # A zombie that init has not collected yet is dead.
        return " Z " not in pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=pathlib.Path)
    options, rest = parser.parse_known_args()
    BUILD = options.build.resolve()
    os.environ["LC_ALL"] = "C.UTF-8"
    unittest.main(argv=[sys.argv[0], *rest])
