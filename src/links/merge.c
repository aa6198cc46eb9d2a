/*
 * merge.c - see merge.h.
 *
 * Rows are locked in one order, campaigns, messages, hours, each ascending, so that merges of
 * several nodes and the sender's moves do not wait for each other in a circle. Whether a message
 * was clicked before is read under its lock: a message is counted as clicked once, whoever merges.
 */
#include "links/merge.h"
#include "base/crash.h"
#include "base/log.h"
#include "domain/message.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define SCRATCH_MAX  ((size_t)4 << 20)
#define PAUSE_MS     300
#define PAUSE_MAX_MS 10000

/* All clicks of one message in a batch, and what becomes of its row. */
struct hit_message {
    const struct click *clicks; /* in the order of the journal */
    size_t count;
    int64_t last_id;   /* of its rows in click, before */
    int64_t persons;   /* clicks by a person here */
    int64_t first_at;  /* the earliest of them; 0: none */
    int64_t hour;      /* of the message's call; 0: none */
    bool is_missing;   /* there is no such message */
    bool is_first;     /* no person had clicked it before */
    bool is_delivered; /* tracked and in state delivered: counts for the click rate */
};

struct batch {
    struct db *db;
    struct arena *arena;
    struct click *clicks; /* sorted by message */
    size_t count;
    struct hit_message *messages;
    size_t message_count;
    int64_t now;
};

