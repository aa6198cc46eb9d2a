/*
 * column_header.h - which row of a sheet is its header.
 *
 * Titles, notes and examples may stand above it, it may have two lines (a group over columns, or
 * merged cells beside divided ones), or there may be none. Called by columns.c.
 */
#ifndef DOMAIN_COLUMN_HEADER_H
#define DOMAIN_COLUMN_HEADER_H

#include "domain/columns.h"

/* Indexes into the rows looked at; negative: there is no such line. */
struct column_header {
    int64_t row;     /* number of the row, 0: none */
    ptrdiff_t line;  /* the header, its lower line */
    ptrdiff_t upper; /* what the lower line leaves blank stands here */
    ptrdiff_t group; /* names groups of columns */
};

/* What a header may hold beside the words that we know: the keys of variables. */
struct column_wishes {
    const struct str *keys;
    size_t count;
};

/* Finds it, or only its other lines when `known_row` is not negative (0: there is none). */
void column_header_find(struct arena *a, const struct peek_row *rows, size_t count,
                        const struct column_wishes *wishes, int64_t known_row,
                        struct column_header *out);

/* The cell above a column, empty when there is none. */
struct str column_header_cell(const struct column_header *h, const struct peek_row *rows,
                              size_t column);
/* The name of the group that a column is in, empty when it is in none. */
struct str column_header_group(const struct column_header *h, const struct peek_row *rows,
                               size_t column);

#endif
