/*
 * profiles.c - sender profiles: which gateway accounts a company sends through. Keys go in and
 * never come out again. Channels of an account are in channels.c.
 */
#include "api/handlers.h"
#include "domain/profile.h"
#include "domain/seal.h"
#include "sender/account.h"
#include "sender/explain.h"

#define ALIGO_URL        "https://kakaoapi.aligo.in"
#define KEY_SHOWN        4 /* last characters of a sending key */
#define NUMBER_MIN       8
#define NUMBER_MAX       12
#define REQUEST_RATE_MAX 1000
#define MESSAGE_RATE_MAX 100000

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
    json_put_str(j, "status_text", explain_text(&x->arena, p->status_text, api_english(x)));
    json_put_i64(j, "created_at", p->created_at);
    json_put_bool(j, "is_default", is_default);
    json_put_i64_or_null(j, "synced_at", p->synced_at);
    json_put_i64(j, "request_rate", p->request_rate);
    json_put_i64(j, "message_rate", p->message_rate);
    json_put_str_or_null(j, "channel", p->channel.len ? p->channel : (struct str){NULL, 0});
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

static void number_check(struct scope *s, struct str number)
{
    if (!all_digits(number) || number.len < NUMBER_MIN || number.len > NUMBER_MAX)
        scope_field_error(s, "sender_number", "invalid",
                          "등록된 발신번호를 숫자로만 넣어 주세요. 예: 0212345678",
                          "Enter the registered caller number, digits only.");
}

struct str gateway_url_read(struct http_exchange *x, struct str url)
{
    if (url.len == 0)
        return STR(ALIGO_URL);
    if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://")))
        scope_field_error(api_scope(x), "base_url", "invalid",
                          "http:// 또는 https:// 주소여야 합니다.",
                          "This must be an http:// or https:// address.");
    while (str_ends(url, STR("/")))
        url.len--;
    return url;
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
    number_check(s, b->sender_number);
}

int profile_post(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    struct body b = {.base_url = STR_INIT("")};
    int status = api_body(x, fields, COUNT_OF(fields), &b, NULL);
    if (status)
        return status;
    body_check(s, &b);
    b.base_url = gateway_url_read(x, b.base_url);
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

/* ---- changing, testing, removing ---- */

struct change {
    struct str name, sender_number;
    int64_t request_rate, message_rate;
};

static const struct api_field change_fields[] = {
    API_FIELD(struct change, name, API_TEXT, .max = 100),
    API_FIELD(struct change, sender_number, API_TEXT, .max = 20),
    API_FIELD(struct change, request_rate, API_NUMBER),
    API_FIELD(struct change, message_rate, API_NUMBER),
};

static void rate_check(struct scope *s, const char *field, int64_t rate, int64_t max)
{
    if (rate < 1 || rate > max)
        scope_field_error(s, field, "out_of_range",
                          str_printf(s->arena, "1부터 %lld까지 넣어 주세요.", (long long)max).ptr,
                          str_printf(s->arena, "Enter 1 to %lld.", (long long)max).ptr);
}

int profile_patch(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    struct profile p;
    int64_t id = http_param_i64(x, 0);
    enum problem problem = profile_get(s, id, &p);
    if (problem)
        return api_problem(x, problem);
    struct change c = {p.name, p.sender_number, p.request_rate, p.message_rate};
    int status = api_body(x, change_fields, COUNT_OF(change_fields), &c, NULL);
    if (status)
        return status;
    if (str_trim(c.name).len == 0)
        scope_field_error(s, "name", "required", "꼭 필요한 항목입니다.",
                          "This field is required.");
    if (!str_eq(c.sender_number, p.sender_number))
        number_check(s, c.sender_number);
    if (c.request_rate != p.request_rate)
        rate_check(s, "request_rate", c.request_rate, REQUEST_RATE_MAX);
    if (c.message_rate != p.message_rate)
        rate_check(s, "message_rate", c.message_rate, MESSAGE_RATE_MAX);
    p.name = str_trim(c.name);
    p.sender_number = c.sender_number;
    p.request_rate = c.request_rate;
    p.message_rate = c.message_rate;
    problem = scope_invalid(s);
    if (!problem)
        problem = profile_change(s, id, &p);
    return problem ? api_problem(x, problem) : answer(x, id, 200);
}

/* Whatever the gateway says is the result, and stands in the answer. */
int profile_check_post(struct http_exchange *x)
{
    int64_t id = http_param_i64(x, 0);
    enum problem p = account_check(api_scope(x), id);
    if (p == PROBLEM_NOT_FOUND || p == PROBLEM_STORE)
        return api_problem(x, p);
    return answer(x, id, 200);
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
