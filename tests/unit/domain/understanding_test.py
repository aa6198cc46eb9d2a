#!/usr/bin/env python3
"""understanding_test.py PROGRAM GENERATOR - lists of customers against what must be seen in them.

PROGRAM is `understanding`, which prints what SendinGo sees in a file. The lists are those of
corpora/korean below SENDINGO_SHARED (each a test; skipped where there is none, and for files of a kind
that is not read yet), and some hundred odd ones that GENERATOR (tests/fixtures/make_odd_lists.py)
makes from SENDINGO_SEED. Both say in one JSON a file: header_row, columns, sheet, and for each row
result, reason, phone, name, duplicate_of. Speaks TAP.
"""

import json
import os
import subprocess
import sys
import tempfile

ODD_LISTS = 300
NOT_READ = {"XLS", "HTML", "XML2003", "ODS", "XLSB"}
ROLES = {"name": "name", "phone": "phone", "email": "email"}
REASONS_OF_FILES = {"NO_PHONE_COLUMN", "NO_ROWS", "EMPTY_SHEET"}


def see(program, path):
    told = subprocess.run([program, path], stdout=subprocess.PIPE, check=True, timeout=60).stdout
    return json.loads(told)


def role_troubles(seen, expected):
    found = {c["role"]: c["index"] + 1 for c in seen["columns"] if c["role"] in ROLES.values()}
    for role, column in expected.get("columns", {}).items():
        if role in ROLES and found.get(role) != column:
            yield f"{role}: column {found.get(role)} for {column}"
        if role not in ROLES and seen["columns"][column - 1]["role"] != "attribute":
            yield f"{role}: column {column} is {seen['columns'][column - 1]['role']}"
    for role, column in found.items():
        if role not in expected.get("columns", {}) and expected.get("strict"):
            yield f"{role}: column {column} for none"
    for column, name in expected.get("attributes", {}).items():
        if seen["columns"][int(column) - 1]["attribute"] != name:
            yield f"column {column}: {seen['columns'][int(column) - 1]['attribute']} for {name}"


def row_troubles(seen, expected):
    rows = {r["row"]: r for r in seen["rows"]}
    for want in expected["rows"]:
        got = rows.pop(want["row"], {"result": "skip", "reason": "BLANK_ROW"})
        for key in ("result", "reason", "phone", "name", "duplicate_of"):
            if key in want and (got.get(key) or None) != (want[key] or None):
                yield f"row {want['row']}: {key} {got.get(key)} for {want[key]}"
        if "HIDDEN_ROW" in want.get("warn", []) and not got.get("hidden"):
            yield f"row {want['row']} is hidden"
    for number, got in rows.items():
        if got["result"] != "skip":
            yield f"row {number} is none of the list: {got['result']} {got['reason']}"


def troubles(seen, expected):
    if expected.get("reason") in REASONS_OF_FILES:
        if expected["reason"] == "NO_PHONE_COLUMN" and any(c["role"] == "phone" for c in seen["columns"]):
            yield "a phone column was found"
        if any(r["result"] == "accept" for r in seen.get("rows", [])):
            yield "a row was accepted"
        return
    for key in ("header_row", "sheet", "title_rows"):
        if key in expected and seen[key] != expected[key]:
            yield f"{key}: {seen[key]} for {expected[key]}"
    yield from role_troubles(seen, expected)
    yield from row_troubles(seen, expected)


def judge(program, path, expected):
    """What is wrong; or a word why it cannot be said."""
    seen = see(program, path)
    if seen.get("refused") in NOT_READ:
        return [], "kind"
    if "refused" in seen:
        return ([] if expected["result"] == "reject" else [f"refused: {seen['refused']}"]), None
    return list(troubles(seen, expected)), None


class Tap:
    def __init__(self):
        self.number = self.failed = 0

    def tell(self, name, wrong, skip=None):
        self.number += 1
        self.failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {self.number} - {name}{' # skip ' + skip if skip else ''}")
        for line in wrong[:60]:
            print("#   " + line)


def corpus(tap, program):
    folder = os.path.join(os.environ.get("SENDINGO_SHARED", ""), "corpora", "korean")
    if not os.path.isdir(os.path.join(folder, "expected")):
        tap.tell("Korean lists", [], "no corpora here")
        return
    for name in sorted(os.listdir(os.path.join(folder, "expected"))):
        with open(os.path.join(folder, "expected", name), encoding="utf-8") as f:
            expected = json.load(f)
        tap.tell(expected["file"], *judge(program, os.path.join(folder, "files", expected["file"]), expected))


def odd_lists(tap, program, generator):
    seed = os.environ.get("SENDINGO_SEED", "1")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, generator, "--seed", seed, "--count", str(ODD_LISTS), "--out", folder],
                       check=True)
        wrong = []
        names = sorted(n for n in os.listdir(folder) if n.endswith(".json"))
        for name in names:
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                expected = json.load(f)
            found, _ = judge(program, os.path.join(folder, expected["file"]), expected)
            wrong += [f"{expected['file']} ({expected['note']}): {line}" for line in found[:3]]
        tap.tell(f"{len(names)} odd lists of seed {seed}", wrong)


def main():
    program, generator = sys.argv[1:3]
    tap = Tap()
    corpus(tap, program)
    odd_lists(tap, program, generator)
    print(f"1..{tap.number}")
    sys.exit(1 if tap.failed else 0)


if __name__ == "__main__":
    main()
