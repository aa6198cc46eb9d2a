#!/usr/bin/env python3
"""Packs a folder of files into the binary: pack-assets.py FOLDER OUT.S OUT.c [OUT.d]

Called by the build on the built page (ui/dist). OUT.S holds the bytes (.incbin), OUT.c the table
ui_assets[] of src/http/assets.h, OUT.d the files for the build's own dependency tracking. Beside
them stand the compressed forms, each kept only where it saves a twentieth: gzip always, brotli when
the `brotli` program is there. Source maps and hidden files are left out. The same folder gives the
same output, so builds can be compared.
"""

import gzip
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys

WORTH = 0.95
HASHED = re.compile(r"^/assets/.*[-.][0-9A-Za-z_-]{8,}\.[0-9a-z.]+$")
ALREADY_SMALL = {".png", ".jpg", ".webp", ".woff2", ".xlsx", ".zip"}


def files_of(folder):
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and path.suffix != ".map" and not any(p.startswith(".") for p in relative.parts):
            yield "/" + relative.as_posix(), path


def brotli(data):
    program = shutil.which("brotli")
    if not program:
        return None
    return subprocess.run([program, "--best", "--stdout", "-"], input=data, stdout=subprocess.PIPE, check=True).stdout


def forms_of(path, data, out):
    """The file as it is and its smaller forms, as (name, file) pairs."""
    yield "raw", path
    if path.suffix in ALREADY_SMALL:
        return
    for name, small in (("gzip", gzip.compress(data, 9, mtime=0)), ("brotli", brotli(data))):
        if small is not None and len(small) < len(data) * WORTH:
            packed = out.parent / f"{out.stem}.packed" / f"{hashlib.sha256(data).hexdigest()}.{name}"
            packed.parent.mkdir(parents=True, exist_ok=True)
            packed.write_bytes(small)
            yield name, packed


def c_text(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def pack(folder, asm_path, c_path):
    asm = ["/* Made by scripts/pack-assets.py. */", '\t.section .rodata,"a",%progbits']
    names, rows = [], []
    for number, (url, path) in enumerate(files_of(folder)):
        data = path.read_bytes()
        row = [f".path = {c_text(url)}", f'.etag = "\\"{hashlib.sha256(data).hexdigest()[:32]}\\""']
        if HASHED.match(url):
            row.append(".immutable = true")
        for form, file in forms_of(path, data, asm_path):
            name = f"ui_asset_{number}_{form}"
            asm += ["\t.balign 16", f"\t.globl {name}, {name}_end", f"{name}:", f"\t.incbin {c_text(file.resolve())}",
                    f"{name}_end:", "\t.byte 0"]
            names.append(name)
            row += [f".{form} = {name}", f".{form}_end = {name}_end"]
        rows.append("    {" + ", ".join(row) + "},")
    asm.append('\t.section .note.GNU-stack,"",%progbits')
    asm_path.write_text("\n".join(asm) + "\n")
    c = ["/* Made by scripts/pack-assets.py. */", '#include "http/assets.h"', ""]
    c += [f"extern const unsigned char {name}[], {name}_end[];" for name in names]
    c += ["", "const struct http_asset ui_assets[] = {", *rows, "    {0}, /* an empty folder is a table, too */", "};",
          f"const size_t ui_asset_count = {len(rows)};"]
    c_path.write_text("\n".join(c) + "\n")


def main(folder, asm, c, depfile=None):
    folder, asm, c = pathlib.Path(folder), pathlib.Path(asm), pathlib.Path(c)
    if not folder.is_dir():
        sys.exit(f"{folder}: no such folder (build the page first)")
    pack(folder, asm, c)
    if depfile:
        inputs = " ".join(str(path).replace(" ", "\\ ") for _, path in files_of(folder))
        pathlib.Path(depfile).write_text(f"{asm} {c}: {inputs}\n")


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    main(*sys.argv[1:])
