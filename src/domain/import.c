/*
 * import.c - see import.h.
 */
#include "domain/import.h"
#include "base/crash.h"
#include "base/log.h"
#include "base/token.h"
#include "domain/company.h"
#include "domain/cursor.h"
#include "domain/import_file.h"
#include "domain/phone.h"
#include "domain/text.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- words ---- */

static const struct {
    struct str word;
    const char *ko, *en;
} reasons[] = {
    {STR_INIT("DUPLICATE"), "위에 같은 번호의 행이 있습니다.",
     "A row above has the same number already."},
    {STR_INIT("PHONE_COLUMN_MISSING"), "휴대폰 번호 열을 먼저 골라 주세요.",
     "Please choose the column of mobile numbers first."},
    {STR_INIT("EMAIL_DROPPED"), "이메일 주소가 올바르지 않아 비워 둡니다.",
     "The e-mail address is not valid and is left empty."},
    {STR_INIT("NAME_SHORTENED"), "이름이 너무 길어 100자까지만 가져옵니다.",
     "The name is too long; its first 100 characters are taken."},
};

struct str import_reason_text(struct str word, bool english)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (str_eq(word, reasons[i].word))
            return str_c(english ? reasons[i].en : reasons[i].ko);
    return phone_reason_text(word, english);
}

bool import_verdict_known(struct str verdict)
{
    static const struct str known[] = {STR_INIT("ok"), STR_INIT("repaired"), STR_INIT("duplicate"),
                                       STR_INIT("error")};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(verdict, known[i]))
            return true;
    return false;
}

/* ---- reading ---- */

#define COLUMNS                                                                                    \
    "i.id, i.filename, i.path, i.state, i.kind, i.encoding, i.sheets, i.sheet, i.header_row,"      \
    " i.columns, i.row_count, i.ok_count, i.repaired_count, i.duplicate_count, i.error_count,"     \
    " i.dropped_count, i.create_count, i.update_count, i.group_id, g.name, i.created, i.updated,"  \
    " i.skipped, i.created_at, i.confirmed_at FROM import i LEFT JOIN contact_group g"             \
    " ON g.company_id = i.company_id AND g.id = i.group_id"

static void import_read(struct scope *s, const struct db_rows *r, struct import *i)
{
    struct str encoding = db_text(r, 5, s->arena);
    *i = (struct import){
        .id = db_i64(r, 0),
        .filename = db_text(r, 1, s->arena),
        .file = db_text(r, 2, s->arena),
        .state = db_text(r, 3, s->arena),
        .kind = db_text(r, 4, s->arena),
        .encoding = encoding.len ? encoding : (struct str){NULL, 0},
        .sheets = db_text(r, 6, s->arena),
        .sheet = db_i64(r, 7),
        .header_row = db_i64(r, 8),
        .columns = db_text(r, 9, s->arena),
        .counts = {db_i64(r, 10), db_i64(r, 11), db_i64(r, 12), db_i64(r, 13), db_i64(r, 14),
                   db_i64(r, 15), db_i64(r, 16), db_i64(r, 17)},
        .group = db_i64(r, 18),
        .group_name = db_text(r, 19, s->arena),
        .created = db_i64(r, 20),
        .updated = db_i64(r, 21),
        .skipped = db_i64(r, 22),
        .created_at = db_i64(r, 23),
        .confirmed_at = db_i64(r, 24),
    };
}

enum problem import_get(struct scope *s, int64_t id, struct import *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows, "SELECT " COLUMNS " WHERE i.company_id = $1 AND i.id = $2",
             DB_ARGS(DB_N(s->company), DB_N(id)));
    if (db_next(&rows)) {
        import_read(s, &rows, out);
        return PROBLEM_NONE;
    }
    return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
}

enum problem import_list(struct scope *s, const struct page *page, const struct import **list,
                         size_t *count, struct str *next)
{
    int64_t after = cursor_i64(page->cursor);
    struct import *found = arena_array(s->arena, (size_t)page->limit, sizeof *found);
    *list = found, *count = 0, *next = (struct str){NULL, 0};
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " COLUMNS " WHERE i.company_id = $1 AND i.id < $2 ORDER BY i.id DESC LIMIT $3",
             DB_ARGS(DB_N(s->company), DB_N(after ? after : INT64_MAX), DB_N(page->limit + 1)));
    while (db_next(&rows)) {
        if (*count == (size_t)page->limit) {
            *next = cursor_from_i64(s->arena, found[*count - 1].id);
            break;
        }
        import_read(s, &rows, &found[(*count)++]);
    }
    return scope_store(s);
}

/* ---- making ---- */

const char *import_path(struct scope *s, const char *folder, const struct import *i)
{
    return str_printf(s->arena, "%s/%.*s", folder, STR_ARG(i->file)).ptr;
}

