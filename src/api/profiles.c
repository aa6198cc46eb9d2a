/*
 * profiles.c - sender profiles: which gateway accounts a company sends through. Keys go in and
 * never come out again.
 */
#include "api/handlers.h"
#include "domain/profile.h"
#include "domain/seal.h"
#include "sender/account.h"

#define ALIGO_URL  "https://kakaoapi.aligo.in"
#define KEY_SHOWN  4 /* last characters of a sending key */
#define NUMBER_MIN 8
#define NUMBER_MAX 12

struct body {
    struct str gateway, name, base_url, user_id, api_key, sender_key, sender_number;
};

static const struct api_field fields[] = {
    API_FIELD(struct body, gateway, API_TEXT, .required = true),
    API_FIELD(struct body, name, API_TEXT, .required = true, .max = 100),
    API_FIELD(struct body, base_url, API_TEXT, .max = 200),
    API_FIELD(struct body, user_id, API_TEXT, .required = true, .max = 100),
    API_FIELD(struct body, api_key, API_TEXT, .required = true, .max = 200),
    API_FIELD(struct body, sender_key, API_TEXT, .required = true, .max = 100),
    API_FIELD(struct body, sender_number, API_TEXT, .required = true, .max = 20),
};

static struct str masked(struct arena *a, struct str key)
{
    if (key.len <= KEY_SHOWN)
        return STR("");
    struct str tail = str_slice(key, key.len - KEY_SHOWN, key.len);
    return str_printf(a, "••••%.*s", STR_ARG(tail));
}

static void profile_write(struct http_exchange *x, struct json *j, const struct profile *p,
                          bool is_default)
{
    const char *practice = api_app(x)->practice_url;
    bool is_practice = str_eq(p->gateway, STR("practice"));
    json_begin_object(j);
    json_put_i64(j, "id", p->id);
    json_put_str(j, "name", p->name);
    json_put_str(j, "gateway", p->gateway);
    json_put_str(j, "base_url", is_practice ? str_c(practice) : p->base_url);
    json_put_str(j, "user_id", p->user_id);
    json_put_str(j, "sender_key", masked(&x->arena, p->sender_key));
    json_put_str(j, "sender_number", p->sender_number);
    json_put_str(j, "status", p->status);
    json_put_str(j, "status_text", p->status_text);
    json_put_i64(j, "created_at", p->created_at);
    json_put_bool(j, "is_default", is_default);
    json_end_object(j);
}

/* The first real one, or the first at all. */
static int64_t default_of(const struct profile *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!str_eq(list[i].gateway, STR("practice")))
            return list[i].id;
    return count ? list[0].id : 0;
}

int profile_list_get(struct http_exchange *x)
{
    struct page page;
    const struct profile *list;
    size_t count;
    int status = api_page(x, &page);
    if (status)
        return status;
    enum problem p = profile_list(api_scope(x), &list, &count);
    if (p)
        return api_problem(x, p);
    struct api_slice slice = api_slice(x, &page, count);
    struct json j = api_list_begin(x);
    for (size_t i = slice.from; i < slice.to; i++)
        profile_write(x, &j, &list[i], list[i].id == default_of(list, count));
    return api_list_end(&j, slice.next);
}

static int answer(struct http_exchange *x, int64_t id, int status)
{
    const struct profile *list;
    size_t count;
    enum problem p = profile_list(api_scope(x), &list, &count);
    for (size_t i = 0; !p && i < count; i++) {
        if (list[i].id != id)
            continue;
        struct json j = http_json(x);
        profile_write(x, &j, &list[i], id == default_of(list, count));
        return status;
    }
    return api_problem(x, p ? p : PROBLEM_NOT_FOUND);
}

int profile_get_one(struct http_exchange *x)
{
    return answer(x, http_param_i64(x, 0), 200);
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return true;
}

static void body_check(struct scope *s, const struct body *b)
{
    if (!str_eq(b->gateway, STR("aligo")))
        scope_field_error(s, "gateway", "unknown", "연결할 수 있는 게이트웨이는 aligo입니다.",
                          "The gateway that can be connected is aligo.");
    const struct {
        const char *field;
        struct str value;
    } needed[] = {{"name", b->name},
                  {"user_id", b->user_id},
                  {"api_key", b->api_key},
                  {"sender_key", b->sender_key}};
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (str_trim(needed[i].value).len == 0)
            scope_field_error(s, needed[i].field, "required", "꼭 필요한 항목입니다.",
                              "This field is required.");
    if (!all_digits(b->sender_number) || b->sender_number.len < NUMBER_MIN ||
        b->sender_number.len > NUMBER_MAX)
        scope_field_error(s, "sender_number", "invalid",
                          "등록된 발신번호를 숫자로만 넣어 주세요. 예: 0212345678",
                          "Enter the registered caller number, digits only.");
    if (!str_starts(b->base_url, STR("https://")) && !str_starts(b->base_url, STR("http://")))
        scope_field_error(s, "base_url", "invalid", "http:// 또는 https:// 주소여야 합니다.",
                          "This must be an http:// or https:// address.");
}

int profile_post(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    struct body b = {.base_url = STR_INIT(ALIGO_URL)};
    int status = api_body(x, fields, COUNT_OF(fields), &b, NULL);
    if (status)
        return status;
    body_check(s, &b);
    while (str_ends(b.base_url, STR("/")))
        b.base_url.len--;
    struct profile p = {
        .name = str_trim(b.name),
        .gateway = b.gateway,
        .base_url = b.base_url,
        .user_id = str_trim(b.user_id),
        .api_key = seal_text(s->arena, str_trim(b.api_key)),
        .sender_key = str_trim(b.sender_key),
        .sender_number = b.sender_number,
        .request_rate = PROFILE_REQUEST_RATE,
        .message_rate = PROFILE_MESSAGE_RATE,
    };
    enum problem problem = scope_invalid(s);
    if (!problem)
        problem = account_try(s, &p); /* nothing is stored that does not work */
    if (problem)
        return api_problem(x, problem);
    p.api_key = str_trim(b.api_key);
    int64_t id;
    problem = profile_create(s, &p, &id);
    if (!problem)
        problem = profile_status_set(s, id, STR("ok"), STR(""));
    return problem ? api_problem(x, problem) : answer(x, id, 201);
}

int profile_delete_one(struct http_exchange *x)
{
    enum problem p = profile_delete(api_scope(x), http_param_i64(x, 0));
    return p ? api_problem(x, p) : api_no_content(x);
}

int balance_get(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    int64_t messages;
    enum problem p = account_balance(s, http_param_i64(x, 0), &messages);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_key(&j, "messages");
    if (messages < 0)
        json_null_value(&j);
    else
        json_i64(&j, messages);
    json_put_i64(&j, "checked_at", scope_now(s));
    json_end_object(&j);
    return 200;
}
