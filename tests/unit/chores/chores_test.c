/*
 * chores_test.c - chores are done by themselves, by one process at a time, and by another when that
 * one is gone: stopped, or dead with its lease.
 */
#include "../domain/tests.h"
#include "../domain/world.h"
#include "base/log.h"
#include "chores/chores.h"
#include "domain/contact.h"

#include <time.h>

#define LEASE_MS 400
#define LONGEST  30000 /* ms: a loaded machine takes its time */

static struct world world;
static enum store_engine engine;

static int setup(void **state)
{
    (void)state;
    world_begin(&world, engine);
    world_company(&world, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static struct chores *start(void)
{
    const struct chores_config config = {
        .store = world.store, .clock = &clock_system, .lease_ms = LEASE_MS};
    return chores_start(&config);
}

static int64_t left_to_do(void)
{
    return world_get(&world, "SELECT count(*) FROM contact_unindexed", DB_NO_ARGS);
}

static void add(int64_t number)
{
    struct db *db = store_borrow(world.store);
    struct scope s = {.company = 1, .db = db, .arena = &world.arena, .clock = &clock_system};
    struct contact_form form = {
        .name = STR("김하나"),
        .phone = str_printf(&world.arena, "010%08lld", (long long)number),
    };
    int64_t id;
    assert_int_equal(contact_create(&s, &form, &id), PROBLEM_NONE);
    store_return(&db);
}

static void wait_until_done(void)
{
    int64_t until = clock_now(&clock_system) + LONGEST;
    while (left_to_do() > 0 && clock_now(&clock_system) < until)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    assert_int_equal(left_to_do(), 0);
}

static void they_are_done_by_themselves(void **state)
{
    (void)state;
    struct chores *c = start();
    for (int64_t i = 1; i <= 3; i++) {
        add(i);
        wait_until_done();
    }
    assert_int_equal(world_get(&world, "SELECT count(*) FROM contact_by_name", DB_NO_ARGS), 3);
    chores_stop(&c);
    assert_null(c);
    chores_stop(&c);
}

/* Nobody works on what another holds; who stops hands over at once. */
static void one_of_several_does_them(void **state)
{
    (void)state;
    struct chores *first = start(), *second = start();
    add(1);
    wait_until_done();
    assert_int_equal(world_get(&world,
                               "SELECT count(DISTINCT holder) FROM chore WHERE name ="
                               " 'index contacts'",
                               DB_NO_ARGS),
                     1);
    chores_stop(&first);
    add(2);
    wait_until_done();
    chores_stop(&second);
}

static void a_dead_holder_is_waited_for_and_then_replaced(void **state)
{
    (void)state;
    int64_t begun = clock_now(&clock_system), lease = 3 * LEASE_MS;
    world_exec(
        &world,
        "INSERT INTO chore (name, holder, lease_until) VALUES ('index contacts', 'dead', $1)",
        DB_ARGS(DB_N(begun + lease)));
    struct chores *c = start();
    add(1);
    wait_until_done();
    assert_true(clock_now(&clock_system) - begun >= lease);
    chores_stop(&c);
}

int main(void)
{
    const struct CMUnitTest alone[] = {
        EACH(they_are_done_by_themselves),
    };
    /* Several processes share PostgreSQL only; SQLite's file has one. */
    const struct CMUnitTest tests[] = {
        EACH(they_are_done_by_themselves),
        EACH(one_of_several_does_them),
        EACH(a_dead_holder_is_waited_for_and_then_replaced),
    };
    log_level_set(LOG_ERROR);
    int failed = cmocka_run_group_tests_name("chores on SQLite", alone, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("chores on PostgreSQL", tests, NULL, NULL);
    return failed;
}
