/*
 * request.c - see request.h. Every verb locks the request's row (PostgreSQL) and looks at its state
 * before it acts, so that two nodes, or a late answer, cannot move the same messages twice.
 */
#include "domain/request.h"
#include "base/crash.h"
#include "base/log.h"
#include "base/token.h"
#include "domain/campaign.h"
#include "domain/profile.h"
#include "domain/suppression.h"

#include <assert.h>

/* Profiles looked at for one claim; when all of them must wait, so does the sender. */
#define CLAIM_CANDIDATES 64
#define WAIT_IDLE_MS     INT64_C(1000)

/* How a request's state reads on the timeline of its messages. */
static struct str event_word(enum request_state state)
{
    static const struct str words[] = {
        [REQUEST_CALLING] = STR_INIT("sending"), [REQUEST_ACCEPTED] = STR_INIT("accepted"),
        [REQUEST_REFUSED] = STR_INIT("refused"), [REQUEST_UNKNOWN] = STR_INIT("unknown"),
        [REQUEST_ABSENT] = STR_INIT("unsent"),   [REQUEST_DONE] = STR_INIT("done"),
    };
    assert(state >= REQUEST_CALLING && state <= REQUEST_DONE);
    return words[state];
}

static void event_add(struct scope *s, int64_t request, enum request_state state, struct str text)
{
    db_exec(s->db,
            "INSERT INTO request_event (company_id, request_id, ordinal, at, state, text)"
            " SELECT $1, $2, count(*) + 1, $3, $4, $5 FROM request_event"
            " WHERE company_id = $1 AND request_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(request), DB_N(scope_now(s)), DB_N(state),
                    DB_S(text.ptr ? text : STR(""))));
}

size_t request_events(struct scope *s, int64_t request, struct request_event *out)
{
    size_t n = 0;
    DB_ROWS(rows);
    db_query(
        s->db, &rows,
        "SELECT at, state, text FROM request_event WHERE company_id = $1 AND request_id = $2"
        " AND state <> $3 ORDER BY ordinal LIMIT $4",
        DB_ARGS(DB_N(s->company), DB_N(request), DB_N(REQUEST_DONE), DB_N(REQUEST_EVENTS_MAX)));
    while (db_next(&rows))
        out[n++] = (struct request_event){
            .at = db_i64(&rows, 0),
            .state = event_word((enum request_state)db_i64(&rows, 1)),
            .text = db_text(&rows, 2, s->arena),
        };
    return n;
}

/* ---- claim ---- */

/* A campaign that may have something to claim. */
struct candidate {
    int64_t company, campaign;
};

/* Of each profile that may call now the campaign that has waited longest: however many campaigns
 * wait for a slow one, those of others are not behind them. */
static size_t candidates_read(struct scope *s, struct candidate list[CLAIM_CANDIDATES])
{
    size_t n = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT company_id, id FROM (SELECT c.company_id, c.id, c.claimed_at, row_number()"
             " OVER (PARTITION BY c.company_id, c.profile_id ORDER BY c.claimed_at, c.id) AS turn"
             " FROM campaign c JOIN campaign_count q ON q.company_id = c.company_id"
             " AND q.campaign_id = c.id AND q.state = $1 LEFT JOIN sender_profile p"
             " ON p.company_id = c.company_id AND p.id = c.profile_id WHERE c.state = 'sending'"
             " AND q.n > 0 AND coalesce(p.slow_until, 0) <= $3) AS ready WHERE turn = 1"
             " ORDER BY claimed_at LIMIT $2",
             DB_ARGS(DB_N(MESSAGE_QUEUED), DB_N(CLAIM_CANDIDATES), DB_N(scope_now(s))));
    while (db_next(&rows))
        list[n++] = (struct candidate){db_i64(&rows, 0), db_i64(&rows, 1)};
    return n;
}

/* Locks the campaign for this claim when it is still sending, and reads what a request needs. */
static bool campaign_take(struct scope *s, int64_t campaign, struct request *r)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "UPDATE campaign SET claimed_at = $3 WHERE company_id = $1 AND id = $2"
             " AND state = 'sending' RETURNING profile_id, template_id, name",
             DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(scope_now(s))));
    if (!db_next(&rows))
        return false;
    r->campaign = campaign;
    r->profile = db_i64(&rows, 0);
    int64_t template = db_i64(&rows, 1);
    r->subject = db_text(&rows, 2, s->arena);
    db_close(&rows);
    r->template_code =
        db_get_text(s->db, s->arena, "SELECT code FROM template WHERE company_id = $1 AND id = $2",
                    DB_ARGS(DB_N(s->company), DB_N(template)));
    return r->template_code.ptr != NULL;
}

