/*
 * templates.c - templates as the gateway has approved them, fetching them anew, and writing new
 * ones: checked by our own reading of the rules, registered, changed, given to inspection, deleted.
 */
#include "api/handlers.h"
#include "domain/template.h"
#include "domain/template_check.h"
#include "sender/account.h"

#include <sodium.h>

#define IMAGE_TEXT_MAX 700000 /* characters of an image in base64 */

/* Texts that are there or not. */
static struct str or_null(struct str s)
{
    return s.len ? s : (struct str){NULL, 0};
}

void template_button_put(struct json *j, const struct button *b, int64_t ordinal, bool tracked)
{
    json_begin_object(j);
    json_put_i64(j, "ordinal", ordinal);
    json_put_str(j, "name", b->name);
    json_put_str(j, "type", b->type);
    json_put_str(j, "type_name", b->type_name);
    json_put_str_or_null(j, "mobile", or_null(b->mobile));
    json_put_str_or_null(j, "pc", or_null(b->pc));
    json_put_str_or_null(j, "ios", or_null(b->ios));
    json_put_str_or_null(j, "android", or_null(b->android));
    json_put_bool(j, "tracked", tracked);
    json_end_object(j);
}

static void names_write(struct json *j, const char *key, const struct str *names, size_t count)
{
    json_key(j, key);
    json_begin_array(j);
    for (size_t i = 0; i < count; i++)
        json_str(j, names[i]);
    json_end_array(j);
}

static void buttons_put(struct json *j, const struct template *t)
{
    json_key(j, "buttons");
    json_begin_array(j);
    for (size_t i = 0; i < t->button_count; i++)
        template_button_put(j, &t->buttons[i], (int64_t)i + 1, button_tracked(&t->buttons[i]));
    json_end_array(j);
}

/* What makes a version. */
static void texts_put(struct json *j, const struct template *t)
{
    json_put_str(j, "content", t->content);
    json_put_str(j, "type", t->type);
    json_put_str(j, "emphasis", t->emphasis);
    json_put_str_or_null(j, "title", or_null(t->title));
    json_put_str_or_null(j, "subtitle", or_null(t->subtitle));
    json_put_str_or_null(j, "extra", or_null(t->extra));
    buttons_put(j, t);
}

static void problem_put(struct http_exchange *x, struct json *j, const struct template *t)
{
    enum problem p = template_problem(t);
    json_put_bool(j, "sendable", p == PROBLEM_NONE);
    json_key(j, "problem");
    if (!p) {
        json_null_value(j);
        return;
    }
    json_begin_object(j);
    json_put_str(j, "code", template_problem_word(p));
    json_put_str(j, "text", problem_text(p, api_english(x), api_scope(x)->problem_args, &x->arena));
    json_end_object(j);
}

static void template_write(struct http_exchange *x, struct json *j, const struct template *t)
{
    struct str names[TEMPLATE_VARIABLES_MAX];
    json_begin_object(j);
    json_put_i64(j, "id", t->id);
    json_put_i64(j, "sender_profile_id", t->profile);
    json_put_str(j, "code", t->code);
    json_put_str(j, "name", t->name);
    texts_put(j, t);
    names_write(j, "variables", names, template_variables(t, &x->arena, names));
    names_write(j, "link_variables", names, template_link_variables(t, &x->arena, names));
    json_put_str(j, "status", t->status);
    json_put_str(j, "inspection", t->inspection);
    problem_put(x, j, t);
    json_put_bool(j, "editable", template_editable(t));
    json_put_bool(j, "deletable", template_deletable(t));
    json_put_i64(j, "version", t->version);
    json_put_i64(j, "fetched_at", t->fetched_at);
    json_put_str_or_null(j, "image_url", or_null(t->image_url));
    json_put_bool(j, "secure", t->secure);
    json_put_raw(j, "comments", t->comments);
    json_put_str_or_null(j, "gateway_created_at", or_null(t->gateway_created_at));
    json_put_str_or_null(j, "gateway_updated_at", or_null(t->gateway_updated_at));
    json_end_object(j);
}

int template_list_get(struct http_exchange *x)
{
    struct page page;
    const struct template *list;
    size_t count;
    struct str next;
    int64_t profile = 0;
    int status = api_page(x, &page);
    if (!status)
        status = api_query_i64(x, "sender_profile_id", 1, &profile);
    if (status)
        return status;
    enum problem p = template_page(api_scope(x), profile, &page, &list, &count, &next);
    if (p)
        return api_problem(x, p);
    struct json j = api_list_begin(x);
    for (size_t i = 0; i < count; i++)
        template_write(x, &j, &list[i]);
    return api_list_end(&j, next);
}

static int answer(struct http_exchange *x, int64_t id, int status)
{
    struct template t;
    enum problem p = template_get(api_scope(x), id, &t);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    template_write(x, &j, &t);
    return status;
}

