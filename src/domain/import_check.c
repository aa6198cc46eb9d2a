/*
 * import_check.c - see import_check.h.
 */
#include "domain/import_check.h"
#include "base/crash.h"
#include "base/log.h"
#include "domain/import_known.h"
#include "domain/import_note.h"
#include "domain/import_wanted.h"
#include "domain/template.h"
#include "domain/text.h"
#include "sheet/sheet.h"

#include <assert.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#define SHEETS_TEXT_MAX ((size_t)2 << 20)
#define SHEETS_TRIED    20                /* worksheets looked at for a list of people */
#define HEAD_MAX        ((size_t)4 << 20) /* bytes of the first rows, from which columns are guessed */
#define SCRATCH_ROWS    64                /* rows that share an arena … */
#define SCRATCH_BYTES   ((size_t)8 << 20) /* … while they are short */
#define WATCH_ROWS      20000             /* between two reports of progress */
#define EDITS_MAX       ((size_t)128 << 20)
#define EDITS_PAGE      16 /* corrections in memory */

/* ---- reading the file ---- */

struct check {
    struct scope *s;
    const struct import *i;
    const char *path;
    const struct import_watch *watch; /* NULL: nobody */
    struct import_wanted wanted;
    struct sheet *reader;
    /* The first rows, read ahead to guess from; copies in `head_arena`. */
    struct arena head_arena;
    struct peek_row head[PEEK_ROWS];
    bool head_hidden[PEEK_ROWS];
    size_t head_count, head_at;
    struct columns columns;
    struct str signature;
    int64_t sheet, sheet_count, notes[NOTES];
    struct str sheets, kind, encoding;
    /* Why it cannot be read. */
    struct str problem_code, problem_ko, problem_en;
};

static void refuse(struct check *c, struct str code, struct str ko, struct str en)
{
    c->problem_code = code;
    c->problem_ko = ko;
    c->problem_en = en;
}

static enum problem refuse_sheet(struct check *c, const struct sheet_refusal *r)
{
    struct str word = sheet_error_code(r->error);
    struct arena *a = c->s->arena;
    log_info("an upload was refused: %.*s", STR_ARG(word));
    log_debug("%.*s", STR_ARG(r->detail));
    refuse(c, str_printf(a, "sheet_%.*s", STR_ARG(text_email(a, word))),
           sheet_refusal_text(r, false, a), sheet_refusal_text(r, true, a));
    return PROBLEM_SHEET_REFUSED;
}

static enum problem refuse_empty(struct check *c)
{
    refuse(
        c, STR("sheet_no_rows"),
        STR("파일에 읽을 행이 없습니다. 제목 아래에 명단이 있는지 확인해 주세요."),
        STR("The file has no rows to read. Please check that the list stands below its header."));
    return PROBLEM_SHEET_EMPTY;
}

/* A first look that the disk has no room for: the file goes, which makes some. Later ones are tried
 * again, because the user has corrected rows. */
static enum problem refuse_storage(struct check *c)
{
    if (c->i->kind.len == 0)
        refuse(c, STR("storage_full"),
               STR("서버의 디스크가 가득 차서 파일을 읽지 못했습니다. 서버를 맡은 분에게 알린 뒤 "
                   "다시 올려 주세요."),
               STR("The server's disk is full, so the file could not be read. Please tell whoever "
                   "runs "
                   "the server, and upload it again."));
    return PROBLEM_STORAGE_FULL;
}

static enum problem failed(struct check *c)
{
    struct sheet_refusal refusal = sheet_failure(c->reader);
    return refuse_sheet(c, &refusal);
}

static struct str *cells_copy(struct arena *a, const struct sheet_row *row, size_t count)
{
    struct str *cells = arena_array(a, count + 1, sizeof *cells);
    for (size_t k = 0; k < count; k++)
        cells[k] = str_dup(a, import_cell(row->cells[k], a));
    return cells;
}

