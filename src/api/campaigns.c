/*
 * campaigns.c - composing, checking, sending and steering a campaign, and watching it live.
 */
#include "api/handlers.h"
#include "base/log.h"
#include "domain/campaign.h"
#include "sender/account.h"
#include "sender/explain.h"
#include "sender/sender.h"

#include <stdlib.h>

/* ---- writing ---- */

static void counts_write(struct json *j, const struct campaign *c)
{
    json_key(j, "counts");
    json_begin_object(j);
    json_put_i64(j, "total", c->total);
    for (int state = 1; state < MESSAGE_STATES; state++) {
        json_key(j, message_state_word((enum message_state)state).ptr);
        json_i64(j, c->counts[state]);
    }
    json_put_i64(j, "clicked", c->clicked);
    json_end_object(j);
}

/* Won for `count` messages, or null while the gateway has told no price. */
static void money_write(struct json *j, const char *key, struct str unit_price, int64_t count)
{
    json_key(j, key);
    if (unit_price.ptr)
        json_double(j, strtod(unit_price.ptr, NULL) * (double)count);
    else
        json_null_value(j);
}

static int64_t priced(const struct campaign *c)
{
    return c->total - c->counts[MESSAGE_SKIPPED] - c->counts[MESSAGE_CANCELLED];
}

/* For people: what stopped it, with what to do. The system keeps codes and a gateway's words. */
static struct str pause_text(const struct campaign *c, bool english, struct arena *a)
{
    static const struct str none[PROBLEM_ARGS_MAX] = {STR_INIT(""), STR_INIT(""), STR_INIT("")};
    if (str_eq(c->pause_code, STR("template"))) {
        enum problem p = template_problem_find(c->pause_text);
        return problem_text(p ? p : PROBLEM_TEMPLATE_CHANGED_PAUSED, english, none, a);
    }
    return explain_text(a, c->pause_text, english);
}

static void pause_write(struct json *j, const struct campaign *c, bool english, struct arena *a)
{
    json_key(j, "pause_reason");
    if (!c->pause_code.ptr) {
        json_null_value(j);
        return;
    }
    json_begin_object(j);
    json_put_str(j, "code", c->pause_code);
    json_put_str(j, "text", pause_text(c, english, a));
    json_end_object(j);
}

static void links_write(struct json *j, const struct campaign *c)
{
    json_key(j, "links");
    json_begin_array(j);
    for (size_t i = 0; i < c->link_count; i++) {
        json_begin_object(j);
        json_put_i64(j, "button", c->links[i].button);
        json_put_str(j, "url", c->links[i].url);
        json_end_object(j);
    }
    json_end_array(j);
}

static void campaign_write(struct json *j, const struct campaign *c, bool english, struct arena *a)
{
    json_begin_object(j);
    json_put_i64(j, "id", c->id);
    json_put_str(j, "name", c->name);
    json_put_str(j, "state", c->state);
    pause_write(j, c, english, a);
    json_key(j, "template");
    json_begin_object(j);
    json_put_i64(j, "id", c->template);
    json_put_str(j, "code", c->template_code);
    json_put_str(j, "name", c->template_name);
    json_put_i64(j, "version", c->version);
    json_end_object(j);
    recipients_put(j, &c->recipients);
    json_put_raw(j, "values", c->values);
    links_write(j, c);
    counts_write(j, c);
    money_write(j, "unit_price", c->unit_price, 1);
    money_write(j, "cost", c->unit_price, priced(c));
    json_put_str_or_null(j, "confirmation", c->confirmation);
    json_put_i64(j, "created_at", c->created_at);
    json_put_i64_or_null(j, "checked_at", c->checked_at);
    json_put_i64_or_null(j, "started_at", c->started_at);
    json_put_i64_or_null(j, "finished_at", c->finished_at);
    json_end_object(j);
}

static int answer(struct http_exchange *x, int64_t id, int status)
{
    struct campaign c;
    enum problem p = campaign_get(api_scope(x), id, &c);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    campaign_write(&j, &c, api_english(x), &x->arena);
    return status;
}

/* True for the name of a campaign's state, and for none at all. */
static bool state_known(struct str state)
{
    static const struct str states[] = {
        STR_INIT("draft"),  STR_INIT("checked"),  STR_INIT("sending"),
        STR_INIT("paused"), STR_INIT("finished"), STR_INIT("cancelled"),
    };
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (str_eq(states[i], state))
            return true;
    return state.len == 0;
}

