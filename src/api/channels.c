/*
 * channels.c - the KakaoTalk channels of an account at a gateway, and connecting one: have a number
 * sent to the channel's administrator, register the channel with it. Afterwards a sender profile is
 * made with its key (profiles.c). The account is that of a stored profile, or comes with the
 * request, before anything is stored; then its key stands in the body, so all of these are POSTs.
 */
#include "api/handlers.h"
#include "domain/phone.h"
#include "domain/profile.h"
#include "domain/seal.h"
#include "sender/account.h"

#define CHANNEL_MAX     100 /* characters */
#define AUTH_NUMBER_MAX 20

/* ---- the account ---- */

struct account {
    int64_t sender_profile_id;
    struct str gateway, base_url, user_id, api_key;
};

static const struct api_field account_fields[] = {
    API_FIELD(struct account, sender_profile_id, API_NUMBER),
    API_FIELD(struct account, gateway, API_TEXT),
    API_FIELD(struct account, base_url, API_TEXT, .max = 200),
    API_FIELD(struct account, user_id, API_TEXT, .max = 100),
    API_FIELD(struct account, api_key, API_TEXT, .max = 200),
};

static void required(struct http_exchange *x, const char *field, struct str value)
{
    if (str_trim(value).len == 0)
        scope_field_error(api_scope(x), field, "required", "꼭 필요한 항목입니다.",
                          "This field is required.");
}

/* One that is not stored: enough of a profile to call its gateway. */
static void account_given(struct http_exchange *x, const struct account *a, struct profile *p)
{
    struct scope *s = api_scope(x);
    if (!str_eq(a->gateway, STR("aligo")))
        scope_field_error(s, "gateway", "unknown", "연결할 수 있는 게이트웨이는 aligo입니다.",
                          "The gateway that can be connected is aligo.");
    required(x, "user_id", a->user_id);
    required(x, "api_key", a->api_key);
    *p = (struct profile){
        .gateway = a->gateway,
        .base_url = gateway_url_read(x, a->base_url),
        .user_id = str_trim(a->user_id),
        .api_key = seal_text(s->arena, str_trim(a->api_key)),
        .sender_key = STR_INIT(""),
        .sender_number = STR_INIT(""),
        .channel = STR_INIT(""),
    };
}

static enum problem account_read(struct http_exchange *x, const json_t *object, struct profile *p)
{
    struct scope *s = api_scope(x);
    struct account a = {
        .gateway = STR_INIT(""),
        .base_url = STR_INIT(""),
        .user_id = STR_INIT(""),
        .api_key = STR_INIT(""),
    };
    api_object(x, object, account_fields, COUNT_OF(account_fields), &a, NULL);
    if (s->error_count == 0 && a.sender_profile_id)
        return profile_get(s, a.sender_profile_id, p);
    account_given(x, &a, p);
    return scope_invalid(s);
}

/* ---- orders ---- */

struct order {
    const json_t *account;
    struct str channel, phone, auth_number, category;
};

static const struct api_field account_only[] = {
    API_FIELD(struct order, account, API_OBJECT, .required = true),
};

static const struct api_field auth_fields[] = {
    API_FIELD(struct order, account, API_OBJECT, .required = true),
    API_FIELD(struct order, channel, API_TEXT, .required = true, .max = CHANNEL_MAX),
    API_FIELD(struct order, phone, API_TEXT, .required = true, .max = 40),
};

static const struct api_field new_fields[] = {
    API_FIELD(struct order, account, API_OBJECT, .required = true),
    API_FIELD(struct order, channel, API_TEXT, .required = true, .max = CHANNEL_MAX),
    API_FIELD(struct order, phone, API_TEXT, .required = true, .max = 40),
    API_FIELD(struct order, auth_number, API_TEXT, .required = true, .max = AUTH_NUMBER_MAX),
    API_FIELD(struct order, category, API_TEXT, .required = true, .max = 40),
};

/* The gateway knows no channel without its @, and people leave it out. */
static struct str channel_read(struct http_exchange *x, struct str text)
{
    text = str_trim(text);
    if (text.len == 0 || str_eq(text, STR("@"))) {
        scope_field_error(api_scope(x), "channel", "required",
                          "채널의 검색용 아이디를 넣어 주세요. 예: @하늘꽃집",
                          "Enter the search id of the channel, such as @skyflower.");
        return text;
    }
    return str_starts(text, STR("@")) ? text : str_printf(&x->arena, "@%.*s", STR_ARG(text));
}

