/*
 * statistics_test.c - every number that is shown equals a naive recount of the rows beneath it,
 * over random histories of two companies that cross days, a month and a year. On both engines.
 */
#include "base/log.h"
#include "domain/request.h"
#include "domain/statistics.h"
#include "links/merge.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define NEW_YEARS_EVE INT64_C(1798702200000) /* 2026-12-31 16:30 in Seoul */

static struct world world;
static enum store_engine engine;

static int setup(void **state)
{
    (void)state;
    world_begin(&world, engine);
    world.now = NEW_YEARS_EVE;
    world_company(&world, 1);
    world_company(&world, 2);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static struct scope scope_begin(int64_t company)
{
    return (struct scope){.company = company,
                          .db = store_borrow(world.store),
                          .arena = &world.arena,
                          .clock = &world.clock};
}

static struct summary summary_of(int64_t company)
{
    struct summary out;
    struct scope s = scope_begin(company);
    assert_int_equal(statistics_summary(&s, &out), PROBLEM_NONE);
    store_return(&s.db);
    return out;
}

static enum problem hours_of(int64_t company, int64_t from, int64_t to,
                             const struct hour_statistics **list, size_t *count)
{
    struct scope s = scope_begin(company);
    enum problem p = statistics_hours(&s, from, to, list, count);
    store_return(&s.db);
    return p;
}

/* ---- ranges ---- */

static void an_empty_company_has_zeros(void **state)
{
    (void)state;
    struct summary n = summary_of(1);
    assert_int_equal(n.contacts, 0);
    assert_int_equal(n.groups, 1);
    assert_int_equal(n.campaigns, 0);
    assert_int_equal(n.sent, 0);
    assert_true(n.success_rate < 0 && n.click_rate < 0);
    const struct hour_statistics *list;
    size_t count;
    assert_int_equal(hours_of(1, -1, -1, &list, &count), PROBLEM_NONE);
    assert_int_equal(count, 24);
    assert_int_equal(list[23].hour, hour_start(world.now));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(list[i].sent + list[i].delivered + list[i].failed + list[i].pending +
                             list[i].clicked,
                         0);
}

static void ranges_begin_and_end_where_they_say(void **state)
{
    (void)state;
    const int64_t h = hour_start(NEW_YEARS_EVE);
    const struct {
        int64_t from, to, first;
        size_t count; /* 0: refused */
    } rows[] = {
        {h, h + 1, h, 1},
        {h, h + HOUR_MS, h, 1},
        {h, h + HOUR_MS + 1, h, 2},
        {h + HOUR_MS - 1, h + HOUR_MS, h, 1},
        {h + HOUR_MS - 1, h + HOUR_MS + 1, h, 2},
        {h, h + 31 * DAY_MS, h, 31 * 24},
        {h + 1, h + 1 + 31 * DAY_MS, h, 31 * 24 + 1},
        {h, h + 31 * DAY_MS + 1, 0, 0},
        {h, h, 0, 0},
        {h + 1, h, 0, 0},
        {0, INT64_MAX, 0, 0},
        {-1, h, h - 24 * HOUR_MS, 24},
        {-1, h + 1, h - 23 * HOUR_MS, 24},
        {-1, HOUR_MS, 0, 1},
        {h - HOUR_MS, -1, h - HOUR_MS, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hour_statistics *list;
        size_t count = 0;
        enum problem p = hours_of(1, rows[i].from, rows[i].to, &list, &count);
        assert_int_equal(p, rows[i].count ? PROBLEM_NONE : PROBLEM_INVALID);
        assert_int_equal(count, rows[i].count);
        for (size_t k = 0; k < count; k++)
            assert_int_equal(list[k].hour, rows[i].first + (int64_t)k * HOUR_MS);
    }
}

/* ---- random histories ---- */

struct call {
    int64_t company, campaign, id, first, last;
    enum request_state state;
};

enum {
    CALLS_MAX = 2000,
    STEPS = 250
};

static struct call calls[CALLS_MAX];
static size_t call_count;
static int64_t next_campaign, next_request;
static struct click_journal *journal;

static void call_make(int64_t company, int64_t campaign, int64_t first, int64_t last)
{
    calls[call_count++] =
        (struct call){company, campaign, ++next_request, first, last, REQUEST_CALLING};
    world_call(&world, company, campaign, next_request, first, last);
}

static void campaign_make(void)
{
    int64_t company = 1 + (int64_t)world_lot(2), count = 5 + (int64_t)world_lot(20);
    world_campaign(&world, company, ++next_campaign, count, world_lot(3) > 0);
    int64_t first = 1;
    while (first <= count && world_lot(8)) {
        int64_t last = first + (int64_t)world_lot((uint64_t)(count - first + 1));
        call_make(company, next_campaign, first, last);
        first = last + 1;
    }
    if (world_lot(2))
        world_change(&world, company, &(struct message_selection){.campaign = next_campaign},
                     &(struct message_change){.from = MESSAGE_QUEUED, .to = MESSAGE_CANCELLED});
}

static void call_move(struct call *c, enum message_state from, enum message_state to,
                      enum request_state state)
{
    world_move(&world, c->company, c->campaign, c->id, c->first, c->last, from, to);
    world_request_state(&world, c->company, c->id, c->state = state);
}

/* A part of the call's messages gets its result. */
static void call_results(struct call *c)
{
    int64_t first = c->first + (int64_t)world_lot((uint64_t)(c->last - c->first + 1));
    int64_t last = first + (int64_t)world_lot((uint64_t)(c->last - first + 1));
    world_move(&world, c->company, c->campaign, c->id, first, last, MESSAGE_ACCEPTED,
               world_lot(4) ? MESSAGE_DELIVERED : MESSAGE_FAILED);
}

static void call_release(struct call *c, enum message_state from, bool not_clicked)
{
    world_change(
        &world, c->company,
        &(struct message_selection){.campaign = c->campaign,
                                    .request = c->id,
                                    .first = c->first,
                                    .last = c->last,
                                    .not_clicked = not_clicked},
        &(struct message_change){.from = from, .to = MESSAGE_QUEUED, .request = -1, .hour = -1});
}

static void call_step(struct call *c)
{
    uint64_t lot = world_lot(10);
    if (c->state == REQUEST_CALLING && lot < 6)
        call_move(c, MESSAGE_SENDING, MESSAGE_ACCEPTED, REQUEST_ACCEPTED);
    else if (c->state == REQUEST_CALLING && lot < 8)
        call_move(c, MESSAGE_SENDING, MESSAGE_UNKNOWN, REQUEST_UNKNOWN);
    else if (c->state == REQUEST_CALLING && lot < 9)
        call_move(c, MESSAGE_SENDING, MESSAGE_FAILED, REQUEST_REFUSED);
    else if (c->state == REQUEST_CALLING) {
        call_release(c, MESSAGE_SENDING, false);
        world_request_state(&world, c->company, c->id, c->state = REQUEST_REFUSED);
        if (world_lot(2) && call_count < CALLS_MAX)
            call_make(c->company, c->campaign, c->first, c->last);
    } else if (c->state == REQUEST_ACCEPTED && lot < 8)
        call_results(c);
    else if (c->state == REQUEST_ACCEPTED)
        call_move(c, MESSAGE_ACCEPTED, MESSAGE_EXPIRED, REQUEST_DONE);
    else if (c->state == REQUEST_UNKNOWN && lot < 7)
        call_move(c, MESSAGE_UNKNOWN, MESSAGE_ACCEPTED, REQUEST_ACCEPTED);
    else if (c->state == REQUEST_UNKNOWN)
        call_move(c, MESSAGE_UNKNOWN, MESSAGE_UNSENT, REQUEST_ABSENT);
    else if (c->state == REQUEST_ABSENT && lot < 2)
        call_release(c, MESSAGE_UNSENT, true);
}

static void clicks_make(const struct call *c)
{
    if (world_get(&world, "SELECT max(tracked) FROM message WHERE campaign_id = $1",
                  DB_ARGS(DB_N(c->campaign))) == 0)
        return;
    for (uint64_t n = world_lot(6); n > 0; n--) {
        struct click click = {
            .company = c->company,
            .campaign = c->campaign,
            .ordinal = c->first + (int64_t)world_lot((uint64_t)(c->last - c->first + 1)),
            .at = world.now + (int64_t)world_lot(DAY_MS),
            .button = 1,
            .kind = world_lot(3) ? CLICK_PERSON : CLICK_PREVIEW,
        };
        assert_int_equal(click_journal_append(journal, &click), CLICK_KEPT);
    }
    while (click_merge_step(world.store, journal, &world.clock) > 0)
        ;
}

/* What is to be shown, counted from the messages themselves. */
struct recount {
    struct summary summary;
    int64_t delivered_clicked;
    struct hour_statistics hours[STATISTICS_HOURS_MAX];
};

static void recount_message(struct recount *r, int64_t from, size_t hours,
                            const struct db_rows *row)
{
    int64_t hour = db_i64(row, 0), state = db_i64(row, 1), tracked = db_i64(row, 2);
    bool clicked = !db_is_null(row, 3), sent = state != MESSAGE_UNSENT;
    struct summary *n = &r->summary;
    n->sent += sent;
    n->accepted += state == MESSAGE_ACCEPTED;
    n->delivered += state == MESSAGE_DELIVERED;
    n->failed += state == MESSAGE_FAILED;
    n->unknown += state == MESSAGE_UNKNOWN;
    n->expired += state == MESSAGE_EXPIRED;
    n->tracked_delivered += tracked && state == MESSAGE_DELIVERED;
    n->clicked += clicked;
    r->delivered_clicked += tracked && state == MESSAGE_DELIVERED && clicked;
    if (hour < from || hour >= from + (int64_t)hours * HOUR_MS)
        return;
    struct hour_statistics *h = &r->hours[(hour - from) / HOUR_MS];
    h->sent += sent;
    h->delivered += state == MESSAGE_DELIVERED;
    h->failed += state == MESSAGE_FAILED;
    h->pending += state == MESSAGE_SENDING || state == MESSAGE_ACCEPTED || state == MESSAGE_UNKNOWN;
    h->clicked += clicked;
}

static void recount_all(struct recount *r, int64_t company, int64_t from, size_t hours)
{
    *r = (struct recount){0};
    struct db *db = store_borrow(world.store);
    DB_ROWS(rows);
    db_query(db, &rows,
             "SELECT hour, state, tracked, first_click_at FROM message"
             " WHERE company_id = $1 AND hour IS NOT NULL",
             DB_ARGS(DB_N(company)));
    while (db_next(&rows))
        recount_message(r, from, hours, &rows);
    assert_false(db_failed(db));
    r->summary.campaigns = db_get_i64(db, 0, "SELECT count(*) FROM campaign WHERE company_id = $1",
                                      DB_ARGS(DB_N(company)));
    store_return(&db);
}

static void assert_rate(double rate, int64_t part, int64_t whole)
{
    if (whole == 0)
        assert_true(rate < 0);
    else
        assert_true(rate >= 0 && rate <= 1 &&
                    llabs((int64_t)(rate * 1000000) - part * 1000000 / whole) <= 1);
}

static void compare(int64_t company)
{
    static struct recount want;
    const struct hour_statistics *list;
    size_t count;
    int64_t to = world.now + 3 * HOUR_MS -
                 (int64_t)world_lot((uint64_t)(world_lot(2) ? 6 * HOUR_MS : 8 * DAY_MS));
    int64_t from = to - 1 - (int64_t)world_lot(20 * DAY_MS);
    assert_int_equal(hours_of(company, from, to, &list, &count), PROBLEM_NONE);
    recount_all(&want, company, hour_start(from), count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(list[i].sent, want.hours[i].sent);
        assert_int_equal(list[i].delivered, want.hours[i].delivered);
        assert_int_equal(list[i].failed, want.hours[i].failed);
        assert_int_equal(list[i].pending, want.hours[i].pending);
        assert_int_equal(list[i].clicked, want.hours[i].clicked);
    }
    struct summary got = summary_of(company), *n = &want.summary;
    assert_int_equal(got.campaigns, n->campaigns);
    assert_int_equal(got.sent, n->sent);
    assert_int_equal(got.accepted, n->accepted);
    assert_int_equal(got.delivered, n->delivered);
    assert_int_equal(got.failed, n->failed);
    assert_int_equal(got.unknown, n->unknown);
    assert_int_equal(got.expired, n->expired);
    assert_int_equal(got.tracked_delivered, n->tracked_delivered);
    assert_int_equal(got.clicked, n->clicked);
    assert_rate(got.success_rate, n->delivered, n->delivered + n->failed);
    assert_rate(got.click_rate, want.delivered_clicked, n->tracked_delivered);
}

static void equal_a_recount_of_random_histories(void **state)
{
    (void)state;
    char folder[128];
    snprintf(folder, sizeof folder, "%s/clicks", world.folder);
    journal = click_journal_open(&(struct click_journal_config){.folder = folder});
    call_count = 0;
    for (int step = 0; step < STEPS; step++) {
        uint64_t lot = world_lot(12);
        if (call_count == 0 || (lot == 0 && call_count + 30 < CALLS_MAX))
            campaign_make();
        else if (lot < 2 && call_count)
            clicks_make(&calls[world_lot(call_count)]);
        else if (call_count)
            call_step(&calls[world_lot(call_count)]);
        if (world_lot(3) == 0)
            world.now += (int64_t)world_lot(2 * HOUR_MS);
        if (step % 25 == 24) {
            compare(1);
            compare(2);
        }
    }
    compare(1);
    compare(2);
    world_verify(&world);
    click_journal_close(&journal);
    assert_true(world.now > NEW_YEARS_EVE + DAY_MS);
}

static int run_on(enum store_engine on, const char *name)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_empty_company_has_zeros),
        TEST(ranges_begin_and_end_where_they_say),
        TEST(equal_a_recount_of_random_histories),
        TEST(equal_a_recount_of_random_histories),
    };
    engine = on;
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void)
{
    log_level_set(LOG_ERROR);
    world_seed();
    int failed = run_on(STORE_SQLITE, "statistics on SQLite");
    if (world_has_postgresql())
        failed += run_on(STORE_POSTGRESQL, "statistics on PostgreSQL");
    return failed;
}