/* Reads ahead. */
static enum problem head_read(struct check *c)
{
    struct sheet_row row;
    int got = 0;
    arena_free(&c->head_arena);
    c->head_count = c->head_at = 0;
    while (c->head_count < PEEK_ROWS && c->head_arena.used < HEAD_MAX &&
           (got = sheet_next(c->reader, &row)) > 0) {
        size_t count = row.cell_count < COLUMNS_MAX ? row.cell_count : COLUMNS_MAX;
        if (row.cell_count > count &&
            c->notes[NOTE_MORE_COLUMNS] < (int64_t)(row.cell_count - count))
            c->notes[NOTE_MORE_COLUMNS] = (int64_t)(row.cell_count - count);
        c->head_hidden[c->head_count] = row.hidden;
        c->head[c->head_count++] =
            (struct peek_row){row.number, cells_copy(&c->head_arena, &row, count), count};
    }
    return got < 0 ? failed(c) : PROBLEM_NONE;
}

/* The next row, those read ahead first: as sheet_next, with at most COLUMNS_MAX cells. */
static int row_next(struct check *c, struct sheet_row *row)
{
    if (c->head_at < c->head_count) {
        const struct peek_row *p = &c->head[c->head_at];
        *row = (struct sheet_row){p->number, p->cells, p->cell_count, c->head_hidden[c->head_at]};
        c->head_at++;
        return 1;
    }
    int got = sheet_next(c->reader, row);
    if (got > 0 && row->cell_count > COLUMNS_MAX)
        row->cell_count = COLUMNS_MAX;
    return got;
}

/* ---- sheet, header, columns ---- */

static void sheets_write(struct check *c)
{
    const struct sheet_info *list;
    size_t chosen, count = sheet_list(c->reader, &list, &chosen);
    BUF(text, SHEETS_TEXT_MAX);
    struct json j;
    json_init(&j, &text);
    json_begin_array(&j);
    c->notes[NOTE_HIDDEN_SHEETS] = 0;
    for (size_t k = 0; k < count; k++) {
        json_begin_object(&j);
        json_put_str(&j, "name", text_line(c->s->arena, list[k].name));
        json_put_bool(&j, "hidden", list[k].hidden);
        json_end_object(&j);
        c->notes[NOTE_HIDDEN_SHEETS] += list[k].hidden;
    }
    json_end_array(&j);
    c->sheets = str_dup(c->s->arena, text.failed ? STR("[]") : buf_view(&text));
    c->sheet = (int64_t)chosen;
    c->sheet_count = (int64_t)count;
}

/* The variables of the chosen template: columns of that name get it. */
static size_t variables_find(struct check *c, struct str list[2 * TEMPLATE_VARIABLES_MAX])
{
    struct template t;
    if (c->i->template == 0 || template_get(c->s, c->i->template, &t) != PROBLEM_NONE)
        return 0;
    size_t n = template_variables(&t, c->s->arena, list);
    return n + template_link_variables(&t, c->s->arena, list + n);
}

/* What was confirmed for the same headers before, else a guess; the user overrules both. */
static void columns_make(struct check *c)
{
    struct arena *a = c->s->arena;
    struct str variables[2 * TEMPLATE_VARIABLES_MAX];
    struct columns_hints hints = {.header_row = c->wanted.header_row,
                                  .variables = variables,
                                  .variable_count = variables_find(c, variables)};
    columns_guess(a, c->head, c->head_count, &hints, &c->columns);
    c->signature = columns_signature(a, &c->columns);
    struct str kept = {NULL, 0};
    if (c->signature.len && !c->wanted.columns_given)
        kept = db_get_text(c->s->db, a,
                           "SELECT columns FROM import_memory WHERE company_id = $1"
                           " AND signature = $2",
                           DB_ARGS(DB_N(c->s->company), DB_S(c->signature)));
    c->notes[NOTE_REMEMBERED] = kept.ptr != NULL;
    if (kept.ptr) {
        struct columns confirmed;
        columns_read(a, kept, &confirmed);
        columns_remember(&c->columns, &confirmed);
    }
    import_wanted_apply(&c->wanted, &c->columns);
}

