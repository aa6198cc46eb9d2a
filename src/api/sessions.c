/*
 * sessions.c - logging in and out.
 */
#include "api/handlers.h"
#include "domain/profile.h"

struct login {
    struct str email, password;
};

static const struct api_field fields[] = {
    API_FIELD(struct login, email, API_TEXT, .required = true),
    API_FIELD(struct login, password, API_TEXT, .required = true, .max = USER_PASSWORD_MAX),
};

static void session_write(struct http_exchange *x, const struct session *session)
{
    struct json j = http_json(x);
    json_begin_object(&j);
    api_ref(&j, "company", session->company, session->company_name);
    json_key(&j, "user");
    json_begin_object(&j);
    json_put_i64(&j, "id", session->user.id);
    json_put_str(&j, "name", session->user.name);
    json_put_str(&j, "email", session->user.email);
    json_put_str(&j, "role", role_word(session->user.role));
    json_end_object(&j);
    json_put_bool(&j, "practice", profile_practice_only(api_scope(x)));
    json_put_i64(&j, "expires_at", session->expires_at);
    json_end_object(&j);
}

int session_begin(struct http_exchange *x)
{
    struct str token;
    struct session session;
    enum problem p = session_create(api_scope(x), &token);
    if (!p)
        p = session_find(api_scope(x), token, &session);
    if (p)
        return api_problem(x, p);
    api_cookie_set(x, token);
    session_write(x, &session);
    return 201;
}

int session_post(struct http_exchange *x)
{
    struct login form = {0};
    int status = api_body(x, fields, COUNT_OF(fields), &form, NULL);
    if (status)
        return status;
    enum problem p = user_login(api_scope(x), form.email, form.password);
    return p ? api_problem(x, p) : session_begin(x);
}

int session_get_current(struct http_exchange *x)
{
    session_write(x, &api_call(x)->session);
    return 200;
}

int session_delete_current(struct http_exchange *x)
{
    enum problem p = session_delete(api_scope(x), api_call(x)->token);
    if (p)
        return api_problem(x, p);
    api_cookie_set(x, STR(""));
    return api_no_content(x);
}
