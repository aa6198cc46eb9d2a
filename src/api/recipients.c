/*
 * recipients.c - whom to send to, as bodies say it and as campaigns show it, and how many that are.
 */
#include "domain/recipients.h"
#include "api/handlers.h"

/* ---- a choice in a body ---- */

struct body {
    struct api_ids group_ids, except_group_ids;
    int64_t except_days; /* -1: not given */
};

static const struct api_field choice_fields[] = {
    API_FIELD(struct body, group_ids, API_IDS, .required = true, .max = RECIPIENTS_GROUPS_MAX),
    API_FIELD(struct body, except_group_ids, API_IDS, .max = RECIPIENTS_GROUPS_MAX),
    API_FIELD(struct body, except_days, API_NUMBER, .nullable = true),
};

void recipients_choice_read(struct http_exchange *x, const json_t *object,
                            struct recipients_choice *c)
{
    struct body b = {.except_days = -1};
    api_object(x, object, choice_fields, COUNT_OF(choice_fields), &b, NULL);
    *c = (struct recipients_choice){0};
    for (size_t i = 0; i < b.group_ids.count; i++)
        recipients_choice_add(c, false, b.group_ids.list[i]);
    for (size_t i = 0; i < b.except_group_ids.count; i++)
        recipients_choice_add(c, true, b.except_group_ids.list[i]);
    if (b.except_days == 0)
        scope_field_error(api_scope(x), "except_days", "range", "1일부터 365일까지 쓸 수 있습니다.",
                          "This may be 1 to 365 days.");
    c->except_days = b.except_days > 0 ? b.except_days : 0;
}

/* ---- a choice in an answer ---- */

static void groups_write(struct json *j, const char *key, const struct recipients_group *list,
                         size_t count)
{
    json_key(j, key);
    json_begin_array(j);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(j);
        json_put_i64(j, "id", list[i].id);
        json_put_str(j, "name", list[i].name);
        json_end_object(j);
    }
    json_end_array(j);
}

void recipients_put(struct json *j, const struct recipients *r)
{
    json_key(j, "recipients");
    json_begin_object(j);
    groups_write(j, "groups", r->groups, r->group_count);
    groups_write(j, "except_groups", r->except, r->except_count);
    json_put_i64_or_null(j, "except_days", r->except_days);
    json_end_object(j);
}

/* ---- counting ---- */

struct wanted {
    const json_t *recipients;
    int64_t template_id;
};

static const struct api_field count_fields[] = {
    API_FIELD(struct wanted, recipients, API_OBJECT, .required = true),
    API_FIELD(struct wanted, template_id, API_NUMBER),
};

int recipient_count_post(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    struct wanted w = {0};
    struct recipients_choice c;
    struct recipients_tally n;
    int status = api_body(x, count_fields, COUNT_OF(count_fields), &w, NULL);
    if (status)
        return status;
    recipients_choice_read(x, w.recipients, &c);
    enum problem p = scope_invalid(s);
    if (!p)
        p = recipients_tally(s, &c, w.template_id, &n);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_i64(&j, "selected", n.selected);
    json_put_i64(&j, "excepted", n.excepted);
    json_put_i64(&j, "suppressed", n.suppressed);
    json_put_i64(&j, "recent", n.recent);
    json_put_i64(&j, "remaining", n.selected - n.excepted - n.suppressed - n.recent);
    json_end_object(&j);
    return 200;
}
