"""workbook.py - writes a customer list of any length as xlsx, with Python's standard library only.

    python3 bench/workbook.py ROWS shared|inline FILE

Eight columns: 이름, 휴대폰, 이메일, 주소, 금액 (number), 가입일 (styled date), 회원등급, 메모 (every fourth
row has none). One header row, then ROWS rows; every eleventh repeats the number ten rows above it in
another spelling, so exactly ROWS - ROWS // 11 numbers are different. Texts are shared strings, as
Excel writes, or inline, as exports of web shops do. Three texts a row (number, address, e-mail) are
like no other, so the table of shared ones is as long as such tables get. The same arguments give the
same rows. All people are made up: 010-0xxx and 010-1xxx numbers are given to no subscriber.

Memory does not grow with ROWS: the place of a text in the table of shared ones is computed, and the
table is written in a second walk over the rows. A million rows take about twenty seconds.
"""

import itertools
import json
import random
import sys
import zipfile

HEADERS = ["이름", "휴대폰", "이메일", "주소", "금액", "가입일", "회원등급", "메모"]
FAMILY = "김이박최정강조윤장임한오서신권황안송류홍문양"
GIVEN = "민서지우하준도윤예은수아현주영호진경태성미연재희규빈"
CITIES = ["서울시 마포구 월드컵로", "부산시 해운대구 센텀로", "대구시 수성구 달구벌대로", "인천시 연수구 송도대로"]
LEVELS = ["일반", "단골", "VIP"]
NAMES = [family + first + second for family in FAMILY for first in GIVEN for second in GIVEN]
MEMOS = ["문 앞에 놓아 주세요", "전화 주시면 내려갈게요", "경비실", "빠른 배송 & 선물 포장"]
SPACE = 20_000_000
STEP = 7_368_787  # odd and no multiple of 5: walks through all of SPACE before it repeats
REPEAT_EVERY, REPEAT_BACK = 11, 10
FIRST_DAY = 45_000  # Excel's number of 2023-03-15

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = {
    "[Content_Types].xml":
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.'
        'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}sharedStrings+xml"/></Types>',
    "_rels/.rels":
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml":
        f'<workbook xmlns="{NS}" xmlns:r="{OFFICE}"><sheets><sheet name="고객" sheetId="1" r:id="rId1"/>'
        '</sheets></workbook>',
    "xl/_rels/workbook.xml.rels":
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml":
        f'<styleSheet xmlns="{NS}"><fonts count="1"><font><sz val="11"/></font></fonts><fills count="1"><fill>'
        '<patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs '
        'count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" '
        'applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
        '</cellStyles></styleSheet>',
}


def number_of(n):
    """The n-th made-up mobile number, eleven digits."""
    return f"010{(999_983 + (n + 1) * STEP) % SPACE:08d}"


def is_repeat(n):
    return n % REPEAT_EVERY == REPEAT_EVERY - 1


def phone_of(n, repeats):
    """Row n's number as it is written: with hyphens in every second row, in a repeat the other way."""
    repeat = repeats and is_repeat(n)
    d = number_of(n - REPEAT_BACK if repeat else n)
    return f"{d[:3]}-{d[3:7]}-{d[7:]}" if (n + repeat) % 2 else d


def address_of(n):
    return f"{CITIES[n & 3]} {n % 977 + 1}, {n % 3000 + 1}호"


def lots_of(count):
    """Yields what is drawn for each row: the number of its name, and its amount."""
    pick = random.Random(7).random
    for _ in range(count):
        yield int(pick() * len(NAMES)), int(pick() * 400 + 4) * 500


def rows_of(count, repeats):
    """Yields the eight values of each row; numbers are int, a missing memo is None."""
    for n, (name, amount) in enumerate(lots_of(count)):
        yield (NAMES[name], phone_of(n, repeats), f"customer{n + 1}@example.com", address_of(n), amount,
               FIRST_DAY + n % 900, LEVELS[n % 3], memo_of(n))


def memo_of(n):
    return MEMOS[n % 5 % 4] if n % 4 else None


