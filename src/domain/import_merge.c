/*
 * import_merge.c - see import_merge.h.
 *
 * New contacts get their ids in the order of their numbers, so that every index grows at its end:
 * that is four times as fast as in the order of the file, and the longest transaction is short.
 */
#include "domain/import_merge.h"
#include "base/crash.h"
#include "base/log.h"
#include "domain/company.h"
#include "domain/contact.h"
#include "domain/group.h"
#include "domain/text.h"

#include <stdlib.h>

#define CHUNK      5000 /* contacts in a transaction: some 20 ms */
#define UNDO_CHUNK 2000

/* What bulk's columns are here: n1 the contact, n2 whether it is there already; t1 to t4 number,
 * name, e-mail address, attributes. */
enum {
    FRESH,
    CHANGED, /* there already, and gets other values */
    KEPT,    /* there already, and stays as it is */
};

struct merge {
    struct scope *s;
    const struct import *i;
    struct columns columns;
    struct import_form form;
    struct import_rows rows;
    uint64_t *order;
    size_t order_count;
    int64_t home; /* 미지정 */
    const struct import_group *groups;
    size_t group_count;
    import_hold *hold;
    void *ctx;
    /* The chunk. */
    struct arena arena;
    struct db_bulk_row bulk[CHUNK];
    size_t count;
    size_t at, next; /* places in the order: where the chunk begins and ends */
    int64_t fresh, changed, kept;
};

/* ---- from rows to contacts ---- */

static bool is_blank(const struct str *cells, size_t count, int64_t column)
{
    return column >= 0 && ((size_t)column >= count || cell_is_blank(cell_value(cells[column])));
}

/* Fills what `cells` leaves empty with what `more` has, in the columns that count. */
static void cells_fill(struct merge *m, struct str **cells, size_t *count, const struct str *more,
                       size_t more_count)
{
    struct arena *a = &m->arena;
    for (size_t k = 0; k < m->columns.count && k < more_count; k++) {
        if (m->columns.list[k].role == COLUMN_IGNORE || !is_blank(*cells, *count, (int64_t)k) ||
            cell_is_blank(more[k]))
            continue;
        if (k >= *count) {
            struct str *wider = arena_array(a, COLUMNS_MAX, sizeof *wider);
            memcpy(wider, *cells, *count * sizeof *wider);
            for (size_t i = *count; i < COLUMNS_MAX; i++)
                wider[i] = STR("");
            *cells = wider;
            *count = m->columns.count;
        }
        (*cells)[k] = str_dup(a, more[k]);
    }
}

/* The cells of whoever has the number at `at` of the order, with the gaps filled from the rows that
 * are not taken. */
static bool person_cells(struct merge *m, size_t at, size_t end, struct str **cells, size_t *count)
{
    size_t taken = at;
    while (taken < end && m->rows.list[(uint32_t)m->order[taken]].twin)
        taken++;
    if (!import_rows_cells(&m->rows, (uint32_t)m->order[taken], &m->arena, cells, count))
        return false;
    for (size_t k = at; k < end && m->i->rules.duplicates == RULE_FILL; k++) {
        ARENA(scratch, ARENA_MAX_DEFAULT);
        struct str *more;
        size_t more_count;
        if (k == taken)
            continue;
        if (!import_rows_cells(&m->rows, (uint32_t)m->order[k], &scratch, &more, &more_count))
            return false;
        cells_fill(m, cells, count, more, more_count);
    }
    return true;
}

static size_t person_end(const struct merge *m, size_t at)
{
    size_t end = at + 1;
    while (end < m->order_count && m->order[end] >> 32 == m->order[at] >> 32)
        end++;
    return end;
}

static bool person_read(struct merge *m, size_t at, size_t end, struct db_bulk_row *out)
{
    struct judged judged;
    struct str *cells;
    size_t count;
    if (!person_cells(m, at, end, &cells, &count))
        return false;
    import_judge(&m->form, cells, count, &m->arena, &judged);
    *out = (struct db_bulk_row){.t = {str_dup(&m->arena, str_c(judged.phone)), judged.name,
                                      judged.email,
                                      import_attributes(&m->form, cells, count, &m->arena)}};
    return true;
}

/* Reads the next chunk: at most CHUNK different numbers. */
static bool chunk_read(struct merge *m)
{
    arena_free(&m->arena);
    m->count = 0;
    m->fresh = m->changed = m->kept = 0;
    m->at = m->next;
    while (m->count < CHUNK && m->next < m->order_count) {
        size_t end = person_end(m, m->next);
        if (!person_read(m, m->next, end, &m->bulk[m->count++]))
            return false;
        m->next = end;
    }
    return true;
}

/* ---- who is there already ---- */

static void kept_values(struct db_bulk_row *b, struct str name, struct str email,
                        struct str attributes)
{
    b->t[1] = name;
    b->t[2] = email;
    b->t[3] = attributes;
}

