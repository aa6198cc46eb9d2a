/*
 * row_build.c - see row_build.h.
 */
#include "sheet/row_build.h"

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

static void block_enter(struct row_build *r, struct row_block *b)
{
    r->current = b;
    r->at = b->bytes;
    r->end = b->bytes + BLOCK_SIZE;
}

void row_build_begin(struct row_build *r)
{
    r->count = 0;
    r->before = 0;
    block_enter(r, r->first);
}

char *row_build_more(struct row_build *r, struct trouble *t)
{
    r->before += (size_t)(r->at - r->current->bytes);
    if (r->before > SHEET_ROW_MAX) {
        trouble_set(t, SHEET_E_TOO_LARGE, "a row of more than %zu bytes", SHEET_ROW_MAX);
        return NULL;
    }
    if (!r->current->next && !(r->current->next = block_new(t)))
        return NULL;
    block_enter(r, r->current->next);
    return r->at;
}
