/*
 * book.h - small workbooks for tests, written byte by byte without any library for spreadsheets.
 *
 * A test says what stands in the parts; the parts that it does not mention are there as Excel
 * writes them. Every part is stored or deflated as asked.
 */
#ifndef TEST_BOOK_H
#define TEST_BOOK_H

#include "base/buf.h"

struct book {
    const char *rows;         /* what stands in <sheetData> of the first sheet */
    const char *shared;       /* the <si> of the shared strings, or NULL: no such part */
    const char *styles;       /* inside <styleSheet>, or NULL: no such part */
    const char *properties;   /* attributes of <workbookPr> */
    const char *sheets;       /* the <sheet>s of the workbook, or NULL: one, called 고객 */
    const char *sheet_part;   /* the whole part of the first sheet instead of `rows` */
    const char *shared_part;  /* the whole part of the shared strings */
    size_t sheet_part_length; /* when it holds NUL bytes */
    bool deflated;
};

/* Appends the ZIP file of the workbook. */
void book_build(struct buf *out, const struct book *b);
/* Appends a ZIP file with these parts (names and texts in turn, ended by NULL). */
void zip_build(struct buf *out, bool deflated, const char *const *names_and_texts);
/* Writes bytes to a new temporary file and returns its path, the caller's to free and unlink. */
char *file_of(struct str bytes, const char *suffix);

#endif