void import_unlink(struct scope *s, const char *folder, const struct import *i)
{
    if (unlink(import_path(s, folder, i)) != 0)
        log_warn("remove the file of an import");
}

/* A name of our own for the file; the user's is never a path. */
static struct str file_name(struct scope *s)
{
    char token[TOKEN_LENGTH + 1];
    token_make(token);
    return str_printf(s->arena, "%lld-%s", (long long)s->company, token);
}

static void counts_write(struct scope *s, int64_t id, const struct import_source *f,
                         const struct import_counts *n)
{
    db_exec(s->db,
            "UPDATE import SET sheet = $3, header_row = $4, columns = $5, row_count = $6,"
            " ok_count = $7, repaired_count = $8, duplicate_count = $9, error_count = $10,"
            " dropped_count = $11, create_count = $12, update_count = $13"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(f->sheet), DB_N(f->columns.header_row),
                    DB_S(columns_text(s->arena, &f->columns)), DB_N(n->rows), DB_N(n->ok),
                    DB_N(n->repaired), DB_N(n->duplicate), DB_N(n->error), DB_N(n->dropped),
                    DB_N(n->create), DB_N(n->update)));
}

static enum problem insert(struct scope *s, const struct import *i, const struct import_source *f,
                           int64_t *id)
{
    struct import_counts counts;
    TX(tx, s->db);
    *id = db_next_id(s->db, s->company, "import", 1);
    db_exec(s->db,
            "INSERT INTO import (company_id, id, filename, path, state, kind, encoding, sheets,"
            " sheet, header_row, columns, row_count, ok_count, repaired_count, duplicate_count,"
            " error_count, dropped_count, create_count, update_count, created_at)"
            " VALUES ($1, $2, $3, $4, 'mapping', $5, $6, $7, 0, 0, '[]', 0, 0, 0, 0, 0, 0, 0, 0,"
            " $8)",
            DB_ARGS(DB_N(s->company), DB_N(*id), DB_S(i->filename), DB_S(i->file), DB_S(f->kind),
                    DB_S(f->encoding), DB_S(f->sheets), DB_N(scope_now(s))));
    enum problem p = import_fill(s, *id, f, NULL, 0, &counts);
    if (p)
        return p;
    counts_write(s, *id, f, &counts);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem import_create(struct scope *s, struct str filename, const char *upload,
                           const char *folder, int64_t *id)
{
    struct import_source source;
    struct import i = {.filename = text_line(s->arena, filename), .file = file_name(s)};
    if (i.filename.len == 0 || utf8_count(i.filename) > IMPORT_NAME_MAX) {
        scope_field_error(s, "filename", "invalid", "파일 이름이 없거나 너무 깁니다.",
                          "The file's name is missing or too long.");
        return PROBLEM_INVALID;
    }
    const char *path = import_path(s, folder, &i);
    if (rename(upload, path) != 0) {
        log_warn("keep an upload");
        return PROBLEM_STORE;
    }
    crash_point("import-file");
    enum problem p = import_inspect(s, path, -1, -1, &source);
    if (!p)
        p = insert(s, &i, &source, id);
    if (p)
        import_unlink(s, folder, &i);
    return p;
}

/* The file of an upload that is younger may belong to a transaction under way. */
#define SWEEP_AGE_S 60

static void sweep_one(struct scope *s, int folder, const char *name)
{
    struct stat st;
    bool old = fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
               time(NULL) - st.st_mtime > SWEEP_AGE_S;
    bool needed = db_get_i64(s->db, 0, "SELECT 1 FROM import WHERE path = $1 LIMIT 1",
                             DB_ARGS(DB_S(str_c(name)))) != 0;
    if (old && !needed && !db_failed(s->db) && unlinkat(folder, name, 0) != 0)
        log_warn("remove an upload that nothing needs");
}

void import_sweep(struct scope *s, const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    for (struct dirent *e; (e = readdir(dir));)
        if (e->d_name[0] != '.')
            sweep_one(s, dirfd(dir), e->d_name);
    closedir(dir);
}

/* ---- mapping ---- */

/* The import, when it can still be changed; nobody else changes it until the end of the
 * transaction. */
static enum problem changeable(struct scope *s, int64_t id, struct import *out)
{
    company_lock(s);
    enum problem p = import_get(s, id, out);
    return !p && !str_eq(out->state, STR("mapping")) ? PROBLEM_IMPORT_STATE : p;
}

static enum problem columns_invalid(struct scope *s, const char *code, const char *ko,
                                    const char *en)
{
    scope_field_error(s, "columns", code, ko, en);
    return PROBLEM_INVALID;
}

static struct str attribute_name(struct scope *s, const struct import_column *given,
                                 const struct column *column, int64_t index)
{
    struct str name = text_line(s->arena, given->attribute.ptr ? given->attribute : STR(""));
    if (name.len == 0)
        name = column->header;
    return name.len ? name : str_printf(s->arena, "열 %lld", (long long)index + 1);
}

/* Each role once, but for attributes, whose names differ. */
static enum problem columns_check(struct scope *s, const struct columns *c)
{
    size_t of[COLUMN_ROLES] = {0};
    for (size_t i = 0; i < c->count; i++) {
        of[c->list[i].role]++;
        for (size_t k = 0; k < i && c->list[i].role == COLUMN_ATTRIBUTE; k++)
            if (c->list[k].role == COLUMN_ATTRIBUTE &&
                str_eq(c->list[i].attribute, c->list[k].attribute))
                return columns_invalid(s, "duplicate", "같은 이름의 속성이 두 번 있습니다.",
                                       "Two columns have the same attribute name.");
    }
    if (of[COLUMN_PHONE] != 1)
        return PROBLEM_PHONE_COLUMN_MISSING;
    if (of[COLUMN_NAME] > 1 || of[COLUMN_EMAIL] > 1)
        return columns_invalid(s, "duplicate", "이름과 이메일 열은 하나씩만 고를 수 있습니다.",
                               "There can be only one name and one e-mail column.");
    return PROBLEM_NONE;
}

static enum problem columns_apply(struct scope *s, const struct import_mapping *m,
                                  struct columns *c)
{
    for (size_t i = 0; i < c->count; i++)
        c->list[i].role = COLUMN_IGNORE, c->list[i].basis = BASIS_USER;
    for (size_t i = 0; i < m->count; i++) {
        const struct import_column *given = &m->columns[i];
        if (given->index < 0 || given->index >= (int64_t)c->count)
            return columns_invalid(s, "unknown", "없는 열입니다.", "There is no such column.");
        struct column *column = &c->list[given->index];
        column->role = given->role;
        if (given->role == COLUMN_ATTRIBUTE)
            column->attribute = attribute_name(s, given, column, given->index);
    }
    return columns_check(s, c);
}

/* What is to be read: a new guess when sheet or header change, else what is there. */
static enum problem source_make(struct scope *s, const char *folder, const struct import *i,
                                const struct import_mapping *m, struct import_source *out)
{
    int64_t sheet = m->sheet >= 0 ? m->sheet : i->sheet;
    bool moved = sheet != i->sheet || (m->header_row >= 0 && m->header_row != i->header_row);
    int64_t header = m->header_row >= 0 ? m->header_row : sheet == i->sheet ? i->header_row : -1;
    struct str why;
    json_t *sheets = json_parse(i->sheets, s->arena, &why);
    bool there = sheet < (int64_t)json_array_size(sheets);
    json_decref(sheets);
    if (!there) {
        scope_field_error(s, "sheet", "unknown", "없는 시트입니다.", "There is no such sheet.");
        return PROBLEM_INVALID;
    }
    enum problem p = import_inspect(s, import_path(s, folder, i), sheet, header, out);
    if (p)
        return p;
    if (!moved && !m->columns_given)
        columns_read(s->arena, i->columns, &out->columns);
    out->columns.header_row = header >= 0 ? header : out->columns.header_row;
    return m->columns_given ? columns_apply(s, m, &out->columns) : PROBLEM_NONE;
}

static size_t dropped_read(struct scope *s, const struct import *i, int64_t **list)
{
    size_t n = 0;
    *list = arena_array(s->arena, (size_t)i->counts.dropped + 1, sizeof **list);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT number FROM import_row WHERE company_id = $1 AND import_id = $2"
             " AND dropped = 1 ORDER BY number",
             DB_ARGS(DB_N(s->company), DB_N(i->id)));
    while (n < (size_t)i->counts.dropped && db_next(&rows))
        (*list)[n++] = db_i64(&rows, 0);
    return n;
}

