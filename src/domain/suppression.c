/*
 * suppression.c - see suppression.h. Reading files is in suppression_file.c.
 */
#include "domain/suppression.h"
#include "domain/campaign.h"
#include "domain/cursor.h"
#include "domain/text.h"

#include <assert.h>

/* Numbers written by one statement. */
#define CHUNK 5000
/* So many messages of a campaign are stopped one by one; more by going through all that wait. */
#define FEW 64
/* Characters kept of a text that is refused. */
#define TEXT_KEPT 100
/* Numbers read at a time. */
#define LOAD_STEP 10000

/* ---- reading ---- */

static const struct str reasons[] = {STR_INIT("manual"), STR_INIT("file"), STR_INIT("blocked")};

bool suppression_reason_known(struct str reason)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (str_eq(reasons[i], reason))
            return true;
    return false;
}

/* Whoever types 010-1234 looks for the digits. */
static struct str without_dashes(struct arena *a, struct str query)
{
    char *out = str_z(a, query);
    size_t n = 0;
    for (size_t i = 0; i < query.len; i++)
        if (query.ptr[i] != '-' && query.ptr[i] != ' ')
            out[n++] = query.ptr[i];
    return str_n(out, n);
}

static void suppression_read(struct scope *s, const struct db_rows *rows, struct suppression *out)
{
    *out = (struct suppression){
        .id = db_i64(rows, 0),
        .phone = db_text(rows, 1, s->arena),
        .reason = db_text(rows, 2, s->arena),
        .note = db_text(rows, 3, s->arena),
        .created_at = db_i64(rows, 4),
        .contact = db_i64(rows, 5),
        .contact_name = db_text(rows, 6, s->arena),
        .campaign = db_i64(rows, 7),
        .campaign_name = db_text(rows, 8, s->arena),
    };
}

enum problem suppression_list(struct scope *s, const struct suppression_filter *filter,
                              const struct page *page, const struct suppression **list,
                              size_t *count, struct str *next)
{
    struct suppression *all = arena_array(s->arena, (size_t)page->limit + 1, sizeof *all);
    struct str part = text_email(s->arena, text_line(s->arena, filter->query));
    struct str like = like_contains(s->arena, part);
    struct str phone = like_contains(s->arena, without_dashes(s->arena, part));
    int64_t before = cursor_i64(page->cursor);
    size_t n = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT x.id, x.phone, x.reason, x.note, x.created_at, c.id, c.name, k.id, k.name"
             " FROM suppression x LEFT JOIN contact c ON c.company_id = x.company_id"
             " AND c.phone = x.phone LEFT JOIN campaign k ON k.company_id = x.company_id"
             " AND k.id = x.campaign_id WHERE x.company_id = $1 AND x.id < $2"
             " AND (CAST($3 AS text) = '' OR x.reason = $3)"
             " AND (CAST($4 AS text) = '' OR x.phone LIKE $5 ESCAPE '!'"
             " OR lower(c.name) LIKE $4 ESCAPE '!' OR lower(x.note) LIKE $4 ESCAPE '!')"
             " ORDER BY x.id DESC LIMIT $6",
             DB_ARGS(DB_N(s->company), DB_N(before ? before : INT64_MAX), DB_S(filter->reason),
                     DB_S(like), DB_S(phone.len ? phone : like), DB_N(page->limit + 1)));
    while (db_next(&rows))
        suppression_read(s, &rows, &all[n++]);
    bool more = n > (size_t)page->limit;
    n -= more;
    *next = more ? cursor_from_i64(s->arena, all[n - 1].id) : (struct str){NULL, 0};
    *list = all;
    *count = n;
    return scope_store(s);
}

void suppression_load(struct scope *s, struct phone_set *phones)
{
    int64_t last = 0, n;
    do {
        ARENA(scratch, ARENA_MAX_DEFAULT);
        DB_ROWS(rows);
        db_query(s->db, &rows,
                 "SELECT id, phone FROM suppression WHERE company_id = $1 AND id > $2"
                 " ORDER BY id LIMIT $3",
                 DB_ARGS(DB_N(s->company), DB_N(last), DB_N(LOAD_STEP)));
        for (n = 0; db_next(&rows); n++) {
            last = db_i64(&rows, 0);
            phone_set_add(phones, db_text(&rows, 1, &scratch));
        }
    } while (n == LOAD_STEP && !db_failed(s->db));
}

bool suppression_has(struct scope *s, struct str phone)
{
    return db_get_i64(s->db, 0, "SELECT 1 FROM suppression WHERE company_id = $1 AND phone = $2",
                      DB_ARGS(DB_N(s->company), DB_S(phone)));
}

