/*
 * import_merge.c - see import_merge.h.
 *
 * New contacts get their ids in the order of their numbers, so that every index grows at its end:
 * that is four times as fast as in the order of the file, and the longest transaction is short.
 */
#include "domain/import_merge.h"
#include "base/crash.h"
#include "domain/company.h"
#include "domain/contact.h"
#include "domain/contact_index.h"
#include "domain/group.h"
#include "domain/import_feed.h"

#define GROWTH     8    /* statistics are renewed when a table has grown so many times … */
#define GROWN_FROM 2000 /* … beyond this */
#define UNDO_CHUNK 2000
#define MET_BYTES  ((size_t)16 << 20) /* of texts of contacts in one transaction */

struct merge {
    struct scope *s;
    const struct import *i;
    int64_t home; /* 미지정 */
    const struct import_group *groups;
    size_t group_count;
    import_hold *hold;
    void *ctx;
    /* People of one transaction. */
    struct db_bulk_row *people;
    size_t count;
    struct arena met; /* texts of contacts that are there already */
    int64_t fresh, changed, kept;
    int64_t written, grown_at; /* people, and at how many the statistics are renewed */
};

/* ---- who is there already ---- */

/* What the contact will be: the file over the contact, or the contact over the file. */
static void person_meet(struct merge *m, struct db_bulk_row *b, const struct db_rows *r)
{
    struct arena *a = &m->met;
    enum import_rule rule = m->i->rules.existing;
    bool over = rule == RULE_OVERWRITE;
    b->n[0] = db_i64(r, 1);
    b->n[1] = rule == RULE_KEEP ? PERSON_KEPT : PERSON_CHANGED;
    if (rule == RULE_KEEP)
        return;
    struct str name = db_text(r, 2, a), email = db_text(r, 3, a);
    if (over ? b->t[1].len == 0 : name.len > 0)
        b->t[1] = name;
    if (over ? b->t[2].ptr == NULL : email.ptr != NULL)
        b->t[2] = email;
    b->t[3] = contact_attributes_merge(a, db_text(r, 4, a), b->t[3], over);
}

/* Finds who has a number already. Very long texts make the transaction end earlier. */
static void people_meet(struct merge *m)
{
    struct scope *s = m->s;
    arena_free(&m->met);
    if (db_get_i64(s->db, 0,
                   "SELECT 1 FROM contact WHERE company_id = $1 AND phone >= $2"
                   " AND phone <= $3 LIMIT 1",
                   DB_ARGS(DB_N(s->company), DB_S(m->people[0].t[0]),
                           DB_S(m->people[m->count - 1].t[0]))) == 0)
        return;
    int64_t first = m->people[0].n[2];
    db_bulk(s->db, m->people, m->count);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT b.n3, c.id, c.name, c.email, c.attributes FROM bulk b CROSS JOIN contact c"
             " WHERE c.company_id = $1 AND c.phone = b.t1 ORDER BY b.n3",
             DB_ARGS(DB_N(s->company)));
    while (db_next(&rows)) {
        size_t at = (size_t)(db_i64(&rows, 0) - first);
        if (m->met.used > MET_BYTES) {
            m->count = at;
            return;
        }
        person_meet(m, &m->people[at], &rows);
    }
}

/* ---- writing ---- */

static void ids_give(struct merge *m)
{
    struct scope *s = m->s;
    m->fresh = m->changed = m->kept = 0;
    for (size_t k = 0; k < m->count; k++) {
        m->fresh += m->people[k].n[1] == PERSON_FRESH;
        m->changed += m->people[k].n[1] == PERSON_CHANGED;
        m->kept += m->people[k].n[1] == PERSON_KEPT;
    }
    if (m->fresh == 0)
        return;
    int64_t id = db_next_id(s->db, s->company, "contact", m->fresh);
    db_exec(s->db,
            "INSERT INTO import_chunk (company_id, import_id, first_id, last_id)"
            " VALUES ($1, $2, $3, $4)",
            DB_ARGS(DB_N(s->company), DB_N(m->i->id), DB_N(id), DB_N(id + m->fresh - 1)));
    contact_index_note(s, id, id + m->fresh - 1);
    for (size_t k = 0; k < m->count; k++)
        if (m->people[k].n[1] == PERSON_FRESH)
            m->people[k].n[0] = id++;
}

