#!/usr/bin/env python3
"""front_door.py - the helpers that judge everything else, judged themselves. TAP on standard output.

tests/run runs it. A counter that cannot count, a fixture that is not what it says or an include check
that sees nothing would make every other result worthless.
"""

import csv
import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zipfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAKE_CUSTOMERS = os.path.join(TOP, "tests/fixtures/make_customers.py")


def load(name):
    """A program without .py in its name as a module."""
    loader = importlib.machinery.SourceFileLoader("tested_" + os.path.basename(name), os.path.join(TOP, name))
    sys.dont_write_bytecode = True
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module


def count(text):
    run = load("tests/run")
    outcome = run.Outcome()
    run.parse_tap(text, outcome)
    return outcome.passed, outcome.failed, outcome.skipped


def test_flat_tap():
    assert count("1..3\nok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP none here\n") == (1, 1, 1)


def test_cmocka_skip():
    assert count("1..1\nnot ok 1 # SKIP no database\n") == (0, 0, 1)


def test_nested_tap_counts_leaves():
    assert count("# Subtest: file\n    ok 1 - a\n        ok 1 - deep\n    ok 2 - b\n    1..2\nok 1 - file\n1..1\n") == (2, 0, 0)
    assert count("    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - file\n1..1\n") == (1, 1, 0)


def test_parent_that_fails_alone():
    assert count("    ok 1 - a\n    1..1\nnot ok 1 - its after hook\n1..1\n") == (1, 1, 0)


def test_fewer_than_planned():
    assert count("1..3\nok 1 - a\n") == (1, 1, 0)


def runner_on(command, tap=True, limit=20):
    run = load("tests/run")
    with tempfile.TemporaryDirectory() as folder:
        run.LOGS = folder
        suite = run.Suite("x", ["sh", "-c", command], folder, limit, {}, tap)
        return run.Runner().run(suite)[1]


def test_bad_end_after_good_words():
    assert runner_on("echo 1..1; echo ok 1 - a; exit 3").failed == 1


def test_silence_is_failure():
    assert runner_on("true").failed == 1


def test_time_limit():
    outcome = runner_on("echo 1..1; echo ok 1 - a; sleep 60", limit=1)
    assert outcome.failed == 1 and outcome.seconds < 30


def test_exit_status_suites():
    assert (runner_on("true", tap=False).passed, runner_on("false", tap=False).failed) == (1, 1)


def make(folder, *args):
    out = os.path.join(folder, "out")
    told = subprocess.run([sys.executable, MAKE_CUSTOMERS, "--out", out, *args], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    with open(out, "rb") as f:
        return json.loads(told), f.read(), out


def test_same_arguments_same_bytes():
    with tempfile.TemporaryDirectory() as folder:
        first = make(folder, "--rows", "200", "--seed", "3")
        assert first[:2] == make(folder, "--rows", "200", "--seed", "3")[:2]
        assert first[1] != make(folder, "--rows", "200", "--seed", "4")[1]


def test_counts_are_those_of_the_rows():
    """Judges the rows by a rule of its own, written from what the file promises."""
    with tempfile.TemporaryDirectory() as folder:
        told, _, out = make(folder, "--format", "csv", "--encoding", "utf-8")
        seen, counts = set(), {"ok": 0, "repaired": 0, "duplicate": 0, "error": 0}
        with open(out, newline="", encoding="utf-8") as f:
            rows = list(csv.reader(f))[1:]
        for row in rows:
            plain = re.sub(r"[ -]", "", row[1])
            digits = re.sub(r"\D", "", "".join(chr(ord(c) - 0xFEE0) if "０" <= c <= "９" else c for c in plain))
            digits = "0" + digits[2:] if digits.startswith("82") else digits
            digits = "0" + digits if digits.startswith("10") else digits
            if "*" in plain or not re.fullmatch(r"010\d{8}", digits):
                counts["error"] += 1
            elif digits in seen:
                counts["duplicate"] += 1
            else:
                counts["ok" if re.fullmatch(r"010[0-9]{8}", plain) else "repaired"] += 1
                assert digits[3] in "01", "a number that somebody could have"
                seen.add(digits)
        assert counts == told["counts"], counts
        assert len(rows) == told["rows"] == 1000


def test_workbook_is_well_formed():
    with tempfile.TemporaryDirectory() as folder:
        told, _, out = make(folder)
        with zipfile.ZipFile(out) as archive:
            assert archive.testzip() is None
            for name in archive.namelist():
                xml.etree.ElementTree.fromstring(archive.read(name))
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
            assert sheet.count("<row ") == told["rows"] + 1
            shared = archive.read("xl/sharedStrings.xml").decode()
            highest = max(int(n) for n in re.findall(r't="s"><v>(\d+)</v>', sheet))
            assert shared.count("<si>") == highest + 1


def check_includes_on(files):
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "scripts"))
        shutil.copy(os.path.join(TOP, "scripts/check-includes"), os.path.join(folder, "scripts"))
        for name, text in files.items():
            path = os.path.join(folder, "src", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(text)
        done = subprocess.run([sys.executable, os.path.join(folder, "scripts/check-includes")],
                              stdout=subprocess.PIPE, text=True, check=False)
        return done.returncode, done.stdout


def test_arrow_upwards_is_seen():
    status, told = check_includes_on({"base/a.c": '#include "store/s.h"\n', "store/s.h": ""})
    assert status == 1 and "base may not use store" in told


def test_circle_is_seen():
    status, told = check_includes_on({"base/a.h": '#include "base/b.h"\n', "base/b.h": '#include "base/a.h"\n'})
    assert status == 1 and "circle" in told


def test_good_graph_passes():
    assert check_includes_on({"store/s.c": '#include "base/a.h"\n', "base/a.h": ""})[0] == 0


def test_setup_has_nothing_left_to_do():
    """What `make test` began with: a second set-up would find everything there."""
    done = subprocess.run([os.path.join(TOP, "scripts/setup"), "--check", "build", "test"], check=False,
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout


def main():
    tests = [(name, value) for name, value in globals().items() if name.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, test) in enumerate(tests, start=1):
        try:
            test()
            print(f"ok {number} - {name[5:]}", flush=True)
        except Exception as e:  # a broken test is a failed one
            failed += 1
            print(f"not ok {number} - {name[5:]}\n# {type(e).__name__}: {e}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
