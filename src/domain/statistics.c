/*
 * statistics.c - see statistics.h.
 */
#include "domain/statistics.h"
#include "domain/message.h"

#include <stddef.h>

/* What a message's state adds to. A state that stands here is sent. */
static const struct {
    bool is_sent;
    size_t summary, hour; /* offsets of the members it is counted in, 0: none */
} columns[MESSAGE_STATES] = {
#define SUMMARY(member) offsetof(struct summary, member)
#define HOUR(member)    offsetof(struct hour_statistics, member)
    [MESSAGE_SENDING] = {true, 0, HOUR(pending)},
    [MESSAGE_ACCEPTED] = {true, SUMMARY(accepted), HOUR(pending)},
    [MESSAGE_DELIVERED] = {true, SUMMARY(delivered), HOUR(delivered)},
    [MESSAGE_FAILED] = {true, SUMMARY(failed), HOUR(failed)},
    [MESSAGE_EXPIRED] = {true, SUMMARY(expired), 0},
    [MESSAGE_UNKNOWN] = {true, SUMMARY(unknown), HOUR(pending)},
#undef SUMMARY
#undef HOUR
};

static void add(void *base, size_t offset, int64_t n)
{
    if (offset)
        *(int64_t *)(void *)((char *)base + offset) += n;
}

static bool is_sent(int64_t state)
{
    return state > 0 && state < MESSAGE_STATES && columns[state].is_sent;
}

/* ---- summary ---- */

static void company_read(struct scope *s, struct summary *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT contact_count, group_count, campaign_count FROM company WHERE id = $1",
             DB_ARGS(DB_N(s->company)));
    if (!db_next(&rows))
        return;
    out->contacts = db_i64(&rows, 0);
    out->groups = db_i64(&rows, 1);
    out->campaigns = db_i64(&rows, 2);
}

static void messages_read(struct scope *s, struct summary *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT state, CAST(sum(n) AS bigint) FROM hour_count WHERE company_id = $1"
             " GROUP BY state",
             DB_ARGS(DB_N(s->company)));
    while (db_next(&rows)) {
        int64_t state = db_i64(&rows, 0), n = db_i64(&rows, 1);
        if (!is_sent(state))
            continue;
        out->sent += n;
        add(out, columns[state].summary, n);
    }
}

/* Returns how many of the delivered were clicked: someone may click before the result is in. */
static int64_t clicks_read(struct scope *s, struct summary *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT CAST(sum(clicked) AS bigint), CAST(sum(delivered) AS bigint),"
             " CAST(sum(delivered_clicked) AS bigint) FROM hour_click WHERE company_id = $1",
             DB_ARGS(DB_N(s->company)));
    if (!db_next(&rows))
        return 0;
    out->clicked = db_i64(&rows, 0);
    out->tracked_delivered = db_i64(&rows, 1);
    return db_i64(&rows, 2);
}

static double rate(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : -1;
}

enum problem statistics_summary(struct scope *s, struct summary *out)
{
    *out = (struct summary){0};
    company_read(s, out);
    messages_read(s, out);
    int64_t delivered_clicked = clicks_read(s, out);
    out->success_rate = rate(out->delivered, out->delivered + out->failed);
    out->click_rate = rate(delivered_clicked, out->tracked_delivered);
    return scope_store(s);
}

/* ---- hours ---- */

struct range {
    int64_t first; /* start of the first hour */
    size_t count;
};

static enum problem range_of(struct scope *s, int64_t from, int64_t to, struct range *out)
{
    if (to < 0)
        to = scope_now(s);
    if (from < 0)
        from = to > DAY_MS ? hour_start(to - 1) - 23 * HOUR_MS : 0;
    if (from >= to)
        scope_field_error(s, "from", "order", "시작은 끝보다 앞이어야 합니다.",
                          "The start must be before the end.");
    else if (to - from > 31 * DAY_MS)
        scope_field_error(s, "from", "too_long", "한 번에 31일까지 볼 수 있습니다.",
                          "At most 31 days can be seen at a time.");
    out->first = hour_start(from);
    out->count = s->error_count ? 0 : (size_t)((to - 1 - out->first) / HOUR_MS + 1);
    return scope_invalid(s);
}

static void hour_counts_read(struct scope *s, const struct range *r, struct hour_statistics *list)
{
    DB_ROWS(rows);
    db_query(
        s->db, &rows,
        "SELECT hour, state, n FROM hour_count WHERE company_id = $1 AND hour >= $2"
        " AND hour < $3",
        DB_ARGS(DB_N(s->company), DB_N(r->first), DB_N(r->first + (int64_t)r->count * HOUR_MS)));
    while (db_next(&rows)) {
        int64_t state = db_i64(&rows, 1), n = db_i64(&rows, 2);
        struct hour_statistics *h = &list[(db_i64(&rows, 0) - r->first) / HOUR_MS];
        if (!is_sent(state))
            continue;
        h->sent += n;
        add(h, columns[state].hour, n);
    }
}

static void hour_clicks_read(struct scope *s, const struct range *r, struct hour_statistics *list)
{
    DB_ROWS(rows);
    db_query(
        s->db, &rows,
        "SELECT hour, clicked FROM hour_click WHERE company_id = $1 AND hour >= $2"
        " AND hour < $3",
        DB_ARGS(DB_N(s->company), DB_N(r->first), DB_N(r->first + (int64_t)r->count * HOUR_MS)));
    while (db_next(&rows))
        list[(db_i64(&rows, 0) - r->first) / HOUR_MS].clicked = db_i64(&rows, 1);
}

enum problem statistics_hours(struct scope *s, int64_t from, int64_t to,
                              const struct hour_statistics **list, size_t *count)
{
    struct range r;
    enum problem p = range_of(s, from, to, &r);
    if (p)
        return p;
    struct hour_statistics *hours = arena_array(s->arena, r.count, sizeof *hours);
    for (size_t i = 0; i < r.count; i++)
        hours[i].hour = r.first + (int64_t)i * HOUR_MS;
    hour_counts_read(s, &r, hours);
    hour_clicks_read(s, &r, hours);
    *list = hours;
    *count = r.count;
    return scope_store(s);
}
