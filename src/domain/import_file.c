/*
 * import_file.c - see import_file.h. Memory does not grow with the file, but for eight bytes a row
 * that find numbers standing twice.
 */
#include "domain/import_file.h"
#include "base/log.h"
#include "domain/contact.h"
#include "domain/phone.h"
#include "domain/text.h"
#include "sheet/sheet.h"

#include <stdlib.h>

#define ROW_MAX       ((size_t)4 << 20) /* bytes of a row's cells as JSON */
#define SHEETS_MAX    ((size_t)2 << 20)
#define SHEETS_TRIED  20  /* worksheets looked at for a column of numbers */
#define PEEK_CELL_MAX 400 /* bytes kept of a cell that a guess looks at */
#define SCRATCH_ROWS  64  /* rows that share an arena */

/* ---- refusals ---- */

static enum problem refused(struct scope *s, const struct sheet_refusal *r)
{
    struct str word = sheet_error_code(r->error);
    log_info("an upload was refused: %.*s", STR_ARG(word));
    log_debug("%.*s", STR_ARG(r->detail));
    struct str code = str_printf(s->arena, "sheet_%.*s", STR_ARG(text_email(s->arena, word)));
    scope_field_error(s, "file", code.ptr, sheet_refusal_text(r, false, s->arena).ptr,
                      sheet_refusal_text(r, true, s->arena).ptr);
    return PROBLEM_SHEET_REFUSED;
}

static enum problem opened(struct scope *s, const char *path, int64_t sheet, struct str encoding,
                           struct sheet **out)
{
    struct sheet_refusal refusal;
    struct sheet_options options = {.sheet_number = (int)(sheet + 1), .encoding = encoding};
    return sheet_open(path, &options, s->arena, out, &refusal) == SHEET_OK ? PROBLEM_NONE
                                                                           : refused(s, &refusal);
}

static enum problem failed(struct scope *s, const struct sheet *sheet)
{
    struct sheet_refusal refusal = sheet_failure(sheet);
    return refused(s, &refusal);
}

/* ---- guessing ---- */

static struct str peek_cell(struct arena *a, struct str cell)
{
    size_t end = 0;
    if (!utf8_valid(cell))
        return STR("");
    for (size_t at = 0; at < cell.len && at < PEEK_CELL_MAX; end = at)
        utf8_next(cell, &at);
    return str_dup(a, str_slice(cell, 0, end));
}

static void peek_row(struct arena *a, const struct sheet_row *row, struct peek_row *out)
{
    size_t count = row->cell_count < COLUMNS_MAX ? row->cell_count : COLUMNS_MAX;
    struct str *cells = arena_array(a, count + 1, sizeof *cells);
    for (size_t i = 0; i < count; i++)
        cells[i] = peek_cell(a, row->cells[i]);
    *out = (struct peek_row){row->number, cells, count};
}

static void sheets_write(struct scope *s, const struct sheet *sheet, struct import_source *out)
{
    const struct sheet_info *list;
    size_t chosen, count = sheet_list(sheet, &list, &chosen);
    BUF(text, SHEETS_MAX);
    struct json j;
    json_init(&j, &text);
    json_begin_array(&j);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&j);
        json_put_str(&j, "name", text_line(s->arena, list[i].name));
        json_put_bool(&j, "hidden", list[i].hidden);
        json_end_object(&j);
    }
    json_end_array(&j);
    out->sheets = str_dup(s->arena, text.failed ? STR("[]") : buf_view(&text));
    out->sheet = (int64_t)chosen;
    out->sheet_count = (int64_t)count;
}

static enum problem inspect_one(struct scope *s, const char *path, int64_t sheet,
                                int64_t header_row, struct import_source *out)
{
    struct sheet *reader CLEANUP(sheet_close) = NULL;
    enum problem p = opened(s, path, sheet, STR(""), &reader);
    if (p)
        return p;
    struct peek_row rows[PEEK_ROWS];
    struct sheet_row row;
    size_t count = 0;
    int got = 0;
    while (count < PEEK_ROWS && (got = sheet_next(reader, &row)) > 0)
        peek_row(s->arena, &row, &rows[count++]);
    if (got < 0)
        return failed(s, reader);
    *out = (struct import_source){.path = path};
    out->kind = sheet_kind_name(sheet_kind(reader));
    out->encoding = str_dup(s->arena, sheet_encoding(reader));
    sheets_write(s, reader, out);
    columns_guess(s->arena, rows, count, header_row, &out->columns);
    return PROBLEM_NONE;
}

