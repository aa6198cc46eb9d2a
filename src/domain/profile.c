/*
 * profile.c - see profile.h.
 */
#include "domain/profile.h"
#include "domain/seal.h"

/* Waits after troubles in a row: 1 s, 2 s, 4 s … at most a minute. */
#define SLOW_FIRST_MS 1000
#define SLOW_MAX_MS   MINUTE_MS
#define SLOW_STEP_MAX 6

int64_t profile_insert(struct scope *s, const struct profile *p)
{
    int64_t id = db_next_id(s->db, s->company, "sender_profile", 1);
    db_exec(s->db,
            "INSERT INTO sender_profile (company_id, id, name, gateway, base_url, user_id, api_key,"
            " sender_key, sender_number, status, status_text, request_rate, message_rate,"
            " unit_price, request_level, message_level, level_at, slow_until, slow_step,"
            " created_at, channel) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'unchecked', '',"
            " $10, $11, $12, 0, 0, 0, 0, 0, $13, $14)",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(p->name), DB_S(p->gateway), DB_S(p->base_url),
                    DB_S(p->user_id), DB_S(seal_text(s->arena, p->api_key)), DB_S(p->sender_key),
                    DB_S(p->sender_number), DB_N(p->request_rate), DB_N(p->message_rate),
                    DB_S_OR_NULL(p->unit_price), DB_N(scope_now(s)),
                    DB_S(p->channel.ptr ? p->channel : STR(""))));
    return id;
}

enum problem profile_create(struct scope *s, const struct profile *p, int64_t *id)
{
    TX(tx, s->db);
    *id = profile_insert(s, p);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

int64_t profile_insert_practice(struct scope *s)
{
    struct profile p = {
        .name = STR_INIT("연습 채널"),
        .gateway = STR_INIT("practice"),
        .base_url = STR_INIT(""),
        .user_id = str_printf(s->arena, "company-%lld", (long long)s->company),
        .api_key = STR_INIT("practice"),
        .sender_key = STR_INIT(""),
        .sender_number = STR_INIT("0212345678"),
        .request_rate = PROFILE_PRACTICE_REQUEST_RATE,
        .message_rate = PROFILE_PRACTICE_MESSAGE_RATE,
        .unit_price = STR_INIT("6.5"), /* what the practice gateway charges */
    };
    return profile_insert(s, &p);
}

#define PROFILE_COLUMNS                                                                            \
    "id, name, gateway, base_url, user_id, sender_key, sender_number, api_key, status,"            \
    " status_text, request_rate, message_rate, created_at, unit_price, channel, synced_at"

static void profile_read(struct scope *s, const struct db_rows *rows, struct profile *p)
{
    *p = (struct profile){
        .id = db_i64(rows, 0),
        .name = db_text(rows, 1, s->arena),
        .gateway = db_text(rows, 2, s->arena),
        .base_url = db_text(rows, 3, s->arena),
        .user_id = db_text(rows, 4, s->arena),
        .sender_key = db_text(rows, 5, s->arena),
        .sender_number = db_text(rows, 6, s->arena),
        .api_key = db_text(rows, 7, s->arena),
        .status = db_text(rows, 8, s->arena),
        .status_text = db_text(rows, 9, s->arena),
        .request_rate = db_i64(rows, 10),
        .message_rate = db_i64(rows, 11),
        .created_at = db_i64(rows, 12),
        .unit_price = db_text(rows, 13, s->arena),
        .channel = db_text(rows, 14, s->arena),
        .synced_at = db_i64(rows, 15),
    };
}

enum problem profile_get(struct scope *s, int64_t id, struct profile *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " PROFILE_COLUMNS " FROM sender_profile WHERE company_id = $1 AND id = $2",
             DB_ARGS(DB_N(s->company), DB_N(id)));
    if (db_next(&rows)) {
        profile_read(s, &rows, out);
        return PROBLEM_NONE;
    }
    return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
}

/* A company has a handful; what is above is not shown. */
#define PROFILES_MAX 100

enum problem profile_list(struct scope *s, const struct profile **list, size_t *count)
{
    struct profile *all = arena_array(s->arena, PROFILES_MAX, sizeof *all);
    size_t n = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT " PROFILE_COLUMNS " FROM sender_profile WHERE company_id = $1 ORDER BY id"
             " LIMIT $2",
             DB_ARGS(DB_N(s->company), DB_N(PROFILES_MAX)));
    while (db_next(&rows))
        profile_read(s, &rows, &all[n++]);
    *list = all;
    *count = n;
    return scope_store(s);
}

