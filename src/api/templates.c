/*
 * templates.c - templates as the gateway has approved them, and fetching them anew.
 */
#include "api/handlers.h"
#include "domain/template.h"
#include "sender/account.h"

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

static void template_write(struct http_exchange *x, struct json *j, const struct template *t)
{
    struct str names[TEMPLATE_VARIABLES_MAX];
    json_begin_object(j);
    json_put_i64(j, "id", t->id);
    json_put_i64(j, "sender_profile_id", t->profile);
    json_put_str(j, "code", t->code);
    json_put_str(j, "name", t->name);
    json_put_str(j, "content", t->content);
    json_put_str(j, "type", t->type);
    json_put_str(j, "emphasis", t->emphasis);
    json_put_str_or_null(j, "title", or_null(t->title));
    json_put_str_or_null(j, "subtitle", or_null(t->subtitle));
    json_put_str_or_null(j, "extra", or_null(t->extra));
    json_key(j, "buttons");
    json_begin_array(j);
    for (size_t i = 0; i < t->button_count; i++)
        template_button_put(j, &t->buttons[i], (int64_t)i + 1, button_tracked(&t->buttons[i]));
    json_end_array(j);
    names_write(j, "variables", names, template_variables(t, &x->arena, names));
    names_write(j, "link_variables", names, template_link_variables(t, &x->arena, names));
    json_put_str(j, "status", t->status);
    json_put_str(j, "inspection", t->inspection);
    json_put_bool(j, "sendable", template_sendable(t));
    json_put_i64(j, "version", t->version);
    json_put_i64(j, "fetched_at", t->fetched_at);
    json_end_object(j);
}

int template_list_get(struct http_exchange *x)
{
    struct page page;
    const struct template *list;
    size_t count;
    int status = api_page(x, &page);
    if (status)
        return status;
    enum problem p = template_list(api_scope(x), &list, &count);
    if (p)
        return api_problem(x, p);
    struct api_slice slice = api_slice(x, &page, count);
    struct json j = api_list_begin(x);
    for (size_t i = slice.from; i < slice.to; i++)
        template_write(x, &j, &list[i]);
    return api_list_end(&j, slice.next);
}

int template_get_one(struct http_exchange *x)
{
    struct template t;
    enum problem p = template_get(api_scope(x), http_param_i64(x, 0), &t);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    template_write(x, &j, &t);
    return 200;
}

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
