"""desk - finding people among a million contacts, and the screens of contacts and groups.

A company with 1,000,000 contacts (imported through the API) and 1,000 groups. Every figure is the
time of one request over a kept connection, from the first byte sent to the last one received, one at
a time, with words that are drawn anew for every request: `p99` of those of a kind. `search` is what
the search field asks for while somebody types; the first page of 50 comes back with groups and
attributes.

The peers are what a team would write: LIKE '%…%' over name, number and attributes, which is what
consoles do; FTS5 with its trigram tokenizer on SQLite; pg_trgm with a GIN index and ILIKE on
PostgreSQL. They hold the same contacts, bare, and are asked inside one process (SQLite) or over one
connection (PostgreSQL): no HTTP, no groups, no JSON. Fewer requests are made of those that need
seconds. For words that mean the same to both, the first ids of the answers must
be the same.

`index_s` is how long after the end of the import the search has caught up; the import does not wait
for it, and searches meanwhile are right but slow.
"""

import contextlib
import http.client
import json
import random
import sqlite3
import statistics
import subprocess
import time
import urllib.parse

import workbook
from lab import Api, Missing, figure, memory_mib, same, say

LARGE, SMALL, GROUPS = 1_000_000, 100_000, 1_000
REQUESTS, SLOW_REQUESTS = 300, 12
SEED = 20
# Other words find more with us: across hyphens, in e-mail addresses, while a syllable is not complete.
COMPARED = ("a whole number", "nobody")


class Line:
    """One kept connection, as a browser has."""

    def __init__(self, api):
        self.headers = {"Accept": "application/json", "Cookie": api.cookie}
        self.line = http.client.HTTPConnection("127.0.0.1", api.port, timeout=60)

    def get(self, path):
        begun = time.perf_counter()
        self.line.request("GET", "/api/v1" + path, headers=self.headers)
        answer = self.line.getresponse()
        text = answer.read()
        took = (time.perf_counter() - begun) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]}")
        return took, json.loads(text)


def percentile(times, p):
    return sorted(times)[min(len(times) - 1, int(len(times) * p))]