int template_get_one(struct http_exchange *x)
{
    return answer(x, http_param_i64(x, 0), 200);
}

int template_versions_get(struct http_exchange *x)
{
    struct page page;
    const struct template *list;
    size_t count;
    struct str next;
    int status = api_page(x, &page);
    if (status)
        return status;
    enum problem p =
        template_versions(api_scope(x), http_param_i64(x, 0), &page, &list, &count, &next);
    if (p)
        return api_problem(x, p);
    struct json j = api_list_begin(x);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&j);
        json_put_i64(&j, "version", list[i].version);
        texts_put(&j, &list[i]);
        json_put_i64(&j, "created_at", list[i].version_at);
        json_end_object(&j);
    }
    return api_list_end(&j, next);
}

/* ---- fetching ---- */

struct order {
    int64_t sender_profile_id;
};

static const struct api_field order_fields[] = {
    API_FIELD(struct order, sender_profile_id, API_NUMBER, .required = true),
};

int template_sync_post(struct http_exchange *x)
{
    struct order o = {0};
    struct template_sync sync;
    int status = api_body(x, order_fields, COUNT_OF(order_fields), &o, NULL);
    if (status)
        return status;
    enum problem p = account_sync_templates(api_scope(x), o.sender_profile_id, &sync);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_i64(&j, "added", sync.added);
    json_put_i64(&j, "changed", sync.changed);
    json_put_i64(&j, "unchanged", sync.unchanged);
    json_put_i64(&j, "removed", sync.removed);
    json_put_i64(&j, "synced_at", sync.at);
    json_end_object(&j);
    return 201;
}

/* ---- writing one ---- */

struct body {
    int64_t sender_profile_id;
    struct str name, content, type, emphasis, title, subtitle, extra, advert, image;
    const json_t *buttons;
    bool secure;
};

#define FORM_FIELDS                                                                                \
    API_FIELD(struct body, name, API_TEXT, .required = true),                                      \
        API_FIELD(struct body, content, API_TEXT, .required = true),                               \
        API_FIELD(struct body, type, API_TEXT), API_FIELD(struct body, emphasis, API_TEXT),        \
        API_FIELD(struct body, title, API_TEXT), API_FIELD(struct body, subtitle, API_TEXT),       \
        API_FIELD(struct body, extra, API_TEXT), API_FIELD(struct body, advert, API_TEXT),         \
        API_FIELD(struct body, image, API_TEXT, .max = IMAGE_TEXT_MAX),                            \
        API_FIELD(struct body, buttons, API_ARRAY, .max = BUTTONS_MAX),                            \
        API_FIELD(struct body, secure, API_BOOL)

static const struct api_field form_fields[] = {FORM_FIELDS};
static const struct api_field new_fields[] = {
    API_FIELD(struct body, sender_profile_id, API_NUMBER, .required = true), FORM_FIELDS};

static const struct api_field button_fields[] = {
    API_FIELD(struct button, name, API_TEXT, .required = true),
    API_FIELD(struct button, type, API_TEXT, .required = true),
    API_FIELD(struct button, mobile, API_TEXT),
    API_FIELD(struct button, pc, API_TEXT),
    API_FIELD(struct button, ios, API_TEXT),
    API_FIELD(struct button, android, API_TEXT),
};

static void button_read(struct http_exchange *x, const json_t *object, size_t i, struct button *b)
{
    struct scope *s = api_scope(x);
    size_t before = s->error_count;
    *b = (struct button){
        .name = STR(""),
        .type = STR(""),
        .type_name = STR(""),
        .mobile = STR(""),
        .pc = STR(""),
        .ios = STR(""),
        .android = STR(""),
        .target = STR(""),
    };
    api_object(x, object, button_fields, COUNT_OF(button_fields), b, NULL);
    for (size_t e = before; e < s->error_count; e++)
        s->errors[e].field = str_printf(s->arena, "buttons.%zu.%s", i, s->errors[e].field).ptr;
}

static void buttons_read_json(struct http_exchange *x, const json_t *array, struct template_form *f)
{
    size_t count = json_array_size(array);
    struct button *list = arena_array(&x->arena, count, sizeof *list);
    for (size_t i = 0; i < count; i++)
        button_read(x, json_array_get(array, i), i, &list[i]);
    f->buttons = list;
    f->button_count = count;
}

