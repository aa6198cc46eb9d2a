"""workbook.py - writes a customer list of any length as xlsx, with Python's standard library only.

    python3 bench/workbook.py ROWS shared|inline FILE

Eight columns: 이름, 휴대폰, 이메일, 주소, 금액 (number), 가입일 (styled date), 회원등급, 메모 (every fourth
row has none). One header row, then ROWS rows; every eleventh repeats the number ten rows above it in
another spelling, so exactly ROWS - ROWS // 11 numbers are different. Texts are shared strings, as
Excel writes, or inline, as exports of web shops do. The same arguments give the same rows. All
people are made up: 010-0xxx and 010-1xxx numbers are given to no subscriber.
"""

import json
import random
import sys
import zipfile

HEADERS = ["이름", "휴대폰", "이메일", "주소", "금액", "가입일", "회원등급", "메모"]
FAMILY = "김이박최정강조윤장임한오서신권황안송류홍문양"
GIVEN = "민서지우하준도윤예은수아현주영호진경태성미연재희규빈"
CITIES = ["서울시 마포구 월드컵로", "부산시 해운대구 센텀로", "대구시 수성구 달구벌대로", "인천시 연수구 송도대로"]
LEVELS = ["일반", "단골", "VIP"]
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


def rows_of(count, repeats):
    """Yields the eight values of each row; numbers are int, a missing memo is None."""
    lots = random.Random(7)
    pick = lots.random
    for n in range(count):
        d = number_of(n - REPEAT_BACK if repeats and is_repeat(n) else n)
        phone = f"{d[:3]}-{d[3:7]}-{d[7:]}" if n % 2 else d
        name = (FAMILY[int(pick() * len(FAMILY))] + GIVEN[int(pick() * len(GIVEN))]
                + GIVEN[int(pick() * len(GIVEN))])
        yield (name, phone, f"customer{n + 1}@example.com", f"{CITIES[n & 3]} {n % 977 + 1}, {n % 3000 + 1}호",
               int(pick() * 400 + 4) * 500, FIRST_DAY + n % 900, LEVELS[n % 3],
               MEMOS[n % 5 % 4] if n % 4 else None)


def xml(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


class Shared:
    """Texts by number, as Excel writes them."""

    def __init__(self):
        self.numbers, self.used = {}, 0

    def cell(self, where, text):
        self.used += 1
        return f'<c r="{where}" t="s"><v>{self.numbers.setdefault(text, len(self.numbers))}</v></c>'

    def part(self):
        texts = "".join(f"<si><t>{xml(t)}</t></si>" for t in self.numbers)
        return (f'<sst xmlns="{NS}" count="{self.used}" uniqueCount="{len(self.numbers)}">{texts}</sst>')


class Inline(Shared):
    """Texts in their cells; the table of shared ones stays empty."""

    def cell(self, where, text):
        return f'<c r="{where}" t="inlineStr"><is><t>{xml(text)}</t></is></c>'


def row_xml(number, values, cell):
    parts = [f'<row r="{number}">']
    for letter, value in zip("ABCDEFGH", values):
        if value is None:
            continue
        if isinstance(value, int):
            style = ' s="1"' if letter == "F" else ""
            parts.append(f'<c r="{letter}{number}"{style}><v>{value}</v></c>')
        else:
            parts.append(cell(f"{letter}{number}", value))
    parts.append("</row>")
    return "".join(parts)


def write(path, count, strings, repeats=True):
    """Writes the file; returns what a reader must find in it."""
    table = Shared() if strings == "shared" else Inline()
    facts = {"rows": count + 1, "cells": len(HEADERS), "phones": 0, "amount": 0,
             "different": count - (count // REPEAT_EVERY if repeats else 0)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, HEAD + text)
        with archive.open("xl/worksheets/sheet1.xml", "w") as out:
            out.write(f'{HEAD}<worksheet xmlns="{NS}"><dimension ref="A1:H{count + 1}"/><sheetData>'.encode())
            out.write(row_xml(1, HEADERS, table.cell).encode())
            lines = []
            for n, values in enumerate(rows_of(count, repeats), start=2):
                lines.append(row_xml(n, values, table.cell))
                facts["cells"] += len(values) - values.count(None)
                facts["phones"] += int(values[1].replace("-", ""))
                facts["amount"] += values[4]
                if len(lines) == 1000:
                    out.write("".join(lines).encode())
                    lines.clear()
            out.write(("".join(lines) + "</sheetData></worksheet>").encode())
        archive.writestr("xl/sharedStrings.xml", HEAD + table.part())
    return facts


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[2] not in ("shared", "inline"):
        sys.exit(__doc__)
    print(json.dumps(write(sys.argv[3], int(sys.argv[1]), sys.argv[2])))
