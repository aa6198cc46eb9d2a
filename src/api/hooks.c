/*
 * hooks.c - around every handler: a connection, the session, the permission of the route's row, and
 * whether the request comes from our own page.
 */
#include "api/api.h"

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
    return host.ptr && !api_is_https(api_app(x)) &&
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
    call->token = api_cookie(x);
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