enum problem import_remap(struct scope *s, const char *folder, int64_t id,
                          const struct import_mapping *mapping)
{
    struct import import;
    struct import_source source;
    struct import_counts counts;
    int64_t *dropped = NULL;
    size_t dropped_count = 0;
    TX(tx, s->db);
    enum problem p = changeable(s, id, &import);
    if (!p)
        p = source_make(s, folder, &import, mapping, &source);
    if (p)
        return p;
    if (source.sheet == import.sheet && source.columns.header_row == import.header_row)
        dropped_count = dropped_read(s, &import, &dropped);
    p = import_fill(s, id, &source, dropped, dropped_count, &counts);
    if (p)
        return p;
    counts_write(s, id, &source, &counts);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

/* ---- rows ---- */

#define ROW_COLUMNS                                                                                \
    "number, verdict, reason, name, phone, email, cells, dropped, duplicate_of, contact_id"        \
    " FROM import_row WHERE company_id = $1 AND import_id = $2"

static void row_read(struct scope *s, const struct db_rows *r, const struct columns *c,
                     struct import_row *out)
{
    struct str why;
    json_t *cells = json_parse(db_text(r, 6, s->arena), s->arena, &why);
    int64_t phone = columns_find(c, COLUMN_PHONE);
    const json_t *original = phone >= 0 ? json_array_get(cells, (size_t)phone) : NULL;
    *out = (struct import_row){
        .number = db_i64(r, 0),
        .verdict = db_text(r, 1, s->arena),
        .reason = db_text(r, 2, s->arena),
        .name = db_text(r, 3, s->arena),
        .phone = db_text(r, 4, s->arena),
        .email = db_text(r, 5, s->arena),
        .original_phone =
            original ? str_dup(s->arena, str_c(json_string_value(original))) : STR(""),
        .attributes = import_attributes(s->arena, c, cells),
        .dropped = db_i64(r, 7) != 0,
        .duplicate_of = db_i64(r, 8),
        .contact = db_i64(r, 9),
    };
    json_decref(cells);
}

static enum problem columns_of(struct scope *s, int64_t id, struct columns *out)
{
    struct import import;
    enum problem p = import_get(s, id, &import);
    if (!p)
        columns_read(s->arena, import.columns, out);
    return p;
}

enum problem import_row_list(struct scope *s, int64_t id, struct str verdict,
                             const struct page *page, const struct import_row **list, size_t *count,
                             struct str *next)
{
    struct columns columns;
    enum problem p = columns_of(s, id, &columns);
    if (p)
        return p;
    struct import_row *found = arena_array(s->arena, (size_t)page->limit, sizeof *found);
    *list = found, *count = 0, *next = (struct str){NULL, 0};
    struct db_value args[] = {DB_N(s->company), DB_N(id), DB_N(cursor_i64(page->cursor)),
                              DB_N(page->limit + 1), DB_S(verdict)};
    DB_ROWS(rows);
    if (verdict.len)
        db_query(s->db, &rows,
                 "SELECT " ROW_COLUMNS " AND number > $3 AND verdict = $5 ORDER BY number LIMIT $4",
                 args, 5);
    else
        db_query(s->db, &rows, "SELECT " ROW_COLUMNS " AND number > $3 ORDER BY number LIMIT $4",
                 args, 4);
    while (db_next(&rows)) {
        if (*count == (size_t)page->limit) {
            *next = cursor_from_i64(s->arena, found[*count - 1].number);
            break;
        }
        row_read(s, &rows, &columns, &found[(*count)++]);
    }
    return scope_store(s);
}

enum problem import_row_get(struct scope *s, int64_t id, int64_t number, struct import_row *out)
{
    struct columns columns;
    enum problem p = columns_of(s, id, &columns);
    if (p)
        return p;
    DB_ROWS(rows);
    db_query(s->db, &rows, "SELECT " ROW_COLUMNS " AND number = $3",
             DB_ARGS(DB_N(s->company), DB_N(id), DB_N(number)));
    if (!db_next(&rows))
        return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
    row_read(s, &rows, &columns, out);
    return PROBLEM_NONE;
}

enum problem import_row_drop(struct scope *s, int64_t id, int64_t number, bool dropped)
{
    struct import import;
    struct import_row row;
    TX(tx, s->db);
    enum problem p = changeable(s, id, &import);
    if (!p)
        p = import_row_get(s, id, number, &row);
    if (p || row.dropped == dropped)
        return p;
    int64_t taken = dropped ? -1 : 1;
    bool good = str_eq(row.verdict, STR("ok")) || str_eq(row.verdict, STR("repaired"));
    db_exec(s->db,
            "UPDATE import_row SET dropped = $4 WHERE company_id = $1 AND import_id = $2"
            " AND number = $3",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(number), DB_N(dropped)));
    db_exec(s->db,
            "UPDATE import SET dropped_count = dropped_count - $3,"
            " create_count = create_count + $4, update_count = update_count + $5"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(taken), DB_N(good && !row.contact ? taken : 0),
                    DB_N(good && row.contact ? taken : 0)));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem import_discard(struct scope *s, const char *folder, int64_t id)
{
    struct import import;
    TX(tx, s->db);
    enum problem p = changeable(s, id, &import);
    if (p)
        return p;
    db_exec(s->db, "DELETE FROM import_row WHERE company_id = $1 AND import_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    db_exec(s->db,
            "UPDATE import SET state = 'discarded', path = '' WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    import_unlink(s, folder, &import);
    return PROBLEM_NONE;
}
