/*
 * row_build.c - see row_build.h.
 */
#include "sheet/row_build.h"

#include <assert.h>
#include <stdlib.h>

#define BLOCK_SIZE ((size_t)512 << 10)
_Static_assert(BLOCK_SIZE >= 2 * SHEET_CELL_MAX, "a cell fits into a block");

struct row_block {
    struct row_block *next;
    char bytes[BLOCK_SIZE];
};

static struct row_block *block_new(struct trouble *t)
{
    struct row_block *b = malloc(sizeof *b);
    if (!b) {
        trouble_set(t, SHEET_E_IO, "out of memory");
        return NULL;
    }
    b->next = NULL;
    return b;
}

int row_build_init(struct row_build *r, struct trouble *t)
{
    *r = (struct row_build){.cells = calloc(SHEET_COLUMNS_MAX, sizeof *r->cells),
                            .first = block_new(t)};
    if (!r->cells || !r->first)
        return trouble_set(t, SHEET_E_IO, "out of memory");
    row_build_begin(r);
    return 0;
}

void row_build_free(struct row_build *r)
{
    for (struct row_block *b = r->first, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(r->cells);
    *r = (struct row_build){0};
}

void row_build_begin(struct row_build *r)
{
    r->count = 0;
    r->current = r->first;
    r->used = 0;
    r->total = 0;
}

char *row_build_room(struct row_build *r, struct trouble *t)
{
    if (BLOCK_SIZE - r->used < SHEET_CELL_MAX) {
        if (!r->current->next && !(r->current->next = block_new(t)))
            return NULL;
        r->current = r->current->next;
        r->used = 0;
    }
    if (r->total > SHEET_ROW_MAX) {
        trouble_set(t, SHEET_E_TOO_LARGE, "a row of more than %zu bytes", SHEET_ROW_MAX);
        return NULL;
    }
    return r->current->bytes + r->used;
}

void row_build_take(struct row_build *r, size_t n)
{
    assert(n <= SHEET_CELL_MAX);
    r->used += n;
    r->total += n;
}

void row_build_put(struct row_build *r, size_t column, struct str text)
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