static void contacts_write(struct merge *m)
{
    struct scope *s = m->s;
    if (m->fresh)
        db_exec(s->db,
                "INSERT INTO contact (company_id, id, name, phone, email, attributes, created_at,"
                " updated_at) SELECT CAST($1 AS bigint), n1, t2, t1, t3, t4, CAST($2 AS bigint),"
                " CAST($2 AS bigint) FROM bulk WHERE n2 = 0",
                DB_ARGS(DB_N(s->company), DB_N(scope_now(s))));
    if (m->changed == 0)
        return;
    db_exec(s->db,
            "INSERT INTO import_undo (company_id, import_id, contact_id, name, email, attributes,"
            " updated_at) SELECT c.company_id, CAST($2 AS bigint), c.id, c.name, c.email,"
            " c.attributes, c.updated_at FROM bulk b CROSS JOIN contact c"
            " WHERE c.company_id = $1 AND c.id = b.n1 AND b.n2 = 1",
            DB_ARGS(DB_N(s->company), DB_N(m->i->id)));
    db_exec(s->db,
            "UPDATE contact SET name = b.t2, email = b.t3, attributes = b.t4, updated_at = $2"
            " FROM bulk b WHERE contact.company_id = $1 AND contact.id = b.n1 AND b.n2 = 1",
            DB_ARGS(DB_N(s->company), DB_N(scope_now(s))));
    contact_index_note_bulk(s, m->people[0].n[2], m->count);
}

/* Everybody goes into the groups; whoever was there and joins one is noted. 미지정 is for those who
 * are in no other: the new ones, when it is the only group; whoever is elsewhere is not put there.
 */
static void groups_write(struct merge *m)
{
    struct scope *s = m->s;
    for (size_t k = 0; k < m->group_count; k++) {
        int64_t group = m->groups[k].id;
        bool is_home = group == m->home;
        if (m->changed + m->kept && !is_home)
            group_note_joining(s, m->i->id, group);
        if (!is_home)
            group_join_bulk(s, group, m->changed + m->kept > 0);
        else if (m->group_count == 1)
            group_join_bulk(s, group, false);
    }
    if (m->changed + m->kept && (m->group_count > 1 || m->groups[0].id != m->home))
        group_leave_home_bulk(s);
}

static void place_write(struct merge *m)
{
    struct scope *s = m->s;
    company_counts_add(s, m->fresh, 0);
    db_exec(s->db,
            "UPDATE import SET created = created + $3, updated = updated + $4, kept = kept + $5,"
            " position = position + $6 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(m->i->id), DB_N(m->fresh), DB_N(m->changed),
                    DB_N(m->kept), DB_N((int64_t)m->count)));
}

/* Writes the first people of those given, usually all; says how many. */
static enum problem people_write(struct merge *m, struct db_bulk_row *people, size_t *count)
{
    struct scope *s = m->s;
    TX(tx, s->db);
    company_lock(s);
    if (!m->hold(m->ctx))
        return PROBLEM_IMPORT_STATE;
    m->people = people;
    m->count = *count;
    people_meet(m);
    ids_give(m);
    db_bulk(s->db, m->people, m->count);
    contacts_write(m);
    groups_write(m);
    place_write(m);
    *count = m->count;
    crash_point("import-chunk");
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    crash_point("import-chunk-committed");
    return PROBLEM_NONE;
}

static enum problem chunk_write(struct merge *m, struct import_chunk *c)
{
    enum problem p = PROBLEM_NONE;
    for (size_t from = 0; from < c->count && !p;) {
        size_t count = c->count - from;
        p = people_write(m, c->people + from, &count);
        from += count;
        m->written += (int64_t)count;
    }
    if (!p && m->written >= m->grown_at) {
        m->grown_at = m->written * GROWTH;
        db_grown(m->s->db, "contact");
        db_grown(m->s->db, "group_member");
    }
    return p;
}

/* ---- the end ---- */

static void memory_write(struct merge *m)
{
    struct scope *s = m->s;
    struct str signature = db_get_text(
        s->db, s->arena, "SELECT signature FROM import WHERE company_id = $1 AND id = $2",
        DB_ARGS(DB_N(s->company), DB_N(m->i->id)));
    if (signature.len)
        db_exec(
            s->db,
            "INSERT INTO import_memory (company_id, signature, columns, used_at)"
            " VALUES ($1, $2, $3, $4) ON CONFLICT (company_id, signature)"
            " DO UPDATE SET columns = excluded.columns, used_at = excluded.used_at",
            DB_ARGS(DB_N(s->company), DB_S(signature), DB_S(m->i->columns), DB_N(scope_now(s))));
}

