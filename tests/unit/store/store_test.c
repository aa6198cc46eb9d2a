/*
 * store_test.c - what the rest of the house relies on, on both engines: parameters and NULLs,
 * batches, transactions that are whole or have not happened, errors that stick, numbers that are
 * never given out twice, migrations by several processes, and databases that are full, newer than
 * the program, or gone for a moment.
 */
#include "base/log.h"
#include "tests.h"
#include "world.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct world w;
static enum store_engine engine;
static struct db *db;

static int setup(void **state)
{
    (void)state;
    world_begin(&w, engine);
    world_exec(&w, "CREATE TABLE thing (id bigint PRIMARY KEY, n bigint, t text)", DB_NO_ARGS);
    db = store_borrow(w.store);
    return db ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    store_return(&db);
    world_end(&w);
    return 0;
}

static int64_t things(void)
{
    return world_get(&w, "SELECT count(*) FROM thing", DB_NO_ARGS);
}

#define INSERT "INSERT INTO thing (id, n, t) VALUES ($1, $2, $3)"

/* ---- statements ---- */

static void parameters_in_any_order_and_more_than_once(void **state)
{
    (void)state;
    int64_t got =
        db_get_i64(db, 0,
                   "SELECT CAST($3 AS bigint) * 100 + CAST($1 AS bigint) * 10 + CAST($2 AS bigint)"
                   " + CAST($3 AS bigint) * 1000",
                   DB_ARGS(DB_N(2), DB_N(3), DB_N(1)));
    assert_int_equal(got, 1123);
    struct db_value twelve[12];
    for (int i = 0; i < 12; i++)
        twelve[i] = DB_N(i + 1);
    got = db_get_i64(db, 0,
                     "SELECT CAST($12 AS bigint) * 100 + CAST($1 AS bigint) + CAST($11 AS bigint)"
                     " + CAST($2 AS bigint) + CAST($3 AS bigint) + CAST($4 AS bigint)"
                     " + CAST($5 AS bigint) + CAST($6 AS bigint) + CAST($7 AS bigint)"
                     " + CAST($8 AS bigint) + CAST($9 AS bigint) + CAST($10 AS bigint)",
                     twelve, 12);
    assert_int_equal(got, 1200 + 66);
    assert_false(db_failed(db));
}

static void values_come_back_as_they_went(void **state)
{
    (void)state;
    const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1795419870123};
    const struct str texts[] = {STR_INIT(""),
                                STR_INIT("a"),
                                STR_INIT("홍길동 '\"\\ $1 -- /*pg x*/"),
                                STR_INIT("👩‍👩‍👧\n\t"),
                                STR_INIT("0"),
                                STR_INIT("NULL")};
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        world_exec(&w, INSERT, DB_ARGS(DB_N((int64_t)i), DB_N(numbers[i]), DB_S(texts[i])));
    world_exec(&w, INSERT, DB_ARGS(DB_N(100), DB_NULL_VALUE, DB_NULL_VALUE));
    world_exec(&w, INSERT,
               DB_ARGS(DB_N(101), DB_N_OR_NULL(0), DB_S_OR_NULL(((struct str){NULL, 0}))));
    size_t n = 0;
    DB_ROWS(rows);
    db_query(db, &rows, "SELECT id, n, t FROM thing ORDER BY id", DB_NO_ARGS);
    for (; db_next(&rows) && n < COUNT_OF(numbers); n++) {
        assert_int_equal(db_i64(&rows, 1), numbers[n]);
        assert_true(str_eq(db_text(&rows, 2, &w.arena), texts[n]));
        assert_false(db_is_null(&rows, 1) || db_is_null(&rows, 2));
    }
    do {
        n++;
        assert_true(db_is_null(&rows, 1) && db_is_null(&rows, 2));
        assert_int_equal(db_i64(&rows, 1), 0);
        assert_null(db_text(&rows, 2, &w.arena).ptr);
    } while (db_next(&rows));
    assert_int_equal(n, COUNT_OF(numbers) + 2);
}

