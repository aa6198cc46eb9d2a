/*
 * messages.c - the recipients of a campaign: lists with filters, and one with everything known of
 * it.
 */
#include "api/handlers.h"
#include "domain/campaign.h"
#include "domain/contact_history.h"
#include "domain/message_view.h"

static void message_members(struct http_exchange *x, struct json *j, const struct message *m)
{
    json_put_i64(j, "ordinal", m->ordinal);
    json_put_str(j, "name", m->name);
    json_put_str(j, "phone", m->phone);
    json_put_str(j, "state", message_state_word(m->state));
    json_put_str_or_null(j, "reason", m->reason);
    json_put_str_or_null(j, "reason_text",
                         m->reason.ptr ? message_reason_text(m->reason, api_english(x), &x->arena)
                                       : m->reason);
    json_put_i64_or_null(j, "request_id", m->request);
    json_put_i64_or_null(j, "sent_at", m->sent_at);
    json_put_i64_or_null(j, "accepted_at", m->accepted_at);
    json_put_i64_or_null(j, "settled_at", m->settled_at);
    json_put_i64_or_null(j, "first_click_at", m->first_click_at);
    json_put_i64(j, "click_count", m->click_count);
}

bool message_filter_read(struct http_exchange *x, struct message_filter *f)
{
    struct str state = http_query(x, "state"), clicked = http_query(x, "clicked");
    struct str query = http_query(x, "q");
    *f = (struct message_filter){.query = query.ptr ? query : STR("")};
    f->clicked = clicked.ptr && str_eq(clicked, STR("true"));
    f->state = state.len ? message_state_find(state) : 0;
    return state.len == 0 || f->state != 0;
}

int message_list_get(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    struct page page;
    struct message_filter filter;
    struct campaign c;
    const struct message *list;
    size_t count;
    struct str next;
    int64_t id = http_param_i64(x, 0);
    int status = api_page(x, &page);
    if (status)
        return status;
    if (!message_filter_read(x, &filter))
        return api_problem(x, scope_fail(s, PROBLEM_BAD_REQUEST, STR("state")));
    enum problem p = campaign_get(s, id, &c);
    if (!p)
        p = message_list(s, id, &filter, &page, &list, &count, &next);
    if (p)
        return api_problem(x, p);
    struct json j = api_list_begin(x);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&j);
        message_members(x, &j, &list[i]);
        json_end_object(&j);
    }
    return api_list_end(&j, next);
}

/* The stored buttons carry their place too; the API's list is in order already. */
static void buttons_put(struct http_exchange *x, struct json *j, struct str stored)
{
    struct button list[BUTTONS_MAX];
    size_t count = buttons_read(&x->arena, stored, list);
    json_key(j, "buttons");
    json_begin_array(j);
    for (size_t i = 0; i < count; i++) {
        const struct {
            const char *key;
            struct str value;
        } links[] = {{"mobile", list[i].mobile},
                     {"pc", list[i].pc},
                     {"ios", list[i].ios},
                     {"android", list[i].android},
                     {"target", list[i].target}};
        json_begin_object(j);
        json_put_str(j, "name", list[i].name);
        json_put_str(j, "type", list[i].type);
        json_put_str(j, "type_name", list[i].type_name);
        for (size_t l = 0; l < COUNT_OF(links); l++)
            json_put_str_or_null(j, links[l].key,
                                 links[l].value.len ? links[l].value : (struct str){NULL, 0});
        json_end_object(j);
    }
    json_end_array(j);
}

static void timeline_put(struct json *j, const struct message_detail *d)
{
    json_key(j, "timeline");
    json_begin_array(j);
    for (size_t i = 0; i < d->event_count; i++) {
        json_begin_object(j);
        json_put_i64(j, "at", d->timeline[i].at);
        json_put_str(j, "state", d->timeline[i].state);
        json_put_str(j, "text", d->timeline[i].text.ptr ? d->timeline[i].text : STR(""));
        json_end_object(j);
    }
    json_end_array(j);
}

static void clicks_put(struct json *j, const struct message_detail *d)
{
    json_key(j, "clicks");
    json_begin_array(j);
    for (size_t i = 0; i < d->click_count; i++) {
        json_begin_object(j);
        json_put_i64(j, "at", d->clicks[i].at);
        json_put_i64(j, "button", d->clicks[i].button);
        json_put_str(j, "kind", d->clicks[i].kind);
        json_end_object(j);
    }
    json_end_array(j);
}

int message_get_one(struct http_exchange *x)
{
    struct message_detail d;
    enum problem p = message_get(api_scope(x), http_param_i64(x, 0), http_param_i64(x, 1), &d);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    message_members(x, &j, &d.message);
    json_put_i64_or_null(&j, "contact_id", d.message.contact);
    json_put_str_or_null(&j, "title", d.title.len ? d.title : (struct str){NULL, 0});
    json_put_str(&j, "body", d.body);
    buttons_put(x, &j, d.buttons);
    json_put_str_or_null(&j, "result_code", d.result_code);
    json_put_str_or_null(&j, "result_text", d.result_text);
    timeline_put(&j, &d);
    clicks_put(&j, &d);
    json_put_i64_or_null(&j, "previous_ordinal", d.previous);
    json_put_i64_or_null(&j, "next_ordinal", d.next);
    json_end_object(&j);
    return 200;
}

/* ---- of one contact ---- */

static void contact_message_write(struct http_exchange *x, struct json *j,
                                  const struct contact_message *c)
{
    const struct message *m = &c->message;
    json_begin_object(j);
    api_ref(j, "campaign", c->campaign, c->campaign_name);
    json_put_i64(j, "ordinal", m->ordinal);
    json_put_str(j, "template_name", c->template_name);
    json_put_str(j, "phone", m->phone);
    json_put_str(j, "state", message_state_word(m->state));
    json_put_str_or_null(j, "reason", m->reason);
    json_put_str_or_null(j, "reason_text",
                         m->reason.ptr ? message_reason_text(m->reason, api_english(x), &x->arena)
                                       : m->reason);
    json_put_i64_or_null(j, "sent_at", m->sent_at);
    json_put_i64_or_null(j, "settled_at", m->settled_at);
    json_put_i64_or_null(j, "first_click_at", m->first_click_at);
    json_put_i64(j, "click_count", m->click_count);
    json_end_object(j);
}

int contact_message_list_get(struct http_exchange *x)
{
    struct page page;
    const struct contact_message *list;
    size_t count;
    struct str next;
    int status = api_page(x, &page);
    if (status)
        return status;
    enum problem p =
        contact_history(api_scope(x), http_param_i64(x, 0), &page, &list, &count, &next);
    if (p)
        return api_problem(x, p);
    struct json j = api_list_begin(x);
    for (size_t i = 0; i < count; i++)
        contact_message_write(x, &j, &list[i]);
    return api_list_end(&j, next);
}
