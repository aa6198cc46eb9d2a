/*
 * trouble.h - why reading stopped, told once.
 *
 * Every layer of the reader (zip, inflate, xml, csv …) shares one `struct trouble`. The lowest
 * layer knows the cause and sets it; the layers above only pass "no" on. The first cause stays.
 * What stands in `why` goes to the log and behind the sentence for people: it may name parts, rows
 * and lines of the file, never the content of a cell. The sentences are in refusal.c.
 */
#ifndef SHEET_TROUBLE_H
#define SHEET_TROUBLE_H

#include "base/attr.h"
#include "sheet/sheet.h"

/* What a file is that is no list; refusal.c has the words. */
enum thing {
    THING_UNKNOWN,
    THING_BINARY, /* text with bytes that are none */
    THING_PDF,
    THING_PICTURE,
    THING_VIDEO,
    THING_ARCHIVE,
    THING_HWP,
    THING_HWPX,
    THING_WORD,
    THING_SLIDES,
    THING_NUMBERS,
    THING_RTF,
    THING_MAIL,
    THING_CONTACTS,
    THING_DATABASE,
    THING_XML,
    THING_MHT,
    THING_PROGRAM,
    THING_XLSB, /* these two have sentences of their own */
    THING_ODS,
    THINGS, /* how many there are */
};

struct trouble {
    enum sheet_error error; /* SHEET_OK: none so far */
    enum thing thing;
    int64_t row, line;    /* where, 1-based; 0: not known, or nowhere */
    const char *encoding; /* static; the one in which a text could not be read */
    char why[200];
};

/* Notes the cause unless one is noted already; always -1, so that a function can return it. */
int trouble_set(struct trouble *t, enum sheet_error e, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The same with the row of the sheet, or the line of the text, in front. */
int trouble_set_row(struct trouble *t, enum sheet_error e, int64_t row, const char *what);
int trouble_set_line(struct trouble *t, enum sheet_error e, int64_t line, const char *what);
/* The file is something else: SHEET_E_UNSUPPORTED, or another class when `e` says so. */
int trouble_set_thing(struct trouble *t, enum sheet_error e, enum thing thing);

/* The words for a thing: "PDF 문서", "a PDF document". */
const char *thing_name(enum thing thing, bool english);

#endif