static void what_is_not_there_is_told_apart(void **state)
{
    (void)state;
    assert_int_equal(db_get_i64(db, 7, "SELECT n FROM thing WHERE id = 1", DB_NO_ARGS), 7);
    assert_null(db_get_text(db, &w.arena, "SELECT t FROM thing WHERE id = 1", DB_NO_ARGS).ptr);
    assert_int_equal(db_exec(db, "UPDATE thing SET n = 1", DB_NO_ARGS), 0);
    assert_int_equal(db_get_i64(db, 7, "SELECT max(n) FROM thing", DB_NO_ARGS), 7); /* NULL */
    assert_false(db_failed(db));
}

static void comments_are_for_postgresql(void **state)
{
    (void)state;
    assert_int_equal(
        db_get_i64(db, 0, "SELECT 1 /*pg + 1*/ + 10 /*pg + 100*/ /* + 1000 */", DB_NO_ARGS),
        engine == STORE_POSTGRESQL ? 112 : 11);
}

/* ---- transactions ---- */

static void insert(int64_t id)
{
    db_exec(db, INSERT, DB_ARGS(DB_N(id), DB_N(id), DB_S(STR("x"))));
}

static void a_transaction_is_whole_or_nothing(void **state)
{
    (void)state;
    {
        TX(tx, db);
        insert(1);
        insert(2);
        assert_true(tx.open);
    } /* not committed: rolled back at the end of the block */
    assert_int_equal(things(), 0);
    {
        TX(tx, db);
        insert(1);
        insert(2);
        assert_true(tx_commit(&tx));
    }
    assert_int_equal(things(), 2);
}

static void a_failure_sticks_until_the_end(void **state)
{
    (void)state;
    {
        TX(tx, db);
        insert(1);
        insert(1); /* stands already */
        assert_true(db_failed(db));
        assert_int_equal(db_exec(db, "DELETE FROM thing", DB_NO_ARGS), -1);
        assert_int_equal(db_get_i64(db, 9, "SELECT 1", DB_NO_ARGS), 9);
        insert(3);
        assert_false(tx_commit(&tx));
    }
    assert_false(db_failed(db));
    assert_int_equal(things(), 0);
    {
        TX(tx, db);
        insert(4);
        assert_true(tx_commit(&tx));
    }
    assert_int_equal(things(), 1);
}

static void a_failure_outside_a_transaction_does_not_outlive_the_borrowing(void **state)
{
    (void)state;
    assert_int_equal(db_exec(db, "DELETE FROM nothing_of_that_name", DB_NO_ARGS), -1);
    assert_true(db_failed(db));
    store_return(&db);
    db = store_borrow(w.store);
    assert_non_null(db);
    assert_int_equal(db_get_i64(db, 0, "SELECT 5", DB_NO_ARGS), 5);
}

/* Runs `act` in a child whose standard error is read; returns its status. */
static int in_child(void (*act)(void), char *said, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        act();
        _exit(0);
    }
    close(ends[1]);
    size_t n = 0;
    for (ssize_t got; n + 1 < size && (got = read(ends[0], said + n, size - n - 1)) > 0;)
        n += (size_t)got;
    said[n] = '\0';
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void nest(void)
{
    TX(outer, db);
    TX(inner, db);
    if (tx_commit(&inner) && tx_commit(&outer))
        _exit(0);
}

static void nesting_ends_the_program_and_names_both_places(void **state)
{
    (void)state;
    char said[4096];
    int status = in_child(nest, said, sizeof said);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    const char *first = strstr(said, "store_test.c:");
    assert_non_null(first);
    assert_non_null(strstr(first + 1, "store_test.c:"));
}

