/*
 * contacts.c - contacts: list, add, show, change, remove.
 */
#include "api/handlers.h"
#include "domain/contact.h"
#include "domain/search.h"

struct body {
    struct str name, phone, email;
    const json_t *attributes;
    struct api_ids group_ids;
};

enum {
    NAME,
    PHONE,
    EMAIL,
    ATTRIBUTES,
    GROUP_IDS,
    FIELDS
};

#define ROWS(must)                                                                                 \
    {                                                                                              \
        [NAME] = API_FIELD(struct body, name, API_TEXT, .required = (must)),                       \
        [PHONE] = API_FIELD(struct body, phone, API_TEXT, .required = (must)),                     \
        [EMAIL] = API_FIELD(struct body, email, API_TEXT, .nullable = true),                       \
        [ATTRIBUTES] = API_FIELD(struct body, attributes, API_OBJECT),                             \
        [GROUP_IDS] = API_FIELD(struct body, group_ids, API_IDS, .max = 1000),                     \
    }

static const struct api_field new_fields[FIELDS] = ROWS(true), change_fields[FIELDS] = ROWS(false);

static int form_read(struct http_exchange *x, const struct api_field *fields,
                     struct contact_form *form)
{
    struct body b = {0};
    unsigned given = 0;
    int status = api_body(x, fields, FIELDS, &b, &given);
    *form = (struct contact_form){
        .name = b.name,
        .phone = b.phone,
        .email = b.email,
        .email_given = given & 1u << EMAIL,
        .attributes = b.attributes,
        .group_ids = b.group_ids.list,
        .group_count = b.group_ids.count,
        .groups_given = given & 1u << GROUP_IDS,
    };
    return status;
}

static void contact_write(struct json *j, const struct contact *c)
{
    json_begin_object(j);
    json_put_i64(j, "id", c->id);
    json_put_str(j, "name", c->name);
    json_put_str(j, "phone", c->phone);
    json_put_str_or_null(j, "email", c->email);
    json_put_raw(j, "attributes", c->attributes);
    json_key(j, "groups");
    json_begin_array(j);
    for (size_t i = 0; i < c->group_count; i++) {
        json_begin_object(j);
        json_put_i64(j, "id", c->groups[i].id);
        json_put_str(j, "name", c->groups[i].name);
        json_end_object(j);
    }
    json_end_array(j);
    json_put_i64(j, "created_at", c->created_at);
    json_put_i64(j, "updated_at", c->updated_at);
    json_put_bool(j, "suppressed", c->suppressed);
    json_end_object(j);
}

static int answer(struct http_exchange *x, int64_t id, int status)
{
    struct contact c;
    enum problem p = contact_get(api_scope(x), id, &c);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    contact_write(&j, &c);
    return status;
}

int contact_filter_read(struct http_exchange *x, struct contact_filter *filter)
{
    struct str sort = http_query(x, "sort");
    *filter = (struct contact_filter){.query = http_query(x, "q")};
    if (!filter->query.ptr)
        filter->query = STR("");
    if (!utf8_valid(filter->query) || utf8_count(filter->query) > SEARCH_QUERY_MAX)
        return api_problem(x, scope_fail(api_scope(x), PROBLEM_BAD_REQUEST, STR("q")));
    if (sort.ptr && !contact_sort_find(sort, &filter->sort))
        return api_problem(x, scope_fail(api_scope(x), PROBLEM_BAD_REQUEST, STR("sort")));
    return api_query_i64(x, "group_id", 1, &filter->group);
}

int contact_list_get(struct http_exchange *x)
{
    struct page page;
    struct contact_filter filter;
    const struct contact *list;
    size_t count;
    struct str next;
    int status = api_page(x, &page);
    if (!status)
        status = contact_filter_read(x, &filter);
    if (status)
        return status;
    enum problem p = contact_list(api_scope(x), &filter, &page, &list, &count, &next);
    if (p)
        return api_problem(x, p);
    struct json j = api_list_begin(x);
    for (size_t i = 0; i < count; i++)
        contact_write(&j, &list[i]);
    return api_list_end(&j, next);
}

int contact_count_get(struct http_exchange *x)
{
    struct contact_filter filter;
    int64_t count;
    int status = contact_filter_read(x, &filter);
    if (status)
        return status;
    enum problem p = contact_count(api_scope(x), &filter, &count);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_i64(&j, "count", count);
    json_end_object(&j);
    return 200;
}

int contact_post(struct http_exchange *x)
{
    struct contact_form form;
    int64_t id;
    int status = form_read(x, new_fields, &form);
    if (status)
        return status;
    enum problem p = contact_create(api_scope(x), &form, &id);
    return p ? api_problem(x, p) : answer(x, id, 201);
}

int contact_get_one(struct http_exchange *x)
{
    return answer(x, http_param_i64(x, 0), 200);
}

int contact_patch(struct http_exchange *x)
{
    struct contact_form form;
    int64_t id = http_param_i64(x, 0);
    int status = form_read(x, change_fields, &form);
    if (status)
        return status;
    enum problem p = contact_update(api_scope(x), id, &form);
    return p ? api_problem(x, p) : answer(x, id, 200);
}

int contact_delete_one(struct http_exchange *x)
{
    enum problem p = contact_delete(api_scope(x), http_param_i64(x, 0));
    return p ? api_problem(x, p) : api_no_content(x);
}
