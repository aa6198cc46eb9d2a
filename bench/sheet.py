"""sheet - reading a workbook of a million rows, beside three readers and beside zlib alone.

Whole processes, from start to end: the file is opened, every cell of the first sheet is read, rows and
cells are counted, phones and amounts summed. Ours is bench/sheet_count.c over the sheet room; the peers
do the same with SheetJS (dense), exceljs and openpyxl (both in their way for large files). All must find
what the generator wrote. `dump` is `sendingo sheet dump`, which writes all of it as CSV besides.

The floor is zlib inflating the same two parts of the same file, streaming, and nothing else: no
checksum, nobody looks at the bytes (bench/inflate_floor.c). Ours and the floor run in turn between all
others, so there are more samples of them.
"""

import csv
import os
import zipfile

from lab import HERE, RUNS, Missing, figure, same, say

SMALL, LARGE = 100_000, 1_000_000
PARTS = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")
PEERS = {
    "SheetJS": lambda lab: lab.node_peer("sheet_sheetjs.mjs", heap_mib=12288),
    "exceljs, streaming": lambda lab: lab.node_peer("sheet_exceljs.mjs"),
    "openpyxl, read-only": lambda lab: [lab.python_with("openpyxl"), os.path.join(HERE, "peers", "sheet_openpyxl.py")],
}
FLOOR = "zlib inflates the same parts"
KINDS = (("rows_per_s", "rate", "rows/s", "higher"), ("cpu", "cpu", "s", "lower"),
         ("peak_memory", "peak", "MiB", "lower"))


class Readers:
    def __init__(self, lab):
        self.lab, self.peers = lab, {}
        self.out = os.path.join(lab.path("sheet"), "out")
        for name, command in PEERS.items():
            try:
                self.peers[name] = command(lab)
            except Missing as why:
                say(f"sheet: without {name}: {why}")

    def timed(self, command, rows):
        wall, cpu, peak = self.lab.timed(*command, out=self.out)
        with open(self.out) as f:
            told = [int(word) for word in f.read().split()]
        return told, {"rate": rows / wall, "wall": wall, "cpu": cpu, "peak": peak}

    def read(self, name, command, book):
        path, facts = book
        told, sample = self.timed([*command, path], facts["rows"])
        same(f"{name} and the generator", told, [facts[key] for key in ("rows", "cells", "phones", "amount")])
        return sample

    def ours(self, book):
        return self.read("sheet_count", [self.lab.tool("sheet_count")], book)

    def floor(self, book):
        path, facts = book
        with zipfile.ZipFile(path) as archive:
            size = sum(archive.getinfo(part).file_size for part in PARTS)
        told, sample = self.timed([self.lab.tool("inflate_floor"), path, *PARTS], facts["rows"])
        same("bytes inflated and in the directory", told, [size])
        return sample


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


def column(samples, key):
    return [sample[key] for sample in samples]


def beside(lab, readers, strings):
    book = lab.workbook(LARGE, strings)
    case = f"{LARGE} rows x 8, {strings} strings"
    ours, floor, theirs = [], [], {name: [] for name in readers.peers}
    for _ in range(RUNS):
        for name in [None, *theirs]:
            if name:
                theirs[name].append(readers.read(name, readers.peers[name], book))
            ours.append(readers.ours(book))
            floor.append(readers.floor(book))
    for name, samples in theirs.items():
        for what, key, unit, better in KINDS:
            figure("sheet", what, case, column(ours, key), unit, better, RUNS, name, column(samples, key))
    for what, key in (("time", "wall"), ("cpu", "cpu")):
        figure("sheet", what, case, column(ours, key), "s", "lower", len(ours), FLOOR, column(floor, key))
    figure("sheet", "peak_memory", case, column(ours, "peak"), "MiB", "lower", len(ours))
    return ours


def dump(lab, readers, strings):
    """As CSV, which goes nowhere; what it says is checked on the small file."""
    lab.timed(lab.program(), "sheet", "dump", lab.workbook(SMALL, strings)[0], out=readers.out)
    check_dump(readers.out, lab.workbook(SMALL, strings)[1])
    path, facts = lab.workbook(LARGE, strings)
    walls = [lab.timed(lab.program(), "sheet", "dump", path)[0] for _ in range(RUNS)]
    figure("sheet", "dump_rows_per_s", f"{LARGE} rows x 8, {strings} strings, as CSV",
           [facts["rows"] / wall for wall in walls], "rows/s", "higher", RUNS)


def growth(lab, readers, large, strings):
    small = [readers.ours(lab.workbook(SMALL, strings)) for _ in large]
    case = f"{strings} strings, {SMALL} to {LARGE} rows"
    pairs = {key: list(zip(sorted(column(small, key)), sorted(column(large, key))))
             for key in ("wall", "cpu", "peak")}
    figure("sheet", "memory_growth", case, [b - a for a, b in pairs["peak"]], "MiB", "lower", len(large))
    for key in ("wall", "cpu"):
        figure("sheet", f"{key}_growth", case, [b / max(a, 0.005) * SMALL / LARGE for a, b in pairs[key]],
               "of linear", "lower", len(large))


def run(lab):
    readers = Readers(lab)
    for strings in ("shared", "inline"):
        growth(lab, readers, beside(lab, readers, strings), strings)
        dump(lab, readers, strings)
