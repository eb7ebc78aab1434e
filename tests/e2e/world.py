"""The whole world on one machine: a provider, the fleet server, one virtual kiosk."""

import json
import pathlib
import shutil

from processes import Http, Program, StoryError, free_port, run_tool, wait_until

REPO = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = REPO / "tests" / "fixtures"
KIOSK = 17


class World:
    """Folders, ports and programs of one run. `with World(...) as world:` leaves nothing running."""

    def __init__(self, build, folder, ports=None):
        self.bin = pathlib.Path(build).resolve() / "bin"
        self.folder = pathlib.Path(folder).resolve()
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True)
        ports = ports or {}
        self.ports = {name: ports.get(name) or free_port()
                      for name in ("ingress", "api", "provider", "devsim", "link")}
        self.provider = Program("providersim", [
            self.bin / "providersim", "--port", self.ports["provider"],
            "--state", self.folder / "provider.state"], self.folder)
        self.fleetd = Program("fleetd", [
            self.bin / "fleetd", "--config", self.folder / "fleetd.toml"], self.folder)
        self.devsim = Program("devsim", [
            self.bin / "devsim", "--config", self.folder / "devsim.toml"], self.folder)
        self.kiosk = Http(f"http://127.0.0.1:{self.ports['devsim']}")
        self.provider_http = Http(f"http://127.0.0.1:{self.ports['provider']}")
        self.token = self.folder / "api-token"

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for program in (self.devsim, self.fleetd, self.provider):
            try:
                program.stop()
            except StoryError:
                program.kill()
                if kind is None:
                    raise

    # The fleet's side

    def fleetctl(self, *arguments, expect=0, as_json=False):
        head = [self.bin / "fleetctl", "--server", f"http://127.0.0.1:{self.ports['api']}",
                "--token-file", self.token]
        if as_json:
            head.append("--json")
        text = run_tool([*head, *arguments], expect=expect)
        return json.loads(text) if as_json else text

    def write_configs(self):
        (self.folder / "fleetd.toml").write_text(f'''
state = "{self.folder}/fleet"
time_zone = "Europe/Moscow"
[ingress]
address = "127.0.0.1"
port = {self.ports["ingress"]}
[api]
address = "127.0.0.1"
port = {self.ports["api"]}
token_file = "{self.token}"
[agent]
name = "ООО Расчётный центр"
inn = "7701234567"
hotline = "8 800 000-00-00"
[gateways]
answer_seconds = 3
[registers]
cut = "00:00"
''', "utf-8")
        (self.folder / "kioskd.toml").write_text(f'''
number = {KIOSK}
state = "{self.folder}/kiosk"
assets = "{REPO}/ui-assets"
language = "ru"
time_zone = "Europe/Moscow"
[screen]
width = 1280
height = 1024
display = "offscreen"
[bill_validator]
protocol = "ccnet"
port = "/dev/null"
[printer]
protocol = "vkp80"
port = "/dev/null"
[scanner]
port = "/dev/null"
[link]
server = "127.0.0.1"
port = {self.ports["link"]}
server_name = "localhost"
ca = "{self.folder}/enrolment/ca.pem"
certificate = "{self.folder}/enrolment/kiosk.pem"
key = "{self.folder}/enrolment/kiosk.key"
[limits]
bills_accepted = []
idle_seconds = 60
question_seconds = 30
[control]
enabled = true
socket = "{self.folder}/control"
''', "utf-8")

    def write_devsim_config(self):
        (self.folder / "devsim.toml").write_text(f'''
[page]
address = "127.0.0.1"
port = {self.ports["devsim"]}
assets = "{REPO}/ui-assets/devsim"
[kiosk]
program = "{self.bin}/kioskd"
config = "{self.folder}/kioskd.toml"
run = "{self.folder}/devsim"
starts_powered = true
[link]
listen_port = {self.ports["link"]}
server = "127.0.0.1"
server_port = {self.ports["ingress"]}
''', "utf-8")

    def start_fleet(self):
        run_tool([self.bin / "fleetd", "--config", self.folder / "fleetd.toml", "init"])
        self.fleetd.start()
        self.provider.start()
        wait_until("fleetd answers", lambda: self.is_up(self.fleetd) and self.fleetctl("status"))
        wait_until("the provider answers", lambda: self.provider_http.get("/payments") is not None)

    def is_up(self, program):
        if not program.is_running():
            raise StoryError(f"{program.name} has ended:\n{program.tail()}")
        return True

    def enrol_kiosk(self):
        self.fleetctl("kiosk", "enrol", str(KIOSK), "--address", "Москва, Мануринский проспект, 3",
                      "--out", str(self.folder / "enrolment"))

    def start_kiosk(self):
        self.devsim.start()
        wait_until("the kiosk shows its first screen",
                   lambda: self.is_up(self.devsim) and self.screen()["screen"] == "home")
        wait_until("the kiosk takes notes", lambda: self.state()["kiosk_state"]["validator"] == "ready")

    # The resident's side

    def state(self):
        return self.kiosk.get("/state")

    def screen(self):
        return self.kiosk.get("/screen")

    def wait_screen(self, name, seconds=30):
        return wait_until(f"the screen «{name}»",
                          lambda: self.screen() if self.screen().get("screen") == name else None,
                          seconds)

    def texts(self):
        return " ".join(self.screen()["texts"])

    def insert(self, roubles):
        wait_until("the mouth of the validator is open",
                   lambda: self.state()["validator"]["state"] == "idling")
        answer = self.kiosk.post("/notes", {"value": roubles * 100})
        if answer.get("outcome") != "stacked":
            raise StoryError(f"the note of {roubles} ₽ was not stacked: {answer}")

    # What the three ends say about money, in kopecks

    def stacked(self):
        return {int(value): count
                for value, count in self.state()["validator"]["stacker"].items()}

    def journalled(self):
        return {int(value): count
                for value, count in self.state()["kiosk_state"]["notes"].items() if count}


def total(notes):
    return sum(value * count for value, count in notes.items())
