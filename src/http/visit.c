/*
 * visit.c - see visit.h: the way of a request through the phases, and the deadlines on it.
 */
#include "http/visit.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/assets.h"
#include "http/tick.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>

/* What may still come of a chunked body after it has become too large; then the line is cut. */
#define THROW_AWAY_MAX INT64_C(65536)

void visit_deadline(struct visit *v, int64_t tick)
{
    atomic_store_explicit(&v->peer->cut_at, tick, memory_order_relaxed);
}

/* When `bytes` must have come in: the grace plus their time at the slowest rate allowed. */
static int64_t body_deadline(const struct visit *v, int64_t bytes)
{
    const struct http_config *c = &v->server->config;
    return v->since + c->body_grace_s * SECOND_MS + bytes * SECOND_MS / c->body_rate_min;
}

struct visit *visit_new(struct http_server *s, struct MHD_Connection *c, const char *target)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct visit *v = calloc(1, sizeof *v);
    if (!v)
        fatalx("out of memory (request)");
    exchange_begin(&v->x, s->config.app);
    v->x.stopping = &s->stopping;
    v->x.connection = c;
    body_begin(&v->body);
    v->server = s;
    v->connection = c;
    v->peer = info->socket_context;
    v->target = str_dup(&v->x.arena, str_c(target));
    v->since = tick_now();
    keeper_visits(&s->keeper, 1);
    return v;
}

void visit_free(struct visit *v)
{
    if (v->phase == VISIT_ANSWERED && v->x.route)
        log_debug("%s: %s %s %d %lld ms", v->server->config.name, exchange_method(&v->x),
                  v->x.route->path, v->status, (long long)(tick_now() - v->since));
    if (v->linger)
        keeper_linger(&v->server->keeper, v->peer->fd);
    visit_deadline(v, tick_now() + v->server->config.idle_timeout_s * SECOND_MS);
    keeper_visits(&v->server->keeper, -1);
    body_drop(&v->body);
    http_exchange_end(&v->x);
    free(v);
}

/* ---- the head ---- */

static enum MHD_Result header_keep(void *cls, enum MHD_ValueKind kind UNUSED, const char *name,
                                   const char *value)
{
    struct visit *v = cls;
    if (exchange_header_add(&v->x, str_c(name), str_c(value)))
        return MHD_YES;
    v->status = response_refuse(&v->x, REFUSAL_HEADERS, STR(""));
    return MHD_NO;
}

/* The last address of the last X-Forwarded-For: the proxy appends the one it saw, and what stands
 * before it was written by the client. */
static struct str forwarded_for(const struct http_exchange *x)
{
    for (size_t i = x->request.header_count; i-- > 0;) {
        struct str value = x->request.headers[i].value;
        if (!str_eq_nocase(x->request.headers[i].name, STR("X-Forwarded-For")))
            continue;
        const char *comma = memrchr(value.ptr, ',', value.len);
        return str_trim(comma ? str_slice(value, (size_t)(comma + 1 - value.ptr), value.len)
                              : value);
    }
    return STR("");
}

static struct str peer_address(struct visit *v)
{
    unsigned char ignored[sizeof(struct in6_addr)];
    const char *text = v->peer->address;
    if (v->server->config.behind_proxy)
        text = str_z(&v->x.arena, forwarded_for(&v->x));
    bool sound = inet_pton(AF_INET, text, ignored) == 1 || inet_pton(AF_INET6, text, ignored) == 1;
    return str_c(sound ? text : v->peer->address);
}

static size_t header_count(const struct visit *v, struct str name)
{
    size_t n = 0;
    for (size_t i = 0; i < v->x.request.header_count; i++)
        n += str_eq_nocase(v->x.request.headers[i].name, name);
    return n;
}

#define LENGTH_UNKNOWN (-1) /* chunked */
#define LENGTH_WRONG   (-2) /* the head contradicts itself: the way requests are smuggled */

static int64_t body_length(const struct visit *v)
{
    size_t lengths = header_count(v, STR("Content-Length"));
    size_t codings = header_count(v, STR("Transfer-Encoding"));
    int64_t length = 0;
    if (lengths + codings > 1 || header_count(v, STR("Host")) > 1)
        return LENGTH_WRONG;
    if (lengths && !str_i64(http_header(&v->x, "Content-Length"), 0, INT64_MAX, &length))
        return LENGTH_WRONG;
    return codings ? LENGTH_UNKNOWN : length;
}

/* A path that is in no route: a file of the page, or unknown it stays. */
static int page_judge(struct http_exchange *x, const struct http_config *config)
{
    int status = 0;
    buf_clear(&x->response.body);
    if (config->assets || config->asset_folder)
        status = assets_find(x, config);
    return status ? status : response_refuse(x, REFUSAL_UNKNOWN, STR(""));
}