/* First and last ordinal of the next `max` queued messages, and how many there are. */
static void queued_range(struct scope *s, int64_t max, struct request *r)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT min(ordinal), max(ordinal), count(*) FROM (SELECT ordinal FROM message"
             " WHERE company_id = $1 AND campaign_id = $2 AND state = $3 ORDER BY ordinal LIMIT $4)"
             " AS next",
             DB_ARGS(DB_N(s->company), DB_N(r->campaign), DB_N(MESSAGE_QUEUED), DB_N(max)));
    r->count = 0;
    if (db_next(&rows)) {
        r->first = db_i64(&rows, 0);
        r->last = db_i64(&rows, 1);
        r->count = db_i64(&rows, 2);
    }
}

static struct message_selection carried(const struct request *r)
{
    return (struct message_selection){
        .campaign = r->campaign, .request = r->id, .first = r->first, .last = r->last};
}

static struct str fingerprint(struct scope *s, const struct request *r)
{
    struct digest d;
    digest_init(&d);
    digest_str(&d, r->template_code);
    for (int64_t i = 0; i < r->count; i++) {
        const struct request_message *m = &r->messages[i];
        digest_str(&d, m->phone);
        digest_str(&d, m->title);
        digest_str(&d, m->body);
        digest_str(&d, m->tokens);
    }
    return digest_end(&d, s->arena);
}

/* Reads the messages of the range that are in `state`; r->count becomes how many there are. */
static void messages_read(struct scope *s, struct request *r, enum message_state state)
{
    struct request_message *all = arena_array(s->arena, (size_t)r->count, sizeof *all);
    int64_t room = r->count, n = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT m.ordinal, m.phone, m.name, c.title, c.body, c.buttons FROM message m"
             " JOIN message_content c ON c.company_id = m.company_id"
             " AND c.campaign_id = m.campaign_id AND c.ordinal = m.ordinal"
             " WHERE m.company_id = $1 AND m.campaign_id = $2 AND m.ordinal BETWEEN $3 AND $4"
             " AND m.state = $5 AND (m.request_id = $6 OR $5 = 1) ORDER BY m.ordinal LIMIT $7",
             DB_ARGS(DB_N(s->company), DB_N(r->campaign), DB_N(r->first), DB_N(r->last),
                     DB_N(state), DB_N(r->id), DB_N(room)));
    while (db_next(&rows)) {
        struct request_message *m = &all[n++];
        m->ordinal = db_i64(&rows, 0);
        m->phone = db_text(&rows, 1, s->arena);
        m->name = db_text(&rows, 2, s->arena);
        m->title = db_text(&rows, 3, s->arena);
        m->body = db_text(&rows, 4, s->arena);
        m->tokens = db_text(&rows, 5, s->arena);
        m->button_count = buttons_read(s->arena, m->tokens, m->buttons);
    }
    _Static_assert(MESSAGE_QUEUED == 1, "queued messages carry no request yet: see $5 above");
    r->messages = all;
    r->count = n;
}

static void request_insert(struct scope *s, const struct request *r, struct str node)
{
    db_exec(s->db,
            "INSERT INTO request (company_id, id, campaign_id, profile_id, node, state,"
            " fingerprint, first_ordinal, last_ordinal, message_count, started_at, looks)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)",
            DB_ARGS(DB_N(s->company), DB_N(r->id), DB_N(r->campaign), DB_N(r->profile), DB_S(node),
                    DB_N(REQUEST_CALLING), DB_S(fingerprint(s, r)), DB_N(r->first), DB_N(r->last),
                    DB_N(r->count), DB_N(r->started_at)));
    event_add(s, r->id, REQUEST_CALLING, STR(""));
}

/* The next `max` queued messages, without those for suppressed numbers, which are skipped on the
 * way: however a message has come into the queue, this is where it would leave. Returns how many
 * were skipped. */
static int64_t sendable_range(struct scope *s, int64_t max, struct request *r)
{
    int64_t skipped = 0, some;
    do {
        queued_range(s, max, r);
        some = r->count ? suppression_skip(s, r->campaign, r->first, r->last) : 0;
        skipped += some;
    } while (some > 0 && !db_failed(s->db));
    return skipped;
}

