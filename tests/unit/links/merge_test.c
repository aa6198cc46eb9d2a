/*
 * merge_test.c - what is in the journal gets into the store once: in batches, over files, with a
 * store that fails, with processes that die at every step, and with several at once. On both
 * engines.
 */
#include "../domain/world.h"
#include "base/log.h"
#include "domain/request.h"
#include "links/merge.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    COMPANY = 1,
    CAMPAIGN = 1,
    MESSAGES = 40
};

#define FILE_MAX INT64_C(20000) /* some 400 clicks */

static struct world world;
static enum store_engine engine;

static int setup(void **state)
{
    *state = &world;
    world_begin(&world, engine);
    world_company(&world, COMPANY);
    world_campaign(&world, COMPANY, CAMPAIGN, MESSAGES, true);
    world_call(&world, COMPANY, CAMPAIGN, 1, 1, MESSAGES);
    world_move(&world, COMPANY, CAMPAIGN, 1, 1, MESSAGES, MESSAGE_SENDING, MESSAGE_ACCEPTED);
    world_request_state(&world, COMPANY, 1, REQUEST_ACCEPTED);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static struct click_journal *journal_open(const char *url_folder, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", url_folder, name);
    return click_journal_open(&(struct click_journal_config){.folder = path, .file_max = FILE_MAX});
}

static void append(struct click_journal *j, int64_t ordinal, int64_t at, enum click_kind kind)
{
    struct click click = {.company = COMPANY,
                          .campaign = CAMPAIGN,
                          .ordinal = ordinal,
                          .at = at,
                          .button = 1,
                          .kind = kind,
                          .agent = AGENT_OTHER};
    assert_int_equal(click_journal_append(j, &click), CLICK_KEPT);
}

/* Merges all there is; returns how many clicks. */
static int64_t merge_all(struct click_journal *j)
{
    int64_t total = 0, count;
    while ((count = click_merge_step(world.store, j, &world.clock)) > 0)
        total += count;
    assert_int_equal(count, 0);
    return total;
}

#define GET(sql, ...) world_get(&world, sql, DB_ARGS(__VA_ARGS__))

static int64_t rows_of(int64_t ordinal)
{
    return GET("SELECT count(*) FROM click WHERE ordinal = $1", DB_N(ordinal));
}

/* ---- */

static void counts_people_and_keeps_all(void **state)
{
    (void)state;
    struct click_journal *j = journal_open(world.folder, "clicks");
    append(j, 3, 5000, CLICK_PREVIEW);
    append(j, 3, 7000, CLICK_PERSON);
    append(j, 3, 6000, CLICK_PERSON);
    append(j, 4, 8000, CLICK_BOT);
    append(j, 5, 9000, CLICK_PERSON);
    int64_t changed = GET("SELECT changed_at FROM campaign WHERE id = $1", DB_N(CAMPAIGN));
    assert_int_equal(merge_all(j), 5);
    assert_int_equal(rows_of(3), 3);
    assert_int_equal(rows_of(4), 1);
    assert_int_equal(GET("SELECT click_count FROM message WHERE ordinal = $1", DB_N(3)), 2);
    assert_int_equal(GET("SELECT first_click_at FROM message WHERE ordinal = $1", DB_N(3)), 6000);
    assert_int_equal(GET("SELECT click_count FROM message WHERE ordinal = $1", DB_N(4)), 0);
    assert_int_equal(
        GET("SELECT count(*) FROM message WHERE ordinal = $1 AND first_click_at IS NULL", DB_N(4)),
        1);
    assert_int_equal(GET("SELECT clicked FROM campaign WHERE id = $1", DB_N(CAMPAIGN)), 2);
    assert_true(GET("SELECT changed_at FROM campaign WHERE id = $1", DB_N(CAMPAIGN)) > changed);
    assert_int_equal(
        GET("SELECT clicked FROM hour_click WHERE hour = $1", DB_N(hour_start(world.now))), 2);
    world_verify(&world);

    append(j, 3, 1000, CLICK_PERSON); /* kept elsewhere earlier, merged later */
    append(j, 5, 9500, CLICK_PERSON);
    assert_int_equal(merge_all(j), 2);
    assert_int_equal(merge_all(j), 0);
    assert_int_equal(GET("SELECT first_click_at FROM message WHERE ordinal = $1", DB_N(3)), 1000);
    assert_int_equal(GET("SELECT first_click_at FROM message WHERE ordinal = $1", DB_N(5)), 9000);
    assert_int_equal(GET("SELECT clicked FROM campaign WHERE id = $1", DB_N(CAMPAIGN)), 2);
    world_verify(&world);
    click_journal_close(&j);
}

static void removes_what_is_merged_and_never_merges_again(void **state)
{
    (void)state;
    struct click_journal *j = journal_open(world.folder, "clicks");
    for (int n = 0; n < 2500; n++)
        append(j, 1 + n % MESSAGES, 1000 + n, n % 3 ? CLICK_PERSON : CLICK_PREVIEW);
    struct click_file file;
    assert_true(click_journal_file(j, 5, &file));
    assert_int_equal(merge_all(j), 2500);
    assert_false(click_journal_file(j, 1, &file));
    click_journal_close(&j);
    for (int run = 0; run < 2; run++) {
        j = journal_open(world.folder, "clicks");
        assert_int_equal(merge_all(j), 0);
        assert_false(click_journal_file(j, 0, &file));
        click_journal_close(&j);
    }
    assert_int_equal(GET("SELECT count(*) FROM click WHERE company_id = $1", DB_N(COMPANY)), 2500);
    assert_int_equal(world_get(&world, "SELECT count(*) FROM click_journal", DB_NO_ARGS), 0);
    world_verify(&world);
}

static void belongs_to_the_delivered_whatever_comes_first(void **state)
{
    (void)state;
    struct click_journal *j = journal_open(world.folder, "clicks");
    append(j, 1, 1000, CLICK_PERSON); /* before its result */
    merge_all(j);
    world_move(&world, COMPANY, CAMPAIGN, 1, 1, 3, MESSAGE_ACCEPTED, MESSAGE_DELIVERED);
    append(j, 2, 2000, CLICK_PERSON); /* after it */
    append(j, 4, 3000, CLICK_PERSON); /* no result yet */
    merge_all(j);
    assert_int_equal(world_get(&world, "SELECT clicked FROM hour_click", DB_NO_ARGS), 3);
    assert_int_equal(world_get(&world, "SELECT delivered FROM hour_click", DB_NO_ARGS), 3);
    assert_int_equal(world_get(&world, "SELECT delivered_clicked FROM hour_click", DB_NO_ARGS), 2);
    world_verify(&world);
    click_journal_close(&j);
}

static void passes_over_messages_that_are_no_more(void **state)
{
    (void)state;
    struct click_journal *j = journal_open(world.folder, "clicks");
    append(j, MESSAGES + 1, 1000, CLICK_PERSON);
    append(j, 1, 1000, CLICK_PERSON);
    assert_int_equal(merge_all(j), 2);
    assert_int_equal(GET("SELECT count(*) FROM click WHERE company_id = $1", DB_N(COMPANY)), 1);
    world_verify(&world);
    click_journal_close(&j);
}

static void waits_for_a_store_that_fails(void **state)
{
    (void)state;
    struct click_journal *j = journal_open(world.folder, "clicks");
    for (int n = 0; n < 20; n++)
        append(j, 1, 1000 + n, CLICK_PERSON);
    world_exec(&world, "ALTER TABLE hour_click RENAME TO away", DB_NO_ARGS);
    assert_int_equal(click_merge_step(world.store, j, &world.clock), -1);
    assert_int_equal(click_merge_step(world.store, j, &world.clock), -1);
    assert_int_equal(rows_of(1), 0);
    world_exec(&world, "ALTER TABLE away RENAME TO hour_click", DB_NO_ARGS);
    assert_int_equal(merge_all(j), 20);
    assert_int_equal(rows_of(1), 20);
    world_verify(&world);
    click_journal_close(&j);
}

static void the_thread_merges_by_itself_and_at_its_end(void **state)
{
    (void)state;
    struct click_journal *j = journal_open(world.folder, "clicks");
    struct click_merger *m = click_merger_start(world.store, j, &world.clock);
    append(j, 1, 1000, CLICK_PERSON);
    for (int tries = 0; rows_of(1) == 0 && tries < 300; tries++)
        nanosleep(&(struct timespec){0, 20000000}, NULL);
    assert_int_equal(rows_of(1), 1);
    append(j, 1, 1001, CLICK_PERSON);
    click_merger_stop(&m);
    click_merger_stop(&m);
    assert_int_equal(rows_of(1), 2);
    click_journal_close(&j);
}

/* ---- several nodes ---- */

static void *merge_until_empty(void *journal)
{
    int64_t failures = 0, count;
    while ((count = click_merge_step(world.store, journal, &world.clock)) != 0)
        failures += count < 0;
    return (void *)(intptr_t)failures;
}

static void nodes_merge_side_by_side(void **state)
{
    (void)state;
    enum {
        NODES = 3,
        CLICKS = 1500
    };
    struct click_journal *journals[NODES];
    pthread_t threads[NODES];
    for (int node = 0; node < NODES; node++) {
        char name[16];
        snprintf(name, sizeof name, "node%d", node);
        journals[node] = journal_open(world.folder, name);
        for (int n = 0; n < CLICKS; n++)
            append(journals[node], 1 + (int64_t)world_lot(MESSAGES), 1000 + node + n * 3,
                   CLICK_PERSON);
    }
    for (int node = 0; node < NODES; node++)
        assert_int_equal(pthread_create(&threads[node], NULL, merge_until_empty, journals[node]),
                         0);
    for (int node = 0; node < NODES; node++) {
        void *failures;
        pthread_join(threads[node], &failures);
        assert_null(failures);
        click_journal_close(&journals[node]);
    }
    assert_int_equal(GET("SELECT count(*) FROM click WHERE company_id = $1", DB_N(COMPANY)),
                     NODES * CLICKS);
    world_verify(&world);
}

/* ---- processes that die ---- */

/* Runs this program again as `what` (see main) so that it meets its crash point for the first time.
 */
static pid_t start_again(const char *what, const char *crash_at, int shared_fd)
{
    pid_t child = fork();
    if (child)
        return child;
    char number[16];
    snprintf(number, sizeof number, "%d", shared_fd);
    if (crash_at)
        setenv("SENDINGO_CRASH_AT", crash_at, 1);
    execl("/proc/self/exe", "merge_test", what, world.url, world.folder, number, (char *)NULL);
    _exit(127);
}

static int merge_child(const char *url, const char *folder)
{
    struct store *store = store_open(url);
    struct click_journal *j = journal_open(folder, "clicks");
    if (!store || !j)
        return 2;
    int64_t count;
    while ((count = click_merge_step(store, j, &clock_system)) > 0)
        ;
    click_journal_close(&j);
    store_close(&store);
    return count == 0 ? 0 : 1;
}

static void survives_death_at_every_step(void **state)
{
    (void)state;
#ifndef CRASH_POINTS
    skip();
#endif
    static const char *const points[] = {
        "merge_looked:1",  "merge_looked:2",    "merge_inserted:1",  "merge_inserted:2",
        "merge_counted:1", "merge_counted:3",   "merge_committed:1", "merge_committed:2",
        "merge_removed:1", "merge_committed:3", "merge_removed:2",
    };
    int64_t total = 0;
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        struct click_journal *j = journal_open(world.folder, "clicks");
        for (int n = 0; n < 1000; n++)
            append(j, 1 + n % MESSAGES, 1000 + n, n % 4 ? CLICK_PERSON : CLICK_BOT);
        total += 1000;
        click_journal_close(&j);
        int status;
        pid_t child = start_again("merge-child", points[i], -1);
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
            fail_msg("%s was not reached: status %d", points[i], status);
        world_verify(&world); /* also before it goes on */
        j = journal_open(world.folder, "clicks");
        merge_all(j);
        click_journal_close(&j);
        assert_int_equal(GET("SELECT count(*) FROM click WHERE company_id = $1", DB_N(COMPANY)),
                         total);
        world_verify(&world);
    }
}

