/*
 * history_test.c - how doubt is settled: the whole way from a campaign to the gateway's history, in
 * one process and with one clock of our own, against the practice gateway over real HTTP.
 *
 * Found, absent (only when proven), late, foreign, twice the same text, and never any result. What
 * the gateway really has is counted in its own journal.
 */
#include "base/log.h"
#include "cli/practice.h"
#include "domain/campaign.h"
#include "domain/seal.h"
#include "ground.h"
#include "sender/account.h"
#include "sender/dispatch.h"
#include "sender/history.h"
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>

#define TRACKED "TP_1003"
#define PLAIN   "TP_1002"

static struct world w;
static enum store_engine engine;
static struct scope s;
static struct practice *p;
static struct http_server *server;
static struct practice_options options;
static struct sender_config config;
static char path[128], url[64];
static int64_t profile, contacts, groups;

/* ---- ground ---- */

static void gateway_begin(void)
{
    snprintf(path, sizeof path, "%s/practice.db", w.folder);
    options.path = path;
    options.clock = w.clock;
    p = practice_open(&options);
    assert_non_null(p);
    server = practice_listen(p, "127.0.0.1", 0);
    assert_non_null(server);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    account_practice_url_set(str_c(url));
}

static void gateway_end(void)
{
    http_server_stop(&server);
    practice_close(&p);
}

static int setup(void **state)
{
    (void)state;
    world_begin(&w, engine);
    world_company(&w, 1);
    char key[128];
    snprintf(key, sizeof key, "%s/secret.key", w.folder);
    assert_true(seal_key_load(key));
    options = practice_options_default();
    gateway_begin();
    s = ground_scope(&w);
    {
        TX(tx, s.db);
        profile = profile_insert_practice(&s);
        assert_true(tx_commit(&tx));
    }
    struct template_sync synced;
    assert_int_equal(account_check(&s, profile), PROBLEM_NONE);
    assert_int_equal(account_sync_templates(&s, profile, &synced), PROBLEM_NONE);
    gateway_timeouts_set(&(struct gateway_timeouts){2000, 2000, 2000});
    config = (struct sender_config){.store = w.store,
                                    .clock = &w.clock,
                                    .dispatchers = 1,
                                    .batch_max = 500,
                                    .times = sender_times_default};
    contacts = 0;
    groups = 1;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ground_leave(&s);
    gateway_end();
    world_end(&w);
    return 0;
}

static void wish(const char *spec)
{
    assert_true(practice_wish(p, str_c(spec)));
}

/* Opens the gateway again with changed options; what it has stays. */
static void gateway_again(void)
{
    gateway_end();
    gateway_begin();
}

static void contact_add(int64_t group, const char *phone)
{
    int64_t id = world_get(&w, "SELECT coalesce(max(id), 0) FROM contact WHERE phone = $1",
                           DB_ARGS(DB_S(str_c(phone))));
    if (id == 0) {
        id = ++contacts;
        world_exec(&w,
                   "INSERT INTO contact (company_id, id, name, phone, attributes, created_at,"
                   " updated_at) VALUES (1, $1, '홍길동', $2, '{}', 0, 0)",
                   DB_ARGS(DB_N(id), DB_S(str_c(phone))));
    }
    world_exec(&w, "INSERT INTO group_member (company_id, group_id, contact_id) VALUES (1, $1, $2)",
               DB_ARGS(DB_N(group), DB_N(id)));
}

static int64_t group_add(void)
{
    world_exec(&w,
               "INSERT INTO contact_group (company_id, id, name, description, is_default,"
               " member_count, created_at) VALUES (1, $1, 'g' || CAST($1 AS bigint), '', 0, 0, 0)",
               DB_ARGS(DB_N(++groups)));
    return groups;
}

/* A group of `n` people, always the same first ones. */
static int64_t group_of(int n)
{
    int64_t group = group_add();
    for (int i = 0; i < n; i++) {
        char phone[16];
        snprintf(phone, sizeof phone, "0101000%04d", 1000 + i);
        contact_add(group, phone);
    }
    return group;
}

static void template_find(const char *code, struct template *out)
{
    const struct template *list;
    size_t count;
    assert_int_equal(template_list(&s, &list, &count), PROBLEM_NONE);
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].code, str_c(code))) {
            assert_int_equal(template_get(&s, list[i].id, out), PROBLEM_NONE);
            return;
        }
    fail();
}