static bool profile_in_use(struct scope *s, int64_t id)
{
    return db_get_i64(s->db, 0,
                      "SELECT 1 FROM campaign WHERE company_id = $1 AND profile_id = $2"
                      " AND state IN ('sending', 'paused') LIMIT 1",
                      DB_ARGS(DB_N(s->company), DB_N(id))) != 0;
}

enum problem profile_delete(struct scope *s, int64_t id)
{
    TX(tx, s->db);
    if (profile_in_use(s, id))
        return PROBLEM_PROFILE_IN_USE;
    int64_t gone = db_exec(s->db, "DELETE FROM sender_profile WHERE company_id = $1 AND id = $2",
                           DB_ARGS(DB_N(s->company), DB_N(id)));
    db_exec(s->db, "UPDATE template SET present = 0 WHERE company_id = $1 AND profile_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    return gone ? PROBLEM_NONE : PROBLEM_NOT_FOUND;
}

enum problem profile_status_set(struct scope *s, int64_t id, struct str status, struct str text)
{
    TX(tx, s->db);
    db_exec(s->db,
            "UPDATE sender_profile SET status = $3, status_text = $4"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(status), DB_S(text)));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem profile_told_set(struct scope *s, int64_t id, struct str sender_key,
                              struct str channel)
{
    TX(tx, s->db);
    db_exec(s->db,
            "UPDATE sender_profile SET sender_key = $3, channel = $4"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(sender_key), DB_S(channel)));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem profile_change(struct scope *s, int64_t id, const struct profile *p)
{
    TX(tx, s->db);
    int64_t changed =
        db_exec(s->db,
                "UPDATE sender_profile SET name = $3, sender_number = $4, request_rate = $5,"
                " message_rate = $6 WHERE company_id = $1 AND id = $2",
                DB_ARGS(DB_N(s->company), DB_N(id), DB_S(p->name), DB_S(p->sender_number),
                        DB_N(p->request_rate), DB_N(p->message_rate)));
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    return changed ? PROBLEM_NONE : PROBLEM_NOT_FOUND;
}

/* ---- fetching templates by schedule ---- */

int profile_sync_take(struct scope *s, int64_t *id)
{
    int64_t now = scope_now(s);
    TX(tx, s->db);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT company_id, id FROM sender_profile WHERE sync_due_at <= $1"
             " ORDER BY sync_due_at, company_id, id LIMIT 1 /*pg FOR UPDATE SKIP LOCKED*/",
             DB_ARGS(DB_N(now)));
    bool found = db_next(&rows);
    if (found) {
        s->company = db_i64(&rows, 0);
        *id = db_i64(&rows, 1);
    }
    db_close(&rows);
    if (found)
        db_exec(s->db,
                "UPDATE sender_profile SET sync_due_at = $3 WHERE company_id = $1 AND id = $2",
                DB_ARGS(DB_N(s->company), DB_N(*id), DB_N(now + PROFILE_SYNC_HOLD_MS)));
    return tx_commit(&tx) ? found : -1;
}

#define SYNC_AGAIN_MIN_MS (5 * MINUTE_MS)
#define SYNC_AGAIN_MAX_MS HOUR_MS

/* No count of failures is kept: how long the list has been overdue says the same. */
void profile_sync_failed(struct scope *s, int64_t id)
{
    int64_t now = scope_now(s);
    TX(tx, s->db);
    int64_t due = db_get_i64(s->db, now,
                             "SELECT CASE WHEN synced_at > 0 THEN synced_at + $3 ELSE created_at"
                             " END FROM sender_profile WHERE company_id = $1 AND id = $2",
                             DB_ARGS(DB_N(s->company), DB_N(id), DB_N(PROFILE_SYNC_HOLD_MS)));
    int64_t wait = now - due;
    if (wait < SYNC_AGAIN_MIN_MS)
        wait = SYNC_AGAIN_MIN_MS;
    if (wait > SYNC_AGAIN_MAX_MS)
        wait = SYNC_AGAIN_MAX_MS;
    db_exec(s->db, "UPDATE sender_profile SET sync_due_at = $3 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(now + wait)));
    if (!tx_commit(&tx))
        return; /* then it is held for an hour, which is as good */
}

void profile_price_set(struct scope *s, int64_t id, struct str unit_price)
{
    db_exec(s->db,
            "UPDATE sender_profile SET unit_price = $3 WHERE company_id = $1 AND id = $2"
            " AND coalesce(unit_price, '') <> $3",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(unit_price)));
}