enum {
    APPENDERS = 6
};

struct appender {
    struct click_journal *journal;
    int64_t who;
    _Atomic int64_t *acknowledged;
};

static void *append_for_ever(void *ctx)
{
    struct appender *a = ctx;
    for (;;) {
        struct click click = {.company = COMPANY,
                              .campaign = CAMPAIGN,
                              .ordinal = a->who + 1,
                              .at = 1000 + *a->acknowledged,
                              .button = 1,
                              .kind = CLICK_PERSON,
                              .agent = AGENT_OTHER};
        if (click_journal_append(a->journal, &click) != CLICK_KEPT)
            return NULL;
        ++*a->acknowledged;
    }
}

static _Atomic int64_t *map_shared(int fd)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

/* Appends from several threads and merges beside them, until it is killed. */
static int serve_child(const char *url, const char *folder, int shared_fd)
{
    struct store *store = store_open(url);
    struct click_journal *j = journal_open(folder, "clicks");
    _Atomic int64_t *acknowledged = map_shared(shared_fd);
    if (!store || !j || acknowledged == MAP_FAILED)
        return 2;
    struct appender appenders[APPENDERS];
    for (int t = 0; t < APPENDERS; t++) {
        pthread_t thread;
        appenders[t] = (struct appender){.journal = j, .who = t, .acknowledged = &acknowledged[t]};
        if (pthread_create(&thread, NULL, append_for_ever, &appenders[t]))
            return 3;
    }
    for (;;)
        if (click_merge_step(store, j, &clock_system) < 0)
            return 1;
}