static void die_in_a_transaction(void)
{
    struct store *own = store_open(w.url);
    struct db *mine = store_borrow(own);
    TX(tx, mine);
    for (int64_t i = 0; i < 1000; i++)
        db_exec(mine, INSERT, DB_ARGS(DB_N(i), DB_N(i), DB_S(STR("lost"))));
    if (tx.open)
        raise(SIGKILL);
}

static void a_killed_process_leaves_nothing_half_done(void **state)
{
    (void)state;
    char said[64];
    assert_true(WIFSIGNALED(in_child(die_in_a_transaction, said, sizeof said)));
    {
        TX(tx, db); /* and its locks are gone */
        insert(1);
        assert_true(tx_commit(&tx));
    }
    assert_int_equal(things(), 1);
}

/* ---- batches ---- */

#define BATCH 2500 /* several pipelines */

static bool batch_insert(int64_t first, int64_t count, int64_t odd_one, int64_t odd_at)
{
    TX(tx, db);
    db_batch_begin(db, INSERT);
    for (int64_t i = 0; i < count; i++)
        db_batch_run(db, DB_ARGS(DB_N(i == odd_at ? odd_one : first + i), DB_N(i),
                                 i % 3 ? DB_S(STR("배치")) : DB_NULL_VALUE));
    db_batch_end(db);
    db_exec(db, "UPDATE thing SET n = n + 1", DB_NO_ARGS); /* the connection is back to normal */
    return tx_commit(&tx);
}

static void a_batch_is_written_whole(void **state)
{
    (void)state;
    assert_true(batch_insert(1, BATCH, 0, -1));
    assert_int_equal(things(), BATCH);
    assert_int_equal(world_get(&w, "SELECT sum(n) FROM thing", DB_NO_ARGS),
                     (int64_t)BATCH * (BATCH + 1) / 2);
    assert_true(batch_insert(BATCH + 1, 0, 0, -1)); /* an empty one */
    assert_true(batch_insert(BATCH + 1, 1, 0, -1)); /* the same SQL again */
    assert_int_equal(things(), BATCH + 1);
}

static void a_batch_with_one_bad_row_is_nothing(void **state)
{
    (void)state;
    const int64_t where[] = {1, 399, 400, 401, 2000, BATCH - 1};
    for (size_t i = 0; i < COUNT_OF(where); i++) {
        assert_false(batch_insert(1, BATCH, 1, where[i]));
        assert_int_equal(things(), 0);
    }
    assert_true(batch_insert(1, BATCH, 0, -1));
    assert_int_equal(things(), BATCH);
}

/* ---- numbers ---- */

#define THREADS 4
#define TURNS   40

