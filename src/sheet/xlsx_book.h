/*
 * xlsx_book.h - what a workbook says about itself: its sheets, date system and number formats.
 *
 * Called by sheet.c, which chooses a sheet, and by xlsx_rows.c, which reads its cells.
 */
#ifndef SHEET_XLSX_BOOK_H
#define SHEET_XLSX_BOOK_H

#include "sheet/number_format.h"
#include "sheet/xlsx_package.h"

struct xlsx_book {
    struct xlsx_package package;
    struct trouble *trouble;
    struct buf sheets;      /* of struct sheet_info: the worksheets in tab order */
    struct buf paths;       /* of struct str: the part of each */
    struct str shared_path; /* of the shared strings; ptr NULL: none */
    bool date1904;
    struct buf shapes; /* one byte (enum number_shape) per cell format */
};

/* Opens the workbook in `fd`; -1: trouble. `b` is the caller's to xlsx_book_close in either case.
 */
int xlsx_book_open(struct xlsx_book *b, int fd, int64_t file_size, struct arena *a,
                   struct trouble *t) MUST_CHECK;
void xlsx_book_close(struct xlsx_book *b);

/* How many worksheets there are. */
size_t xlsx_book_sheets(const struct xlsx_book *b);
/* The part of sheet `index` (below that number); ptr NULL: the workbook does not say. */
struct str xlsx_book_path(const struct xlsx_book *b, size_t index);

/* What numbers in cells of format `style` (the attribute s) show; a plain number when there is no
 * such format. */
static inline enum number_shape xlsx_book_shape(const struct xlsx_book *b, size_t style)
{
    return style < b->shapes.len ? (enum number_shape)b->shapes.ptr[style] : SHAPE_NUMBER;
}

#endif
