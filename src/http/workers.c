/*
 * workers.c - see workers.h.
 */
#include "http/workers.h"
#include "http/tick.h"
#include "http/visit.h"

#include <assert.h>

static struct visit *visit_next(struct workers *w)
{
    while (!w->first && !w->stopping)
        pthread_cond_wait(&w->waiting, &w->lock);
    struct visit *v = w->first;
    if (v) {
        w->first = v->next;
        v->next = NULL;
    }
    return v;
}

static void *worker_main(void *cls)
{
    struct workers *w = cls;
    struct visit *v;
    pthread_mutex_lock(&w->lock);
    while ((v = visit_next(w))) {
        w->busy++;
        pthread_mutex_unlock(&w->lock);
        w->work(v);
        pthread_mutex_lock(&w->lock);
        w->busy--;
        if (w->busy == 0 && !w->first)
            pthread_cond_broadcast(&w->idle);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

bool workers_start(struct workers *w, unsigned count, void (*work)(struct visit *v))
{
    *w = (struct workers){.work = work};
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->waiting, NULL);
    tick_cond_init(&w->idle);
    while (w->count < count && w->count < WORKERS_MAX) {
        if (pthread_create(&w->threads[w->count], NULL, worker_main, w) != 0)
            return w->count > 0;
        w->count++;
    }
    return true;
}

bool workers_push(struct workers *w, struct visit *v)
{
    pthread_mutex_lock(&w->lock);
    bool open = !w->closed;
    if (open) {
        *(w->first ? &w->last->next : &w->first) = v;
        w->last = v;
        pthread_cond_signal(&w->waiting);
    }
    pthread_mutex_unlock(&w->lock);
    return open;
}

bool workers_drain(struct workers *w, int timeout_ms)
{
    int64_t until = tick_now() + timeout_ms;
    pthread_mutex_lock(&w->lock);
    w->closed = true;
    while ((w->busy > 0 || w->first) && tick_now() < until)
        tick_wait(&w->idle, &w->lock, until);
    bool drained = w->busy == 0 && !w->first;
    pthread_mutex_unlock(&w->lock);
    return drained;
}

void workers_stop(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    assert(!w->first);
    w->stopping = true;
    pthread_cond_broadcast(&w->waiting);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->count; i++)
        pthread_join(w->threads[i], NULL);
    pthread_cond_destroy(&w->waiting);
    pthread_cond_destroy(&w->idle);
    pthread_mutex_destroy(&w->lock);
}