static void *take_numbers(void *first)
{
    int64_t *mine = first;
    struct db *own = store_borrow(w.store);
    for (int i = 0; own && i < TURNS; i++) {
        TX(tx, own);
        mine[i] = db_next_id(own, 1, "test", 3);
        if (!tx_commit(&tx))
            mine[i] = -1;
    }
    store_return(&own);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void numbers_are_given_out_once(void **state)
{
    (void)state;
    int64_t taken[THREADS][TURNS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_numbers, taken[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    int64_t all[(size_t)THREADS * TURNS];
    memcpy(all, taken, sizeof all);
    qsort(all, COUNT_OF(all), sizeof *all, by_value);
    for (size_t i = 0; i < COUNT_OF(all); i++)
        assert_int_equal(all[i], 1 + 3 * (int64_t)i); /* distinct, in threes, without a gap */
    TX(tx, db);
    assert_int_equal(db_next_id(db, 2, "test", 1), 1); /* another company has its own */
    assert_int_equal(db_next_id(db, 1, "other", 1), 1);
    assert_true(tx_commit(&tx));
}

static void a_number_of_a_transaction_undone_is_given_again(void **state)
{
    (void)state;
    {
        TX(tx, db);
        assert_int_equal(db_next_id(db, 1, "test", 5), 1);
        assert_true(tx.open);
    }
    TX(tx, db);
    assert_int_equal(db_next_id(db, 1, "test", 5), 1);
    assert_true(tx_commit(&tx));
}

/* ---- migrations ---- */

static void migrating_again_changes_nothing(void **state)
{
    (void)state;
    insert(1);
    assert_true(store_migrate(w.store));
    assert_int_equal(store_version(w.store), store_version_wanted());
    assert_int_equal(things(), 1);
}

static void a_newer_database_is_refused(void **state)
{
    (void)state;
    world_exec(&w, "INSERT INTO schema_version (version, name) VALUES ($1, 'of tomorrow')",
               DB_ARGS(DB_N(store_version_wanted() + 1)));
    assert_false(store_migrate(w.store));
    assert_int_equal(store_version(w.store), store_version_wanted() + 1);
}

static void migrate_once(void)
{
    struct store *own = store_open(w.url);
    if (!own || !store_migrate(own))
        _exit(1);
    store_close(&own);
}

static void empty_the_database(void)
{
    store_return(&db);
    if (engine == STORE_POSTGRESQL) {
        world_exec(&w, "DROP SCHEMA public CASCADE", DB_NO_ARGS);
        world_exec(&w, "CREATE SCHEMA public", DB_NO_ARGS);
    } else {
        snprintf(w.url, sizeof w.url, "%s/another.db", w.folder);
    }
    store_close(&w.store);
}

static void processes_may_migrate_at_once(void **state)
{
    (void)state;
    pid_t children[4];
    empty_the_database();
    fflush(stdout);
    for (size_t i = 0; i < COUNT_OF(children); i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            migrate_once();
            _exit(0);
        }
    }
    for (size_t i = 0; i < COUNT_OF(children); i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    w.store = store_open(w.url);
    assert_non_null(w.store);
    assert_int_equal(store_version(w.store), store_version_wanted());
    assert_int_equal(world_get(&w, "SELECT count(*) FROM schema_version", DB_NO_ARGS),
                     store_version_wanted());
    db = store_borrow(w.store);
}

/* ---- trouble ---- */

static void a_full_disk_refuses_and_spoils_nothing(void **state)
{
    (void)state;
    struct rlimit before, full;
    insert(1);
    getrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_IGN);
    full = before;
    full.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_FSIZE, &full);
    char bytes[10000];
    memset(bytes, 'x', sizeof bytes);
    int64_t kept = 1;
    bool refused = false;
    for (int64_t i = 0; i < 200 && !refused; i++) {
        TX(tx, db);
        for (int64_t k = 0; k < 10; k++)
            db_exec(db, INSERT,
                    DB_ARGS(DB_N(1000 + i * 10 + k), DB_N(i), DB_S(str_n(bytes, sizeof bytes))));
        refused = !tx_commit(&tx);
        kept += refused ? 0 : 10;
    }
    assert_true(refused);
    assert_int_equal(things(), kept);
    setrlimit(RLIMIT_FSIZE, &before); /* room again */
    {
        TX(tx, db);
        insert(2);
        assert_true(tx_commit(&tx));
    }
    assert_int_equal(things(), kept + 1);
    assert_true(str_eq(db_get_text(db, &w.arena, "PRAGMA integrity_check", DB_NO_ARGS), STR("ok")));
}

static void cut_all_connections(void)
{
    struct store *server = store_open(getenv("SENDINGO_POSTGRES"));
    struct db *admin = store_borrow(server);
    assert_true(db_exec(admin,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
                        DB_ARGS(DB_S(str_c(strrchr(w.url, '/') + 1)))) >= 0);
    store_return(&admin);
    store_close(&server);
    usleep(100 * 1000);
}

static void a_database_that_comes_back_is_used_again(void **state)
{
    (void)state;
    struct db *idle[4];
    for (size_t i = 0; i < COUNT_OF(idle); i++)
        idle[i] = store_borrow(w.store);
    for (size_t i = 0; i < COUNT_OF(idle); i++)
        store_return(&idle[i]);
    cut_all_connections();
    for (size_t i = 0; i < COUNT_OF(idle); i++) { /* none of the dead ones is handed out */
        idle[i] = store_borrow(w.store);
        assert_non_null(idle[i]);
        assert_int_equal(db_get_i64(idle[i], 0, "SELECT 3", DB_NO_ARGS), 3);
    }
    for (size_t i = 0; i < COUNT_OF(idle); i++)
        store_return(&idle[i]);
    {
        TX(tx, db); /* one that was kept all the time */
        insert(1);
        assert_true(tx_commit(&tx));
    }
    {
        TX(tx, db);
        insert(2);
        cut_all_connections();
        insert(3);
        assert_false(tx_commit(&tx)); /* nothing of it has happened */
    }
    TX(tx, db);
    insert(4);
    assert_true(tx_commit(&tx));
    assert_int_equal(things(), 2);
}

/* ---- rows by the thousand ---- */

#define BULK_ROWS 30000 /* more than a piece that PostgreSQL gets at a time */

static void bulk_rows_come_as_they_went(void **state)
{
    (void)state;
    const struct str none = {NULL, 0};
    const struct db_bulk_row rows[] = {
        {.n = {1, INT64_MIN, INT64_MAX}, .t = {STR_INIT("a\tb\nc\\d\re"), none, STR_INIT("")}},
        {.n = {2, 0, -1}, .t = {STR_INIT("\\N"), STR_INIT("홍길동"), STR_INIT("\\.")}},
    };
    TX(tx, db);
    db_bulk(db, rows, COUNT_OF(rows));
    DB_ROWS(found);
    db_query(db, &found, "SELECT n1, n2, n3, t1, t2, t3, t4 FROM bulk ORDER BY n1", DB_NO_ARGS);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_true(db_next(&found));
        for (int k = 0; k < DB_BULK_NUMBERS; k++)
            assert_int_equal(db_i64(&found, k), rows[i].n[k]);
        for (int k = 0; k < DB_BULK_TEXTS; k++) {
            struct str text = db_text(&found, DB_BULK_NUMBERS + k, &w.arena);
            assert_true(!text.ptr == !rows[i].t[k].ptr);
            assert_true(!text.ptr || str_eq(text, rows[i].t[k]));
        }
    }
    assert_false(db_next(&found));
    db_bulk(db, rows, 0); /* and now nothing */
    assert_int_equal(db_get_i64(db, -1, "SELECT count(*) FROM bulk", DB_NO_ARGS), 0);
    assert_true(tx_commit(&tx));
}

