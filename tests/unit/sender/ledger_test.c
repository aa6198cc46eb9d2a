/*
 * ledger_test.c - the ledger of messages and requests, on both engines: every verb in every order a
 * lot may choose, and the cases that would send twice or lose somebody, one by one.
 */
#include "base/log.h"
#include "domain/campaign.h"
#include "domain/suppression.h"
#include "ground.h"
#include "tests.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static struct world w;
static enum store_engine engine;
static struct scope s;

static int setup(void **state)
{
    (void)state;
    ground_begin(&w, engine);
    s = ground_scope(&w);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ground_leave(&s);
    world_end(&w);
    return 0;
}

static int64_t state_of(int64_t request)
{
    return world_get(&w, "SELECT state FROM request WHERE company_id = 1 AND id = $1",
                     DB_ARGS(DB_N(request)));
}

static bool campaign_is(int64_t campaign, const char *word)
{
    return world_get(&w,
                     "SELECT count(*) FROM campaign WHERE company_id = 1 AND id = $1"
                     " AND state = $2",
                     DB_ARGS(DB_N(campaign), DB_S(str_c(word)))) == 1;
}

/* ---- random histories ---- */

#define CAMPAIGNS 4
#define PEOPLE    40
#define REQUESTS  2000

struct history {
    int64_t requests; /* highest id so far */
    int64_t next_mid;
    struct request claimed[REQUESTS]; /* as their callers remember them */
};

static struct request some_request(const struct history *h)
{
    return ground_request(&s, 1 + (int64_t)world_lot((uint64_t)h->requests));
}

static void lot_claim(struct history *h)
{
    struct request r;
    if (h->requests + 1 < REQUESTS && ground_claim(&s, "node", 1 + (int64_t)world_lot(9), &r)) {
        assert_int_equal(r.id, h->requests + 1);
        for (int64_t i = 0; i < r.count; i++)
            assert_int_equal(world_get(&w, "SELECT count(*) FROM suppression WHERE phone = $1",
                                       DB_ARGS(DB_S(r.messages[i].phone))),
                             0);
        h->requests++;
        h->claimed[r.id] = r;
    }
}

/* An answer to a call: fresh, or long after it was given up. */
static void lot_finish(struct history *h)
{
    static const enum request_outcome outcomes[] = {
        REQUEST_TAKEN,         REQUEST_TAKEN, REQUEST_TAKEN,    REQUEST_NOT_NOW,
        REQUEST_NOT_LIKE_THIS, REQUEST_NEVER, REQUEST_IN_DOUBT, REQUEST_IN_DOUBT,
    };
    if (!h->requests)
        return;
    const struct request *r = &h->claimed[1 + world_lot((uint64_t)h->requests)];
    ground_finish(&s, r, outcomes[world_lot(COUNT_OF(outcomes))], ++h->next_mid);
}

static void lot_doubt(struct history *h)
{
    if (!h->requests)
        return;
    struct request r = some_request(h);
    if (r.state != REQUEST_UNKNOWN)
        return;
    bool good =
        world_lot(2)
            ? request_found(&s, &r, str_printf(s.arena, "%lld", (long long)++h->next_mid), 1000)
            : request_absent(&s, &r);
    assert_true(good);
}

/* Results of some of a request's people, of strangers, and of some twice. */
static void lot_results(struct history *h)
{
    struct message_result results[64];
    size_t n = 0;
    if (!h->requests)
        return;
    struct request r = some_request(h);
    if (r.state != REQUEST_ACCEPTED)
        return;
    for (int64_t i = 0; i < r.count && n < 60; i++)
        for (uint64_t times = world_lot(3); times > 0; times--)
            results[n++] = (struct message_result){
                .phone = r.messages[i].phone,
                .gateway_id = STR_INIT("g"),
                .code = STR_INIT("0"),
                .text = STR_INIT(""),
                .reason = world_lot(3) ? STR("") : STR("blocked"),
                .at = w.now,
            };
    results[n++] = (struct message_result){.phone = STR_INIT("01099999999"),
                                           .gateway_id = STR_INIT("g"),
                                           .code = STR_INIT("0"),
                                           .text = STR_INIT("")};
    assert_true(world_lot(8) ? request_results(&s, &r, results, n, 1000) : request_expire(&s, &r));
}

