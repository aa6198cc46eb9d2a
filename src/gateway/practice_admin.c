/*
 * practice_admin.c - the calls under /practice/ that no real gateway has: what was accepted, what
 * arrived, what shall go wrong, how much money is left. For tests and for the curious.
 */
#include "gateway/form.h"
#include "gateway/practice_call.h"
#include "gateway/practice_faults.h"

#define JOURNAL_REQUESTS_MAX 100 /* per answer */
#define JOURNAL_BYTES_ENOUGH ((size_t)4 << 20)
#define CALLS_MAX            1000

/* A number of the query, or `otherwise`. */
static int64_t query_number(struct practice_call *c, struct str query, struct str wanted,
                            int64_t otherwise)
{
    struct str name, value;
    int64_t n = otherwise;
    while (form_next(c->a, &query, &name, &value))
        if (str_eq(name, wanted) && !str_i64(value, 0, INT64_MAX, &n))
            n = otherwise;
    return n;
}

static int64_t query_limit(struct practice_call *c, struct str query, int64_t max)
{
    int64_t limit = query_number(c, query, STR("limit"), max);
    return limit < 1 || limit > max ? max : limit;
}

static void put_accepted(struct practice_call *c, const struct journal_request *r,
                         const struct journal_receiver *to, char letter)
{
    json_begin_object(&c->json);
    json_put_i64(&c->json, "mid", r->mid);
    json_put_i64(&c->json, "number", to->number);
    json_put_str(&c->json, "account", r->user_id);
    json_put_str(&c->json, "template", r->template_code);
    json_put_str(&c->json, "phone", to->phone);
    json_put_str(&c->json, "name", to->name);
    json_put_str(&c->json, "subject", to->subject);
    json_put_str(&c->json, "body", to->body);
    json_put_str(&c->json, "title", to->title);
    json_put_str(&c->json, "buttons", to->buttons);
    json_put_i64(&c->json, "accepted_at", r->accepted_at);
    json_put_bool(&c->json, "cancelled", r->cancelled_at != 0);
    json_put_str(&c->json, "result", str_n(&letter, 1));
    json_end_object(&c->json);
}

static void put_request(struct practice_call *c, const struct journal_request *r)
{
    struct str rest = r->receivers;
    struct journal_receiver to;
    for (size_t i = 0; i < r->results.len && receivers_next(&rest, &to); i++)
        put_accepted(c, r, &to, r->results.ptr[i]);
}

int practice_admin_journal(struct practice_call *c, struct str query)
{
    struct journal_request *request;
    int64_t after = query_number(c, query, STR("after"), 0);
    int64_t limit = query_limit(c, query, JOURNAL_REQUESTS_MAX);
    bool more = true;
    json_begin_object(&c->json);
    json_key(&c->json, "items");
    json_begin_array(&c->json);
    /* One at a time, because texts are long: the answer ends when it is large enough. */
    for (int64_t n = 0; more && n < limit && c->out.len < JOURNAL_BYTES_ENOUGH; n++) {
        more = journal_requests_after(c->p->journal, after, 1, c->a, &request) > 0;
        if (more) {
            after = request->mid;
            put_request(c, request);
        }
    }
    json_end_array(&c->json);
    json_put_i64_or_null(&c->json, "next", more ? after : 0);
    json_end_object(&c->json);
    return 200;
}

int practice_admin_calls(struct practice_call *c, struct str query)
{
    struct journal_call *list;
    int64_t after = query_number(c, query, STR("after"), 0);
    int64_t limit = query_limit(c, query, CALLS_MAX);
    size_t n = journal_calls_after(c->p->journal, after, limit, c->a, &list);
    json_begin_object(&c->json);
    json_key(&c->json, "items");
    json_begin_array(&c->json);
    for (size_t i = 0; i < n; i++) {
        json_begin_object(&c->json);
        json_put_i64(&c->json, "id", list[i].id);
        json_put_i64(&c->json, "at", list[i].at);
        json_put_str(&c->json, "endpoint", list[i].endpoint);
        json_put_str(&c->json, "account", list[i].user_id);
        json_put_i64(&c->json, "bytes", list[i].bytes);
        json_put_str(&c->json, "outcome", list[i].outcome);
        json_put_i64(&c->json, "code", list[i].code);
        json_put_i64_or_null(&c->json, "mid", list[i].mid);
        json_end_object(&c->json);
    }
    json_end_array(&c->json);
    json_put_i64_or_null(&c->json, "next", n == (size_t)limit ? list[n - 1].id : 0);
    json_end_object(&c->json);
    return 200;
}

