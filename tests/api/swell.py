#!/usr/bin/env python3
"""swell.py ROWS - writes a workbook whose rows are far larger than the file, to standard output.

importing.test.mjs uploads it where the disk is nearly full: each row holds 600 times the same
syllable. Python's standard library only.
"""

import io
import sys
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def cell(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def row(*texts):
    return "<row>" + "".join(map(cell, texts)) + "</row>"


def main():
    rows = "".join(row(f"손님{i}", f"010{i:08}", "가" * 600) for i in range(1, int(sys.argv[1]) + 1))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{row("이름", "휴대폰", "메모")}{rows}</sheetData></worksheet>'
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1"'
        f' Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    main()