int campaign_list_get(struct http_exchange *x)
{
    struct page page;
    const struct campaign *list;
    size_t count;
    struct str next, state = http_query(x, "state");
    int status = api_page(x, &page);
    if (status)
        return status;
    if (!state_known(state))
        return api_problem(x, scope_fail(api_scope(x), PROBLEM_BAD_REQUEST, STR("state")));
    enum problem p =
        campaign_list(api_scope(x), state.ptr ? state : STR(""), &page, &list, &count, &next);
    if (p)
        return api_problem(x, p);
    struct json j = api_list_begin(x);
    for (size_t i = 0; i < count; i++)
        campaign_write(&j, &list[i], api_english(x), &x->arena);
    return api_list_end(&j, next);
}

int campaign_get_one(struct http_exchange *x)
{
    return answer(x, http_param_i64(x, 0), 200);
}

/* ---- composing ---- */

struct body {
    struct str name;
    int64_t template_id;
    const json_t *recipients, *values, *links;
};

static const struct api_field new_fields[] = {
    API_FIELD(struct body, name, API_TEXT, .required = true),
    API_FIELD(struct body, template_id, API_NUMBER, .required = true),
    API_FIELD(struct body, recipients, API_OBJECT, .required = true),
    API_FIELD(struct body, values, API_OBJECT),
    API_FIELD(struct body, links, API_ARRAY, .max = BUTTONS_MAX),
};

static const struct api_field change_fields[] = {
    API_FIELD(struct body, name, API_TEXT),
    API_FIELD(struct body, template_id, API_NUMBER),
    API_FIELD(struct body, recipients, API_OBJECT),
    API_FIELD(struct body, values, API_OBJECT),
    API_FIELD(struct body, links, API_ARRAY, .max = BUTTONS_MAX),
};

struct source {
    struct str source, key, text;
};

static const struct api_field source_fields[] = {
    API_FIELD(struct source, source, API_TEXT, .required = true),
    API_FIELD(struct source, key, API_TEXT, .max = 100),
    API_FIELD(struct source, text, API_TEXT, .max = TEMPLATE_BODY_MAX),
};

static void value_read(struct http_exchange *x, struct str variable, const json_t *v,
                       struct campaign_value *out)
{
    struct scope *s = api_scope(x);
    struct source source = {.key = STR_INIT(""), .text = STR_INIT("")};
    api_object(x, v, source_fields, COUNT_OF(source_fields), &source, NULL);
    out->variable = variable;
    if (!value_source_find(source.source, &out->source))
        scope_field_error(s, "values", "source",
                          "값의 출처는 name, phone, email, attribute, text 가운데 하나입니다.",
                          "A source is one of name, phone, email, attribute, text.");
    out->text = out->source == VALUE_ATTRIBUTE ? source.key : source.text;
    if (out->source == VALUE_ATTRIBUTE && source.key.len == 0)
        scope_field_error(s, "values", "key", "어느 고객 항목을 쓸지 key에 적어 주세요.",
                          "Name the attribute of the contact in key.");
}

void campaign_values_take(struct http_exchange *x, json_t *values,
                          const struct campaign_value **list, size_t *count)
{
    size_t n = 0;
    if (json_object_size(values) > TEMPLATE_VARIABLES_MAX) {
        scope_field_error(api_scope(x), "values", "too_long", "변수가 너무 많습니다.",
                          "There are too many variables.");
        return;
    }
    struct campaign_value *all = arena_array(&x->arena, json_object_size(values), sizeof *all);
    const char *variable;
    json_t *v;
    json_object_foreach(values, variable, v)
    {
        value_read(x, str_dup(&x->arena, str_c(variable)), v, &all[n++]);
    }
    *list = all;
    *count = n;
}

static const struct api_field link_fields[] = {
    API_FIELD(struct campaign_link, button, API_NUMBER, .required = true),
    API_FIELD(struct campaign_link, url, API_TEXT, .required = true, .max = CAMPAIGN_URL_MAX),
};

static void links_read(struct http_exchange *x, const json_t *links, struct campaign_draft *d)
{
    size_t count = json_array_size(links);
    struct campaign_link *list = arena_array(&x->arena, count, sizeof *list);
    for (size_t i = 0; i < count; i++)
        api_object(x, json_array_get(links, i), link_fields, COUNT_OF(link_fields), &list[i], NULL);
    d->links = list;
    d->link_count = count;
}

/* `values` are those of the body, or those the campaign has. */
static void draft_read(struct http_exchange *x, const struct body *b, json_t *values,
                       struct campaign_draft *d)
{
    d->name = b->name;
    d->template = b->template_id;
    if (b->recipients)
        recipients_choice_read(x, b->recipients, &d->recipients);
    if (values)
        campaign_values_take(x, values, &d->values, &d->value_count);
    if (b->links)
        links_read(x, b->links, d);
}

