/*
 * keeper.h - the thread that keeps time for connections.
 *
 * It knows every open connection and cuts those whose deadline has passed (a head or body that
 * trickles, an answer nobody reads: libmicrohttpd's own timeout is renewed by every byte); it holds
 * visits whose answer is delayed on purpose without a worker; and it drains what refused clients
 * still send, so that closing does not destroy the answer on its way. It never blocks.
 * Used by visit.c and server.c.
 */
#ifndef HTTP_KEEPER_H
#define HTTP_KEEPER_H

#include "base/attr.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define KEEPER_NEVER INT64_MAX
#define LINGER_MAX   64 /* sockets drained at once; beyond it they close at once */

struct visit;

/* One connection. */
struct peer {
    struct peer *next, **back;
    int fd;
    _Atomic int64_t cut_at; /* tick after which the socket is shut down */
    char address[INET6_ADDRSTRLEN];
    struct visit *visit; /* the request under way, for when the connection ends without a word */
};

struct keeper {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    struct peer *peers;
    struct visit *parked;
    struct {
        int fd;
        int64_t until;
    } lingering[LINGER_MAX];
    unsigned linger_count, visits;
    void (*wake)(struct visit *v, bool cut);
    bool stopping;
};

/* Starts the thread; `wake` continues a parked visit, with cut true when it shall not be answered.
 */
bool keeper_start(struct keeper *k, void (*wake)(struct visit *v, bool cut)) MUST_CHECK;
void keeper_add(struct keeper *k, struct peer *p);
/* Before the connection's socket is closed. */
void keeper_remove(struct keeper *k, struct peer *p);
/* Holds a visit until tick `due` (KEEPER_NEVER: until its client goes away). */
void keeper_park(struct keeper *k, struct visit *v, int64_t due);
/* Drains a copy of the socket for a moment after the connection has closed. */
void keeper_linger(struct keeper *k, int fd);
/* Cuts every parked visit, and those that come later at once. */
void keeper_release(struct keeper *k);
/* Counts a request that began (+1) or ended (-1). */
void keeper_visits(struct keeper *k, int change);
/* Waits until every request has ended, at most `timeout_ms`. */
void keeper_wait_visits(struct keeper *k, int timeout_ms);
/* Joins the thread; no connection may be left. */
void keeper_stop(struct keeper *k);

#endif