static void reader_close(struct check *c)
{
    sheet_close(&c->reader);
}

/* Opens a sheet (negative: the reader's choice), reads ahead and guesses. */
static enum problem sheet_try(struct check *c, int64_t sheet)
{
    struct sheet_refusal refusal;
    struct sheet_options options = {.sheet_number = (int)(sheet + 1),
                                    .encoding = c->wanted.encoding};
    if (!options.encoding.ptr)
        options.encoding = STR("");
    reader_close(c);
    if (sheet_open(c->path, &options, c->s->arena, &c->reader, &refusal) != SHEET_OK)
        return refuse_sheet(c, &refusal);
    enum problem p = head_read(c);
    if (p)
        return p;
    c->kind = sheet_kind_name(sheet_kind(c->reader));
    c->encoding = str_dup(c->s->arena, sheet_encoding(c->reader));
    sheets_write(c);
    columns_make(c);
    return PROBLEM_NONE;
}

static bool sheet_is_hidden(const struct check *c, int64_t index)
{
    const struct sheet_info *list;
    size_t chosen, count = sheet_list(c->reader, &list, &chosen);
    return (size_t)index >= count || list[index].hidden;
}

/* Many files begin with a sheet of instructions: the first other one that looks like a list. */
static enum problem list_find(struct check *c)
{
    int64_t first = c->sheet, best = first;
    int score = columns_list_score(&c->columns);
    for (int64_t k = 0; k < c->sheet_count && k < SHEETS_TRIED; k++) {
        if (k == first || sheet_is_hidden(c, k) || sheet_try(c, k) != PROBLEM_NONE)
            continue;
        if (columns_list_score(&c->columns) > score) {
            best = k;
            score = columns_list_score(&c->columns);
        }
    }
    c->problem_code = (struct str){NULL, 0}; /* of sheets that were only tried */
    c->notes[NOTE_GUIDE_SHEET] = best > first ? best - first : 0;
    return c->sheet == best && c->reader ? PROBLEM_NONE : sheet_try(c, best);
}

static enum problem sheet_choose(struct check *c)
{
    enum problem p = sheet_try(c, c->wanted.sheet);
    if (p || c->wanted.sheet >= 0 || c->sheet_count < 2 ||
        columns_find(&c->columns, COLUMN_PHONE) >= 0)
        return p;
    return list_find(c);
}

/* ---- corrections ---- */

struct edit {
    int64_t number;
    bool dropped;
    struct str *cells; /* NULL: as in the file */
    size_t count;
};

/* The rows of import_edit beside those of the file, both ascending; a page of them in memory. */
struct edits {
    struct scope *s;
    int64_t import;
    struct arena arena; /* of the page */
    struct edit page[EDITS_PAGE];
    size_t count, at;
};

static void edit_read(const struct db_rows *r, struct arena *a, struct edit *out)
{
    *out = (struct edit){.number = db_i64(r, 0), .dropped = db_i64(r, 1) != 0};
    if (db_is_null(r, 2))
        return;
    struct str why;
    json_t *cells = json_parse(db_text(r, 2, a), a, &why), *cell;
    size_t k;
    assert(cells); /* it is our own */
    out->count = json_array_size(cells);
    out->cells = arena_array(a, out->count + 1, sizeof *out->cells);
    json_array_foreach(cells, k, cell)
    {
        out->cells[k] = str_dup(a, str_n(json_string_value(cell), json_string_length(cell)));
    }
    json_decref(cells);
}

static void edits_page(struct edits *e, int64_t after)
{
    arena_free(&e->arena);
    e->count = e->at = 0;
    DB_ROWS(rows);
    db_query(e->s->db, &rows,
             "SELECT number, dropped, cells FROM import_edit WHERE company_id = $1"
             " AND import_id = $2 AND number > $3 ORDER BY number LIMIT $4",
             DB_ARGS(DB_N(e->s->company), DB_N(e->import), DB_N(after), DB_N(EDITS_PAGE)));
    while (db_next(&rows))
        edit_read(&rows, &e->arena, &e->page[e->count++]);
}

