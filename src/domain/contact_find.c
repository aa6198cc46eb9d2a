/*
 * contact_find.c - see contact_find.h.
 *
 * Candidates come from one of three sources: the sets of a block (a search in the order of ids),
 * the store in the wanted order (no search, or so many candidates that walking past the others is
 * cheaper than sorting), or a sorted list of few candidates. Each gives a stretch of ids; with
 * words to look for they are read and compared, whatever the source.
 */
#include "domain/contact_find.h"
#include "domain/contact_index.h"
#include "domain/contact_row.h"
#include "domain/id_set.h"
#include "domain/search.h"

#include <stdlib.h>

#define SORTED_MAX   4000  /* candidates that are read and sorted rather than walked to */
#define STREAM_ROWS  1000  /* read at a time while walking past others */
#define NOTES_MAX    10000 /* beyond, everybody is a candidate */
#define SMALL_GROUP  20000 /* members that are marked beforehand */
#define GREATEST_KEY "\xF4\x8F\xBF\xBF" /* behind every text: U+10FFFF */

struct contact_find {
    struct scope *s;
    struct contact_filter filter;
    struct search search;
    int64_t grams[SEARCH_GRAMS_MAX];
    size_t gram_count;
    struct contact_place at; /* behind it the next stretch begins */
    bool descending, by_name_ready, at_end;
    struct {
        int64_t first, last;
    } * noted; /* ids that contact_gram may not know */
    size_t noted_count;
    struct id_set *members; /* of a small group, by block; NULL: ask for each */
    int64_t blocks;
    struct id_set *block; /* candidates of block_at */
    int64_t block_at;     /* -1: none yet */
    struct id_set *all;   /* candidates of every block, when they are walked to; NULL else */
    struct contact_place ready[CONTACT_IDS]; /* compared, not given out yet */
    size_t ready_count, ready_at;
    struct contact_place *sorted;
    size_t sorted_count, sorted_at;
};

/* ---- candidates ---- */

static void noted_read(struct contact_find *f)
{
    struct scope *s = f->s;
    f->noted = arena_array(s->arena, NOTES_MAX, sizeof *f->noted);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT first_id, last_id FROM contact_unindexed WHERE company_id = $1 LIMIT $2",
             DB_ARGS(DB_N(s->company), DB_N(NOTES_MAX + 1)));
    while (f->noted_count < NOTES_MAX && db_next(&rows)) {
        f->noted[f->noted_count].first = db_i64(&rows, 0);
        f->noted[f->noted_count++].last = db_i64(&rows, 1);
    }
    if (db_next(&rows))
        f->gram_count = 0; /* too much has changed to tell */
}

static void noted_add(const struct contact_find *f, int64_t block, struct id_set *set)
{
    int64_t first = block * CONTACT_BLOCK, last = first + CONTACT_BLOCK - 1;
    for (size_t i = 0; i < f->noted_count; i++) {
        int64_t from = f->noted[i].first > first ? f->noted[i].first : first;
        int64_t to = f->noted[i].last < last ? f->noted[i].last : last;
        if (from <= to)
            id_set_add_range(set, (size_t)(from - first), (size_t)(to - first));
    }
}

_Static_assert(SEARCH_GRAMS_MAX == 8, "the statement below has a place for each");

/* Those in a block that have every gram. */
static void grams_read(struct contact_find *f, int64_t block, struct id_set *set)
{
    struct scope *s = f->s;
    ARENA(a, ARENA_MAX_DEFAULT);
    const int64_t *g = f->grams;
    size_t have = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT ids FROM contact_gram WHERE company_id = $1 AND block = $2"
             " AND gram IN ($3, $4, $5, $6, $7, $8, $9, $10)",
             DB_ARGS(DB_N(s->company), DB_N(block), DB_N(g[0]), DB_N(g[1]), DB_N(g[2]), DB_N(g[3]),
                     DB_N(g[4]), DB_N(g[5]), DB_N(g[6]), DB_N(g[7])));
    id_set_add_range(set, 0, ID_SET_SIZE - 1);
    while (db_next(&rows)) {
        struct id_set one = {0};
        id_set_read(&one, db_text(&rows, 0, &a));
        id_set_keep(set, &one);
        have++;
    }
    if (have < f->gram_count)
        *set = (struct id_set){0};
}

