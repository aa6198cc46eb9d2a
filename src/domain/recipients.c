/*
 * recipients.c - see recipients.h.
 *
 * One group without exceptions is a walk over its own key. Several are merged here: each group is
 * asked for the next few ids, and no further than the page can reach given what the groups before
 * it had, so that a page of 500 out of 100 groups reads some 2,600 ids and sorts nothing. A member
 * of an excepted group is found by the memberships of the contact, of which there are few.
 *
 * Lists of groups are bound as one text, ",2,17,": a statement is a literal and has no room for a
 * list, and LIKE means the same to both engines.
 */
#include "domain/recipients_list.h"

#include <assert.h>

/* Bytes of texts of a page: attributes of one contact may be CONTACT_ATTRIBUTES_TEXT_MAX. */
#define PAGE_BYTES          ((size_t)8 << 20)
#define RECIPIENTS_LIST_MAX ((size_t)RECIPIENTS_GROUPS_MAX * 2 * 22)

/* ---- the choice ---- */

bool recipients_choice_add(struct recipients_choice *c, bool except, int64_t group)
{
    int64_t *list = except ? c->except : c->groups;
    size_t *count = except ? &c->except_count : &c->group_count;
    for (size_t i = 0; i < *count; i++)
        if (list[i] == group)
            return true;
    if (*count == RECIPIENTS_GROUPS_MAX)
        return false;
    list[(*count)++] = group;
    return true;
}

struct recipients_choice recipients_choice_of(const struct recipients *r)
{
    struct recipients_choice c = {.except_days = r->except_days};
    for (size_t i = 0; i < r->group_count; i++)
        recipients_choice_add(&c, false, r->groups[i].id);
    for (size_t i = 0; i < r->except_count; i++)
        recipients_choice_add(&c, true, r->except[i].id);
    return c;
}

static bool groups_exist(struct scope *s, const int64_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!db_get_i64(s->db, 0, "SELECT 1 FROM contact_group WHERE company_id = $1 AND id = $2",
                        DB_ARGS(DB_N(s->company), DB_N(ids[i]))))
            return false;
    return true;
}

void recipients_check(struct scope *s, const struct recipients_choice *c)
{
    static const char ko[] = "없는 그룹입니다. 목록을 새로 고쳐 주세요.",
                      en[] = "There is no such group. Please reload the list.";
    if (c->group_count == 0)
        scope_field_error(s, "group_ids", "required", "보낼 그룹을 하나 이상 골라 주세요.",
                          "Please choose at least one group.");
    if (!groups_exist(s, c->groups, c->group_count))
        scope_field_error(s, "group_ids", "not_found", ko, en);
    if (!groups_exist(s, c->except, c->except_count))
        scope_field_error(s, "except_group_ids", "not_found", ko, en);
    if (c->except_days < 0 || c->except_days > RECIPIENTS_DAYS_MAX)
        scope_field_error(s, "except_days", "range", "1일부터 365일까지 쓸 수 있습니다.",
                          "This may be 1 to 365 days.");
}

void recipients_forget(struct scope *s, int64_t campaign)
{
    db_exec(s->db, "DELETE FROM campaign_group WHERE company_id = $1 AND campaign_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(campaign)));
}

static void groups_write(struct scope *s, int64_t campaign, const int64_t *ids, size_t count,
                         bool excepted)
{
    for (size_t i = 0; i < count; i++)
        db_exec(s->db,
                "INSERT INTO campaign_group (company_id, campaign_id, group_id, excepted)"
                " VALUES ($1, $2, $3, $4)",
                DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(ids[i]), DB_N(excepted)));
}

void recipients_write(struct scope *s, int64_t campaign, const struct recipients_choice *c)
{
    recipients_forget(s, campaign);
    groups_write(s, campaign, c->groups, c->group_count, false);
    groups_write(s, campaign, c->except, c->except_count, true);
}

void recipients_read(struct scope *s, int64_t campaign, struct recipients *out)
{
    struct recipients_group found[2][RECIPIENTS_GROUPS_MAX];
    size_t n[2] = {0, 0};
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT r.excepted, g.id, g.name FROM campaign_group r JOIN contact_group g"
             " ON g.company_id = r.company_id AND g.id = r.group_id"
             " WHERE r.company_id = $1 AND r.campaign_id = $2 ORDER BY r.excepted, r.group_id",
             DB_ARGS(DB_N(s->company), DB_N(campaign)));
    while (db_next(&rows)) {
        bool except = db_i64(&rows, 0) != 0;
        assert(n[except] < RECIPIENTS_GROUPS_MAX);
        found[except][n[except]++] =
            (struct recipients_group){db_i64(&rows, 1), db_text(&rows, 2, s->arena)};
    }
    struct recipients_group *all = arena_array(s->arena, n[0] + n[1] + 1, sizeof *all);
    memcpy(all, found[0], n[0] * sizeof *all);
    memcpy(all + n[0], found[1], n[1] * sizeof *all);
    out->groups = all;
    out->group_count = n[0];
    out->except = all + n[0];
    out->except_count = n[1];
}

