/*
 * groups.c - groups and their members.
 */
#include "api/handlers.h"
#include "domain/group.h"

struct body {
    struct str name, description;
};

static const struct api_field new_fields[] = {
    API_FIELD(struct body, name, API_TEXT, .required = true),
    API_FIELD(struct body, description, API_TEXT),
};

static const struct api_field change_fields[] = {
    API_FIELD(struct body, name, API_TEXT),
    API_FIELD(struct body, description, API_TEXT),
};

struct members {
    struct api_ids contact_ids;
};

static const struct api_field member_fields[] = {
    API_FIELD(struct members, contact_ids, API_IDS, .required = true),
};

static void group_write(struct json *j, const struct group *g)
{
    json_begin_object(j);
    json_put_i64(j, "id", g->id);
    json_put_str(j, "name", g->name);
    json_put_str(j, "description", g->description);
    json_put_bool(j, "is_default", g->is_default);
    json_put_i64(j, "member_count", g->member_count);
    json_put_i64(j, "created_at", g->created_at);
    json_end_object(j);
}

static int answer(struct http_exchange *x, int64_t id, int status)
{
    struct group g;
    enum problem p = group_get(api_scope(x), id, &g);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    group_write(&j, &g);
    return status;
}

int group_list_get(struct http_exchange *x)
{
    struct page page;
    const struct group *list;
    size_t count;
    struct str next;
    int status = api_page(x, &page);
    if (status)
        return status;
    enum problem p = group_list(api_scope(x), &page, &list, &count, &next);
    if (p)
        return api_problem(x, p);
    struct json j = api_list_begin(x);
    for (size_t i = 0; i < count; i++)
        group_write(&j, &list[i]);
    return api_list_end(&j, next);
}

int group_post(struct http_exchange *x)
{
    struct body b = {.description = STR_INIT("")};
    int64_t id;
    int status = api_body(x, new_fields, COUNT_OF(new_fields), &b, NULL);
    if (status)
        return status;
    enum problem p = group_create(api_scope(x), b.name, b.description, &id);
    return p ? api_problem(x, p) : answer(x, id, 201);
}

int group_get_one(struct http_exchange *x)
{
    return answer(x, http_param_i64(x, 0), 200);
}

int group_patch(struct http_exchange *x)
{
    struct body b = {0};
    int64_t id = http_param_i64(x, 0);
    int status = api_body(x, change_fields, COUNT_OF(change_fields), &b, NULL);
    if (status)
        return status;
    enum problem p = group_update(api_scope(x), id, b.name, b.description);
    return p ? api_problem(x, p) : answer(x, id, 200);
}

int group_delete_one(struct http_exchange *x)
{
    enum problem p = group_delete(api_scope(x), http_param_i64(x, 0));
    return p ? api_problem(x, p) : api_no_content(x);
}

int group_members_post(struct http_exchange *x)
{
    struct members m = {0};
    struct scope *s = api_scope(x);
    int64_t added;
    int status = api_body(x, member_fields, COUNT_OF(member_fields), &m, NULL);
    if (status)
        return status;
    if (m.contact_ids.count == 0)
        scope_field_error(s, "contact_ids", "required", "고객을 한 명 이상 골라 주세요.",
                          "Please choose at least one contact.");
    enum problem p = scope_invalid(s);
    if (!p)
        p = group_members_add(s, http_param_i64(x, 0), m.contact_ids.list, m.contact_ids.count,
                              &added);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_i64(&j, "added", added);
    json_end_object(&j);
    return 200;
}

int group_member_delete(struct http_exchange *x)
{
    enum problem p = group_member_remove(api_scope(x), http_param_i64(x, 0), http_param_i64(x, 1));
    return p ? api_problem(x, p) : api_no_content(x);
}
