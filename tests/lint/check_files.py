#!/usr/bin/env python3
"""House rules that a machine can check: sizes, banned calls with their replacement, one title."""

import fnmatch
import pathlib
import re
import sys

LINES_MAX = 500

# Call: (pattern, what to write instead, the only places where it may stand).
BANNED = [
    (r"\bstd::sto[dfl]d?\b|\batof\(|\bstrtod\(", "protocol/money/amount_text: money is never a float", []),
    (r"\bstd::rand\b|\bsrand\(", "a seeded engine passed in", []),
    (r"catch \(\.\.\.\)", "the library's exception, in the adapter that calls the library", []),
    (r"system_clock::now\(", "the time as a parameter; the clock is read by the shell",
     ["*/app/*", "devices/bench/*", "tests/*", "kiosk/link/client*", "fleet-server/ingress/*",
      "fleet-server/api/*", "fleet-server/gateways/osmp/simulator*",
      "fleet-server/gateways/forwarder*"]),
    (r"\bsleep_for\(|\busleep\(|(?<!\w)sleep\(\d", "a condition with a deadline", ["tests/*"]),
    (r"asio::detached", "a completion handler that logs", ["tests/*"]),
    (r"\bdouble\b|\bfloat\b", "integers: no floating point near money",
     ["kiosk/ui/*", "devices/printer/*", "devices/bench/*", "tests/*", "fleet-server/app/*",
      "fleet-server/api/*"]),
    (r"\bTODO\b|\bFIXME\b|\bXXX\b", "an issue", []),
]

CODE = {".cpp", ".hpp", ".py", ".sh", ".html", ".css", ".js", ".proto"}


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)


def complaints(root):
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root).as_posix()
        if path.startswith(("build/", ".git/", "var/")) or "node_modules" in path or not file.is_file():
            continue
        if file.suffix in CODE:
            lines = file.read_text("utf-8").count("\n")
            if lines > LINES_MAX:
                yield f"{path}: {lines} lines; over {LINES_MAX} a file holds two ideas"
        if file.suffix in {".cpp", ".hpp"}:
            code = without_comments(file.read_text("utf-8"))
            for pattern, instead, places in BANNED:
                if re.search(pattern, code) and not any(fnmatch.fnmatch(path, p) for p in places):
                    yield f"{path}: {re.search(pattern, code).group(0)!r}: use {instead}"
        if file.suffix == ".md" and not path.startswith("tests/"):
            text = re.sub(r"```.*?```", "", file.read_text("utf-8"), flags=re.S)
            titles = len(re.findall(r"^# ", text, flags=re.M))
            if titles != 1:
                yield f"{path}: {titles} titles; a document has one"


def main():
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "files: in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