static void bulk_rows_become_rows_of_a_table(void **state)
{
    (void)state;
    struct db_bulk_row *rows = calloc(BULK_ROWS, sizeof *rows);
    for (int64_t i = 0; i < BULK_ROWS; i++)
        rows[i] = (struct db_bulk_row){.n = {i, i * 2}, .t = {STR_INIT("0123456789")}};
    {
        TX(tx, db);
        db_bulk(db, rows, BULK_ROWS);
        assert_int_equal(
            db_exec(db, "INSERT INTO thing (id, n, t) SELECT n1, n2, t1 FROM bulk", DB_NO_ARGS),
            BULK_ROWS);
        assert_true(tx_commit(&tx));
    }
    {
        TX(tx, db); /* another content in another transaction */
        for (int64_t i = 0; i < BULK_ROWS; i++)
            rows[i] = (struct db_bulk_row){.n = {i, -i}, .t = {STR_INIT("x")}};
        db_bulk(db, rows, 100);
        assert_int_equal(
            db_exec(db, "UPDATE thing SET n = b.n2 FROM bulk b WHERE thing.id = b.n1", DB_NO_ARGS),
            100);
        assert_true(tx_commit(&tx));
    }
    db_grown(db, "thing");
    assert_int_equal(things(), BULK_ROWS);
    assert_int_equal(world_get(&w, "SELECT count(*) FROM thing WHERE n < 0", DB_NO_ARGS), 99);
    {
        TX(tx, db); /* one that is there already: nothing of it has happened */
        db_bulk(db, rows, 1);
        db_exec(db, "INSERT INTO thing (id, n, t) SELECT n1, n2, t1 FROM bulk", DB_NO_ARGS);
        assert_false(tx_commit(&tx));
    }
    TX(tx, db); /* and the connection is as before */
    db_bulk(db, rows, 3);
    assert_int_equal(db_get_i64(db, -1, "SELECT count(*) FROM bulk", DB_NO_ARGS), 3);
    assert_true(tx_commit(&tx));
    free(rows);
}