class Words:
    """What people type, by kind; the same for every side."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def name(self):
        return self.dice.choice(workbook.NAMES)

    def kinds(self):
        d = self.dice
        return {
            "a whole name": self.name,
            "two syllables": lambda: self.name()[1:],
            "one syllable": lambda: d.choice(workbook.GIVEN),
            "the last four digits": lambda: f"{d.randrange(10000):04d}",
            "a whole number": lambda: workbook.number_of(d.randrange(LARGE)),
            "an attribute": lambda: d.choice(["달구벌대로 ", "센텀로 ", "월드컵로 "]).strip() + " " + str(d.randrange(1, 999)),
            "nobody": lambda: d.choice("쾅뷁꿻") + self.name()[0],
        }


def fill(lab, rows, engine):
    server = lab.serve(None, *(("--database", database(lab)) if engine == "PostgreSQL" else ()))
    api = Api(server.port).sign_up()
    made = api.upload(lab.workbook(rows)[0])
    api.confirm(made["id"], "모두")
    begun = time.monotonic()
    while unindexed(lab, server, engine):
        time.sleep(0.05)
    index_s = time.monotonic() - begun
    dice, last = random.Random(SEED), api.call("GET", "/contacts?limit=1")["items"][0]["id"]
    for n in range(GROUPS):
        group = api.call("POST", "/groups", {"name": f"{n % 40 + 1}월 손님 {n}"}, 201)
        api.call("POST", f"/groups/{group['id']}/members", {"contact_ids": dice.sample(range(1, last), 200)})
    while unindexed(lab, server, engine):
        time.sleep(0.05)
    return server, api, index_s


def database(lab):
    lab.desk_database = lab.database()
    return lab.desk_database


def unindexed(lab, server, engine):
    question = "SELECT count(*) FROM contact_unindexed"
    if engine == "SQLite":
        with contextlib.closing(sqlite3.connect(f"file:{server.data}/sendingo.db?mode=ro", uri=True)) as db:
            return db.execute(question).fetchone()[0]
    return int(ask(lab, question)[0][0])


def ask(lab, sql):
    told = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-d", lab.desk_database, "-c", sql], check=True,
                          capture_output=True, text=True).stdout
    return [line.split("|") for line in told.splitlines()]


def searched(line, words, requests):
    times, first = [], []
    for word in words[:requests]:
        took, page = line.get("/contacts?limit=50&q=" + urllib.parse.quote(word))
        times.append(took)
        first.append([c["id"] for c in page["items"]][:10])
    return times, first


def like(word):
    return "%" + word.replace("%", "") + "%"


class SqlitePeers:
    """The same contacts in a table of their own, and in FTS5."""

    def __init__(self, lab, server):
        self.db = sqlite3.connect(f"{lab.path('desk-peer')}/peer.db")
        self.db.execute("ATTACH ? AS ours", (f"file:{server.data}/sendingo.db?mode=ro",))
        self.db.execute("CREATE TABLE contact AS SELECT id, name, phone, attributes FROM ours.contact ORDER BY id")
        self.db.execute("CREATE UNIQUE INDEX contact_id ON contact (id)")
        begun = time.monotonic()
        self.db.execute("CREATE VIRTUAL TABLE found USING fts5(name, phone, attributes, tokenize='trigram')")
        self.db.execute("INSERT INTO found (rowid, name, phone, attributes)"
                        " SELECT id, name, phone, attributes FROM contact")
        self.db.commit()
        say(f"desk: FTS5 was filled in {time.monotonic() - begun:.1f} s")
        self.sides = {
            "LIKE on SQLite": "SELECT id FROM contact WHERE {where} ORDER BY id DESC LIMIT 50",
            "FTS5 trigram": "SELECT rowid FROM found WHERE {where} ORDER BY rowid DESC LIMIT 50",
        }

    def time(self, side, words):
        times, first = [], []
        for word in words:
            parts = word.split()
            where = " AND ".join(["(name LIKE ? OR phone LIKE ? OR attributes LIKE ?)"] * len(parts))
            args = [like(p) for p in parts for _ in range(3)]
            begun = time.perf_counter()
            rows = self.db.execute(self.sides[side].format(where=where), args).fetchall()
            times.append((time.perf_counter() - begun) * 1000)
            first.append([r[0] for r in rows][:10])
        return times, first


class PostgresqlPeers:
    """The same contacts in a table of their own, with and without an index of trigrams."""

    sides = {"LIKE on PostgreSQL": "bare", "pg_trgm": "indexed"}

    def __init__(self, lab, _server):
        self.lab = lab
        ask(lab, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for table in self.sides.values():
            ask(lab, f"CREATE TABLE peer_{table} AS SELECT id, name, phone, attributes FROM contact ORDER BY id")
            ask(lab, f"CREATE UNIQUE INDEX ON peer_{table} (id)")
        begun = time.monotonic()
        ask(lab, "CREATE INDEX ON peer_indexed USING gin (name gin_trgm_ops, phone gin_trgm_ops, attributes gin_trgm_ops)")
        say(f"desk: the index of pg_trgm was made in {time.monotonic() - begun:.1f} s")
        ask(lab, "ANALYZE peer_bare; ANALYZE peer_indexed")

    def time(self, side, words):
        """All in one psql, which says how long each statement took."""
        sql = ["\\timing on"]
        for word in words:
            where = " AND ".join("(name ILIKE '{0}' OR phone ILIKE '{0}' OR attributes ILIKE '{0}')".format(like(p))
                                 for p in word.split())
            sql.append(f"SELECT string_agg(id::text, ',') FROM (SELECT id FROM peer_{self.sides[side]} WHERE {where}"
                       " ORDER BY id DESC LIMIT 50) AS found;")
        told = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-d", self.lab.desk_database], check=True,
                              input="\n".join(sql), capture_output=True, text=True).stdout.splitlines()
        times = [float(t.split()[1]) for t in told if t.startswith("Time:")]
        first = [[int(i) for i in t.split(",")][:10] if t else [] for t in told if not t.startswith("Time:")]
        return times, first


def searches(lab, server, api, engine, rows):
    line = Line(api)
    peers = (SqlitePeers if engine == "SQLite" else PostgresqlPeers)(lab, server)
    worst = []
    for kind, draw in Words(SEED).kinds().items():
        words = [draw() for _ in range(REQUESTS)]
        times, first = searched(line, words, REQUESTS)
        worst.append(percentile(times, 0.99))
        for side in peers.sides:
            peer_times, peer_first = peers.time(side, words[:SLOW_REQUESTS])
            if kind in COMPARED:
                same(f"{kind}, {side}", first[:SLOW_REQUESTS], peer_first)
            figure("desk", "search_p50", f"{kind}, {rows} contacts, {engine}", [statistics.median(times)], "ms",
                   "lower", REQUESTS, side, [statistics.median(peer_times)])
        figure("desk", "search_p99", f"{kind}, {rows} contacts, {engine}", [percentile(times, 0.99)], "ms", "lower",
               REQUESTS)
    return max(worst)


def screens(api, engine, rows):
    line, dice = Line(api), random.Random(SEED)
    groups = line.get("/groups?limit=500")[1]["items"]
    everybody = max(groups, key=lambda g: g["member_count"])["id"]
    some = [g["id"] for g in groups if 0 < g["member_count"] < 1000]
    quote, names = urllib.parse.quote, workbook.NAMES
    looks = {
        "contacts, first page": lambda: "/contacts?limit=50",
        "contacts by name": lambda: "/contacts?limit=50&sort=name",
        "contacts by number": lambda: "/contacts?limit=50&sort=phone_desc",
        "contacts of a group": lambda: f"/contacts?limit=50&group_id={dice.choice(some)}",
        "contacts of a group, by name": lambda: f"/contacts?limit=50&sort=name&group_id={dice.choice(some)}",
        "contacts of a group of all, by name": lambda: f"/contacts?limit=50&sort=name&group_id={everybody}",
        "searched in a group": lambda: f"/contacts?limit=50&group_id={dice.choice(some)}&q={quote(dice.choice(names)[0])}",
        "searched in a group of all": lambda: f"/contacts?limit=50&group_id={everybody}&q={quote(dice.choice(names))}",
        "searched, by name": lambda: f"/contacts?limit=50&sort=name&q={quote(dice.choice(names))}",
        "counted": lambda: f"/contacts/count?q={dice.randrange(10000):04d}",
        "groups": lambda: "/groups?limit=50",
        "groups by members": lambda: "/groups?limit=50&sort=members",
        "groups searched": lambda: f"/groups?limit=50&q={quote(str(dice.randrange(1, 41)) + '월')}",
    }
    for name, path in looks.items():
        times = [line.get(path())[0] for _ in range(REQUESTS)]
        figure("desk", "screen_p99", f"{name}, {rows} contacts, {GROUPS} groups, {engine}",
               [percentile(times, 0.99)], "ms", "lower", REQUESTS)
    pages(line, rows, engine)


def pages(line, rows, engine):
    """A walk of 200 pages into the list by name: the hundredth costs what the first does."""
    times, cursor = [], ""
    for _ in range(200):
        took, page = line.get(f"/contacts?limit=50&sort=name&cursor={cursor}")
        times.append(took)
        cursor = page["next_cursor"]
    figure("desk", "screen_p99", f"200 pages by name, one after the other, {rows} contacts, {engine}",
           [percentile(times, 0.99)], "ms", "lower", 200)


def bulk(api, engine, rows):
    count = api.call("GET", "/contacts/count")["count"]
    target = api.call("POST", "/groups", {"name": "옮길 곳"}, 201)["id"]
    for case, order in (
            ("add all to a group", {"action": "add", "group_id": target}),
            ("remove all from it", {"action": "remove", "from_group_id": target})):
        begun = time.monotonic()
        done = api.call("POST", "/contact-actions", {**order, "selection": {"matching": {}}, "expected_count": count})
        same(case, done["changed"], count)
        figure("desk", "action_s", f"{case}, {rows} contacts, {engine}", [time.monotonic() - begun], "s", "lower", 1)


def measure(lab, engine):
    worst = {}
    for rows in (SMALL, LARGE):
        server, api, index_s = fill(lab, rows, engine)
        figure("desk", "index_s", f"{rows} contacts, {engine}", [index_s], "s", "lower", 1)
        worst[rows] = searches(lab, server, api, engine, rows)
        if rows == LARGE:
            screens(api, engine, rows)
            figure("desk", "peak_memory", f"{rows} contacts, {engine}", [memory_mib(server.pid)], "MiB", "lower", 1)
            bulk(api, engine, rows)
        lab.stop(server)
        lab.forget(server.data)
    figure("desk", "search_growth", f"worst p99 of a kind, {SMALL} to {LARGE} contacts, {engine}",
           [worst[LARGE] / worst[SMALL]], "times", "lower", 1)


def run(lab):
    for engine in ("SQLite", "PostgreSQL"):
        try:
            measure(lab, engine)
        except Missing as why:
            say(f"desk: without {engine}: {why}")
