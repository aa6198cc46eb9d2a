/*
 * import_edit.c - see import_edit.h.
 */
#include "domain/import_edit.h"
#include "domain/company.h"
#include "domain/contact.h"
#include "domain/cursor.h"
#include "domain/import_check.h"
#include "domain/import_known.h"
#include "domain/text.h"
#include "sheet/sheet.h"

#include <assert.h>
#include <stdlib.h>

#define CELLS_TEXT_MAX ((size_t)4 << 20) /* bytes of a row's cells as JSON */
#define DROPS_CHUNK    5000              /* rows written at a time */
#define PAGE_BYTES     ((size_t)4 << 20) /* of texts: a page of very long rows has fewer */

/* The columns that the workbook of rows has besides those of the file. */
static const struct str number_header = STR_INIT("행"), reason_header = STR_INIT("오류");

/* ---- words ---- */

static const struct str filter_words[FILTERS] = {
    [FILTER_ALL] = STR_INIT("all"),           [FILTER_OK] = STR_INIT("ok"),
    [FILTER_REPAIRED] = STR_INIT("repaired"), [FILTER_DUPLICATE] = STR_INIT("duplicate"),
    [FILTER_ERROR] = STR_INIT("error"),       [FILTER_DROPPED] = STR_INIT("dropped"),
    [FILTER_HIDDEN] = STR_INIT("hidden"),
};

static const struct str effect_words[EFFECTS] = {
    [EFFECT_NONE] = STR_INIT("none"),     [EFFECT_CREATE] = STR_INIT("create"),
    [EFFECT_UPDATE] = STR_INIT("update"), [EFFECT_FILL] = STR_INIT("fill"),
    [EFFECT_KEEP] = STR_INIT("keep"),     [EFFECT_MERGE] = STR_INIT("merge"),
};

bool import_filter_find(struct str word, enum import_filter *filter)
{
    for (size_t i = 0; i < FILTERS; i++) {
        if (str_eq(word, filter_words[i])) {
            *filter = (enum import_filter)i;
            return true;
        }
    }
    return false;
}

struct str import_effect_word(enum import_effect e)
{
    return effect_words[e];
}

static bool matches(const struct import_entry *e, enum import_filter filter)
{
    switch (filter) {
    case FILTER_ALL:
        return true;
    case FILTER_OK:
        return import_entry_verdict(e) == VERDICT_OK;
    case FILTER_REPAIRED:
        return import_entry_verdict(e) == VERDICT_REPAIRED;
    case FILTER_DUPLICATE:
        return import_entry_verdict(e) == VERDICT_DUPLICATE;
    case FILTER_ERROR:
        return import_entry_verdict(e) == VERDICT_ERROR;
    case FILTER_DROPPED:
        return e->flags & ENTRY_DROPPED;
    case FILTER_HIDDEN:
        return e->flags & ENTRY_HIDDEN;
    case FILTERS:
        break;
    }
    return false;
}

/* ---- an import with its rows open ---- */

struct desk {
    struct scope *s;
    struct import i;
    struct columns columns;
    struct import_form form;
    struct import_rows rows;
    bool open;
};

static void desk_close(struct desk *d)
{
    if (!d->open)
        return;
    import_rows_close(&d->rows);
    import_rows_unlock(d->s->company, d->i.id);
    d->open = false;
}

#define DESK(name) struct desk name CLEANUP(desk_close) = {0}

static enum problem waits_for_user(const struct import *i)
{
    if (str_eq(i->state, STR("mapping")))
        return PROBLEM_NONE;
    return import_is_busy(i) ? PROBLEM_IMPORT_BUSY : PROBLEM_IMPORT_STATE;
}

static enum problem import_look(struct desk *d, int64_t id)
{
    enum problem p = import_get(d->s, id, &d->i);
    return p ? p : waits_for_user(&d->i);
}

