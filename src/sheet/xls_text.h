/*
 * xls_text.h - texts of old workbooks as UTF-8.
 *
 * Excel 97 and later (BIFF8) write UTF-16 or, where every character is below U+0100, only its lower
 * bytes; a text may change between the two at every CONTINUE record. Before, texts were bytes in
 * the code page of the machine, which the CODEPAGE record names. Rich-text runs and phonetic
 * readings are passed over; CR LF and CR become LF. Called by xls_book.c and xls_rows.c.
 */
#ifndef SHEET_XLS_TEXT_H
#define SHEET_XLS_TEXT_H

#include "sheet/xls_records.h"

#include <iconv.h>

/* How the bytes of older texts are to be read. */
struct xls_codepage {
    iconv_t to_utf8;
    iconv_t korean; /* where the file may be wrong about that; see below */
    int enough;     /* so many Hangul in a text say that it is; 0: the file is believed */
    bool is_korean; /* such a text has been seen */
};

/* By the number that the file gives, 0 when it gives none. Programs that write these files by hand
 * give none, or that of the West, 1252, whatever they write; and Excel reads them as the machine
 * does. So a text that has Hangul of KS X 1001 when read as CP949 (one when no number is given, two
 * against 1252), or any in UTF-8, is Korean, and after it whatever can be CP949. The rest is
 * Windows-1252. -1: trouble. `c` begins zeroed or was opened before; the caller's to
 * xls_codepage_close in either case. */
int xls_codepage_open(struct xls_codepage *c, unsigned number, struct trouble *t) MUST_CHECK;
void xls_codepage_close(struct xls_codepage *c);

/* Reads a text of `count` characters (BIFF8), its flags first, from the record into `room` of
 * SHEET_CELL_MAX bytes and passes over what belongs to it; -1: trouble. */
int xls_text_wide(struct xls_records *r, size_t count, char *room, struct str *text) MUST_CHECK;
/* The same for `count` bytes in a code page (BIFF5). */
int xls_text_bytes(struct xls_records *r, size_t count, struct xls_codepage *c, char *room,
                   struct str *text) MUST_CHECK;

#endif