#define BUSY_TURNS 200

static atomic_int turns;

static void *write_without_a_pause(void *arg)
{
    (void)arg;
    struct db *own = store_borrow(w.store);
    for (int i = 0; i < BUSY_TURNS; i++) {
        TX(tx, own);
        atomic_fetch_add(&turns, 1);
        usleep(2000);
        if (!tx_commit(&tx))
            abort();
    }
    store_return(&own);
    return NULL;
}

/* Whoever writes without a pause lets others have their turn: each waits for one or two of his. */
static void writers_take_turns(void **state)
{
    (void)state;
    pthread_t busy;
    int waited = 0;
    atomic_store(&turns, 0);
    assert_int_equal(pthread_create(&busy, NULL, write_without_a_pause, NULL), 0);
    while (atomic_load(&turns) == 0)
        usleep(100);
    for (int i = 0; i < 10; i++) {
        int before = atomic_load(&turns);
        TX(tx, db);
        waited += atomic_load(&turns) - before;
        insert(1000 + i);
        assert_true(tx_commit(&tx));
    }
    pthread_join(busy, NULL);
    assert_true(waited <= BUSY_TURNS / 4);
}

static int run(enum store_engine which, const char *name)
{
    const struct CMUnitTest tests[] = {
        EACH(parameters_in_any_order_and_more_than_once),
        EACH(values_come_back_as_they_went),
        EACH(what_is_not_there_is_told_apart),
        EACH(comments_are_for_postgresql),
        EACH(a_transaction_is_whole_or_nothing),
        EACH(a_failure_sticks_until_the_end),
        EACH(a_failure_outside_a_transaction_does_not_outlive_the_borrowing),
        EACH(nesting_ends_the_program_and_names_both_places),
        EACH(a_killed_process_leaves_nothing_half_done),
        EACH(a_batch_is_written_whole),
        EACH(a_batch_with_one_bad_row_is_nothing),
        EACH(bulk_rows_come_as_they_went),
        EACH(bulk_rows_become_rows_of_a_table),
        EACH(numbers_are_given_out_once),
        EACH(a_number_of_a_transaction_undone_is_given_again),
        EACH(migrating_again_changes_nothing),
        EACH(a_newer_database_is_refused),
        EACH(processes_may_migrate_at_once),
        which == STORE_SQLITE ? (struct CMUnitTest)EACH(writers_take_turns)
                              : (struct CMUnitTest)EACH(a_transaction_is_whole_or_nothing),
        which == STORE_SQLITE ? (struct CMUnitTest)EACH(a_full_disk_refuses_and_spoils_nothing)
                              : (struct CMUnitTest)EACH(a_database_that_comes_back_is_used_again),
    };
    engine = which;
    return _cmocka_run_group_tests(name, tests, COUNT_OF(tests), NULL, NULL);
}

int main(void)
{
    log_level_set(LOG_ERROR);
    int failed = run(STORE_SQLITE, "store on SQLite");
    if (world_has_postgresql())
        failed += run(STORE_POSTGRESQL, "store on PostgreSQL");
    return failed;
}
