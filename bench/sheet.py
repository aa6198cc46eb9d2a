"""sheet - reading a workbook: `sendingo sheet dump` beside SheetJS and openpyxl.

Whole processes, from start to end: the file is opened, every cell read. Ours writes all of it as CSV
besides; the peers only count. All must find the same rows, cells, sum of phone digits and sum of
amounts as the generator wrote.
"""

import csv
import os

from lab import HERE, RUNS, Missing, figure, same, say

SMALL, LARGE = 20_000, 200_000
OPENPYXL = os.path.join(HERE, "peers", "sheet_openpyxl.py")


def check_dump(path, facts):
    rows = cells = phones = amount = 0
    with open(path, newline="", encoding="utf-8") as f:
        for row in csv.reader(f):
            rows += 1
            cells += sum(1 for cell in row if cell != "")
            if rows > 1:
                phones += int(row[1].replace("-", ""))
                amount += int(row[4])
    same("sheet dump and the generator", {"rows": rows, "cells": cells, "phones": phones, "amount": amount},
         {key: facts[key] for key in ("rows", "cells", "phones", "amount")})


def check_told(peer, told, facts):
    with open(told) as f:
        found = [int(word) for word in f.read().split()]
    same(f"{peer} and the generator", found, [facts[key] for key in ("rows", "cells", "phones", "amount")])


class Readers:
    def __init__(self, lab):
        self.lab, self.commands = lab, {}
        self.out = os.path.join(lab.path("sheet"), "out")
        for name, command in (("SheetJS", lambda: lab.node_peer("sheet_sheetjs.mjs")),
                              ("openpyxl", lambda: [lab.python_with("openpyxl"), OPENPYXL])):
            try:
                self.commands[name] = command()
            except Missing as why:
                say(f"sheet: without {name}: {why}")

    def ours(self, book):
        path, facts = book
        wall, cpu, peak = self.lab.timed(self.lab.program(), "sheet", "dump", path, out=self.out)
        return (facts["rows"] / wall, cpu, peak, wall)

    def theirs(self, name, book):
        path, facts = book
        wall, cpu, peak = self.lab.timed(*self.commands[name], path, out=self.out)
        check_told(name, self.out, facts)
        return (facts["rows"] / wall, cpu, peak, wall)


def column(samples, index):
    return [sample[index] for sample in samples]


def beside(lab, readers, strings):
    book = lab.workbook(LARGE, strings)
    case = f"{LARGE} rows x 8, {strings} strings"
    ours, theirs = [], {name: [] for name in readers.commands}
    for _ in range(RUNS):
        ours.append(readers.ours(book))
        for name in theirs:
            theirs[name].append(readers.theirs(name, book))
    readers.ours(book)
    check_dump(readers.out, book[1])
    for name, samples in theirs.items():
        for index, (what, unit, better) in enumerate(
                (("rows_per_s", "rows/s", "higher"), ("cpu", "s", "lower"), ("peak_memory", "MiB", "lower"))):
            figure("sheet", what, case, column(ours, index), unit, better, RUNS, name, column(samples, index))
    if not theirs:
        figure("sheet", "rows_per_s", case, column(ours, 0), "rows/s", "higher", RUNS)
    return ours


def growth(lab, readers, large, strings):
    small = [readers.ours(lab.workbook(SMALL, strings)) for _ in range(RUNS)]
    case = f"{strings} strings, {SMALL} to {LARGE} rows"
    figure("sheet", "memory_growth", case,
           [b - a for a, b in zip(sorted(column(small, 2)), sorted(column(large, 2)))], "MiB", "lower", RUNS)
    figure("sheet", "cpu_growth", case,
           [b / max(a, 0.01) * SMALL / LARGE
            for a, b in zip(sorted(column(small, 1)), sorted(column(large, 1)))],
           "of linear", "lower", RUNS)


def run(lab):
    readers = Readers(lab)
    for strings in ("shared", "inline"):
        growth(lab, readers, beside(lab, readers, strings), strings)
