#!/usr/bin/env python3
"""Who may include whom. The two tables are the architecture; this script only compares."""

import fnmatch
import pathlib
import re
import sys

# Folder or file pattern: what its files may include of ours. The first match counts.
# "=" stands for the file's own folder.
OURS = [
    ("cmake/*", []),
    ("protocol/base/*", ["="]),
    ("protocol/money/*", ["protocol/base", "="]),
    ("protocol/text/*", ["protocol/base", "="]),
    ("protocol/settings/*", ["protocol/base", "="]),
    ("protocol/commission/*", ["protocol/base", "protocol/money", "="]),
    ("protocol/account/*", ["protocol/base", "protocol/text", "="]),
    ("protocol/bill-code/*", ["protocol/base", "protocol/money", "protocol/text", "="]),
    ("protocol/catalog/*", ["protocol/base", "protocol/money", "protocol/commission", "="]),
    ("protocol/wire/*", ["protocol", "="]),
    ("protocol/link/*", ["protocol", "="]),
    ("devices/line/*", ["protocol/base", "="]),
    ("devices/bench/*", ["protocol/base", "protocol/money", "protocol/text", "protocol/settings",
                         "devices"]),
    ("devices/*", ["protocol/base", "protocol/money", "protocol/text", "devices/line", "="]),
    ("kiosk/config/*", ["protocol", "="]),
    ("kiosk/payment/*", ["protocol", "="]),
    ("kiosk/receipt/*", ["protocol", "kiosk/payment", "devices/printer/document.hpp", "="]),
    ("kiosk/screens/*", ["protocol", "="]),
    ("kiosk/ui/*", ["protocol", "kiosk/screens", "="]),
    ("kiosk/journal/*", ["protocol", "kiosk/payment", "kiosk/link/link.hpp", "="]),
    ("kiosk/link/*", ["protocol", "="]),
    ("kiosk/control/*", ["protocol", "kiosk/screens", "kiosk/ui", "="]),
    ("kiosk/app/*", ["protocol", "devices", "kiosk"]),
    ("fleet-server/store/*", ["protocol", "="]),
    ("fleet-server/catalog/*", ["protocol", "fleet-server/store", "fleet-server/splitting", "="]),
    ("fleet-server/log-index/*", ["protocol/base", "fleet-server/store", "="]),
    ("fleet-server/ledger/*", ["protocol", "fleet-server/store", "fleet-server/log-index", "="]),
    ("fleet-server/splitting/*", ["protocol", "="]),
    ("fleet-server/debts/*", ["protocol", "fleet-server/store", "fleet-server/log-index", "="]),
    ("fleet-server/tables/*", ["protocol/base", "protocol/text", "="]),
    ("fleet-server/charges/*", ["protocol", "fleet-server/store", "fleet-server/catalog",
                                "fleet-server/debts", "fleet-server/tables", "="]),
    ("fleet-server/intake/*", ["protocol", "fleet-server/store", "fleet-server/catalog",
                               "fleet-server/ledger", "fleet-server/log-index",
                               "fleet-server/splitting", "fleet-server/debts",
                               "fleet-server/gateways/outbox.hpp", "="]),
    ("fleet-server/registers/*", ["protocol", "fleet-server/store", "fleet-server/ledger",
                                  "fleet-server/catalog", "fleet-server/intake/payments.hpp", "="]),
    ("fleet-server/gateways/*", ["protocol", "fleet-server/store", "fleet-server/ledger",
                                 "fleet-server/catalog", "="]),
    ("fleet-server/ingress/*", ["protocol", "="]),
    ("fleet-server/api/*", ["protocol", "fleet-server"]),
    ("fleet-server/app/*", ["protocol", "fleet-server"]),
    ("fleet-server/ctl/*", ["protocol", "="]),
    ("tests/*", ["protocol", "devices", "kiosk", "fleet-server", "tests"]),
]

# Header pattern: the only places that may see it.
ASIO = ["cmake/*", "devices/*", "kiosk/link/*", "kiosk/control/*", "kiosk/app/*",
        "fleet-server/ingress/*", "fleet-server/app/*"]
SHELL = ["devices/bench/*", "kiosk/app/*", "kiosk/ui/*", "kiosk/config/*", "kiosk/control/*",
         "fleet-server/*"]
THEIRS = [
    ("boost/*", ASIO),
    ("ZXing/*", ["devices/bench/*"]),
    ("qrencode.h", ["devices/printer/*"]),
    ("SQLiteCpp/*", ["kiosk/journal/*", "fleet-server/store/*"]),
    ("sqlite3*", ["kiosk/journal/*", "fleet-server/store/*"]),
    ("curl/*", ["fleet-server/gateways/*"]),
    ("openssl/*", ["protocol/link/chain.*", "kiosk/journal/entry_chain.*", "kiosk/link/*", "kiosk/app/*", "fleet-server/ingress/*",
                   "fleet-server/store/*", "fleet-server/ledger/*", "fleet-server/registers/*",
                   "fleet-server/api/*", "fleet-server/app/*"]),
    ("zip.h", ["fleet-server/tables/*"]),
    ("pugixml*", ["fleet-server/tables/*", "fleet-server/gateways/*"]),
    ("SDL*", ["kiosk/ui/*"]),
    ("litehtml*", ["kiosk/ui/*"]),
    ("cairo*", ["kiosk/ui/*", "devices/printer/*", "devices/bench/*"]),
    ("pango/*", ["kiosk/ui/*", "devices/printer/*"]),
    ("kainjow/*", ["kiosk/screens/*", "devices/bench/*"]),
    ("httplib*", ["devices/bench/*", "fleet-server/api/*", "fleet-server/app/*", "fleet-server/ctl/*",
                  "fleet-server/gateways/osmp/simulator*"]),
    ("spdlog/*", ["devices/bench/*", "kiosk/app/*", "kiosk/link/*", "kiosk/ui/*", "kiosk/control/*",
                  "fleet-server/ingress/*", "fleet-server/api/*", "fleet-server/app/*",
                  "fleet-server/gateways/*"]),
    ("toml++/*", ["protocol/settings/*", "devices/bench/kiosk_config*"]),
    ("thread", SHELL),
    ("mutex", SHELL),
    ("iostream", SHELL),
    ("fstream", SHELL),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def first_match(path, table):
    return next((value for pattern, value in table if fnmatch.fnmatch(path, pattern)), None)


def complaints(root):
    for file in sorted([*root.rglob("*.hpp"), *root.rglob("*.cpp")]):
        path = file.relative_to(root).as_posix()
        if path.startswith("build/"):
            continue
        allowed = first_match(path, OURS)
        if allowed is None:
            yield f"{path}: no layer is drawn for this folder"
            continue
        own = path.rsplit("/", 1)[0]
        homes = [own if entry == "=" else entry for entry in allowed]
        for quote, header in INCLUDE.findall(file.read_text(encoding="utf-8")):
            if quote == '"' and not any(header == home or header.startswith(home + "/") for home in homes):
                yield f"{path}: may not include {header}"
            places = first_match(header, THEIRS)
            if places and not path.startswith("tests/"):
                if not any(fnmatch.fnmatch(path, place) for place in places):
                    yield f"{path}: <{header}> belongs in {', '.join(places)}"


def main():
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "layers: as drawn")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
