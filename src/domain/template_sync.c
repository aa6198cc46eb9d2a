/*
 * template_sync.c - taking over the gateway's list of templates. See template.h.
 *
 * One transaction per list, and one list at a time for a profile (its row is locked). Two lists may
 * come in another order than they were asked for, from two nodes or from a person and the schedule:
 * the one asked for last is the truth.
 */
#include "domain/template.h"

/* Fields that whoever made the list may leave out. */
static struct db_value text_of(struct str s)
{
    return DB_S(s.ptr ? s : STR(""));
}

static struct str comments_of(const struct template *t)
{
    return t->comments.len ? t->comments : STR("[]");
}

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

static void template_insert(struct scope *s, int64_t profile, const struct template *t, int64_t at)
{
    int64_t id = db_next_id(s->db, s->company, "template", 1);
    db_exec(s->db,
            "INSERT INTO template (company_id, id, profile_id, code, name, status, inspection,"
            " version, present, fetched_at, image_url, secure, comments, gateway_created_at,"
            " gateway_updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 1, $8, $9, $10, $11, $12,"
            " $13)",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(profile), DB_S(t->code), DB_S(t->name),
                    DB_S(t->status), DB_S(t->inspection), DB_N(at), text_of(t->image_url),
                    DB_N(t->secure), DB_S(comments_of(t)), text_of(t->gateway_created_at),
                    text_of(t->gateway_updated_at)));
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

/* What else people would call a change. Remarks come with a change of the inspection, and a gateway
 * tells the same ones now with their author and now without. */
static bool same_state(const struct template *a, const struct template *b)
{
    return a->present && str_eq(a->name, b->name) && str_eq(a->status, b->status) &&
           str_eq(a->inspection, b->inspection) && str_eq(a->image_url, b->image_url) &&
           a->secure == b->secure;
}

static void template_update(struct scope *s, const struct template *have, const struct template *t,
                            int64_t at, struct template_sync *out)
{
    bool same_version = same_text(s, have, t);
    int64_t version = have->version + !same_version;
    if (!same_version)
        version_insert(s, have->id, version, t);
    bool same = same_version && same_state(have, t);
    out->unchanged += same;
    out->changed += !same;
    db_exec(s->db,
            "UPDATE template SET name = $3, status = $4, inspection = $5, version = $6,"
            " present = 1, fetched_at = $7, image_url = $8, secure = $9, comments = $10,"
            " gateway_created_at = $11, gateway_updated_at = $12"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(have->id), DB_S(t->name), DB_S(t->status),
                    DB_S(t->inspection), DB_N(version), DB_N(at), text_of(t->image_url),
                    DB_N(t->secure), DB_S(comments_of(t)), text_of(t->gateway_created_at),
                    text_of(t->gateway_updated_at)));
}

/* One template of the list. Its own memory is given back: lists are long. */
static void template_take(struct scope *outer, int64_t profile, const struct template *t,
                          int64_t at, struct template_sync *out)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct scope s = *outer;
    struct template have;
    s.arena = &arena;
    if (template_get_code(&s, profile, t->code, &have) == PROBLEM_NONE) {
        template_update(&s, &have, t, at, out);
    } else {
        template_insert(&s, profile, t, at);
        out->added++;
    }
}

static void profile_synced(struct scope *s, int64_t profile, int64_t at)
{
    db_exec(
        s->db,
        "UPDATE sender_profile SET synced_at = $3, sync_due_at = $4"
        " WHERE company_id = $1 AND id = $2",
        DB_ARGS(DB_N(s->company), DB_N(profile), DB_N(at), DB_N(scope_now(s) + TEMPLATE_SYNC_MS)));
}

enum problem template_sync_asked(struct scope *s, int64_t profile, int64_t asked_at,
                                 const struct template *list, size_t count,
                                 struct template_sync *out)
{
    TX(tx, s->db);
    int64_t last = db_get_i64(
        s->db, -1,
        "SELECT synced_at FROM sender_profile WHERE company_id = $1 AND id = $2 /*pg FOR UPDATE*/",
        DB_ARGS(DB_N(s->company), DB_N(profile)));
    if (last < 0)
        return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
    *out = (struct template_sync){.at = last};
    if (last > asked_at && last <= scope_now(s))
        return PROBLEM_NONE;
    /* Later than the last one even within a millisecond, or when the clock was set back. */
    out->at = last < asked_at ? asked_at : last + 1;
    for (size_t i = 0; i < count; i++)
        template_take(s, profile, &list[i], out->at, out);
    /* What this sync has not touched is not at the gateway any more. */
    out->removed = db_exec(s->db,
                           "UPDATE template SET present = 0 WHERE company_id = $1"
                           " AND profile_id = $2 AND present = 1 AND fetched_at < $3",
                           DB_ARGS(DB_N(s->company), DB_N(profile), DB_N(out->at)));
    profile_synced(s, profile, out->at);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem template_sync(struct scope *s, int64_t profile, const struct template *list,
                           size_t count, struct template_sync *out)
{
    return template_sync_asked(s, profile, scope_now(s), list, count, out);
}
