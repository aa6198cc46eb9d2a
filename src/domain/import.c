/*
 * import.c - see import.h: the row of an import, and how the user moves it from state to state.
 */
#include "domain/import.h"
#include "base/crash.h"
#include "base/log.h"
#include "base/token.h"
#include "domain/company.h"
#include "domain/cursor.h"
#include "domain/group.h"
#include "domain/import_rows.h"
#include "domain/import_wanted.h"
#include "domain/text.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HASH_BYTES 32
#define HASH_PIECE ((size_t)256 << 10)

/* ---- words ---- */

static const struct str rule_words[RULES] = {
    [RULE_KEEP] = STR_INIT("keep"),
    [RULE_OVERWRITE] = STR_INIT("overwrite"),
    [RULE_FILL] = STR_INIT("fill"),
};

struct str import_rule_word(enum import_rule rule)
{
    return rule_words[rule];
}

bool import_rule_find(struct str word, enum import_rule *rule)
{
    for (size_t i = 0; i < RULES; i++) {
        if (str_eq(word, rule_words[i])) {
            *rule = (enum import_rule)i;
            return true;
        }
    }
    return false;
}

static enum import_rule rule_of(const struct db_rows *r, int column, struct arena *a)
{
    enum import_rule rule = RULE_KEEP;
    bool known = import_rule_find(db_text(r, column, a), &rule);
    assert(known); /* it is our own */
    return rule;
}

bool import_is_busy(const struct import *i)
{
    return str_eq(i->state, STR("checking")) || str_eq(i->state, STR("importing")) ||
           str_eq(i->state, STR("cancelling"));
}

/* ---- reading ---- */

#define COLUMNS                                                                                    \
    "i.id, i.revision, i.filename, i.path, i.state, i.kind, i.encoding, i.sheets, i.sheet,"        \
    " i.header_row, i.columns, i.notes, i.wanted, i.problem_code, i.problem_ko, i.problem_en,"     \
    " i.duplicates, i.existing, i.row_count, i.ok_count, i.repaired_count, i.duplicate_count,"     \
    " i.error_count, i.dropped_count, i.edited_count, i.create_count, i.update_count,"             \
    " i.keep_count, i.template_id, t.name, i.created_by, u.name, i.created, i.updated, i.kept,"    \
    " i.position, i.total, i.created_at, i.confirmed_at, i.hash, i.size FROM import i"             \
    " LEFT JOIN template t ON t.company_id = i.company_id AND t.id = i.template_id"                \
    " LEFT JOIN user_account u ON u.company_id = i.company_id AND u.id = i.created_by"

static void counts_read(const struct db_rows *r, struct import_counts *n)
{
    *n = (struct import_counts){
        .rows = db_i64(r, 18),
        .ok = db_i64(r, 19),
        .repaired = db_i64(r, 20),
        .duplicate = db_i64(r, 21),
        .error = db_i64(r, 22),
        .dropped = db_i64(r, 23),
        .edited = db_i64(r, 24),
        .create = db_i64(r, 25),
        .update = db_i64(r, 26),
        .keep = db_i64(r, 27),
    };
}

