/*
 * visit.h - one request on its way through a server.
 *
 * libmicrohttpd calls visit_step again and again; the phase says where the visit stands. It belongs
 * to one thread at a time: its connection's epoll thread, then (suspended) a worker or the keeper,
 * then the epoll thread again. server.c makes and frees it.
 */
#ifndef HTTP_VISIT_H
#define HTTP_VISIT_H

#include "http/exchange.h"
#include "http/keeper.h"
#include "http/server.h"
#include "http/stream.h"
#include "http/workers.h"

#include <microhttpd.h>

struct http_server {
    struct http_config config;
    struct http_call call;
    struct MHD_Daemon *daemon;
    uint16_t port;
    struct workers workers;
    struct keeper keeper;
    struct streams streams;
    atomic_bool stopping;
};

enum visit_phase {
    VISIT_HEAD,     /* the request line is here, the rest of the head is not */
    VISIT_ADMIT,    /* suspended: a worker asks whether the file may come */
    VISIT_BODY,     /* the body is coming in, or being thrown away when there is a status already */
    VISIT_RUN,      /* suspended: a worker runs the handler */
    VISIT_DONE,     /* the status is known */
    VISIT_ANSWERED, /* the response is with libmicrohttpd */
};

struct visit {
    struct visit *next; /* in the workers' queue or the keeper's list */
    struct http_exchange x;
    struct http_server *server;
    struct MHD_Connection *connection;
    struct peer *peer;
    struct str target;
    struct body body;
    enum visit_phase phase;
    int status;         /* 0: no answer yet */
    int64_t since, due; /* ticks: it began; the keeper lets it go on */
    int64_t thrown;     /* bytes of a refused body */
    bool cut;           /* close the connection instead of answering */
    bool linger;        /* the client may still be sending */
};

/* A visit for a request line; never NULL. */
struct visit *visit_new(struct http_server *s, struct MHD_Connection *c, const char *target);
/* Goes on as far as it can: the access handler of libmicrohttpd. */
enum MHD_Result visit_step(struct visit *v, const char *method, const char *bytes, size_t *n);
/* A worker's part: admission or the handler. */
void visit_work(struct visit *v);
/* The keeper's part: continues a parked visit. */
void visit_wake(struct visit *v, bool cut);
/* The request is over, whatever ended it. */
void visit_free(struct visit *v);

/* The connection is cut at that tick (KEEPER_NEVER: not). */
void visit_deadline(struct visit *v, int64_t tick);

/* Turns the exchange's response into libmicrohttpd's and queues it (answer.c). */
enum MHD_Result answer_queue(struct visit *v);

#endif
