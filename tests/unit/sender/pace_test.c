/*
 * pace_test.c - what a profile allows in a second, with a clock of our own: never more than its
 * rates in any second whatever the callers do, waits that are true, and the pauses after trouble.
 */
#include "base/log.h"
#include "domain/profile.h"
#include "ground.h"
#include "tests.h"

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

static void rates(int64_t requests, int64_t messages)
{
    world_exec(&w,
               "UPDATE sender_profile SET request_rate = $1, message_rate = $2, request_level = 0,"
               " message_level = 0, level_at = 0, slow_until = 0, slow_step = 0",
               DB_ARGS(DB_N(requests), DB_N(messages)));
}

/* Milliseconds to wait, or 0 with what may be sent in *count. */
static int64_t take(int64_t *count)
{
    TX(tx, s.db);
    int64_t wait = profile_pace_take(&s, 1, count);
    assert_true(tx_commit(&tx));
    return wait;
}

static void answered(bool trouble)
{
    TX(tx, s.db);
    profile_pace_feedback(&s, 1, trouble);
    assert_true(tx_commit(&tx));
}

struct taken {
    int64_t at, count;
};

/* No window of a second, wherever it begins, holds more than the rates. */
static void windows_check(const struct taken *list, size_t n, int64_t requests, int64_t messages)
{
    size_t first = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += list[i].count;
        for (; list[i].at - list[first].at >= SECOND_MS; first++)
            sum -= list[first].count;
        assert_true((int64_t)(i - first + 1) <= requests);
        assert_true(sum <= messages);
    }
}

static void no_second_sees_more_than_the_rates(void **state)
{
    (void)state;
    static const struct {
        int64_t requests, messages;
    } cases[] = {{1, 1}, {1, 500}, {2, 3}, {7, 100}, {10, 2000}, {50, 700}, {200, 100000}};
    int turns = engine == STORE_SQLITE ? 300 : 120;
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        struct taken list[300];
        size_t n = 0;
        rates(cases[c].requests, cases[c].messages);
        w.now += HOUR_MS; /* an idle hour saves nothing up */
        int64_t begun = w.now, sent = 0;
        for (int turn = 0; turn < turns; turn++) {
            int64_t count = 1 + (int64_t)world_lot(500), wait = take(&count);
            assert_true(wait >= 0 && wait <= 2 * SECOND_MS);
            if (wait == 0) {
                list[n++] = (struct taken){w.now, count};
                sent += count;
            }
            /* wait as told, or come too early, or be idle */
            w.now += world_lot(3) ? wait : (int64_t)world_lot(world_lot(20) ? 30 : 3000);
        }
        windows_check(list, n, cases[c].requests, cases[c].messages);
        assert_true(n > 10 && sent <= cases[c].messages * ((w.now - begun) / SECOND_MS + 1));
    }
}

static void waiting_as_told_is_enough(void **state)
{
    (void)state;
    rates(7, 1000);
    for (int i = 0; i < 50; i++) {
        int64_t count = 400, wait = take(&count);
        if (wait > 0) {
            w.now += wait - 1;
            int64_t early = 400;
            assert_true(take(&early) > 0); /* not a millisecond sooner */
            w.now += 1;
            assert_int_equal(take(&count), 0);
        }
        assert_int_equal(count, 400);
    }
}

static void it_keeps_most_of_the_rate(void **state)
{
    (void)state;
    int64_t sent = 0, begun = w.now;
    rates(10, 2000);
    while (w.now - begun < 20 * SECOND_MS) {
        int64_t count = 500, wait = take(&count);
        sent += wait ? 0 : count;
        w.now += wait;
    }
    assert_true(sent >= 20 * 1400); /* of 2,000 a second */
}

static void a_call_is_cut_to_what_the_rate_can_carry(void **state)
{
    (void)state;
    int64_t count = 500;
    rates(10, 20);
    assert_int_equal(take(&count), 0);
    assert_int_equal(count, 10);
}

static void a_clock_set_back_gives_nothing_away(void **state)
{
    (void)state;
    int64_t count = 10;
    rates(1, 1000);
    assert_int_equal(take(&count), 0);
    w.now -= HOUR_MS;
    assert_true(take(&count) > 0);
    w.now += SECOND_MS;
    assert_true(take(&count) <= HOUR_MS + SECOND_MS);
}

static void trouble_slows_down_and_success_ends_it(void **state)
{
    (void)state;
    static const int64_t pauses[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    int64_t count = 1;
    rates(1000, 100000);
    for (size_t i = 0; i < COUNT_OF(pauses); i++) {
        answered(true);
        assert_int_equal(take(&count), pauses[i] * SECOND_MS);
        w.now += pauses[i] * SECOND_MS;
        assert_int_equal(take(&count), 0);
    }
    answered(false);
    w.now += 1;
    assert_int_equal(take(&count), 0);
    answered(true);
    assert_int_equal(take(&count), SECOND_MS); /* from the beginning again */
    answered(false);
    w.now += 1;
    assert_int_equal(take(&count), 0); /* a good answer ends the pause at once */
}

static int run(enum store_engine which, const char *name)
{
    const struct CMUnitTest tests[] = {
        EACH(no_second_sees_more_than_the_rates),  EACH(waiting_as_told_is_enough),
        EACH(it_keeps_most_of_the_rate),           EACH(a_call_is_cut_to_what_the_rate_can_carry),
        EACH(a_clock_set_back_gives_nothing_away), EACH(trouble_slows_down_and_success_ends_it),
    };
    engine = which;
    return _cmocka_run_group_tests(name, tests, COUNT_OF(tests), NULL, NULL);
}

int main(void)
{
    log_level_set(LOG_ERROR);
    world_seed();
    int failed = run(STORE_SQLITE, "pace on SQLite");
    if (world_has_postgresql())
        failed += run(STORE_POSTGRESQL, "pace on PostgreSQL");
    return failed;
}