static void lot_orphans(struct history *h)
{
    (void)h;
    request_orphans(&s, STR("another"), world_lot(2), w.now - 10 * MINUTE_MS, 1000);
}

static void lot_people(struct history *h)
{
    (void)h;
    int64_t campaign = 1 + (int64_t)world_lot(CAMPAIGNS);
    switch (world_lot(8)) {
    case 0:
        campaign_pause(&s, campaign);
        break;
    case 1:
        if (world_lot(20) == 0)
            campaign_cancel(&s, campaign);
        break;
    case 2:
        campaign_requeue_unsent(&s, campaign, ground_count(&w, campaign, MESSAGE_UNSENT));
        break;
    default:
        campaign_resume(&s, campaign);
    }
}

/* Blocked numbers come onto the list by themselves (lot_results); here one is taken off. */
static void lot_forgive(struct history *h)
{
    (void)h;
    struct scope me = s;
    int64_t id = world_get(&w, "SELECT coalesce(min(id), 0) FROM suppression", DB_NO_ARGS);
    if (id && world_lot(3) == 0)
        assert_int_equal(suppression_delete(&me, id), PROBLEM_NONE);
}

static void everybody_is_somewhere(void)
{
    ground_counters(&w);
    assert_int_equal(world_get(&w, "SELECT count(*) FROM message", DB_NO_ARGS), CAMPAIGNS * PEOPLE);
    /* who is under way is carried by a request of the right state, and only those are */
    assert_int_equal(
        world_get(
            &w,
            "SELECT count(*) FROM message m LEFT JOIN request r"
            " ON r.company_id = m.company_id AND r.id = m.request_id"
            " WHERE (m.state IN (1, 9, 10) AND (m.request_id IS NOT NULL OR m.hour IS NOT NULL))"
            " OR (m.state NOT IN (1, 9, 10) AND (r.id IS NULL OR m.hour IS NULL))"
            " OR (m.state = 2 AND r.state <> 1) OR (m.state = 3 AND r.state <> 2)"
            " OR (m.state = 7 AND r.state <> 4) OR (m.state = 8 AND r.state <> 5)",
            DB_NO_ARGS),
        0);
    /* nobody is left in the queue of a campaign that is over */
    assert_int_equal(world_get(&w,
                               "SELECT count(*) FROM message m JOIN campaign c"
                               " ON c.company_id = m.company_id AND c.id = m.campaign_id"
                               " WHERE m.state = 1 AND c.state IN ('finished', 'cancelled')",
                               DB_NO_ARGS),
                     0);
}

static void any_order_of_things_keeps_the_books(void **state)
{
    (void)state;
    static void (*const lots[])(struct history * h) = {
        lot_claim, lot_claim,   lot_finish,  lot_finish,  lot_finish, lot_doubt,
        lot_doubt, lot_results, lot_results, lot_orphans, lot_people, lot_forgive,
    };
    struct history *h = calloc(1, sizeof *h);
    int turns = engine == STORE_SQLITE ? 600 : 250;
    for (int64_t campaign = 1; campaign <= CAMPAIGNS; campaign++)
        world_campaign(&w, 1, campaign, PEOPLE, campaign % 2);
    for (int turn = 0; turn < turns; turn++) {
        lots[world_lot(COUNT_OF(lots))](h);
        w.now += (int64_t)world_lot(10 * MINUTE_MS); /* through many hours */
        if (turn % 10 == 0)
            everybody_is_somewhere();
    }
    everybody_is_somewhere();
    free(h);
}

/* ---- single cases ---- */

