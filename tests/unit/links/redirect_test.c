/*
 * redirect_test.c - who follows a link is sent to its target and counted; everybody else is not
 * sent anywhere. On both engines.
 */
#include "../domain/world.h"
#include "base/log.h"
#include "links/merge.h"
#include "links/redirect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define BROWSER "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 KAKAOTALK 2410350"
#define TARGET  "https://shop.example/sale"

static struct world world;
static enum store_engine engine;
static struct click_journal *journal;
static struct links *links;

static int setup(void **state)
{
    (void)state;
    world_begin(&world, engine);
    world_company(&world, 1);
    world_campaign(&world, 1, 1, 3, true);
    world_call(&world, 1, 1, 1, 1, 3);
    char folder[128];
    snprintf(folder, sizeof folder, "%s/clicks", world.folder);
    journal = click_journal_open(&(struct click_journal_config){.folder = folder});
    links = links_open(world.store, journal);
    return !journal || !links;
}

static int teardown(void **state)
{
    (void)state;
    links_close(&links);
    click_journal_close(&journal);
    world_end(&world);
    return 0;
}

static enum link_answer follow(struct str token, const char *agent, bool head, struct str *url)
{
    struct link_visit visit = {
        .token = token, .user_agent = str_c(agent), .head = head, .at = world.now};
    return links_follow(links, &visit, &world.arena, url);
}

static int64_t clicks(void)
{
    assert_true(click_merge_step(world.store, journal, &world.clock) >= 0);
    return world_get(&world, "SELECT count(*) FROM click", DB_NO_ARGS);
}

static struct str token_of(int64_t ordinal)
{
    return world_token(&world.arena, 1, ordinal);
}

static void sends_on_and_counts(void **state)
{
    (void)state;
    struct str url;
    for (int time = 0; time < 3; time++) {
        assert_int_equal(follow(token_of(2), BROWSER, false, &url), LINK_FOUND);
        assert_true(str_eq(url, STR(TARGET)));
    }
    assert_int_equal(follow(token_of(2), BROWSER, true, &url), LINK_FOUND);
    assert_int_equal(clicks(), 4);
    assert_int_equal(
        world_get(&world, "SELECT click_count FROM message WHERE ordinal = 2", DB_NO_ARGS), 3);
    assert_int_equal(
        world_get(&world, "SELECT first_click_at FROM message WHERE ordinal = 2", DB_NO_ARGS),
        world.now);
    assert_int_equal(world_get(&world,
                               "SELECT count(*) FROM click WHERE ordinal = 2 AND button = 1"
                               " AND agent = 'kakaotalk' AND kind = 'person'",
                               DB_NO_ARGS),
                     3);
    world_verify(&world);
}

static void knows_nothing_of_strangers(void **state)
{
    (void)state;
    static const char *const strangers[] = {
        "",
        "x",
        "AAAAAAAAAAA",
        "T000100000",
        "T00010000022",
        "t0001000002",
        "T0001%00002",
        "T000100000\n",
        "../../../..",
        "T0001' OR 1",
    };
    struct str url;
    for (size_t i = 0; i < COUNT_OF(strangers); i++)
        assert_int_equal(follow(str_c(strangers[i]), BROWSER, false, &url), LINK_UNKNOWN);
    assert_int_equal(follow(str_n("T00010000\0", 11), BROWSER, false, &url), LINK_UNKNOWN);
    assert_int_equal(clicks(), 0);
}

static void does_not_count_before_the_campaign_has_started(void **state)
{
    (void)state;
    struct str url;
    world_exec(&world, "UPDATE campaign SET started_at = NULL, state = 'checked'", DB_NO_ARGS);
    assert_int_equal(follow(token_of(1), BROWSER, false, &url), LINK_FOUND);
    world_exec(&world, "UPDATE campaign_link SET url = 'https://shop.example/other'", DB_NO_ARGS);
    assert_int_equal(follow(token_of(1), BROWSER, false, &url), LINK_FOUND);
    assert_true(str_eq(url, STR("https://shop.example/other")));
    assert_int_equal(clicks(), 0);
    world_exec(&world, "UPDATE campaign SET started_at = 1, state = 'sending'", DB_NO_ARGS);
    assert_int_equal(follow(token_of(1), BROWSER, false, &url), LINK_FOUND);
    assert_int_equal(clicks(), 1);
}

