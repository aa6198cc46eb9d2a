/*
 * practice.c - see practice.h.
 */
#include "cli/practice.h"

#include "gateway/form.h"
#include <stdio.h>

/* ---- HTTP on the outside, a plain function inside ---- */

/* 500 receivers with texts at their limits, five long links each, percent-encoded. */
#define FORM_MAX ((size_t)16 << 20)

static int answer(struct http_exchange *x, struct str body)
{
    static const enum http_fault faults[] = {
        [PRACTICE_CUT_NONE] = HTTP_FAULT_NONE,
        [PRACTICE_CUT_ALL] = HTTP_FAULT_CUT,
        [PRACTICE_CUT_HALF] = HTTP_FAULT_HALF,
        [PRACTICE_CUT_HANG] = HTTP_FAULT_HANG,
    };
    struct practice_answer a;
    practice_handle(x->app, x->request.path, body, &x->arena, &a);
    buf_str(&x->response.body, a.body);
    x->response.content_type = a.content_type;
    x->response.fault = faults[a.cut];
    x->response.delay_ms = a.delay_ms;
    return a.http_status;
}

/* multipart/form-data becomes the form that the function knows. */
static void take_piece(void *ctx, struct str name, struct str piece, bool first)
{
    struct buf *form = ctx;
    if (first) {
        buf_lit(form, "&");
        form_encode(form, name);
        buf_lit(form, "=");
    }
    form_encode(form, piece);
}

static int answer_post(struct http_exchange *x)
{
    struct str type = http_header(x, "Content-Type");
    if (!type.ptr || !str_starts(type, STR("multipart/")))
        return answer(x, x->request.body);
    BUF(form, FORM_MAX);
    if (!http_multipart_read(x, take_piece, &form) || form.failed)
        buf_clear(&form); /* nothing of it is believed */
    return answer(x, buf_view(&form));
}

/* The query goes in as the form it is. */
static int answer_get(struct http_exchange *x)
{
    struct buf form = BUF_INIT(4096);
    for (size_t i = 0; i < x->request.query_count; i++) {
        const struct http_field *f = &x->request.query[i];
        buf_printf(&form, "%s%.*s=%.*s", i ? "&" : "", STR_ARG(f->name), STR_ARG(f->value));
    }
    struct str query = str_dup(&x->arena, buf_view(&form));
    buf_free(&form);
    return answer(x, query);
}

#define CALL  0, answer_post, NULL, HTTP_BODY_FORM, FORM_MAX, false
#define LOOK  0, answer_get, NULL, HTTP_BODY_NONE, 0, false
#define ORDER 0, answer_post, NULL, HTTP_BODY_JSON, HTTP_JSON_MAX, false

/* Aligo's paths end in a slash, and some clients leave it off. */
#define BOTH(path, kind)                                                                           \
    {HTTP_POST, path, kind},                                                                       \
    {                                                                                              \
        HTTP_POST, path "/", kind                                                                  \
    }

static const struct http_route routes[] = {
    BOTH("/akv10/alimtalk/send", CALL),     BOTH("/akv10/cancel", CALL),
    BOTH("/akv10/category", CALL),          BOTH("/akv10/heartinfo", CALL),
    BOTH("/akv10/history/detail", CALL),    BOTH("/akv10/history/list", CALL),
    BOTH("/akv10/profile/add", CALL),       BOTH("/akv10/profile/auth", CALL),
    BOTH("/akv10/profile/list", CALL),      BOTH("/akv10/template/add", CALL),
    BOTH("/akv10/template/del", CALL),      BOTH("/akv10/template/list", CALL),
    BOTH("/akv10/template/modify", CALL),   BOTH("/akv10/template/request", CALL),
    {HTTP_GET, "/practice/calls", LOOK},    {HTTP_GET, "/practice/faults", LOOK},
    {HTTP_GET, "/practice/image", LOOK},    {HTTP_GET, "/practice/journal", LOOK},
    {HTTP_GET, "/practice/status", LOOK},   {HTTP_POST, "/practice/faults", ORDER},
    {HTTP_POST, "/practice/points", ORDER}, {HTTP_POST, "/practice/templates", ORDER},
};

const struct http_route *practice_routes(size_t *count)
{
    *count = COUNT_OF(routes);
    return routes;
}

/* Where this machine reaches a listener; "everywhere" is no address to call. */
static void tell_url(struct practice *p, const char *address, const struct http_server *server)
{
    char url[96];
    bool everywhere = strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
    const char *host = everywhere ? "127.0.0.1" : address;
    bool bare = !strchr(host, ':');
    int n = snprintf(url, sizeof url, "http://%s%s%s:%u", bare ? "" : "[", host, bare ? "" : "]",
                     http_server_port(server));
    if (n > 0 && (size_t)n < sizeof url)
        practice_url_set(p, str_c(url));
}

struct http_server *practice_listen(struct practice *p, const char *address, uint16_t port)
{
    struct http_server *server = http_server_start(&(struct http_config){
        .name = "practice gateway",
        .address = address,
        .port = port,
        .routes = routes,
        .route_count = COUNT_OF(routes),
        .app = p,
    });
    if (server)
        tell_url(p, address, server);
    return server;
}