static enum problem finish(struct merge *m, const char *folder)
{
    struct scope *s = m->s;
    TX(tx, s->db);
    company_lock(s);
    if (!m->hold(m->ctx))
        return PROBLEM_IMPORT_STATE;
    memory_write(m);
    db_exec(s->db, "DELETE FROM import_edit WHERE company_id = $1 AND import_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(m->i->id)));
    db_exec(s->db,
            "UPDATE import SET state = 'confirmed', path = '', confirmed_at = $3, total = 0,"
            " position = 0, skipped = row_count - created - updated - kept"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(m->i->id), DB_N(scope_now(s))));
    crash_point("import-finish");
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    crash_point("import-finished");
    import_files_remove(s, folder, m->i);
    return PROBLEM_NONE;
}

static enum problem groups_read(struct merge *m)
{
    enum problem p = import_groups(m->s, m->i->id, &m->groups, &m->group_count);
    if (p || m->group_count)
        return p;
    struct import_group *home = arena_new(m->s->arena, struct import_group);
    home->id = m->home; /* all of them were deleted meanwhile */
    m->groups = home;
    m->group_count = 1;
    return PROBLEM_NONE;
}

static enum problem people_read(struct merge *m, const struct import_rows *rows)
{
    struct import_feed *feed CLEANUP(import_feed_stop) =
        import_feed_start(m->i, rows, m->i->position);
    enum problem p = PROBLEM_NONE;
    for (;;) {
        struct import_chunk *c = import_feed_next(feed);
        if (c->failed)
            return PROBLEM_STORE;
        if (c->count == 0 || (p = chunk_write(m, c)))
            return p;
    }
}

enum problem import_merge(struct scope *s, const char *folder, const struct import *i,
                          import_hold *hold, void *ctx)
{
    struct merge m = {.s = s,
                      .i = i,
                      .hold = hold,
                      .ctx = ctx,
                      .home = group_default_id(s),
                      .grown_at = GROWN_FROM};
    struct import_rows rows;
    arena_init(&m.met, ARENA_MAX_DEFAULT);
    import_rows_lock(s->company, i->id);
    enum problem p = groups_read(&m);
    if (!p)
        p = import_rows_ready(s, folder, i, &rows);
    if (!p) {
        p = people_read(&m, &rows);
        import_rows_close(&rows);
    }
    if (!p)
        p = finish(&m, folder);
    import_rows_unlock(s->company, i->id);
    arena_free(&m.met);
    return p;
}

/* ---- undoing ---- */

/* Removes the new contacts of one chunk; false when there is none left. */
static bool undo_created(struct scope *s, const struct import *i)
{
    struct db_value key[] = {DB_N(s->company), DB_N(i->id)};
    int64_t last = db_get_i64(s->db, 0,
                              "SELECT max(last_id) FROM import_chunk WHERE company_id = $1"
                              " AND import_id = $2",
                              key, 2);
    if (last == 0)
        return false;
    int64_t first = db_get_i64(s->db, 0,
                               "SELECT first_id FROM import_chunk WHERE company_id = $1"
                               " AND import_id = $2 AND last_id = $3",
                               DB_ARGS(key[0], key[1], DB_N(last)));
    int64_t from = last - first >= UNDO_CHUNK ? last - UNDO_CHUNK + 1 : first;
    group_forget_range(s, from, last);
    db_exec(s->db,
            "DELETE FROM contact_past_phone WHERE company_id = $1 AND contact_id >= $2"
            " AND contact_id <= $3",
            DB_ARGS(DB_N(s->company), DB_N(from), DB_N(last)));
    contact_index_forget(s, from, last);
    int64_t gone = db_exec(s->db,
                           "DELETE FROM contact WHERE company_id = $1 AND id >= $2"
                           " AND id <= $3",
                           DB_ARGS(DB_N(s->company), DB_N(from), DB_N(last)));
    company_counts_add(s, -gone, 0);
    if (from == first)
        db_exec(s->db,
                "DELETE FROM import_chunk WHERE company_id = $1 AND import_id = $2"
                " AND first_id = $3",
                DB_ARGS(key[0], key[1], DB_N(first)));
    else
        db_exec(s->db,
                "UPDATE import_chunk SET last_id = $4 WHERE company_id = $1 AND import_id = $2"
                " AND first_id = $3",
                DB_ARGS(key[0], key[1], DB_N(first), DB_N(from - 1)));
    return true;
}

/* The id up to which one chunk of a table of the undo goes; 0: it is empty. */
#define UNDO_LAST(table)                                                                           \
    "SELECT max(contact_id) FROM (SELECT contact_id FROM " table                                   \
    " WHERE company_id = $1 AND import_id = $2 ORDER BY contact_id LIMIT $3) AS chunk"