static void block_read(struct contact_find *f, int64_t block, struct id_set *set)
{
    *set = (struct id_set){0};
    if (f->gram_count == 0) {
        id_set_add_range(set, 0, ID_SET_SIZE - 1);
    } else {
        grams_read(f, block, set);
        noted_add(f, block, set);
    }
    if (f->members)
        id_set_keep(set, &f->members[block]);
}

/* Marks the members of a group that is small; with a large one each candidate is asked for. */
static void members_read(struct contact_find *f)
{
    struct scope *s = f->s;
    int64_t count = db_get_i64(
        s->db, 0, "SELECT member_count FROM contact_group WHERE company_id = $1 AND id = $2",
        DB_ARGS(DB_N(s->company), DB_N(f->filter.group)));
    if (count > SMALL_GROUP)
        return;
    f->members = arena_array(s->arena, (size_t)f->blocks, sizeof *f->members);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT contact_id FROM group_member WHERE company_id = $1 AND group_id = $2",
             DB_ARGS(DB_N(s->company), DB_N(f->filter.group)));
    while (db_next(&rows)) {
        int64_t id = db_i64(&rows, 0);
        if (id / CONTACT_BLOCK < f->blocks)
            id_set_add(&f->members[id / CONTACT_BLOCK], (size_t)(id % CONTACT_BLOCK));
    }
}

/* ---- comparing ---- */

/* What the contact is sorted by, when its place does not say it yet. */
static void key_take(struct contact_find *f, struct contact_place *p, const struct search_texts *t)
{
    if (p->key.len == 0 && f->filter.sort >= CONTACT_SORT_PHONE)
        p->key = str_dup(f->s->arena, t->phone);
    else if (p->key.len == 0 && f->filter.sort >= CONTACT_SORT_NAME)
        p->key = str_dup(f->s->arena, t->name);
}

static bool by_name(const struct contact_find *f)
{
    return f->filter.sort == CONTACT_SORT_NAME || f->filter.sort == CONTACT_SORT_NAME_DESC;
}

/* A place by a name that the contact no longer has is not its own. */
static void mark(struct contact_find *f, struct contact_place *list, size_t count, bool *keep,
                 int64_t id, const struct search_texts *t)
{
    for (size_t i = 0; i < count; i++) {
        bool stale = by_name(f) && list[i].key.len && !str_eq(list[i].key, t->name);
        if (list[i].id == id && !stale) {
            keep[i] = true;
            key_take(f, &list[i], t);
        }
    }
}

/* Leaves those of at most CONTACT_IDS that match the words and are in the group; in order. */
static size_t compare(struct contact_find *f, struct contact_place *list, size_t count)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    struct db_value args[CONTACT_IDS_ARGS];
    bool keep[CONTACT_IDS] = {false};
    int64_t ids[CONTACT_IDS];
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        ids[i] = list[i].id;
    contact_ids_bind(f->s, f->members ? 0 : f->filter.group, ids, count, args);
    DB_ROWS(rows);
    if (count)
        db_query(f->s->db, &rows,
                 "SELECT c.id, c.name, c.phone, c.email, c.attributes FROM contact c"
                 " WHERE c.company_id = $1 AND (CAST($2 AS bigint) = 0 OR EXISTS"
                 " (SELECT 1 FROM group_member m WHERE m.company_id = $1 AND m.group_id = $2"
                 " AND m.contact_id = c.id))"
                 " AND c.id IN (" CONTACT_IDS_SQL ")",
                 args, CONTACT_IDS_ARGS);
    while (count && db_next(&rows)) {
        arena_free(&a);
        struct search_texts t = {db_text(&rows, 1, &a), db_text(&rows, 2, &a),
                                 db_text(&rows, 3, &a), db_text(&rows, 4, &a)};
        if (search_matches(&f->search, &t, &a))
            mark(f, list, count, keep, db_i64(&rows, 0), &t);
    }
    for (size_t i = 0; i < count; i++)
        if (keep[i])
            list[n++] = list[i];
    return n;
}

/* ---- along the ids, by blocks ---- */

static int64_t block_of(int64_t id)
{
    return id / CONTACT_BLOCK;
}

