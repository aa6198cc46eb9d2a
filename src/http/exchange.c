/*
 * exchange.c - see exchange.h, and http.h ("without a socket").
 */
#include "http/exchange.h"
#include "base/log.h"
#include "http/form.h"
#include "http/router.h"

#include <assert.h>
#include <unistd.h>

void exchange_begin(struct http_exchange *x, void *app)
{
    arena_init(&x->arena, ARENA_MAX_DEFAULT);
    buf_init(&x->response.body, HTTP_RESPONSE_MAX);
    x->app = app;
}

bool exchange_header_add(struct http_exchange *x, struct str name, struct str value)
{
    if (x->request.header_count == HTTP_HEADERS_MAX)
        return false;
    x->request.headers[x->request.header_count++] =
        (struct http_field){.name = name, .value = value};
    return true;
}

static bool text_sound(struct str s)
{
    return utf8_valid(s) && !memchr(s.ptr, '\0', s.len);
}

static bool query_read(struct http_exchange *x, struct str query)
{
    struct http_request *r = &x->request;
    struct http_field field;
    while (http_form_next(&x->arena, &query, &field)) {
        if (r->query_count == HTTP_QUERY_MAX || !text_sound(field.name) || !text_sound(field.value))
            return false;
        r->query[r->query_count++] = field;
    }
    return true;
}

/* "http://host/path", which proxies send, to "/path". */
static struct str origin_form(struct str target)
{
    if (!str_starts(target, STR("http://")) && !str_starts(target, STR("https://")))
        return target;
    ptrdiff_t host = str_find(target, STR("//"), 0) + 2;
    ptrdiff_t path = str_find(target, STR("/"), (size_t)host);
    return path < 0 ? STR("/") : str_slice(target, (size_t)path, target.len);
}

int exchange_target(struct http_exchange *x, struct str target)
{
    struct str query = str_dup(&x->arena, origin_form(target)), path = {0};
    str_split(&query, '?', &path);
    x->request.path = form_decode(&x->arena, path, false);
    if (!str_starts(path, STR("/")) || !text_sound(x->request.path) || !query_read(x, query))
        return response_refuse(x, REFUSAL_TARGET, STR(""));
    return 0;
}

