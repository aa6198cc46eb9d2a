/*
 * notes.c - see notes.h, and sheet.h for what is asked.
 */
#include "sheet/notes.h"

#define COLUMN_LETTERS 4 /* of the last column, XFD, and a NUL */

void notes_hide_columns(struct sheet_notes *n, size_t first, size_t last)
{
    for (size_t column = first; column <= last && column < SHEET_COLUMNS_MAX; column++)
        if (!sheet_column_hidden(n, column)) {
            n->hidden[column / 64] |= UINT64_C(1) << column % 64;
            n->hidden_columns++;
        }
}

void notes_trim(struct sheet_notes *n, size_t count)
{
    for (size_t column = count; column < SHEET_COLUMNS_MAX; column++)
        if (sheet_column_hidden(n, column)) {
            n->hidden[column / 64] &= ~(UINT64_C(1) << column % 64);
            n->hidden_columns--;
        }
}

void notes_merge(struct sheet_notes *n, const struct sheet_range *r)
{
    bool down = r->last_row > r->first_row;
    if (r->last_row < r->first_row || r->last_column < r->first_column ||
        (!down && r->last_column == r->first_column))
        return;
    n->merged++;
    n->merged_down += down;
    if (down && n->range_count < SHEET_RANGES_KEPT)
        n->ranges[n->range_count++] = *r;
}

bool sheet_column_hidden(const struct sheet_notes *n, size_t column)
{
    return column < SHEET_COLUMNS_MAX && (n->hidden[column / 64] >> column % 64 & 1);
}

/* 0 as "A", 27 as "AB". */
static void column_letters(size_t column, char out[COLUMN_LETTERS])
{
    char reversed[COLUMN_LETTERS];
    size_t n = 0, at = 0;
    for (column = column % SHEET_COLUMNS_MAX + 1; column > 0; column = (column - 1) / 26)
        reversed[n++] = (char)('A' + (column - 1) % 26);
    while (n > 0)
        out[at++] = reversed[--n];
    out[at] = '\0';
}

struct str sheet_range_text(const struct sheet_range *r, struct arena *a)
{
    char first[COLUMN_LETTERS], last[COLUMN_LETTERS];
    column_letters(r->first_column, first);
    column_letters(r->last_column, last);
    return str_printf(a, "%s%lld:%s%lld", first, (long long)r->first_row, last,
                      (long long)r->last_row);
}
