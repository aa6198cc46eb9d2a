/*
 * sender.c - see sender.h: the threads and how they wait.
 */
#include "sender/sender.h"
#include "base/log.h"
#include "base/token.h"
#include "sender/dispatch.h"
#include "sender/history.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define DISPATCHERS_MAX 64
#define HISTORIANS      4   /* so that a gateway that hangs does not keep all others' results */
#define LEASE_RENEWALS  10  /* in the life of a lease: one that comes late does no harm */
#define HISTORIAN_MS    250 /* between looks for requests that are due */

const struct sender_times sender_times_default = {
    .lease_ms = 30 * SECOND_MS,
    .call_max_ms = 10 * MINUTE_MS,
    .result_first_ms = 5 * SECOND_MS,
    .result_max_ms = 30 * MINUTE_MS,
    .doubt_first_ms = 10 * SECOND_MS,
    .doubt_max_ms = 2 * MINUTE_MS,
    .settle_ms = 3 * MINUTE_MS,
    .settle_looks = 4,
    .hold_ms = 2 * MINUTE_MS,
};

struct sender {
    struct sender_config config;
    char node_name[TOKEN_LENGTH + 1];
    struct str node;
    pthread_t dispatchers[DISPATCHERS_MAX], historians[HISTORIANS], keeper;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    uint64_t wakes; /* guarded by lock: counts sender_wake, so that none is missed */
    atomic_bool stopping;
};

static bool still_running(void *ctx)
{
    struct sender *s = ctx;
    return !atomic_load(&s->stopping);
}

/* Sleeps until `ms` have passed, sender_wake was called since `seen`, or the sender stops. */
static uint64_t wait_for_work(struct sender *s, uint64_t seen, int64_t ms)
{
    struct timespec until = clock_deadline(ms);
    pthread_mutex_lock(&s->lock);
    while (s->wakes == seen && still_running(s))
        if (pthread_cond_timedwait(&s->wake, &s->lock, &until) == ETIMEDOUT)
            break;
    seen = s->wakes;
    pthread_mutex_unlock(&s->lock);
    return seen;
}

static void *dispatcher_run(void *arg)
{
    struct sender *s = arg;
    uint64_t seen = 0;
    while (still_running(s)) {
        struct db *db = store_borrow(s->config.store);
        int64_t wait = db ? dispatch_once(&s->config, db, s->node, still_running, s) : SECOND_MS;
        store_return(&db);
        if (wait > 0)
            seen = wait_for_work(s, seen, wait);
    }
    return NULL;
}

static int64_t orphans_find(struct sender *s, struct db *db)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct scope scope = {.db = db, .arena = &arena, .clock = s->config.clock};
    int64_t now = scope_now(&scope);
    request_lease(&scope, s->node, now + s->config.times.lease_ms);
    return request_orphans(&scope, s->node, store_engine(s->config.store) == STORE_SQLITE,
                           now - s->config.times.call_max_ms, s->config.times.doubt_first_ms);
}

static void keeper_step(struct sender *s, struct db *db)
{
    int64_t orphans = orphans_find(s, db);
    if (orphans)
        log_info("%lld calls of a process that died are being looked up in history",
                 (long long)orphans);
}

static void historian_step(struct sender *s, struct db *db)
{
    while (still_running(s) && history_look_once(&s->config, db))
        ;
}

/* Runs a step with a connection of its own, again and again. */
static void run_every(struct sender *s, int64_t ms, void (*step)(struct sender *s, struct db *db))
{
    uint64_t seen = 0;
    while (still_running(s)) {
        struct db *db = store_borrow(s->config.store);
        if (db)
            step(s, db);
        store_return(&db);
        seen = wait_for_work(s, seen, ms);
    }
}

/* Apart from the historians, whose calls may hang: the lease must not. */
static void *keeper_run(void *arg)
{
    struct sender *s = arg;
    run_every(s, s->config.times.lease_ms / LEASE_RENEWALS, keeper_step);
    return NULL;
}

static void *historian_run(void *arg)
{
    run_every(arg, HISTORIAN_MS, historian_step);
    return NULL;
}

static void thread_start(pthread_t *thread, void *(*run)(void *), struct sender *s)
{
    if (pthread_create(thread, NULL, run, s) != 0)
        fatal("a thread of the sender");
}

struct sender *sender_start(const struct sender_config *config)
{
    struct sender *s = calloc(1, sizeof *s);
    if (!s)
        fatal("sender_start");
    s->config = *config;
    if (s->config.dispatchers > DISPATCHERS_MAX)
        s->config.dispatchers = DISPATCHERS_MAX;
    token_make(s->node_name);
    s->node = str_c(s->node_name);
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    struct db *db = store_borrow(config->store);
    if (db)
        orphans_find(s, db); /* the lease stands before the first claim */
    store_return(&db);
    for (unsigned i = 0; i < s->config.dispatchers; i++)
        thread_start(&s->dispatchers[i], dispatcher_run, s);
    thread_start(&s->keeper, keeper_run, s);
    for (unsigned i = 0; i < HISTORIANS; i++)
        thread_start(&s->historians[i], historian_run, s);
    return s;
}

void sender_wake(struct sender *s)
{
    pthread_mutex_lock(&s->lock);
    s->wakes++;
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

void sender_stop(struct sender **sp)
{
    struct sender *s = *sp;
    if (!s)
        return;
    atomic_store(&s->stopping, true);
    sender_wake(s);
    for (unsigned i = 0; i < s->config.dispatchers; i++)
        pthread_join(s->dispatchers[i], NULL);
    pthread_join(s->keeper, NULL);
    for (unsigned i = 0; i < HISTORIANS; i++)
        pthread_join(s->historians[i], NULL);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    free(s);
    *sp = NULL;
}