/* Composes, checks and starts a campaign; every variable says `text`. */
static int64_t campaign_of(const char *code, int64_t group, const char *text)
{
    struct template t;
    struct str names[TEMPLATE_VARIABLES_MAX];
    struct campaign_value values[TEMPLATE_VARIABLES_MAX];
    template_find(code, &t);
    size_t n = template_variables(&t, s.arena, names);
    for (size_t i = 0; i < n; i++)
        values[i] = (struct campaign_value){names[i], str_c(text), VALUE_TEXT};
    struct campaign_link link = {1, STR_INIT("https://shop.example/")};
    struct campaign_draft draft = {.name = STR_INIT("campaign"),
                                   .template = t.id,
                                   .recipients = {.groups = {group}, .group_count = 1},
                                   .values = values,
                                   .value_count = n,
                                   .links = &link,
                                   .link_count = strcmp(code, TRACKED) == 0};
    struct campaign_tracking tracking = {STR_INIT("http://go.example/r/")};
    struct campaign c;
    int64_t id;
    assert_int_equal(campaign_create(&s, &draft, &id), PROBLEM_NONE);
    assert_int_equal(campaign_check(&s, id, &tracking), PROBLEM_NONE);
    assert_int_equal(campaign_get(&s, id, &c), PROBLEM_NONE);
    assert_int_equal(c.counts[MESSAGE_QUEUED], c.total);
    assert_int_equal(campaign_send(&s, id, c.confirmation, c.total), PROBLEM_NONE);
    return id;
}

static bool never(void *ctx)
{
    (void)ctx;
    return false;
}

/* One call; the pace has had time. */
static void call_once(void)
{
    w.now += MINUTE_MS;
    assert_int_equal(dispatch_once(&config, s.db, STR("node"), never, NULL), 0);
}

/* A campaign whose only call goes as wished. */
static int64_t sent(const char *code, int64_t group, const char *fault)
{
    int64_t id = campaign_of(code, group, "같은 글");
    wish(fault);
    call_once();
    return id;
}

static int64_t state_of(int64_t request)
{
    return world_get(&w, "SELECT state FROM request WHERE company_id = 1 AND id = $1",
                     DB_ARGS(DB_N(request)));
}

static int64_t walks_of(int64_t request)
{
    return world_get(&w, "SELECT walks FROM request WHERE company_id = 1 AND id = $1",
                     DB_ARGS(DB_N(request)));
}

/* Time passes in steps, with a look at whatever is due. */
static void pass(int64_t ms, int64_t step)
{
    for (int64_t end = w.now + ms; w.now < end; w.now += step)
        while (history_look_once(&config, s.db))
            ;
}

/* How many messages the gateway has accepted. */
static int64_t in_journal(void)
{
    struct practice_answer answer;
    int64_t n = 0;
    practice_handle(p, STR("/practice/journal"), STR(""), s.arena, &answer);
    for (ptrdiff_t at = 0; (at = str_find(answer.body, STR("\"phone\""), (size_t)at)) >= 0; at++)
        n++;
    return n;
}

/* Another program of the same account sends; *mid is what it is told. */
static void foreign_send(struct gateway_message *messages, size_t count, const char *code,
                         struct str *mid)
{
    struct profile mine;
    struct str why;
    assert_int_equal(profile_get(&s, profile, &mine), PROBLEM_NONE);
    struct gateway *g = account_open(&s, &mine, &why);
    assert_non_null(g);
    struct gateway_batch batch = {
        .template_code = str_c(code), .messages = messages, .count = count};
    struct gateway_receipt receipt = {0};
    struct gateway_fault fault = {0};
    assert_int_equal(gateway_driver(g)->send(g, &batch, s.arena, &receipt, &fault), GATEWAY_OK);
    *mid = receipt.mid;
    gateway_close(&g);
}

/* What a campaign's request would send, with `token` in place of the personal ones. */
static size_t copy_of(int64_t request, const char *token, struct gateway_message *out)
{
    static struct gateway_button buttons[64];
    struct request r = ground_request(&s, request);
    for (int64_t i = 0; i < r.count; i++) {
        const struct request_message *m = &r.messages[i];
        out[i] = (struct gateway_message){
            .phone = m->phone, .name = m->name, .subject = STR_INIT("x"), .body = m->body};
        if (!m->button_count)
            continue;
        buttons[i] = (struct gateway_button){.name = m->buttons[0].name,
                                             .type = m->buttons[0].type,
                                             .type_name = m->buttons[0].type_name,
                                             .mobile = str_c(token),
                                             .pc = str_c(token)};
        out[i].buttons = &buttons[i];
        out[i].button_count = 1;
    }
    return (size_t)r.count;
}