bool profile_practice_only(struct scope *s)
{
    return db_get_i64(s->db, 0,
                      "SELECT 1 FROM sender_profile WHERE company_id = $1"
                      " AND gateway <> 'practice' LIMIT 1",
                      DB_ARGS(DB_N(s->company))) == 0;
}

/* ---- pace ---- */

/* A bucket in thousandths, so that a flow of n a second is n in a millisecond. What it holds and
 * what flows in within a second are together the rate: no second ever sees more. */
struct bucket {
    int64_t full, flow;
};

/* Room for one call; calls are at least 1/rate of a second apart, which keeps the rate as well. */
static struct bucket request_bucket(int64_t rate)
{
    return (struct bucket){.full = 1000, .flow = rate};
}

/* Room for the messages of one call, the rest of the rate flows. */
static struct bucket message_bucket(int64_t rate)
{
    int64_t call = rate / 2 < PROFILE_CALL_MESSAGES ? (rate + 1) / 2 : PROFILE_CALL_MESSAGES;
    return (struct bucket){.full = call * 1000, .flow = rate > call ? rate - call : 1};
}

static int64_t refilled(int64_t level, struct bucket b, int64_t elapsed_ms)
{
    if (elapsed_ms < 0)
        elapsed_ms = 0; /* the clock was set back */
    if (elapsed_ms > DAY_MS)
        return b.full;
    level += b.flow * elapsed_ms;
    return level > b.full ? b.full : level;
}

/* Milliseconds until `level` has grown to `need`. */
static int64_t until(int64_t level, int64_t need, struct bucket b)
{
    return level >= need ? 0 : (need - level + b.flow - 1) / b.flow;
}

static int64_t max_i64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t profile_pace_take(struct scope *s, int64_t id, int64_t *count)
{
    int64_t now = scope_now(s);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT request_rate, message_rate, request_level, message_level, level_at, slow_until"
             " FROM sender_profile WHERE company_id = $1 AND id = $2 /*pg FOR UPDATE*/",
             DB_ARGS(DB_N(s->company), DB_N(id)));
    if (!db_next(&rows))
        return SECOND_MS;
    struct bucket request = request_bucket(db_i64(&rows, 0));
    struct bucket message = message_bucket(db_i64(&rows, 1));
    int64_t elapsed = now - db_i64(&rows, 4), slow_until = db_i64(&rows, 5);
    int64_t requests = refilled(db_i64(&rows, 2), request, elapsed);
    int64_t messages = refilled(db_i64(&rows, 3), message, elapsed);
    db_close(&rows);
    if (*count * 1000 > message.full)
        *count = message.full / 1000;
    int64_t wait = max_i64(until(requests, 1000, request), until(messages, *count * 1000, message));
    wait = max_i64(wait, slow_until - now);
    if (wait > 0)
        return wait;
    db_exec(s->db,
            "UPDATE sender_profile SET request_level = $3, message_level = $4, level_at = $5"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(requests - 1000),
                    DB_N(messages - *count * 1000), DB_N(now)));
    return 0;
}

void profile_pace_feedback(struct scope *s, int64_t id, bool trouble)
{
    if (!trouble) {
        db_exec(s->db,
                "UPDATE sender_profile SET slow_step = 0, slow_until = 0"
                " WHERE company_id = $1 AND id = $2 AND slow_step > 0",
                DB_ARGS(DB_N(s->company), DB_N(id)));
        return;
    }
    int64_t step = db_get_i64(
        s->db, 0, "SELECT slow_step FROM sender_profile WHERE company_id = $1 AND id = $2",
        DB_ARGS(DB_N(s->company), DB_N(id)));
    int64_t wait = SLOW_FIRST_MS << (step < SLOW_STEP_MAX ? step : SLOW_STEP_MAX);
    if (wait > SLOW_MAX_MS)
        wait = SLOW_MAX_MS;
    db_exec(s->db,
            "UPDATE sender_profile SET slow_step = slow_step + 1, slow_until = $3"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(scope_now(s) + wait)));
}
