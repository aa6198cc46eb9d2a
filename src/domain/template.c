/*
 * template.c - see template.h: reading templates, and what may be done with one.
 */
#include "domain/template.h"
#include "domain/cursor.h"

#define TEMPLATE_COLUMNS                                                                           \
    "t.id, t.profile_id, t.code, t.name, t.status, t.inspection, t.present, t.fetched_at,"         \
    " v.version, v.content, v.type, v.emphasis, v.title, v.subtitle, v.extra, v.buttons,"          \
    " t.image_url, t.secure, t.comments, t.gateway_created_at, t.gateway_updated_at, v.created_at" \
    " FROM template t JOIN template_version v ON v.company_id = t.company_id"                      \
    " AND v.template_id = t.id"

static void template_read(struct scope *s, const struct db_rows *rows, struct template *t)
{
    *t = (struct template){
        .id = db_i64(rows, 0),
        .profile = db_i64(rows, 1),
        .code = db_text(rows, 2, s->arena),
        .name = db_text(rows, 3, s->arena),
        .status = db_text(rows, 4, s->arena),
        .inspection = db_text(rows, 5, s->arena),
        .present = db_i64(rows, 6) != 0,
        .fetched_at = db_i64(rows, 7),
        .version = db_i64(rows, 8),
        .content = db_text(rows, 9, s->arena),
        .type = db_text(rows, 10, s->arena),
        .emphasis = db_text(rows, 11, s->arena),
        .title = db_text(rows, 12, s->arena),
        .subtitle = db_text(rows, 13, s->arena),
        .extra = db_text(rows, 14, s->arena),
        .image_url = db_text(rows, 16, s->arena),
        .secure = db_i64(rows, 17) != 0,
        .comments = db_text(rows, 18, s->arena),
        .gateway_created_at = db_text(rows, 19, s->arena),
        .gateway_updated_at = db_text(rows, 20, s->arena),
        .version_at = db_i64(rows, 21),
    };
    t->button_count = buttons_read(s->arena, db_text(rows, 15, s->arena), t->buttons);
}

static enum problem template_read_one(struct scope *s, struct db_rows *rows, struct template *out)
{
    if (db_next(rows)) {
        template_read(s, rows, out);
        return PROBLEM_NONE;
    }
    return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
}

enum problem template_get(struct scope *s, int64_t id, struct template *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " TEMPLATE_COLUMNS
             " AND v.version = t.version WHERE t.company_id = $1 AND t.id = $2",
             DB_ARGS(DB_N(s->company), DB_N(id)));
    return template_read_one(s, &rows, out);
}

enum problem template_get_version(struct scope *s, int64_t id, int64_t version,
                                  struct template *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " TEMPLATE_COLUMNS " AND v.version = $3 WHERE t.company_id = $1 AND t.id = $2",
             DB_ARGS(DB_N(s->company), DB_N(id), DB_N(version)));
    return template_read_one(s, &rows, out);
}

enum problem template_get_code(struct scope *s, int64_t profile, struct str code,
                               struct template *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " TEMPLATE_COLUMNS " AND v.version = t.version"
             " WHERE t.company_id = $1 AND t.profile_id = $2 AND t.code = $3",
             DB_ARGS(DB_N(s->company), DB_N(profile), DB_S(code)));
    return template_read_one(s, &rows, out);
}

/* ---- lists ---- */

enum problem template_list(struct scope *s, const struct template **list, size_t *count)
{
    struct str next;
    return template_page(s, 0, &(struct page){.limit = TEMPLATES_MAX, .cursor = STR("")}, list,
                         count, &next);
}

/* What a page is made of: rows of a query that asks for one more than the page holds. */
static size_t page_read(struct scope *s, struct db_rows *rows, int64_t limit,
                        const struct template **list, bool *more)
{
    struct template *all = NULL;
    size_t n = 0, room = 0;
    *more = false;
    while (!*more && db_next(rows)) {
        *more = n > 0 && n == (size_t)limit;
        if (n == room && !*more) { /* few pages are as long as they may be */
            struct template *larger =
                arena_array(s->arena, room = room ? room * 2 : 16, sizeof *all);
            if (n)
                memcpy(larger, all, n * sizeof *all);
            all = larger;
        }
        if (!*more)
            template_read(s, rows, &all[n++]);
    }
    *list = all;
    return n;
}

/* A page goes on behind the name of the template it ended with, as that is called now; rows of
 * templates are never removed. */
enum problem template_page(struct scope *s, int64_t profile, const struct page *page,
                           const struct template **list, size_t *count, struct str *next)
{
    bool more;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " TEMPLATE_COLUMNS " AND v.version = t.version"
             " WHERE t.company_id = $1 AND t.present = 1"
             " AND (CAST($2 AS bigint) = 0 OR t.profile_id = $2)"
             " AND (CAST($3 AS bigint) = 0 OR (t.name, t.id) >"
             " (SELECT l.name, l.id FROM template l WHERE l.company_id = $1 AND l.id = $3))"
             " ORDER BY t.name, t.id LIMIT $4",
             DB_ARGS(DB_N(s->company), DB_N(profile), DB_N(cursor_i64(page->cursor)),
                     DB_N(page->limit + 1)));
    *count = page_read(s, &rows, page->limit, list, &more);
    *next = more ? cursor_from_i64(s->arena, (*list)[*count - 1].id) : (struct str){NULL, 0};
    return scope_store(s);
}

