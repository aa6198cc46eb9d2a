/*
 * contact.c - see contact.h.
 */
#include "domain/contact.h"
#include "domain/company.h"
#include "domain/contact_action.h"
#include "domain/cursor.h"
#include "domain/group.h"
#include "domain/phone.h"
#include "domain/text.h"

#include <assert.h>

#define PAGE_BYTES ((size_t)8 << 20) /* of texts of a page */

/* ---- reading ---- */

/* A contact stands on as many rows as it has groups; the columns of the contact come first. */
#define LIST_GROUPS                                                                                \
    " LEFT JOIN group_member m ON m.company_id = c.company_id AND m.contact_id = c.id"             \
    " LEFT JOIN contact_group g ON g.company_id = m.company_id AND g.id = m.group_id"
#define LIST_TAIL LIST_GROUPS " ORDER BY c.id DESC, g.id"
#define LIST_HEAD                                                                                  \
    "SELECT c.id, c.name, c.phone, c.email, c.attributes, c.created_at, c.updated_at, g.id, "      \
    "g.name"
#define MATCHES                                                                                    \
    " ($3 = '' OR lower(c.name) LIKE $3 ESCAPE '!' OR c.phone LIKE $4 ESCAPE '!'"                  \
    " OR c.email LIKE $3 ESCAPE '!')"

static void contact_read(struct scope *s, const struct db_rows *rows, struct contact *c)
{
    *c = (struct contact){
        .id = db_i64(rows, 0),
        .name = db_text(rows, 1, s->arena),
        .phone = db_text(rows, 2, s->arena),
        .email = db_text(rows, 3, s->arena),
        .attributes = db_text(rows, 4, s->arena),
        .created_at = db_i64(rows, 5),
        .updated_at = db_i64(rows, 6),
    };
}

/* Appends the group of a row to its contact; groups of one contact lie one after the other. */
static void group_append(struct scope *s, const struct db_rows *rows, struct contact *c)
{
    if (db_is_null(rows, 7))
        return;
    struct contact_group *groups = arena_array(s->arena, c->group_count + 1, sizeof *groups);
    if (c->group_count)
        memcpy(groups, c->groups, c->group_count * sizeof *groups);
    groups[c->group_count++] = (struct contact_group){db_i64(rows, 7), db_text(rows, 8, s->arena)};
    c->groups = groups;
}

/* Reads at most `max` contacts, fewer when their attributes are very long; *more says that there
 * are others behind them. */
static size_t contacts_read(struct scope *s, struct db_rows *rows, struct contact *list, size_t max,
                            bool *more)
{
    size_t n = 0, used = s->arena->used;
    *more = false;
    while (db_next(rows)) {
        if (n == 0 || list[n - 1].id != db_i64(rows, 0)) {
            *more = n == max || (n > 0 && s->arena->used - used > PAGE_BYTES);
            if (*more)
                return n;
            contact_read(s, rows, &list[n++]);
        }
        group_append(s, rows, &list[n - 1]);
    }
    return n;
}

enum problem contact_get(struct scope *s, int64_t id, struct contact *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             LIST_HEAD
             " FROM (SELECT * FROM contact WHERE company_id = $1 AND id = $2) c" LIST_TAIL,
             DB_ARGS(DB_N(s->company), DB_N(id)));
    bool more;
    if (contacts_read(s, &rows, out, 1, &more))
        return scope_store(s);
    return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
}

/* Whoever types 010-1234 looks for the digits. */
static struct str phone_part(struct arena *a, struct str query)
{
    char *out = str_z(a, query);
    size_t n = 0;
    for (size_t i = 0; i < query.len; i++)
        if (query.ptr[i] != '-' && query.ptr[i] != ' ')
            out[n++] = query.ptr[i];
    return str_n(out, n);
}

#define FILTER_ARGS 6

/* Parameters of MATCHES; $2 is where the page begins, $5 how many there may be. */
static void filter_bind(struct scope *s, const struct contact_filter *filter, int64_t from,
                        int64_t limit, struct db_value args[FILTER_ARGS])
{
    struct str part = text_line(s->arena, filter->query);
    struct str like = like_contains(s->arena, text_email(s->arena, part));
    struct str phone = like_contains(s->arena, phone_part(s->arena, part));
    const struct db_value bound[FILTER_ARGS] = {DB_N(s->company), DB_N(from),
                                                DB_S(like),       DB_S(phone.len ? phone : like),
                                                DB_N(limit),      DB_N(filter->group)};
    memcpy(args, bound, sizeof bound);
}

