/*
 * ground.c - see ground.h.
 */
#include "ground.h"
#include "tests.h"

#include <stdio.h>

void ground_begin(struct world *w, enum store_engine engine)
{
    world_begin(w, engine);
    world_company(w, 1);
    world_exec(w,
               "INSERT INTO sender_profile (company_id, id, name, gateway, base_url, user_id,"
               " api_key, sender_key, sender_number, status, status_text, request_rate,"
               " message_rate, request_level, message_level, level_at, slow_until, slow_step,"
               " created_at) VALUES (1, 1, 'p', 'practice', '', 'u', '', 'k', '021234', 'ok', '',"
               " 1000000, 100000000, 0, 0, 0, 0, 0, 0)",
               DB_NO_ARGS);
    world_exec(w,
               "INSERT INTO template (company_id, id, profile_id, code, name, status, inspection,"
               " version, present, fetched_at) VALUES (1, 1, 1, 'T', 't', 'active', 'approved', 1,"
               " 1, 0)",
               DB_NO_ARGS);
    world_exec(w,
               "INSERT INTO template_version (company_id, template_id, version, content, type,"
               " emphasis, title, subtitle, extra, buttons, created_at)"
               " VALUES (1, 1, 1, 't', 'BA', 'NONE', '', '', '', '[]', 0)",
               DB_NO_ARGS);
    world_exec(w,
               "INSERT INTO sequence (company_id, name, next) VALUES (1, 'template', 2),"
               " (1, 'sender_profile', 2), (1, 'request', 1)",
               DB_NO_ARGS);
}

struct scope ground_scope(struct world *w)
{
    struct scope s = {
        .company = 1, .arena = &w->arena, .clock = &w->clock, .db = store_borrow(w->store)};
    assert_non_null(s.db);
    return s;
}

void ground_leave(struct scope *s)
{
    store_return(&s->db);
}

bool ground_claim(struct scope *s, const char *node, int64_t max, struct request *r)
{
    int64_t wait;
    __atomic_add_fetch((int64_t *)s->clock->ctx, 1,
                       __ATOMIC_RELAXED); /* the pace wants time to pass */
    int got = request_claim(s, str_c(node), max, r, &wait);
    assert_true(got >= 0);
    return got == 1;
}

struct request_answer ground_answer(struct scope *s, enum request_outcome outcome, int64_t mid)
{
    return (struct request_answer){
        .outcome = outcome,
        .mid = mid ? str_printf(s->arena, "%lld", (long long)mid) : (struct str){NULL, 0},
        .pause_code = STR_INIT("setup"),
        .text = STR_INIT("words"),
        .first_look_ms = 1000,
    };
}

void ground_finish(struct scope *s, const struct request *r, enum request_outcome outcome,
                   int64_t mid)
{
    struct request_answer answer = ground_answer(s, outcome, mid);
    assert_true(request_finish(s, r, &answer));
}

struct request ground_request(struct scope *s, int64_t id)
{
    struct request r = {.company = 1, .id = id};
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT campaign_id, profile_id, state, mid, started_at, first_ordinal, last_ordinal,"
             " message_count, looks, walks FROM request WHERE company_id = 1 AND id = $1",
             DB_ARGS(DB_N(id)));
    assert_true(db_next(&rows));
    r.campaign = db_i64(&rows, 0);
    r.profile = db_i64(&rows, 1);
    r.state = (enum request_state)db_i64(&rows, 2);
    r.mid = db_text(&rows, 3, s->arena);
    r.started_at = db_i64(&rows, 4);
    r.first = db_i64(&rows, 5);
    r.last = db_i64(&rows, 6);
    r.count = db_i64(&rows, 7);
    r.looks = db_i64(&rows, 8);
    r.walks = db_i64(&rows, 9);
    db_close(&rows);
    assert_int_equal(request_load(s, &r), PROBLEM_NONE);
    return r;
}

int64_t ground_count(struct world *w, int64_t campaign, enum message_state state)
{
    return world_get(w,
                     "SELECT count(*) FROM message WHERE company_id = 1 AND campaign_id = $1"
                     " AND state = $2",
                     DB_ARGS(DB_N(campaign), DB_N(state)));
}

/* Rows that one side has and the other has not. */
#define DIFFERENCE(kept, counted)                                                                  \
    "SELECT count(*) FROM (SELECT * FROM (" kept ") AS a EXCEPT SELECT * FROM (" counted           \
    ") AS b UNION ALL SELECT * FROM (SELECT * FROM (" counted ") AS c EXCEPT SELECT * FROM (" kept \
    ") AS d) AS e) AS f"

void ground_counters(struct world *w)
{
    assert_int_equal(
        world_get(w,
                  DIFFERENCE("SELECT campaign_id, state, n FROM campaign_count WHERE n <> 0",
                             "SELECT campaign_id, state, count(*) FROM message"
                             " GROUP BY campaign_id, state"),
                  DB_NO_ARGS),
        0);
    assert_int_equal(world_get(w,
                               DIFFERENCE("SELECT hour, state, n FROM hour_count WHERE n <> 0",
                                          "SELECT hour, state, count(*) FROM message"
                                          " WHERE hour IS NOT NULL GROUP BY hour, state"),
                               DB_NO_ARGS),
                     0);
}