/* One campaign's claim. 1 claimed, 0 not now (then *wait is lowered), -1 the store failed. */
static int claim_from(struct scope *s, const struct candidate *from, struct str node, int64_t max,
                      struct request *r, int64_t *wait)
{
    s->company = from->company;
    *r = (struct request){.company = from->company, .state = REQUEST_CALLING};
    TX(tx, s->db);
    if (!campaign_take(s, from->campaign, r))
        return db_failed(s->db) ? -1 : 0;
    int64_t skipped = sendable_range(s, max, r), count = r->count;
    if (count == 0 && skipped > 0) {
        campaign_finish_if_settled(s, r->campaign);
        return tx_commit(&tx) ? 0 : -1;
    }
    if (count == 0)
        return db_failed(s->db) ? -1 : 0;
    int64_t delay = profile_pace_take(s, r->profile, &count);
    if (delay > 0) {
        if (delay < *wait)
            *wait = delay;
        return db_failed(s->db) ? -1 : 0;
    }
    if (count < r->count)
        queued_range(s, count, r);
    messages_read(s, r, MESSAGE_QUEUED);
    r->id = db_next_id(s->db, s->company, "request", 1);
    r->started_at = scope_now(s);
    request_insert(s, r, node);
    struct message_selection queued = carried(r);
    queued.request = 0;
    int64_t moved = message_move(s, &queued,
                                 &(struct message_change){.from = MESSAGE_QUEUED,
                                                          .to = MESSAGE_SENDING,
                                                          .request = r->id,
                                                          .hour = hour_start(r->started_at)});
    assert(moved == r->count || db_failed(s->db));
    crash_point("claim");
    if (!tx_commit(&tx))
        return -1;
    crash_point("claimed");
    return 1;
}

int request_claim(struct scope *s, struct str node, int64_t max, struct request *out, int64_t *wait)
{
    struct candidate list[CLAIM_CANDIDATES];
    size_t n = candidates_read(s, list);
    *wait = WAIT_IDLE_MS;
    if (db_failed(s->db))
        return -1;
    for (size_t i = 0; i < n; i++) {
        int got = claim_from(s, &list[i], node, max, out, wait);
        if (got)
            return got;
    }
    return 0;
}

/* ---- outcome ---- */

/* Locks the request and tells its state as of now; 0 when it cannot be read. */
static enum request_state request_lock(struct scope *s, const struct request *r)
{
    return (enum request_state)db_get_i64(
        s->db, 0, "SELECT state FROM request WHERE company_id = $1 AND id = $2 /*pg FOR UPDATE*/",
        DB_ARGS(DB_N(s->company), DB_N(r->id)));
}

/* Locks in the order campaign, request, which every verb keeps: no two wait for each other. */
static enum request_state ledger_lock(struct scope *s, const struct request *r)
{
    s->company = r->company;
    db_exec(s->db, "SELECT id FROM campaign WHERE company_id = $1 AND id = $2 /*pg FOR UPDATE*/",
            DB_ARGS(DB_N(s->company), DB_N(r->campaign)));
    return request_lock(s, r);
}

/* Writes a state; look_ms < 0: nothing more to ask. */
static void request_set(struct scope *s, const struct request *r, enum request_state state,
                        struct str mid, int64_t code, struct str text, int64_t look_ms)
{
    int64_t now = scope_now(s);
    db_exec(s->db,
            "UPDATE request SET state = $3, mid = coalesce($4, mid), code = $5, text = $6,"
            " ended_at = coalesce(ended_at, $7), next_look_at = $8, looks = 0, walks = 0"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(r->id), DB_N(state), DB_S_OR_NULL(mid), DB_N(code),
                    DB_S(text.ptr ? text : STR("")), DB_N(now),
                    look_ms < 0 ? DB_NULL_VALUE : DB_N(now + look_ms)));
    event_add(s, r->id, state, text);
}

/* What each outcome does to the request and to its messages. */
static const struct {
    enum request_state state;
    enum message_state message;
    bool release; /* the messages leave the request and may be claimed again */
    bool look;    /* history is asked afterwards */
} effects[] = {
    [REQUEST_TAKEN] = {REQUEST_ACCEPTED, MESSAGE_ACCEPTED, .look = true},
    [REQUEST_NOT_NOW] = {REQUEST_REFUSED, MESSAGE_QUEUED, .release = true},
    [REQUEST_NOT_LIKE_THIS] = {REQUEST_REFUSED, MESSAGE_QUEUED, .release = true},
    [REQUEST_NEVER] = {REQUEST_REFUSED, MESSAGE_FAILED},
    [REQUEST_IN_DOUBT] = {REQUEST_UNKNOWN, MESSAGE_UNKNOWN, .look = true},
};