static void import_read(struct scope *s, const struct db_rows *r, struct import *i)
{
    struct arena *a = s->arena;
    struct str encoding = db_text(r, 6, a);
    *i = (struct import){
        .id = db_i64(r, 0),
        .revision = db_i64(r, 1),
        .filename = db_text(r, 2, a),
        .file = db_text(r, 3, a),
        .state = db_text(r, 4, a),
        .kind = db_text(r, 5, a),
        .encoding = encoding.len ? encoding : (struct str){NULL, 0},
        .sheets = db_text(r, 7, a),
        .sheet = db_i64(r, 8),
        .header_row = db_i64(r, 9),
        .columns = db_text(r, 10, a),
        .notes = db_text(r, 11, a),
        .wanted = db_text(r, 12, a),
        .problem_code = db_text(r, 13, a),
        .problem_ko = db_text(r, 14, a),
        .problem_en = db_text(r, 15, a),
        .rules = {rule_of(r, 16, a), rule_of(r, 17, a)},
        .template = db_i64(r, 28),
        .template_name = db_text(r, 29, a),
        .created_by = db_i64(r, 30),
        .created_by_name = db_text(r, 31, a),
        .created = db_i64(r, 32),
        .updated = db_i64(r, 33),
        .kept = db_i64(r, 34),
        .position = db_i64(r, 35),
        .total = db_i64(r, 36),
        .created_at = db_i64(r, 37),
        .confirmed_at = db_i64(r, 38),
        .hash = db_text(r, 39, a),
        .size = db_i64(r, 40),
    };
    counts_read(r, &i->counts);
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

enum problem import_groups(struct scope *s, int64_t id, const struct import_group **list,
                           size_t *count)
{
    struct import_group *found = arena_array(s->arena, IMPORT_GROUPS_MAX, sizeof *found);
    *list = found, *count = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT g.id, g.name FROM import_group i JOIN contact_group g"
             " ON g.company_id = i.company_id AND g.id = i.group_id"
             " WHERE i.company_id = $1 AND i.import_id = $2 ORDER BY g.id",
             DB_ARGS(DB_N(s->company), DB_N(id)));
    while (*count < IMPORT_GROUPS_MAX && db_next(&rows))
        found[(*count)++] = (struct import_group){db_i64(&rows, 0), db_text(&rows, 1, s->arena)};
    return scope_store(s);
}

bool import_twin_find(struct scope *s, const struct import *i, struct import_twin *out)
{
    DB_ROWS(rows);
    if (i->hash.len == 0)
        return false;
    db_query(s->db, &rows,
             "SELECT id, created_at, state FROM import WHERE company_id = $1 AND hash = $2"
             " AND id < $3 AND state NOT IN ('discarded', 'refused') ORDER BY id DESC LIMIT 1",
             DB_ARGS(DB_N(s->company), DB_S(i->hash), DB_N(i->id)));
    if (!db_next(&rows))
        return false;
    *out = (struct import_twin){db_i64(&rows, 0), db_i64(&rows, 1), db_text(&rows, 2, s->arena)};
    return true;
}

/* ---- files ---- */

const char *import_path(struct scope *s, const char *folder, const struct import *i)
{
    return str_printf(s->arena, "%s/%.*s", folder, STR_ARG(i->file)).ptr;
}

void import_files_remove(struct scope *s, const char *folder, const struct import *i)
{
    const char *path = import_path(s, folder, i);
    if (i->file.len == 0)
        return;
    if (unlink(path) != 0 && errno != ENOENT)
        log_warn("remove the file of an import");
    import_rows_remove(path);
}

/* A name of our own for the file; the user's is never a path. */
static struct str file_name(struct scope *s)
{
    char token[TOKEN_LENGTH + 1];
    token_make(token);
    return str_printf(s->arena, "%lld-%s", (long long)s->company, token);
}

static bool hash_fd(int fd, crypto_generichash_state *state, int64_t *size)
{
    unsigned char *piece = malloc(HASH_PIECE);
    if (!piece)
        fatal("hash an upload");
    ssize_t n;
    for (*size = 0; (n = read(fd, piece, HASH_PIECE)) > 0; *size += n)
        crypto_generichash_update(state, piece, (unsigned long long)n);
    free(piece);
    return n == 0;
}

