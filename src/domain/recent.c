/*
 * recent.c - see recent.h.
 */
#include "domain/recent.h"
#include "domain/message.h"

#include <assert.h>

/* Reading a message in a row costs about this part of looking for one by its number. */
#define LOOK_COST 20
/* Messages read at a time. */
#define STEP 10000

/* The states in which a message has reached the gateway, or may have. */
#define GONE "(2, 3, 4, 6, 7)"
_Static_assert(MESSAGE_SENDING == 2 && MESSAGE_ACCEPTED == 3 && MESSAGE_DELIVERED == 4 &&
                   MESSAGE_EXPIRED == 6 && MESSAGE_UNKNOWN == 7,
               "the statements below say so");

void recent_free(struct recent *r)
{
    phone_set_free(&r->phones);
}

static void campaigns_find(struct scope *s, int64_t template, int64_t since, struct recent *r)
{
    int64_t max = db_get_i64(s->db, 0,
                             "SELECT count(*) FROM campaign WHERE company_id = $1"
                             " AND template_id = $2 AND started_at >= $3",
                             DB_ARGS(DB_N(s->company), DB_N(template), DB_N(since)));
    int64_t *list = arena_array(s->arena, (size_t)max + 1, sizeof *list);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT c.id, coalesce(sum(n.n), 0) FROM campaign c LEFT JOIN campaign_count n"
             " ON n.company_id = c.company_id AND n.campaign_id = c.id AND n.state IN " GONE
             " WHERE c.company_id = $1 AND c.template_id = $2 AND c.started_at >= $3"
             " GROUP BY c.id ORDER BY c.id LIMIT $4",
             DB_ARGS(DB_N(s->company), DB_N(template), DB_N(since), DB_N(max)));
    while (db_next(&rows)) {
        list[r->campaign_count++] = db_i64(&rows, 0);
        r->messages += db_i64(&rows, 1);
    }
    r->campaigns = list;
}

static void campaign_load(struct scope *s, int64_t campaign, struct phone_set *phones)
{
    int64_t last = 0, n;
    do {
        ARENA(scratch, ARENA_MAX_DEFAULT);
        DB_ROWS(rows);
        db_query(s->db, &rows,
                 "SELECT ordinal, phone FROM message WHERE company_id = $1 AND campaign_id = $2"
                 " AND ordinal > $3 AND state IN " GONE " ORDER BY ordinal LIMIT $4",
                 DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(last), DB_N(STEP)));
        for (n = 0; db_next(&rows); n++) {
            last = db_i64(&rows, 0);
            phone_set_add(phones, db_text(&rows, 1, &scratch));
        }
    } while (n == STEP && !db_failed(s->db));
}

void recent_open(struct scope *s, int64_t template, int64_t days, int64_t people,
                 struct recent *out)
{
    *out = (struct recent){0};
    if (days == 0)
        return;
    campaigns_find(s, template, scope_now(s) - days * DAY_MS, out);
    out->loaded = people * (int64_t)out->campaign_count * LOOK_COST > out->messages;
    for (size_t i = 0; out->loaded && i < out->campaign_count; i++)
        campaign_load(s, out->campaigns[i], &out->phones);
}

bool recent_has(struct scope *s, const struct recent *r, struct str phone)
{
    if (r->loaded)
        return phone_set_has(&r->phones, phone);
    for (size_t i = 0; i < r->campaign_count; i++)
        if (db_get_i64(s->db, 0,
                       "SELECT 1 FROM message WHERE company_id = $1 AND campaign_id = $2"
                       " AND phone = $3 AND state IN " GONE,
                       DB_ARGS(DB_N(s->company), DB_N(r->campaigns[i]), DB_S(phone))))
            return true;
    return false;
}
