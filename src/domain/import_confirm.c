/*
 * import_confirm.c - good rows become contacts, in one transaction: all of them or none. See
 * import.h.
 */
#include "base/crash.h"
#include "domain/company.h"
#include "domain/contact.h"
#include "domain/group.h"
#include "domain/import.h"
#include "domain/import_file.h"

#define CHUNK 500 /* rows in memory at a time */

/* A row and, when there is one, the contact that has its number. */
struct taken {
    int64_t number, contact;
    bool is_new;
    struct str name, phone, email, attributes;
};

struct confirm {
    struct scope *s;
    int64_t import, now, group, home; /* home: 미지정 */
    struct columns columns;
    struct arena scratch; /* of one chunk */
    struct taken rows[CHUNK];
    size_t count;
    int64_t created, updated;
};

static void taken_read(struct confirm *c, const struct db_rows *r, struct taken *t)
{
    struct str why;
    struct arena *a = &c->scratch;
    json_t *cells = json_parse(db_text(r, 4, a), a, &why);
    struct str old = db_text(r, 6, a), fresh = import_attributes(a, &c->columns, cells);
    json_decref(cells);
    *t = (struct taken){
        .number = db_i64(r, 0),
        .name = db_text(r, 1, a),
        .phone = db_text(r, 2, a),
        .email = db_text(r, 3, a),
        .contact = db_i64(r, 5),
        .is_new = db_is_null(r, 5),
        .attributes = old.ptr ? contact_attributes_merge(a, old, fresh) : fresh,
    };
}

/* The next rows after `after`; contacts are looked up now, whatever was true at the upload. */
static void chunk_read(struct confirm *c, int64_t after)
{
    DB_ROWS(rows);
    arena_free(&c->scratch);
    c->count = 0;
    db_query(c->s->db, &rows,
             "SELECT r.number, r.name, r.phone, r.email, r.cells, k.id, k.attributes"
             " FROM import_row r LEFT JOIN contact k"
             " ON k.company_id = r.company_id AND k.phone = r.phone"
             " WHERE r.company_id = $1 AND r.import_id = $2 AND r.number > $3 AND r.dropped = 0"
             " AND r.verdict IN ('ok', 'repaired') ORDER BY r.number LIMIT $4",
             DB_ARGS(DB_N(c->s->company), DB_N(c->import), DB_N(after), DB_N(CHUNK)));
    while (db_next(&rows))
        taken_read(c, &rows, &c->rows[c->count++]);
}

static void chunk_create(struct confirm *c)
{
    int64_t fresh = 0;
    for (size_t i = 0; i < c->count; i++)
        fresh += c->rows[i].is_new;
    if (fresh == 0)
        return;
    int64_t id = db_next_id(c->s->db, c->s->company, "contact", fresh);
    db_batch_begin(c->s->db, "INSERT INTO contact (company_id, id, name, phone, email, attributes,"
                             " created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)");
    for (size_t i = 0; i < c->count; i++) {
        struct taken *t = &c->rows[i];
        if (!t->is_new)
            continue;
        t->contact = id++;
        db_batch_run(c->s->db,
                     DB_ARGS(DB_N(c->s->company), DB_N(t->contact), DB_S(t->name), DB_S(t->phone),
                             DB_S_OR_NULL(t->email), DB_S(t->attributes), DB_N(c->now)));
    }
    db_batch_end(c->s->db);
    c->created += fresh;
}

/* What the file leaves empty stays as it was. */
static void chunk_update(struct confirm *c)
{
    db_batch_begin(c->s->db, "UPDATE contact SET name = CASE WHEN $3 = '' THEN name ELSE $3 END,"
                             " email = coalesce($4, email), attributes = $5, updated_at = $6"
                             " WHERE company_id = $1 AND id = $2");
    for (size_t i = 0; i < c->count; i++) {
        const struct taken *t = &c->rows[i];
        if (t->is_new)
            continue;
        db_batch_run(c->s->db, DB_ARGS(DB_N(c->s->company), DB_N(t->contact), DB_S(t->name),
                                       DB_S_OR_NULL(t->email), DB_S(t->attributes), DB_N(c->now)));
        c->updated++;
    }
    db_batch_end(c->s->db);
}

/* Everybody taken goes into the group; into 미지정 only the new ones, for the others are in it or
 * elsewhere already. */
static void chunk_join(struct confirm *c)
{
    db_batch_begin(c->s->db, "INSERT INTO group_member (company_id, group_id, contact_id)"
                             " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
    for (size_t i = 0; i < c->count; i++)
        if (c->rows[i].is_new || c->group != c->home)
            db_batch_run(c->s->db,
                         DB_ARGS(DB_N(c->s->company), DB_N(c->group), DB_N(c->rows[i].contact)));
    db_batch_end(c->s->db);
}

static void rows_write(struct confirm *c)
{
    chunk_read(c, 0);
    while (c->count && !db_failed(c->s->db)) {
        int64_t last = c->rows[c->count - 1].number;
        chunk_create(c);
        chunk_update(c);
        chunk_join(c);
        chunk_read(c, last);
    }
    arena_free(&c->scratch);
    crash_point("import-contacts");
    company_counts_add(c->s, c->created, 0);
    group_recount(c->s, c->group);
    if (c->updated)
        group_settle_members(c->s, c->group);
}

static enum problem group_find(struct scope *s, const struct import_target *target, int64_t *id)
{
    *id = target->group;
    struct str name = target->new_group_name;
    if (*id)
        group_ids_check(s, id, 1);
    else if (group_name_check(s, "new_group_name", &name))
        *id = group_insert(s, name, STR(""));
    return scope_invalid(s);
}

static enum problem confirm_check(struct scope *s, const struct import *i)
{
    if (!str_eq(i->state, STR("mapping")))
        return PROBLEM_IMPORT_STATE;
    return i->counts.create + i->counts.update == 0 ? PROBLEM_IMPORT_NOTHING : scope_store(s);
}

static void finish(const struct confirm *c, const struct import *i, int64_t group)
{
    db_exec(c->s->db,
            "UPDATE import SET state = 'confirmed', path = '', group_id = $3, created = $4,"
            " updated = $5, skipped = $6, confirmed_at = $7 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(c->s->company), DB_N(c->import), DB_N(group), DB_N(c->created),
                    DB_N(c->updated), DB_N(i->counts.rows - c->created - c->updated),
                    DB_N(c->now)));
}

enum problem import_confirm(struct scope *s, const char *folder, int64_t id,
                            const struct import_target *target)
{
    struct import import;
    int64_t group;
    TX(tx, s->db);
    company_lock(s);
    enum problem p = import_get(s, id, &import);
    if (!p)
        p = confirm_check(s, &import);
    if (!p)
        p = group_find(s, target, &group);
    if (p)
        return p;
    struct confirm *c = arena_new(s->arena, struct confirm);
    *c = (struct confirm){
        .s = s, .import = id, .now = scope_now(s), .group = group, .home = group_default_id(s)};
    arena_init(&c->scratch, ARENA_MAX_DEFAULT);
    columns_read(s->arena, import.columns, &c->columns);
    rows_write(c);
    finish(c, &import, group);
    crash_point("import-confirm");
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    crash_point("import-confirmed");
    import_unlink(s, folder, &import);
    return PROBLEM_NONE;
}
