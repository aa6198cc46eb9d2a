/*
 * groups.c - groups and their members.
 */
#include "api/handlers.h"
#include "domain/contact_action.h"
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

/* Reads ?sort=; false when the word is not known. */
static bool sort_read(struct http_exchange *x, enum group_sort *sort)
{
    static const char *const words[] = {
        [GROUP_BY_CREATED] = "created",
        [GROUP_BY_NAME] = "name",
        [GROUP_BY_MEMBERS] = "members",
        [GROUP_BY_NEWEST] = "newest",
    };
    struct str word = http_query(x, "sort");
    *sort = GROUP_BY_CREATED;
    for (size_t i = 0; word.ptr && i < COUNT_OF(words); i++)
        if (str_eq(word, str_c(words[i]))) {
            *sort = (enum group_sort)i;
            return true;
        }
    return !word.ptr;
}

int group_list_get(struct http_exchange *x)
{
    struct page page;
    struct group_filter filter = {.query = http_query(x, "q")};
    const struct group *list;
    size_t count;
    struct str next;
    int status = api_page(x, &page);
    if (status)
        return status;
    if (!sort_read(x, &filter.sort))
        return api_problem(x, scope_fail(api_scope(x), PROBLEM_BAD_REQUEST, STR("sort")));
    enum problem p = group_list(api_scope(x), &filter, &page, &list, &count, &next);
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
    struct contact_action_result r;
    int status = api_body(x, member_fields, COUNT_OF(member_fields), &m, NULL);
    if (status)
        return status;
    const struct contact_action action = {
        .kind = CONTACT_ADD,
        .selection = {.ids = m.contact_ids.list, .count = m.contact_ids.count},
        .group = http_param_i64(x, 0),
        .expected_count = CONTACT_COUNT_ANY,
    };
    enum problem p = contact_act(api_scope(x), &action, &r);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_i64(&j, "added", r.changed);
    json_end_object(&j);
    return 200;
}

int group_member_delete(struct http_exchange *x)
{
    int64_t contact = http_param_i64(x, 1);
    struct contact_action_result r;
    const struct contact_action action = {
        .kind = CONTACT_REMOVE,
        .selection = {.ids = &contact, .count = 1},
        .from = http_param_i64(x, 0),
        .expected_count = CONTACT_COUNT_ANY,
    };
    enum problem p = contact_act(api_scope(x), &action, &r);
    if (!p && r.changed == 0)
        p = PROBLEM_NOT_FOUND; /* a contact, but no member */
    return p ? api_problem(x, p) : api_no_content(x);
}
