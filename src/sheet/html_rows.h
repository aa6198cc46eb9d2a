/*
 * html_rows.h - the tables of a web page as sheets.
 *
 * Korean malls and ERPs save lists as a page with a table, under the name .xls. The page is read
 * twice: once to see which tables it has, once for the rows of the chosen one, so that memory does
 * not grow with either. A table around a larger one is layout and no sheet; a smaller table inside
 * a cell is text of that cell. The value of a merged cell stands in its first place, the others
 * are empty. Refuses pages without a table of two cells and what exceeds the limits of sheet.h.
 * Called by sheet.c.
 */
#ifndef SHEET_HTML_ROWS_H
#define SHEET_HTML_ROWS_H

#include "base/buf.h"
#include "sheet/encoding.h"
#include "sheet/html_text.h"
#include "sheet/html_walk.h"
#include "sheet/row_build.h"

struct html_rows {
    int fd;
    size_t offset; /* bytes of BOM */
    enum encoding encoding;
    struct arena *arena;
    struct sheet_notes *notes;
    struct trouble *trouble;
    struct buf tables; /* of struct html_table (html_tables.h) */
    struct buf infos;  /* of struct sheet_info: the same as sheets */
    struct decoder *decoder;
    struct html_walk walk;
    struct row_build row;
    struct html_text text; /* of the open cell */
    size_t depth;          /* of the chosen table, 0: not reached */
    int64_t ordinal;
    int64_t number;          /* of the row being read */
    size_t column;           /* of the cell being read, or the next one */
    size_t colspan, rowspan; /* of the cell being read */
    size_t columns_told;     /* by <col> */
    bool row_hidden, cell_hidden, in_cell, ended;
    uint32_t *taken; /* by column: the last row that a merged cell above reaches */
    uint64_t shown[SHEET_COLUMNS_MAX / 64], unshown[SHEET_COLUMNS_MAX / 64]; /* had such cells */
};

/* Looks through the page in `fd` from `offset` on; -1: trouble. The caller's to html_rows_close in
 * either case. */
int html_rows_open(struct html_rows *r, int fd, size_t offset, enum encoding e, struct arena *a,
                   struct sheet_notes *notes, struct trouble *t) MUST_CHECK;
void html_rows_close(struct html_rows *r);

/* Its tables, at least one, and which of them has the most cells. */
size_t html_rows_tables(const struct html_rows *r, const struct sheet_info **list, size_t *most);
/* Stands before the first row of table `index`; -1: trouble. */
int html_rows_choose(struct html_rows *r, size_t index) MUST_CHECK;
/* As sheet_next. */
int html_rows_next(struct html_rows *r, struct sheet_row *row) MUST_CHECK;

#endif