static void a_claim_takes_whom_it_says_and_nobody_else(void **state)
{
    (void)state;
    struct request r;
    world_campaign(&w, 1, 1, 10, false);
    assert_true(ground_claim(&s, "node", 4, &r));
    assert_int_equal(r.count, 4);
    assert_int_equal(ground_count(&w, 1, MESSAGE_SENDING), 4);
    assert_int_equal(ground_count(&w, 1, MESSAGE_QUEUED), 6);
    assert_true(str_eq(r.template_code, STR("T")));
    assert_true(ground_claim(&s, "node", 100, &r));
    assert_int_equal(r.count, 6);
    assert_false(ground_claim(&s, "node", 100, &r));
    ground_counters(&w);
}

static void a_paused_campaign_is_not_claimed(void **state)
{
    (void)state;
    struct request r;
    world_campaign(&w, 1, 1, 3, false);
    assert_int_equal(campaign_pause(&s, 1), PROBLEM_NONE);
    assert_false(ground_claim(&s, "node", 10, &r));
    assert_int_equal(campaign_resume(&s, 1), PROBLEM_NONE);
    assert_true(ground_claim(&s, "node", 10, &r));
}

static void campaigns_of_a_slow_profile_keep_nobody_else_waiting(void **state)
{
    (void)state;
    struct request r;
    for (int64_t campaign = 1; campaign <= 70; campaign++)
        world_campaign(&w, 1, campaign, 1, false);
    world_exec(&w,
               "INSERT INTO sender_profile (company_id, id, name, gateway, base_url, user_id,"
               " api_key, sender_key, sender_number, status, status_text, unit_price, request_rate,"
               " message_rate, request_level, message_level, level_at, slow_until, slow_step,"
               " created_at) SELECT company_id, 2, name, gateway, base_url, user_id,"
               " api_key, sender_key, sender_number, status, status_text, unit_price, request_rate,"
               " message_rate, 0, 0, 0, 0, 0, 0 FROM sender_profile",
               DB_NO_ARGS);
    world_exec(&w, "UPDATE campaign SET profile_id = 2, claimed_at = 1 WHERE id = 70", DB_NO_ARGS);
    world_exec(&w, "UPDATE sender_profile SET request_rate = 1, slow_until = $1 WHERE id = 1",
               DB_ARGS(DB_N(w.now + HOUR_MS)));
    assert_true(ground_claim(&s, "node", 10, &r)); /* the others are told to be slow */
    assert_int_equal(r.campaign, 70);
    assert_false(ground_claim(&s, "node", 10, &r));
    world_exec(&w, "UPDATE sender_profile SET slow_until = 0 WHERE id = 1", DB_NO_ARGS);
    assert_true(ground_claim(&s, "node", 10, &r));
    assert_int_equal(r.profile, 1);
    world_campaign(&w, 1, 71, 1, false);
    world_exec(&w, "UPDATE campaign SET profile_id = 2, claimed_at = 1 WHERE id = 71", DB_NO_ARGS);
    assert_true(
        ground_claim(&s, "node", 10, &r)); /* the others have had their call of this second */
    assert_int_equal(r.campaign, 71);
}

/* A call of three people that is in doubt. */
static struct request in_doubt(int64_t campaign)
{
    struct request r;
    world_campaign(&w, 1, campaign, 3, false);
    assert_true(ground_claim(&s, "node", 3, &r));
    ground_finish(&s, &r, REQUEST_IN_DOUBT, 0);
    assert_int_equal(ground_count(&w, campaign, MESSAGE_UNKNOWN), 3);
    return r;
}

static void a_late_yes_settles_doubt(void **state)
{
    (void)state;
    struct request r = in_doubt(1);
    ground_finish(&s, &r, REQUEST_TAKEN, 5);
    assert_int_equal(ground_count(&w, 1, MESSAGE_ACCEPTED), 3);
    assert_int_equal(state_of(r.id), REQUEST_ACCEPTED);
    ground_counters(&w);
}