static void remembers_what_never_changes(void **state)
{
    (void)state;
    struct str url;
    assert_int_equal(follow(token_of(1), BROWSER, false, &url), LINK_FOUND);
    world_exec(&world, "ALTER TABLE link RENAME TO away", DB_NO_ARGS);
    assert_int_equal(follow(token_of(1), BROWSER, false, &url), LINK_FOUND);
    assert_true(str_eq(url, STR(TARGET)));
    assert_int_equal(follow(token_of(2), BROWSER, false, &url), LINK_UNAVAILABLE);
    world_exec(&world, "ALTER TABLE away RENAME TO link", DB_NO_ARGS);
    assert_int_equal(follow(token_of(2), BROWSER, false, &url), LINK_FOUND);
    assert_int_equal(clicks(), 3);
}

static void keeps_campaigns_apart(void **state)
{
    (void)state;
    struct str url;
    world_company(&world, 2);
    for (int64_t id = 2; id <= 60; id++) {
        int64_t company = 1 + id % 2;
        world_campaign(&world, company, id, 2, true);
        world_exec(&world,
                   "UPDATE campaign_link SET url = 'https://shop.example/' ||"
                   " CAST($1 AS bigint) WHERE company_id = $2 AND campaign_id = $1",
                   DB_ARGS(DB_N(id), DB_N(company)));
    }
    for (int round = 0; round < 2; round++)
        for (int64_t id = 2; id <= 60; id++) {
            struct str want = str_printf(&world.arena, "https://shop.example/%lld", (long long)id);
            assert_int_equal(follow(world_token(&world.arena, id, 2), BROWSER, false, &url),
                             LINK_FOUND);
            assert_true(str_eq(url, want));
        }
    assert_int_equal(clicks(), 59 * 2);
    world_verify(&world);
}

static void sends_nobody_to_what_is_no_web_address(void **state)
{
    (void)state;
    static const struct {
        const char *url, *target; /* NULL: refused */
    } rows[] = {
        {"https://shop.example", "https://shop.example"},
        {"HTTP://shop.example:8080/a?b=c#d", "HTTP://shop.example:8080/a?b=c#d"},
        {"https://shop.example/할인", "https://shop.example/%ED%95%A0%EC%9D%B8"},
        {"javascript:alert(1)", NULL},
        {"data:text/html,hi", NULL},
        {"//shop.example", NULL},
        {"ftp://shop.example", NULL},
        {"https:/shop.example", NULL},
        {"https://", NULL},
        {"https:///path", NULL},
        {"https://?x", NULL},
        {" https://shop.example", NULL},
        {"https://shop.example/\r\nSet-Cookie: a=b", NULL},
        {"https://shop.example/a b", NULL},
        {"https://shop.example\\@evil.example", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str got = link_target(str_c(rows[i].url), &world.arena);
        if (!rows[i].target != !got.ptr || (got.ptr && !str_eq(got, str_c(rows[i].target))))
            fail_msg("%s: %s", rows[i].url, got.ptr ? got.ptr : "refused");
    }
    struct str url;
    world_exec(&world, "UPDATE campaign_link SET url = 'javascript:alert(1)'", DB_NO_ARGS);
    assert_int_equal(follow(token_of(3), BROWSER, false, &url), LINK_UNKNOWN);
    assert_int_equal(clicks(), 0);
}

static int run_on(enum store_engine on, const char *name)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(sends_on_and_counts),
        TEST(knows_nothing_of_strangers),
        TEST(does_not_count_before_the_campaign_has_started),
        TEST(remembers_what_never_changes),
        TEST(keeps_campaigns_apart),
        TEST(sends_nobody_to_what_is_no_web_address),
    };
    engine = on;
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void)
{
    log_level_set(LOG_ERROR);
    int failed = run_on(STORE_SQLITE, "links on SQLite");
    if (world_has_postgresql())
        failed += run_on(STORE_POSTGRESQL, "links on PostgreSQL");
    return failed;
}
