/*
 * message_view.c - see message_view.h.
 */
#include "domain/message_view.h"
#include "domain/cursor.h"
#include "domain/request.h"

/* When the call began and when the gateway took it come from the request that carries the message.
 */
#define MESSAGE_COLUMNS                                                                            \
    "m.ordinal, m.contact_id, m.request_id, m.click_count, r.started_at,"                          \
    " CASE WHEN r.mid IS NULL THEN NULL ELSE r.ended_at END, m.settled_at, m.first_click_at,"      \
    " m.phone, m.name, m.reason, m.state"
#define MESSAGE_FROM                                                                               \
    " FROM message m LEFT JOIN request r ON r.company_id = m.company_id AND r.id = m.request_id"

static void message_read(struct scope *s, const struct db_rows *rows, struct message *m)
{
    *m = (struct message){
        .ordinal = db_i64(rows, 0),
        .contact = db_i64(rows, 1),
        .request = db_i64(rows, 2),
        .click_count = db_i64(rows, 3),
        .sent_at = db_i64(rows, 4),
        .accepted_at = db_i64(rows, 5),
        .settled_at = db_i64(rows, 6),
        .first_click_at = db_i64(rows, 7),
        .phone = db_text(rows, 8, s->arena),
        .name = db_text(rows, 9, s->arena),
        .reason = db_text(rows, 10, s->arena),
        .state = (enum message_state)db_i64(rows, 11),
    };
}

#define MESSAGE_MATCHES                                                                            \
    " WHERE m.company_id = $1 AND m.campaign_id = $2 AND m.ordinal > $3"                           \
    " AND (CAST($4 AS bigint) = 0 OR m.first_click_at IS NOT NULL)"                                \
    " AND (CAST($5 AS text) = '' OR m.phone LIKE $5 ESCAPE '!' OR m.name LIKE $5 ESCAPE '!')"
#define MESSAGE_PAGE     "SELECT " MESSAGE_COLUMNS MESSAGE_FROM MESSAGE_MATCHES
#define MESSAGE_PAGE_END " ORDER BY m.ordinal LIMIT $6"

enum problem message_list(struct scope *s, int64_t campaign, const struct message_filter *filter,
                          const struct page *page, const struct message **list, size_t *count,
                          struct str *next)
{
    struct message *all = arena_array(s->arena, (size_t)page->limit + 1, sizeof *all);
    struct str like = like_contains(s->arena, filter->query);
    int64_t after = cursor_i64(page->cursor);
    size_t n = 0;
    DB_ROWS(rows);
    if (filter->state)
        db_query(s->db, &rows, MESSAGE_PAGE " AND m.state = $7" MESSAGE_PAGE_END,
                 DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(after), DB_N(filter->clicked),
                         DB_S(like), DB_N(page->limit + 1), DB_N(filter->state)));
    else
        db_query(s->db, &rows, MESSAGE_PAGE MESSAGE_PAGE_END,
                 DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(after), DB_N(filter->clicked),
                         DB_S(like), DB_N(page->limit + 1)));
    while (db_next(&rows))
        message_read(s, &rows, &all[n++]);
    bool more = n > (size_t)page->limit;
    n -= more;
    *next = more ? cursor_from_i64(s->arena, all[n - 1].ordinal) : (struct str){NULL, 0};
    *list = all;
    *count = n;
    return scope_store(s);
}

/* ---- walking over all ---- */

#define WALK_STEP 500
#define WALK_PAGE                                                                                  \
    "SELECT " MESSAGE_COLUMNS ", c.attributes" MESSAGE_FROM                                        \
    " LEFT JOIN contact c ON c.company_id = m.company_id AND c.id = m.contact_id" MESSAGE_MATCHES

static void walk_query(struct scope *s, struct db_rows *rows, int64_t campaign,
                       const struct message_filter *filter, int64_t after)
{
    struct str like = like_contains(s->arena, filter->query);
    if (filter->state)
        db_query(s->db, rows, WALK_PAGE " AND m.state = $7" MESSAGE_PAGE_END,
                 DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(after), DB_N(filter->clicked),
                         DB_S(like), DB_N(WALK_STEP), DB_N(filter->state)));
    else
        db_query(s->db, rows, WALK_PAGE MESSAGE_PAGE_END,
                 DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(after), DB_N(filter->clicked),
                         DB_S(like), DB_N(WALK_STEP)));
}

/* Visits the messages behind *after, which moves on; how many they were, -1 when told to end. */
static int64_t walk_step(struct scope *s, int64_t campaign, const struct message_filter *filter,
                         int64_t *after, message_visit *visit, void *ctx)
{
    ARENA(held, ARENA_MAX_DEFAULT);
    struct scope one = *s;
    int64_t count = 0;
    one.arena = &held;
    DB_ROWS(rows);
    walk_query(s, &rows, campaign, filter, *after);
    for (; db_next(&rows); count++) {
        struct message m;
        message_read(&one, &rows, &m);
        *after = m.ordinal;
        if (!visit(ctx, &held, &m, db_text(&rows, 12, &held)))
            return -1;
        arena_free(&held);
    }
    return count;
}

