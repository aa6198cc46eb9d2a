/*
 * stream.c - see stream.h. A stream is touched by two threads: the epoll thread of its connection
 * (reader, release) and the event thread; `streams.lock` guards everything but the source, which
 * only the event thread calls. A suspended connection notices nothing, so the event thread also
 * looks for clients that have gone.
 */
#include "http/stream.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/tick.h"

#include <poll.h>
#include <stdlib.h>

#define STREAM_TICK_MS     500
#define STREAM_PENDING_MAX ((size_t)4 << 20)

struct stream {
    struct stream *next;
    struct streams *owner;
    struct MHD_Connection *connection;
    int fd;
    struct http_stream source;
    struct buf pending; /* taken up to `sent` */
    size_t sent;
    int64_t last_event, due;         /* ticks: something was sent; the source is asked next */
    bool suspended, ended, released; /* released: the connection is through with it */
};

/* ---- the connection's side ---- */

/* Hands out pending bytes, or puts the connection to sleep until the event thread has some. */
static ssize_t stream_read(void *cls, uint64_t position UNUSED, char *out, size_t max)
{
    struct stream *st = cls;
    ssize_t n = 0;
    pthread_mutex_lock(&st->owner->lock);
    if (st->sent < st->pending.len) {
        size_t left = st->pending.len - st->sent;
        n = (ssize_t)(left < max ? left : max);
        memcpy(out, st->pending.ptr + st->sent, (size_t)n);
        st->sent += (size_t)n;
    } else if (st->ended) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        MHD_suspend_connection(st->connection);
        st->suspended = true;
    }
    pthread_mutex_unlock(&st->owner->lock);
    return n;
}

static void stream_release(void *cls)
{
    struct stream *st = cls;
    struct streams *owner = st->owner;
    pthread_mutex_lock(&owner->lock);
    st->released = true;
    pthread_cond_signal(&owner->changed);
    pthread_mutex_unlock(&owner->lock);
}

static struct stream *stream_add(struct streams *s, struct MHD_Connection *c, int fd,
                                 struct http_stream source)
{
    struct stream *st = calloc(1, sizeof *st);
    if (!st)
        return NULL;
    *st = (struct stream){.owner = s, .connection = c, .fd = fd, .source = source};
    buf_init(&st->pending, STREAM_PENDING_MAX);
    st->last_event = tick_now();
    pthread_mutex_lock(&s->lock);
    bool room = !s->stopping && s->count < s->max;
    if (room) {
        st->next = s->first;
        s->first = st;
        s->count++;
        pthread_cond_signal(&s->changed);
    }
    pthread_mutex_unlock(&s->lock);
    if (!room) {
        free(st);
        return NULL;
    }
    return st;
}

struct MHD_Response *stream_response(struct streams *s, struct MHD_Connection *c, int fd,
                                     struct http_stream source)
{
    struct stream *st = stream_add(s, c, fd, source);
    if (!st)
        return NULL;
    struct MHD_Response *r =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, stream_read, st, stream_release);
    if (!r)
        fatalx("out of memory (event stream)");
    return r;
}

/* ---- the event thread ---- */

static void stream_wake(struct stream *st)
{
    if (st->suspended && !st->released) {
        st->suspended = false;
        MHD_resume_connection(st->connection);
    }
}

static bool client_gone(const struct stream *st)
{
    struct pollfd p = {.fd = st->fd, .events = POLLRDHUP};
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* Asks the source for news, without the lock: it may take its time at a database. */
static void stream_fill(struct streams *s, struct stream *st)
{
    BUF(news, STREAM_PENDING_MAX);
    pthread_mutex_unlock(&s->lock);
    bool more = st->source.next(st->source.ctx, &news);
    pthread_mutex_lock(&s->lock);
    if (news.len == 0 && tick_now() - st->last_event >= s->heartbeat_s * SECOND_MS)
        buf_lit(&news, ": still here\n\n");
    if (news.len > 0)
        st->last_event = tick_now();
    buf_clear(&st->pending);
    st->sent = 0;
    buf_append(&st->pending, news.ptr, news.len);
    st->ended = st->ended || !more || news.failed;
}

/* Asks a live stream whose last answer has left; wakes its connection when there is a reason. */
static void stream_tick(struct streams *s, struct stream *st)
{
    if (st->released || tick_now() < st->due)
        return;
    st->due = tick_now() + STREAM_TICK_MS;
    if (client_gone(st))
        st->ended = true;
    if (!st->ended && st->sent == st->pending.len)
        stream_fill(s, st);
    if (st->ended || st->sent < st->pending.len)
        stream_wake(st);
}

static struct stream *take_released(struct streams *s)
{
    for (struct stream **at = &s->first; *at; at = &(*at)->next) {
        struct stream *st = *at;
        if (st->released) {
            *at = st->next;
            s->count--;
            return st;
        }
    }
    return NULL;
}

static void streams_sweep(struct streams *s)
{
    struct stream *st;
    while ((st = take_released(s))) {
        pthread_mutex_unlock(&s->lock);
        if (st->source.close)
            st->source.close(st->source.ctx);
        buf_free(&st->pending);
        free(st);
        pthread_mutex_lock(&s->lock);
    }
}

static int64_t streams_due(const struct streams *s)
{
    int64_t due = INT64_MAX;
    for (const struct stream *st = s->first; st; st = st->next)
        due = st->due < due ? st->due : due;
    return due;
}

static bool any_released(const struct streams *s)
{
    for (const struct stream *st = s->first; st; st = st->next)
        if (st->released)
            return true;
    return false;
}

static void *streams_main(void *cls)
{
    struct streams *s = cls;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping || s->first) {
        /* Only this thread unlinks, and new streams enter in front: the walk may unlock. */
        for (struct stream *st = s->first; st; st = st->next)
            stream_tick(s, st);
        streams_sweep(s);
        if (!any_released(s) && (s->first || !s->stopping))
            tick_wait(&s->changed, &s->lock, streams_due(s));
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

bool streams_start(struct streams *s, const struct http_config *config)
{
    *s = (struct streams){.max = config->streams_max, .heartbeat_s = config->heartbeat_s};
    pthread_mutex_init(&s->lock, NULL);
    tick_cond_init(&s->changed);
    return pthread_create(&s->thread, NULL, streams_main, s) == 0;
}

void streams_end(struct streams *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    for (struct stream *st = s->first; st; st = st->next) {
        st->ended = true;
        stream_wake(st);
    }
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

void streams_stop(struct streams *s)
{
    streams_end(s);
    pthread_join(s->thread, NULL);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
}
