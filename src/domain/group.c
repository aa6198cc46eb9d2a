/*
 * group.c - see group.h.
 */
#include "domain/group.h"
#include "domain/company.h"
#include "domain/cursor.h"
#include "domain/text.h"

#define DEFAULT_NAME "미지정"
#define COLUMNS      "id, name, description, is_default, member_count, created_at"

/* ---- reading ---- */

static void group_read(struct scope *s, const struct db_rows *rows, struct group *g)
{
    *g = (struct group){
        .id = db_i64(rows, 0),
        .name = db_text(rows, 1, s->arena),
        .description = db_text(rows, 2, s->arena),
        .is_default = db_i64(rows, 3) != 0,
        .member_count = db_i64(rows, 4),
        .created_at = db_i64(rows, 5),
    };
}

enum problem group_get(struct scope *s, int64_t id, struct group *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " COLUMNS " FROM contact_group WHERE company_id = $1 AND id = $2",
             DB_ARGS(DB_N(s->company), DB_N(id)));
    if (db_next(&rows)) {
        group_read(s, &rows, out);
        return PROBLEM_NONE;
    }
    return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
}

/* ---- lists ---- */

/* Lower case of A to Z only, as text_email makes it of what is looked for, on both engines. */
#define LIST(beyond, order)                                                                        \
    "SELECT " COLUMNS " FROM contact_group WHERE company_id = $1"                                  \
    " AND ($2 = '' OR lower(name /*pg COLLATE \"C\" */) LIKE $2 ESCAPE '!') AND " beyond           \
    " ORDER BY " order " LIMIT $3"
#define LIST_ARGS 5

/* What stands behind the row of the cursor. A company has thousands of groups, not millions: to
 * sort them takes less than to keep an index of their sizes up to date. */
static const struct {
    const char *sql;
    struct cursor_key before; /* where the first page begins */
    size_t args;
} lists[] = {
    [GROUP_BY_CREATED] = {LIST("id > $4", "id"), {0, 0, STR_INIT("")}, 4},
    [GROUP_BY_NEWEST] = {LIST("id < $4", "id DESC"), {INT64_MAX, 0, STR_INIT("")}, 4},
    [GROUP_BY_NAME] = {LIST("name /*pg COLLATE \"C\" */ > $4", "name /*pg COLLATE \"C\" */"),
                       {0, 0, STR_INIT("")},
                       4},
    [GROUP_BY_MEMBERS] = {LIST("(member_count < $5 OR member_count = $5 AND id > $4)",
                               "member_count DESC, id"),
                          {0, INT64_MAX, STR_INIT("")},
                          5},
};

/* The row after which the page begins. */
static bool list_place(struct scope *s, enum group_sort sort, struct str cursor,
                       struct cursor_key *key)
{
    *key = lists[sort].before;
    if (cursor.len == 0)
        return true;
    if (sort == GROUP_BY_NAME || sort == GROUP_BY_MEMBERS)
        return cursor_key(s->arena, cursor, key);
    key->id = cursor_i64(cursor);
    return key->id != 0;
}

static struct str list_next(struct scope *s, enum group_sort sort, const struct group *last)
{
    const struct cursor_key key = {last->id, last->member_count, last->name};
    return sort == GROUP_BY_NAME || sort == GROUP_BY_MEMBERS ? cursor_from_key(s->arena, &key)
                                                             : cursor_from_i64(s->arena, last->id);
}

enum problem group_list(struct scope *s, const struct group_filter *filter, const struct page *page,
                        const struct group **list, size_t *count, struct str *next)
{
    struct group *groups = arena_array(s->arena, (size_t)page->limit, sizeof *groups);
    struct str part = text_email(s->arena, text_line(s->arena, filter->query));
    struct cursor_key key;
    *list = groups, *count = 0, *next = (struct str){NULL, 0};
    if (!list_place(s, filter->sort, page->cursor, &key))
        return scope_fail(s, PROBLEM_BAD_REQUEST, STR("cursor"));
    if (utf8_count(part) > GROUP_NAME_MAX)
        return PROBLEM_NONE; /* no name is so long */
    DB_ROWS(rows);
    db_query(s->db, &rows, lists[filter->sort].sql,
             (const struct db_value[LIST_ARGS]){
                 DB_N(s->company), DB_S(like_contains(s->arena, part)), DB_N(page->limit + 1),
                 filter->sort == GROUP_BY_NAME ? DB_S(key.text) : DB_N(key.id), DB_N(key.number)},
             lists[filter->sort].args);
    while (db_next(&rows)) {
        if (*count == (size_t)page->limit) {
            *next = list_next(s, filter->sort, &groups[*count - 1]);
            break;
        }
        group_read(s, &rows, &groups[(*count)++]);
    }
    return scope_store(s);
}