int campaign_post(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    struct body b = {0};
    struct campaign_draft d = {0};
    int64_t id;
    int status = api_body(x, new_fields, COUNT_OF(new_fields), &b, NULL);
    if (status)
        return status;
    draft_read(x, &b, json_object_get(x->request.json, "values"), &d);
    enum problem p = scope_invalid(s);
    if (!p)
        p = campaign_create(s, &d, &id);
    return p ? api_problem(x, p) : answer(x, id, 201);
}

int campaign_patch(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    struct campaign c;
    int64_t id = http_param_i64(x, 0);
    enum problem p = campaign_get(s, id, &c);
    if (p)
        return api_problem(x, p);
    /* What is not given stays. */
    struct body b = {.name = c.name, .template_id = c.template};
    struct campaign_draft d = {.recipients = recipients_choice_of(&c.recipients),
                               .links = c.links,
                               .link_count = c.link_count};
    int status = api_body(x, change_fields, COUNT_OF(change_fields), &b, NULL);
    if (status)
        return status;
    json_t *before = json_parse(c.values, s->arena, NULL);
    draft_read(x, &b, b.values ? json_object_get(x->request.json, "values") : before, &d);
    p = scope_invalid(s);
    if (!p)
        p = campaign_change(s, id, &d);
    json_decref(before);
    return p ? api_problem(x, p) : answer(x, id, 200);
}

int campaign_delete_one(struct http_exchange *x)
{
    enum problem p = campaign_delete(api_scope(x), http_param_i64(x, 0));
    return p ? api_problem(x, p) : api_no_content(x);
}

/* ---- checking ---- */

static void refusals_write(struct http_exchange *x, struct json *j,
                           const struct campaign_refusal *list, size_t count)
{
    json_key(j, "refused");
    json_begin_array(j);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(j);
        json_put_str(j, "reason", list[i].reason);
        json_put_str(j, "reason_text",
                     message_reason_text(list[i].reason, api_english(x), &x->arena));
        json_put_i64(j, "count", list[i].count);
        json_end_object(j);
    }
    json_end_array(j);
}

/* The balance, or -1 when it cannot be asked now: a check is worth having without it. */
static int64_t balance_of(struct http_exchange *x, int64_t profile)
{
    int64_t messages;
    return account_balance(api_scope(x), profile, &messages) ? -1 : messages;
}

static int check_answer(struct http_exchange *x, int64_t id)
{
    struct scope *s = api_scope(x);
    struct campaign c;
    struct campaign_refusal refused[CAMPAIGN_REFUSALS_MAX];
    size_t refused_count;
    int64_t longest;
    enum problem p = campaign_get(s, id, &c);
    if (!p)
        p = campaign_refusals(s, id, refused, &refused_count, &longest);
    if (p)
        return api_problem(x, p);
    int64_t sendable = c.counts[MESSAGE_QUEUED], balance = balance_of(x, c.profile);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_key(&j, "campaign");
    campaign_write(&j, &c, api_english(x), &x->arena);
    json_put_i64(&j, "sendable", sendable);
    refusals_write(x, &j, refused, refused_count);
    money_write(&j, "unit_price", c.unit_price, 1);
    money_write(&j, "cost", c.unit_price, sendable);
    json_key(&j, "balance_messages");
    balance < 0 ? json_null_value(&j) : json_i64(&j, balance);
    json_key(&j, "balance_enough");
    balance < 0 ? json_null_value(&j) : json_bool(&j, balance >= sendable);
    json_put_i64_or_null(&j, "longest_ordinal", longest);
    json_end_object(&j);
    return 200;
}

/* The template as the gateway has it at this moment is what messages must equal. */
static enum problem template_refresh(struct http_exchange *x, int64_t id)
{
    struct campaign c;
    struct template_sync sync;
    enum problem p = campaign_get(api_scope(x), id, &c);
    return p ? p : account_sync_templates(api_scope(x), c.profile, &sync);
}

int campaign_check_post(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    int64_t id = http_param_i64(x, 0);
    struct campaign_tracking tracking = {.base =
                                             str_printf(s->arena, "%s/r/", api_app(x)->public_url)};
    enum problem p = template_refresh(x, id);
    if (!p)
        p = campaign_check(s, id, &tracking);
    return p ? api_problem(x, p) : check_answer(x, id);
}

/* ---- sending and steering ---- */

struct order {
    struct str confirmation;
    int64_t count;
};

static const struct api_field send_fields[] = {
    API_FIELD(struct order, confirmation, API_TEXT, .required = true, .max = 100),
    API_FIELD(struct order, count, API_NUMBER, .required = true),
};

static const struct api_field count_fields[] = {
    API_FIELD(struct order, count, API_NUMBER, .required = true),
};