/* The correction of row `number`, or NULL; asked for in ascending order. */
static const struct edit *edits_find(struct edits *e, int64_t number)
{
    while (e->at < e->count && e->page[e->at].number < number) {
        e->at++;
        if (e->at == EDITS_PAGE)
            edits_page(e, e->page[EDITS_PAGE - 1].number);
    }
    return e->at < e->count && e->page[e->at].number == number ? &e->page[e->at] : NULL;
}

/* Corrections are about rows of a sheet as it was read: in another sheet or encoding they are
 * others. */
static bool is_moved(const struct check *c)
{
    const struct import *i = c->i;
    struct str encoding = i->encoding.ptr ? i->encoding : STR("");
    return i->kind.len > 0 && (c->sheet != i->sheet || !str_eq(c->encoding, encoding));
}

/* ---- rows ---- */

struct fill {
    struct check *c;
    struct import_form form;
    struct import_rows_writer *writer;
    struct edits edits;
    int64_t last;    /* number of the row before */
    int64_t pending; /* blank rows since, which count when something follows */
    int64_t rows;
};

/* Counts what is passed over; true when the row is one of the list. */
static bool row_belongs(struct fill *f, int64_t number, const struct str *cells, size_t count,
                        struct arena *a)
{
    static const enum import_note notes[SKIP_KINDS] = {[SKIP_TOTAL] = NOTE_TOTAL_ROWS,
                                                       [SKIP_HEADER] = NOTE_HEADER_ROWS,
                                                       [SKIP_REMARK] = NOTE_REMARK_ROWS};
    enum import_skip skip = import_skip(&f->form, number, cells, count, a);
    if (skip == SKIP_ABOVE) {
        f->last = number;
        return false;
    }
    f->pending += number - f->last - 1 + (skip == SKIP_BLANK);
    f->last = number;
    if (skip == SKIP_BLANK)
        return false;
    f->c->notes[NOTE_BLANK_ROWS] += f->pending;
    f->pending = 0;
    if (skip != SKIP_NOT)
        f->c->notes[notes[skip]]++;
    return skip == SKIP_NOT;
}

static void row_add(struct fill *f, const struct sheet_row *row, struct str *cells, struct arena *a)
{
    struct judged judged;
    struct import_entry e = {.number = (uint32_t)row->number};
    size_t count = row->cell_count;
    const struct edit *edit = edits_find(&f->edits, row->number);
    if (edit && edit->dropped)
        e.flags |= ENTRY_DROPPED;
    if (edit && edit->cells) {
        e.flags |= ENTRY_EDITED;
        cells = edit->cells;
        count = edit->count;
    }
    import_judge(&f->form, cells, count, a, &judged);
    e.verdict = (uint8_t)judged.verdict;
    e.reason = judged.reason;
    e.phone = import_phone_key(judged.phone);
    e.flags |= row->hidden ? ENTRY_HIDDEN : 0;
    import_rows_add(f->writer, e, cells, count);
    f->c->notes[NOTE_HIDDEN_ROWS] += row->hidden;
    f->rows++;
}

static bool may_go_on(struct check *c, int64_t done)
{
    return !c->watch || c->watch->go_on(c->watch->ctx, done, 0);
}