static bool has_numbers(const struct import_source *source)
{
    return columns_find(&source->columns, COLUMN_PHONE) >= 0;
}

static bool sheet_hidden(const struct import_source *source, int64_t index)
{
    ARENA(scratch, ARENA_MAX_DEFAULT);
    struct str why;
    json_t *list = json_parse(source->sheets, &scratch, &why);
    bool hidden =
        !list || json_is_true(json_object_get(json_array_get(list, (size_t)index), "hidden"));
    json_decref(list);
    return hidden;
}

enum problem import_inspect(struct scope *s, const char *path, int64_t sheet, int64_t header_row,
                            struct import_source *out)
{
    enum problem p = inspect_one(s, path, sheet, header_row, out);
    if (p || sheet >= 0 || has_numbers(out))
        return p;
    /* Many files begin with a sheet of instructions. */
    for (int64_t i = 0; i < out->sheet_count && i < SHEETS_TRIED; i++) {
        struct import_source other;
        if (i == out->sheet || sheet_hidden(out, i))
            continue;
        if (inspect_one(s, path, i, header_row, &other) == PROBLEM_NONE && has_numbers(&other)) {
            *out = other;
            break;
        }
    }
    s->error_count = 0; /* of sheets that were only tried */
    return PROBLEM_NONE;
}

/* ---- numbers that stand twice ---- */

/* Open addressing: the eight digits after 010 plus one, and the row they stand on first. */
struct seen {
    struct seen_slot {
        uint32_t key, row;
    } * slots;
    size_t room, count; /* room: a power of two */
};

static struct seen_slot *seen_find(const struct seen *t, uint32_t key)
{
    size_t at = key * UINT64_C(0x9E3779B97F4A7C15) >> 32;
    for (;; at++) {
        struct seen_slot *slot = &t->slots[at & (t->room - 1)];
        if (slot->key == key || slot->key == 0)
            return slot;
    }
}

static void seen_grow(struct seen *t)
{
    struct seen old = *t;
    t->room = old.room ? old.room * 2 : 1024;
    t->slots = calloc(t->room, sizeof *t->slots);
    if (!t->slots)
        fatal("an import's numbers");
    for (size_t i = 0; i < old.room; i++)
        if (old.slots[i].key)
            *seen_find(t, old.slots[i].key) = old.slots[i];
    free(old.slots);
}

static void seen_free(struct seen *t)
{
    free(t->slots);
}

/* The row that has the number already, or 0 when it is this one from now on. */
static int64_t seen_add(struct seen *t, const char digits[PHONE_DIGITS + 1], int64_t row)
{
    if (t->count * 2 >= t->room)
        seen_grow(t);
    uint32_t key = (uint32_t)strtoul(digits + 3, NULL, 10) + 1;
    struct seen_slot *slot = seen_find(t, key);
    if (slot->key)
        return slot->row;
    *slot = (struct seen_slot){key, (uint32_t)row};
    t->count++;
    return 0;
}

/* ---- rows ---- */

enum verdict {
    VERDICT_OK,
    VERDICT_REPAIRED,
    VERDICT_DUPLICATE,
    VERDICT_ERROR,
    VERDICT_SKIP, /* blank, or a total: no row of the import at all */
};

static const struct str verdict_words[] = {
    [VERDICT_OK] = STR_INIT("ok"),
    [VERDICT_REPAIRED] = STR_INIT("repaired"),
    [VERDICT_DUPLICATE] = STR_INIT("duplicate"),
    [VERDICT_ERROR] = STR_INIT("error"),
};

struct judged {
    enum verdict verdict;
    struct str reason, name, email; /* ptr NULL: none */
    char phone[PHONE_DIGITS + 1];
    int64_t duplicate_of;
};

struct filler {
    struct scope *s;
    int64_t import;
    const struct columns *columns;
    int64_t name, phone, email; /* columns, -1: none */
    struct seen seen;
    const int64_t *dropped; /* those still to come */
    size_t dropped_count;
    struct import_counts *counts;
};

/* A cell as it is kept: valid UTF-8 without control characters but tab and line feed, not longer
 * than an attribute may be. */
static struct str cell_kept(struct arena *a, struct str cell)
{
    if (!utf8_valid(cell))
        return STR("");
    size_t end = 0, characters = 0;
    bool plain = true;
    for (size_t at = 0; at < cell.len && characters < CONTACT_ATTRIBUTE_VALUE_MAX; end = at) {
        uint32_t c = utf8_next(cell, &at);
        plain = plain && (c >= 0x20 || c == '\t' || c == '\n') && c != 0x7F;
        characters++;
    }
    cell = str_slice(cell, 0, end);
    if (plain)
        return cell;
    char *out = arena_alloc(a, cell.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < cell.len; i++) {
        unsigned char c = (unsigned char)cell.ptr[i];
        if ((c >= 0x20 || c == '\t' || c == '\n') && c != 0x7F)
            out[n++] = cell.ptr[i];
    }
    return str_n(out, n);
}