int practice_admin_status(struct practice_call *c, struct str query)
{
    (void)query;
    struct journal_totals t = journal_totals(c->p->journal);
    json_begin_object(&c->json);
    json_put_i64(&c->json, "calls", t.calls);
    json_put_i64(&c->json, "requests", t.requests);
    json_put_i64(&c->json, "messages", t.messages);
    json_end_object(&c->json);
    return 200;
}

/* ---- changing things ---- */

int practice_admin_misunderstood(struct practice_call *c, const char *what)
{
    buf_clear(&c->out);
    json_init(&c->json, &c->out);
    json_begin_object(&c->json);
    json_put_str(&c->json, "error", str_c(what));
    json_end_object(&c->json);
    return 422;
}

static void put_wishes(struct practice_call *c)
{
    struct journal_wish *list;
    size_t n = journal_wishes(c->p->journal, STR(""), c->a, &list);
    json_begin_object(&c->json);
    json_key(&c->json, "items");
    json_begin_array(&c->json);
    for (size_t i = 0; i < n; i++) {
        json_begin_object(&c->json);
        json_put_str(&c->json, "endpoint", list[i].endpoint);
        json_put_str(&c->json, "fault", list[i].fault);
        json_key(&c->json, "rate");
        if (list[i].rate > 0)
            json_double(&c->json, list[i].rate);
        else
            json_null_value(&c->json);
        json_end_object(&c->json);
    }
    json_end_array(&c->json);
    json_end_object(&c->json);
}

/* {"clear":true?, "endpoint":"send"?, "fault":…, "rate":…} or {…, "script":[…]} */
static bool take_wishes(struct practice_call *c, const json_t *wish)
{
    struct journal *j = c->p->journal;
    struct str endpoint = json_get_str(wish, "endpoint"), fault = json_get_str(wish, "fault");
    const json_t *rate = json_object_get(wish, "rate"), *script = json_object_get(wish, "script");
    if (!endpoint.ptr)
        endpoint = STR("send");
    if (json_is_true(json_object_get(wish, "clear")))
        journal_wishes_clear(j);
    if (fault.ptr &&
        !practice_fault_add(j, endpoint, fault, false, rate ? json_number_value(rate) : 1))
        return false;
    for (size_t i = 0; i < json_array_size(script); i++) {
        const json_t *v = json_array_get(script, i);
        struct str word = str_n(json_string_value(v), json_string_length(v));
        if (!word.ptr || !practice_fault_add(j, endpoint, word, true, 0))
            return false;
    }
    return json_is_object(wish) && (!script || json_is_array(script)) &&
           (!rate || json_is_number(rate));
}

int practice_admin_faults(struct practice_call *c, struct str body)
{
    if (body.len > 0) {
        json_t *wish = json_parse(body, c->a, NULL);
        bool understood = wish && take_wishes(c, wish);
        json_decref(wish);
        if (!understood)
            return practice_admin_misunderstood(
                c, "no such endpoint, fault or rate; see practice-gateway.md");
    }
    put_wishes(c);
    return 200;
}

/* {"user_id":…, "points":…} in won */
int practice_admin_points(struct practice_call *c, struct str body)
{
    json_t *order = json_parse(body, c->a, NULL);
    const json_t *points = json_object_get(order, "points");
    struct str user_id = json_get_str(order, "user_id");
    double won = json_number_value(points);
    bool understood = user_id.ptr && json_is_number(points) && won >= 0 && won < 1e12;
    if (understood)
        journal_points_set(c->p->journal, user_id, (int64_t)(won * 1000));
    json_decref(order);
    if (!understood)
        return practice_admin_misunderstood(c, "user_id and points are needed");
    json_begin_object(&c->json);
    json_end_object(&c->json);
    return 200;
}
