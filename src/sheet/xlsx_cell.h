/*
 * xlsx_cell.h - one cell of a worksheet into the row being built.
 *
 * Two ways lead to the same cell: xlsx_cell_read follows the tags one by one and understands all
 * that the standard allows; xlsx_cells_quick takes the few forms in which nearly all cells of the
 * world are written straight out of the window, and leaves the rest, and every complaint, to the
 * first. Called by xlsx_rows.c only.
 */
#ifndef SHEET_XLSX_CELL_H
#define SHEET_XLSX_CELL_H

#include "sheet/xlsx_rows.h"

/* Where the row being read stands. */
struct xlsx_place {
    int64_t number; /* 0: not known before its first cell */
    size_t column;  /* of the next cell without a reference */
    /* The row's number as its cells repeat it, with the quote behind: `12"`. */
    size_t digits; /* its bytes; 0: not known */
    uint64_t text, mask;
};

/* After the XML_OPEN of a <c>: reads it to its end; -1: trouble. */
int xlsx_cell_read(struct xlsx_rows *r, struct xlsx_place *place) MUST_CHECK;
/* Between cells: reads as many as stand there in the usual forms and stops before what is something
 * else; -1: trouble. */
int xlsx_cells_quick(struct xlsx_rows *r, struct xlsx_place *place) MUST_CHECK;

/* The attribute t of a cell (ECMA-376 part 1, 18.18.11). */
enum cell_type {
    CELL_NUMBER,
    CELL_SHARED,
    CELL_TEXT, /* str and inlineStr */
    CELL_BOOLEAN,
    CELL_ERROR,
    CELL_ISO_DATE,
};

struct cell {
    size_t column; /* 0-based */
    size_t style;
    enum cell_type type;
};

/* Settles row and column of a cell: `column` and `number` are those of its reference, or SIZE_MAX
 * and 0 without one. -1: trouble. */
int xlsx_cell_place(struct xlsx_rows *r, struct xlsx_place *place, size_t column, int64_t number,
                    struct cell *c) MUST_CHECK;
/* Puts the value `s` of a cell into the row. `s` stands in `room`, which is from row_build_room.
 * -1: trouble. */
int xlsx_cell_put(struct xlsx_rows *r, const struct cell *c, struct str s, char *room) MUST_CHECK;
/* Puts shared string `index` (below the count) into the row, to be looked up at the row's end. */
static inline void xlsx_cell_put_shared(struct xlsx_rows *r, size_t column, size_t index)
{
    shared_strings_expect(&r->shared, index);
    row_build_put(&r->row, column, str_n(NULL, index + 1));
}

#endif
