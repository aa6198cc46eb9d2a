/*
 * understanding.c - what SendinGo sees in a list of customers, as JSON: for understanding_test.py.
 *
 *     understanding FILE
 *
 * The sheet is chosen, header and columns are found, and every row gets its verdict by the same
 * functions as in an import, without a database. A file that cannot be read gives {"refused":
 * code}.
 */
#include "base/json.h"
#include "domain/columns.h"
#include "domain/phone.h"
#include "domain/text.h"
#include "sheet/sheet.h"

#include <assert.h>
#include <stdio.h>

#define OUT_MAX   ((size_t)64 << 20)
#define TRIED_MAX 20
#define SEEN_MAX  20000

struct reading {
    struct columns columns;
    int64_t sheet, sheet_count;
    bool hidden;
    struct str name;
};

static struct arena arena = {.max = (size_t)512 << 20};
static struct json out;

/* Numbers met, with the row that has them. */
static struct {
    char digits[PHONE_DIGITS + 1];
    int64_t row;
} seen[SEEN_MAX];
static size_t seen_count;

/* The row that has the number already, 0 when it is this one from now on. */
static int64_t seen_add(const char *digits, int64_t row)
{
    for (size_t i = 0; i < seen_count; i++)
        if (memcmp(seen[i].digits, digits, PHONE_DIGITS) == 0)
            return seen[i].row;
    assert(seen_count < SEEN_MAX);
    memcpy(seen[seen_count].digits, digits, PHONE_DIGITS);
    seen[seen_count++].row = row;
    return 0;
}

static struct sheet *opened(const char *path, int64_t sheet)
{
    struct sheet_options options = {.sheet_number = (int)(sheet + 1)};
    struct sheet *reader = NULL;
    struct sheet_refusal why;
    enum sheet_error e = sheet_open(path, &options, &arena, &reader, &why);
    if (e != SHEET_OK)
        json_put_str(&out, "refused", sheet_error_code(e));
    return reader;
}

static bool look(const char *path, int64_t sheet, struct reading *r)
{
    struct sheet *reader CLEANUP(sheet_close) = opened(path, sheet);
    if (!reader)
        return false;
    struct peek_row *rows = arena_array(&arena, PEEK_ROWS, sizeof *rows);
    struct sheet_row row;
    size_t count = 0, chosen;
    while (count < PEEK_ROWS && sheet_next(reader, &row) > 0) {
        struct str *cells = arena_array(&arena, row.cell_count + 1, sizeof *cells);
        for (size_t i = 0; i < row.cell_count; i++)
            cells[i] = str_dup(&arena, row.cells[i]);
        rows[count++] = (struct peek_row){row.number, cells, row.cell_count};
    }
    const struct sheet_info *list;
    r->sheet_count = (int64_t)sheet_list(reader, &list, &chosen);
    r->sheet = (int64_t)chosen;
    r->hidden = list[chosen].hidden;
    r->name = str_dup(&arena, list[chosen].name);
    columns_guess(&arena, rows, count, &(struct columns_hints){.header_row = -1}, &r->columns);
    return true;
}

/* The visible sheet that looks most like a list; the first when none does. */
static bool choose(const char *path, struct reading *best)
{
    if (!look(path, -1, best))
        return false;
    for (int64_t i = 0; i < best->sheet_count && i < TRIED_MAX; i++) {
        struct reading r;
        if (i != best->sheet && look(path, i, &r) && !r.hidden &&
            columns_list_score(&r.columns) > columns_list_score(&best->columns))
            *best = r;
    }
    return true;
}

static struct str cell_at(const struct sheet_row *row, int64_t column)
{
    return column >= 0 && (size_t)column < row->cell_count ? cell_value(row->cells[column])
                                                           : STR("");
}

static bool any_cell(const struct sheet_row *row, bool (*fits)(struct str))
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (fits(row->cells[i]))
            return true;
    return false;
}

static bool is_filled(struct str cell)
{
    return !cell_is_blank(cell);
}

static bool is_total(struct str cell)
{
    return cell_is_total(&arena, cell);
}

static void row_write(const struct columns *c, const struct sheet_row *row)
{
    struct phone phone = phone_read(cell_at(row, columns_find(c, COLUMN_PHONE)));
    bool bad = phone.verdict == PHONE_ERROR;
    const char *skip = !any_cell(row, is_filled)        ? "BLANK_ROW"
                       : bad && any_cell(row, is_total) ? "TOTAL_ROW"
                       : bad && columns_header_repeats(c, row->cells, row->cell_count)
                           ? "HEADER_ROW"
                       : bad && columns_row_remarks(c, row->cells, row->cell_count) ? "REMARK_ROW"
                                                                                    : NULL;
    int64_t first = bad ? 0 : seen_add(phone.digits, row->number);
    json_begin_object(&out);
    json_put_i64(&out, "row", row->number);
    json_put_str(&out, "result", skip ? STR("skip") : bad || first ? STR("reject") : STR("accept"));
    json_put_str_or_null(&out, "reason",
                         skip    ? str_c(skip)
                         : bad   ? phone_reason_word(phone.reason)
                         : first ? STR("DUPLICATE")
                                 : (struct str){NULL, 0});
    json_put_str(&out, "phone", str_c(phone.digits));
    json_put_bool(&out, "repaired", phone.verdict == PHONE_REPAIRED);
    json_put_str(&out, "name", text_line(&arena, cell_at(row, columns_find(c, COLUMN_NAME))));
    json_put_i64(&out, "duplicate_of", first);
    json_put_bool(&out, "hidden", row->hidden);
    json_end_object(&out);
}

static void rows_write(const char *path, const struct reading *r)
{
    struct sheet *reader CLEANUP(sheet_close) = opened(path, r->sheet);
    struct sheet_row row;
    assert(reader);
    json_key(&out, "rows");
    json_begin_array(&out);
    while (sheet_next(reader, &row) > 0)
        if (row.number > r->columns.header_row)
            row_write(&r->columns, &row);
    json_end_array(&out);
}

int main(int argc, char **argv)
{
    BUF(text, OUT_MAX);
    struct reading r;
    assert(argc == 2);
    json_init(&out, &text);
    json_begin_object(&out);
    if (choose(argv[1], &r)) {
        json_put_str(&out, "sheet", r.name);
        json_put_i64(&out, "header_row", r.columns.header_row);
        json_put_i64(&out, "title_rows", r.columns.title_rows);
        json_put_raw(&out, "columns", columns_text(&arena, &r.columns));
        rows_write(argv[1], &r);
    }
    json_end_object(&out);
    assert(!text.failed);
    fwrite(text.ptr, 1, text.len, stdout);
    arena_free(&arena);
    return 0;
}
