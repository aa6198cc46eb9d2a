/*
 * trouble.h - why reading stopped, told once.
 *
 * Every layer of the reader (zip, inflate, xml, csv …) shares one `struct trouble`. The lowest
 * layer knows the cause and sets it; the layers above only pass "no" on. The first cause stays.
 * What stands in `why` goes to the log and behind the sentence for people: it may name parts, rows
 * and lines of the file, never the content of a cell.
 */
#ifndef SHEET_TROUBLE_H
#define SHEET_TROUBLE_H

#include "base/attr.h"
#include "sheet/sheet.h"

struct trouble {
    enum sheet_error error; /* SHEET_OK: none so far */
    char why[200];
};

/* Notes the cause unless one is noted already; always -1, so that a function can return it. */
int trouble_set(struct trouble *t, enum sheet_error e, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