static struct str value_at(const struct sheet_row *row, int64_t column)
{
    return column >= 0 && (size_t)column < row->cell_count ? cell_value(row->cells[column])
                                                           : STR("");
}

static bool is_blank_row(const struct sheet_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (!utf8_valid(row->cells[i]) || !cell_is_blank(row->cells[i]))
            return false;
    return true;
}

static bool is_total_row(struct arena *a, const struct sheet_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (cell_is_total(a, row->cells[i]))
            return true;
    return false;
}

static void repaired(struct judged *out, struct str reason)
{
    if (out->verdict != VERDICT_OK)
        return;
    out->verdict = VERDICT_REPAIRED;
    out->reason = reason;
}

static void name_judge(const struct filler *f, struct arena *a, const struct sheet_row *row,
                       struct judged *out)
{
    size_t at = 0;
    out->name = text_line(a, value_at(row, f->name));
    if (utf8_count(out->name) <= CONTACT_NAME_MAX)
        return;
    for (size_t n = 0; n < CONTACT_NAME_MAX; n++)
        utf8_next(out->name, &at);
    out->name = str_slice(out->name, 0, at);
    repaired(out, STR("NAME_SHORTENED"));
}

static void email_judge(const struct filler *f, struct arena *a, const struct sheet_row *row,
                        struct judged *out)
{
    struct str email = text_email(a, value_at(row, f->email));
    if (email.len == 0)
        return;
    if (text_email_ok(email))
        out->email = email;
    else
        repaired(out, STR("EMAIL_DROPPED"));
}

static void row_judge(struct filler *f, struct arena *a, const struct sheet_row *row,
                      struct judged *out)
{
    *out = (struct judged){.verdict = VERDICT_SKIP};
    if (row->number <= f->columns->header_row || is_blank_row(row))
        return;
    struct phone phone = phone_read(value_at(row, f->phone));
    if (phone.verdict == PHONE_ERROR && is_total_row(a, row))
        return;
    out->verdict = phone.verdict == PHONE_ERROR      ? VERDICT_ERROR
                   : phone.verdict == PHONE_REPAIRED ? VERDICT_REPAIRED
                                                     : VERDICT_OK;
    out->reason = f->phone < 0 ? STR("PHONE_COLUMN_MISSING") : phone_reason_word(phone.reason);
    memcpy(out->phone, phone.digits, sizeof out->phone);
    name_judge(f, a, row, out);
    email_judge(f, a, row, out);
    if (out->verdict == VERDICT_ERROR)
        return;
    out->duplicate_of = seen_add(&f->seen, phone.digits, row->number);
    if (out->duplicate_of) {
        out->verdict = VERDICT_DUPLICATE;
        out->reason = STR("DUPLICATE");
    }
}

static bool stays_dropped(struct filler *f, int64_t number)
{
    while (f->dropped_count && *f->dropped < number)
        f->dropped++, f->dropped_count--;
    return f->dropped_count && *f->dropped == number;
}

static void row_count(struct import_counts *n, enum verdict v, bool dropped)
{
    n->rows++;
    n->ok += v == VERDICT_OK;
    n->repaired += v == VERDICT_REPAIRED;
    n->duplicate += v == VERDICT_DUPLICATE;
    n->error += v == VERDICT_ERROR;
    n->dropped += dropped;
}

static void cells_write(struct arena *a, const struct sheet_row *row, struct buf *out)
{
    struct json j;
    buf_clear(out);
    json_init(&j, out);
    json_begin_array(&j);
    for (size_t i = 0; i < row->cell_count && i < COLUMNS_MAX; i++)
        json_str(&j, cell_kept(a, row->cells[i]));
    json_end_array(&j);
    if (out->failed) {
        buf_clear(out);
        buf_lit(out, "[]");
    }
}

static void row_write(struct filler *f, const struct sheet_row *row, const struct judged *j,
                      struct str cells)
{
    bool dropped = stays_dropped(f, row->number);
    row_count(f->counts, j->verdict, dropped);
    db_batch_run(f->s->db,
                 DB_ARGS(DB_N(f->s->company), DB_N(f->import), DB_N(row->number), DB_S(cells),
                         DB_S(verdict_words[j->verdict]), DB_S_OR_NULL(j->reason), DB_S(j->name),
                         DB_S(str_c(j->phone)), DB_S_OR_NULL(j->email),
                         DB_N_OR_NULL(j->duplicate_of), DB_N(dropped)));
}

