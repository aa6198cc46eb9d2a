#!/usr/bin/env python3
"""Turns schema/NNN-name.sql files into the C table `migrations` (src/store/engine.h).

usage: embed-schema.py OUTPUT.c FILE.sql...

Called by the build. Refuses names that do not start with a number and gaps or repeats in numbering.
"""
import pathlib
import sys


def c_text(sql: str) -> str:
    lines = [line.split("--")[0].rstrip() for line in sql.splitlines()]
    return "\n".join('    "%s\\n"' % l.replace("\\", "\\\\").replace('"', '\\"') for l in lines if l)


def main() -> None:
    out, *files = sys.argv[1:]
    rows = []
    for want, path in enumerate(sorted(map(pathlib.Path, files)), 1):
        number, _, name = path.stem.partition("-")
        if int(number) != want:
            sys.exit(f"{path}: migration {want} expected")
        rows.append(f'{{{want}, "{name}",\n{c_text(path.read_text())}}},')
    pathlib.Path(out).write_text(
        '#include "store/engine.h"\n\nconst struct migration migrations[] = {\n'
        + "\n".join(rows)
        + "\n};\nconst size_t migration_count = sizeof migrations / sizeof *migrations;\n"
    )


main()
