/*
 * row_build.h - the row being read: its cells and the bytes of their texts.
 *
 * Memory is taken once and used again for every row, so reading costs no allocation per cell or
 * row. Texts stand in blocks that never move: a cell handed out stays valid until the next row
 * begins. Used by xlsx_rows.c and csv.c; refuses rows wider or longer than the limits of sheet.h.
 */
#ifndef SHEET_ROW_BUILD_H
#define SHEET_ROW_BUILD_H

#include "sheet/trouble.h"

#include <assert.h>

struct row_block;

struct row_build {
    struct str *cells; /* SHEET_COLUMNS_MAX of them */
    size_t count;      /* up to the last cell that is not empty */
    struct row_block *first, *current;
    char *at, *end; /* what is free of the current block */
    size_t before;  /* bytes in the blocks before it */
};

/* -1 without memory. The caller's to row_build_free. */
int row_build_init(struct row_build *r, struct trouble *t) MUST_CHECK;
void row_build_free(struct row_build *r);
/* Begins a new row; what the last one held is gone. */
void row_build_begin(struct row_build *r);

/* Moves on to a block with room for one more cell; NULL as below. */
char *row_build_more(struct row_build *r, struct trouble *t) MUST_CHECK;
/* Where the text of one cell may be written, with room for SHEET_CELL_MAX bytes; NULL: the row is
 * too long or there is no memory. What is not kept is simply not taken. */
static inline char *row_build_room(struct row_build *r, struct trouble *t)
{
    return (size_t)(r->end - r->at) >= SHEET_CELL_MAX ? r->at : row_build_more(r, t);
}
/* Keeps the first `n` bytes of that room. */
static inline void row_build_take(struct row_build *r, size_t n)
{
    assert(n <= SHEET_CELL_MAX);
    r->at += n;
}

/* Puts `text` into `column` (0-based, checked by the caller); empty texts are not put. The bytes
 * are not looked at: a reader may put what it resolves later. */
static inline void row_build_put(struct row_build *r, size_t column, struct str text)
{
    assert(column < SHEET_COLUMNS_MAX);
    if (text.len == 0)
        return;
    if (column >= r->count) {
        for (size_t i = r->count; i < column; i++)
            r->cells[i] = str_n("", 0);
        r->count = column + 1;
    }
    r->cells[column] = text;
}

#endif
