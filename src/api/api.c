/*
 * api.c - see api.h: refusals, the cookie, and the shapes of answers.
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

/* Who has the number already. */
static void contact_write(const struct scope *s, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_begin_object(&j);
    json_put_i64(&j, "id", s->problem_contact);
    json_put_str(&j, "name", s->problem_args[0]);
    json_end_object(&j);
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
    BUF(more, ERRORS_MAX);
    const char *member = NULL;
    if (s->error_count) {
        member = "errors";
        errors_write(s, api_english(x), &more);
    } else if (p == PROBLEM_PHONE_TAKEN) {
        member = "contact";
        contact_write(s, &more);
    } else if (p == PROBLEM_COUNT_CHANGED) {
        member = "count"; /* digits are JSON */
        buf_str(&more, s->problem_args[0]);
    }
    return http_problem(x, problem_status(p), problem_code(p),
                        problem_text(p, api_english(x), s->problem_args, &x->arena),
                        s->quoted == p ? s->quote : STR(""), member,
                        str_dup(&x->arena, buf_view(&more)));
}

/* ---- the cookie ---- */

/* With https the browser keeps everybody else from setting a cookie of this name. */
bool api_is_https(const struct api_app *app)
{
    return app->public_url && str_starts(str_c(app->public_url), STR("https://"));
}

static const char *cookie_name(const struct api_app *app)
{
    return api_is_https(app) ? "__Host-sendingo_session" : "sendingo_session";
}

struct str api_cookie(const struct http_exchange *x)
{
    return http_cookie(x, cookie_name(api_app(x)));
}

void api_cookie_set(struct http_exchange *x, struct str token)
{
    const struct api_app *app = api_app(x);
    http_set_header(x, "Set-Cookie",
                    str_printf(&x->arena, "%s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
                               cookie_name(app), STR_ARG(token),
                               (long long)(token.len ? SESSION_MS / SECOND_MS : 0),
                               api_is_https(app) ? "; Secure" : ""));
}

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