/* ---- ids of members, in order ---- */

struct str recipients_list_text(struct buf *out, const int64_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(out, i ? "%lld," : ",%lld,", (long long)ids[i]);
    return buf_view(out);
}

/* Which members of a group are wanted: ids in (after, last], in none of the groups of `without`. */
struct members {
    int64_t group, after, last;
    struct str without;
};

/* The first of them, at most `max`. */
static size_t members_read(struct scope *s, const struct members *m, size_t max, int64_t *ids)
{
    size_t n = 0;
    struct db_value args[] = {DB_N(s->company), DB_N(m->group),     DB_N(m->after),
                              DB_N(m->last),    DB_N((int64_t)max), DB_S(m->without)};
    DB_ROWS(rows);
    if (m->without.len)
        db_query(s->db, &rows,
                 "SELECT m.contact_id FROM group_member m WHERE m.company_id = $1"
                 " AND m.group_id = $2 AND m.contact_id > $3 AND m.contact_id <= $4 AND 0 ="
                 " (SELECT count(*) FROM group_member x WHERE x.company_id = m.company_id"
                 " AND x.contact_id = m.contact_id"
                 " AND $6 LIKE '%,' || CAST(x.group_id AS text) || ',%')"
                 " ORDER BY m.contact_id LIMIT $5",
                 args, COUNT_OF(args));
    else
        db_query(s->db, &rows,
                 "SELECT contact_id FROM group_member WHERE company_id = $1 AND group_id = $2"
                 " AND contact_id > $3 AND contact_id <= $4 ORDER BY contact_id LIMIT $5",
                 args, COUNT_OF(args) - 1);
    while (db_next(&rows))
        ids[n++] = db_i64(&rows, 0);
    return n;
}

/* The at most `max` smallest of two ordered lists, each once. */
static size_t ids_merge(const int64_t *a, size_t an, const int64_t *b, size_t bn, int64_t *out,
                        size_t max)
{
    size_t n = 0, i = 0, j = 0;
    while (n < max && (i < an || j < bn)) {
        int64_t next = j == bn || (i < an && a[i] <= b[j]) ? a[i] : b[j];
        i += i < an && a[i] == next;
        j += j < bn && b[j] == next;
        out[n++] = next;
    }
    return n;
}

size_t recipients_ids(struct scope *s, const struct recipients_choice *c, int64_t after, size_t max,
                      int64_t *ids)
{
    int64_t own[RECIPIENTS_IDS_MAX], merged[RECIPIENTS_IDS_MAX];
    size_t n = 0;
    BUF(text, RECIPIENTS_LIST_MAX);
    struct members m = {.after = after,
                        .without = recipients_list_text(&text, c->except, c->except_count)};
    assert(max <= RECIPIENTS_IDS_MAX);
    for (size_t i = 0; i < c->group_count; i++) {
        m.group = c->groups[i];
        m.last = n == max ? ids[n - 1] : INT64_MAX;
        size_t own_count = members_read(s, &m, max, own);
        n = ids_merge(ids, n, own, own_count, merged, max);
        memcpy(ids, merged, n * sizeof *ids);
    }
    return n;
}

/* ---- people ---- */

static void person_take(const struct db_rows *rows, struct person *c, struct arena *a)
{
    *c = (struct person){
        .contact = db_i64(rows, 0),
        .name = db_text(rows, 1, a),
        .phone = db_text(rows, 2, a),
        .email = db_text(rows, 3, a),
        .attributes = db_text(rows, 4, a),
    };
}

static bool is_one_group(const struct recipients_choice *c)
{
    return c->group_count == 1 && c->except_count == 0;
}

/* Reads at most `max` people while their texts are not too long; of the first there is no limit. */
static size_t people_take(struct db_rows *rows, size_t max, struct person *list, struct arena *a)
{
    size_t n = 0, used = a->used;
    while (n < max && (n == 0 || a->used - used < PAGE_BYTES) && db_next(rows))
        person_take(rows, &list[n++], a);
    return n;
}

/* PostgreSQL likes to merge both tables, and must be told that contacts need not be read from the
 * first one on; SQLite goes by the members and would be misled. */
static size_t page_of_group(struct scope *s, int64_t group, int64_t after, size_t max,
                            struct person *list, struct arena *a)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT c.id, c.name, c.phone, c.email, c.attributes FROM group_member m"
             " JOIN contact c ON c.company_id = m.company_id AND c.id = m.contact_id"
             " WHERE m.company_id = $1 AND m.group_id = $2 AND m.contact_id > $3"
             " /*pg AND c.company_id = $1 AND c.id > $3*/ ORDER BY m.contact_id LIMIT $4",
             DB_ARGS(DB_N(s->company), DB_N(group), DB_N(after), DB_N((int64_t)max)));
    return people_take(&rows, max, list, a);
}