/* Opens the rows of an import that waits for the user. */
static enum problem desk_open(struct desk *d, struct scope *s, const char *folder, int64_t id)
{
    d->s = s;
    enum problem p = import_look(d, id);
    if (p)
        return p; /* without waiting for long work to end */
    import_rows_lock(s->company, id);
    p = import_look(d, id); /* others have changed it while we waited */
    if (!p)
        p = import_rows_ready(s, folder, &d->i, &d->rows);
    if (p) {
        import_rows_unlock(s->company, id);
        return p;
    }
    d->open = true;
    columns_read(s->arena, d->i.columns, &d->columns);
    d->columns.header_row = d->i.header_row;
    import_form_make(&d->form, &d->columns, s->arena);
    return PROBLEM_NONE;
}

/* ---- reading ---- */

static enum import_effect effect_of(const struct import_rules *rules, const struct import_entry *e)
{
    static const enum import_effect known[RULES] = {
        [RULE_KEEP] = EFFECT_KEEP, [RULE_OVERWRITE] = EFFECT_UPDATE, [RULE_FILL] = EFFECT_FILL};
    if (e->twin)
        return rules->duplicates == RULE_KEEP ? EFFECT_NONE : EFFECT_MERGE;
    if (!import_entry_taken(e))
        return EFFECT_NONE;
    return e->flags & ENTRY_KNOWN ? known[rules->existing] : EFFECT_CREATE;
}

static int64_t contact_of(struct scope *s, struct str phone)
{
    return db_get_i64(s->db, 0, "SELECT id FROM contact WHERE company_id = $1 AND phone = $2",
                      DB_ARGS(DB_N(s->company), DB_S(phone)));
}

static enum problem row_view(const struct desk *d, size_t index, struct import_row *out)
{
    struct scope *s = d->s;
    const struct import_entry *e = &d->rows.list[index];
    struct judged judged;
    struct str *cells;
    size_t count;
    BUF(attributes, CONTACT_ATTRIBUTES_TEXT_MAX);
    if (!import_rows_cells(&d->rows, index, s->arena, &cells, &count))
        return PROBLEM_STORE;
    import_judge(&d->form, cells, count, s->arena, &judged);
    *out = (struct import_row){
        .number = e->number,
        .duplicate_of = e->twin ? d->rows.list[e->twin - 1].number : 0,
        .verdict = import_entry_verdict(e),
        .effect = effect_of(&d->i.rules, e),
        .reason = import_entry_reason(e),
        .reason_column = import_reason_column(&d->form, import_entry_reason(e)),
        .name = judged.name,
        .phone = str_dup(s->arena, str_c(judged.phone)),
        .email = judged.email,
        .original_phone =
            d->form.phone >= 0 && (size_t)d->form.phone < count ? cells[d->form.phone] : STR(""),
        .attributes = str_dup(s->arena, import_attributes(&d->form, cells, count, &attributes)),
        .cells = cells,
        .cell_count = count,
        .dropped = e->flags & ENTRY_DROPPED,
        .hidden = e->flags & ENTRY_HIDDEN,
        .edited = e->flags & ENTRY_EDITED,
    };
    if (e->flags & ENTRY_KNOWN)
        out->contact = contact_of(s, out->phone);
    return PROBLEM_NONE;
}

/* Where the page begins: behind the cursor, or behind `offset` rows that match. */
static size_t page_start(const struct import_rows *r, const struct import_row_page *page)
{
    size_t at = 0;
    int64_t offset = page->offset;
    if (page->page.cursor.len)
        return (size_t)cursor_i64(page->page.cursor);
    for (; at < r->count; at++)
        if (matches(&r->list[at], page->filter) && offset-- == 0)
            break;
    return at;
}

