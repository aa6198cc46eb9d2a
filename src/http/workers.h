/*
 * workers.h - the threads in which handlers run.
 *
 * A first-in, first-out queue of visits and a fixed number of threads. The queue needs no limit of
 * its own: a connection has at most one visit, and connections are limited. Used by visit.c.
 */
#ifndef HTTP_WORKERS_H
#define HTTP_WORKERS_H

#include "base/attr.h"

#include <pthread.h>
#include <stdbool.h>

#define WORKERS_MAX 64

struct visit;

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t waiting, idle;
    pthread_t threads[WORKERS_MAX];
    unsigned count, busy;
    struct visit *first, *last;
    void (*work)(struct visit *v);
    bool closed, stopping;
};

/* Starts `count` threads that call `work` for every visit pushed. */
bool workers_start(struct workers *w, unsigned count, void (*work)(struct visit *v)) MUST_CHECK;
/* False when the queue is closed. */
bool workers_push(struct workers *w, struct visit *v) MUST_CHECK;
/* Closes the queue and waits until no visit is queued or running; false when `timeout_ms` is over
 * before. */
bool workers_drain(struct workers *w, int timeout_ms) MUST_CHECK;
/* Joins the threads; the queue must be empty. */
void workers_stop(struct workers *w);

#endif
