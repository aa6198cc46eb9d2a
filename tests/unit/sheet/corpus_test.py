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
import re
import subprocess
import sys
import tempfile

LATER = ("(.xlsb)", "(.ods)")  # what the sentences call kinds that come later

# The reasons of the hostile set: which classes of ours say it, and what the Korean sentence must hold.
DAMAGED = r"손상|끝부분이 없습니다"
REASONS = {
    "BAD_CELL_REF": ("DAMAGED TOO_MANY_ROWS TOO_MANY_COLUMNS", DAMAGED + "|개를 넘습니다"),
    "BAD_CELL_ORDER": ("DAMAGED", DAMAGED),
    "BAD_NUMBER": ("DAMAGED", DAMAGED),
    "BAD_RECORD": ("DAMAGED CUT", DAMAGED),
    "BAD_ROW_ORDER": ("DAMAGED", "번째 행에서"),
    "BAD_SHARED_STRING": ("DAMAGED", DAMAGED),
    "BINARY": ("UNSUPPORTED", "글자가 아닌"),
    "CELL_TOO_LONG": ("CELL_TOO_LONG", "32,767자"),
    "CSV_QUOTE": ("CSV_QUOTE", r"번째 줄에서 연 따옴표"),
    "EMPTY": ("EMPTY", "빈 파일"),
    "ENCODING": ("ENCODING", r"[0-9,]+번째 줄에 (UTF-8|CP949|UTF-16LE|UTF-16BE)로|글자가 깨져"),
    "ENCRYPTED": ("ENCRYPTED", "암호"),
    "HTML": ("HTML", "웹페이지"),
    "MISSING_PART": ("DAMAGED", DAMAGED),
    "NOT_A_WORKBOOK": ("UNSUPPORTED", "이 파일은 (PDF 문서|사진|압축 파일|실행 프로그램|한글 문서|워드 문서)"),
    "NO_SHEET": ("NO_SHEET", "시트가 없습니다"),
    "OLE_DAMAGED": ("DAMAGED CUT", DAMAGED),
    "TOO_LARGE": ("TOO_LARGE CELL_TOO_LONG TOO_MANY_ROWS", "한도|넘습니다|긴 셀"),
    "TOO_MANY_COLUMNS": ("TOO_MANY_COLUMNS", r"번째 줄의 열이 16,384개"),
    "UNSUPPORTED": ("XLSB ODS", "저장"),
    "XML2003": ("XML2003", "저장"),
    "XML_DEPTH": ("DAMAGED", DAMAGED),
    "XML_DTD": ("DAMAGED", DAMAGED),
    "XML_ENCODING": ("DAMAGED", DAMAGED),
    "XML_SYNTAX": ("DAMAGED", DAMAGED),
    "ZIP_DAMAGED": ("DAMAGED CUT", DAMAGED),
    "ZIP_METHOD": ("DAMAGED", DAMAGED),
    "ZIP_OVERLAP": ("DAMAGED", DAMAGED),
}
# Files that may as well be told in another class.
OTHERWISE = {
    "zip-bomb-size-lie.xlsx": "DAMAGED",  # it grows past what its directory says long before any limit
}


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


def reasons(dump, folder):
    """Whoever uploads one of the hostile files is told the right thing, in the right place."""
    with open(os.path.join(folder, "MANIFEST.tsv"), encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        done = subprocess.run([dump, os.path.join(folder, "files", row["file"])], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, check=False)
        if done.returncode == 0 or not row["reason"]:
            continue
        said = done.stderr.decode("utf-8")
        word = re.search(r" \(([A-Z0-9_]+): .*\)\n$", said)
        word = word.group(1) if word else "no class"
        classes, sentence = REASONS[row["reason"]]
        good = word == OTHERWISE.get(row["file"]) or (
            word in classes.split() and re.search(sentence, said.split("\n")[0]))
        forbidden = row["forbid"] and re.search(row["forbid"], said)
        yield row["file"], good and not forbidden, f"{row['reason']} is told as {said}"


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
            ("sentence", reasons(dump, hostile)),
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
