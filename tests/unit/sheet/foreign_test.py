#!/usr/bin/env python3
"""foreign_test.py SHEET_COPY WORK - workbooks and CSV that we write, as other programs see them.

A list with everything that is awkward goes through SHEET_COPY; openpyxl reads the workbook and
Python's csv the text, cell by cell. Prints TAP; a machine without openpyxl skips.
"""
import csv
import os
import subprocess
import sys
import zipfile

try:
    import openpyxl
except ImportError:
    debian = "/usr/bin/python3"  # has Debian's modules, also when another Python comes first
    if os.path.exists(debian) and os.path.realpath(sys.executable) != os.path.realpath(debian):
        os.execv(debian, [debian] + sys.argv)
    print("1..0 # SKIP no openpyxl")
    sys.exit(0)

HEADER = ["이름", "휴대폰", "=금액", "메모"]
ROWS = [
    ["홍길동", "01000000000", "35,000", "첫 줄\n둘째 줄"],
    ["=1+1", "+82 10-0000-0000", "-5", "@SUM(A1)"],
    ["'작은따옴표", '"큰따옴표"', "1,2", " 둘레 "],
    ["뷁😀👨‍👩‍👧", "𠮷", "<b>&amp;</b>", "]]>"],
    ["", "", "", "끝만"],
    ["https://example.com/?a=1&b=2", "mailto:a@example.com", "＝1", "=HYPERLINK(\"x\")"],
    ["가" * 2000, "", "", ""],
]
BITES = "=+-@\t\r\n＝＋－＠"
done = 0


def check(name, good):
    global done
    done += 1
    print("ok" if good else "not ok", done, "-", name)


def copied(dump, work, name, *more):
    source = os.path.join(work, "foreign-source.csv")
    target = os.path.join(work, name)
    with open(source, "w", encoding="utf-8", newline="") as f:
        csv.writer(f, quoting=csv.QUOTE_ALL).writerows([HEADER] + ROWS)
    subprocess.run([dump, source, target, *more], check=True)
    return target


def workbook(path):
    book = openpyxl.load_workbook(path)
    sheet = book["고객"]
    got = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    check("openpyxl reads every cell", got == [HEADER] + ROWS)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    check("every cell is a text", all(c.data_type in ("s", "inlineStr") for c in cells))
    check("no cell is a link", all(c.hyperlink is None for c in cells))
    check("texts stay texts when corrected", all(c.number_format == "@" for c in cells))
    check("the header is bold and stays", sheet["A1"].font.b and sheet.freeze_panes == "A2")
    with zipfile.ZipFile(path) as archive:
        check("the archive is sound", archive.testzip() is None)
        body = archive.read("xl/worksheets/sheet1.xml")
    check("no formula in the sheet", b"<f" not in body)


def far(copy, work, offset):
    """A workbook whose parts lie around or beyond 4 GiB, where zip64 begins; the file is a hole, mostly."""
    path = copied(copy, work, "foreign-far.xlsx", str(offset))
    with zipfile.ZipFile(path) as archive:
        check(f"zip64: the archive at {offset} is sound", archive.testzip() is None)
        check(f"zip64: every part at {offset} is named", "[Content_Types].xml" in archive.namelist())
    os.unlink(path)


def text(path):
    with open(path, "rb") as f:
        raw = f.read()
    check("CSV begins with the mark", raw.startswith(b"\xef\xbb\xbf"))
    got = list(csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True)))
    want = [["'" + c if c[:1] and c[0] in BITES else c for c in row] for row in [HEADER] + ROWS]
    check("csv reads every field, none begins a formula", got == want)


def main():
    copy, work = sys.argv[1:3]
    workbook(copied(copy, work, "foreign.xlsx"))
    text(copied(copy, work, "foreign.csv"))
    for offset in (2**32 - 10, 2**32 - 1500, 2**32 + 5):
        far(copy, work, offset)
    print(f"1..{done}")


main()
