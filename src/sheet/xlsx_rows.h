/*
 * xlsx_rows.h - the rows of one worksheet, one at a time.
 *
 * The inner loop of SendinGo's intake: it follows the tags of `<sheetData>` and puts each cell in
 * canonical form into a row_build. Refuses references beyond the limits, rows that run backwards
 * and shared strings that do not exist. Called by sheet.c.
 */
#ifndef SHEET_XLSX_ROWS_H
#define SHEET_XLSX_ROWS_H

#include "sheet/row_build.h"
#include "sheet/shared_strings.h"
#include "sheet/xlsx_book.h"
#include "sheet/xml_scan.h"

struct xlsx_rows {
    struct xlsx_book *book; /* the caller's, outlives this */
    struct trouble *trouble;
    struct sheet_notes *notes;
    struct shared_strings shared;
    struct zip_stream *stream;
    struct xml xml;
    struct row_build row;
    int64_t number; /* of the row being read, or of the last one */
    bool hidden, ended;
};

/* Stands before the first row of sheet `index` of the book, whose notes are filled on the way; -1:
 * trouble. The caller's to xlsx_rows_close in either case. */
int xlsx_rows_open(struct xlsx_rows *r, struct xlsx_book *book, size_t index,
                   struct sheet_notes *notes) MUST_CHECK;
void xlsx_rows_close(struct xlsx_rows *r);
/* As sheet_next. */
int xlsx_rows_next(struct xlsx_rows *r, struct sheet_row *row) MUST_CHECK;

/* Settles the number of the row being read: rows must run forwards, within SHEET_ROWS_MAX. -1:
 * trouble. For xlsx_cell.c, because a row without a number takes that of its first cell. */
int xlsx_rows_number(struct xlsx_rows *r, int64_t number) MUST_CHECK;

#endif