static struct str phone_digits(struct http_exchange *x, struct str text)
{
    struct phone phone = phone_read(text);
    if (phone.verdict == PHONE_ERROR)
        scope_field_error(api_scope(x), "phone", "phone_invalid",
                          phone_reason_text(phone_reason_word(phone.reason), false).ptr,
                          phone_reason_text(phone_reason_word(phone.reason), true).ptr);
    return str_dup(&x->arena, str_c(phone.digits));
}

static struct str digits_read(struct http_exchange *x, const char *field, struct str text)
{
    text = str_trim(text);
    bool digits = text.len > 0;
    for (size_t i = 0; i < text.len; i++)
        digits &= text.ptr[i] >= '0' && text.ptr[i] <= '9';
    if (!digits)
        scope_field_error(api_scope(x), field, "invalid", "숫자로만 넣어 주세요.",
                          "Enter digits only.");
    return text;
}

/* Reads a body by its table; 0 with the account, or the status of the refusal. Fields besides the
 * account are read before it, so that all that is wrong is told at once. */
static int order_read(struct http_exchange *x, const struct api_field *fields, size_t count,
                      struct order *o, struct profile *p)
{
    int status = api_body(x, fields, count, o, NULL);
    if (status)
        return status;
    if (count > COUNT_OF(account_only)) {
        o->channel = channel_read(x, o->channel);
        o->phone = phone_digits(x, o->phone);
    }
    if (count > COUNT_OF(auth_fields)) {
        o->auth_number = digits_read(x, "auth_number", o->auth_number);
        o->category = digits_read(x, "category", o->category);
    }
    enum problem problem = account_read(x, o->account, p);
    if (!problem)
        problem = scope_invalid(api_scope(x));
    return api_problem(x, problem);
}

/* ---- answers ---- */

static void channel_write(struct http_exchange *x, struct json *j, const struct channel *c)
{
    json_begin_object(j);
    json_put_str(j, "channel", c->channel);
    json_put_str(j, "name", c->name);
    json_put_str(j, "sender_key", c->sender_key);
    json_put_str(j, "status", c->status);
    json_put_str(
        j, "status_text",
        c->problem ? problem_text(c->problem, api_english(x), api_scope(x)->problem_args, &x->arena)
                   : STR(""));
    json_put_bool(j, "usable", c->problem == PROBLEM_NONE);
    json_end_object(j);
}

static struct json items_begin(struct http_exchange *x)
{
    struct json j = http_json(x);
    json_begin_object(&j);
    json_key(&j, "items");
    json_begin_array(&j);
    return j;
}

static int items_end(struct json *j)
{
    json_end_array(j);
    json_end_object(j);
    return 200;
}

int channel_list_post(struct http_exchange *x)
{
    struct order o = {0};
    struct profile account;
    const struct channel *list;
    size_t count;
    int status = order_read(x, account_only, COUNT_OF(account_only), &o, &account);
    if (status)
        return status;
    enum problem p = account_channels(api_scope(x), &account, &list, &count);
    if (p)
        return api_problem(x, p);
    struct json j = items_begin(x);
    for (size_t i = 0; i < count; i++)
        channel_write(x, &j, &list[i]);
    return items_end(&j);
}

int channel_category_list_post(struct http_exchange *x)
{
    struct order o = {0};
    struct profile account;
    const struct channel_category *list;
    size_t count;
    int status = order_read(x, account_only, COUNT_OF(account_only), &o, &account);
    if (status)
        return status;
    enum problem p = account_categories(api_scope(x), &account, &list, &count);
    if (p)
        return api_problem(x, p);
    struct json j = items_begin(x);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&j);
        json_put_str(&j, "code", list[i].code);
        json_put_str(&j, "name", list[i].name);
        json_end_object(&j);
    }
    return items_end(&j);
}

int channel_auth_post(struct http_exchange *x)
{
    struct order o = {0};
    struct profile account;
    int status = order_read(x, auth_fields, COUNT_OF(auth_fields), &o, &account);
    if (status)
        return status;
    enum problem p = account_channel_auth(api_scope(x), &account, o.channel, o.phone);
    return p ? api_problem(x, p) : api_no_content(x);
}

int channel_post(struct http_exchange *x)
{
    struct order o = {0};
    struct profile account;
    struct channel added;
    int status = order_read(x, new_fields, COUNT_OF(new_fields), &o, &account);
    if (status)
        return status;
    const struct channel_form form = {
        .channel = o.channel,
        .phone = o.phone,
        .auth_number = o.auth_number,
        .category = o.category,
    };
    enum problem p = account_channel_add(api_scope(x), &account, &form, &added);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    channel_write(x, &j, &added);
    return 201;
}