/* The next candidate in the order of ids; false at the end. */
static bool candidate_next(struct contact_find *f, struct contact_place *out)
{
    int64_t step = f->descending ? -1 : 1, from = f->at.id + step;
    for (int64_t b = block_of(from); from >= 0 && b >= 0 && b < f->blocks; b += step) {
        if (b != f->block_at) {
            block_read(f, b, f->block);
            f->block_at = b;
        }
        size_t begin = b == block_of(from) ? (size_t)(from % CONTACT_BLOCK)
                       : f->descending     ? CONTACT_BLOCK - 1
                                           : 0;
        size_t hit = f->descending ? id_set_last(f->block, begin) : id_set_next(f->block, begin);
        if (hit < ID_SET_SIZE) {
            f->at.id = b * CONTACT_BLOCK + (int64_t)hit;
            *out = (struct contact_place){.id = f->at.id, .key = STR_INIT("")};
            return true;
        }
    }
    f->at_end = true;
    return false;
}

static size_t blocks_next(struct contact_find *f, struct contact_place *list, size_t max)
{
    size_t n = 0;
    while (n < max && !f->at_end && candidate_next(f, &list[n]))
        n++;
    return n;
}

/* ---- along an index of the store ---- */

/* What a row must be besides is asked of one after the other, not joined: PostgreSQL cannot tell
 * from a statement whose limit it does not know that only the first rows are wanted. */
#define IN_GROUP(id)                                                                               \
    " AND (SELECT 1 FROM group_member m WHERE m.company_id = $1 AND m.group_id = $5"               \
    " AND m.contact_id = " id ") = 1"
#define ITS_NAME                                                                                   \
    " AND n.name = (SELECT c.name FROM contact c WHERE c.company_id = n.company_id"                \
    " AND c.id = n.contact_id)"

#define IDS(compare, direction)                                                                    \
    "SELECT c.id, '' FROM contact c WHERE c.company_id = $1 AND c.id " compare                     \
    " $2 AND $3 >= '' ORDER BY c.id " direction " LIMIT $4"
#define IDS_GROUP(compare, direction)                                                              \
    "SELECT m.contact_id, '' FROM group_member m WHERE m.company_id = $1 AND m.group_id = $5"      \
    " AND m.contact_id " compare " $2 AND $3 >= '' ORDER BY m.contact_id " direction " LIMIT $4"
/* Names that contacts once had are there, too. */
#define NAMES(also, compare, direction)                                                            \
    "SELECT n.contact_id, n.name FROM contact_by_name n WHERE n.company_id = $1"                   \
    " AND (n.name, n.contact_id) " compare " ($3, $2)" also " ORDER BY n.name " direction          \
    ", n.contact_id " direction " LIMIT $4"
/* As long as contact_by_name does not have everybody. */
#define BARE_NAMES(also, compare, direction)                                                       \
    "SELECT c.id, c.name FROM contact c WHERE c.company_id = $1"                                   \
    " AND (c.name /*pg COLLATE \"C\"*/, c.id) " compare " ($3, $2)" also                           \
    " ORDER BY c.name /*pg COLLATE \"C\"*/ " direction ", c.id " direction " LIMIT $4"
#define PHONES(also, compare, direction)                                                           \
    "SELECT c.id, c.phone FROM contact c WHERE c.company_id = $1 AND c.phone " compare             \
    " $3 AND CAST($2 AS bigint) >= 0" also " ORDER BY c.phone " direction " LIMIT $4"

/* By order, by whether only members of a group are wanted. */
static const char *const streams[][2] = {
    [CONTACT_SORT_NEWEST] = {IDS("<", "DESC"), IDS_GROUP("<", "DESC")},
    [CONTACT_SORT_OLDEST] = {IDS(">", "ASC"), IDS_GROUP(">", "ASC")},
    [CONTACT_SORT_NAME] = {NAMES(ITS_NAME, ">", "ASC"),
                           NAMES(IN_GROUP("n.contact_id") ITS_NAME, ">", "ASC")},
    [CONTACT_SORT_NAME_DESC] = {NAMES(ITS_NAME, "<", "DESC"),
                                NAMES(IN_GROUP("n.contact_id") ITS_NAME, "<", "DESC")},
    [CONTACT_SORT_PHONE] = {PHONES("", ">", "ASC"), PHONES(IN_GROUP("c.id"), ">", "ASC")},
    [CONTACT_SORT_PHONE_DESC] = {PHONES("", "<", "DESC"), PHONES(IN_GROUP("c.id"), "<", "DESC")},
};