static void a_late_no_puts_them_back_in_the_queue(void **state)
{
    (void)state;
    struct request r = in_doubt(1);
    ground_finish(&s, &r, REQUEST_NOT_NOW, 0);
    assert_int_equal(ground_count(&w, 1, MESSAGE_QUEUED), 3);
    assert_int_equal(world_get(&w, "SELECT count(*) FROM message WHERE hour IS NULL", DB_NO_ARGS),
                     3);
    ground_counters(&w);
}

static void history_is_not_overruled_by_a_late_no(void **state)
{
    (void)state;
    struct request r = in_doubt(1);
    struct request seen = ground_request(&s, r.id);
    assert_true(request_found(&s, &seen, STR("7"), 1000));
    ground_finish(&s, &r, REQUEST_NOT_NOW, 0);
    assert_int_equal(ground_count(&w, 1, MESSAGE_ACCEPTED), 3);
    ground_counters(&w);
}

static void a_late_yes_undoes_a_proof_of_absence(void **state)
{
    (void)state;
    struct request r = in_doubt(1);
    struct request seen = ground_request(&s, r.id);
    assert_true(request_absent(&s, &seen));
    assert_int_equal(ground_count(&w, 1, MESSAGE_UNSENT), 3);
    assert_true(campaign_is(1, "finished"));
    ground_finish(&s, &r, REQUEST_IN_DOUBT, 0); /* this says nothing new */
    assert_int_equal(ground_count(&w, 1, MESSAGE_UNSENT), 3);
    ground_finish(&s, &r, REQUEST_TAKEN, 5);
    assert_int_equal(ground_count(&w, 1, MESSAGE_ACCEPTED), 3);
    assert_int_equal(campaign_requeue_unsent(&s, 1, 3), PROBLEM_COUNT_MISMATCH);
    ground_counters(&w);
}

static void a_late_yes_leaves_alone_who_was_sent_again(void **state)
{
    (void)state;
    struct request r = in_doubt(1), again;
    struct request seen = ground_request(&s, r.id);
    assert_true(request_absent(&s, &seen));
    assert_int_equal(campaign_requeue_unsent(&s, 1, 3), PROBLEM_NONE);
    assert_true(ground_claim(&s, "node", 3, &again));
    ground_finish(&s, &r, REQUEST_TAKEN, 5);
    assert_int_equal(ground_count(&w, 1, MESSAGE_SENDING), 3);
    ground_counters(&w);
}

static void an_id_given_away_leaves_the_second_in_doubt(void **state)
{
    (void)state;
    struct request first = in_doubt(1), second;
    world_campaign(&w, 1, 2, 3, false);
    assert_true(ground_claim(&s, "node", 3, &second));
    struct request seen = ground_request(&s, first.id);
    assert_true(request_found(&s, &seen, STR("77"), 1000));
    ground_finish(&s, &second, REQUEST_TAKEN, 77);
    assert_int_equal(state_of(second.id), REQUEST_UNKNOWN);
    assert_int_equal(ground_count(&w, 2, MESSAGE_UNKNOWN), 3);
    assert_int_equal(world_get(&w, "SELECT count(*) FROM request WHERE mid = '77'", DB_NO_ARGS), 1);
    ground_counters(&w);
}

static void who_comes_back_to_a_cancelled_campaign_is_cancelled(void **state)
{
    (void)state;
    struct request r;
    world_campaign(&w, 1, 1, 5, false);
    assert_true(ground_claim(&s, "node", 3, &r));
    assert_int_equal(campaign_cancel(&s, 1), PROBLEM_NONE);
    assert_int_equal(ground_count(&w, 1, MESSAGE_CANCELLED), 2);
    ground_finish(&s, &r, REQUEST_NOT_NOW, 0);
    assert_int_equal(ground_count(&w, 1, MESSAGE_CANCELLED), 5);
    ground_counters(&w);
}

static void a_refusal_for_good_fails_them_with_the_gateways_words(void **state)
{
    (void)state;
    struct request r;
    world_campaign(&w, 1, 1, 2, false);
    assert_true(ground_claim(&s, "node", 3, &r));
    ground_finish(&s, &r, REQUEST_NEVER, 0);
    assert_int_equal(ground_count(&w, 1, MESSAGE_FAILED), 2);
    assert_int_equal(world_get(&w,
                               "SELECT count(*) FROM message WHERE reason = 'rejected'"
                               " AND result_text = 'words'",
                               DB_NO_ARGS),
                     2);
    assert_true(campaign_is(1, "finished"));
}