bool suppression_waits(struct scope *s, int64_t campaign)
{
    return db_get_i64(s->db, 0,
                      "SELECT 1 FROM suppression x CROSS JOIN message m WHERE x.company_id = $1"
                      " AND m.company_id = $1 AND m.campaign_id = $2 AND m.phone = x.phone"
                      " AND m.state = $3 LIMIT 1",
                      DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(MESSAGE_QUEUED))) != 0;
}

/* ---- stopping what waits ---- */

int64_t suppression_skip(struct scope *s, int64_t campaign, int64_t first, int64_t last)
{
    struct message_selection marked = {
        .campaign = campaign, .first = first, .last = last, .reason = STR_INIT("suppressed")};
    /* Marked first and moved then: the list may grow between two statements, while message_move
     * counts and moves the same rows, which only the campaign's lock keeps as they are. */
    if (db_exec(s->db,
                "UPDATE message SET reason = $6 WHERE company_id = $1 AND campaign_id = $2"
                " AND ordinal BETWEEN $3 AND $4 AND state = $5 AND EXISTS (SELECT 1"
                " FROM suppression x WHERE x.company_id = message.company_id"
                " AND x.phone = message.phone)",
                DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(first), DB_N(last),
                        DB_N(MESSAGE_QUEUED), DB_S(marked.reason))) <= 0)
        return 0;
    return message_move(s, &marked,
                        &(struct message_change){.from = MESSAGE_QUEUED, .to = MESSAGE_SKIPPED});
}

/* Messages of a campaign that wait for the numbers in `bulk`. */
struct waiting {
    int64_t first, last, count;
    int64_t few[FEW]; /* their ordinals, when there are no more */
};

static void waiting_find(struct scope *s, int64_t campaign, struct waiting *w)
{
    *w = (struct waiting){0};
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT m.ordinal FROM bulk b CROSS JOIN message m WHERE m.company_id = $1"
             " AND m.campaign_id = $2 AND m.phone = b.t1 AND m.state = $3",
             DB_ARGS(DB_N(s->company), DB_N(campaign), DB_N(MESSAGE_QUEUED)));
    while (db_next(&rows)) {
        int64_t ordinal = db_i64(&rows, 0);
        w->first = w->count == 0 || ordinal < w->first ? ordinal : w->first;
        w->last = ordinal > w->last ? ordinal : w->last;
        if (w->count < FEW)
            w->few[w->count] = ordinal;
        w->count++;
    }
}

static int64_t campaign_stop(struct scope *s, int64_t campaign)
{
    struct waiting w;
    int64_t stopped = 0;
    waiting_find(s, campaign, &w);
    for (int64_t i = 0; w.count <= FEW && i < w.count; i++)
        stopped += suppression_skip(s, campaign, w.few[i], w.few[i]);
    if (w.count > FEW)
        stopped = suppression_skip(s, campaign, w.first, w.last);
    if (stopped)
        campaign_finish_if_settled(s, campaign);
    return stopped;
}

/* The campaigns under way, locked. */
struct open {
    int64_t *list;
    size_t count;
};

static struct open campaigns_lock(struct scope *s)
{
    int64_t max = db_get_i64(s->db, 0,
                             "SELECT count(*) FROM campaign WHERE company_id = $1"
                             " AND state IN ('sending', 'paused')",
                             DB_ARGS(DB_N(s->company)));
    struct open open = {arena_array(s->arena, (size_t)max + 1, sizeof *open.list), 0};
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT id FROM campaign WHERE company_id = $1 AND state IN ('sending', 'paused')"
             " ORDER BY id LIMIT $2 /*pg FOR UPDATE*/",
             DB_ARGS(DB_N(s->company), DB_N(max)));
    while (db_next(&rows))
        open.list[open.count++] = db_i64(&rows, 0);
    return open;
}

/* ---- adding ---- */

void suppression_take(int64_t row, struct str text, struct arena *a, struct phone_set *phones,
                      struct suppression_added *out)
{
    struct phone phone = phone_read(text);
    if (phone.verdict != PHONE_ERROR) {
        out->already += !phone_set_add(phones, str_c(phone.digits));
        return;
    }
    if (out->refused_count++ >= SUPPRESSION_REFUSED_MAX)
        return;
    struct str line = text_line(a, text);
    size_t end = 0;
    for (size_t n = 0; end < line.len && n < TEXT_KEPT; n++)
        utf8_next(line, &end);
    out->refused[out->refused_count - 1] = (struct suppression_refused){
        row, str_dup(a, str_slice(line, 0, end)), phone_reason_word(phone.reason)};
}