/* ---- found ---- */

static void a_lost_answer_is_found_and_settled(void **state)
{
    (void)state;
    int64_t c = sent(TRACKED, group_of(3), "send=cut-after");
    assert_int_equal(ground_count(&w, c, MESSAGE_UNKNOWN), 3);
    pass(MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_DELIVERED), 3);
    assert_int_equal(state_of(1), REQUEST_DONE);
    assert_int_equal(in_journal(), 3);
    ground_counters(&w);
}

static void every_way_of_losing_an_answer_is_found(void **state)
{
    (void)state;
    static const char *const faults[] = {"send=half", "send=5xx-after", "send=html-after"};
    int64_t group = group_of(2);
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        int64_t c = sent(TRACKED, group, faults[i]);
        assert_int_equal(ground_count(&w, c, MESSAGE_UNKNOWN), 2);
        pass(MINUTE_MS, SECOND_MS);
        assert_int_equal(ground_count(&w, c, MESSAGE_DELIVERED), 2);
        assert_int_equal(in_journal(), 2 * ((int64_t)i + 1));
    }
}

static void a_history_that_lags_is_waited_for(void **state)
{
    (void)state;
    options.history_lag_ms = 150 * SECOND_MS; /* below the time to settle */
    gateway_again();
    int64_t c = sent(TRACKED, group_of(3), "send=cut-after");
    pass(140 * SECOND_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_UNKNOWN), 3);
    pass(5 * MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_DELIVERED), 3);
}

static void rows_that_come_late_do_not_hide_it(void **state)
{
    (void)state;
    options.detail_lag_ms = HOUR_MS;
    options.result_delay_ms = 2 * HOUR_MS;
    gateway_again();
    int64_t c = sent(TRACKED, group_of(40), "send=cut-after");
    pass(MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_ACCEPTED), 40);
    pass(3 * HOUR_MS, MINUTE_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_DELIVERED), 40);
}

static void it_is_found_on_a_later_page(void **state)
{
    (void)state;
    struct str mid;
    int64_t c = sent(TRACKED, group_of(2), "send=cut-after");
    struct gateway_message other[2];
    size_t n = copy_of(1, "http://other.example/r/AAAAAAAAAAA", other);
    for (int i = 0; i < 60; i++)
        foreign_send(other, n, TRACKED, &mid);
    pass(2 * MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_DELIVERED), 2);
}

/* ---- absent ---- */

static void absence_takes_time_and_complete_walks(void **state)
{
    (void)state;
    int64_t c = sent(TRACKED, group_of(3), "send=cut-before");
    int64_t begun = w.now;
    while (state_of(1) == REQUEST_UNKNOWN) {
        assert_true(w.now - begun < HOUR_MS);
        assert_int_equal(ground_count(&w, c, MESSAGE_UNKNOWN), 3);
        pass(SECOND_MS, SECOND_MS);
    }
    assert_true(w.now - begun >= config.times.settle_ms);
    assert_true(w.now - begun <= config.times.settle_ms + 2 * config.times.doubt_max_ms);
    assert_int_equal(state_of(1), REQUEST_ABSENT);
    assert_int_equal(ground_count(&w, c, MESSAGE_UNSENT), 3);
    pass(HOUR_MS, MINUTE_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_UNSENT), 3); /* nobody is sent to again */
    assert_int_equal(in_journal(), 0);
    assert_int_equal(campaign_requeue_unsent(&s, c, 3), PROBLEM_NONE);
    call_once();
    pass(MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_DELIVERED), 3);
    assert_int_equal(in_journal(), 3);
    ground_counters(&w);
}

static void walks_that_fail_prove_nothing(void **state)
{
    (void)state;
    static const char *const faults[] = {"list=5xx@1", "list=cut-before@1", "list=html@1"};
    static const char *const ends[] = {"list=5xx@0", "list=cut-before@0", "list=html@0"};
    int64_t c = sent(TRACKED, group_of(3), "send=cut-before");
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        wish(faults[i]);
        pass(20 * MINUTE_MS, 10 * SECOND_MS);
        assert_int_equal(walks_of(1), 0);
        assert_int_equal(ground_count(&w, c, MESSAGE_UNKNOWN), 3);
        wish(ends[i]);
    }
    for (int64_t seen = 0; state_of(1) == REQUEST_UNKNOWN; pass(SECOND_MS, SECOND_MS)) {
        assert_true(walks_of(1) >= seen && walks_of(1) < config.times.settle_looks);
        seen = walks_of(1);
    }
    assert_int_equal(ground_count(&w, c, MESSAGE_UNSENT), 3);
}

