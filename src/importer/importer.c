/*
 * importer.c - see importer.h.
 */
#include "importer/importer.h"
#include "base/log.h"
#include "base/token.h"
#include "domain/import_work.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS_MAX     8
#define LOOK_MS         1000 /* for what another process has left */
#define WORKER_NAME_MAX 64

struct importer {
    struct importer_config config;
    char name[TOKEN_LENGTH + 1];
    pthread_t threads[THREADS_MAX];
    unsigned started; /* guarded by lock: gives each thread its number */
    pthread_mutex_t lock;
    pthread_cond_t wake, done;
    uint64_t wakes, ended; /* guarded by lock */
    atomic_bool stopping;
};

static bool is_running(void *ctx)
{
    struct importer *im = ctx;
    return !atomic_load(&im->stopping);
}

/* Sleeps until `ms` have passed, importer_wake was called since `seen`, or all stop. */
static uint64_t wait_for_work(struct importer *im, uint64_t seen)
{
    struct timespec until = clock_deadline(LOOK_MS);
    pthread_mutex_lock(&im->lock);
    while (im->wakes == seen && is_running(im))
        if (pthread_cond_timedwait(&im->wake, &im->lock, &until) == ETIMEDOUT)
            break;
    seen = im->wakes;
    pthread_mutex_unlock(&im->lock);
    return seen;
}

static void tell_end(struct importer *im)
{
    pthread_mutex_lock(&im->lock);
    im->ended++;
    pthread_cond_broadcast(&im->done);
    pthread_mutex_unlock(&im->lock);
}

/* One piece of work; false when there was none. */
static bool work(struct importer *im, struct str name)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct db *db = store_borrow(im->config.store);
    if (!db)
        return false;
    struct scope scope = {.db = db, .arena = &arena, .clock = im->config.clock};
    struct import_worker worker = {
        .folder = im->config.folder,
        .name = name,
        .lease_ms = im->config.lease_ms,
        .go_on = is_running,
        .ctx = im,
    };
    bool did = import_work_once(&scope, &worker);
    store_return(&db);
    if (did)
        tell_end(im);
    return did;
}

static void *thread_run(void *arg)
{
    struct importer *im = arg;
    char name[WORKER_NAME_MAX];
    uint64_t seen = 0;
    pthread_mutex_lock(&im->lock);
    snprintf(name, sizeof name, "%s-%u", im->name, im->started++);
    pthread_mutex_unlock(&im->lock);
    while (is_running(im)) {
        while (is_running(im) && work(im, str_c(name)))
            ;
        seen = wait_for_work(im, seen);
    }
    return NULL;
}

static void orphans_free(struct importer *im)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct db *db = store_borrow(im->config.store);
    struct scope scope = {.db = db, .arena = &arena, .clock = im->config.clock};
    /* The lock on the data folder proves that nobody else lives who could work on what is in it. */
    if (db && store_engine(im->config.store) == STORE_SQLITE)
        import_work_orphans(&scope);
    else if (db)
        import_work_reclaim(&scope, im->config.folder);
    store_return(&db);
}

struct importer *importer_start(const struct importer_config *config)
{
    struct importer *im = calloc(1, sizeof *im);
    pthread_condattr_t monotonic;
    if (!im)
        fatal("importer_start");
    im->config = *config;
    assert(config->threads > 0 && config->threads <= THREADS_MAX);
    token_make(im->name);
    pthread_mutex_init(&im->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&im->wake, &monotonic);
    pthread_cond_init(&im->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    orphans_free(im);
    for (unsigned i = 0; i < config->threads; i++)
        if (pthread_create(&im->threads[i], NULL, thread_run, im) != 0)
            fatal("a thread of the importer");
    return im;
}

void importer_wake(struct importer *im)
{
    pthread_mutex_lock(&im->lock);
    im->wakes++;
    pthread_cond_broadcast(&im->wake);
    pthread_mutex_unlock(&im->lock);
}

uint64_t importer_ended(struct importer *im)
{
    pthread_mutex_lock(&im->lock);
    uint64_t ended = im->ended;
    pthread_mutex_unlock(&im->lock);
    return ended;
}

bool importer_wait(struct importer *im, uint64_t seen, int64_t ms)
{
    struct timespec until = clock_deadline(ms);
    pthread_mutex_lock(&im->lock);
    while (im->ended == seen && is_running(im))
        if (pthread_cond_timedwait(&im->done, &im->lock, &until) == ETIMEDOUT)
            break;
    bool more = im->ended != seen;
    pthread_mutex_unlock(&im->lock);
    return more;
}

void importer_stop(struct importer **imp)
{
    struct importer *im = *imp;
    if (!im)
        return;
    atomic_store(&im->stopping, true);
    importer_wake(im);
    for (unsigned i = 0; i < im->config.threads; i++)
        pthread_join(im->threads[i], NULL);
    pthread_cond_destroy(&im->wake);
    pthread_cond_destroy(&im->done);
    pthread_mutex_destroy(&im->lock);
    free(im);
    *imp = NULL;
}