enum problem import_row_list(struct scope *s, const char *folder, int64_t id,
                             const struct import_row_page *page, const struct import_row **list,
                             size_t *count, struct str *next, int64_t *total)
{
    DESK(d);
    struct import_row *found = arena_array(s->arena, (size_t)page->page.limit, sizeof *found);
    *list = found, *count = 0, *next = (struct str){NULL, 0}, *total = 0;
    enum problem p = desk_open(&d, s, folder, id);
    if (p)
        return p;
    for (size_t i = 0; i < d.rows.count; i++)
        *total += matches(&d.rows.list[i], page->filter);
    size_t used = s->arena->used;
    for (size_t at = page_start(&d.rows, page); at < d.rows.count && !p; at++) {
        if (!matches(&d.rows.list[at], page->filter))
            continue;
        bool full = *count > 0 && s->arena->used - used > PAGE_BYTES;
        if (*count == (size_t)page->page.limit || full) {
            *next = cursor_from_i64(s->arena, (int64_t)at);
            break;
        }
        p = row_view(&d, at, &found[(*count)++]);
    }
    return p ? p : scope_store(s);
}

/* ---- changing ---- */

/* Between these two the transaction of a change and the files of rows; whatever happens in between,
 * the files are of no revision, and are made anew when somebody asks for them. */
static enum problem change_begin(struct desk *d)
{
    struct import now;
    company_lock(d->s); /* as those who confirm or map it anew */
    enum problem p = import_get(d->s, d->i.id, &now);
    if (!p)
        p = waits_for_user(&now);
    if (p)
        return p;
    if (now.revision != d->i.revision)
        return PROBLEM_IMPORT_BUSY;
    import_rows_spoil(&d->rows);
    return PROBLEM_NONE;
}

static enum problem change_commit(struct desk *d, struct tx *tx)
{
    struct import_counts counts;
    import_rows_settle(&d->rows, &d->i.rules, &counts);
    import_counts_write(d->s, d->i.id, &counts);
    if (!tx_commit(tx))
        return PROBLEM_STORE;
    d->i.revision++;
    import_rows_stamp(&d->rows, d->i.revision);
    return PROBLEM_NONE;
}

static struct str cells_json(struct arena *a, const struct str *cells, size_t count)
{
    BUF(out, CELLS_TEXT_MAX);
    struct json j;
    json_init(&j, &out);
    json_begin_array(&j);
    for (size_t i = 0; i < count; i++)
        json_str(&j, cells[i]);
    json_end_array(&j);
    assert(!out.failed); /* cells are bounded */
    return str_dup(a, buf_view(&out));
}

static void edit_write(struct desk *d, const struct import_entry *e, struct str cells)
{
    struct scope *s = d->s;
    db_exec(s->db,
            "INSERT INTO import_edit (company_id, import_id, number, cells, dropped)"
            " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (company_id, import_id, number) DO UPDATE"
            " SET cells = coalesce(excluded.cells, import_edit.cells),"
            " dropped = excluded.dropped",
            DB_ARGS(DB_N(s->company), DB_N(d->i.id), DB_N(e->number), DB_S_OR_NULL(cells),
                    DB_N((e->flags & ENTRY_DROPPED) != 0)));
}

static void dropped_set(struct import_entry *e, bool dropped)
{
    e->flags = (uint8_t)((e->flags & ~ENTRY_DROPPED) | (dropped ? ENTRY_DROPPED : 0));
}

/* Gives a row other cells and judges it again. */
static enum problem row_correct(struct desk *d, size_t index, const struct str *cells, size_t count)
{
    struct judged judged;
    struct import_entry *e = &d->rows.list[index];
    import_judge(&d->form, cells, count, d->s->arena, &judged);
    if (!import_rows_set(&d->rows, index, cells, count))
        return PROBLEM_STORAGE_FULL;
    e->verdict = (uint8_t)judged.verdict;
    e->reason = judged.reason;
    e->phone = import_phone_key(judged.phone);
    e->flags |= ENTRY_EDITED;
    import_rows_recognise(d->s, &d->rows, &index, 1);
    edit_write(d, e, cells_json(d->s->arena, cells, count));
    return PROBLEM_NONE;
}