static enum problem balance_check(struct http_exchange *x, int64_t id, int64_t count)
{
    struct campaign c;
    enum problem p = campaign_get(api_scope(x), id, &c);
    if (p)
        return p;
    int64_t balance = balance_of(x, c.profile);
    if (balance >= 0 && balance < count)
        return scope_fail(api_scope(x), PROBLEM_BALANCE_LOW,
                          str_printf(&x->arena, "%lld", (long long)count));
    return PROBLEM_NONE;
}

/* Answers with the campaign and wakes the sender, or refuses. */
static int steered(struct http_exchange *x, enum problem p, int status)
{
    if (p)
        return api_problem(x, p);
    if (api_app(x)->sender)
        sender_wake(api_app(x)->sender);
    return answer(x, http_param_i64(x, 0), status);
}

int campaign_send_post(struct http_exchange *x)
{
    struct order o = {0};
    int64_t id = http_param_i64(x, 0);
    int status = api_body(x, send_fields, COUNT_OF(send_fields), &o, NULL);
    if (status)
        return status;
    enum problem p = template_refresh(x, id);
    if (!p)
        p = balance_check(x, id, o.count);
    if (!p)
        p = campaign_send(api_scope(x), id, o.confirmation, o.count);
    return steered(x, p, 202);
}

int campaign_pause_post(struct http_exchange *x)
{
    return steered(x, campaign_pause(api_scope(x), http_param_i64(x, 0)), 200);
}

/* The trouble that paused it is asked after first: with the template it goes on with. */
int campaign_resume_post(struct http_exchange *x)
{
    int64_t id = http_param_i64(x, 0);
    struct campaign c;
    enum problem p = campaign_get(api_scope(x), id, &c);
    if (!p && str_eq(c.state, STR("paused")) && c.counts[MESSAGE_QUEUED] > 0)
        p = template_refresh(x, id);
    if (!p)
        p = campaign_resume(api_scope(x), id);
    return steered(x, p, 200);
}

int campaign_cancel_post(struct http_exchange *x)
{
    return steered(x, campaign_cancel(api_scope(x), http_param_i64(x, 0)), 200);
}

int campaign_requeue_post(struct http_exchange *x)
{
    struct order o = {0};
    int status = api_body(x, count_fields, COUNT_OF(count_fields), &o, NULL);
    if (status)
        return status;
    return steered(x, campaign_requeue_unsent(api_scope(x), http_param_i64(x, 0), o.count), 200);
}

/* ---- watching ---- */

#define EVENT_MAX ((size_t)512 << 10)

/* A viewer of one campaign; outlives the exchange. */
struct watch {
    const struct api_app *app;
    int64_t company, campaign, number;
    bool english;
    struct buf last; /* the campaign as last told */
};

static bool watch_read(struct watch *w, struct db *db, struct buf *out)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct scope s = {.company = w->company, .db = db, .arena = &arena, .clock = w->app->clock};
    struct campaign c;
    enum problem p = campaign_get(&s, w->campaign, &c);
    if (p)
        return p == PROBLEM_STORE; /* the store may come back, a deleted campaign does not */
    struct json j;
    json_init(&j, out);
    campaign_write(&j, &c, w->english, &arena);
    return true;
}

/* Tells the campaign when it differs from what was told last. */
static bool watch_next(void *ctx, struct buf *out)
{
    struct watch *w = ctx;
    BUF(now, EVENT_MAX);
    struct db *db = store_borrow(w->app->store);
    if (!db)
        return true;
    bool alive = watch_read(w, db, &now);
    store_return(&db);
    if (!alive || now.len == 0 || now.failed || str_eq(buf_view(&now), buf_view(&w->last)))
        return alive;
    buf_printf(out, "id: %lld\nevent: campaign\ndata: ", (long long)++w->number);
    buf_str(out, buf_view(&now));
    buf_lit(out, "\n\n");
    buf_clear(&w->last);
    buf_str(&w->last, buf_view(&now));
    return true;
}

static void watch_close(void *ctx)
{
    struct watch *w = ctx;
    buf_free(&w->last);
    free(w);
}

int campaign_events_get(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    struct campaign c;
    int64_t id = http_param_i64(x, 0);
    enum problem p = campaign_get(s, id, &c);
    if (p)
        return api_problem(x, p);
    struct watch *w = calloc(1, sizeof *w);
    if (!w)
        fatal("campaign_events_get");
    /* Numbers begin at the time, so that they increase over reconnects too. */
    *w = (struct watch){.app = api_app(x),
                        .company = s->company,
                        .campaign = id,
                        .english = api_english(x),
                        .number = scope_now(s),
                        .last = BUF_INIT(EVENT_MAX)};
    x->response.stream = (struct http_stream){.next = watch_next, .close = watch_close, .ctx = w};
    return 200;
}