/* Contacts fetched by one statement, which names each of them. */
#define AT_ONCE 50
#define THEY                                                                                       \
    "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"                 \
    " $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34,"             \
    " $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50,"             \
    " $51"

static size_t people_fetch(struct scope *s, const int64_t *ids, size_t count, struct person *list,
                           struct arena *a)
{
    struct db_value args[AT_ONCE + 1] = {DB_N(s->company)};
    assert(count > 0 && count <= AT_ONCE);
    for (size_t i = 0; i < AT_ONCE; i++)
        args[i + 1] = DB_N(ids[i < count ? i : count - 1]);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT id, name, phone, email, attributes FROM contact"
             " WHERE company_id = $1 AND id IN (" THEY ") ORDER BY id",
             args, COUNT_OF(args));
    return people_take(&rows, count, list, a);
}

/* Those of the ids that are still there; *last is the last id that was looked for. */
static size_t page_of_ids(struct scope *s, const int64_t *ids, size_t count, struct person *list,
                          struct arena *a, int64_t *last)
{
    size_t n = 0, used = a->used;
    for (size_t i = 0; i < count && a->used - used < PAGE_BYTES; i += AT_ONCE) {
        size_t some = count - i < AT_ONCE ? count - i : AT_ONCE;
        n += people_fetch(s, ids + i, some, list + n, a);
        *last = ids[i + some - 1];
    }
    return n;
}

size_t recipients_page(struct scope *s, const struct recipients_choice *c, int64_t after,
                       size_t max, struct person *list, struct arena *a)
{
    int64_t ids[RECIPIENTS_IDS_MAX];
    size_t count, n = 0;
    assert(max > 0 && max <= RECIPIENTS_PAGE_MAX);
    /* PostgreSQL may join the two by walking all contacts for each page. */
    if (is_one_group(c) && db_engine(s->db) == STORE_SQLITE)
        return page_of_group(s, c->groups[0], after, max, list, a);
    /* Contacts may be deleted between the two statements; that is not the end yet. */
    while (n == 0 && (count = recipients_ids(s, c, after, max, ids)) > 0)
        n = page_of_ids(s, ids, count, list, a, &after);
    return n;
}

/* The id at a position, 0 when there is none. */
static int64_t id_at(struct scope *s, const struct recipients_choice *c, int64_t position)
{
    int64_t ids[RECIPIENTS_IDS_MAX], before = 0, after = 0;
    if (is_one_group(c))
        return db_get_i64(s->db, 0,
                          "SELECT contact_id FROM group_member WHERE company_id = $1"
                          " AND group_id = $2 ORDER BY contact_id LIMIT 1 OFFSET $3",
                          DB_ARGS(DB_N(s->company), DB_N(c->groups[0]), DB_N(position - 1)));
    for (;;) {
        size_t n = recipients_ids(s, c, after, RECIPIENTS_IDS_MAX, ids);
        if (position <= before + (int64_t)n)
            return ids[position - before - 1];
        if (n < RECIPIENTS_IDS_MAX)
            return 0;
        before += (int64_t)n;
        after = ids[n - 1];
    }
}

bool recipients_at(struct scope *s, const struct recipients_choice *c, int64_t position,
                   struct person *out, struct arena *a)
{
    assert(position > 0);
    int64_t id = id_at(s, c, position);
    return id && people_fetch(s, &id, 1, out, a) == 1;
}

/* The last member of the group in front of an id, in none of the groups of `without`; 0: none. */
static int64_t member_before(struct scope *s, int64_t group, int64_t id, struct str without)
{
    if (without.len == 0)
        return db_get_i64(s->db, 0,
                          "SELECT contact_id FROM group_member WHERE company_id = $1"
                          " AND group_id = $2 AND contact_id < $3 ORDER BY contact_id DESC LIMIT 1",
                          DB_ARGS(DB_N(s->company), DB_N(group), DB_N(id)));
    return db_get_i64(s->db, 0,
                      "SELECT m.contact_id FROM group_member m WHERE m.company_id = $1"
                      " AND m.group_id = $2 AND m.contact_id < $3 AND 0 ="
                      " (SELECT count(*) FROM group_member x WHERE x.company_id = m.company_id"
                      " AND x.contact_id = m.contact_id"
                      " AND $4 LIKE '%,' || CAST(x.group_id AS text) || ',%')"
                      " ORDER BY m.contact_id DESC LIMIT 1",
                      DB_ARGS(DB_N(s->company), DB_N(group), DB_N(id), DB_S(without)));
}

bool recipients_before(struct scope *s, const struct recipients_choice *c, int64_t contact,
                       struct person *out, struct arena *a)
{
    int64_t before = 0;
    BUF(text, RECIPIENTS_LIST_MAX);
    struct str without = recipients_list_text(&text, c->except, c->except_count);
    for (size_t i = 0; i < c->group_count; i++) {
        int64_t id = member_before(s, c->groups[i], contact, without);
        before = id > before ? id : before;
    }
    return before && people_fetch(s, &before, 1, out, a) == 1;
}
