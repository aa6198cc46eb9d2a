/*
 * columns_fuzz.c - any bytes as the first rows of a sheet: lines are rows, tabs stand between
 * cells. The first line are the variables of a template. Roles are given once, attribute names
 * differ, and what is written as JSON is read as the same.
 */
#include "domain/columns.h"

#include <assert.h>

#define VARIABLES_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t row_make(struct arena *a, struct str line, int64_t number, struct peek_row *out)
{
    struct str *cells = arena_array(a, COLUMNS_MAX, sizeof *cells), piece;
    size_t n = 0;
    while (n < COLUMNS_MAX && str_split(&line, '\t', &piece))
        cells[n++] = str_dup(a, piece);
    *out = (struct peek_row){number, cells, n};
    return n;
}

static void columns_check(struct arena *a, const struct columns *c)
{
    size_t of[COLUMN_ROLES] = {0};
    assert(c->count <= COLUMNS_MAX);
    for (size_t i = 0; i < c->count; i++) {
        const struct column *col = &c->list[i];
        of[col->role]++;
        assert(utf8_valid(col->header) && col->sample_count <= COLUMN_SAMPLES);
        for (size_t k = 0; k < i && col->role == COLUMN_ATTRIBUTE; k++)
            assert(c->list[k].role != COLUMN_ATTRIBUTE ||
                   !str_eq(c->list[k].attribute, col->attribute));
    }
    assert(of[COLUMN_PHONE] <= 1 && of[COLUMN_NAME] <= 1 && of[COLUMN_EMAIL] <= 1);
    assert(columns_list_score(c) >= 0 && (of[COLUMN_PHONE] || columns_list_score(c) == 0));
    struct columns back;
    struct str text = columns_text(a, c);
    columns_read(a, text, &back);
    assert(str_eq(columns_text(a, &back), text));
    assert(c->header_row == 0 || columns_signature(a, c).len > 0);
    columns_remember(&back, c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    struct str rest = str_n((const char *)data, size), line, variables[VARIABLES_MAX];
    struct peek_row rows[PEEK_ROWS];
    struct columns c;
    size_t count = 0, variable_count = 0;
    if (str_split(&rest, '\n', &line))
        while (variable_count < VARIABLES_MAX && str_split(&line, '\t', &variables[variable_count]))
            variable_count +=
                utf8_valid(variables[variable_count]) &&
                !memchr(variables[variable_count].ptr, 0, variables[variable_count].len);
    while (count < PEEK_ROWS && str_split(&rest, '\n', &line)) {
        row_make(&a, line, (int64_t)count + 1, &rows[count]);
        count++;
    }
    struct columns_hints hints = {-1, variables, variable_count};
    columns_guess(&a, rows, count, &hints, &c);
    columns_check(&a, &c);
    for (size_t r = 0; r < count; r++) {
        columns_header_repeats(&c, rows[r].cells, rows[r].cell_count);
        columns_row_remarks(&c, rows[r].cells, rows[r].cell_count);
        for (size_t i = 0; i < rows[r].cell_count; i++)
            cell_is_total(&a, rows[r].cells[i]);
    }
    return 0;
}