static enum problem rows_read(struct fill *f)
{
    ARENA(scratch, ARENA_MAX_DEFAULT);
    struct str *cells = arena_array(f->c->s->arena, COLUMNS_MAX, sizeof *cells);
    struct sheet_row row;
    int got;
    for (int64_t n = 1; (got = row_next(f->c, &row)) > 0; n++) {
        for (size_t k = 0; k < row.cell_count; k++)
            cells[k] = import_cell(row.cells[k], &scratch);
        if (row_belongs(f, row.number, cells, row.cell_count, &scratch))
            row_add(f, &row, cells, &scratch);
        if (n % SCRATCH_ROWS == 0 || scratch.used > SCRATCH_BYTES)
            arena_free(&scratch);
        if (n % WATCH_ROWS == 0 && !may_go_on(f->c, n))
            return PROBLEM_IMPORT_STATE;
    }
    return got < 0 ? failed(f->c) : scope_store(f->c->s);
}

/* What only the end of the sheet tells. */
static void sheet_tells(struct check *c)
{
    const struct sheet_notes *n = sheet_notes(c->reader);
    c->notes[NOTE_HIDDEN_COLUMNS] = 0;
    for (size_t k = 0; k < c->columns.count; k++) {
        c->columns.list[k].hidden = n->hidden[k / 64] >> k % 64 & 1;
        c->notes[NOTE_HIDDEN_COLUMNS] += c->columns.list[k].hidden;
    }
    c->notes[NOTE_MERGED_CELLS] = n->merged;
    c->notes[NOTE_CUT] = n->cut;
}

/* Reads the chosen sheet to its end into the files of rows. */
static enum problem rows_write(struct check *c, int64_t *rows)
{
    struct fill *f = arena_new(c->s->arena, struct fill);
    f->c = c;
    import_form_make(&f->form, &c->columns, c->s->arena);
    f->writer = import_rows_create(c->path);
    if (!f->writer)
        return refuse_storage(c);
    f->edits.s = c->s;
    f->edits.import = c->i->id;
    f->edits.arena.max = EDITS_MAX;
    if (!is_moved(c))
        edits_page(&f->edits, 0);
    enum problem p = rows_read(f);
    arena_free(&f->edits.arena);
    *rows = f->rows;
    if (!p)
        sheet_tells(c);
    if (p)
        import_rows_abandon(&f->writer);
    else if (!import_rows_finish(&f->writer))
        p = refuse_storage(c);
    reader_close(c);
    malloc_trim(0); /* shared strings were large, what comes now needs other memory */
    return p;
}

/* ---- the check ---- */

static void check_begin(struct check *c, struct scope *s, const char *folder,
                        const struct import *i)
{
    *c = (struct check){.s = s, .i = i, .path = import_path(s, folder, i)};
    c->head_arena.max = ARENA_MAX_DEFAULT;
    import_wanted_read(i->wanted, s->arena, &c->wanted);
}

static void check_end(struct check *c)
{
    reader_close(c);
    arena_free(&c->head_arena);
}

