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

struct chores {
    struct chores_config config;
    char name[TOKEN_LENGTH + 1];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool stopping;
    int64_t due[COUNT_OF(list)]; /* on the monotonic clock */
};

/* ---- the lease ---- */

/* Takes the chore, or keeps it; false while another process has it. */
static bool lease_take(struct scope *s, const struct chores *c, const struct chore *chore)
{
    struct str me = str_c(c->name);
    int64_t now = scope_now(s);
    TX(tx, s->db);
    db_exec(s->db,
            "INSERT INTO chore (name, holder, lease_until) VALUES ($1, '', 0)"
            " ON CONFLICT (name) DO NOTHING",
            DB_ARGS(DB_S(chore->name)));
    int64_t mine =
        db_exec(s->db,
                "UPDATE chore SET holder = $2, lease_until = $3 WHERE name = $1"
                " AND (holder = $2 OR lease_until < $4)",
                DB_ARGS(DB_S(chore->name), DB_S(me), DB_N(now + c->config.lease_ms), DB_N(now)));
    return tx_commit(&tx) && mine > 0;
}

/* Whoever comes next need not wait. SQLite's file is locked by its one process. */
static void leases_end(struct scope *s, const struct chores *c)
{
    TX(tx, s->db);
    db_exec(s->db, "UPDATE chore SET lease_until = 0 WHERE holder = $1",
            DB_ARGS(DB_S(str_c(c->name))));
    (void)!tx_commit(&tx);
}

/* ---- the thread ---- */

static bool is_running(const struct chores *c)
{
    return !atomic_load(&c->stopping);
}

/* Does one chore as long as there is more of it. */
static void chore_do(struct chores *c, struct db *db, const struct chore *chore)
{
    for (bool more = true; more && is_running(c);) {
        ARENA(arena, ARENA_MAX_DEFAULT);
        struct scope scope = {.db = db, .arena = &arena, .clock = c->config.clock};
        bool alone = store_engine(c->config.store) == STORE_SQLITE;
        more = (alone || lease_take(&scope, c, chore)) && chore->step(&scope);
    }
}

static void round_do(struct chores *c)
{
    struct db *db = NULL;
    for (size_t i = 0; i < COUNT_OF(list) && is_running(c); i++) {
        if (clock_monotonic() < c->due[i])
            continue;
        if (!db && !(db = store_borrow(c->config.store)))
            return;
        chore_do(c, db, &list[i]);
        c->due[i] = clock_monotonic() + list[i].rest_ms;
    }
    store_return(&db);
}

static int64_t next_due(const struct chores *c)
{
    int64_t due = c->due[0];
    for (size_t i = 1; i < COUNT_OF(list); i++)
        if (c->due[i] < due)
            due = c->due[i];
    return due;
}

static void rest(struct chores *c)
{
    int64_t ms = next_due(c) - clock_monotonic();
    struct timespec until = clock_deadline(ms > 1 ? ms : 1);
    pthread_mutex_lock(&c->lock);
    while (is_running(c) && pthread_cond_timedwait(&c->wake, &c->lock, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&c->lock);
}

static void *thread_run(void *arg)
{
    struct chores *c = arg;
    while (is_running(c)) {
        round_do(c);
        rest(c);
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
    if (pthread_create(&c->thread, NULL, thread_run, c) != 0)
        fatal("a thread for chores");
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
    pthread_join(c->thread, NULL);
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
