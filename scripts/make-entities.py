#!/usr/bin/env python3
"""Makes a C file with the named characters of HTML, sorted by name, for sheet/html_scan.c.

usage: make-entities.py OUTPUT.c

Called by the build. The names and characters are those of Python's own html.entities.
"""
import html.entities
import pathlib
import sys


def escaped(text):
    return "".join(f"\\x{byte:02X}" for byte in text.encode("utf-8"))


rows = sorted((name.encode("ascii"), text) for name, text in html.entities.html5.items())
lines = [f'    {{"{name.decode()}", "{escaped(text)}"}},' for name, text in rows]
pathlib.Path(sys.argv[1]).write_text("\n".join([
    "/* html_entities.c - made by scripts/make-entities.py: not to be changed by hand. */",
    '#include "sheet/html_entities.h"',
    "",
    "const struct html_entity html_entities[] = {",
    *lines,
    "};",
    f"const size_t html_entity_count = {len(rows)};",
    "",
]), encoding="utf-8")
