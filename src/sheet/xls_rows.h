/*
 * xls_rows.h - the rows of one worksheet of an old workbook, one at a time.
 *
 * Follows the runs that the survey has found and puts each cell in canonical form into a row_build.
 * Refuses texts that do not exist and records that are shorter than their cells. Called by sheet.c.
 */
#ifndef SHEET_XLS_ROWS_H
#define SHEET_XLS_ROWS_H

#include "sheet/row_build.h"
#include "sheet/xls_book.h"
#include "sheet/xls_survey.h"

struct xls_rows {
    struct xls_book *book; /* the caller's, outlives this */
    struct trouble *trouble;
    struct xls_survey survey;
    struct row_build row;
    size_t run;      /* the next one */
    uint32_t number; /* of the row being read, 0-based */
};

/* Stands before the first row of sheet `index` of the book and has told `notes` everything; -1:
 * trouble. The caller's to xls_rows_close in either case. */
int xls_rows_open(struct xls_rows *r, struct xls_book *book, size_t index,
                  struct sheet_notes *notes) MUST_CHECK;
void xls_rows_close(struct xls_rows *r);
/* As sheet_next. */
int xls_rows_next(struct xls_rows *r, struct sheet_row *row) MUST_CHECK;

#endif