enum problem message_each(struct scope *s, int64_t campaign, const struct message_filter *filter,
                          message_visit *visit, void *ctx)
{
    ARENA(step, ARENA_MAX_DEFAULT);
    struct scope at_step = *s;
    int64_t after = 0, count;
    at_step.arena = &step;
    do {
        count = walk_step(&at_step, campaign, filter, &after, visit, ctx);
        arena_free(&step);
    } while (count == WALK_STEP && !db_failed(s->db));
    return scope_store(s);
}

/* ---- one ---- */

static void content_read(struct scope *s, int64_t campaign, int64_t ordinal,
                         struct message_detail *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT c.title, c.body, c.buttons, m.result_code, m.result_text FROM message m"
             " JOIN message_content c ON c.company_id = m.company_id"
             " AND c.campaign_id = m.campaign_id AND c.ordinal = m.ordinal"
             " WHERE m.company_id = $1 AND m.campaign_id = $2 AND m.ordinal = $3",
             DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(ordinal)));
    if (!db_next(&rows))
        return;
    out->title = db_text(&rows, 0, s->arena);
    out->body = db_text(&rows, 1, s->arena);
    out->buttons = db_text(&rows, 2, s->arena);
    out->result_code = db_text(&rows, 3, s->arena);
    out->result_text = db_text(&rows, 4, s->arena);
}

/* A page of clicks is enough to look at; how many there are stands in the message. */
#define CLICKS_SHOWN 100

static void clicks_read(struct scope *s, int64_t campaign, int64_t ordinal,
                        struct message_detail *out)
{
    struct message_click *all = arena_array(s->arena, CLICKS_SHOWN, sizeof *all);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT at, button, kind FROM click WHERE company_id = $1 AND campaign_id = $2"
             " AND ordinal = $3 ORDER BY id LIMIT $4",
             DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(ordinal), DB_N(CLICKS_SHOWN)));
    while (db_next(&rows))
        all[out->click_count++] = (struct message_click){.at = db_i64(&rows, 0),
                                                         .button = db_i64(&rows, 1),
                                                         .kind = db_text(&rows, 2, s->arena)};
    out->clicks = all;
}

/* Beside the events of its request a message has at most: checked, settled, first click. */
#define EVENTS_OWN 3

static void timeline_read(struct scope *s, int64_t campaign, struct message_detail *out)
{
    const struct message *m = &out->message;
    struct request_event *all = arena_array(s->arena, REQUEST_EVENTS_MAX + EVENTS_OWN, sizeof *all);
    size_t n = 0;
    int64_t checked =
        db_get_i64(s->db, 0, "SELECT checked_at FROM campaign WHERE company_id = $1 AND id = $2",
                   DB_ARGS(DB_N(s->company), DB_N(campaign)));
    struct str first = m->state == MESSAGE_SKIPPED ? STR("skipped") : STR("queued");
    all[n++] = (struct request_event){.at = checked, .state = first, .text = STR("")};
    n += request_events(s, m->request, all + n);
    if (m->settled_at)
        all[n++] = (struct request_event){
            .at = m->settled_at, .state = message_state_word(m->state), .text = out->result_text};
    if (m->first_click_at)
        all[n++] = (struct request_event){
            .at = m->first_click_at, .state = STR("clicked"), .text = STR("")};
    out->timeline = all;
    out->event_count = n;
}

static int64_t neighbour(struct scope *s, const char *sql, int64_t campaign, int64_t ordinal)
{
    return db_get_i64(s->db, 0, sql, DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(ordinal)));
}

enum problem message_get(struct scope *s, int64_t campaign, int64_t ordinal,
                         struct message_detail *out)
{
    *out = (struct message_detail){0};
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " MESSAGE_COLUMNS MESSAGE_FROM
             " WHERE m.company_id = $1 AND m.campaign_id = $2 AND m.ordinal = $3",
             DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(ordinal)));
    if (!db_next(&rows))
        return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
    message_read(s, &rows, &out->message);
    db_close(&rows);
    content_read(s, campaign, ordinal, out);
    clicks_read(s, campaign, ordinal, out);
    timeline_read(s, campaign, out);
    out->previous = neighbour(s,
                              "SELECT max(ordinal) FROM message WHERE company_id = $1"
                              " AND campaign_id = $2 AND ordinal < $3",
                              campaign, ordinal);
    out->next = neighbour(s,
                          "SELECT min(ordinal) FROM message WHERE company_id = $1"
                          " AND campaign_id = $2 AND ordinal > $3",
                          campaign, ordinal);
    return scope_store(s);
}