int64_t group_default_id(struct scope *s)
{
    return db_get_i64(s->db, 0,
                      "SELECT id FROM contact_group WHERE company_id = $1 AND is_default = 1",
                      DB_ARGS(DB_N(s->company)));
}

/* ---- names ---- */

bool group_name_check(struct scope *s, const char *field, struct str *name)
{
    *name = text_line(s->arena, *name);
    if (name->len == 0)
        scope_field_error(s, field, "required", "그룹 이름을 넣어 주세요.",
                          "Please enter the group's name.");
    else if (utf8_count(*name) > GROUP_NAME_MAX)
        scope_field_error(s, field, "too_long", "그룹 이름은 100자까지 쓸 수 있습니다.",
                          "The name may have at most 100 characters.");
    else
        return true;
    return false;
}

static void description_check(struct scope *s, struct str *description)
{
    *description = text_line(s->arena, *description);
    if (utf8_count(*description) > GROUP_DESCRIPTION_MAX)
        scope_field_error(s, "description", "too_long", "설명은 500자까지 쓸 수 있습니다.",
                          "The description may have at most 500 characters.");
}

static bool name_taken(struct scope *s, struct str name, int64_t except)
{
    return db_get_i64(
               s->db, 0,
               "SELECT 1 FROM contact_group WHERE company_id = $1 AND name = $2 AND id <> $3",
               DB_ARGS(DB_N(s->company), DB_S(name), DB_N(except))) != 0;
}

/* What of the name stays when `(`, so many digits and `)` follow it. */
static struct str name_stem(struct scope *s, struct str name, size_t digits)
{
    size_t end = 0;
    for (size_t room = GROUP_NAME_MAX - digits - 2; room > 0 && end < name.len; room--)
        utf8_next(name, &end);
    return text_line(s->arena, str_slice(name, 0, end));
}

/* The lowest number from `first` on, all of so many digits, with which `stem(number)` is free; the
 * one after them when none is. */
static int64_t number_free(struct scope *s, struct str stem, size_t digits, int64_t first,
                           int64_t except)
{
    ARENA(held, ARENA_MAX_DEFAULT);
    struct str head = str_printf(s->arena, "%.*s(", STR_ARG(stem));
    int64_t head_len = (int64_t)utf8_count(head), free = first, taken;
    DB_ROWS(rows);
    db_query(
        s->db, &rows,
        "SELECT substr(name, $4 + 1, $5) FROM contact_group WHERE company_id = $1"
        " AND id <> $2 AND substr(name, 1, $4) = $3 AND length(name) = $4 + $5 + 1"
        " AND substr(name, $4 + $5 + 1, 1) = ')' ORDER BY 1",
        DB_ARGS(DB_N(s->company), DB_N(except), DB_S(head), DB_N(head_len), DB_N((int64_t)digits)));
    for (; db_next(&rows); arena_free(&held))
        if (str_i64(db_text(&rows, 0, &held), first, INT64_MAX, &taken) && taken == free)
            free++;
    return free;
}

/* The name itself or the first of `name(1)`, `name(2)` … that is free: one query for all numbers
 * of as many digits, however many groups are called the same. The end of a very long name gives
 * way. */
static struct str name_made_free(struct scope *s, struct str name, int64_t except)
{
    if (!name_taken(s, name, except))
        return name;
    for (int64_t digits = 1, first = 1;; digits++, first *= 10) {
        struct str stem = name_stem(s, name, (size_t)digits);
        int64_t n = number_free(s, stem, (size_t)digits, first, except);
        if (n < first * 10) /* so it is after a failure, too */
            return str_printf(s->arena, "%.*s(%lld)", STR_ARG(stem), (long long)n);
    }
}

/* ---- making and changing ---- */

static int64_t insert(struct scope *s, struct str name, struct str description, bool is_default)
{
    int64_t id = db_next_id(s->db, s->company, "contact_group", 1);
    db_exec(s->db,
            "INSERT INTO contact_group (company_id, id, name, description, is_default,"
            " member_count, created_at) VALUES ($1, $2, $3, $4, $5, 0, $6)",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(name), DB_S(description), DB_N(is_default),
                    DB_N(scope_now(s))));
    company_counts_add(s, 0, 1);
    return id;
}

void group_insert_default(struct scope *s)
{
    insert(s, STR(DEFAULT_NAME), STR(""), true);
}

