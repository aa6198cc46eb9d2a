/*
 * practice.c - see practice.h.
 */
#include "cli/practice.h"

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

static int answer_post(struct http_exchange *x)
{
    return answer(x, x->request.body);
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
static const struct http_route routes[] = {
    {HTTP_POST, "/akv10/alimtalk/send", CALL},  {HTTP_POST, "/akv10/alimtalk/send/", CALL},
    {HTTP_POST, "/akv10/cancel", CALL},         {HTTP_POST, "/akv10/cancel/", CALL},
    {HTTP_POST, "/akv10/heartinfo", CALL},      {HTTP_POST, "/akv10/heartinfo/", CALL},
    {HTTP_POST, "/akv10/history/detail", CALL}, {HTTP_POST, "/akv10/history/detail/", CALL},
    {HTTP_POST, "/akv10/history/list", CALL},   {HTTP_POST, "/akv10/history/list/", CALL},
    {HTTP_POST, "/akv10/profile/list", CALL},   {HTTP_POST, "/akv10/profile/list/", CALL},
    {HTTP_POST, "/akv10/template/list", CALL},  {HTTP_POST, "/akv10/template/list/", CALL},
    {HTTP_GET, "/practice/calls", LOOK},        {HTTP_GET, "/practice/faults", LOOK},
    {HTTP_GET, "/practice/journal", LOOK},      {HTTP_GET, "/practice/status", LOOK},
    {HTTP_POST, "/practice/faults", ORDER},     {HTTP_POST, "/practice/points", ORDER},
};

const struct http_route *practice_routes(size_t *count)
{
    *count = COUNT_OF(routes);
    return routes;
}

struct http_server *practice_listen(struct practice *p, const char *address, uint16_t port)
{
    return http_server_start(&(struct http_config){
        .name = "practice gateway",
        .address = address,
        .port = port,
        .routes = routes,
        .route_count = COUNT_OF(routes),
        .app = p,
    });
}