static bool undo_changed(struct scope *s, const struct import *i)
{
    struct db_value key[] = {DB_N(s->company), DB_N(i->id), DB_N(UNDO_CHUNK)};
    int64_t last = db_get_i64(s->db, 0, UNDO_LAST("import_undo"), key, 3);
    if (last == 0)
        return false;
    key[2] = DB_N(last);
    db_exec(s->db,
            "UPDATE contact SET name = u.name, email = u.email, attributes = u.attributes,"
            " updated_at = u.updated_at FROM import_undo u WHERE u.company_id = $1"
            " AND u.import_id = $2 AND u.contact_id <= $3 AND contact.company_id = u.company_id"
            " AND contact.id = u.contact_id",
            key, 3);
    db_exec(s->db,
            "INSERT INTO contact_unindexed (company_id, number, first_id, last_id)"
            " SELECT company_id, CAST($4 AS bigint) + row_number() OVER (ORDER BY contact_id),"
            " contact_id, contact_id FROM import_undo WHERE company_id = $1 AND import_id = $2"
            " AND contact_id <= $3",
            DB_ARGS(key[0], key[1], key[2],
                    DB_N(db_next_id(s->db, s->company, "contact_unindexed", UNDO_CHUNK) - 1)));
    db_exec(s->db,
            "DELETE FROM import_undo WHERE company_id = $1 AND import_id = $2"
            " AND contact_id <= $3",
            key, 3);
    return true;
}

static bool undo_joined(struct scope *s, const struct import *i)
{
    struct db_value key[] = {DB_N(s->company), DB_N(i->id), DB_N(UNDO_CHUNK)};
    int64_t last = db_get_i64(s->db, 0, UNDO_LAST("import_joined"), key, 3);
    if (last == 0)
        return false;
    group_undo_joining(s, i->id, last);
    return true;
}

/* Groups that were made for it, unless somebody has put others in. */
static void undo_groups(struct scope *s, const struct import *i)
{
    db_exec(s->db,
            "UPDATE company SET group_count = group_count - (SELECT count(*) FROM contact_group g"
            " JOIN import_group x ON x.company_id = g.company_id AND x.group_id = g.id"
            " WHERE g.company_id = $1 AND x.import_id = $2 AND x.made = 1"
            " AND g.member_count = 0) WHERE id = $1",
            DB_ARGS(DB_N(s->company), DB_N(i->id)));
    db_exec(s->db,
            "DELETE FROM contact_group WHERE company_id = $1 AND member_count = 0 AND id IN"
            " (SELECT group_id FROM import_group WHERE company_id = $1 AND import_id = $2"
            " AND made = 1)",
            DB_ARGS(DB_N(s->company), DB_N(i->id)));
    db_exec(s->db,
            "UPDATE import SET state = 'cancelled', path = '', created = 0, updated = 0, kept = 0,"
            " total = 0, position = 0 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(i->id)));
    db_exec(s->db, "DELETE FROM import_edit WHERE company_id = $1 AND import_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(i->id)));
}

enum problem import_undo(struct scope *s, const struct import *i, import_hold *hold, void *ctx)
{
    for (bool more = true; more;) {
        TX(tx, s->db);
        company_lock(s);
        if (!hold(ctx))
            return PROBLEM_IMPORT_STATE;
        more = undo_joined(s, i) || undo_changed(s, i) || undo_created(s, i);
        if (!more)
            undo_groups(s, i);
        crash_point("import-undo");
        if (!tx_commit(&tx))
            return PROBLEM_STORE;
    }
    return PROBLEM_NONE;
}

bool import_undo_forget(struct scope *s)
{
    TX(tx, s->db);
    int64_t gone =
        db_exec(s->db,
                "DELETE FROM import_undo WHERE (company_id, import_id, contact_id) IN"
                " (SELECT u.company_id, u.import_id, u.contact_id FROM import_undo u JOIN import i"
                " ON i.company_id = u.company_id AND i.id = u.import_id AND i.state = 'confirmed'"
                " LIMIT $1)",
                DB_ARGS(DB_N(UNDO_CHUNK)));
    gone +=
        db_exec(s->db,
                "DELETE FROM import_joined WHERE (company_id, import_id, group_id, contact_id) IN"
                " (SELECT u.company_id, u.import_id, u.group_id, u.contact_id FROM import_joined u"
                " JOIN import i ON i.company_id = u.company_id AND i.id = u.import_id"
                " AND i.state = 'confirmed' LIMIT $1)",
                DB_ARGS(DB_N(UNDO_CHUNK)));
    gone += db_exec(s->db,
                    "DELETE FROM import_chunk WHERE EXISTS (SELECT 1 FROM import i"
                    " WHERE i.company_id = import_chunk.company_id AND i.id ="
                    " import_chunk.import_id AND i.state = 'confirmed')",
                    DB_NO_ARGS);
    return tx_commit(&tx) && gone > 0;
}
