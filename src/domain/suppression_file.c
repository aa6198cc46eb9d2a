/*
 * suppression_file.c - numbers to suppress out of a file.
 *
 * It is read as a list of customers is (columns.h): the first worksheet with a column of mobile
 * numbers, with or without a header, rows that are nobody's passed over. Nothing of it is kept.
 * Called by the API through suppression.h. Refuses what is no spreadsheet, holds no numbers, or has
 * too many rows.
 */
#include "base/log.h"
#include "domain/columns.h"
#include "domain/import_judge.h"
#include "domain/suppression.h"
#include "sheet/sheet.h"

#define SHEETS_TRIED  20
#define HEAD_MAX      ((size_t)4 << 20) /* bytes of the first rows */
#define SCRATCH_BYTES ((size_t)8 << 20)

struct reading {
    struct scope *s;
    const char *path;
    struct sheet *sheet;
    /* The first rows, from which the columns are guessed; copies in `arena`. */
    struct arena arena;
    struct peek_row head[PEEK_ROWS];
    size_t head_count;
    struct columns columns;
    struct import_form form;
    struct str cells[COLUMNS_MAX]; /* of the row that is read now */
};

static void reading_end(struct reading *r)
{
    sheet_close(&r->sheet);
    arena_free(&r->arena);
}

static enum problem refused(struct scope *s, const struct sheet_refusal *r)
{
    struct str code = sheet_error_code(r->error);
    log_info("a file of numbers was refused: %.*s", STR_ARG(code));
    scope_field_error(s, "file", "sheet", str_z(s->arena, sheet_refusal_text(r, false, s->arena)),
                      str_z(s->arena, sheet_refusal_text(r, true, s->arena)));
    return PROBLEM_SHEET_REFUSED;
}

static enum problem broken(const struct reading *r)
{
    struct sheet_refusal refusal = sheet_failure(r->sheet);
    return refused(r->s, &refusal);
}

static enum problem head_read(struct reading *r)
{
    struct sheet_row row;
    int got = 0;
    while (r->head_count < PEEK_ROWS && r->arena.used < HEAD_MAX &&
           (got = sheet_next(r->sheet, &row)) > 0) {
        size_t count = row.cell_count < COLUMNS_MAX ? row.cell_count : COLUMNS_MAX;
        struct str *cells = arena_array(&r->arena, count + 1, sizeof *cells);
        for (size_t i = 0; i < count; i++)
            cells[i] = str_dup(&r->arena, import_cell(row.cells[i], &r->arena));
        r->head[r->head_count++] = (struct peek_row){row.number, cells, count};
    }
    return got < 0 ? broken(r) : PROBLEM_NONE;
}

/* Opens a worksheet (0: the reader's choice) and guesses; PHONES_NOT_FOUND when it holds none. */
static enum problem sheet_try(struct reading *r, int number)
{
    struct sheet_refusal refusal;
    struct columns_hints hints = {.header_row = -1};
    reading_end(r);
    r->head_count = 0;
    struct sheet_options options = {.sheet_number = number};
    if (sheet_open(r->path, &options, r->s->arena, &r->sheet, &refusal) != SHEET_OK)
        return refused(r->s, &refusal);
    enum problem p = head_read(r);
    if (p)
        return p;
    columns_guess(&r->arena, r->head, r->head_count, &hints, &r->columns);
    return columns_find(&r->columns, COLUMN_PHONE) < 0 ? PROBLEM_PHONES_NOT_FOUND : PROBLEM_NONE;
}

static bool sheet_is_hidden(const struct reading *r, size_t index)
{
    const struct sheet_info *list;
    size_t chosen, count = r->sheet ? sheet_list(r->sheet, &list, &chosen) : 0;
    return index >= count || list[index].hidden;
}

/* The reader's choice, or the first other worksheet with numbers: many files begin with a cover. */
static enum problem sheet_choose(struct reading *r)
{
    enum problem p = sheet_try(r, 0);
    for (size_t i = 0; p == PROBLEM_PHONES_NOT_FOUND && i < SHEETS_TRIED; i++)
        if (!sheet_is_hidden(r, i))
            p = sheet_try(r, (int)i + 1);
    return p;
}

static void row_take(struct reading *r, const struct sheet_row *row, struct arena *a,
                     struct phone_set *phones, struct suppression_added *out, int64_t *rows)
{
    struct str *cells = r->cells;
    size_t count = row->cell_count < COLUMNS_MAX ? row->cell_count : COLUMNS_MAX;
    for (size_t i = 0; i < count; i++)
        cells[i] = import_cell(row->cells[i], a);
    if (import_skip(&r->form, row->number, cells, count, a) != SKIP_NOT)
        return;
    struct str text = (size_t)r->form.phone < count ? cell_value(cells[r->form.phone]) : STR("");
    suppression_take(row->number, text, r->s->arena, phones, out);
    ++*rows;
}

/* All rows of the chosen worksheet, those read ahead first. */
static enum problem rows_take(struct reading *r, struct phone_set *phones,
                              struct suppression_added *out)
{
    int64_t rows = 0;
    int got = 1;
    ARENA(scratch, ARENA_MAX_DEFAULT);
    import_form_make(&r->form, &r->columns, r->s->arena);
    for (size_t i = 0; got > 0 && rows <= SUPPRESSION_ROWS_MAX; i++) {
        struct sheet_row row;
        if (i < r->head_count)
            row = (struct sheet_row){.number = r->head[i].number,
                                     .cells = r->head[i].cells,
                                     .cell_count = r->head[i].cell_count};
        else if ((got = sheet_next(r->sheet, &row)) <= 0)
            break;
        row_take(r, &row, &scratch, phones, out, &rows);
        if (scratch.used > SCRATCH_BYTES)
            arena_free(&scratch);
    }
    if (got < 0)
        return broken(r);
    if (rows > SUPPRESSION_ROWS_MAX)
        return scope_fail(r->s, PROBLEM_ROWS_MANY,
                          str_printf(r->s->arena, "%d", SUPPRESSION_ROWS_MAX));
    return rows ? PROBLEM_NONE : PROBLEM_SHEET_EMPTY;
}

enum problem suppression_file_read(struct scope *s, const char *path, struct phone_set *phones,
                                   struct suppression_added *out)
{
    struct reading *r = arena_new(s->arena, struct reading);
    r->s = s;
    r->path = path;
    r->arena.max = ARENA_MAX_DEFAULT;
    enum problem p = sheet_choose(r);
    if (!p)
        p = rows_take(r, phones, out);
    reading_end(r);
    return p;
}