/* What the contact will be: file over contact, or contact over file. */
static void person_meet(struct merge *m, struct db_bulk_row *b, const struct db_rows *r)
{
    struct arena *a = &m->arena;
    struct str name = db_text(r, 2, a), email = db_text(r, 3, a), attributes = db_text(r, 4, a);
    enum import_rule rule = m->i->rules.existing;
    b->n[0] = db_i64(r, 1);
    b->n[1] = rule == RULE_KEEP ? KEPT : CHANGED;
    if (rule == RULE_KEEP)
        return;
    bool over = rule == RULE_OVERWRITE;
    bool name_from_file = over ? b->t[1].len > 0 : name.len == 0;
    bool email_from_file = over ? b->t[2].ptr != NULL : email.ptr == NULL;
    kept_values(b, name_from_file ? b->t[1] : name, email_from_file ? b->t[2] : email,
                over ? contact_attributes_merge(a, attributes, b->t[3])
                     : contact_attributes_merge(a, b->t[3], attributes));
}

static void chunk_meet(struct merge *m)
{
    struct scope *s = m->s;
    if (db_get_i64(s->db, 0,
                   "SELECT 1 FROM contact WHERE company_id = $1 AND phone >= $2"
                   " AND phone <= $3 LIMIT 1",
                   DB_ARGS(DB_N(s->company), DB_S(m->bulk[0].t[0]),
                           DB_S(m->bulk[m->count - 1].t[0]))) == 0)
        return;
    for (size_t k = 0; k < m->count; k++)
        m->bulk[k].n[2] = (int64_t)k;
    db_bulk(s->db, m->bulk, m->count);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT b.n3, c.id, c.name, c.email, c.attributes FROM bulk b CROSS JOIN contact c"
             " WHERE c.company_id = $1 AND c.phone = b.t1",
             DB_ARGS(DB_N(s->company)));
    while (db_next(&rows))
        person_meet(m, &m->bulk[db_i64(&rows, 0)], &rows);
}

/* ---- writing ---- */

static void ids_give(struct merge *m)
{
    struct scope *s = m->s;
    for (size_t k = 0; k < m->count; k++) {
        m->fresh += m->bulk[k].n[1] == FRESH;
        m->changed += m->bulk[k].n[1] == CHANGED;
        m->kept += m->bulk[k].n[1] == KEPT;
    }
    if (m->fresh == 0)
        return;
    int64_t id = db_next_id(s->db, s->company, "contact", m->fresh);
    db_exec(s->db,
            "INSERT INTO import_chunk (company_id, import_id, first_id, last_id)"
            " VALUES ($1, $2, $3, $4)",
            DB_ARGS(DB_N(s->company), DB_N(m->i->id), DB_N(id), DB_N(id + m->fresh - 1)));
    for (size_t k = 0; k < m->count; k++)
        if (m->bulk[k].n[1] == FRESH)
            m->bulk[k].n[0] = id++;
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
            group_join_bulk(s, group, true);
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

static enum problem chunk_write(struct merge *m)
{
    struct scope *s = m->s;
    TX(tx, s->db);
    company_lock(s);
    if (!m->hold(m->ctx))
        return PROBLEM_IMPORT_STATE;
    chunk_meet(m);
    ids_give(m);
    db_bulk(s->db, m->bulk, m->count);
    contacts_write(m);
    groups_write(m);
    place_write(m);
    crash_point("import-chunk");
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    crash_point("import-chunk-committed");
    return PROBLEM_NONE;
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

/* Only those who are taken, or whose values fill gaps, stand in the order from now on. */
static void order_make(struct merge *m)
{
    m->order = import_rows_order(&m->rows, &m->order_count);
    if (m->i->rules.duplicates == RULE_FILL)
        return;
    size_t n = 0;
    for (size_t k = 0; k < m->order_count; k++)
        if (!m->rows.list[(uint32_t)m->order[k]].twin)
            m->order[n++] = m->order[k];
    m->order_count = n;
}

/* Passes over the contacts that are there already. */
static void place_find(struct merge *m)
{
    for (int64_t n = 0; n < m->i->position && m->next < m->order_count; n++)
        m->next = person_end(m, m->next);
}

static enum problem merge_run(struct merge *m, const char *folder)
{
    enum problem p = import_groups(m->s, m->i->id, &m->groups, &m->group_count);
    if (!p && m->group_count == 0) { /* all of them were deleted meanwhile: 미지정 takes them */
        struct import_group *home = arena_new(m->s->arena, struct import_group);
        home->id = m->home;
        m->groups = home;
        m->group_count = 1;
    }
    order_make(m);
    place_find(m);
    while (!p && m->next < m->order_count) {
        if (!chunk_read(m))
            return PROBLEM_STORE;
        p = chunk_write(m);
    }
    return p ? p : finish(m, folder);
}

enum problem import_merge(struct scope *s, const char *folder, const struct import *i,
                          import_hold *hold, void *ctx)
{
    struct merge *m = calloc(1, sizeof *m);
    if (!m)
        fatal("import_merge");
    *m = (struct merge){.s = s, .i = i, .hold = hold, .ctx = ctx, .home = group_default_id(s)};
    arena_init(&m->arena, ARENA_MAX_DEFAULT);
    columns_read(s->arena, i->columns, &m->columns);
    m->columns.header_row = i->header_row;
    import_form_make(&m->form, &m->columns, s->arena);
    import_rows_lock(s->company, i->id);
    enum problem p = import_rows_ready(s, folder, i, &m->rows);
    if (!p) {
        p = merge_run(m, folder);
        import_rows_close(&m->rows);
    }
    import_rows_unlock(s->company, i->id);
    free(m->order);
    arena_free(&m->arena);
    free(m);
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
