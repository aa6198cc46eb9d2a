"""import - a workbook of a million rows on its way to stored contacts, through the API.

Clock: from the first byte of POST /imports to the moment at which the import is seen to be confirmed
(it is asked for every 50 ms); that holds the upload, reading and checking every row, a verdict for each,
and the job that makes contacts and members of a group. Commits are flushed to the disk
(synchronous=FULL). Each run has a fresh server and database.

The peers are scripts as a team would write them: SheetJS, exceljs (streaming) or openpyxl (read-only)
into SQLite (one transaction of upserts, synchronous=NORMAL) or PostgreSQL (COPY and one upsert); see
peers/import_script.*. They keep two tables and no verdicts, and their clock leaves out the start of
Node and Python. All of them run once, then the fastest of each engine in turn with ours. Every side
must end with one contact, and one member, for each different number.

While another import runs, visitor.py asks for small things every 20 ms: `others` is how long that took.
"""

import json
import os
import statistics
import subprocess
import sys
import time

from lab import HERE, RUNS, Api, Missing, cpu_s, figure, memory_mib, same, say

SMALL, LARGE = 100_000, 1_000_000
READERS = {"SheetJS": "sheetjs", "exceljs": "exceljs", "openpyxl": None}
STORES = {"SQLite": "sqlite", "PostgreSQL": "postgresql"}


def ours(lab, rows, engine, visited=False):
    path, facts = lab.workbook(rows)
    server = lab.serve(None, *(("--database", lab.database()) if engine == "PostgreSQL" else ()))
    api = Api(server.port).sign_up()
    visitor = visitor_begin(lab, api) if visited else None
    cpu, begun = cpu_s(server.pid), time.monotonic()
    made = api.upload(path)
    checked = time.monotonic()
    done = api.confirm(made["id"], "가져오기")
    wall = time.monotonic() - begun
    sample = {"wall": wall, "upload": (checked - begun) / wall, "rate": rows / wall,
              "cpu": cpu_s(server.pid) - cpu, "peak": memory_mib(server.pid)}
    if visitor:
        sample.update(visitor_end(lab, visitor))
    same("rows read", made["counts"]["rows"], rows)
    same("contacts and different numbers", done["result"]["created"], facts["different"])
    same("contacts in the group", api.call("GET", f"/groups/{done['group']['id']}")["member_count"],
         facts["different"])
    lab.stop(server)
    lab.forget(server.data)
    return sample


def visitor_begin(lab, api):
    return lab.start(sys.executable, os.path.join(HERE, "visitor.py"), api.port, api.cookie,
                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr)


def visitor_end(lab, visitor):
    told = json.loads(visitor.communicate(b"\n", timeout=120)[0])
    lab.stop(visitor)
    return told


class Peers:
    """The scripts of one engine; the fastest is found in the first round."""

    def __init__(self, lab, engine):
        self.lab, self.engine, self.commands = lab, engine, {}
        module = {"SQLite": "sqlite3", "PostgreSQL": "psycopg2"}[engine]
        for name, reader in READERS.items():
            try:
                if reader:
                    command = [*lab.node_peer("import_script.mjs", heap_mib=12288), reader]
                else:
                    command = [lab.python_with(f"openpyxl, {module}"), os.path.join(HERE, "peers", "import_script.py")]
                self.commands[f"{name} + {engine}"] = [*command, STORES[engine]]
            except Missing as why:
                say(f"import: without {name}: {why}")

    def run(self, name, rows):
        path, facts = self.lab.workbook(rows)
        folder = self.lab.path("import-peer")
        target = os.path.join(folder, "contacts.db") if self.engine == "SQLite" else self.lab.database()
        out = os.path.join(folder, "out")
        _, cpu, peak = self.lab.timed(*self.commands[name], path, target, out=out)
        with open(out) as f:
            told = json.load(f)
        self.lab.forget(folder)
        same("rows read by the peer", told["rows"], rows)
        for what in ("contacts", "members"):
            same(f"{what} of the peer and different numbers", told[what], facts["different"])
        say(f"import: {name}: {told['seconds']:.1f} s, {peak:.0f} MiB")
        return {"rate": rows / told["seconds"], "cpu": cpu, "peak": peak}

    def fastest(self, rows):
        """Its name, and a list that its first sample begins."""
        first = {name: self.run(name, rows) for name in self.commands}
        name = max(first, key=lambda name: first[name]["rate"], default=None)
        return name, [first[name]] if name else []


def column(samples, key):
    return [sample[key] for sample in samples]


def beside(lab, rows, engine):
    case = f"{rows} rows x 8, shared strings, {engine}"
    peers = Peers(lab, engine)
    mine = [ours(lab, rows, engine)]
    name, theirs = peers.fastest(rows)
    for _ in range(1, RUNS):
        mine.append(ours(lab, rows, engine))
        if name:
            theirs.append(peers.run(name, rows))
    # What the server of PostgreSQL used is in neither side's CPU and memory.
    for key, what, unit, better in (("rate", "rows_per_s", "rows/s", "higher"), ("cpu", "cpu", "s", "lower"),
                                    ("peak", "peak_memory", "MiB", "lower")):
        more = (name, column(theirs, key)) if name else ()
        figure("import", what, case, column(mine, key), unit, better, RUNS, *more)
    figure("import", "upload_part", case, column(mine, "upload"), "of the time", "lower", RUNS)
    return mine


def growth(lab, large, engine):
    small = [ours(lab, SMALL, engine) for _ in range(RUNS)]
    case = f"{SMALL} to {LARGE} rows, {engine}"
    for key in ("wall", "cpu"):
        figure("import", f"{key}_growth", case,
               [b / max(a, 0.01) * SMALL / LARGE
                for a, b in zip(sorted(column(small, key)), sorted(column(large, key)))],
               "of linear", "lower", RUNS)
    figure("import", "memory_growth", case,
           [b - a for a, b in zip(sorted(column(small, "peak")), sorted(column(large, "peak")))],
           "MiB", "lower", RUNS)


def others(lab, engine):
    """How long small requests take while an import runs."""
    samples = [ours(lab, LARGE, engine, visited=True) for _ in range(RUNS)]
    for kind in ("read", "write"):
        hundredths = [statistics.quantiles(sample[kind], n=100) for sample in samples]
        for part in (50, 99):
            figure("import", f"others_{kind}_p{part}", f"while {LARGE} rows are imported, {engine}",
                   [h[part - 1] for h in hundredths], "ms", "lower", RUNS)
        figure("import", f"others_{kind}_most", f"while {LARGE} rows are imported, {engine}",
               [max(sample[kind]) for sample in samples], "ms", "lower", RUNS)


def run(lab):
    for engine in STORES:
        try:
            growth(lab, beside(lab, LARGE, engine), engine)
            others(lab, engine)
        except Missing as why:
            say(f"import: without {engine}: {why}")