static const char *const method_names[] = {
    [HTTP_GET] = "GET",     [HTTP_POST] = "POST",     [HTTP_PUT] = "PUT",
    [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
};

const char *exchange_method(const struct http_exchange *x)
{
    return x->request.head ? "HEAD" : method_names[x->request.method];
}

/* The Allow header for a path's methods. */
static struct str methods_text(struct arena *a, unsigned methods)
{
    struct str text = STR("OPTIONS");
    for (size_t i = 0; i < COUNT_OF(method_names); i++)
        if (methods & 1U << i)
            text = str_printf(a, "%s%s, %.*s", i == HTTP_GET ? "HEAD, " : "", method_names[i],
                              STR_ARG(text));
    return text;
}

static bool method_read(struct http_request *r, struct str name)
{
    r->head = str_eq(name, STR("HEAD"));
    if (r->head)
        name = STR("GET");
    for (size_t i = 0; i < COUNT_OF(method_names); i++) {
        if (str_eq(name, str_c(method_names[i]))) {
            r->method = (enum http_method)i;
            return true;
        }
    }
    return false;
}

int exchange_route(struct http_exchange *x, const struct http_call *call, struct str method)
{
    bool known = method_read(&x->request, method);
    struct route_match match =
        route_find(call->routes, call->route_count, x->request.method, x->request.path);
    if (match.methods == 0)
        return response_refuse(x, REFUSAL_UNKNOWN, STR(""));
    if (known && match.route) {
        x->route = match.route;
        memcpy(x->request.params, match.params, sizeof match.params);
        return 0;
    }
    http_set_header(x, "Allow", methods_text(&x->arena, match.methods));
    return str_eq(method, STR("OPTIONS")) ? 204 : response_refuse(x, REFUSAL_METHOD, STR(""));
}

static bool type_is_json(const struct http_exchange *x)
{
    struct str rest = http_header(x, "Content-Type"), type = {0};
    return str_split(&rest, ';', &type) && str_eq_nocase(str_trim(type), STR("application/json"));
}

int exchange_body_allowed(struct http_exchange *x, int64_t length)
{
    if (x->route->body == HTTP_BODY_NONE)
        return length == 0 ? 0 : response_refuse(x, REFUSAL_BODY, STR(""));
    if (x->route->body == HTTP_BODY_JSON && !type_is_json(x))
        return response_refuse(x, REFUSAL_MEDIA_TYPE, STR(""));
    if (length > 0 && (uint64_t)length > body_max(x))
        return response_refuse(x, REFUSAL_TOO_LARGE, STR(""));
    return 0;
}

static int json_read(struct http_exchange *x)
{
    struct str why = STR("");
    if (!utf8_valid(x->request.body))
        return response_refuse(x, REFUSAL_JSON, STR("not UTF-8"));
    x->request.json = json_parse(x->request.body, &x->arena, &why);
    if (x->request.json)
        return 0;
    /* The parser quotes the text near the error and may cut it inside a character. */
    return response_refuse(x, REFUSAL_JSON, utf8_valid(why) ? why : STR(""));
}

int exchange_handle(struct http_exchange *x, const struct http_hooks *hooks)
{
    int status = x->route->body == HTTP_BODY_JSON ? json_read(x) : 0;
    if (status)
        return status;
    if (hooks && hooks->enter)
        status = hooks->enter(x);
    if (status == 0)
        status = x->route->handler(x);
    if (hooks && hooks->leave)
        hooks->leave(x);
    assert(status >= 200 && status <= 599);
    if (!x->response.body.failed)
        return status;
    log_warnx("%s: the answer did not fit", x->route->path);
    return response_refuse(x, REFUSAL_INTERNAL, STR(""));
}

/* ---- without a socket ---- */

static int run_file(const struct http_call *call, struct http_exchange *x, struct str bytes)
{
    struct body body;
    body_begin(&body);
    int status = call->hooks && call->hooks->admit ? call->hooks->admit(x) : 0;
    if (status == 0)
        status = body_open(&body, x, call->upload_folder ? call->upload_folder : "/tmp");
    if (status == 0)
        status = body_take(&body, x, bytes.ptr, bytes.len);
    body_finish(&body, x);
    body_drop(&body);
    return status ? status : exchange_handle(x, call->hooks);
}

int http_exchange_run(const struct http_call *call, struct http_exchange *x,
                      enum http_method method, const char *target, const struct http_field *headers,
                      size_t header_count, struct str body)
{
    int status = 0;
    exchange_begin(x, call->app);
    for (size_t i = 0; i < header_count && status == 0; i++)
        if (!exchange_header_add(x, headers[i].name, headers[i].value))
            status = response_refuse(x, REFUSAL_HEADERS, STR(""));
    if (status == 0)
        status = exchange_target(x, str_c(target));
    if (status == 0)
        status = exchange_route(x, call, str_c(method_names[method]));
    if (status == 0)
        status = exchange_body_allowed(x, (int64_t)body.len);
    if (status)
        return status;
    if (x->route->body == HTTP_BODY_FILE)
        return run_file(call, x, body);
    x->request.body = body;
    return exchange_handle(x, call->hooks);
}

void http_exchange_end(struct http_exchange *x)
{
    if (x->response.stream.close)
        x->response.stream.close(x->response.stream.ctx);
    response_file_drop(&x->response);
    if (x->request.json)
        json_decref(x->request.json);
    if (x->request.file_path.ptr)
        unlink(x->request.file_path.ptr); /* gone already when the handler moved it */
    buf_free(&x->response.body);
    arena_free(&x->arena);
    *x = (struct http_exchange){0};
}