static int by_message(const void *a, const void *b)
{
    const struct click *x = a, *y = b;
    if (x->company != y->company)
        return x->company < y->company ? -1 : 1;
    if (x->campaign != y->campaign)
        return x->campaign < y->campaign ? -1 : 1;
    if (x->ordinal != y->ordinal)
        return x->ordinal < y->ordinal ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static void group_by_message(struct batch *b)
{
    qsort(b->clicks, b->count, sizeof *b->clicks, by_message);
    b->messages = arena_array(b->arena, b->count, sizeof *b->messages);
    for (size_t i = 0; i < b->count; i++) {
        const struct click *c = &b->clicks[i], *before = c - 1;
        if (i == 0 || c->company != before->company || c->campaign != before->campaign ||
            c->ordinal != before->ordinal)
            b->messages[b->message_count++] = (struct hit_message){.clicks = c};
        struct hit_message *m = &b->messages[b->message_count - 1];
        m->count++;
        m->persons += c->kind == CLICK_PERSON;
        if (c->kind == CLICK_PERSON && m->first_at == 0)
            m->first_at = c->at;
    }
}

static bool same_campaign(const struct hit_message *a, const struct hit_message *b)
{
    return a->clicks->company == b->clicks->company && a->clicks->campaign == b->clicks->campaign;
}

static void lock_campaigns(struct batch *b)
{
    for (size_t i = 0; i < b->message_count; i++)
        if (i == 0 || !same_campaign(&b->messages[i], &b->messages[i - 1]))
            db_get_i64(b->db, 0,
                       "SELECT id FROM campaign WHERE company_id = $1 AND id = $2"
                       " /*pg FOR UPDATE*/",
                       DB_ARGS(DB_N(b->messages[i].clicks->company),
                               DB_N(b->messages[i].clicks->campaign)));
}

static void look_at_messages(struct batch *b)
{
    size_t missing = 0;
    for (size_t i = 0; i < b->message_count; i++) {
        struct hit_message *m = &b->messages[i];
        DB_ROWS(rows);
        db_query(
            b->db, &rows,
            "SELECT first_click_at, hour, tracked, state, (SELECT max(id) FROM click c"
            " WHERE c.company_id = m.company_id AND c.campaign_id = m.campaign_id"
            " AND c.ordinal = m.ordinal) FROM message m"
            " WHERE company_id = $1 AND campaign_id = $2 AND ordinal = $3 /*pg FOR UPDATE*/",
            DB_ARGS(DB_N(m->clicks->company), DB_N(m->clicks->campaign), DB_N(m->clicks->ordinal)));
        m->is_missing = !db_next(&rows);
        missing += m->is_missing;
        if (m->is_missing)
            continue;
        m->is_first = m->first_at && db_is_null(&rows, 0);
        m->hour = db_i64(&rows, 1);
        m->is_delivered = db_i64(&rows, 2) && db_i64(&rows, 3) == MESSAGE_DELIVERED;
        m->last_id = db_i64(&rows, 4);
    }
    if (missing && !db_failed(b->db))
        log_warnx("clicks on %zu messages that are no more were left out", missing);
}

static void insert_clicks(struct batch *b)
{
    db_batch_begin(b->db,
                   "INSERT INTO click (company_id, campaign_id, ordinal, id, button, at, kind,"
                   " agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    for (size_t i = 0; i < b->message_count; i++) {
        const struct hit_message *m = &b->messages[i];
        for (size_t k = 0; k < m->count && !m->is_missing; k++) {
            const struct click *c = &m->clicks[k];
            db_batch_run(b->db,
                         DB_ARGS(DB_N(c->company), DB_N(c->campaign), DB_N(c->ordinal),
                                 DB_N(m->last_id + (int64_t)k + 1), DB_N(c->button), DB_N(c->at),
                                 DB_S(click_kind_word(c->kind)), DB_S(click_agent_word(c->agent))));
        }
    }
    db_batch_end(b->db);
}

/* A person's click that another node kept earlier may be merged later: the earliest one stands. */
static void update_messages(struct batch *b)
{
    db_batch_begin(b->db, "UPDATE message SET click_count = click_count + $4, first_click_at ="
                          " CASE WHEN first_click_at <= $5 THEN first_click_at ELSE $5 END"
                          " WHERE company_id = $1 AND campaign_id = $2 AND ordinal = $3");
    for (size_t i = 0; i < b->message_count; i++) {
        const struct hit_message *m = &b->messages[i];
        if (!m->is_missing && m->persons)
            db_batch_run(b->db,
                         DB_ARGS(DB_N(m->clicks->company), DB_N(m->clicks->campaign),
                                 DB_N(m->clicks->ordinal), DB_N(m->persons), DB_N(m->first_at)));
    }
    db_batch_end(b->db);
}

/* changed_at always grows, so that whoever watches the campaign sees every change. */
static void count_in_campaigns(struct batch *b)
{
    for (size_t i = 0, next; i < b->message_count; i = next) {
        int64_t firsts = 0;
        for (next = i;
             next < b->message_count && same_campaign(&b->messages[next], &b->messages[i]); next++)
            firsts += b->messages[next].is_first;
        if (firsts)
            db_exec(b->db,
                    "UPDATE campaign SET clicked = clicked + $3, changed_at ="
                    " CASE WHEN changed_at >= $4 THEN changed_at + 1 ELSE $4 END"
                    " WHERE company_id = $1 AND id = $2",
                    DB_ARGS(DB_N(b->messages[i].clicks->company),
                            DB_N(b->messages[i].clicks->campaign), DB_N(firsts), DB_N(b->now)));
    }
}

static int by_hour(const void *a, const void *b)
{
    const struct hit_message *x = a, *y = b;
    if (x->clicks->company != y->clicks->company)
        return x->clicks->company < y->clicks->company ? -1 : 1;
    return x->hour < y->hour ? -1 : x->hour > y->hour;
}

static void count_in_hours(struct batch *b)
{
    struct hit_message *firsts = arena_array(b->arena, b->message_count, sizeof *firsts);
    size_t count = 0;
    for (size_t i = 0; i < b->message_count; i++)
        if (b->messages[i].is_first && b->messages[i].hour)
            firsts[count++] = b->messages[i];
    qsort(firsts, count, sizeof *firsts, by_hour);
    for (size_t i = 0, next; i < count; i = next) {
        int64_t delivered = 0;
        for (next = i; next < count && by_hour(&firsts[next], &firsts[i]) == 0; next++)
            delivered += firsts[next].is_delivered;
        db_exec(b->db,
                "INSERT INTO hour_click (company_id, hour, clicked, delivered, delivered_clicked)"
                " VALUES ($1, $2, $3, 0, $4) ON CONFLICT (company_id, hour) DO UPDATE"
                " SET clicked = hour_click.clicked + $3,"
                " delivered_clicked = hour_click.delivered_clicked + $4",
                DB_ARGS(DB_N(firsts[i].clicks->company), DB_N(firsts[i].hour),
                        DB_N((int64_t)(next - i)), DB_N(delivered)));
    }
}

static void take_in(struct batch *b)
{
    group_by_message(b);
    lock_campaigns(b);
    look_at_messages(b);
    crash_point("merge_looked");
    insert_clicks(b);
    crash_point("merge_inserted");
    update_messages(b);
    count_in_campaigns(b);
    count_in_hours(b);
    crash_point("merge_counted");
}

/* Where the file's merge stands; a row of its own is made when it is new, and locked. */
static int64_t offset_of(struct db *db, const struct click_file *file)
{
    db_exec(db,
            "INSERT INTO click_journal (file, offset_bytes) VALUES ($1, $2)"
            " ON CONFLICT (file) DO NOTHING",
            DB_ARGS(DB_S(str_c(file->name)), DB_N(CLICK_FILE_START)));
    return db_get_i64(db, -1,
                      "SELECT offset_bytes FROM click_journal WHERE file = $1 /*pg FOR UPDATE*/",
                      DB_ARGS(DB_S(str_c(file->name))));
}

/* One batch of one file. */
static int64_t merge_file(struct db *db, struct click_journal *journal, size_t index,
                          const struct click_file *file, int64_t now)
{
    ARENA(arena, SCRATCH_MAX);
    TX(tx, db);
    int64_t offset = offset_of(db, file);
    if (offset < 0)
        return -1;
    if (offset > file->end) {
        log_warnx("click journal file %s is shorter than what was merged of it", file->name);
        return -1;
    }
    struct click *clicks = arena_array(&arena, MERGE_BATCH, sizeof *clicks);
    ptrdiff_t count = click_journal_read(journal, index, &offset, clicks, MERGE_BATCH);
    if (count < 0)
        return -1;
    if (count > 0) {
        struct batch batch = {
            .db = db, .arena = &arena, .clicks = clicks, .count = (size_t)count, .now = now};
        take_in(&batch);
        db_exec(db, "UPDATE click_journal SET offset_bytes = $2 WHERE file = $1",
                DB_ARGS(DB_S(str_c(file->name)), DB_N(offset)));
    }
    if (!tx_commit(&tx))
        return -1;
    crash_point("merge_committed");
    click_journal_merged(journal, index, offset);
    return count;
}

/* The file first, durably, then its offset: the other way round a crash between would merge it
 * again from its start. */
static bool remove_file(struct db *db, struct click_journal *journal, size_t index,
                        const struct click_file *file)
{
    if (!click_journal_remove(journal, index))
        return false;
    crash_point("merge_removed");
    TX(tx, db);
    db_exec(db, "DELETE FROM click_journal WHERE file = $1", DB_ARGS(DB_S(str_c(file->name))));
    return tx_commit(&tx);
}

/* Goes on with the other files when one cannot be read. */
static int64_t merge_some(struct db *db, struct click_journal *journal, int64_t now)
{
    struct click_file file;
    bool failed = false;
    for (size_t i = 0; click_journal_file(journal, i, &file);) {
        int64_t count = file.merged < file.end ? merge_file(db, journal, i, &file, now) : 0;
        if (count > 0)
            return count;
        failed = failed || count < 0;
        if (count == 0 && !file.is_current)
            failed = !remove_file(db, journal, i, &file) || failed;
        else
            i++;
        if (failed && db_failed(db))
            break;
    }
    return failed ? -1 : 0;
}

/* Whether there is anything to do, without a word to the store. */
static bool has_work(struct click_journal *journal)
{
    struct click_file file;
    for (size_t i = 0; click_journal_file(journal, i, &file); i++)
        if (file.merged < file.end || !file.is_current)
            return true;
    return false;
}

int64_t click_merge_step(struct store *store, struct click_journal *journal,
                         const struct clock *clock)
{
    if (!has_work(journal))
        return 0;
    struct db *db = store_borrow(store);
    if (!db)
        return -1;
    int64_t count = merge_some(db, journal, clock_now(clock));
    store_return(&db);
    return count;
}

/* ---- the thread ---- */

struct click_merger {
    struct store *store;
    struct click_journal *journal;
    const struct clock *clock;
    pthread_t thread;
    pthread_mutex_t lock; /* guards stopping */
    pthread_cond_t stop;
    bool stopping;
};

/* Sleeps; true when it is time to end. */
static bool pause_for(struct click_merger *m, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / SECOND_MS;
    until.tv_nsec += (long)(ms % SECOND_MS) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&m->lock);
    int waited = 0;
    while (!m->stopping && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&m->stop, &m->lock, &until);
    bool stopping = m->stopping;
    pthread_mutex_unlock(&m->lock);
    return stopping;
}

