/*
 * xlsx_book.h - what a workbook says about itself: its sheets, date system and number formats.
 *
 * Follows the relationships of the package (ECMA-376 part 2) from `_rels/.rels` to the workbook and
 * from there to sheets, styles and shared strings, and reads no part that nobody asked for.
 * External targets are never opened. Called by xlsx_rows.c, which reads the cells.
 */
#ifndef SHEET_XLSX_BOOK_H
#define SHEET_XLSX_BOOK_H

#include "base/buf.h"
#include "sheet/number_format.h"
#include "sheet/zip.h"

struct xlsx_book {
    struct zip zip;
    struct arena *arena; /* the caller's: names and paths */
    struct trouble *trouble;
    struct buf sheets;                   /* of struct sheet_info: the worksheets in tab order */
    struct buf paths;                    /* of struct str: the part of each */
    struct str styles_path, shared_path; /* ptr NULL: none */
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

/* Opens a part as a stream; NULL: trouble, also when it is not there. */
struct zip_stream *xlsx_book_part(struct xlsx_book *b, struct str path) MUST_CHECK;

/* What numbers in cells of format `style` (the attribute s) show; a plain number when there is no
 * such format. */
static inline enum number_shape xlsx_book_shape(const struct xlsx_book *b, size_t style)
{
    return style < b->shapes.len ? (enum number_shape)b->shapes.ptr[style] : SHAPE_NUMBER;
}

#endif