/* BLAKE2b-256 in hex, as `b2sum -l 256` prints it, and the size. */
static bool file_hash(struct scope *s, const char *path, struct str *hash, int64_t *size)
{
    unsigned char digest[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    crypto_generichash_state state;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    bool ok = hash_fd(fd, &state, size);
    crypto_generichash_final(&state, digest, sizeof digest);
    close(fd);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    *hash = str_dup(s->arena, str_c(hex));
    return ok;
}

/* ---- making ---- */

static bool template_exists(struct scope *s, int64_t template)
{
    if (template == 0 || db_get_i64(s->db, 0,
                                    "SELECT 1 FROM template WHERE company_id = $1"
                                    " AND id = $2",
                                    DB_ARGS(DB_N(s->company), DB_N(template))))
        return true;
    scope_field_error(s, "template_id", "unknown", "없는 템플릿입니다.",
                      "There is no such template.");
    return false;
}

static enum problem insert(struct scope *s, const struct import *i, int64_t *id)
{
    TX(tx, s->db);
    *id = db_next_id(s->db, s->company, "import", 1);
    db_exec(s->db,
            "INSERT INTO import (company_id, id, filename, path, state, kind, encoding, sheets,"
            " sheet, header_row, columns, row_count, ok_count, repaired_count, duplicate_count,"
            " error_count, dropped_count, create_count, update_count, template_id, hash, size,"
            " created_by, created_at) VALUES ($1, $2, $3, $4, 'checking', '', '', '[]', 0, 0,"
            " '[]', 0, 0, 0, 0, 0, 0, 0, 0, $5, $6, $7, $8, $9)",
            DB_ARGS(DB_N(s->company), DB_N(*id), DB_S(i->filename), DB_S(i->file),
                    DB_N_OR_NULL(i->template), DB_S(i->hash), DB_N(i->size), DB_N(s->user),
                    DB_N(scope_now(s))));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem import_create(struct scope *s, const char *folder, const struct import_upload *upload,
                           int64_t *id)
{
    struct import i = {.filename = text_line(s->arena, upload->filename),
                       .file = file_name(s),
                       .template = upload->template};
    if (i.filename.len == 0 || utf8_count(i.filename) > IMPORT_NAME_MAX)
        scope_field_error(s, "filename", "invalid", "파일 이름이 없거나 너무 깁니다.",
                          "The file's name is missing or too long.");
    if (!template_exists(s, i.template) || s->error_count)
        return PROBLEM_INVALID;
    const char *path = import_path(s, folder, &i);
    if (!file_hash(s, upload->path, &i.hash, &i.size) || rename(upload->path, path) != 0) {
        log_warn("keep an upload");
        return PROBLEM_STORE;
    }
    crash_point("import-file");
    enum problem p = insert(s, &i, id);
    if (p)
        import_files_remove(s, folder, &i);
    return p;
}

/* ---- changing ---- */

/* The import in one of two states; nobody else changes it until the end of the transaction. */
static enum problem held(struct scope *s, int64_t id, struct str state, struct str or_state,
                         struct import *out)
{
    company_lock(s);
    enum problem p = import_get(s, id, out);
    if (p || str_eq(out->state, state) || str_eq(out->state, or_state))
        return p;
    return import_is_busy(out) ? PROBLEM_IMPORT_BUSY : PROBLEM_IMPORT_STATE;
}

static bool sheet_exists(struct scope *s, const struct import *i, int64_t sheet)
{
    struct str why;
    json_t *sheets = json_parse(i->sheets, s->arena, &why);
    bool there = sheet < (int64_t)json_array_size(sheets);
    json_decref(sheets);
    if (!there)
        scope_field_error(s, "sheet", "unknown", "없는 시트입니다.", "There is no such sheet.");
    return there;
}

enum problem import_remap(struct scope *s, int64_t id, const struct import_mapping *m)
{
    struct import i;
    struct str wanted;
    TX(tx, s->db);
    enum problem p = held(s, id, STR("mapping"), STR(""), &i);
    if (p)
        return p;
    if (m->sheet >= 0 && !sheet_exists(s, &i, m->sheet))
        return PROBLEM_INVALID;
    if (m->template_given && !template_exists(s, m->template))
        return PROBLEM_INVALID;
    if ((p = import_wanted_make(s, &i, m, &wanted)))
        return p;
    db_exec(
        s->db,
        "UPDATE import SET state = 'checking', revision = revision + 1,"
        " wanted_before = wanted, wanted = $3,"
        " template_id = $4, duplicates = $5, existing = $6, position = 0, total = 0,"
        " problem_code = NULL, problem_ko = NULL, problem_en = NULL"
        " WHERE company_id = $1 AND id = $2",
        DB_ARGS(DB_N(s->company), DB_N(id), DB_S(wanted),
                DB_N_OR_NULL(m->template_given ? m->template : i.template),
                DB_S(rule_words[m->duplicates_given ? m->rules.duplicates : i.rules.duplicates]),
                DB_S(rule_words[m->existing_given ? m->rules.existing : i.rules.existing])));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

static void group_insert_row(struct scope *s, int64_t import, int64_t group, bool made)
{
    db_exec(s->db,
            "INSERT INTO import_group (company_id, import_id, group_id, made)"
            " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            DB_ARGS(DB_N(s->company), DB_N(import), DB_N(group), DB_N(made)));
}

/* None means 미지정, which is a group like any other here. */
static enum problem groups_find(struct scope *s, int64_t id, const struct import_target *t)
{
    group_ids_check(s, t->groups, t->group_count);
    for (size_t i = 0; i < t->group_count; i++)
        group_insert_row(s, id, t->groups[i], false);
    for (size_t i = 0; i < t->name_count; i++) {
        struct str name = t->names[i];
        if (group_name_check(s, "new_group_names", &name))
            group_insert_row(s, id, group_insert(s, name, STR("")), true);
    }
    if (t->group_count + t->name_count == 0)
        group_insert_row(s, id, group_default_id(s), false);
    return scope_invalid(s);
}

static enum problem something_to_take(struct scope *s, const struct import *i)
{
    struct columns columns;
    columns_read(s->arena, i->columns, &columns);
    if (columns_find(&columns, COLUMN_PHONE) < 0)
        return PROBLEM_PHONE_COLUMN_MISSING;
    const struct import_counts *n = &i->counts;
    return n->create + n->update + n->keep == 0 ? PROBLEM_IMPORT_NOTHING : PROBLEM_NONE;
}

enum problem import_confirm(struct scope *s, int64_t id, const struct import_target *target)
{
    struct import i;
    TX(tx, s->db);
    enum problem p = held(s, id, STR("mapping"), STR(""), &i);
    if (!p)
        p = something_to_take(s, &i);
    if (!p)
        p = groups_find(s, id, target);
    if (p)
        return p;
    db_exec(s->db,
            "UPDATE import SET state = 'importing', position = 0, created = 0, updated = 0,"
            " kept = 0, skipped = 0, total = $3 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id),
                    DB_N(i.counts.create + i.counts.update + i.counts.keep)));
    crash_point("import-confirm");
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem import_cancel(struct scope *s, int64_t id)
{
    struct import i;
    TX(tx, s->db);
    enum problem p = held(s, id, STR("importing"), STR("cancelling"), &i);
    if (p)
        return p;
    db_exec(s->db, "UPDATE import SET state = 'cancelling' WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

static enum problem discard(struct scope *s, const char *folder, int64_t id)
{
    struct import i;
    TX(tx, s->db);
    enum problem p = held(s, id, STR("mapping"), STR("checking"), &i);
    if (p)
        return p;
    db_exec(s->db, "DELETE FROM import_edit WHERE company_id = $1 AND import_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    db_exec(s->db,
            "UPDATE import SET state = 'discarded', path = '' WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    import_files_remove(s, folder, &i);
    return PROBLEM_NONE;
}

enum problem import_discard(struct scope *s, const char *folder, int64_t id)
{
    enum problem p = discard(s, folder, id);
    return p == PROBLEM_IMPORT_BUSY ? import_cancel(s, id) : p;
}

void import_counts_write(struct scope *s, int64_t id, const struct import_counts *n)
{
    db_exec(s->db,
            "UPDATE import SET row_count = $3, ok_count = $4, repaired_count = $5,"
            " duplicate_count = $6, error_count = $7, dropped_count = $8, edited_count = $9,"
            " create_count = $10, update_count = $11, keep_count = $12, revision = revision + 1"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(n->rows), DB_N(n->ok), DB_N(n->repaired),
                    DB_N(n->duplicate), DB_N(n->error), DB_N(n->dropped), DB_N(n->edited),
                    DB_N(n->create), DB_N(n->update), DB_N(n->keep)));
}