enum problem template_versions(struct scope *s, int64_t id, const struct page *page,
                               const struct template **list, size_t *count, struct str *next)
{
    int64_t before = cursor_i64(page->cursor);
    bool more;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " TEMPLATE_COLUMNS " AND v.version < $3 WHERE t.company_id = $1 AND t.id = $2"
             " ORDER BY v.version DESC LIMIT $4",
             DB_ARGS(DB_N(s->company), DB_N(id), DB_N(before ? before : INT64_MAX),
                     DB_N(page->limit + 1)));
    *count = page_read(s, &rows, page->limit, list, &more);
    *next = more ? cursor_from_i64(s->arena, (*list)[*count - 1].version) : (struct str){NULL, 0};
    if (*count == 0 && !before && !db_failed(s->db))
        return PROBLEM_NOT_FOUND; /* every template has a version */
    return scope_store(s);
}

/* ---- what may be done with it ---- */

static const struct {
    enum problem problem;
    struct str word;
} problem_words[] = {
    {PROBLEM_TEMPLATE_NOT_APPROVED, STR_INIT("not_approved")},
    {PROBLEM_TEMPLATE_REJECTED, STR_INIT("rejected")},
    {PROBLEM_TEMPLATE_STOPPED, STR_INIT("stopped")},
    {PROBLEM_TEMPLATE_DORMANT, STR_INIT("dormant")},
    {PROBLEM_TEMPLATE_GONE, STR_INIT("gone")},
};

struct str template_problem_word(enum problem p)
{
    for (size_t i = 0; i < COUNT_OF(problem_words); i++)
        if (problem_words[i].problem == p)
            return problem_words[i].word;
    return (struct str){NULL, 0};
}

enum problem template_problem_find(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(problem_words); i++)
        if (str_eq(problem_words[i].word, word))
            return problem_words[i].problem;
    return PROBLEM_NONE;
}

enum problem template_problem(const struct template *t)
{
    if (!t->present)
        return PROBLEM_TEMPLATE_GONE;
    if (str_eq(t->status, STR("stopped")))
        return PROBLEM_TEMPLATE_STOPPED;
    if (str_eq(t->status, STR("dormant")))
        return PROBLEM_TEMPLATE_DORMANT;
    if (str_eq(t->inspection, STR("rejected")))
        return PROBLEM_TEMPLATE_REJECTED;
    return str_eq(t->inspection, STR("approved")) ? PROBLEM_NONE : PROBLEM_TEMPLATE_NOT_APPROVED;
}

bool template_sendable(const struct template *t)
{
    return template_problem(t) == PROBLEM_NONE;
}

bool template_editable(const struct template *t)
{
    return t->present && str_eq(t->status, STR("waiting")) &&
           (str_eq(t->inspection, STR("registered")) || str_eq(t->inspection, STR("rejected")));
}

/* Aligo's shared templates have codes that begin with D or P. */
static bool template_shared(const struct template *t)
{
    return str_starts(t->code, STR("D")) || str_starts(t->code, STR("P"));
}

bool template_deletable(const struct template *t)
{
    return t->present && !str_eq(t->inspection, STR("approved")) && !template_shared(t);
}

/* ---- variables ---- */

static size_t collect(struct str text, struct arena *a, struct str *list, size_t count)
{
    struct pattern p;
    return pattern_parse(&p, text, a) ? pattern_variables(&p, list, count, TEMPLATE_VARIABLES_MAX)
                                      : count;
}

/* Links of the buttons that are tracked, or of those that are not. */
static size_t collect_links(const struct template *t, bool tracked, struct arena *a,
                            struct str *list, size_t count)
{
    for (size_t i = 0; i < t->button_count; i++) {
        const struct button *b = &t->buttons[i];
        if (button_tracked(b) != tracked)
            continue;
        const struct str links[] = {b->mobile, b->pc, b->ios, b->android};
        for (size_t l = 0; l < COUNT_OF(links); l++)
            count = collect(links[l], a, list, count);
    }
    return count;
}

size_t template_variables(const struct template *t, struct arena *a,
                          struct str list[TEMPLATE_VARIABLES_MAX])
{
    size_t count = collect(t->title, a, list, 0);
    count = collect(t->content, a, list, count);
    return collect_links(t, false, a, list, count);
}

size_t template_link_variables(const struct template *t, struct arena *a,
                               struct str list[TEMPLATE_VARIABLES_MAX])
{
    return collect_links(t, true, a, list, 0);
}