static void list_query(struct scope *s, struct db_rows *rows, const struct contact_filter *filter,
                       const struct page *page)
{
    int64_t after = cursor_i64(page->cursor);
    struct db_value args[FILTER_ARGS];
    filter_bind(s, filter, after ? after : INT64_MAX, page->limit + 1, args);
    if (filter->group)
        db_query(s->db, rows,
                 LIST_HEAD " FROM (SELECT c.* FROM group_member f"
                           " JOIN contact c ON c.company_id = f.company_id AND c.id = f.contact_id"
                           " WHERE f.company_id = $1 AND f.group_id = $6 AND f.contact_id < $2"
                           " AND" MATCHES " ORDER BY f.contact_id DESC LIMIT $5) c" LIST_TAIL,
                 args, 6);
    else
        db_query(s->db, rows,
                 LIST_HEAD " FROM (SELECT c.* FROM contact c WHERE c.company_id = $1 AND c.id < $2"
                           " AND" MATCHES " ORDER BY c.id DESC LIMIT $5) c" LIST_TAIL,
                 args, 5);
}

enum problem contact_list(struct scope *s, const struct contact_filter *filter,
                          const struct page *page, const struct contact **list, size_t *count,
                          struct str *next)
{
    size_t limit = (size_t)page->limit;
    struct contact *found = arena_array(s->arena, limit, sizeof *found);
    DB_ROWS(rows);
    list_query(s, &rows, filter, page);
    bool more;
    size_t n = contacts_read(s, &rows, found, limit, &more);
    *list = found;
    *count = n;
    *next = more ? cursor_from_i64(s->arena, found[n - 1].id) : (struct str){NULL, 0};
    return scope_store(s);
}

enum problem contact_ids(struct scope *s, const struct contact_filter *filter, int64_t after,
                         int64_t *ids, size_t max, size_t *count)
{
    struct db_value args[FILTER_ARGS];
    filter_bind(s, filter, after, (int64_t)max, args);
    *count = 0;
    DB_ROWS(rows);
    if (filter->group && args[2].text.len == 0)
        db_query(s->db, &rows,
                 "SELECT contact_id FROM group_member WHERE company_id = $1 AND group_id = $3"
                 " AND contact_id > $2 ORDER BY contact_id LIMIT $4",
                 DB_ARGS(args[0], args[1], DB_N(filter->group), DB_N((int64_t)max)));
    else if (filter->group)
        db_query(s->db, &rows,
                 "SELECT f.contact_id FROM group_member f JOIN contact c"
                 " ON c.company_id = f.company_id AND c.id = f.contact_id WHERE f.company_id = $1"
                 " AND f.group_id = $6 AND f.contact_id > $2 AND" MATCHES
                 " ORDER BY f.contact_id LIMIT $5",
                 args, FILTER_ARGS);
    else
        db_query(s->db, &rows,
                 "SELECT c.id FROM contact c WHERE c.company_id = $1 AND c.id > $2 AND" MATCHES
                 " ORDER BY c.id LIMIT $5",
                 args, FILTER_ARGS - 1);
    while (db_next(&rows))
        ids[(*count)++] = db_i64(&rows, 0);
    return scope_store(s);
}

/* ---- walking over all ---- */

/* A step is a stretch of ids, not a number of rows: so every row is found in the order it is wanted
 * and nothing is sorted. */
#define WALK_STEP 1000
#define WALK_BARE "SELECT c.id, '', '', NULL, c.attributes, 0, 0, NULL, NULL"
#define WALK_ALL  " FROM contact c"
#define WALK_GROUP                                                                                 \
    " FROM group_member f JOIN contact c ON c.company_id = f.company_id AND c.id = f.contact_id"
#define WALK_ALL_WHERE " WHERE c.company_id = $1 AND c.id > $2 AND c.id <= $5 AND" MATCHES
#define WALK_GROUP_WHERE                                                                           \
    " WHERE f.company_id = $1 AND f.group_id = $6 AND f.contact_id > $2"                           \
    " AND f.contact_id <= $5 AND" MATCHES

/* By whether the groups are wanted, and whether only members of one are. */
static const char *const walk_sql[2][2] = {
    {WALK_BARE WALK_ALL WALK_ALL_WHERE " ORDER BY c.id",
     WALK_BARE WALK_GROUP WALK_GROUP_WHERE " ORDER BY f.contact_id"},
    {LIST_HEAD WALK_ALL LIST_GROUPS WALK_ALL_WHERE " ORDER BY c.id, m.group_id",
     LIST_HEAD WALK_GROUP LIST_GROUPS WALK_GROUP_WHERE " ORDER BY f.contact_id, m.group_id"},
};

struct walk {
    const char *sql;
    const struct contact_filter *filter;
    contact_visit *visit;
    void *ctx;
};

/* Visits the contacts with ids from `after` on, to the end of the step; false when it was told to
 * end. */