static void a_candidate_that_shows_nobody_leaves_it_open(void **state)
{
    (void)state;
    int64_t group = group_add();
    contact_add(group, "01000009902"); /* never stands in the detail */
    int64_t c = sent(TRACKED, group, "send=cut-after");
    pass(2 * HOUR_MS, MINUTE_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_UNKNOWN), 1);
    assert_int_equal(walks_of(1), 0);
}

static void the_same_people_with_other_links_are_not_ours(void **state)
{
    (void)state;
    struct str mid;
    int64_t c = sent(TRACKED, group_of(3), "send=cut-before");
    struct gateway_message other[3];
    foreign_send(other, copy_of(1, "http://go.example/r/AAAAAAAAAAA", other), TRACKED, &mid);
    pass(10 * MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_UNSENT), 3);
}

static void other_people_with_the_same_text_are_not_ours(void **state)
{
    (void)state;
    struct str mid;
    int64_t c = sent(PLAIN, group_of(3), "send=cut-before");
    struct gateway_message other[3];
    size_t n = copy_of(1, "", other);
    other[1].phone = STR("01012121212");
    foreign_send(other, n, PLAIN, &mid);
    pass(10 * MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_UNSENT), 3);
}

/* ---- twice the same text ---- */

static void of_two_equal_calls_one_is_found(void **state)
{
    (void)state;
    static const char *const first[] = {"send=cut-after", "send=cut-before"};
    static const char *const second[] = {"send=cut-before", "send=cut-after"};
    for (int i = 0; i < 2; i++) {
        int64_t before = in_journal(), group = group_of(3 + i);
        int64_t a = sent(PLAIN, group, first[i]), b = sent(PLAIN, group, second[i]);
        pass(15 * MINUTE_MS, SECOND_MS);
        int64_t found =
            ground_count(&w, a, MESSAGE_DELIVERED) + ground_count(&w, b, MESSAGE_DELIVERED);
        int64_t absent = ground_count(&w, a, MESSAGE_UNSENT) + ground_count(&w, b, MESSAGE_UNSENT);
        assert_int_equal(found, 3 + i);
        assert_int_equal(absent, 3 + i);
        assert_int_equal(in_journal() - before, 3 + i);
    }
}

static void of_two_equal_calls_both_are_found(void **state)
{
    (void)state;
    int64_t group = group_of(3);
    int64_t a = sent(PLAIN, group, "send=cut-after"), b = sent(PLAIN, group, "send=cut-after");
    pass(15 * MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, a, MESSAGE_DELIVERED), 3);
    assert_int_equal(ground_count(&w, b, MESSAGE_DELIVERED), 3);
    assert_int_equal(in_journal(), 6);
}

static void a_call_under_way_keeps_what_it_sends(void **state)
{
    (void)state;
    struct request b;
    struct str mid;
    int64_t group = group_of(3);
    int64_t a = sent(PLAIN, group, "send=cut-before");
    int64_t second = campaign_of(PLAIN, group, "같은 글");
    w.now += MINUTE_MS;
    assert_true(ground_claim(&s, "node", 500, &b)); /* the answer takes its time */
    struct gateway_message copy[3];
    foreign_send(copy, copy_of(1, "", copy), PLAIN, &mid);
    pass(5 * MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, a, MESSAGE_UNKNOWN), 3);
    struct request_answer yes = ground_answer(&s, REQUEST_TAKEN, 0);
    yes.mid = mid;
    assert_true(request_finish(&s, &b, &yes));
    pass(20 * MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, a, MESSAGE_UNSENT), 3);
    assert_int_equal(ground_count(&w, second, MESSAGE_DELIVERED), 3);
}

static void a_call_to_fewer_of_the_same_people_is_not_taken(void **state)
{
    (void)state;
    int64_t a = sent(PLAIN, group_of(5), "send=cut-before");
    int64_t b = sent(PLAIN, group_of(3), "send=cut-after");
    pass(15 * MINUTE_MS, SECOND_MS);
    assert_int_equal(ground_count(&w, a, MESSAGE_UNSENT), 5);
    assert_int_equal(ground_count(&w, b, MESSAGE_DELIVERED), 3);
}

