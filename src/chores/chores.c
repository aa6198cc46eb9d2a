/*
 * chores.c - see chores.h.
 */
#include "chores/chores.h"
#include "base/log.h"
#include "base/token.h"
#include "domain/contact_index.h"
#include "sender/account.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A chore and how long it rests when there is nothing to do. */
struct chore {
    struct str name;
    bool (*step)(struct scope *s); /* does a little; true when there may be more */
    int64_t rest_ms;
};

static const struct chore list[] = {
    {STR_INIT("index contacts"), contact_index_step, 500},
    {STR_INIT("fetch templates"), account_sync_due, MINUTE_MS},
};

struct worker {
    struct chores *chores;
    const struct chore *chore;
    pthread_t thread;
};

struct chores {
    struct chores_config config;
    char name[TOKEN_LENGTH + 1];
    struct worker workers[COUNT_OF(list)];
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool stopping;
};

/* ---- the lease ---- */

/* Who has the chore, and for how long yet; an idle process only looks. */
static int64_t lease_left(struct scope *s, const struct chore *chore, struct str *holder)
{
    int64_t left = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows, "SELECT holder, lease_until FROM chore WHERE name = $1",
             DB_ARGS(DB_S(chore->name)));
    *holder = STR("");
    if (db_next(&rows)) {
        *holder = db_text(&rows, 0, s->arena);
        left = db_i64(&rows, 1) - scope_now(s);
    }
    return left;
}

/* Takes the chore, or keeps it; false while another process has it. */
static bool lease_take(struct scope *s, const struct chores *c, const struct chore *chore)
{
    struct str me = str_c(c->name), holder;
    int64_t now = scope_now(s), left = lease_left(s, chore, &holder);
    bool mine = str_eq(holder, me);
    if (left > (mine ? c->config.lease_ms / 2 : 0))
        return mine;
    TX(tx, s->db);
    db_exec(s->db,
            "INSERT INTO chore (name, holder, lease_until) VALUES ($1, '', 0)"
            " ON CONFLICT (name) DO NOTHING",
            DB_ARGS(DB_S(chore->name)));
    int64_t taken =
        db_exec(s->db,
                "UPDATE chore SET holder = $2, lease_until = $3 WHERE name = $1"
                " AND (holder = $2 OR lease_until <= $4)",
                DB_ARGS(DB_S(chore->name), DB_S(me), DB_N(now + c->config.lease_ms), DB_N(now)));
    return tx_commit(&tx) && taken > 0;
}

/* Whoever comes next need not wait. SQLite's file is locked by its one process. */
static void leases_end(struct scope *s, const struct chores *c)
{
    TX(tx, s->db);
    db_exec(s->db, "UPDATE chore SET lease_until = 0 WHERE holder = $1",
            DB_ARGS(DB_S(str_c(c->name))));
    (void)!tx_commit(&tx);
}

/* ---- the threads ---- */

static bool is_running(const struct chores *c)
{
    return !atomic_load(&c->stopping);
}

/* Does a chore as long as there is more of it. */
static void chore_do(struct chores *c, const struct chore *chore)
{
    struct db *db = store_borrow(c->config.store);
    for (bool more = db; more && is_running(c);) {
        ARENA(arena, ARENA_MAX_DEFAULT);
        struct scope scope = {.db = db, .arena = &arena, .clock = c->config.clock};
        bool alone = store_engine(c->config.store) == STORE_SQLITE;
        more = (alone || lease_take(&scope, c, chore)) && chore->step(&scope);
    }
    store_return(&db);
}

static void rest(struct chores *c, int64_t ms)
{
    struct timespec until = clock_deadline(ms);
    pthread_mutex_lock(&c->lock);
    while (is_running(c) && pthread_cond_timedwait(&c->wake, &c->lock, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&c->lock);
}

static void *thread_run(void *arg)
{
    struct worker *w = arg;
    while (is_running(w->chores)) {
        chore_do(w->chores, w->chore);
        rest(w->chores, w->chore->rest_ms);
    }
    return NULL;
}

struct chores *chores_start(const struct chores_config *config)
{
    struct chores *c = calloc(1, sizeof *c);
    pthread_condattr_t monotonic;
    if (!c)
        fatal("chores_start");
    c->config = *config;
    token_make(c->name);
    pthread_mutex_init(&c->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&c->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    for (size_t i = 0; i < COUNT_OF(list); i++) {
        c->workers[i] = (struct worker){.chores = c, .chore = &list[i]};
        if (pthread_create(&c->workers[i].thread, NULL, thread_run, &c->workers[i]) != 0)
            fatal("a thread for a chore");
    }
    return c;
}

void chores_stop(struct chores **cp)
{
    struct chores *c = *cp;
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    atomic_store(&c->stopping, true);
    pthread_cond_broadcast(&c->wake);
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < COUNT_OF(list); i++)
        pthread_join(c->workers[i].thread, NULL);
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct db *db = store_borrow(c->config.store);
    struct scope scope = {.db = db, .arena = &arena, .clock = c->config.clock};
    if (db && store_engine(c->config.store) != STORE_SQLITE)
        leases_end(&scope, c);
    store_return(&db);
    pthread_cond_destroy(&c->wake);
    pthread_mutex_destroy(&c->lock);
    free(c);
    *cp = NULL;
}
