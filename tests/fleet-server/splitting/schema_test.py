#!/usr/bin/env python3
"""The published schema takes every good rule and refuses every bad one, as the reader does."""

import json
import pathlib
import sys
import tomllib

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[3]
RULES = ROOT / "tests" / "fixtures" / "rules"


def main():
    schema = json.loads((ROOT / "docs" / "split-rule.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong = []
    good = [RULES / "uniservis.toml", *sorted((RULES / "good").glob("*.toml"))]
    bad = sorted((RULES / "bad").glob("*.toml"))
    for path in good + bad:
        refused = any(validator.iter_errors(tomllib.loads(path.read_text(encoding="utf-8"))))
        if refused != (path in bad):
            wrong.append(f"{path.name}: {'refused' if refused else 'taken'}")
    if not good or not bad or wrong:
        print("\n".join(wrong) or "there are no rules to look at")
        return 1
    print(f"{len(good)} good and {len(bad)} bad rules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
