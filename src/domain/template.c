/*
 * template.c - see template.h.
 */
#include "domain/template.h"

#include <assert.h>

#define TEMPLATE_COLUMNS                                                                           \
    "t.id, t.profile_id, t.code, t.name, t.status, t.inspection, t.present, t.fetched_at,"         \
    " v.version, v.content, v.type, v.emphasis, v.title, v.subtitle, v.extra, v.buttons"           \
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

enum problem template_list(struct scope *s, const struct template **list, size_t *count)
{
    int64_t have =
        db_get_i64(s->db, 0, "SELECT count(*) FROM template WHERE company_id = $1 AND present = 1",
                   DB_ARGS(DB_N(s->company)));
    struct template *all = arena_array(s->arena, (size_t)have, sizeof *all);
    size_t n = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " TEMPLATE_COLUMNS " AND v.version = t.version"
             " WHERE t.company_id = $1 AND t.present = 1 ORDER BY t.name, t.id LIMIT $2",
             DB_ARGS(DB_N(s->company), DB_N(have)));
    while (db_next(&rows))
        template_read(s, &rows, &all[n++]);
    *list = all;
    *count = n;
    return scope_store(s);
}

bool template_sendable(const struct template *t)
{
    return t->present && str_eq(t->inspection, STR("approved")) &&
           !str_eq(t->status, STR("stopped"));
}

/* ---- sync ---- */

static void version_insert(struct scope *s, int64_t id, int64_t version, const struct template *t)
{
    db_exec(s->db,
            "INSERT INTO template_version (company_id, template_id, version, content, type,"
            " emphasis, title, subtitle, extra, buttons, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(version), DB_S(t->content), DB_S(t->type),
                    DB_S(t->emphasis), DB_S(t->title), DB_S(t->subtitle), DB_S(t->extra),
                    DB_S(buttons_text(s->arena, t->buttons, t->button_count)), DB_N(scope_now(s))));
}

static void template_insert(struct scope *s, int64_t profile, const struct template *t)
{
    int64_t id = db_next_id(s->db, s->company, "template", 1);
    db_exec(s->db,
            "INSERT INTO template (company_id, id, profile_id, code, name, status, inspection,"
            " version, present, fetched_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 1, $8)",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(profile), DB_S(t->code), DB_S(t->name),
                    DB_S(t->status), DB_S(t->inspection), DB_N(scope_now(s))));
    version_insert(s, id, 1, t);
}

/* What a message must equal: a difference here makes a new version. */
static bool same_text(struct scope *s, const struct template *a, const struct template *b)
{
    return str_eq(a->content, b->content) && str_eq(a->type, b->type) &&
           str_eq(a->emphasis, b->emphasis) && str_eq(a->title, b->title) &&
           str_eq(a->subtitle, b->subtitle) && str_eq(a->extra, b->extra) &&
           str_eq(buttons_text(s->arena, a->buttons, a->button_count),
                  buttons_text(s->arena, b->buttons, b->button_count));
}

static void template_update(struct scope *s, const struct template *have, const struct template *t,
                            struct template_sync *out)
{
    bool same_version = same_text(s, have, t);
    int64_t version = have->version + !same_version;
    if (!same_version)
        version_insert(s, have->id, version, t);
    bool same = same_version && have->present && str_eq(have->name, t->name) &&
                str_eq(have->status, t->status) && str_eq(have->inspection, t->inspection);
    out->unchanged += same;
    out->changed += !same;
    db_exec(s->db,
            "UPDATE template SET name = $3, status = $4, inspection = $5, version = $6,"
            " present = 1, fetched_at = $7 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(have->id), DB_S(t->name), DB_S(t->status),
                    DB_S(t->inspection), DB_N(version), DB_N(scope_now(s))));
}

static bool template_find(struct scope *s, int64_t profile, struct str code, struct template *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " TEMPLATE_COLUMNS " AND v.version = t.version"
             " WHERE t.company_id = $1 AND t.profile_id = $2 AND t.code = $3",
             DB_ARGS(DB_N(s->company), DB_N(profile), DB_S(code)));
    return template_read_one(s, &rows, out) == PROBLEM_NONE;
}

enum problem template_sync(struct scope *s, int64_t profile, const struct template *list,
                           size_t count, struct template_sync *out)
{
    *out = (struct template_sync){.at = scope_now(s)};
    TX(tx, s->db);
    for (size_t i = 0; i < count; i++) {
        struct template have;
        if (template_find(s, profile, list[i].code, &have)) {
            template_update(s, &have, &list[i], out);
        } else {
            template_insert(s, profile, &list[i]);
            out->added++;
        }
    }
    /* What this sync has not touched is not at the gateway any more. */
    out->removed = db_exec(s->db,
                           "UPDATE template SET present = 0 WHERE company_id = $1"
                           " AND profile_id = $2 AND present = 1 AND fetched_at < $3",
                           DB_ARGS(DB_N(s->company), DB_N(profile), DB_N(out->at)));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
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
