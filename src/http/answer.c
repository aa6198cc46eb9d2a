/*
 * answer.c - see visit.h: the last step of a visit. Bodies are handed over without a copy; they
 * live in the visit, which outlives the response, or in a file that the kernel sends.
 */
#include "base/clock.h"
#include "base/log.h"
#include "http/assets.h"
#include "http/tick.h"
#include "http/visit.h"

#include <microhttpd.h>

static char *unconst(struct str s)
{
    union {
        const char *in;
        char *out;
    } pointer = {.in = s.ptr};
    return pointer.out; /* libmicrohttpd takes void * but does not write to persistent buffers */
}

static struct MHD_Response *from_memory(struct str content)
{
    return MHD_create_response_from_buffer(content.len, unconst(content), MHD_RESPMEM_PERSISTENT);
}

/* Half of the body, then an error that closes the connection. */
static ssize_t half_read(void *cls, uint64_t position, char *out, size_t max)
{
    const struct buf *body = cls;
    size_t half = body->len / 2;
    if (position >= half)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t n = half - (size_t)position;
    n = n < max ? n : max;
    memcpy(out, body->ptr + position, n);
    return (ssize_t)n;
}

/* Events on this connection; a refusal when there are too many already. */
static struct MHD_Response *from_stream(struct visit *v)
{
    struct http_response *r = &v->x.response;
    struct MHD_Response *out =
        stream_response(&v->server->streams, v->connection, v->peer->fd, r->stream);
    if (!out) {
        v->status = response_refuse(&v->x, REFUSAL_BUSY, STR(""));
        return from_memory(buf_view(&r->body));
    }
    r->stream = (struct http_stream){0};
    http_set_header(&v->x, "X-Accel-Buffering", STR("no"));
    visit_deadline(v, KEEPER_NEVER);
    return out;
}

/* The file is libmicrohttpd's from here on, which closes it with the response. */
static struct MHD_Response *from_file(struct http_response *r)
{
    struct MHD_Response *out = MHD_create_response_from_fd64((uint64_t)r->file.size, r->file.fd);
    if (out)
        r->file = (struct http_file){0};
    return out;
}

/* The body of the answer, by what the handler chose. */
static struct MHD_Response *answer_body(struct visit *v)
{
    struct http_response *r = &v->x.response;
    const struct http_config *config = &v->server->config;
    struct str content = buf_view(&r->body);
    if (r->stream.next)
        r->content_type = "text/event-stream";
    if (r->stream.next && !v->x.request.head)
        return from_stream(v);
    if (r->asset)
        v->status = asset_prepare(&v->x, &content);
    int64_t size = r->file.given ? r->file.size : (int64_t)content.len;
    visit_deadline(v, tick_now() + config->body_grace_s * SECOND_MS +
                          size * SECOND_MS / config->body_rate_min);
    if (r->file.given)
        return from_file(r);
    if (r->fault == HTTP_FAULT_HALF)
        return MHD_create_response_from_callback(content.len, 4096, half_read, &r->body, NULL);
    return from_memory(content);
}

/* libmicrohttpd copies name and value, and wants both to end in NUL. */
static void headers_copy(struct visit *v, struct MHD_Response *out)
{
    for (size_t i = 0; i < v->x.response.header_count; i++) {
        const struct http_field *h = &v->x.response.headers[i];
        const char *value = str_z(&v->x.arena, h->value);
        if (MHD_add_response_header(out, h->name.ptr, value) == MHD_NO)
            log_warnx("%s: response header %s refused", v->server->config.name, h->name.ptr);
    }
}

enum MHD_Result answer_queue(struct visit *v)
{
    struct MHD_Response *out = answer_body(v);
    if (!out)
        fatalx("out of memory (response)");
    response_complete(&v->x, v->server->config.security_policy);
    headers_copy(v, out);
    if (atomic_load(&v->server->stopping))
        MHD_add_response_header(out, "Connection", "close");
    enum MHD_Result queued = MHD_queue_response(v->connection, (unsigned)v->status, out);
    MHD_destroy_response(out);
    if (queued == MHD_YES)
        v->phase = VISIT_ANSWERED;
    return queued;
}