static bool walk_step(struct scope *s, const struct walk *w, int64_t after)
{
    ARENA(held, ARENA_MAX_DEFAULT); /* one contact at a time */
    struct scope one = *s;
    struct contact c = {0};
    struct db_value args[FILTER_ARGS];
    one.arena = &held;
    filter_bind(s, w->filter, after, after + WALK_STEP, args);
    DB_ROWS(rows);
    db_query(s->db, &rows, w->sql, args, w->filter->group ? FILTER_ARGS : FILTER_ARGS - 1);
    while (db_next(&rows)) {
        if (db_i64(&rows, 0) != c.id) {
            if (c.id && !w->visit(w->ctx, &held, &c))
                return false;
            arena_free(&held);
            contact_read(&one, &rows, &c);
        }
        group_append(&one, &rows, &c);
    }
    return c.id == 0 || w->visit(w->ctx, &held, &c);
}

static enum problem walk(struct scope *s, const struct walk *w)
{
    ARENA(step, ARENA_MAX_DEFAULT);
    struct scope at_step = *s;
    int64_t last = db_get_i64(s->db, 0, "SELECT max(id) FROM contact WHERE company_id = $1",
                              DB_ARGS(DB_N(s->company)));
    bool going = true;
    at_step.arena = &step;
    for (int64_t after = 0; going && after < last && !db_failed(s->db); after += WALK_STEP) {
        going = walk_step(&at_step, w, after);
        arena_free(&step);
    }
    return scope_store(s);
}

enum problem contact_each(struct scope *s, const struct contact_filter *filter,
                          contact_visit *visit, void *ctx)
{
    const struct walk w = {walk_sql[1][filter->group != 0], filter, visit, ctx};
    return walk(s, &w);
}

enum problem contact_each_attributes(struct scope *s, const struct contact_filter *filter,
                                     contact_visit *visit, void *ctx)
{
    const struct walk w = {walk_sql[0][filter->group != 0], filter, visit, ctx};
    return walk(s, &w);
}

/* ---- checking ---- */

/* What is stored of a form. */
struct checked {
    struct str name, email, attributes;
    struct phone phone;
};

static void name_check(struct scope *s, struct str given, struct str *name)
{
    *name = text_line(s->arena, given);
    if (name->len == 0)
        scope_field_error(s, "name", "required", "이름을 넣어 주세요.", "Please enter a name.");
    else if (utf8_count(*name) > CONTACT_NAME_MAX)
        scope_field_error(s, "name", "too_long", "이름은 100자까지 쓸 수 있습니다.",
                          "The name may have at most 100 characters.");
}

static void phone_check(struct scope *s, struct str given, struct phone *phone)
{
    *phone = phone_read(given);
    if (phone->verdict != PHONE_ERROR)
        return;
    struct str word = phone_reason_word(phone->reason);
    scope_field_error(s, "phone", str_z(s->arena, text_email(s->arena, word)),
                      str_z(s->arena, phone_reason_text(word, false)),
                      str_z(s->arena, phone_reason_text(word, true)));
}

static void email_check(struct scope *s, struct str given, struct str *email)
{
    *email = text_email(s->arena, given);
    if (email->len == 0)
        *email = (struct str){NULL, 0};
    else if (!text_email_ok(*email))
        scope_field_error(s, "email", "invalid", "이메일 주소가 올바르지 않습니다.",
                          "The e-mail address is not valid.");
}

static bool attribute_ok(struct str name, const json_t *value)
{
    return name.len > 0 && json_is_string(value) &&
           utf8_count(name) <= CONTACT_ATTRIBUTE_NAME_MAX &&
           json_string_length(value) <= (size_t)CONTACT_ATTRIBUTE_VALUE_MAX * 4;
}

static void attributes_check(struct scope *s, const json_t *given, struct str *text)
{
    BUF(out, CONTACT_ATTRIBUTES_TEXT_MAX);
    struct json j;
    json_init(&j, &out);
    json_begin_object(&j);
    bool ok = json_is_object(given) && json_object_size(given) <= CONTACT_ATTRIBUTES_MAX;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)given, key, value)
    {
        struct str name = text_line(s->arena, str_c(key));
        ok = ok && attribute_ok(name, value);
        if (ok)
            json_put_str(&j, str_z(s->arena, name),
                         str_n(json_string_value(value), json_string_length(value)));
    }
    json_end_object(&j);
    *text = str_dup(s->arena, buf_view(&out));
    if (!ok || out.failed)
        scope_field_error(s, "attributes", "invalid",
                          "속성은 이름과 글로 이루어져야 하고, 너무 많거나 길 수 없습니다.",
                          "Attributes are texts with a name; not too many and not too long.");
}