static void counts_what_was_acknowledged_after_random_kills(void **state)
{
    (void)state;
    int fd = memfd_create("acknowledged", 0);
    assert_int_equal(ftruncate(fd, 4096), 0);
    _Atomic int64_t *acknowledged = map_shared(fd);
    for (int round = 0; round < 8; round++) {
        int64_t before = acknowledged[0];
        pid_t child = start_again("serve-child", NULL, fd);
        while (atomic_load(&acknowledged[0]) == before && waitpid(child, NULL, WNOHANG) == 0)
            nanosleep(&(struct timespec){0, 1000000}, NULL);
        nanosleep(&(struct timespec){0, (long)(1 + world_lot(80)) * 1000000}, NULL);
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        struct click_journal *j = journal_open(world.folder, "clicks");
        merge_all(j);
        click_journal_close(&j);
        for (int64_t t = 0; t < APPENDERS; t++) {
            int64_t kept = rows_of(t + 1);
            /* one more may have become durable before its answer could leave */
            assert_true(kept == acknowledged[t] || kept == acknowledged[t] + 1);
            acknowledged[t] = kept;
        }
        world_verify(&world);
    }
    munmap(acknowledged, 4096);
    close(fd);
}

static int run_on(enum store_engine on, const char *name)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(counts_people_and_keeps_all),
        TEST(removes_what_is_merged_and_never_merges_again),
        TEST(belongs_to_the_delivered_whatever_comes_first),
        TEST(passes_over_messages_that_are_no_more),
        TEST(waits_for_a_store_that_fails),
        TEST(the_thread_merges_by_itself_and_at_its_end),
        TEST(nodes_merge_side_by_side),
        TEST(survives_death_at_every_step),
        TEST(counts_what_was_acknowledged_after_random_kills),
    };
    engine = on;
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "merge-child") == 0)
        return merge_child(argv[2], argv[3]);
    if (argc == 5 && strcmp(argv[1], "serve-child") == 0)
        return serve_child(argv[2], argv[3], atoi(argv[4]));
    log_level_set(LOG_ERROR);
    world_seed();
    int failed = run_on(STORE_SQLITE, "click merge on SQLite");
    if (world_has_postgresql())
        failed += run_on(STORE_POSTGRESQL, "click merge on PostgreSQL");
    return failed;
}