static void *merger_main(void *ctx)
{
    struct click_merger *m = ctx;
    int64_t pause = PAUSE_MS, count;
    do {
        while ((count = click_merge_step(m->store, m->journal, m->clock)) > 0)
            ;
        pause = count == 0 ? PAUSE_MS : pause * 2 < PAUSE_MAX_MS ? pause * 2 : PAUSE_MAX_MS;
    } while (!pause_for(m, pause));
    while (click_merge_step(m->store, m->journal, m->clock) > 0)
        ;
    return NULL;
}

struct click_merger *click_merger_start(struct store *store, struct click_journal *journal,
                                        const struct clock *clock)
{
    struct click_merger *m = calloc(1, sizeof *m);
    if (!m)
        fatal("click merge");
    *m = (struct click_merger){.store = store, .journal = journal, .clock = clock};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->stop, &monotonic);
    pthread_condattr_destroy(&monotonic);
    int error = pthread_create(&m->thread, NULL, merger_main, m);
    if (error) {
        errno = error;
        fatal("click merge");
    }
    return m;
}

void click_merger_stop(struct click_merger **mp)
{
    struct click_merger *m = *mp;
    *mp = NULL;
    if (!m)
        return;
    pthread_mutex_lock(&m->lock);
    m->stopping = true;
    pthread_cond_signal(&m->stop);
    pthread_mutex_unlock(&m->lock);
    pthread_join(m->thread, NULL);
    pthread_mutex_destroy(&m->lock);
    pthread_cond_destroy(&m->stop);
    free(m);
}
