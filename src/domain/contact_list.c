/*
 * contact_list.c - reading contacts: one, a page of those that match, all of them.
 *
 * Which ones and in which order is contact_find's; here they are read with their groups.
 */
#include "domain/contact_find.h"
#include "domain/contact_row.h"
#include "domain/cursor.h"
#include "domain/search.h"

#define PAGE_BYTES ((size_t)8 << 20) /* of texts of a page */

bool contact_sort_find(struct str word, enum contact_sort *out)
{
    static const struct str words[] = {
        [CONTACT_SORT_NEWEST] = STR_INIT("newest"),
        [CONTACT_SORT_OLDEST] = STR_INIT("oldest"),
        [CONTACT_SORT_NAME] = STR_INIT("name"),
        [CONTACT_SORT_NAME_DESC] = STR_INIT("name_desc"),
        [CONTACT_SORT_PHONE] = STR_INIT("phone"),
        [CONTACT_SORT_PHONE_DESC] = STR_INIT("phone_desc"),
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(words[i], word)) {
            *out = (enum contact_sort)i;
            return true;
        }
    return false;
}

/* ---- rows ---- */

/* A contact stands on as many rows as it has groups; the columns of the contact come first. */
#define HEAD                                                                                       \
    "SELECT c.id, c.name, c.phone, c.email, c.attributes, c.created_at, c.updated_at, x.id, g.id," \
    " g.name"
#define GROUPS                                                                                     \
    " LEFT JOIN suppression x ON x.company_id = c.company_id AND x.phone = c.phone"                \
    " LEFT JOIN group_member m ON m.company_id = c.company_id AND m.contact_id = c.id"             \
    " LEFT JOIN contact_group g ON g.company_id = m.company_id AND g.id = m.group_id"

static void contact_read(struct arena *a, const struct db_rows *rows, struct contact *c)
{
    *c = (struct contact){
        .id = db_i64(rows, 0),
        .name = db_text(rows, 1, a),
        .phone = db_text(rows, 2, a),
        .email = db_text(rows, 3, a),
        .attributes = db_text(rows, 4, a),
        .created_at = db_i64(rows, 5),
        .updated_at = db_i64(rows, 6),
        .suppressed = !db_is_null(rows, 7),
    };
}

/* Appends the group of a row to its contact; groups of one contact lie one after the other. Room is
 * doubled whenever there are as many as a power of two. */
static void group_append(struct arena *a, const struct db_rows *rows, struct contact *c)
{
    size_t n = c->group_count;
    if (db_is_null(rows, 8))
        return;
    if ((n & (n - 1)) == 0) {
        struct contact_group *more = arena_array(a, n ? n * 2 : 1, sizeof *more);
        if (n)
            memcpy(more, c->groups, n * sizeof *more);
        c->groups = more;
    }
    c->groups[c->group_count++] = (struct contact_group){db_i64(rows, 8), db_text(rows, 9, a)};
}

/* ---- one ---- */

enum problem contact_get(struct scope *s, int64_t id, struct contact *out)
{
    DB_ROWS(rows);
    bool found = false;
    db_query(s->db, &rows,
             HEAD " FROM contact c" GROUPS " WHERE c.company_id = $1 AND c.id = $2 ORDER BY g.id",
             DB_ARGS(DB_N(s->company), DB_N(id)));
    for (; db_next(&rows); found = true) {
        if (!found)
            contact_read(s->arena, &rows, out);
        group_append(s->arena, &rows, out);
    }
    if (found)
        return scope_store(s);
    return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
}

/* ---- a page ---- */

/* Reads at most CONTACT_IDS contacts into `list` in the order of `places`, those that are deleted
 * meanwhile left out; false when there is more text than a page may have. */
static bool contacts_read(struct scope *s, const struct contact_place *places, size_t count,
                          struct contact *list, size_t *kept)
{
    struct contact read[CONTACT_IDS] = {0};
    struct db_value args[CONTACT_IDS_ARGS];
    int64_t ids[CONTACT_IDS];
    size_t n = 0, used = s->arena->used;
    for (size_t i = 0; i < count; i++)
        ids[i] = places[i].id;
    contact_ids_bind(s, 0, ids, count, args);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             HEAD " FROM contact c" GROUPS " WHERE c.company_id = $1 AND CAST($2 AS bigint) = 0"
                  " AND c.id IN (" CONTACT_IDS_SQL ") ORDER BY c.id, g.id",
             args, CONTACT_IDS_ARGS);
    while (db_next(&rows)) {
        if (n > 0 && s->arena->used - used > PAGE_BYTES)
            return false;
        if (n == 0 || read[n - 1].id != db_i64(&rows, 0))
            contact_read(s->arena, &rows, &read[n++]);
        group_append(s->arena, &rows, &read[n - 1]);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t r = 0; r < n; r++)
            if (read[r].id == ids[i])
                list[(*kept)++] = read[r];
    return true;
}

