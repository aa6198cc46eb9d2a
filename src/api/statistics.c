/*
 * statistics.c - the numbers of the first page, and the series by hour.
 */
#include "domain/statistics.h"
#include "api/handlers.h"

static void rate_write(struct json *j, const char *key, double rate)
{
    json_key(j, key);
    if (rate < 0)
        json_null_value(j);
    else
        json_double(j, rate);
}

int summary_get(struct http_exchange *x)
{
    struct summary n;
    enum problem p = statistics_summary(api_scope(x), &n);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_i64(&j, "contacts", n.contacts);
    json_put_i64(&j, "groups", n.groups);
    json_put_i64(&j, "campaigns", n.campaigns);
    json_key(&j, "messages");
    json_begin_object(&j);
    json_put_i64(&j, "sent", n.sent);
    json_put_i64(&j, "accepted", n.accepted);
    json_put_i64(&j, "delivered", n.delivered);
    json_put_i64(&j, "failed", n.failed);
    json_put_i64(&j, "unknown", n.unknown);
    json_put_i64(&j, "expired", n.expired);
    json_end_object(&j);
    rate_write(&j, "success_rate", n.success_rate);
    rate_write(&j, "click_rate", n.click_rate);
    json_put_i64(&j, "tracked_delivered", n.tracked_delivered);
    json_put_i64(&j, "clicked", n.clicked);
    json_end_object(&j);
    return 200;
}

/* A year beyond any that a calendar shows; keeps sums of times far from overflow. */
#define TIME_MAX INT64_C(253402300799999)

static int range_read(struct http_exchange *x, int64_t *from, int64_t *to)
{
    int status = api_query_i64(x, "from", 0, from);
    return status ? status : api_query_i64(x, "to", 0, to);
}

int hour_list_get(struct http_exchange *x)
{
    int64_t from = -1, to = -1;
    const struct hour_statistics *list;
    size_t count;
    int status = range_read(x, &from, &to);
    if (status)
        return status;
    if (to > TIME_MAX)
        to = TIME_MAX;
    enum problem p = statistics_hours(api_scope(x), from, to, &list, &count);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_key(&j, "items");
    json_begin_array(&j);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&j);
        json_put_i64(&j, "hour", list[i].hour);
        json_put_i64(&j, "sent", list[i].sent);
        json_put_i64(&j, "delivered", list[i].delivered);
        json_put_i64(&j, "failed", list[i].failed);
        json_put_i64(&j, "pending", list[i].pending);
        json_put_i64(&j, "clicked", list[i].clicked);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    return 200;
}
