/*
 * message.c - see message.h.
 */
#include "domain/message.h"
#include "domain/suppression.h"

#include <assert.h>

static const struct {
    struct str word, ko, en;
} states[MESSAGE_STATES] = {
#define S(name, number, word, ko, en) [number] = {STR_INIT(word), STR_INIT(ko), STR_INIT(en)},
#include "domain/message_state.def"
#undef S
};

struct str message_state_word(enum message_state state)
{
    assert(state > 0 && state < MESSAGE_STATES);
    return states[state].word;
}

enum message_state message_state_find(struct str word)
{
    for (int i = 1; i < MESSAGE_STATES; i++)
        if (str_eq(states[i].word, word))
            return (enum message_state)i;
    return 0;
}

struct str message_state_text(enum message_state state, bool english)
{
    assert(state > 0 && state < MESSAGE_STATES);
    return english ? states[state].en : states[state].ko;
}

static const struct {
    struct str word;
    const char *ko, *en;
} reasons[] = {
#define R(word, ko, en) {STR_INIT(word), ko, en},
#include "domain/reason.def"
#undef R
};

struct str message_reason_text(struct str reason, bool english, struct arena *a)
{
    ptrdiff_t colon = str_find(reason, STR(":"), 0);
    struct str word = colon < 0 ? reason : str_slice(reason, 0, (size_t)colon);
    struct str detail = colon < 0 ? STR("") : str_slice(reason, (size_t)colon + 1, reason.len);
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        if (!str_eq(reasons[i].word, word))
            continue;
        struct str text = str_c(english ? reasons[i].en : reasons[i].ko);
        ptrdiff_t at = str_find(text, STR("{}"), 0);
        if (at < 0)
            return text;
        return str_printf(a, "%.*s%.*s%s", (int)at, text.ptr, STR_ARG(detail), text.ptr + at + 2);
    }
    return reason;
}

/* ---- moving ---- */

static void campaign_count_add(struct scope *s, int64_t campaign, enum message_state state,
                               int64_t n)
{
    db_exec(s->db,
            "INSERT INTO campaign_count (company_id, campaign_id, state, n) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (company_id, campaign_id, state) DO UPDATE"
            " SET n = campaign_count.n + excluded.n",
            DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(state), DB_N(n)));
}

static void hour_count_add(struct scope *s, int64_t hour, enum message_state state, int64_t n)
{
    if (hour > 0)
        db_exec(
            s->db,
            "INSERT INTO hour_count (company_id, hour, state, n) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (company_id, hour, state) DO UPDATE SET n = hour_count.n + excluded.n",
            DB_ARGS(DB_N(s->company), DB_N(hour), DB_N(state), DB_N(n)));
}

/* `clicked` messages with a click, `delivered` tracked ones that arrived, `both`. */
static void hour_click_add(struct scope *s, int64_t hour, int64_t clicked, int64_t delivered,
                           int64_t both)
{
    if (hour > 0 && (clicked || delivered || both))
        db_exec(s->db,
                "INSERT INTO hour_click (company_id, hour, clicked, delivered, delivered_clicked)"
                " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (company_id, hour) DO UPDATE"
                " SET clicked = hour_click.clicked + excluded.clicked,"
                " delivered = hour_click.delivered + excluded.delivered,"
                " delivered_clicked = hour_click.delivered_clicked + excluded.delivered_clicked",
                DB_ARGS(DB_N(s->company), DB_N(hour), DB_N(clicked), DB_N(delivered), DB_N(both)));
}

#define SELECTED                                                                                   \
    " WHERE company_id = $1 AND campaign_id = $2 AND ordinal BETWEEN $3 AND $4 AND state = $5"     \
    " AND (CAST($6 AS bigint) = 0 OR request_id = $6)"                                             \
    " AND (CAST($7 AS bigint) = 0 OR ($7 = 1 AND settled_at IS NOT NULL AND reason IS NULL)"       \
    " OR ($7 = 2 AND settled_at IS NOT NULL AND reason IS NOT NULL))"                              \
    " AND (CAST($8 AS bigint) = 0 OR first_click_at IS NULL)"                                      \
    " AND (CAST($9 AS text) IS NULL OR reason = $9)"

#define SELECTED_ARGS(s, which, from)                                                              \
    DB_N((s)->company), DB_N((which)->campaign), DB_N((which)->first),                             \
        DB_N((which)->last ? (which)->last : INT64_MAX), DB_N(from), DB_N((which)->request),       \
        DB_N((which)->noted), DB_N((which)->not_clicked), DB_S_OR_NULL((which)->reason)