static const char *const bare_names[][2] = {
    {BARE_NAMES("", ">", "ASC"), BARE_NAMES(IN_GROUP("c.id"), ">", "ASC")},
    {BARE_NAMES("", "<", "DESC"), BARE_NAMES(IN_GROUP("c.id"), "<", "DESC")},
};

/* With words to look for: whose name it still is is seen when they are compared. */
static const char *const any_names[][2] = {
    {NAMES("", ">", "ASC"), NAMES(IN_GROUP("n.contact_id"), ">", "ASC")},
    {NAMES("", "<", "DESC"), NAMES(IN_GROUP("n.contact_id"), "<", "DESC")},
};

static const char *stream_sql(const struct contact_find *f)
{
    bool group = f->filter.group != 0;
    if (!by_name(f))
        return streams[f->filter.sort][group];
    if (!f->by_name_ready)
        return bare_names[f->descending][group];
    return f->search.count ? any_names[f->descending][group] : streams[f->filter.sort][group];
}

static struct contact_place place_keep(const struct contact_find *f, struct contact_place p)
{
    p.key = str_dup(f->s->arena, p.key);
    return p;
}

/* Texts of the list lie in `a`; where the next stretch begins, in the scope's arena. */
static size_t stream_read(struct contact_find *f, struct arena *a, struct contact_place *list,
                          size_t max)
{
    struct scope *s = f->s;
    const struct db_value args[] = {DB_N(s->company), DB_N(f->at.id), DB_S(f->at.key),
                                    DB_N((int64_t)max), DB_N(f->filter.group)};
    size_t n = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows, stream_sql(f), args, f->filter.group ? 5 : 4);
    while (n < max && db_next(&rows))
        list[n++] = (struct contact_place){db_i64(&rows, 0), db_text(&rows, 1, a)};
    if (n)
        f->at = place_keep(f, list[n - 1]);
    f->at_end = n < max;
    return n;
}

static bool is_candidate(const struct contact_find *f, int64_t id)
{
    int64_t b = block_of(id);
    return b < f->blocks && id_set_has(&f->all[b], (size_t)(id % CONTACT_BLOCK));
}

/* The next at most `max` candidates in the order of the store. */
static size_t walk_next(struct contact_find *f, struct contact_place *list, size_t max)
{
    struct contact_place stretch[STREAM_ROWS];
    size_t found = 0;
    while (found == 0 && !f->at_end) {
        ARENA(a, ARENA_MAX_DEFAULT);
        size_t n = stream_read(f, &a, stretch, STREAM_ROWS), i = 0;
        for (; i < n && found < max; i++)
            if (is_candidate(f, stretch[i].id))
                list[found++] = place_keep(f, stretch[i]);
        if (i < n) { /* it was enough: the rest comes again */
            f->at = list[found - 1];
            f->at_end = false;
        }
    }
    return found;
}

/* ---- few candidates, sorted ---- */

static int place_compare(const struct contact_place *a, const struct contact_place *b)
{
    int by_key = str_cmp(a->key, b->key);
    return by_key ? by_key : a->id < b->id ? -1 : a->id > b->id;
}

static int place_up(const void *a, const void *b)
{
    return place_compare(a, b);
}

static int place_down(const void *a, const void *b)
{
    return place_compare(b, a);
}

static void candidates_sort(struct contact_find *f)
{
    f->sorted = arena_array(f->s->arena, SORTED_MAX, sizeof *f->sorted);
    struct contact_place begin = f->at;
    f->at = (struct contact_place){.id = -1};
    struct contact_find ascending = *f;
    ascending.descending = false;
    for (size_t n = 1; n > 0;) {
        struct contact_place *next = f->sorted + f->sorted_count;
        n = blocks_next(&ascending, next, CONTACT_IDS);
        f->sorted_count += compare(f, next, n);
    }
    qsort(f->sorted, f->sorted_count, sizeof *f->sorted, f->descending ? place_down : place_up);
    while (f->sorted_at < f->sorted_count &&
           (f->descending ? place_compare(&f->sorted[f->sorted_at], &begin) >= 0
                          : place_compare(&f->sorted[f->sorted_at], &begin) <= 0))
        f->sorted_at++;
}

