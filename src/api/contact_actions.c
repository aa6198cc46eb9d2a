/*
 * contact_actions.c - one change to many contacts.
 */
#include "api/handlers.h"
#include "domain/contact_action.h"
#include "domain/search.h"

struct body {
    struct str action;
    const json_t *selection;
    int64_t group_id, from_group_id, expected_count;
};

static const struct api_field fields[] = {
    API_FIELD(struct body, action, API_TEXT, .required = true),
    API_FIELD(struct body, selection, API_OBJECT, .required = true),
    API_FIELD(struct body, group_id, API_NUMBER),
    API_FIELD(struct body, from_group_id, API_NUMBER),
    API_FIELD(struct body, expected_count, API_NUMBER, .required = true),
};

struct selection {
    struct api_ids ids;
    const json_t *matching;
};

static const struct api_field selection_fields[] = {
    API_FIELD(struct selection, ids, API_IDS, .max = CONTACT_ACTION_IDS_MAX),
    API_FIELD(struct selection, matching, API_OBJECT),
};

struct match {
    struct str q;
    int64_t group_id;
};

static const struct api_field match_fields[] = {
    API_FIELD(struct match, q, API_TEXT, .max = SEARCH_QUERY_MAX),
    API_FIELD(struct match, group_id, API_NUMBER),
};

static void action_read(struct http_exchange *x, struct str word, enum contact_action_kind *kind)
{
    static const char *const words[] = {
        [CONTACT_ADD] = "add",
        [CONTACT_MOVE] = "move",
        [CONTACT_REMOVE] = "remove",
        [CONTACT_DELETE] = "delete",
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(word, str_c(words[i]))) {
            *kind = (enum contact_action_kind)i;
            return;
        }
    scope_field_error(api_scope(x), "action", "unknown", "모르는 작업입니다.",
                      "There is no such action.");
}

/* `filter` is where a search goes; it must live as long as the selection. */
static void selection_read(struct http_exchange *x, const json_t *object,
                           struct contact_filter *filter, struct contact_selection *out)
{
    struct selection given = {0};
    struct match match = {.q = STR_INIT(""), .group_id = -1};
    api_object(x, object, selection_fields, COUNT_OF(selection_fields), &given, NULL);
    if ((given.ids.list != NULL) == (given.matching != NULL))
        scope_field_error(api_scope(x), "selection", "required",
                          "고객을 한 명 이상 고르거나 조건을 하나 정해 주세요.",
                          "Please give either ids or what has to match.");
    *out = (struct contact_selection){.ids = given.ids.list, .count = given.ids.count};
    if (!given.matching)
        return;
    api_object(x, given.matching, match_fields, COUNT_OF(match_fields), &match, NULL);
    if (match.group_id == 0) /* which would be every group */
        scope_field_error(api_scope(x), "group_id", "unknown", "없는 그룹입니다.",
                          "There is no such group.");
    *filter =
        (struct contact_filter){.query = match.q, .group = match.group_id > 0 ? match.group_id : 0};
    out->filter = filter;
}

int contact_action_post(struct http_exchange *x)
{
    struct body b = {0};
    struct contact_filter filter;
    struct contact_action_result r;
    int status = api_body(x, fields, COUNT_OF(fields), &b, NULL);
    if (status)
        return status;
    struct contact_action action = {
        .group = b.group_id, .from = b.from_group_id, .expected_count = b.expected_count};
    action_read(x, b.action, &action.kind);
    selection_read(x, b.selection, &filter, &action.selection);
    enum problem p = scope_invalid(api_scope(x));
    if (!p)
        p = contact_act(api_scope(x), &action, &r);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_i64(&j, "selected", r.selected);
    json_put_i64(&j, "changed", r.changed);
    json_end_object(&j);
    return 200;
}