static void a_setup_error_pauses_the_campaign_and_fails_nobody(void **state)
{
    (void)state;
    struct request r;
    world_campaign(&w, 1, 1, 2, false);
    assert_true(ground_claim(&s, "node", 3, &r));
    ground_finish(&s, &r, REQUEST_NOT_LIKE_THIS, 0);
    assert_int_equal(ground_count(&w, 1, MESSAGE_QUEUED), 2);
    assert_true(campaign_is(1, "paused"));
    assert_false(ground_claim(&s, "node", 3, &r));
}

static void results_are_paired_by_phone(void **state)
{
    (void)state;
    struct request r;
    world_campaign(&w, 1, 1, 4, true);
    world_campaign(&w, 1, 2, 4, true); /* the same phones, another request */
    assert_true(ground_claim(&s, "node", 4, &r));
    ground_finish(&s, &r, REQUEST_TAKEN, 1);
    struct message_result results[] = {
        {.phone = r.messages[2].phone, .code = STR_INIT("0"), .reason = STR_INIT(""), .at = w.now},
        {.phone = STR_INIT("01012341234"), .code = STR_INIT("0"), .reason = STR_INIT("")},
        {.phone = r.messages[0].phone,
         .code = STR_INIT("B"),
         .reason = STR_INIT("blocked"),
         .at = w.now},
        {.phone = r.messages[0].phone, .code = STR_INIT("0"), .reason = STR_INIT(""), .at = w.now},
    };
    assert_true(request_results(&s, &r, results, COUNT_OF(results), 1000));
    assert_int_equal(ground_count(&w, r.campaign, MESSAGE_DELIVERED), 1);
    assert_int_equal(ground_count(&w, r.campaign, MESSAGE_FAILED), 1); /* the first word counts */
    assert_int_equal(ground_count(&w, r.campaign, MESSAGE_ACCEPTED), 2);
    assert_int_equal(state_of(r.id), REQUEST_ACCEPTED);
    assert_true(request_expire(&s, &r));
    assert_int_equal(ground_count(&w, r.campaign, MESSAGE_EXPIRED), 2);
    assert_int_equal(state_of(r.id), REQUEST_DONE);
    ground_counters(&w);
}

static void the_hour_is_that_of_the_call(void **state)
{
    (void)state;
    struct request r;
    int64_t ten = hour_start(w.now) + 59 * MINUTE_MS, eleven = ten + 2 * MINUTE_MS;
    world_campaign(&w, 1, 1, 6, false);
    w.now = ten;
    assert_true(ground_claim(&s, "node", 3, &r));
    w.now = eleven;
    ground_finish(&s, &r, REQUEST_TAKEN, 1);
    assert_true(ground_claim(&s, "node", 3, &r));
    ground_finish(&s, &r, REQUEST_TAKEN, 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            world_get(&w, "SELECT n FROM hour_count WHERE hour = $1 AND state = $2",
                      DB_ARGS(DB_N(hour_start(i ? eleven : ten)), DB_N(MESSAGE_ACCEPTED))),
            3);
    ground_counters(&w);
}

static void sending_again_needs_the_number_that_was_shown(void **state)
{
    (void)state;
    struct request r = in_doubt(1);
    struct request seen = ground_request(&s, r.id);
    assert_true(request_absent(&s, &seen));
    assert_int_equal(campaign_requeue_unsent(&s, 1, 2), PROBLEM_COUNT_MISMATCH);
    assert_int_equal(ground_count(&w, 1, MESSAGE_UNSENT), 3);
    /* a click proves that it has arrived */
    world_exec(&w, "UPDATE message SET first_click_at = 1 WHERE ordinal = 1", DB_NO_ARGS);
    assert_int_equal(campaign_requeue_unsent(&s, 1, 2), PROBLEM_NONE);
    assert_int_equal(ground_count(&w, 1, MESSAGE_QUEUED), 2);
    assert_true(campaign_is(1, "sending"));
    ground_counters(&w);
}

