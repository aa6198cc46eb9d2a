/*
 * stream.h - server-sent events: many open answers, one thread that fills them.
 *
 * The event thread asks every stream's source about twice a second and wakes the connections that
 * have something to send; a stream that is not drained is not asked again, so a slow reader costs
 * one answer of memory. Used by answer.c and server.c.
 */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include "http/server.h"

#include <microhttpd.h>
#include <pthread.h>

struct stream;

struct streams {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    struct stream *first;
    unsigned count, max, heartbeat_s;
    bool stopping;
};

/* Starts the event thread with the configuration's limits. */
bool streams_start(struct streams *s, const struct http_config *config) MUST_CHECK;

/* A response that sends the source's events on connection `c` (socket `fd`); the source is taken
 * over. NULL when too many are open or the server stops: the source stays the caller's. */
struct MHD_Response *stream_response(struct streams *s, struct MHD_Connection *c, int fd,
                                     struct http_stream source) MUST_CHECK;

/* Ends every stream: each sends what it holds and closes. New ones are refused from now on. */
void streams_end(struct streams *s);

/* Joins the thread and frees; no connection may be left. */
void streams_stop(struct streams *s);

#endif