int64_t group_insert(struct scope *s, struct str name, struct str description)
{
    return insert(s, name_made_free(s, name, 0), description, false);
}

enum problem group_create(struct scope *s, struct str name, struct str description, int64_t *id)
{
    group_name_check(s, "name", &name);
    description_check(s, &description);
    if (s->error_count)
        return PROBLEM_INVALID;
    TX(tx, s->db);
    company_lock(s);
    *id = group_insert(s, name, description);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

/* The group, when it may be changed. */
static enum problem changeable(struct scope *s, int64_t id, struct group *g)
{
    enum problem p = group_get(s, id, g);
    return !p && g->is_default ? PROBLEM_GROUP_DEFAULT : p;
}

enum problem group_update(struct scope *s, int64_t id, struct str name, struct str description)
{
    struct group g;
    if (name.ptr)
        group_name_check(s, "name", &name);
    if (description.ptr)
        description_check(s, &description);
    if (s->error_count)
        return PROBLEM_INVALID;
    TX(tx, s->db);
    company_lock(s);
    enum problem p = changeable(s, id, &g);
    if (p)
        return p;
    db_exec(s->db,
            "UPDATE contact_group SET name = $3, description = $4"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id),
                    DB_S(name.ptr ? name_made_free(s, name, id) : g.name),
                    DB_S(description.ptr ? description : g.description)));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem group_delete(struct scope *s, int64_t id)
{
    struct group g;
    TX(tx, s->db);
    company_lock(s);
    enum problem p = changeable(s, id, &g);
    if (p)
        return p;
    int64_t home = group_default_id(s);
    int64_t homeless =
        db_exec(s->db,
                "INSERT INTO group_member (company_id, group_id, contact_id)"
                " SELECT company_id, CAST($3 AS bigint), contact_id FROM group_member m"
                " WHERE company_id = $1 AND group_id = $2 AND NOT EXISTS (SELECT 1"
                " FROM group_member o WHERE o.company_id = m.company_id"
                " AND o.contact_id = m.contact_id AND o.group_id <> m.group_id)",
                DB_ARGS(DB_N(s->company), DB_N(id), DB_N(home)));
    group_count_add(s, home, homeless);
    db_exec(s->db, "DELETE FROM group_member WHERE company_id = $1 AND group_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    db_exec(s->db, "DELETE FROM contact_group WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    company_counts_add(s, 0, -1);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

/* ---- members ---- */

void group_count_add(struct scope *s, int64_t id, int64_t delta)
{
    if (delta)
        db_exec(s->db,
                "UPDATE contact_group SET member_count = member_count + $3"
                " WHERE company_id = $1 AND id = $2",
                DB_ARGS(DB_N(s->company), DB_N(id), DB_N(delta)));
}

/* 1 when the contact was not in the group before. */
static int64_t member_insert(struct scope *s, int64_t id, int64_t contact)
{
    return db_exec(s->db,
                   "INSERT INTO group_member (company_id, group_id, contact_id)"
                   " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                   DB_ARGS(DB_N(s->company), DB_N(id), DB_N(contact)));
}

static int64_t member_delete(struct scope *s, int64_t id, int64_t contact)
{
    return db_exec(s->db,
                   "DELETE FROM group_member WHERE company_id = $1 AND group_id = $2"
                   " AND contact_id = $3",
                   DB_ARGS(DB_N(s->company), DB_N(id), DB_N(contact)));
}

void group_settle_contact(struct scope *s, int64_t contact)
{
    int64_t home = group_default_id(s);
    bool elsewhere = db_get_i64(s->db, 0,
                                "SELECT 1 FROM group_member WHERE company_id = $1"
                                " AND contact_id = $2 AND group_id <> $3 LIMIT 1",
                                DB_ARGS(DB_N(s->company), DB_N(contact), DB_N(home))) != 0;
    if (elsewhere)
        group_count_add(s, home, -member_delete(s, home, contact));
    else
        group_count_add(s, home, member_insert(s, home, contact));
}

void group_ids_check(struct scope *s, const int64_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (db_get_i64(s->db, 0, "SELECT 1 FROM contact_group WHERE company_id = $1 AND id = $2",
                       DB_ARGS(DB_N(s->company), DB_N(ids[i]))))
            continue;
        scope_field_error(s, "group_ids", "unknown", "없는 그룹입니다. 목록을 새로 고쳐 주세요.",
                          "There is no such group. Please reload the list.");
        return;
    }
}

static bool listed(const int64_t *ids, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Takes a contact out of every group that is not listed, 미지정 included. */
static void groups_leave(struct scope *s, int64_t contact, const int64_t *ids, size_t count)
{
    int64_t after = 0, group;
    while ((group = db_get_i64(s->db, 0,
                               "SELECT group_id FROM group_member WHERE company_id = $1"
                               " AND contact_id = $2 AND group_id > $3 ORDER BY group_id LIMIT 1",
                               DB_ARGS(DB_N(s->company), DB_N(contact), DB_N(after))))) {
        if (!listed(ids, count, group))
            group_count_add(s, group, -member_delete(s, group, contact));
        after = group;
    }
}

void group_contact_set(struct scope *s, int64_t contact, const int64_t *ids, size_t count)
{
    int64_t home = group_default_id(s);
    groups_leave(s, contact, ids, count);
    for (size_t i = 0; i < count; i++)
        if (ids[i] != home)
            group_count_add(s, ids[i], member_insert(s, ids[i], contact));
    group_settle_contact(s, contact);
}

/* ---- many at once ---- */

int64_t group_join_bulk(struct scope *s, int64_t id, bool everybody)
{
    struct db_value args[] = {DB_N(s->company), DB_N(id)};
    /* The new ones are in no group yet: not to look saves PostgreSQL a third. */
    int64_t joined = db_exec(s->db,
                             "INSERT INTO group_member (company_id, group_id, contact_id)"
                             " SELECT CAST($1 AS bigint), CAST($2 AS bigint), n1 FROM bulk"
                             " WHERE n2 = 0",
                             args, 2);
    if (everybody)
        joined += db_exec(s->db,
                          "INSERT INTO group_member (company_id, group_id, contact_id)"
                          " SELECT CAST($1 AS bigint), CAST($2 AS bigint), n1 FROM bulk"
                          " WHERE n2 <> 0 ON CONFLICT DO NOTHING",
                          args, 2);
    group_count_add(s, id, joined);
    return joined;
}

void group_note_joining(struct scope *s, int64_t import, int64_t id)
{
    db_exec(s->db,
            "INSERT INTO import_joined (company_id, import_id, group_id, contact_id)"
            " SELECT CAST($1 AS bigint), CAST($2 AS bigint), CAST($3 AS bigint), b.n1 FROM bulk b"
            " WHERE b.n2 <> 0 AND NOT EXISTS (SELECT 1 FROM group_member m"
            " WHERE m.company_id = $1 AND m.group_id = $3 AND m.contact_id = b.n1)",
            DB_ARGS(DB_N(s->company), DB_N(import), DB_N(id)));
}

static int64_t members_delete_bulk(struct scope *s, int64_t id)
{
    /* Whole keys, which PostgreSQL must not take apart: it knows nothing of a young table, and
     * would compare each member with each row of the bulk. */
    int64_t left = db_exec(s->db,
                           "DELETE FROM group_member WHERE (company_id, group_id, contact_id) IN"
                           " (SELECT CAST($1 AS bigint), CAST($2 AS bigint), n1 FROM bulk"
                           " WHERE n2 <> 0 /*pg OFFSET 0 */)",
                           DB_ARGS(DB_N(s->company), DB_N(id)));
    group_count_add(s, id, -left);
    return left;
}

void group_leave_home_bulk(struct scope *s)
{
    members_delete_bulk(s, group_default_id(s));
}

int64_t group_leave_bulk(struct scope *s, int64_t id)
{
    int64_t home = group_default_id(s), left = members_delete_bulk(s, id);
    /* One look-up a contact; PostgreSQL must not make a join of it, for which it would read all
     * members there are. */
    int64_t homeless =
        db_exec(s->db,
                "INSERT INTO group_member (company_id, group_id, contact_id)"
                " SELECT CAST($1 AS bigint), CAST($2 AS bigint), b.n1 FROM bulk b WHERE b.n2 <> 0"
                " AND NOT EXISTS (SELECT 1 FROM group_member m WHERE m.company_id = $1"
                " AND m.contact_id = b.n1 /*pg OFFSET 0 */)",
                DB_ARGS(DB_N(s->company), DB_N(home)));
    group_count_add(s, home, homeless);
    return left;
}

int64_t group_move_bulk(struct scope *s, int64_t from, int64_t to)
{
    struct db_value args[] = {DB_N(s->company), DB_N(from), DB_N(to)};
    int64_t both = 0;
    if (from != group_default_id(s)) /* whose members are in no other group */
        both = db_exec(s->db,
                       "DELETE FROM group_member WHERE (company_id, group_id, contact_id) IN"
                       " (SELECT CAST($1 AS bigint), CAST($2 AS bigint), b.n1 FROM bulk b"
                       " WHERE b.n2 <> 0 AND EXISTS (SELECT 1 FROM group_member m"
                       " WHERE m.company_id = $1 AND m.group_id = $3 AND m.contact_id = b.n1"
                       " /*pg OFFSET 0 */) /*pg OFFSET 0 */)",
                       args, 3);
    int64_t moved =
        db_exec(s->db,
                "UPDATE group_member SET group_id = $3 WHERE (company_id, group_id, contact_id) IN"
                " (SELECT CAST($1 AS bigint), CAST($2 AS bigint), n1 FROM bulk"
                " WHERE n2 <> 0 /*pg OFFSET 0 */)",
                args, 3);
    group_count_add(s, from, -both - moved);
    group_count_add(s, to, moved);
    return both + moved;
}

void group_forget_bulk(struct scope *s)
{
    db_exec(s->db,
            "UPDATE contact_group SET member_count = member_count - gone.n FROM"
            " (SELECT m.group_id, count(*) AS n FROM bulk b CROSS JOIN group_member m"
            " WHERE m.company_id = $1 AND m.contact_id = b.n1 GROUP BY m.group_id) AS gone"
            " WHERE contact_group.company_id = $1 AND contact_group.id = gone.group_id",
            DB_ARGS(DB_N(s->company)));
    db_exec(s->db,
            "DELETE FROM group_member WHERE (company_id, contact_id) IN"
            " (SELECT CAST($1 AS bigint), n1 FROM bulk /*pg OFFSET 0 */)",
            DB_ARGS(DB_N(s->company)));
}

/* Those of the noted contacts that are in no group any more go home. */
static void homeless_return(struct scope *s, int64_t import, int64_t last)
{
    int64_t home = group_default_id(s);
    int64_t back =
        db_exec(s->db,
                "INSERT INTO group_member (company_id, group_id, contact_id)"
                " SELECT c.company_id, CAST($4 AS bigint), c.id FROM contact c"
                " WHERE c.company_id = $1 AND c.id IN (SELECT contact_id FROM import_joined"
                " WHERE company_id = $1 AND import_id = $2 AND contact_id <= $3)"
                " AND NOT EXISTS (SELECT 1 FROM group_member m WHERE m.company_id = c.company_id"
                " AND m.contact_id = c.id)",
                DB_ARGS(DB_N(s->company), DB_N(import), DB_N(last), DB_N(home)));
    group_count_add(s, home, back);
}

void group_undo_joining(struct scope *s, int64_t import, int64_t last)
{
    int64_t group = 0;
    while ((group = db_get_i64(s->db, 0,
                               "SELECT min(group_id) FROM import_group WHERE company_id = $1"
                               " AND import_id = $2 AND group_id > $3",
                               DB_ARGS(DB_N(s->company), DB_N(import), DB_N(group))))) {
        int64_t left =
            db_exec(s->db,
                    "DELETE FROM group_member WHERE (company_id, group_id, contact_id) IN"
                    " (SELECT company_id, group_id, contact_id FROM import_joined"
                    " WHERE company_id = $1 AND import_id = $3 AND group_id = $2"
                    " AND contact_id <= $4 /*pg OFFSET 0 */)",
                    DB_ARGS(DB_N(s->company), DB_N(group), DB_N(import), DB_N(last)));
        group_count_add(s, group, -left);
    }
    homeless_return(s, import, last);
    db_exec(s->db,
            "DELETE FROM import_joined WHERE company_id = $1 AND import_id = $2"
            " AND contact_id <= $3",
            DB_ARGS(DB_N(s->company), DB_N(import), DB_N(last)));
}

void group_forget_range(struct scope *s, int64_t first, int64_t last)
{
    struct db_value range[] = {DB_N(s->company), DB_N(first), DB_N(last)};
    db_exec(s->db,
            "UPDATE contact_group SET member_count = member_count - (SELECT count(*)"
            " FROM group_member m WHERE m.company_id = $1 AND m.contact_id >= $2"
            " AND m.contact_id <= $3 AND m.group_id = contact_group.id) WHERE company_id = $1"
            " AND id IN (SELECT group_id FROM group_member WHERE company_id = $1"
            " AND contact_id >= $2 AND contact_id <= $3)",
            range, 3);
    db_exec(s->db,
            "DELETE FROM group_member WHERE company_id = $1 AND contact_id >= $2"
            " AND contact_id <= $3",
            range, 3);
}