static void price_note(struct scope *s, const struct request *r, struct str price)
{
    if (!price.ptr)
        return;
    profile_price_set(s, r->profile, price);
    db_exec(s->db, "UPDATE campaign SET unit_price = $3 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(r->campaign), DB_S(price)));
}

/* The state that the messages of a request have when its answer comes; 0 when the answer is too
 * late to matter. A late yes undoes even a proof of absence: the proof was wrong. */
static enum message_state message_before(enum request_state state, enum request_outcome outcome)
{
    if (state == REQUEST_CALLING)
        return MESSAGE_SENDING;
    if (state == REQUEST_UNKNOWN)
        return MESSAGE_UNKNOWN;
    return state == REQUEST_ABSENT && outcome == REQUEST_TAKEN ? MESSAGE_UNSENT : 0;
}

bool request_finish(struct scope *s, const struct request *r, const struct request_answer *answer)
{
    TX(tx, s->db);
    enum request_state before = ledger_lock(s, r);
    enum request_outcome outcome = answer->outcome;
    if (outcome == REQUEST_TAKEN && request_mid_bound(s, r->profile, answer->mid))
        outcome = REQUEST_IN_DOUBT;
    enum message_state from = message_before(before, outcome);
    if (!from)
        return tx_commit(&tx); /* settled meanwhile by history: that is the better knowledge */
    struct message_selection which = carried(r);
    struct message_change change = {
        .from = from,
        .to = effects[outcome].message,
        .request = effects[outcome].release ? -1 : 0,
        .hour = effects[outcome].release ? -1 : 0,
    };
    if (outcome == REQUEST_NEVER) {
        change.reason = STR("rejected");
        change.result_code = str_printf(s->arena, "%lld", (long long)answer->code);
        change.result_text = answer->text;
    }
    /* Before the counters: claims lock in the order campaign, profile, counters too. */
    profile_pace_feedback(s, r->profile, answer->slow_down);
    price_note(s, r, answer->unit_price);
    if (change.from != change.to)
        message_move(s, &which, &change);
    if (effects[outcome].release)
        campaign_sweep_if_cancelled(s, r->campaign);
    request_set(s, r, effects[outcome].state,
                outcome == REQUEST_TAKEN ? answer->mid : (struct str){NULL, 0}, answer->code,
                answer->text, effects[outcome].look ? answer->first_look_ms : -1);
    if (outcome == REQUEST_NOT_LIKE_THIS)
        campaign_pause_by_system(s, r->campaign, answer->pause_code, answer->text);
    campaign_finish_if_settled(s, r->campaign);
    crash_point("outcome");
    bool done = tx_commit(&tx);
    crash_point("outcome-recorded");
    return done;
}

/* ---- orphans ---- */

void request_lease(struct scope *s, struct str node, int64_t until)
{
    TX(tx, s->db);
    db_exec(s->db,
            "INSERT INTO node (name, lease_until) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE"
            " SET lease_until = excluded.lease_until",
            DB_ARGS(DB_S(node), DB_N(until)));
    /* Names are new with every start: leases of long ago are of no use to anybody. */
    db_exec(s->db, "DELETE FROM node WHERE lease_until < $1", DB_ARGS(DB_N(until - DAY_MS)));
    if (!tx_commit(&tx))
        log_warnx("the lease of this process could not be renewed");
}

/* Not cut down to a first call's columns: the verbs below want the same of every request. */
#define REQUEST_COLUMNS                                                                            \
    "company_id, id, campaign_id, profile_id, state, mid, started_at, next_look_at, looks,"        \
    " first_ordinal, last_ordinal, message_count, walks FROM request"

static void request_read(struct scope *s, const struct db_rows *rows, struct request *r)
{
    *r = (struct request){
        .company = db_i64(rows, 0),
        .id = db_i64(rows, 1),
        .campaign = db_i64(rows, 2),
        .profile = db_i64(rows, 3),
        .state = (enum request_state)db_i64(rows, 4),
        .mid = db_text(rows, 5, s->arena),
        .started_at = db_i64(rows, 6),
        .next_look_at = db_i64(rows, 7),
        .looks = db_i64(rows, 8),
        .first = db_i64(rows, 9),
        .last = db_i64(rows, 10),
        .count = db_i64(rows, 11),
        .walks = db_i64(rows, 12),
    };
}

static bool orphan_one(struct scope *s, const struct request *r, int64_t first_look_ms)
{
    TX(tx, s->db);
    if (ledger_lock(s, r) != REQUEST_CALLING)
        return tx_commit(&tx);
    struct message_selection which = carried(r);
    message_move(s, &which,
                 &(struct message_change){.from = MESSAGE_SENDING, .to = MESSAGE_UNKNOWN});
    request_set(s, r, REQUEST_UNKNOWN, (struct str){NULL, 0}, 0, STR(""), first_look_ms);
    crash_point("orphan");
    return tx_commit(&tx);
}

int64_t request_orphans(struct scope *s, struct str node, bool sole, int64_t older_than,
                        int64_t first_look_ms)
{
    int64_t found = 0;
    for (;;) {
        struct request r;
        DB_ROWS(rows);
        db_query(s->db, &rows,
                 "SELECT " REQUEST_COLUMNS " WHERE state = $1 AND (started_at < $2"
                 " OR (node <> $3 AND (CAST($4 AS bigint) = 1 OR NOT EXISTS"
                 " (SELECT 1 FROM node n WHERE n.name = request.node AND n.lease_until > $5))))"
                 " ORDER BY company_id, id LIMIT 1",
                 DB_ARGS(DB_N(REQUEST_CALLING), DB_N(older_than), DB_S(node), DB_N(sole),
                         DB_N(scope_now(s))));
        if (!db_next(&rows))
            return found;
        request_read(s, &rows, &r);
        db_close(&rows);
        if (!orphan_one(s, &r, first_look_ms))
            return found;
        found++;
    }
}

/* ---- looking into history ---- */

int request_look(struct scope *s, int64_t hold_ms, struct request *out)
{
    int64_t now = scope_now(s);
    TX(tx, s->db);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " REQUEST_COLUMNS " WHERE next_look_at <= $1 ORDER BY next_look_at LIMIT 1"
             " /*pg FOR UPDATE SKIP LOCKED*/",
             DB_ARGS(DB_N(now)));
    bool found = db_next(&rows);
    if (found)
        request_read(s, &rows, out);
    db_close(&rows);
    if (found) {
        s->company = out->company;
        db_exec(s->db,
                "UPDATE request SET next_look_at = $3, looks = looks + 1"
                " WHERE company_id = $1 AND id = $2",
                DB_ARGS(DB_N(s->company), DB_N(out->id), DB_N(now + hold_ms)));
    }
    return tx_commit(&tx) ? found : -1;
}