def xml(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


class Shared:
    """Texts by their number: those that come again first, then three of each row."""

    def __init__(self, repeats):
        self.repeats = repeats
        self.common = HEADERS + LEVELS + MEMOS + NAMES
        self.level = len(HEADERS)
        self.memo = self.level + len(LEVELS)
        self.name = self.memo + len(MEMOS)

    def header(self):
        cells = "".join(f'<c r="{letter}1" t="s"><v>{i}</v></c>' for i, letter in enumerate("ABCDEFGH"))
        return f'<row r="1">{cells}</row>'

    def row(self, n, name, amount):
        r, own = n + 2, len(self.common) + 3 * n
        memo = f'<c r="H{r}" t="s"><v>{self.memo + n % 5 % 4}</v></c>' if n % 4 else ""
        return (f'<row r="{r}"><c r="A{r}" t="s"><v>{self.name + name}</v></c><c r="B{r}" t="s"><v>{own}</v></c>'
                f'<c r="C{r}" t="s"><v>{own + 1}</v></c><c r="D{r}" t="s"><v>{own + 2}</v></c>'
                f'<c r="E{r}"><v>{amount}</v></c><c r="F{r}" s="1"><v>{FIRST_DAY + n % 900}</v></c>'
                f'<c r="G{r}" t="s"><v>{self.level + n % 3}</v></c>{memo}</row>')

    def table(self, count):
        """The part xl/sharedStrings.xml, in pieces."""
        different = len(self.common) + 3 * count
        yield f'{HEAD}<sst xmlns="{NS}" count="{7 * count + 8}" uniqueCount="{different}">'
        yield "".join(f"<si><t>{xml(text)}</t></si>" for text in self.common)
        for n in range(count):
            yield (f"<si><t>{phone_of(n, self.repeats)}</t></si><si><t>customer{n + 1}@example.com</t></si>"
                   f"<si><t>{address_of(n)}</t></si>")
        yield "</sst>"


class Inline:
    """Texts in their cells; the table of shared ones stays empty."""

    def __init__(self, repeats):
        self.repeats = repeats
        self.memos = [f'<c r="H%d" t="inlineStr"><is><t>{xml(memo)}</t></is></c>' for memo in MEMOS]

    def header(self):
        cells = "".join(f'<c r="{letter}1" t="inlineStr"><is><t>{text}</t></is></c>'
                        for letter, text in zip("ABCDEFGH", HEADERS))
        return f'<row r="1">{cells}</row>'

    def row(self, n, name, amount):
        r = n + 2
        memo = self.memos[n % 5 % 4] % r if n % 4 else ""
        return (f'<row r="{r}"><c r="A{r}" t="inlineStr"><is><t>{NAMES[name]}</t></is></c>'
                f'<c r="B{r}" t="inlineStr"><is><t>{phone_of(n, self.repeats)}</t></is></c>'
                f'<c r="C{r}" t="inlineStr"><is><t>customer{n + 1}@example.com</t></is></c>'
                f'<c r="D{r}" t="inlineStr"><is><t>{address_of(n)}</t></is></c><c r="E{r}"><v>{amount}</v></c>'
                f'<c r="F{r}" s="1"><v>{FIRST_DAY + n % 900}</v></c>'
                f'<c r="G{r}" t="inlineStr"><is><t>{LEVELS[n % 3]}</t></is></c>{memo}</row>')

    def table(self, _count):
        yield f'{HEAD}<sst xmlns="{NS}" count="0" uniqueCount="0"></sst>'


def write_pieces(archive, name, pieces):
    with archive.open(name, "w") as out:
        while chunk := "".join(itertools.islice(pieces, 2000)):
            out.write(chunk.encode())


def sheet_pieces(table, count, facts):
    yield f'{HEAD}<worksheet xmlns="{NS}"><dimension ref="A1:H{count + 1}"/><sheetData>'
    yield table.header()
    row = table.row
    for n, (name, amount) in enumerate(lots_of(count)):
        facts["amount"] += amount
        yield row(n, name, amount)
    yield "</sheetData></worksheet>"


def write(path, count, strings, repeats=True):
    """Writes the file; returns what a reader must find in it."""
    table = (Shared if strings == "shared" else Inline)(repeats)
    facts = {"rows": count + 1, "cells": len(HEADERS) + 7 * count + count - (count + 3) // 4, "amount": 0,
             "phones": sum(int(phone_of(n, repeats).replace("-", "")) for n in range(count)),
             "different": count - (count // REPEAT_EVERY if repeats else 0)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, HEAD + text)
        write_pieces(archive, "xl/worksheets/sheet1.xml", sheet_pieces(table, count, facts))
        write_pieces(archive, "xl/sharedStrings.xml", table.table(count))
    return facts


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[2] not in ("shared", "inline"):
        sys.exit(__doc__)
    print(json.dumps(write(sys.argv[3], int(sys.argv[1]), sys.argv[2])))
