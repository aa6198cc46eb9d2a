/*
 * xls_book.h - what an old workbook says about itself before its sheets come: code page, date
 * system, sheets, number formats and the table of shared texts.
 *
 * Reads BIFF8 (Excel 97 to 2003) and BIFF5 (Excel 5 and 95, which wrote no table of texts). Refuses
 * passwords and the formats before. Called by sheet.c, which chooses a sheet, and by xls_rows.c.
 */
#ifndef SHEET_XLS_BOOK_H
#define SHEET_XLS_BOOK_H

#include "base/buf.h"
#include "sheet/number_format.h"
#include "sheet/shared_strings.h"
#include "sheet/xls_text.h"

#define XLS_FORMATS 65536 /* ids of number formats, and of cell formats, are 16 bits */

struct xls_book {
    struct ole_stream stream;
    struct xls_records records;
    struct trouble *trouble;
    bool biff8, date1904;
    bool bare;                    /* a sheet and nothing around it */
    struct xls_codepage codepage; /* of the texts of BIFF5 */
    struct buf sheets;            /* of struct sheet_info: the worksheets in tab order */
    struct buf places;            /* of int64_t: where the BOF of each stands */
    struct buf formats;           /* of uint16_t: the number format of each cell format */
    unsigned char *shapes; /* XLS_FORMATS of enum number_shape: what each number format shows */
    char *room;            /* SHEET_CELL_MAX bytes for a text, while the book is opened */
    struct shared_strings shared;
};

/* Opens the workbook in the stream, which it takes over; texts come from the arena. -1: trouble.
 * The caller's to xls_book_close in either case. */
int xls_book_open(struct xls_book *b, struct ole_stream stream, struct arena *a,
                  struct trouble *t) MUST_CHECK;
void xls_book_close(struct xls_book *b);

/* How many worksheets there are. */
size_t xls_book_sheets(const struct xls_book *b);
/* Where the records of sheet `index` (below that number) begin in the stream. */
int64_t xls_book_place(const struct xls_book *b, size_t index);
/* Reads a text of `count` characters from the record, in the way of this version. -1: trouble. */
int xls_book_text(struct xls_book *b, size_t count, char *room, struct str *text) MUST_CHECK;

/* What numbers in cells of format `xf` show; a plain number when there is no such format. */
static inline enum number_shape xls_book_shape(const struct xls_book *b, size_t xf)
{
    const uint16_t *formats = (const void *)b->formats.ptr;
    return xf < b->formats.len / sizeof *formats ? (enum number_shape)b->shapes[formats[xf]]
                                                 : SHAPE_NUMBER;
}

#endif