enum problem request_load(struct scope *s, struct request *r)
{
    s->company = r->company;
    r->template_code =
        db_get_text(s->db, s->arena,
                    "SELECT t.code FROM campaign c JOIN template t ON t.company_id = c.company_id"
                    " AND t.id = c.template_id WHERE c.company_id = $1 AND c.id = $2",
                    DB_ARGS(DB_N(s->company), DB_N(r->campaign)));
    messages_read(s, r, r->state == REQUEST_UNKNOWN ? MESSAGE_UNKNOWN : MESSAGE_ACCEPTED);
    return scope_store(s);
}

/* Whether another request of the profile in `state` carries a message to the phone; `count` 0: with
 * any number of messages. */
static bool other_carries(struct scope *s, const struct request *r, struct str phone,
                          enum request_state state, int64_t count)
{
    return db_get_i64(s->db, 0,
                      "SELECT 1 FROM request q JOIN message m ON m.company_id = q.company_id"
                      " AND m.campaign_id = q.campaign_id AND m.phone = $4 AND m.request_id = q.id"
                      " WHERE q.company_id = $1 AND q.profile_id = $2 AND q.id <> $3"
                      " AND q.state = $5 AND (CAST($6 AS bigint) = 0 OR q.message_count = $6)"
                      " LIMIT 1",
                      DB_ARGS(DB_N(s->company), DB_N(r->profile), DB_N(r->id), DB_S(phone),
                              DB_N(state), DB_N(count))) != 0;
}

