#!/usr/bin/env python3
"""Makes an assembler file that puts a file into the program as `SYMBOL` … `SYMBOL_end`.

usage: embed-file.py OUTPUT.S SYMBOL FILE

Called by the build for the OpenAPI file and for the practice gateway's image.
"""
import pathlib
import sys

out, symbol, path = sys.argv[1:]
path = pathlib.Path(path).resolve()
pathlib.Path(out).write_text(f"""/* {path.stat().st_size} bytes of {path.name} */
    .section .rodata
    .global {symbol}
    .global {symbol}_end
{symbol}:
    .incbin "{path}"
{symbol}_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
""")