/* ---- results ---- */

static void what_never_gets_a_result_expires_after_a_day(void **state)
{
    (void)state;
    int64_t group = group_of(2);
    contact_add(group, "01000009901"); /* never gets a result */
    contact_add(group, "01012340001"); /* no KakaoTalk */
    int64_t c = sent(TRACKED, group, "send=ok");
    pass(23 * HOUR_MS, 5 * MINUTE_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_DELIVERED), 2);
    assert_int_equal(ground_count(&w, c, MESSAGE_FAILED), 1);
    assert_int_equal(ground_count(&w, c, MESSAGE_ACCEPTED), 1);
    pass(2 * HOUR_MS, 5 * MINUTE_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_EXPIRED), 1);
    assert_int_equal(
        world_get(&w, "SELECT count(*) FROM campaign WHERE state = 'finished'", DB_NO_ARGS), 1);
    ground_counters(&w);
}

static void nothing_expires_while_the_gateway_does_not_answer(void **state)
{
    (void)state;
    int64_t c = sent(TRACKED, group_of(2), "send=ok");
    wish("detail=5xx@1");
    pass(30 * HOUR_MS, 10 * MINUTE_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_ACCEPTED), 2);
    wish("detail=5xx@0");
    pass(HOUR_MS, MINUTE_MS);
    assert_int_equal(ground_count(&w, c, MESSAGE_DELIVERED), 2);
}

/* ---- calls ---- */

static int64_t starved_now(void *ctx)
{
    return *(int64_t *)ctx += 20 * SECOND_MS; /* so long between any two looks at the clock */
}

static void a_call_that_comes_too_late_is_not_made(void **state)
{
    (void)state;
    int64_t c = campaign_of(TRACKED, group_of(3), "같은 글");
    struct clock starved = {starved_now, &w.now};
    config.clock = &starved;
    call_once();
    assert_int_equal(in_journal(), 0);
    assert_int_equal(ground_count(&w, c, MESSAGE_QUEUED), 3);
    config.clock = &w.clock;
    call_once();
    assert_int_equal(in_journal(), 3);
}

static void a_gateway_that_is_not_there_loses_nothing(void **state)
{
    (void)state;
    int64_t c = campaign_of(TRACKED, group_of(3), "같은 글");
    http_server_stop(&server);
    call_once();
    assert_int_equal(ground_count(&w, c, MESSAGE_QUEUED), 3);
    practice_close(&p);
    gateway_begin();
    call_once();
    assert_int_equal(ground_count(&w, c, MESSAGE_ACCEPTED), 3);
}

static int run(enum store_engine which, const char *name)
{
    const struct CMUnitTest tests[] = {
        EACH(a_lost_answer_is_found_and_settled),
        EACH(every_way_of_losing_an_answer_is_found),
        EACH(a_history_that_lags_is_waited_for),
        EACH(rows_that_come_late_do_not_hide_it),
        EACH(it_is_found_on_a_later_page),
        EACH(absence_takes_time_and_complete_walks),
        EACH(walks_that_fail_prove_nothing),
        EACH(a_candidate_that_shows_nobody_leaves_it_open),
        EACH(the_same_people_with_other_links_are_not_ours),
        EACH(other_people_with_the_same_text_are_not_ours),
        EACH(of_two_equal_calls_one_is_found),
        EACH(of_two_equal_calls_both_are_found),
        EACH(a_call_under_way_keeps_what_it_sends),
        EACH(a_call_to_fewer_of_the_same_people_is_not_taken),
        EACH(what_never_gets_a_result_expires_after_a_day),
        EACH(nothing_expires_while_the_gateway_does_not_answer),
        EACH(a_call_that_comes_too_late_is_not_made),
        EACH(a_gateway_that_is_not_there_loses_nothing),
    };
    engine = which;
    return _cmocka_run_group_tests(name, tests, COUNT_OF(tests), NULL, NULL);
}

int main(void)
{
    log_level_set(LOG_ERROR);
    int failed = run(STORE_SQLITE, "history on SQLite");
    if (world_has_postgresql())
        failed += run(STORE_POSTGRESQL, "history on PostgreSQL");
    return failed;
}
