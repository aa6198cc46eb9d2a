/*
 * sheet_count.c - sheet_count FILE: reads the first sheet through the sheet room and counts.
 *
 * What the peers of bench/sheet.py do, done with our reader: prints the rows, the cells that are
 * not empty, the sum of the phones' digits (column B) and of the amounts (column E) below the
 * header. `sendingo sheet dump` would write more than 100 MB of CSV besides. Called by
 * bench/sheet.py; refuses, with the reader's own words, what the reader refuses.
 */
#include "sheet/sheet.h"

#include <stdio.h>

struct count {
    int64_t rows, cells, phones, amounts;
};

/* The number that the digits of `s` make, whatever stands between them. */
static int64_t digits(struct str s)
{
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
            n = n * 10 + (s.ptr[i] - '0');
    return n;
}

static void row_count(struct count *c, const struct sheet_row *row)
{
    c->rows++;
    for (size_t i = 0; i < row->cell_count; i++)
        c->cells += row->cells[i].len > 0;
    if (c->rows == 1 || row->cell_count < 5)
        return;
    c->phones += digits(row->cells[1]);
    c->amounts += digits(row->cells[4]);
}

int main(int argc, char **argv)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct sheet *s;
    struct sheet_row row;
    struct sheet_refusal why;
    struct count c = {0};
    int got;
    if (argc != 2) {
        fputs("sheet_count FILE\n", stderr);
        return 2;
    }
    if (sheet_open(argv[1], NULL, &arena, &s, &why) != SHEET_OK) {
        fprintf(stderr, "%s: %.*s\n", argv[1], STR_ARG(why.detail));
        return 1;
    }
    while ((got = sheet_next(s, &row)) == 1)
        row_count(&c, &row);
    if (got < 0) {
        why = sheet_failure(s);
        fprintf(stderr, "%s: %.*s\n", argv[1], STR_ARG(why.detail));
    }
    sheet_close(&s);
    printf("%lld %lld %lld %lld\n", (long long)c.rows, (long long)c.cells, (long long)c.phones,
           (long long)c.amounts);
    return got < 0;
}
