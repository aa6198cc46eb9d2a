/*
 * encoding.h - which encoding a text file has, and the file as UTF-8.
 *
 * The rule: a BOM decides, unless it says UTF-8 and the bytes are none; otherwise what is valid
 * UTF-8 is UTF-8; otherwise it is CP949, which is what Korean Excel writes. The whole file is
 * looked at once before it is read, so that a wrong byte at its end is not found after a million
 * rows were shown. A person may overrule the guess. Refuses what cannot be decoded (with the line)
 * and what is no text. Called by sheet.c.
 */
#ifndef SHEET_ENCODING_H
#define SHEET_ENCODING_H

#include "sheet/source.h"
#include "sheet/trouble.h"

enum encoding {
    ENCODING_UTF8,
    ENCODING_CP949,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
};

/* "utf-8", "cp949", "utf-16le", "utf-16be". */
struct str encoding_name(enum encoding e);

/* Finds the encoding of the file, or checks `wanted` (a name, or empty) against it; `declared` is
 * what the file says of itself (empty: nothing), which is believed only where the bytes leave it
 * open. *bom is the number of bytes to pass over in front. -1: trouble. */
int encoding_find(int fd, struct str wanted, struct str declared, enum encoding *e, size_t *bom,
                  struct trouble *t) MUST_CHECK;

struct decoder;

/* The file from `offset` on as UTF-8, without the Ctrl-Z of DOS at its end; NULL: trouble. The
 * caller's to decoder_close. */
struct decoder *decoder_open(int fd, size_t offset, enum encoding e, struct trouble *t) MUST_CHECK;
void decoder_close(struct decoder **d);
struct source decoder_source(struct decoder *d);

#endif