static enum problem rows_read(struct filler *f, struct sheet *reader)
{
    ARENA(scratch, ARENA_MAX_DEFAULT);
    BUF(cells, ROW_MAX);
    struct sheet_row row;
    struct judged judged;
    int got;
    for (int64_t n = 1; (got = sheet_next(reader, &row)) > 0; n++) {
        row_judge(f, &scratch, &row, &judged);
        if (judged.verdict != VERDICT_SKIP) {
            if (f->counts->rows == IMPORT_ROWS_MAX)
                return scope_fail(f->s, PROBLEM_SHEET_TOO_LARGE,
                                  str_printf(f->s->arena, "%lld", (long long)IMPORT_ROWS_MAX));
            cells_write(&scratch, &row, &cells);
            row_write(f, &row, &judged, buf_view(&cells));
        }
        if (n % SCRATCH_ROWS == 0)
            arena_free(&scratch);
        if (db_failed(f->s->db))
            return PROBLEM_STORE;
    }
    return got < 0 ? failed(f->s, reader) : PROBLEM_NONE;
}

/* Which rows are somebody we know already. */
static void rows_recognise(struct filler *f)
{
    struct db *db = f->s->db;
    struct db_value args[] = {DB_N(f->s->company), DB_N(f->import)};
    db_exec(db,
            "UPDATE import_row SET contact_id = (SELECT c.id FROM contact c"
            " WHERE c.company_id = import_row.company_id AND c.phone = import_row.phone)"
            " WHERE company_id = $1 AND import_id = $2 AND verdict IN ('ok', 'repaired')",
            args, 2);
    f->counts->update = db_get_i64(db, 0,
                                   "SELECT count(*) FROM import_row WHERE company_id = $1"
                                   " AND import_id = $2 AND verdict IN ('ok', 'repaired')"
                                   " AND dropped = 0 AND contact_id IS NOT NULL",
                                   args, 2);
    f->counts->create = db_get_i64(db, 0,
                                   "SELECT count(*) FROM import_row WHERE company_id = $1"
                                   " AND import_id = $2 AND verdict IN ('ok', 'repaired')"
                                   " AND dropped = 0 AND contact_id IS NULL",
                                   args, 2);
}

enum problem import_fill(struct scope *s, int64_t import, const struct import_source *source,
                         const int64_t *dropped, size_t dropped_count, struct import_counts *counts)
{
    struct sheet *reader CLEANUP(sheet_close) = NULL;
    *counts = (struct import_counts){0};
    struct filler f = {
        .s = s,
        .import = import,
        .columns = &source->columns,
        .name = columns_find(&source->columns, COLUMN_NAME),
        .phone = columns_find(&source->columns, COLUMN_PHONE),
        .email = columns_find(&source->columns, COLUMN_EMAIL),
        .dropped = dropped,
        .dropped_count = dropped_count,
        .counts = counts,
    };
    enum problem p = opened(s, source->path, source->sheet, source->encoding, &reader);
    if (p)
        return p;
    db_exec(s->db, "DELETE FROM import_row WHERE company_id = $1 AND import_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(import)));
    db_batch_begin(s->db,
                   "INSERT INTO import_row (company_id, import_id, number, cells, verdict, reason,"
                   " name, phone, email, duplicate_of, dropped)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    p = rows_read(&f, reader);
    db_batch_end(s->db);
    seen_free(&f.seen);
    if (p)
        return p;
    if (counts->rows == 0)
        return PROBLEM_SHEET_EMPTY;
    rows_recognise(&f);
    return scope_store(s);
}

struct str import_attributes(struct arena *a, const struct columns *c, const json_t *cells)
{
    BUF(out, CONTACT_ATTRIBUTES_TEXT_MAX);
    struct json j;
    json_init(&j, &out);
    json_begin_object(&j);
    for (size_t i = 0; i < c->count; i++) {
        const json_t *cell = json_array_get(cells, i);
        struct str value = str_n(json_string_value(cell), json_string_length(cell));
        if (c->list[i].role != COLUMN_ATTRIBUTE || !value.ptr || cell_is_blank(value))
            continue;
        json_put_str(&j, str_z(a, c->list[i].attribute), str_trim(cell_value(value)));
    }
    json_end_object(&j);
    return str_dup(a, out.failed ? STR("{}") : buf_view(&out));
}