/* The row's cells with the changes in them; wider when a change stands further right. */
static enum problem cells_changed(struct desk *d, size_t index,
                                  const struct import_row_change *change, struct str **out,
                                  size_t *out_count)
{
    struct arena *a = d->s->arena;
    struct str *old;
    size_t count;
    if (!import_rows_cells(&d->rows, index, a, &old, &count))
        return PROBLEM_STORE;
    struct str *cells = arena_array(a, COLUMNS_MAX, sizeof *cells);
    memcpy(cells, old, count * sizeof *cells);
    for (size_t k = count; k < COLUMNS_MAX; k++)
        cells[k] = STR("");
    for (size_t k = 0; k < change->count; k++) {
        int64_t at = change->cells[k].index;
        if (at < 0 || (size_t)at >= d->columns.count) {
            scope_field_error(d->s, "cells", "unknown", "없는 열입니다.",
                              "There is no such column.");
            return PROBLEM_INVALID;
        }
        cells[at] = import_cell(change->cells[k].value, a);
        count = (size_t)at >= count ? (size_t)at + 1 : count;
    }
    *out = cells;
    *out_count = count;
    return PROBLEM_NONE;
}

enum problem import_row_change(struct scope *s, const char *folder, int64_t id, int64_t number,
                               const struct import_row_change *change, struct import_row *out)
{
    DESK(d);
    struct str *cells = NULL;
    size_t count = 0;
    enum problem p = desk_open(&d, s, folder, id);
    int64_t index = p ? -1 : import_rows_find(&d.rows, number);
    if (p || index < 0)
        return p ? p : PROBLEM_NOT_FOUND;
    if (change->cells && (p = cells_changed(&d, (size_t)index, change, &cells, &count)))
        return p;
    TX(tx, s->db);
    if ((p = change_begin(&d)))
        return p;
    struct import_entry *e = &d.rows.list[index];
    if (change->dropped_given)
        dropped_set(e, change->dropped);
    if (cells)
        p = row_correct(&d, (size_t)index, cells, count);
    else
        edit_write(&d, e, (struct str){NULL, 0});
    if (!p)
        p = change_commit(&d, &tx);
    return p ? p : row_view(&d, (size_t)index, out);
}

/* Row numbers on their way into import_edit. */
struct drops {
    struct desk *d;
    bool dropped;
    struct db_bulk_row rows[DROPS_CHUNK];
    size_t count;
};

static void drops_write(struct drops *x)
{
    struct scope *s = x->d->s;
    db_bulk(s->db, x->rows, x->count);
    db_exec(s->db,
            "INSERT INTO import_edit (company_id, import_id, number, cells, dropped)"
            " SELECT CAST($1 AS bigint), CAST($2 AS bigint), n1, NULL, CAST($3 AS bigint)"
            " FROM bulk WHERE true ON CONFLICT (company_id, import_id, number)"
            " DO UPDATE SET dropped = excluded.dropped",
            DB_ARGS(DB_N(s->company), DB_N(x->d->i.id), DB_N(x->dropped)));
    x->count = 0;
}

static void drop(struct drops *x, struct import_entry *e)
{
    if (!(e->flags & ENTRY_DROPPED) == !x->dropped)
        return;
    dropped_set(e, x->dropped);
    x->rows[x->count++] = (struct db_bulk_row){.n = {e->number}};
    if (x->count == DROPS_CHUNK)
        drops_write(x);
}

static enum problem rows_drop(struct drops *x, const struct import_rows_change *change)
{
    struct import_rows *r = &x->d->rows;
    for (size_t i = 0; !change->rows && i < r->count; i++)
        if (matches(&r->list[i], change->filter))
            drop(x, &r->list[i]);
    for (size_t k = 0; change->rows && k < change->count; k++) {
        int64_t index = import_rows_find(r, change->rows[k]);
        if (index < 0)
            return PROBLEM_NOT_FOUND;
        drop(x, &r->list[index]);
    }
    if (x->count)
        drops_write(x);
    return PROBLEM_NONE;
}