/* Moves the counters of the hours that the selected messages stand in. Returns how many there are.
 */
static int64_t hours_move(struct scope *s, const struct message_selection *which,
                          const struct message_change *c)
{
    int64_t total = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT hour, count(*), sum(tracked), count(first_click_at) FROM message" SELECTED
             " GROUP BY hour ORDER BY hour",
             DB_ARGS(SELECTED_ARGS(s, which, c->from)));
    while (db_next(&rows)) {
        int64_t before = db_i64(&rows, 0), n = db_i64(&rows, 1), tracked = db_i64(&rows, 2);
        int64_t clicked = db_i64(&rows, 3), after = c->hour ? c->hour : before;
        total += n;
        hour_count_add(s, before, c->from, -n);
        hour_count_add(s, after, c->to, n);
        int64_t arrived = c->from == MESSAGE_DELIVERED ? -1 : c->to == MESSAGE_DELIVERED;
        hour_click_add(s, before, -clicked, arrived < 0 ? -tracked : 0, arrived < 0 ? -clicked : 0);
        hour_click_add(s, after, clicked, arrived > 0 ? tracked : 0, arrived > 0 ? clicked : 0);
    }
    return total;
}

int64_t message_move(struct scope *s, const struct message_selection *which,
                     const struct message_change *c)
{
    assert(c->from != c->to);
    /* Whoever moves messages of a campaign holds its row, so that counting and moving are one. */
    db_exec(s->db, "SELECT id FROM campaign WHERE company_id = $1 AND id = $2 /*pg FOR UPDATE*/",
            DB_ARGS(DB_N(s->company), DB_N(which->campaign)));
    int64_t counted = hours_move(s, which, c);
    if (counted == 0)
        return 0;
    int64_t moved =
        db_exec(s->db,
                "UPDATE message SET state = $10,"
                " request_id = CASE WHEN CAST($11 AS bigint) = 0 THEN request_id"
                " WHEN $11 < 0 THEN NULL ELSE $11 END,"
                " hour = CASE WHEN CAST($12 AS bigint) = 0 THEN hour"
                " WHEN $12 < 0 THEN NULL ELSE $12 END,"
                " reason = coalesce($13, reason), result_code = coalesce($14, result_code),"
                " result_text = coalesce($15, result_text)" SELECTED,
                DB_ARGS(SELECTED_ARGS(s, which, c->from), DB_N(c->to), DB_N(c->request),
                        DB_N(c->hour), DB_S_OR_NULL(c->reason), DB_S_OR_NULL(c->result_code),
                        DB_S_OR_NULL(c->result_text)));
    assert(moved == counted || db_failed(s->db));
    campaign_count_add(s, which->campaign, c->from, -counted);
    campaign_count_add(s, which->campaign, c->to, counted);
    db_exec(s->db, "UPDATE campaign SET changed_at = $3 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(which->campaign), DB_N(scope_now(s))));
    return counted;
}

int64_t message_settle(struct scope *s, const struct message_selection *request,
                       const struct message_result *results, size_t count)
{
    db_batch_begin(s->db, "UPDATE message SET gateway_id = $5, result_code = $6, result_text = $7,"
                          " reason = $8, settled_at = $9 WHERE company_id = $1 AND campaign_id = $2"
                          " AND phone = $3 AND request_id = $4 AND state = $10"
                          " AND settled_at IS NULL");
    for (size_t i = 0; i < count; i++) {
        const struct message_result *r = &results[i];
        struct str reason = r->reason.len ? r->reason : (struct str){NULL, 0};
        db_batch_run(s->db, DB_ARGS(DB_N(s->company), DB_N(request->campaign), DB_S(r->phone),
                                    DB_N(request->request), DB_S(r->gateway_id), DB_S(r->code),
                                    DB_S(r->text), DB_S_OR_NULL(reason), DB_N(r->at),
                                    DB_N(MESSAGE_ACCEPTED)));
    }
    db_batch_end(s->db);
    for (size_t i = 0; i < count; i++)
        if (str_eq(results[i].reason, STR("blocked"))) {
            suppression_add_blocked(s, request);
            break;
        }
    struct message_selection noted = *request;
    noted.noted = MESSAGE_NOTED_GOOD;
    int64_t moved = message_move(
        s, &noted, &(struct message_change){.from = MESSAGE_ACCEPTED, .to = MESSAGE_DELIVERED});
    noted.noted = MESSAGE_NOTED_BAD;
    return moved +
           message_move(s, &noted,
                        &(struct message_change){.from = MESSAGE_ACCEPTED, .to = MESSAGE_FAILED});
}