/* Everything that can be decided from the head: 0 to go on, or the status of an answer. */
static int head_judge(struct visit *v, struct str method, int64_t length)
{
    struct http_exchange *x = &v->x;
    if (atomic_load(&v->server->stopping))
        return response_refuse(x, REFUSAL_BUSY, STR(""));
    if (length == LENGTH_WRONG)
        return response_refuse(x, REFUSAL_FRAMING, STR(""));
    int status = exchange_target(x, v->target);
    if (status)
        return status;
    status = exchange_route(x, &v->server->call, method);
    if (status == 404 && (x->request.head || str_eq(method, STR("GET"))))
        return page_judge(x, &v->server->config);
    return status ? status : exchange_body_allowed(x, length);
}

/* Puts the connection to sleep until a worker has done its part. */
static enum MHD_Result suspend_for(struct visit *v, enum visit_phase phase)
{
    v->phase = phase;
    visit_deadline(v, KEEPER_NEVER);
    MHD_suspend_connection(v->connection);
    if (!workers_push(&v->server->workers, v)) {
        v->status = response_refuse(&v->x, REFUSAL_BUSY, STR(""));
        v->phase = phase == VISIT_RUN ? VISIT_DONE : phase;
        MHD_resume_connection(v->connection);
    }
    return MHD_YES;
}

/* An answer before the body has come. The connection closes after it. */
static enum MHD_Result answer_early(struct visit *v)
{
    v->linger = true;
    return answer_queue(v);
}

/* The head is accepted, or refused without a body behind it. */
static enum MHD_Result body_expect(struct visit *v)
{
    bool file = v->x.route && v->x.route->body == HTTP_BODY_FILE;
    if (v->status == 0 && file)
        v->status = body_open(&v->body, &v->x, v->server->config.upload_folder);
    if (v->status && file)
        return answer_early(v);
    v->since = tick_now();
    visit_deadline(v, body_deadline(v, 0));
    v->phase = VISIT_BODY;
    return MHD_YES;
}

static enum MHD_Result visit_open(struct visit *v, struct str method)
{
    const struct http_hooks *hooks = &v->server->config.hooks;
    MHD_get_connection_values(v->connection, MHD_HEADER_KIND, header_keep, v);
    int64_t length = body_length(v);
    v->x.request.peer = peer_address(v);
    if (v->status == 0)
        v->status = head_judge(v, method, length);
    if (v->status && length != 0)
        return answer_early(v);
    if (v->status == 0 && v->x.route->body == HTTP_BODY_FILE && hooks->admit)
        return suspend_for(v, VISIT_ADMIT);
    return body_expect(v);
}

/* ---- the body ---- */

static enum MHD_Result visit_take(struct visit *v, const char *bytes, size_t *n)
{
    size_t got = *n;
    *n = 0;
    if (v->status == 0) {
        v->status = body_take(&v->body, &v->x, bytes, got);
        visit_deadline(v, body_deadline(v, v->body.size));
        return MHD_YES;
    }
    v->thrown += (int64_t)got;
    return v->thrown <= THROW_AWAY_MAX ? MHD_YES : MHD_NO;
}

/* ---- the handler ---- */

static void run_handler(struct visit *v)
{
    v->status = exchange_handle(&v->x, &v->server->config.hooks);
    v->phase = VISIT_DONE;
    v->cut = v->x.response.fault == HTTP_FAULT_CUT;
}

static enum MHD_Result visit_run(struct visit *v)
{
    if (v->status)
        return answer_queue(v);
    body_finish(&v->body, &v->x);
    if (!v->x.route->quick)
        return suspend_for(v, VISIT_RUN);
    run_handler(v);
    assert(v->x.response.fault == HTTP_FAULT_NONE && v->x.response.delay_ms == 0);
    return answer_queue(v);
}

void visit_wake(struct visit *v, bool cut)
{
    v->cut = v->cut || cut;
    MHD_resume_connection(v->connection); /* from here on the visit may be gone */
}

void visit_work(struct visit *v)
{
    const struct http_response *r = &v->x.response;
    if (v->phase == VISIT_ADMIT) {
        v->status = v->server->config.hooks.admit(&v->x);
        visit_wake(v, false);
        return;
    }
    run_handler(v);
    if (r->fault == HTTP_FAULT_HANG)
        keeper_park(&v->server->keeper, v, KEEPER_NEVER);
    else if (r->delay_ms > 0)
        keeper_park(&v->server->keeper, v, tick_now() + r->delay_ms);
    else
        visit_wake(v, false);
}

enum MHD_Result visit_step(struct visit *v, const char *method, const char *bytes, size_t *n)
{
    switch (v->phase) {
    case VISIT_HEAD:
        return visit_open(v, str_c(method));
    case VISIT_ADMIT:
        return body_expect(v);
    case VISIT_BODY:
        return *n ? visit_take(v, bytes, n) : visit_run(v);
    case VISIT_DONE:
        return v->cut ? MHD_NO : answer_queue(v);
    case VISIT_RUN:
    case VISIT_ANSWERED:
        break;
    }
    fatalx("http: a request was continued out of turn");
}
