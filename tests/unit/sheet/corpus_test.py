#!/usr/bin/env python3
"""corpus_test.py SHEET_DUMP CORPORA WORK - real, Korean and hostile spreadsheets through the reader.

CORPORA is the folder that holds `spreadsheets`, `korean` and `hostile`; a checkout without it skips.
Prints TAP, a line a file. Kinds that the reader does not know yet must be refused by their name.
"""
import csv
import glob
import io
import json
import os
import subprocess
import sys
import tempfile

LATER = ("(.xlsb)", "(.ods)", "(HTML)")  # what the sentences call kinds that come later


def compare(dump, corpora, folder):
    """(name, good, note) of every file of a set, as the set's own compare.py judges it."""
    with tempfile.NamedTemporaryFile(mode="r", suffix=".tsv") as table:
        subprocess.run([sys.executable, os.path.join(corpora, "spreadsheets", "compare.py"), "--quiet",
                        "--timeout", "60", "--tsv", table.name, dump + " {file}", folder],
                       stdout=subprocess.DEVNULL, check=False)
        for line in table:
            name, expect, verdict, _, _, note = line.rstrip("\n").split("\t")
            later = expect == "content" and any(words in note for words in LATER)
            yield name, verdict == "pass" or later, note + (" (a later kind)" if later else "")


def korean(dump, folder):
    """The cells of each file against its expected JSON."""
    for path in sorted(glob.glob(os.path.join(folder, "expected", "*.json"))):
        with open(path, encoding="utf-8") as f:
            expected = json.load(f)
        name = expected["file"]
        sheet = [expected["sheet"]] if "sheet" in expected else []
        done = subprocess.run([dump, os.path.join(folder, "files", name)] + sheet,
                              capture_output=True, check=False)
        complaint = done.stderr.decode("utf-8")
        if done.returncode != 0:
            refused = expected["result"] != "ok" or any(words in complaint for words in LATER)
            yield name, done.returncode == 1 and refused, complaint.strip()
            continue
        rows = list(csv.reader(io.StringIO(done.stdout.decode("utf-8"), newline="")))
        wrong = []
        for r in expected["rows"]:
            got = rows[r["row"] - 1] if r["row"] <= len(rows) else []
            blank = r.get("reason") == "BLANK_ROW" and not "".join(got).strip()
            if got != r["cells"] and not blank:
                wrong.append(r["row"])
        yield name, not wrong, f"rows {wrong} differ" if wrong else ""


def main():
    dump, corpora, work = sys.argv[1:4]
    if not os.path.isdir(corpora):
        print("1..0 # SKIP no corpora beside this checkout")
        return
    hostile = os.path.join(work, "hostile")
    if not os.path.exists(os.path.join(hostile, "MANIFEST.tsv")):
        subprocess.run([sys.executable, os.path.join(corpora, "hostile", "make.py"), hostile],
                       stdout=subprocess.DEVNULL, check=True)
    sets = [("spreadsheets", compare(dump, corpora, os.path.join(corpora, "spreadsheets"))),
            ("hostile", compare(dump, corpora, hostile)),
            ("korean", korean(dump, os.path.join(corpora, "korean")))]
    number = 0
    for label, results in sets:
        for name, good, note in results:
            number += 1
            print(f"{'ok' if good else 'not ok'} {number} - {label} {name}")
            if not good:
                print("# " + " ".join(note.split()))
    print(f"1..{number}")


main()
