"""sheet_openpyxl.py FILE - reads the first sheet with openpyxl in its read-only mode (the one for large
files) and prints rows, cells that are not empty, the sum of the phones (column B) and of the amounts
(column E) below the header.
"""

import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1], read_only=True)
rows = cells = phones = amount = 0
for row in book.worksheets[0].iter_rows(values_only=True):
    rows += 1
    cells += sum(1 for value in row if value is not None and value != "")
    if rows > 1:
        phones += int(row[1].replace("-", ""))
        amount += row[4]
print(rows, cells, phones, amount)