static size_t sorted_next(struct contact_find *f, struct contact_place *list, size_t max)
{
    size_t n = f->sorted_count - f->sorted_at;
    if (n > max)
        n = max;
    if (n)
        memcpy(list, f->sorted + f->sorted_at, n * sizeof *list);
    f->sorted_at += n;
    return n;
}

/* ---- a search ---- */

static bool by_ids(const struct contact_find *f)
{
    return f->filter.sort <= CONTACT_SORT_OLDEST;
}

static void candidates_choose(struct contact_find *f)
{
    size_t count = 0;
    f->all = arena_array(f->s->arena, (size_t)f->blocks, sizeof *f->all);
    for (int64_t b = 0; b < f->blocks; b++) {
        block_read(f, b, &f->all[b]);
        count += id_set_count(&f->all[b]);
    }
    if (count > SORTED_MAX - CONTACT_IDS)
        return;
    f->all = NULL;
    candidates_sort(f);
}

static void search_start(struct contact_find *f)
{
    f->gram_count = search_grams(&f->search, f->grams);
    for (size_t i = f->gram_count; i < SEARCH_GRAMS_MAX; i++)
        f->grams[i] = f->gram_count ? f->grams[0] : 0;
    int64_t last = db_get_i64(f->s->db, 0, "SELECT max(id) FROM contact WHERE company_id = $1",
                              DB_ARGS(DB_N(f->s->company)));
    f->blocks = block_of(last) + 1;
    if (by_ids(f) && f->at.id > last)
        f->at.id = last + 1;
    f->block = arena_new(f->s->arena, struct id_set);
    noted_read(f);
    if (f->filter.group)
        members_read(f);
    if (!by_ids(f))
        candidates_choose(f);
}

/* True when contact_by_name has everybody: imports leave that to the index. */
static bool by_name_ready(struct scope *s)
{
    /* Not joined either: with notes gone and statistics old, PostgreSQL would begin with the
     * contacts. */
    return db_get_i64(s->db, 0,
                      "SELECT 1 FROM contact_unindexed u WHERE u.company_id = $1 AND (SELECT 1"
                      " FROM contact c WHERE c.company_id = u.company_id AND c.id >= u.first_id"
                      " AND c.id <= u.last_id AND (SELECT 1 FROM contact_by_name n"
                      " WHERE n.company_id = c.company_id AND n.name = c.name"
                      " AND n.contact_id = c.id) IS NULL LIMIT 1) = 1 LIMIT 1",
                      DB_ARGS(DB_N(s->company))) == 0;
}

struct contact_find *contact_find_start(struct scope *s, const struct contact_filter *filter,
                                        const struct contact_place *from)
{
    struct contact_find *f = arena_new(s->arena, struct contact_find);
    f->s = s;
    f->filter = *filter;
    f->descending = filter->sort == CONTACT_SORT_NEWEST || filter->sort == CONTACT_SORT_NAME_DESC ||
                    filter->sort == CONTACT_SORT_PHONE_DESC;
    f->block_at = -1;
    if (from)
        f->at = *from;
    else if (f->descending)
        f->at = (struct contact_place){INT64_MAX, STR(GREATEST_KEY)};
    else
        f->at = (struct contact_place){0, STR("")};
    if (by_name(f))
        f->by_name_ready = by_name_ready(s);
    search_read(&f->search, filter->query);
    if (f->search.count || (filter->group && !by_ids(f)))
        search_start(f);
    return f;
}

/* Fills `ready` with the next that match; false at the end. */
static bool ready_fill(struct contact_find *f)
{
    f->ready_at = f->ready_count = 0;
    while (f->ready_count == 0 && !f->at_end && !db_failed(f->s->db)) {
        size_t n =
            f->all ? walk_next(f, f->ready, CONTACT_IDS) : blocks_next(f, f->ready, CONTACT_IDS);
        f->ready_count = compare(f, f->ready, n);
    }
    return f->ready_count > 0;
}

size_t contact_find_next(struct contact_find *f, struct contact_place *list, size_t max)
{
    if (f->sorted)
        return sorted_next(f, list, max);
    if (f->search.count == 0)
        return f->at_end ? 0 : stream_read(f, f->s->arena, list, max);
    size_t n = 0;
    while (n < max && (f->ready_at < f->ready_count || ready_fill(f)))
        list[n++] = f->ready[f->ready_at++];
    return n;
}