static void image_read(struct http_exchange *x, struct str text, struct template_form *f)
{
    size_t room = text.len / 4 * 3 + 3, n = 0;
    unsigned char *bytes = arena_alloc(&x->arena, room);
    if (sodium_base642bin(bytes, room, text.ptr, text.len, "\r\n", &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        scope_field_error(api_scope(x), "image", "image_invalid",
                          "이미지를 읽을 수 없습니다. 파일을 다시 골라 주세요.",
                          "The image cannot be read. Please choose the file again.");
    f->image = str_n((const char *)bytes, n);
}

/* Reads a form by one of the two tables; 0, or the status of the refusal. */
static int form_read(struct http_exchange *x, const struct api_field *fields, size_t count,
                     struct template_form *f, int64_t *profile)
{
    struct body b = {
        .type = STR_INIT("BA"),
        .emphasis = STR_INIT("NONE"),
        .title = STR_INIT(""),
        .subtitle = STR_INIT(""),
        .extra = STR_INIT(""),
        .advert = STR_INIT(""),
        .image = STR_INIT(""),
    };
    int status = api_body(x, fields, count, &b, NULL);
    if (status)
        return status;
    *f = (struct template_form){
        .name = str_trim(b.name),
        .content = b.content,
        .type = b.type,
        .emphasis = b.emphasis,
        .title = b.title,
        .subtitle = b.subtitle,
        .extra = b.extra,
        .advert = b.advert,
        .secure = b.secure,
        .image = STR_INIT(""),
    };
    buttons_read_json(x, b.buttons, f);
    if (b.image.len)
        image_read(x, b.image, f);
    if (profile)
        *profile = b.sender_profile_id;
    return api_problem(x, scope_invalid(api_scope(x)));
}

static void form_check(struct http_exchange *x, const struct template_form *f,
                       struct template_check *check)
{
    const char *url = api_app(x)->public_url;
    template_check(f, url ? str_printf(&x->arena, "%s/r/", url) : STR(""), &x->arena, check);
}

static enum problem form_problem(struct http_exchange *x, const struct template_form *f)
{
    struct template_check check;
    form_check(x, f, &check);
    return template_check_problem(api_scope(x), &check);
}

int template_check_post(struct http_exchange *x)
{
    struct template_form f;
    struct template_check check;
    int status = form_read(x, form_fields, COUNT_OF(form_fields), &f, NULL);
    if (status)
        return status;
    form_check(x, &f, &check);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_key(&j, "findings");
    json_begin_array(&j);
    for (size_t i = 0; i < check.count; i++) {
        const struct template_finding *found = &check.list[i];
        json_begin_object(&j);
        json_put_str(&j, "severity", found->error ? STR("error") : STR("warning"));
        json_put_str(&j, "field", found->field);
        json_put_str(&j, "code", found->code);
        json_put_str(&j, "text", api_english(x) ? found->en : found->ko);
        json_end_object(&j);
    }
    json_end_array(&j);
    names_write(&j, "variables", check.variables, check.variable_count);
    json_put_i64(&j, "length", check.length);
    json_put_i64(&j, "limit", check.limit);
    json_end_object(&j);
    return 200;
}

int template_post(struct http_exchange *x)
{
    struct template_form f;
    struct profile profile;
    int64_t profile_id, id;
    int status = form_read(x, new_fields, COUNT_OF(new_fields), &f, &profile_id);
    if (status)
        return status;
    enum problem p = profile_get(api_scope(x), profile_id, &profile);
    if (!p)
        p = form_problem(x, &f);
    if (!p)
        p = account_template_save(api_scope(x), profile_id, STR(""), &f, &id);
    return p ? api_problem(x, p) : answer(x, id, 201);
}

/* The template of the address, when `may` be done with it. */
static enum problem template_for(struct http_exchange *x, bool (*may)(const struct template *t),
                                 struct template *t)
{
    enum problem p = template_get(api_scope(x), http_param_i64(x, 0), t);
    if (!p && !t->present)
        p = PROBLEM_TEMPLATE_GONE;
    return p || may(t) ? p : PROBLEM_TEMPLATE_LOCKED;
}

int template_put(struct http_exchange *x)
{
    struct template_form f;
    struct template t;
    int64_t id;
    int status = form_read(x, form_fields, COUNT_OF(form_fields), &f, NULL);
    if (status)
        return status;
    enum problem p = template_for(x, template_editable, &t);
    f.image_kept = !p && t.image_url.len > 0;
    if (!p)
        p = form_problem(x, &f);
    if (!p)
        p = account_template_save(api_scope(x), t.profile, t.code, &f, &id);
    return p ? api_problem(x, p) : answer(x, id, 200);
}

int template_delete_one(struct http_exchange *x)
{
    struct template t;
    enum problem p = template_for(x, template_deletable, &t);
    if (!p)
        p = account_template_delete(api_scope(x), t.profile, t.code);
    return p ? api_problem(x, p) : api_no_content(x);
}

int template_inspection_post(struct http_exchange *x)
{
    struct template t;
    enum problem p = template_for(x, template_editable, &t);
    if (!p)
        p = account_template_request(api_scope(x), t.profile, t.code);
    return p ? api_problem(x, p) : answer(x, t.id, 200);
}