/* ---- several nodes ---- */

#define NODES 4

static void *claim_all(void *name)
{
    struct world mine = w; /* an arena of its own */
    struct request r;
    arena_init(&mine.arena, ARENA_MAX_DEFAULT);
    struct scope own = ground_scope(&mine);
    while (world_get(&w, "SELECT count(*) FROM message WHERE state = 1", DB_NO_ARGS))
        if (ground_claim(&own, name, 7, &r)) /* else somebody was faster within the millisecond */
            ground_finish(&own, &r, REQUEST_TAKEN, 1000 + r.id);
    ground_leave(&own);
    arena_free(&mine.arena);
    return NULL;
}

static void nodes_that_claim_at_once_share_the_work(void **state)
{
    (void)state;
    static char names[NODES][8];
    pthread_t threads[NODES];
    for (int64_t campaign = 1; campaign <= 3; campaign++)
        world_campaign(&w, 1, campaign, 60, false);
    for (int i = 0; i < NODES; i++) {
        snprintf(names[i], sizeof names[i], "node%d", i);
        assert_int_equal(pthread_create(&threads[i], NULL, claim_all, names[i]), 0);
    }
    for (int i = 0; i < NODES; i++)
        pthread_join(threads[i], NULL);
    for (int64_t campaign = 1; campaign <= 3; campaign++)
        assert_int_equal(ground_count(&w, campaign, MESSAGE_ACCEPTED), 60);
    assert_int_equal(world_get(&w, "SELECT sum(message_count) FROM request", DB_NO_ARGS), 180);
    assert_int_equal(world_get(&w,
                               "SELECT count(*) FROM request r WHERE message_count <>"
                               " (SELECT count(*) FROM message m WHERE m.request_id = r.id)",
                               DB_NO_ARGS),
                     0);
    ground_counters(&w);
}

static void calls_of_the_dead_are_in_doubt_and_of_the_living_are_not(void **state)
{
    (void)state;
    struct request a, b;
    world_campaign(&w, 1, 1, 6, false);
    request_lease(&s, STR("a"), w.now + 30 * SECOND_MS);
    request_lease(&s, STR("b"), w.now + 30 * SECOND_MS);
    assert_true(ground_claim(&s, "a", 3, &a));
    assert_true(ground_claim(&s, "b", 3, &b));
    int64_t old = w.now - 10 * MINUTE_MS;
    assert_int_equal(request_orphans(&s, STR("b"), false, old, 1000), 0); /* a lives */
    w.now += 31 * SECOND_MS;
    request_lease(&s, STR("b"), w.now + 30 * SECOND_MS);
    old = w.now - 10 * MINUTE_MS;
    assert_int_equal(request_orphans(&s, STR("b"), false, old, 1000), 1); /* a is dead, b is me */
    assert_int_equal(state_of(a.id), REQUEST_UNKNOWN);
    assert_int_equal(state_of(b.id), REQUEST_CALLING);
    ground_finish(&s, &a, REQUEST_TAKEN, 5); /* a was only slow */
    assert_int_equal(ground_count(&w, 1, MESSAGE_ACCEPTED), 3);
    w.now += 11 * MINUTE_MS;
    assert_int_equal(request_orphans(&s, STR("b"), false, w.now - 10 * MINUTE_MS, 1000), 1);
    assert_int_equal(state_of(b.id), REQUEST_UNKNOWN); /* no call takes so long, not even mine */
    ground_counters(&w);
}

static void alone_on_its_database_a_process_knows_all_others_dead(void **state)
{
    (void)state;
    struct request a;
    world_campaign(&w, 1, 1, 3, false);
    request_lease(&s, STR("a"), w.now + 30 * SECOND_MS);
    assert_true(ground_claim(&s, "a", 3, &a));
    assert_int_equal(request_orphans(&s, STR("a"), true, 0, 1000), 0);
    assert_int_equal(request_orphans(&s, STR("b"), true, 0, 1000), 1);
}

