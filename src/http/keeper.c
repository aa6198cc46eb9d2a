/*
 * keeper.c - see keeper.h. `lock` is held whenever a peer's socket is touched, and keeper_remove
 * takes it before the socket is closed, so a descriptor is never used after it was given away.
 */
#include "http/keeper.h"
#include "base/clock.h"
#include "http/tick.h"
#include "http/visit.h"

#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define KEEPER_TICK_MS 250
#define LINGER_TICK_MS 20
#define LINGER_MS      (2 * SECOND_MS)
#define LINGER_READS   64 /* of 16 KiB, per socket and tick */

static void peers_cut(struct keeper *k, int64_t now)
{
    for (struct peer *p = k->peers; p; p = p->next) {
        if (now >= atomic_load_explicit(&p->cut_at, memory_order_relaxed)) {
            atomic_store_explicit(&p->cut_at, KEEPER_NEVER, memory_order_relaxed);
            shutdown(p->fd, SHUT_RDWR);
        }
    }
}

/* ---- parked visits ---- */

static bool client_gone(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

static int64_t parked_wake(struct keeper *k, int64_t now)
{
    int64_t next = KEEPER_NEVER;
    struct visit **at = &k->parked;
    while (*at) {
        struct visit *v = *at;
        bool cut = k->stopping || client_gone(v->peer->fd);
        if (cut || now >= v->due) {
            *at = v->next;
            v->next = NULL;
            k->wake(v, cut);
            continue;
        }
        next = v->due < next ? v->due : next;
        at = &v->next;
    }
    return next;
}

void keeper_park(struct keeper *k, struct visit *v, int64_t due)
{
    pthread_mutex_lock(&k->lock);
    if (k->stopping) {
        k->wake(v, true);
    } else {
        v->due = due;
        v->next = k->parked;
        k->parked = v;
        pthread_cond_signal(&k->changed);
    }
    pthread_mutex_unlock(&k->lock);
}

void keeper_release(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    k->stopping = true;
    parked_wake(k, tick_now());
    pthread_cond_signal(&k->changed);
    pthread_mutex_unlock(&k->lock);
}

/* ---- lingering sockets ---- */

/* Throws away what has arrived; false when the client is done. */
static bool linger_drain(int fd)
{
    static char nowhere[(size_t)16 << 10]; /* one thread, and nobody reads it */
    for (int i = 0; i < LINGER_READS; i++) {
        ssize_t n = recv(fd, nowhere, sizeof nowhere, MSG_DONTWAIT);
        if (n == 0)
            return false;
        if (n < 0)
            return true;
    }
    return true;
}

static void linger_all(struct keeper *k, int64_t now)
{
    for (unsigned i = 0; i < k->linger_count;) {
        if (linger_drain(k->lingering[i].fd) && now < k->lingering[i].until) {
            i++;
            continue;
        }
        close(k->lingering[i].fd);
        k->lingering[i] = k->lingering[--k->linger_count];
    }
}

void keeper_linger(struct keeper *k, int fd)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        return;
    pthread_mutex_lock(&k->lock);
    bool room = k->linger_count < LINGER_MAX && !k->stopping;
    if (room) {
        k->lingering[k->linger_count].fd = copy;
        k->lingering[k->linger_count++].until = tick_now() + LINGER_MS;
        pthread_cond_signal(&k->changed);
    }
    pthread_mutex_unlock(&k->lock);
    if (!room)
        close(copy);
}

/* ---- the thread and its list ---- */

static void *keeper_main(void *cls)
{
    struct keeper *k = cls;
    pthread_mutex_lock(&k->lock);
    while (!k->stopping || k->peers) {
        int64_t now = tick_now();
        peers_cut(k, now);
        int64_t next = parked_wake(k, now);
        linger_all(k, now);
        int64_t tick = now + (k->linger_count ? LINGER_TICK_MS : KEEPER_TICK_MS);
        tick_wait(&k->changed, &k->lock, next < tick ? next : tick);
    }
    linger_all(k, KEEPER_NEVER);
    pthread_mutex_unlock(&k->lock);
    return NULL;
}

bool keeper_start(struct keeper *k, void (*wake)(struct visit *v, bool cut))
{
    *k = (struct keeper){.wake = wake};
    pthread_mutex_init(&k->lock, NULL);
    tick_cond_init(&k->changed);
    return pthread_create(&k->thread, NULL, keeper_main, k) == 0;
}

void keeper_add(struct keeper *k, struct peer *p)
{
    pthread_mutex_lock(&k->lock);
    p->next = k->peers;
    p->back = &k->peers;
    if (p->next)
        p->next->back = &p->next;
    k->peers = p;
    pthread_mutex_unlock(&k->lock);
}

void keeper_remove(struct keeper *k, struct peer *p)
{
    pthread_mutex_lock(&k->lock);
    *p->back = p->next;
    if (p->next)
        p->next->back = p->back;
    if (k->stopping)
        pthread_cond_broadcast(&k->changed);
    pthread_mutex_unlock(&k->lock);
}

void keeper_visits(struct keeper *k, int change)
{
    pthread_mutex_lock(&k->lock);
    k->visits += (unsigned)change;
    if (k->stopping)
        pthread_cond_broadcast(&k->changed);
    pthread_mutex_unlock(&k->lock);
}

void keeper_wait_visits(struct keeper *k, int timeout_ms)
{
    int64_t until = tick_now() + timeout_ms;
    pthread_mutex_lock(&k->lock);
    while (k->visits > 0 && tick_now() < until)
        tick_wait(&k->changed, &k->lock, until);
    pthread_mutex_unlock(&k->lock);
}

void keeper_stop(struct keeper *k)
{
    keeper_release(k);
    pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->changed);
    pthread_mutex_destroy(&k->lock);
}
