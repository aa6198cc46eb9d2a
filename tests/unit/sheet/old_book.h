/*
 * old_book.h - small .xls files for tests, written byte by byte without any library.
 *
 * Records are written down as text, so that a test is a row of a table:
 *
 *     "NUMBER h0 h1 h0 d1.5; LABEL h1 h0 h0 h2 b1 u'가나'"
 *
 * is a record NUMBER and a record LABEL. b, h, w are numbers of one, two and four bytes, d is a
 * double, '…' are bytes, u'…' is UTF-16LE, x0aff are bytes in hexadecimal; *9 before the last three
 * repeats them. A record is known by its name in xls_records.h, or by its number (0x41).
 */
#ifndef TEST_OLD_BOOK_H
#define TEST_OLD_BOOK_H

#include "base/buf.h"

struct old_sheet {
    const char *name; /* ASCII */
    unsigned state;   /* 0 visible, 1 hidden, 2 very hidden */
    unsigned kind;    /* 0 worksheet, 1 macros, 2 chart */
    unsigned is;      /* what its BOF says; 0: a worksheet */
    const char *records;
    bool endless; /* no EOF */
};

struct old_book {
    bool biff5;
    const char *globals; /* records, or NULL */
    const char *records; /* of the only sheet, called S, unless there are `sheets` */
    const struct old_sheet *sheets;
    size_t sheet_count;
};

/* Appends the records that a text describes. */
void records_build(struct buf *out, const char *text);
/* Appends the stream of a workbook. */
void old_stream_build(struct buf *out, const struct old_book *b);

struct ole_part {
    const char *name;
    struct str bytes;
};

/* Appends a compound file with sectors of 2^bits bytes; scattered: no sector follows the one before
 * it. Streams below 4096 bytes go into the mini stream. */
void ole_build(struct buf *out, const struct ole_part *parts, size_t n, unsigned bits,
               bool scattered);
/* Appends such a file with one workbook, as Excel would name it. */
void old_book_build(struct buf *out, const struct old_book *b);

#endif
