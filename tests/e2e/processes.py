"""Programs under test: started, waited for with deadlines, killed by their own pid, never left behind."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


class StoryError(Exception):
    """Something that the story says did not hold."""


class ToolError(StoryError):
    """A command line tool did not exit as expected: worth another try while something starts."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what, condition, seconds=30.0, every=0.03):
    """The condition's first truthy value; StoryError naming `what` when the deadline passes."""
    deadline = time.monotonic() + seconds
    last = None
    while time.monotonic() < deadline:
        try:
            value = condition()
            if value:
                return value
            last = value
        except (OSError, ToolError, ValueError, KeyError) as error:
            last = error
        time.sleep(every)
    raise StoryError(f"waited {seconds:.0f} s in vain: {what} (last seen: {last!r})")


class Program:
    """One process with its log file."""

    def __init__(self, name, arguments, folder):
        self.name = name
        self.arguments = [str(argument) for argument in arguments]
        self.log = pathlib.Path(folder) / f"{name}.log"
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True)
        return self

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """SIGKILL: what a power cut does to a process."""
        if self.is_running():
            self.process.kill()
            self.process.wait()

    def stop(self, seconds=10):
        """SIGTERM; its exit code. A program that does not end is a finding, not a nuisance."""
        if not self.is_running():
            return self.process.returncode if self.process else None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise StoryError(f"{self.name} did not end {seconds} s after SIGTERM") from None

    def tail(self, lines=15):
        try:
            return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])
        except FileNotFoundError:
            return "(no log)"


class Http:
    """JSON over HTTP on loopback."""

    def __init__(self, base):
        self.base = base

    def raw(self, method, path, body=None, content_type="application/json", seconds=30):
        request = urllib.request.Request(self.base + path, data=body, method=method)
        if body is not None:
            request.add_header("Content-Type", content_type)
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.read()

    def get(self, path, seconds=30):
        return json.loads(self.raw("GET", path, seconds=seconds))

    def post(self, path, value, seconds=30):
        answer = self.raw("POST", path, json.dumps(value).encode(), seconds=seconds)
        return json.loads(answer) if answer.strip() else {}


def run_tool(arguments, seconds=60, expect=0):
    """A command line tool to its end; its standard output."""
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True,
                          timeout=seconds, env={**os.environ, "LC_ALL": "C.UTF-8"})
    if done.returncode != expect:
        raise ToolError(f"{' '.join(map(str, arguments))}: exit {done.returncode}, not {expect}\n"
                        f"{done.stdout}{done.stderr}")
    return done.stdout