static void form_check(struct scope *s, const struct contact_form *form, struct checked *out)
{
    *out = (struct checked){.attributes = STR_INIT("{}")};
    if (form->name.ptr)
        name_check(s, form->name, &out->name);
    if (form->phone.ptr)
        phone_check(s, form->phone, &out->phone);
    if (form->email_given)
        email_check(s, form->email.ptr ? form->email : STR(""), &out->email);
    if (form->attributes)
        attributes_check(s, form->attributes, &out->attributes);
}

/* Nobody but `except` may have the number. */
static enum problem phone_free(struct scope *s, const struct phone *phone, int64_t except)
{
    struct str owner =
        db_get_text(s->db, s->arena,
                    "SELECT name FROM contact WHERE company_id = $1 AND phone = $2"
                    " AND id <> $3",
                    DB_ARGS(DB_N(s->company), DB_S(str_c(phone->digits)), DB_N(except)));
    return owner.ptr ? scope_fail(s, PROBLEM_PHONE_TAKEN, owner) : PROBLEM_NONE;
}

/* ---- changing ---- */

enum problem contact_create(struct scope *s, const struct contact_form *form, int64_t *id)
{
    struct checked c;
    form_check(s, form, &c);
    TX(tx, s->db);
    company_lock(s);
    group_ids_check(s, form->group_ids, form->group_count);
    if (s->error_count)
        return PROBLEM_INVALID;
    enum problem p = phone_free(s, &c.phone, 0);
    if (p)
        return p;
    *id = db_next_id(s->db, s->company, "contact", 1);
    db_exec(s->db,
            "INSERT INTO contact (company_id, id, name, phone, email, attributes, created_at,"
            " updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
            DB_ARGS(DB_N(s->company), DB_N(*id), DB_S(c.name), DB_S(str_c(c.phone.digits)),
                    DB_S_OR_NULL(c.email), DB_S(c.attributes), DB_N(scope_now(s))));
    company_counts_add(s, 1, 0);
    group_contact_set(s, *id, form->group_ids, form->group_count);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem contact_update(struct scope *s, int64_t id, const struct contact_form *form)
{
    struct checked c;
    struct contact old;
    form_check(s, form, &c);
    TX(tx, s->db);
    company_lock(s);
    enum problem p = contact_get(s, id, &old);
    if (p)
        return p;
    group_ids_check(s, form->group_ids, form->group_count);
    if (s->error_count)
        return PROBLEM_INVALID;
    if (form->phone.ptr && (p = phone_free(s, &c.phone, id)))
        return p;
    db_exec(s->db,
            "UPDATE contact SET name = $3, phone = $4, email = $5, attributes = $6,"
            " updated_at = $7 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(form->name.ptr ? c.name : old.name),
                    DB_S(form->phone.ptr ? str_c(c.phone.digits) : old.phone),
                    DB_S_OR_NULL(form->email_given ? c.email : old.email),
                    DB_S(form->attributes ? c.attributes : old.attributes), DB_N(scope_now(s))));
    if (form->groups_given)
        group_contact_set(s, id, form->group_ids, form->group_count);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem contact_delete(struct scope *s, int64_t id)
{
    struct contact_action_result r;
    const struct contact_action action = {.kind = CONTACT_DELETE,
                                          .selection = {.ids = &id, .count = 1},
                                          .expected_count = CONTACT_COUNT_ANY};
    return contact_act(s, &action, &r);
}

/* ---- attributes ---- */

static void attributes_take(json_t *into, const json_t *from, bool over)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)from, key, value)
    {
        bool there = json_object_get(into, key) != NULL;
        if (there ? over : json_object_size(into) < CONTACT_ATTRIBUTES_MAX)
            json_object_set(into, key, value);
    }
}

struct str contact_attributes_merge(struct arena *a, struct str old, struct str more, bool over)
{
    if (str_eq(old, STR("{}")) || str_eq(old, more))
        return more;
    if (str_eq(more, STR("{}")))
        return old;
    struct str why;
    json_t *into = json_parse(old, a, &why), *from = json_parse(more, a, &why);
    assert(into && from); /* both are our own */
    attributes_take(into, from, over);
    BUF(out, CONTACT_ATTRIBUTES_TEXT_MAX * 2);
    struct json j;
    json_init(&j, &out);
    json_begin_object(&j);
    const char *key;
    json_t *value;
    json_object_foreach(into, key, value)
    {
        json_put_str(&j, key, str_n(json_string_value(value), json_string_length(value)));
    }
    json_end_object(&j);
    json_decref(into);
    json_decref(from);
    assert(!out.failed); /* at most so many of such length */
    return str_dup(a, buf_view(&out));
}