/* Reads the contacts of a page, which ends where its texts are very long; returns how many places
 * it shows. */
static size_t page_read(struct scope *s, const struct contact_place *places, size_t count,
                        struct contact *list, size_t *kept)
{
    size_t at = 0, used = s->arena->used, step = CONTACT_IDS;
    *kept = 0;
    while (at < count && s->arena->used - used <= PAGE_BYTES) {
        size_t n = count - at < step ? count - at : step;
        if (contacts_read(s, places + at, n, list, kept)) {
            at += n;
        } else {
            step = 1; /* they are of megabytes: one by one, as many as fit */
            used = s->arena->used;
        }
    }
    return at;
}

static struct str cursor_from_place(struct scope *s, enum contact_sort sort,
                                    const struct contact_place *p)
{
    const struct cursor_key key = {.id = p->id, .text = p->key};
    return sort <= CONTACT_SORT_OLDEST ? cursor_from_i64(s->arena, p->id)
                                       : cursor_from_key(s->arena, &key);
}

/* False for the beginning. */
static bool place_from_cursor(struct scope *s, struct str cursor, enum contact_sort sort,
                              struct contact_place *out)
{
    struct cursor_key key = {.id = cursor_i64(cursor), .text = STR_INIT("")};
    if (sort > CONTACT_SORT_OLDEST && !cursor_key(s->arena, cursor, &key))
        return false;
    *out = (struct contact_place){key.id, key.text};
    return key.id != 0;
}

enum problem contact_list(struct scope *s, const struct contact_filter *filter,
                          const struct page *page, const struct contact **list, size_t *count,
                          struct str *next)
{
    struct contact_place from;
    size_t limit = (size_t)page->limit;
    bool begun = place_from_cursor(s, page->cursor, filter->sort, &from);
    struct contact_find *f = contact_find_start(s, filter, begun ? &from : NULL);
    struct contact_place *places = arena_array(s->arena, limit + 1, sizeof *places);
    struct contact *found = arena_array(s->arena, limit + 1, sizeof *found);
    size_t n = contact_find_next(f, places, limit + 1);
    bool more = n > limit;
    size_t shown = page_read(s, places, more ? limit : n, found, count);
    more |= shown < n;
    *list = found;
    *next = more ? cursor_from_place(s, filter->sort, &places[shown - 1]) : (struct str){NULL, 0};
    return scope_store(s);
}

/* ---- numbers and ids ---- */

/* Without words a counter knows. */
static bool no_words(const struct contact_filter *filter)
{
    struct search q;
    search_read(&q, filter->query);
    return q.count == 0;
}

enum problem contact_count(struct scope *s, const struct contact_filter *filter, int64_t *count)
{
    *count = 0;
    if (no_words(filter)) {
        *count = filter->group
                     ? db_get_i64(s->db, 0,
                                  "SELECT member_count FROM contact_group WHERE company_id = $1"
                                  " AND id = $2",
                                  DB_ARGS(DB_N(s->company), DB_N(filter->group)))
                     : db_get_i64(s->db, 0, "SELECT contact_count FROM company WHERE id = $1",
                                  DB_ARGS(DB_N(s->company)));
        return scope_store(s);
    }
    struct contact_filter by_id = {filter->query, filter->group, CONTACT_SORT_OLDEST};
    struct contact_find *f = contact_find_start(s, &by_id, NULL);
    struct contact_place some[CONTACT_IDS];
    for (size_t n = 1; n > 0; *count += (int64_t)n)
        n = contact_find_next(f, some, COUNT_OF(some));
    return scope_store(s);
}

#define IDS_READ 1000