enum request_rival request_rival(struct scope *s, const struct request *r, struct str phone,
                                 int64_t count)
{
    if (other_carries(s, r, phone, REQUEST_CALLING, 0))
        return RIVAL_CALLING;
    if (count != r->count && other_carries(s, r, phone, REQUEST_UNKNOWN, count))
        return RIVAL_BETTER;
    return RIVAL_NONE;
}

bool request_mid_bound(struct scope *s, int64_t profile, struct str mid)
{
    return db_get_i64(
               s->db, 0,
               "SELECT 1 FROM request WHERE company_id = $1 AND profile_id = $2 AND mid = $3",
               DB_ARGS(DB_N(s->company), DB_N(profile), DB_S(mid))) != 0;
}

/* Moves an unknown request and its messages on; false when the store failed. */
static bool unknown_resolve(struct scope *s, const struct request *r, enum request_state state,
                            enum message_state message, struct str mid, int64_t look_ms)
{
    TX(tx, s->db);
    if (ledger_lock(s, r) != REQUEST_UNKNOWN)
        return tx_commit(&tx); /* its late answer came first */
    struct message_selection which = carried(r);
    message_move(s, &which, &(struct message_change){.from = MESSAGE_UNKNOWN, .to = message});
    request_set(s, r, state, mid, 0, STR(""), look_ms);
    campaign_finish_if_settled(s, r->campaign);
    crash_point("resolve");
    return tx_commit(&tx);
}

bool request_found(struct scope *s, const struct request *r, struct str mid, int64_t next_look_ms)
{
    return unknown_resolve(s, r, REQUEST_ACCEPTED, MESSAGE_ACCEPTED, mid, next_look_ms);
}

bool request_absent(struct scope *s, const struct request *r)
{
    return unknown_resolve(s, r, REQUEST_ABSENT, MESSAGE_UNSENT, (struct str){NULL, 0}, -1);
}

static void look_set(struct scope *s, const struct request *r, struct db_value at)
{
    db_exec(s->db, "UPDATE request SET next_look_at = $3 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(r->id), at));
}

bool request_look_later(struct scope *s, const struct request *r, int64_t ms, bool walked)
{
    TX(tx, s->db);
    enum request_state state = ledger_lock(s, r);
    if (state == REQUEST_UNKNOWN || state == REQUEST_ACCEPTED)
        look_set(s, r, DB_N(scope_now(s) + ms));
    if (state == REQUEST_UNKNOWN && walked)
        db_exec(s->db, "UPDATE request SET walks = walks + 1 WHERE company_id = $1 AND id = $2",
                DB_ARGS(DB_N(s->company), DB_N(r->id)));
    return tx_commit(&tx);
}

static int64_t carried_in_state(struct scope *s, const struct request *r, enum message_state state)
{
    return db_get_i64(s->db, 0,
                      "SELECT count(*) FROM message WHERE company_id = $1 AND campaign_id = $2"
                      " AND ordinal BETWEEN $3 AND $4 AND request_id = $5 AND state = $6",
                      DB_ARGS(DB_N(s->company), DB_N(r->campaign), DB_N(r->first), DB_N(r->last),
                              DB_N(r->id), DB_N(state)));
}

bool request_results(struct scope *s, const struct request *r, const struct message_result *results,
                     size_t count, int64_t next_look_ms)
{
    TX(tx, s->db);
    if (ledger_lock(s, r) != REQUEST_ACCEPTED)
        return tx_commit(&tx);
    struct message_selection which = carried(r);
    message_settle(s, &which, results, count);
    if (carried_in_state(s, r, MESSAGE_ACCEPTED) == 0) {
        request_set(s, r, REQUEST_DONE, (struct str){NULL, 0}, 0, STR(""), -1);
        campaign_finish_if_settled(s, r->campaign);
    } else {
        look_set(s, r, DB_N(scope_now(s) + next_look_ms));
    }
    crash_point("results");
    bool done = tx_commit(&tx);
    crash_point("results-recorded");
    return done;
}

bool request_expire(struct scope *s, const struct request *r)
{
    TX(tx, s->db);
    if (ledger_lock(s, r) != REQUEST_ACCEPTED)
        return tx_commit(&tx);
    struct message_selection which = carried(r);
    message_move(s, &which,
                 &(struct message_change){.from = MESSAGE_ACCEPTED, .to = MESSAGE_EXPIRED});
    request_set(s, r, REQUEST_DONE, (struct str){NULL, 0}, 0, STR(""), -1);
    campaign_finish_if_settled(s, r->campaign);
    return tx_commit(&tx);
}