static void one_looks_at_a_time(void **state)
{
    (void)state;
    struct request r = in_doubt(1), seen;
    struct scope other = ground_scope(&w);
    w.now += 999;
    assert_int_equal(request_look(&s, 5000, &seen), 0); /* not due yet */
    w.now += 1;
    assert_int_equal(request_look(&s, 5000, &seen), 1);
    assert_int_equal(seen.id, r.id);
    assert_int_equal(request_look(&other, 5000, &seen), 0); /* held */
    w.now += 5000;
    assert_int_equal(request_look(&other, 5000, &seen), 1); /* whoever looked has died */
    assert_int_equal(seen.looks, 1);
    assert_true(request_look_later(&s, &seen, 100, false));
    assert_true(request_look_later(&s, &seen, 100, true));
    assert_int_equal(ground_request(&s, r.id).walks, 1);
    ground_leave(&other);
}

static void a_call_under_way_or_fitting_better_is_a_rival(void **state)
{
    (void)state;
    struct request r = in_doubt(1), calling;
    struct request seen = ground_request(&s, r.id);
    struct str phone = seen.messages[0].phone;
    assert_int_equal(request_rival(&s, &seen, phone, 3), RIVAL_NONE);
    world_campaign(&w, 1, 2, 2, false); /* the same people, but two of them */
    assert_true(ground_claim(&s, "node", 3, &calling));
    assert_int_equal(request_rival(&s, &seen, phone, 3), RIVAL_CALLING);
    assert_int_equal(request_rival(&s, &seen, STR("01088888888"), 3), RIVAL_NONE);
    ground_finish(&s, &calling, REQUEST_IN_DOUBT, 0);
    assert_int_equal(request_rival(&s, &seen, phone, 3), RIVAL_NONE);
    assert_int_equal(request_rival(&s, &seen, phone, 2), RIVAL_BETTER);
}

static int run(enum store_engine which, const char *name)
{
    const struct CMUnitTest tests[] = {
        EACH(any_order_of_things_keeps_the_books),
        EACH(a_claim_takes_whom_it_says_and_nobody_else),
        EACH(a_paused_campaign_is_not_claimed),
        EACH(campaigns_of_a_slow_profile_keep_nobody_else_waiting),
        EACH(a_late_yes_settles_doubt),
        EACH(a_late_no_puts_them_back_in_the_queue),
        EACH(history_is_not_overruled_by_a_late_no),
        EACH(a_late_yes_undoes_a_proof_of_absence),
        EACH(a_late_yes_leaves_alone_who_was_sent_again),
        EACH(an_id_given_away_leaves_the_second_in_doubt),
        EACH(who_comes_back_to_a_cancelled_campaign_is_cancelled),
        EACH(a_refusal_for_good_fails_them_with_the_gateways_words),
        EACH(a_setup_error_pauses_the_campaign_and_fails_nobody),
        EACH(results_are_paired_by_phone),
        EACH(the_hour_is_that_of_the_call),
        EACH(sending_again_needs_the_number_that_was_shown),
        EACH(nodes_that_claim_at_once_share_the_work),
        EACH(calls_of_the_dead_are_in_doubt_and_of_the_living_are_not),
        EACH(alone_on_its_database_a_process_knows_all_others_dead),
        EACH(one_looks_at_a_time),
        EACH(a_call_under_way_or_fitting_better_is_a_rival),
    };
    engine = which;
    return _cmocka_run_group_tests(name, tests, COUNT_OF(tests), NULL, NULL);
}

int main(void)
{
    log_level_set(LOG_ERROR);
    world_seed();
    int failed = run(STORE_SQLITE, "ledger on SQLite");
    if (world_has_postgresql())
        failed += run(STORE_POSTGRESQL, "ledger on PostgreSQL");
    return failed;
}