/* Puts the numbers in `bulk` on the list; returns how many were not there. */
static int64_t chunk_insert(struct scope *s, int64_t count, struct str reason, struct str note)
{
    int64_t first = db_next_id(s->db, s->company, "suppression", count);
    return db_exec(s->db,
                   "INSERT INTO suppression (company_id, id, phone, reason, note, campaign_id,"
                   " created_by, created_at) SELECT CAST($1 AS bigint), CAST($2 AS bigint) + n1,"
                   " t1, CAST($3 AS text), CAST($4 AS text), NULL, CAST($5 AS bigint),"
                   " CAST($6 AS bigint) FROM bulk WHERE true ORDER BY t1"
                   " ON CONFLICT (company_id, phone) DO NOTHING",
                   DB_ARGS(DB_N(s->company), DB_N(first), DB_S(reason), DB_S(note), DB_N(s->user),
                           DB_N(scope_now(s))));
}

/* The next numbers of the set as rows of `bulk`, which live in the arena. */
static size_t chunk_make(const struct phone_set *phones, int64_t *at, struct db_bulk_row *rows,
                         struct arena *a)
{
    char phone[PHONE_DIGITS + 1];
    size_t n = 0;
    while (n < CHUNK && phone_set_next(phones, at, phone)) {
        rows[n] = (struct db_bulk_row){.n = {(int64_t)n}, .t = {str_dup(a, str_c(phone))}};
        n++;
    }
    return n;
}

enum problem suppression_add(struct scope *s, const struct phone_set *phones, struct str reason,
                             struct str note, struct suppression_added *out)
{
    struct db_bulk_row *rows = arena_array(s->arena, CHUNK, sizeof *rows);
    struct str line = text_line(s->arena, note);
    int64_t at = 0, added = 0, stopped = 0;
    size_t n;
    TX(tx, s->db);
    struct open open = campaigns_lock(s);
    for (;;) {
        ARENA(scratch, ARENA_MAX_DEFAULT);
        if ((n = chunk_make(phones, &at, rows, &scratch)) == 0)
            break;
        db_bulk(s->db, rows, n);
        added += chunk_insert(s, (int64_t)n, reason, line);
        for (size_t i = 0; i < open.count; i++)
            stopped += campaign_stop(s, open.list[i]);
        if (db_failed(s->db))
            return PROBLEM_STORE;
    }
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    out->added += added;
    out->already += phones->count - added;
    out->stopped += stopped;
    return PROBLEM_NONE;
}

void suppression_add_blocked(struct scope *s, const struct message_selection *request)
{
    int64_t count =
        db_get_i64(s->db, 0,
                   "SELECT count(*) FROM message WHERE company_id = $1"
                   " AND campaign_id = $2 AND ordinal BETWEEN $3 AND $4"
                   " AND request_id = $5 AND state = $6 AND settled_at IS NOT NULL"
                   " AND reason = 'blocked'",
                   DB_ARGS(DB_N(s->company), DB_N(request->campaign), DB_N(request->first),
                           DB_N(request->last), DB_N(request->request), DB_N(MESSAGE_ACCEPTED)));
    if (count == 0)
        return;
    int64_t first = db_next_id(s->db, s->company, "suppression", count);
    db_exec(s->db,
            "INSERT INTO suppression (company_id, id, phone, reason, note, campaign_id, created_by,"
            " created_at) SELECT company_id, $7 + row_number() OVER (ORDER BY phone) - 1, phone,"
            " 'blocked', '', campaign_id, 0, $8 FROM message WHERE company_id = $1"
            " AND campaign_id = $2 AND ordinal BETWEEN $3 AND $4 AND request_id = $5"
            " AND state = $6 AND settled_at IS NOT NULL AND reason = 'blocked' ORDER BY phone"
            " ON CONFLICT (company_id, phone) DO NOTHING",
            DB_ARGS(DB_N(s->company), DB_N(request->campaign), DB_N(request->first),
                    DB_N(request->last), DB_N(request->request), DB_N(MESSAGE_ACCEPTED),
                    DB_N(first), DB_N(scope_now(s))));
}

/* ---- taking off ---- */

enum problem suppression_delete(struct scope *s, int64_t id)
{
    TX(tx, s->db);
    if (db_exec(s->db, "DELETE FROM suppression WHERE company_id = $1 AND id = $2",
                DB_ARGS(DB_N(s->company), DB_N(id))) == 0)
        return PROBLEM_NOT_FOUND;
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}