/* What was found out, when nobody has changed the import meanwhile. */
static enum problem found_write(struct check *c, const struct import_counts *counts)
{
    const struct import *i = c->i;
    struct scope *s = c->s;
    TX(tx, s->db);
    int64_t changed = db_exec(
        s->db,
        "UPDATE import SET state = 'mapping', kind = $4, encoding = $5, sheets = $6, sheet = $7,"
        " header_row = $8, columns = $9, notes = $10, signature = $11, position = 0, total = 0"
        " WHERE company_id = $1 AND id = $2 AND state = 'checking' AND revision = $3",
        DB_ARGS(DB_N(s->company), DB_N(i->id), DB_N(i->revision), DB_S(c->kind), DB_S(c->encoding),
                DB_S(c->sheets), DB_N(c->sheet), DB_N(c->columns.header_row),
                DB_S(columns_text(s->arena, &c->columns)),
                DB_S(import_notes_json(s->arena, c->notes)), DB_S(c->signature)));
    if (changed == 0)
        return PROBLEM_IMPORT_STATE;
    if (is_moved(c))
        db_exec(s->db, "DELETE FROM import_edit WHERE company_id = $1 AND import_id = $2",
                DB_ARGS(DB_N(s->company), DB_N(i->id)));
    import_counts_write(s, i->id, counts);
    crash_point("import-check");
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

/* A file that was never read is refused for good; one that the user has made unreadable is read as
 * before, with a word about why. */
static enum problem problem_write(struct check *c)
{
    struct scope *s = c->s;
    bool again = c->i->kind.len > 0 && c->i->wanted.len > 0;
    TX(tx, s->db);
    int64_t changed = db_exec(
        s->db,
        "UPDATE import SET state = $4, path = $5, wanted = wanted_before, wanted_before = '',"
        " problem_code = $6, problem_ko = $7, problem_en = $8, revision = revision + 1"
        " WHERE company_id = $1 AND id = $2 AND state = 'checking' AND revision = $3",
        DB_ARGS(DB_N(s->company), DB_N(c->i->id), DB_N(c->i->revision),
                DB_S(again ? STR("checking") : STR("refused")), DB_S(again ? c->i->file : STR("")),
                DB_S(c->problem_code), DB_S(c->problem_ko), DB_S(c->problem_en)));
    if (changed == 0)
        return PROBLEM_IMPORT_STATE;
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

static enum problem rows_settle(struct check *c)
{
    struct import_rows rows;
    struct import_counts counts;
    if (!import_rows_open(&rows, c->path, 0))
        return PROBLEM_STORE;
    import_rows_recognise(c->s, &rows, NULL, 0);
    import_rows_settle(&rows, &c->i->rules, &counts);
    enum problem p = found_write(c, &counts);
    if (!p)
        import_rows_stamp(&rows, c->i->revision + 1);
    import_rows_close(&rows);
    return p;
}

static enum problem check_run(struct check *c)
{
    int64_t rows = 0;
    enum problem p = sheet_choose(c);
    c->notes[NOTE_TITLE_ROWS] = c->columns.title_rows;
    if (!p)
        p = rows_write(c, &rows);
    if (!p && rows == 0 && c->i->wanted.len == 0 && c->sheet_count == 1)
        p = refuse_empty(c);
    c->notes[NOTE_NO_ROWS] = rows == 0;
    return p ? p : rows_settle(c);
}

enum problem import_check(struct scope *s, const char *folder, const struct import *i,
                          const struct import_watch *watch)
{
    struct check *c = arena_new(s->arena, struct check);
    import_rows_lock(s->company, i->id);
    check_begin(c, s, folder, i);
    c->watch = watch;
    enum problem p = check_run(c);
    check_end(c);
    if (c->problem_code.ptr) {
        bool again = c->i->kind.len > 0 && c->i->wanted.len > 0;
        p = problem_write(c);
        if (!p && !again)
            import_files_remove(s, folder, i);
    }
    import_rows_unlock(s->company, i->id);
    return p;
}

/* Reads the rows again under the columns that the import has. */
static enum problem rows_again(struct scope *s, const char *folder, const struct import *i)
{
    struct check *c = arena_new(s->arena, struct check);
    int64_t rows;
    check_begin(c, s, folder, i);
    c->wanted.encoding = i->encoding;
    enum problem p = access(c->path, R_OK) == 0 ? sheet_try(c, i->sheet) : PROBLEM_IMPORT_ELSEWHERE;
    columns_read(s->arena, i->columns, &c->columns);
    c->columns.header_row = i->header_row;
    if (!p)
        p = rows_write(c, &rows);
    check_end(c);
    return p;
}

enum problem import_rows_ready(struct scope *s, const char *folder, const struct import *i,
                               struct import_rows *out)
{
    struct import_counts counts;
    const char *path = import_path(s, folder, i);
    if (import_rows_open(out, path, i->revision))
        return PROBLEM_NONE;
    enum problem p = rows_again(s, folder, i);
    if (p)
        return p;
    if (!import_rows_open(out, path, 0))
        return PROBLEM_STORE;
    import_rows_recognise(s, out, NULL, 0);
    import_rows_settle(out, &i->rules, &counts);
    import_rows_stamp(out, i->revision);
    return PROBLEM_NONE;
}