enum problem import_rows_change(struct scope *s, const char *folder, int64_t id,
                                const struct import_rows_change *change)
{
    DESK(d);
    enum problem p = desk_open(&d, s, folder, id);
    if (p)
        return p;
    TX(tx, s->db);
    if ((p = change_begin(&d)))
        return p;
    struct drops *x = arena_new(s->arena, struct drops);
    x->d = &d;
    x->dropped = change->dropped;
    p = rows_drop(x, change);
    return p ? p : change_commit(&d, &tx);
}

/* ---- out and in again ---- */

/* The header of each column in the workbook: as in the file, or its number. */
static struct str header_of(struct arena *a, const struct columns *c, size_t i)
{
    return c->list[i].header.len ? c->list[i].header : str_printf(a, "열 %zu", i + 1);
}

static struct str reason_of(const struct desk *d, const struct import_entry *e, bool english)
{
    struct str text = import_reason_text(import_entry_reason(e), english);
    if (!e->twin)
        return text.ptr ? text : STR("");
    return str_printf(d->s->arena, english ? "Same number as row %u" : "%u행과 같은 번호입니다.",
                      d->rows.list[e->twin - 1].number);
}

static enum problem row_out(const struct desk *d, size_t index, struct str *line,
                            const struct import_sheet_out *out)
{
    const struct import_entry *e = &d->rows.list[index];
    size_t width = d->columns.count;
    ARENA(scratch, ARENA_MAX_DEFAULT);
    struct str *cells;
    size_t count;
    if (!import_rows_cells(&d->rows, index, &scratch, &cells, &count))
        return PROBLEM_STORE;
    line[0] = str_printf(&scratch, "%u", e->number);
    for (size_t k = 0; k < width; k++)
        line[k + 1] = k < count ? cells[k] : STR("");
    line[width + 1] = reason_of(d, e, out->english);
    return out->row(out->ctx, line, width + 2) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem import_rows_write(struct scope *s, const char *folder, int64_t id,
                               enum import_filter filter, const struct import_sheet_out *out)
{
    DESK(d);
    enum problem p = desk_open(&d, s, folder, id);
    if (p)
        return p;
    size_t width = d.columns.count;
    struct str *line = arena_array(s->arena, width + 2, sizeof *line);
    line[0] = number_header;
    for (size_t k = 0; k < width; k++)
        line[k + 1] = header_of(s->arena, &d.columns, k);
    line[width + 1] = reason_header;
    if (!out->header(out->ctx, line, width + 2))
        return PROBLEM_STORE;
    for (size_t i = 0; i < d.rows.count && !p; i++)
        if (matches(&d.rows.list[i], filter))
            p = row_out(&d, i, line, out);
    return p;
}

/* Where the columns of the corrected workbook stand among those of the import; -1: nowhere. */
struct plan {
    int64_t number;
    int64_t to[COLUMNS_MAX + 2];
    size_t width;
};

static int64_t column_of(struct desk *d, struct str header, const struct plan *plan)
{
    for (size_t i = 0; i < d->columns.count; i++) {
        bool taken = false;
        for (size_t k = 0; k < plan->width; k++)
            taken = taken || plan->to[k] == (int64_t)i;
        if (!taken && str_eq(header, header_of(d->s->arena, &d->columns, i)))
            return (int64_t)i;
    }
    return -1;
}

/* Reads the header; false when it is not such a workbook. */
static bool plan_make(struct desk *d, const struct sheet_row *header, struct plan *plan)
{
    *plan = (struct plan){.number = -1};
    for (size_t k = 0; k < header->cell_count && k < COUNT_OF(plan->to); k++) {
        struct str text = text_line(d->s->arena, header->cells[k]);
        bool is_number = plan->number < 0 && str_eq(text, number_header);
        if (is_number)
            plan->number = (int64_t)k;
        int64_t to = is_number ? -1 : column_of(d, text, plan);
        plan->to[plan->width++] = to;
    }
    return plan->number >= 0;
}

/* The row's cells as the line has them; true when one differs from what stands there. */
static bool line_differs(const struct plan *plan, const struct sheet_row *line, struct str *cells,
                         size_t *count, struct arena *a)
{
    bool differs = false;
    for (size_t k = 0; k < plan->width; k++) {
        if (plan->to[k] < 0)
            continue;
        size_t to = (size_t)plan->to[k];
        struct str value = k < line->cell_count ? import_cell(line->cells[k], a) : STR("");
        if (str_eq(value, to < *count ? cells[to] : STR("")))
            continue;
        for (; *count <= to; ++*count)
            cells[*count] = STR("");
        cells[to] = str_dup(a, value);
        differs = true;
    }
    return differs;
}

static enum problem line_take(struct desk *d, const struct plan *plan, const struct sheet_row *line,
                              struct arena *a, struct import_corrections *out)
{
    int64_t number, index = -1;
    struct str *old, *cells = arena_array(a, COLUMNS_MAX, sizeof *cells);
    size_t count;
    struct str text = (size_t)plan->number < line->cell_count ? line->cells[plan->number] : STR("");
    if (str_i64(str_trim(text), 1, INT64_MAX, &number))
        index = import_rows_find(&d->rows, number);
    if (index < 0) {
        out->unknown++;
        return PROBLEM_NONE;
    }
    if (!import_rows_cells(&d->rows, (size_t)index, a, &old, &count))
        return PROBLEM_STORE;
    memcpy(cells, old, count * sizeof *cells);
    if (!line_differs(plan, line, cells, &count, a)) {
        out->unchanged++;
        return PROBLEM_NONE;
    }
    out->corrected++;
    return row_correct(d, (size_t)index, cells, count);
}

static enum problem refused(struct scope *s, const struct sheet_refusal *r)
{
    scope_field_error(s, "file", "sheet", str_z(s->arena, sheet_refusal_text(r, false, s->arena)),
                      str_z(s->arena, sheet_refusal_text(r, true, s->arena)));
    return PROBLEM_SHEET_REFUSED;
}

static enum problem lines_take(struct desk *d, struct sheet *reader, struct import_corrections *out)
{
    struct plan *plan = arena_new(d->s->arena, struct plan);
    struct sheet_row line;
    enum problem p = PROBLEM_NONE;
    int got = sheet_next(reader, &line);
    if (got > 0 && !plan_make(d, &line, plan))
        return PROBLEM_CORRECTIONS_UNKNOWN;
    if (got == 0)
        return PROBLEM_SHEET_EMPTY;
    struct arena *whole = d->s->arena;
    while (!p && got > 0 && (got = sheet_next(reader, &line)) > 0) {
        ARENA(scratch, ARENA_MAX_DEFAULT);
        d->s->arena = &scratch; /* a million lines share no arena */
        p = line_take(d, plan, &line, &scratch, out);
        d->s->arena = whole;
        if (!p)
            p = scope_store(d->s);
    }
    if (p || got == 0)
        return p;
    struct sheet_refusal refusal = sheet_failure(reader);
    return refused(d->s, &refusal);
}

enum problem import_corrections_read(struct scope *s, const char *folder, int64_t id,
                                     const char *path, struct import_corrections *out)
{
    DESK(d);
    struct sheet *reader CLEANUP(sheet_close) = NULL;
    struct sheet_refusal refusal;
    *out = (struct import_corrections){0};
    enum problem p = desk_open(&d, s, folder, id);
    if (p)
        return p;
    if (sheet_open(path, NULL, s->arena, &reader, &refusal) != SHEET_OK)
        return refused(s, &refusal);
    TX(tx, s->db);
    if ((p = change_begin(&d)))
        return p;
    p = lines_take(&d, reader, out);
    return p ? p : change_commit(&d, &tx);
}
