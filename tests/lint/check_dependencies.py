#!/usr/bin/env python3
"""Every Debian package that ./run installs is in docs/dependencies.md with a reason and a licence."""

import pathlib
import re
import sys


def installed_by_run(root):
    script = (root / "tests/support/run.sh").read_text("utf-8")
    lists = re.findall(r"^packages_\w+=\(([^)]*)\)", script, flags=re.M)
    return {package for names in lists for package in names.split()}


def explained(root):
    rows = re.findall(r"^\| ([\w.+-]+) \|(.+)\|$", (root / "docs/dependencies.md").read_text("utf-8"),
                      flags=re.M)
    return {package: [cell.strip() for cell in cells.split("|")] for package, cells in rows
            if package not in ("package", "---")}


def complaints(root):
    wanted, rows = installed_by_run(root), explained(root)
    if not wanted:
        yield "tests/support/run.sh: no packages_... list is found; this check must learn the new form"
    for package in sorted(wanted - rows.keys()):
        yield f"docs/dependencies.md: {package} is installed by ./run and not explained; add a row"
    for package in sorted(rows.keys() - wanted):
        yield f"docs/dependencies.md: {package} is explained and not installed by ./run; drop the row"
    for package, cells in sorted(rows.items()):
        if len(cells) != 3 or not all(cells):
            yield f"docs/dependencies.md: {package}: say why it, its licence, what it replaces"


def main():
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "dependencies: explained")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
