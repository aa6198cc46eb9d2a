/*
 * suppressions.c - 수신거부: numbers that nothing is sent to: list, add by hand and by file,
 * remove.
 */
#include "api/handlers.h"
#include "domain/suppression.h"

/* ---- writing ---- */

static void ref_or_null(struct json *j, const char *key, int64_t id, struct str name)
{
    if (id) {
        api_ref(j, key, id, name);
    } else {
        json_key(j, key);
        json_null_value(j);
    }
}

static void suppression_write(struct json *j, const struct suppression *p)
{
    json_begin_object(j);
    json_put_i64(j, "id", p->id);
    json_put_str(j, "phone", p->phone);
    json_put_str(j, "reason", p->reason);
    json_put_str(j, "note", p->note);
    ref_or_null(j, "contact", p->contact, p->contact_name);
    ref_or_null(j, "campaign", p->campaign, p->campaign_name);
    json_put_i64(j, "created_at", p->created_at);
    json_end_object(j);
}

int suppression_list_get(struct http_exchange *x)
{
    struct page page;
    struct str query = http_query(x, "q"), reason = http_query(x, "reason"), next;
    const struct suppression *list;
    size_t count;
    int status = api_page(x, &page);
    if (status)
        return status;
    if (reason.ptr && !suppression_reason_known(reason))
        return api_problem(x, scope_fail(api_scope(x), PROBLEM_BAD_REQUEST, STR("reason")));
    struct suppression_filter filter = {query.ptr ? query : STR(""), reason.ptr ? reason : STR("")};
    enum problem p = suppression_list(api_scope(x), &filter, &page, &list, &count, &next);
    if (p)
        return api_problem(x, p);
    struct json j = api_list_begin(x);
    for (size_t i = 0; i < count; i++)
        suppression_write(&j, &list[i]);
    return api_list_end(&j, next);
}

static void refused_write(struct http_exchange *x, struct json *j,
                          const struct suppression_added *n)
{
    json_key(j, "refused");
    json_begin_array(j);
    for (int64_t i = 0; i < n->refused_count && i < SUPPRESSION_REFUSED_MAX; i++) {
        json_begin_object(j);
        json_put_i64(j, "row", n->refused[i].row);
        json_put_str(j, "text", n->refused[i].text);
        json_put_str(j, "reason", n->refused[i].reason);
        json_put_str(j, "reason_text", phone_reason_text(n->refused[i].reason, api_english(x)));
        json_end_object(j);
    }
    json_end_array(j);
}

/* Adds what was read and tells what became of it. */
static int added(struct http_exchange *x, const struct phone_set *phones, struct str reason,
                 struct str note, struct suppression_added *n)
{
    enum problem p = suppression_add(api_scope(x), phones, reason, note, n);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_i64(&j, "added", n->added);
    json_put_i64(&j, "already", n->already);
    json_put_i64(&j, "refused_count", n->refused_count);
    refused_write(x, &j, n);
    json_put_i64(&j, "stopped", n->stopped);
    json_end_object(&j);
    return 200;
}

/* ---- adding ---- */

struct body {
    const json_t *phones;
    struct str note;
};

static const struct api_field fields[] = {
    API_FIELD(struct body, phones, API_ARRAY, .required = true, .max = SUPPRESSION_LIST_MAX),
    API_FIELD(struct body, note, API_TEXT, .max = SUPPRESSION_NOTE_MAX),
};

/* Each as people write it; what is no text at all is the caller's mistake. */
static enum problem phones_read(struct http_exchange *x, const json_t *array,
                                struct phone_set *phones, struct suppression_added *n)
{
    struct scope *s = api_scope(x);
    if (json_array_size(array) == 0)
        scope_field_error(s, "phones", "required", "번호를 하나 이상 넣어 주세요.",
                          "Please enter at least one number.");
    for (size_t i = 0; i < json_array_size(array) && !s->error_count; i++) {
        const json_t *v = json_array_get(array, i);
        if (json_is_string(v))
            suppression_take((int64_t)i + 1, str_n(json_string_value(v), json_string_length(v)),
                             &x->arena, phones, n);
        else
            scope_field_error(s, "phones", "type", "글(문자열)의 목록이어야 합니다.",
                              "This must be a list of strings.");
    }
    return scope_invalid(s);
}

int suppression_post(struct http_exchange *x)
{
    PHONE_SET(phones);
    struct body b = {.note = STR_INIT("")};
    struct suppression_added *n = arena_new(&x->arena, struct suppression_added);
    int status = api_body(x, fields, COUNT_OF(fields), &b, NULL);
    if (status)
        return status;
    enum problem p = phones_read(x, b.phones, &phones, n);
    return p ? api_problem(x, p) : added(x, &phones, STR("manual"), b.note, n);
}

int suppression_file_post(struct http_exchange *x)
{
    PHONE_SET(phones);
    struct suppression_added *n = arena_new(&x->arena, struct suppression_added);
    enum problem p = suppression_file_read(api_scope(x), x->request.file_path.ptr, &phones, n);
    return p ? api_problem(x, p) : added(x, &phones, STR("file"), STR(""), n);
}

int suppression_delete_one(struct http_exchange *x)
{
    enum problem p = suppression_delete(api_scope(x), http_param_i64(x, 0));
    return p ? api_problem(x, p) : api_no_content(x);
}
