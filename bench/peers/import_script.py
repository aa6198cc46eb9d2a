"""import_script.py STORE FILE TARGET - the import script of a team that writes Python.

openpyxl (read-only) reads the first sheet; STORE is sqlite (sqlite3, TARGET a file) or postgresql
(psycopg2, TARGET an address). The rows become contacts of company 1, one for each phone, the last row
with it wins; all of them become members of one group. SQLite: one transaction of upserts, WAL,
synchronous=NORMAL. PostgreSQL: COPY into a temporary table, then one set-based upsert. Prints {rows,
refused, contacts, members, seconds}; the clock starts when the modules are loaded.
"""

import json
import re
import sys
import time

import openpyxl

MOBILE = re.compile(r"01[016789]\d{7,8}")
NO_DIGIT = re.compile(r"\D")
TABLES = """CREATE TABLE contact (id %s, company_id bigint NOT NULL, name text NOT NULL, phone text NOT NULL,
    email text, attributes text NOT NULL, UNIQUE (company_id, phone));
  CREATE TABLE member (group_id bigint NOT NULL, contact_id bigint NOT NULL, PRIMARY KEY (group_id, contact_id));"""
UPSERT = """ON CONFLICT (company_id, phone) DO UPDATE SET name = excluded.name, email = excluded.email,
  attributes = excluded.attributes"""
JOIN = "INSERT INTO member SELECT 1, id FROM contact WHERE company_id = 1"
told = {"rows": 0, "refused": 0}


def contacts(path):
    book = openpyxl.load_workbook(path, read_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    keys = next(rows)
    for row in rows:
        told["rows"] += 1
        phone = NO_DIGIT.sub("", str(row[1] or ""))
        if not MOBILE.fullmatch(phone):
            told["refused"] += 1
            continue
        attributes = {key: str(value) for key, value in zip(keys[3:], row[3:]) if value is not None}
        yield row[0] or "", phone, row[2] or "", json.dumps(attributes, ensure_ascii=False)


def sqlite(path, target):
    import sqlite3
    db = sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -262144"):
        db.execute(f"PRAGMA {pragma}")
    db.executescript(TABLES % "integer PRIMARY KEY")
    db.execute("BEGIN")
    db.executemany("INSERT INTO contact (company_id, name, phone, email, attributes) VALUES (1, ?, ?, ?, ?) " + UPSERT,
                   contacts(path))
    db.execute(JOIN)
    db.execute("COMMIT")
    return {f"{table}s": db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("contact", "member")}


class Lines:
    """What COPY reads: a file of the contacts' lines."""

    def __init__(self, path):
        self.rows, self.left, self.n = contacts(path), "", 0

    def read(self, size):
        parts, have = [self.left], len(self.left)
        for row in self.rows:
            line = "\t".join([str(self.n), *map(escaped, row)]) + "\n"
            self.n += 1
            parts.append(line)
            have += len(line)
            if have >= size:
                break
        text = "".join(parts)
        self.left = text[size:]
        return text[:size]


def escaped(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def postgresql(path, target):
    import psycopg2
    db = psycopg2.connect(target)
    with db, db.cursor() as c:
        c.execute(TABLES % "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
    with db, db.cursor() as c:
        c.execute("CREATE TEMPORARY TABLE staged (n bigint, name text, phone text, email text, attributes text)")
        c.copy_expert("COPY staged FROM STDIN", Lines(path), size=65536)
        c.execute("INSERT INTO contact (company_id, name, phone, email, attributes) SELECT DISTINCT ON (phone) 1, name,"
                  " phone, email, attributes FROM staged ORDER BY phone, n DESC " + UPSERT)
        c.execute(JOIN)
    with db.cursor() as c:
        counts = {}
        for table in ("contact", "member"):
            c.execute(f"SELECT count(*) FROM {table}")
            counts[f"{table}s"] = c.fetchone()[0]
    return counts


def main():
    store, path, target = sys.argv[1:4]
    if store == "sqlite":
        import sqlite3  # noqa: F401, loaded before the clock
    else:
        import psycopg2  # noqa: F401
    begun = time.monotonic()
    counts = {"sqlite": sqlite, "postgresql": postgresql}[store](path, target)
    print(json.dumps({**told, **counts, "seconds": time.monotonic() - begun}))


main()
