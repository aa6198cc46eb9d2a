/*
 * api.c - see api.h: the hooks around every handler, and refusals.
 */
#include "api/api.h"
#include "base/log.h"

#define ERRORS_MAX ((size_t)64 << 10)

/* ---- refusing ---- */

static void errors_write(const struct scope *s, bool english, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_begin_array(&j);
    for (size_t i = 0; i < s->error_count; i++) {
        json_begin_object(&j);
        json_put_str(&j, "field", str_c(s->errors[i].field));
        json_put_str(&j, "code", str_c(s->errors[i].code));
        json_put_str(&j, "detail", english ? s->errors[i].en : s->errors[i].ko);
        json_end_object(&j);
    }
    json_end_array(&j);
}

int api_problem(struct http_exchange *x, enum problem p)
{
    if (p == PROBLEM_NONE)
        return 0;
    struct scope *s = api_scope(x);
    if (p == PROBLEM_LOGIN_LOCKED)
        http_set_header(x, "Retry-After", s->problem_args[0]);
    else if (problem_status(p) == 503)
        http_set_header(x, "Retry-After", STR("5"));
    BUF(errors, ERRORS_MAX);
    if (s->error_count)
        errors_write(s, api_english(x), &errors);
    return http_problem(x, problem_status(p), problem_code(p),
                        problem_text(p, api_english(x), s->problem_args, &x->arena), STR(""),
                        str_dup(&x->arena, buf_view(&errors)));
}

/* ---- the cookie ---- */

/* With https the browser keeps everybody else from setting a cookie of this name. */
static bool is_https(const struct api_app *app)
{
    return app->public_url && str_starts(str_c(app->public_url), STR("https://"));
}

static const char *cookie_name(const struct api_app *app)
{
    return is_https(app) ? "__Host-sendingo_session" : "sendingo_session";
}

void api_cookie_set(struct http_exchange *x, struct str token)
{
    const struct api_app *app = api_app(x);
    http_set_header(x, "Set-Cookie",
                    str_printf(&x->arena, "%s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
                               cookie_name(app), STR_ARG(token),
                               (long long)(token.len ? SESSION_MS / SECOND_MS : 0),
                               is_https(app) ? "; Secure" : ""));
}

/* ---- judging a call ---- */

static bool is_unsafe(const struct http_exchange *x)
{
    return x->request.method != HTTP_GET;
}

/* The page's own origin: the one we were told, or where the request says it went. */
static bool origin_is_ours(struct http_exchange *x, struct str origin)
{
    const char *told = api_app(x)->public_url;
    if (told && str_eq_nocase(origin, str_c(told)))
        return true;
    struct str host = http_header(x, "Host");
    return host.ptr && !is_https(api_app(x)) &&
           str_eq_nocase(origin, str_printf(&x->arena, "http://%.*s", STR_ARG(host)));
}

/* Another site can make a browser send our cookie, but neither this header nor our origin. */
static bool is_forged(struct http_exchange *x)
{
    if (!is_unsafe(x))
        return false;
    struct str origin = http_header(x, "Origin");
    if (origin.ptr && !origin_is_ours(x, origin))
        return true;
    return api_call(x)->token.ptr && x->route->permission > ROLE_NONE &&
           !str_eq(http_header(x, "X-Requested-With"), STR("sendingo"));
}

static enum problem judge(struct http_exchange *x)
{
    struct api_call *call = api_call(x);
    call->token = http_cookie(x, cookie_name(api_app(x)));
    if (is_forged(x))
        return PROBLEM_CSRF;
    if (x->route->permission <= ROLE_NONE)
        return PROBLEM_NONE;
    if (!call->token.ptr)
        return PROBLEM_LOGIN_REQUIRED;
    enum problem p = session_find(&call->scope, call->token, &call->session);
    if (!p && (int)call->scope.role < x->route->permission)
        return PROBLEM_FORBIDDEN;
    return p;
}

static int call_begin(struct http_exchange *x)
{
    struct api_app *app = api_app(x);
    struct api_call *call = x->call = arena_new(&x->arena, struct api_call);
    call->english = http_wants_english(x);
    call->scope.arena = &x->arena;
    call->scope.clock = app->clock;
    if (x->route->permission == API_NO_STORE)
        return 0;
    call->scope.db = store_borrow(app->store);
    return call->scope.db ? 0 : api_problem(x, PROBLEM_STORE);
}

static void call_end(struct http_exchange *x)
{
    if (x->call)
        store_return(&api_scope(x)->db);
    x->call = NULL;
}

static int enter(struct http_exchange *x)
{
    int status = call_begin(x);
    if (status || x->route->permission == API_NO_STORE)
        return status;
    if ((status = api_problem(x, judge(x))))
        return status;
    if (api_call(x)->session.extended)
        api_cookie_set(x, api_call(x)->token);
    struct str key = http_header(x, "Idempotency-Key");
    return key.ptr && x->request.method == HTTP_POST ? api_idempotent(x, key) : 0;
}

/* Uploads are judged before their first byte is kept; enter judges them again. */
static int admit(struct http_exchange *x)
{
    int status = call_begin(x);
    if (status == 0)
        status = api_problem(x, judge(x));
    call_end(x);
    return status;
}

const struct http_hooks api_hooks = {.enter = enter, .leave = call_end, .admit = admit};

/* ---- writing ---- */

struct json api_list_begin(struct http_exchange *x)
{
    struct json j = http_json(x);
    json_begin_object(&j);
    json_key(&j, "items");
    json_begin_array(&j);
    return j;
}

int api_list_end(struct json *j, struct str next)
{
    json_end_array(j);
    json_put_str_or_null(j, "next_cursor", next);
    json_end_object(j);
    return 200;
}

int api_no_content(struct http_exchange *x)
{
    (void)x;
    return 204;
}

void api_ref(struct json *j, const char *key, int64_t id, struct str name)
{
    json_key(j, key);
    json_begin_object(j);
    json_put_i64(j, "id", id);
    json_put_str(j, "name", name);
    json_end_object(j);
}