enum problem contact_ids(struct scope *s, const struct contact_filter *filter, int64_t after,
                         int64_t *ids, size_t max, size_t *count)
{
    struct contact_filter by_id = {filter->query, filter->group, CONTACT_SORT_OLDEST};
    struct contact_place from = {.id = after, .key = STR_INIT("")};
    struct contact_place some[IDS_READ];
    /* Whoever walks over a million calls often: what a call needs goes when it ends. */
    ARENA(a, ARENA_MAX_DEFAULT);
    struct scope call = *s;
    call.arena = &a;
    struct contact_find *f = contact_find_start(&call, &by_id, &from);
    *count = 0;
    for (size_t n = 1; n > 0 && *count < max;) {
        size_t want = max - *count < COUNT_OF(some) ? max - *count : COUNT_OF(some);
        n = contact_find_next(f, some, want);
        for (size_t i = 0; i < n; i++)
            ids[(*count)++] = some[i].id;
    }
    return scope_store(s);
}

/* ---- walking over all ---- */

/* A step is a stretch of ids, not a number of rows: so every row is found in the order it is wanted
 * and nothing is sorted. */
#define WALK_STEP 1000
#define WALK_BARE "SELECT c.id, '', '', NULL, c.attributes, 0, 0, NULL, NULL, NULL"
#define WALK_ALL  " FROM contact c"
#define WALK_GROUP                                                                                 \
    " FROM group_member f JOIN contact c ON c.company_id = f.company_id AND c.id = f.contact_id"
#define WALK_ALL_WHERE " WHERE c.company_id = $1 AND c.id > $2 AND c.id <= $3"
#define WALK_GROUP_WHERE                                                                           \
    " WHERE f.company_id = $1 AND f.group_id = $4 AND f.contact_id > $2 AND f.contact_id <= $3"

/* By whether all of it is wanted, and whether only members of one group are. */
static const char *const walk_sql[2][2] = {
    {WALK_BARE WALK_ALL WALK_ALL_WHERE " ORDER BY c.id",
     WALK_BARE WALK_GROUP WALK_GROUP_WHERE " ORDER BY f.contact_id"},
    {HEAD WALK_ALL GROUPS WALK_ALL_WHERE " ORDER BY c.id, m.group_id",
     HEAD WALK_GROUP GROUPS WALK_GROUP_WHERE " ORDER BY f.contact_id, m.group_id"},
};

struct walk {
    const char *sql;
    const struct contact_filter *filter;
    struct search search;
    contact_visit *visit;
    void *ctx;
};

static bool visit_matching(const struct walk *w, struct arena *a, const struct contact *c)
{
    const struct search_texts t = {c->name, c->phone, c->email, c->attributes};
    return !search_matches(&w->search, &t, a) || w->visit(w->ctx, a, c);
}

/* Visits the contacts with ids from `after` on, to the end of the step; false when it was told to
 * end. */
static bool walk_step(struct scope *s, const struct walk *w, int64_t after)
{
    ARENA(held, ARENA_MAX_DEFAULT); /* one contact at a time */
    struct contact c = {0};
    const struct db_value args[] = {DB_N(s->company), DB_N(after), DB_N(after + WALK_STEP),
                                    DB_N(w->filter->group)};
    DB_ROWS(rows);
    db_query(s->db, &rows, w->sql, args, w->filter->group ? 4 : 3);
    while (db_next(&rows)) {
        if (db_i64(&rows, 0) != c.id) {
            if (c.id && !visit_matching(w, &held, &c))
                return false;
            arena_free(&held);
            contact_read(&held, &rows, &c);
        }
        group_append(&held, &rows, &c);
    }
    return c.id == 0 || visit_matching(w, &held, &c);
}

static enum problem walk(struct scope *s, const struct contact_filter *filter, bool bare,
                         contact_visit *visit, void *ctx)
{
    struct walk w = {.filter = filter, .visit = visit, .ctx = ctx};
    search_read(&w.search, filter->query);
    w.sql = walk_sql[!bare || w.search.count > 0][filter->group != 0];
    int64_t last = db_get_i64(s->db, 0, "SELECT max(id) FROM contact WHERE company_id = $1",
                              DB_ARGS(DB_N(s->company)));
    bool going = true;
    for (int64_t after = 0; going && after < last && !db_failed(s->db); after += WALK_STEP)
        going = walk_step(s, &w, after);
    return scope_store(s);
}

enum problem contact_each(struct scope *s, const struct contact_filter *filter,
                          contact_visit *visit, void *ctx)
{
    return walk(s, filter, false, visit, ctx);
}

enum problem contact_each_attributes(struct scope *s, const struct contact_filter *filter,
                                     contact_visit *visit, void *ctx)
{
    return walk(s, filter, true, visit, ctx);
}
