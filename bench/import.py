"""import - from an uploaded workbook to confirmed contacts, through the API, on SQLite.

Clock: from the first byte of POST /imports to the answer of its confirmation; that holds reading,
a verdict and a stored row for each row, then one transaction that makes the contacts and a group.
Commits are flushed to the disk (synchronous=FULL). Each run has a fresh server and database.

The peer is the script that a team would write: SheetJS reads the same file, node:sqlite upserts
into one table with a unique phone (WAL, synchronous=NORMAL, one transaction), nothing else is kept.
Its clock leaves out the start of Node and the loading of its modules. Both must end with one
contact for each different number.
"""

import json
import os
import time

from lab import RUNS, Api, Missing, cpu_s, figure, memory_mib, same, say

SMALL, LARGE = 10_000, 100_000
PEER = "SheetJS + node:sqlite"


def ours(lab, rows):
    path, facts = lab.workbook(rows)
    server = lab.serve()
    api = Api(server.port).sign_up()
    cpu, begun = cpu_s(server.pid), time.monotonic()
    made = api.upload(path)
    uploaded = time.monotonic()
    done = api.confirm(made["id"], "가져오기")
    wall = time.monotonic() - begun
    sample = {"wall": wall, "upload": uploaded - begun, "rate": rows / wall,
              "cpu": cpu_s(server.pid) - cpu, "peak": memory_mib(server.pid)}
    same("rows read", made["counts"]["rows"], rows)
    same("contacts and different numbers", done["result"]["created"], facts["different"])
    same("contacts in the group", api.call("GET", f"/groups/{done['group']['id']}")["member_count"],
         facts["different"])
    lab.stop(server)
    return sample


def theirs(lab, command, rows):
    path, facts = lab.workbook(rows)
    folder = lab.path("import-peer")
    out = os.path.join(folder, "out")
    _, cpu, peak = lab.timed(*command, path, os.path.join(folder, "contacts.db"), out=out)
    with open(out) as f:
        told = json.load(f)
    same("rows read by the peer", told["rows"], rows)
    same("contacts of the peer and different numbers", told["contacts"], facts["different"])
    return {"rate": rows / told["seconds"], "cpu": cpu, "peak": peak}


def column(samples, key):
    return [sample[key] for sample in samples]


def beside(lab, command, rows):
    case = f"{rows} rows x 8, shared strings, SQLite"
    mine, peer = [], []
    for _ in range(RUNS):
        mine.append(ours(lab, rows))
        if command:
            peer.append(theirs(lab, command, rows))
    for key, name, unit, better in (("rate", "rows_per_s", "rows/s", "higher"), ("cpu", "cpu", "s", "lower"),
                                    ("peak", "peak_memory", "MiB", "lower")):
        more = (PEER, column(peer, key)) if peer else ()
        figure("import", name, case, column(mine, key), unit, better, RUNS, *more)
    figure("import", "upload_part", case, [s["upload"] / s["wall"] for s in mine], "of the time", "lower", RUNS)
    return mine


def run(lab):
    try:
        command = lab.node_peer("import_sheetjs_sqlite.mjs")
    except Missing as why:
        say(f"import: without a peer: {why}")
        command = None
    small, large = beside(lab, command, SMALL), beside(lab, command, LARGE)
    for key in ("wall", "cpu"):
        figure("import", f"{key}_growth", f"{SMALL} to {LARGE} rows",
               [b / max(a, 0.01) * SMALL / LARGE
                for a, b in zip(sorted(column(small, key)), sorted(column(large, key)))],
               "of linear", "lower", RUNS)
