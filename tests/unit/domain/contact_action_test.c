/*
 * contact_action_test.c - changes to tens of thousands of contacts: whole, or not at all.
 *
 * groups_test.c shows that each change is the right one; here a change has several parts, is
 * refused, fails in the middle, or dies there with its process (which is this program again, called
 * as `contact_action_test ACT URL KIND` with SENDINGO_CRASH_AT set).
 */
#include "base/log.h"
#include "domain/contact_action.h"
#include "domain/group.h"
#include "tests.h"
#include "world.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 25000 /* three parts */
#define HOME 1
#define FULL 2 /* the group that everybody is in */
#define MORE 3 /* and those whose id is even */
#define NONE 4 /* and nobody */

static struct world world;
static enum store_engine engine;
static struct db *db;
static struct scope scope;

static struct scope *begin(void)
{
    arena_free(&world.arena);
    scope = (struct scope){.company = 1, .db = db, .arena = &world.arena, .clock = &world.clock};
    return &scope;
}

static void people_make(void)
{
    world_company(&world, 1);
    world_exec(&world,
               "INSERT INTO contact (company_id, id, name, phone, attributes, created_at,"
               " updated_at) WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k"
               " WHERE i < $1) SELECT 1, i, CASE WHEN i % 5 = 0 THEN '가게' ELSE '나무' END,"
               " '010' || (10000000 + i), '{}', 0, 0 FROM k",
               DB_ARGS(DB_N(MANY)));
    world_exec(&world,
               "INSERT INTO contact_unindexed (company_id, number, first_id, last_id)"
               " VALUES (1, 1, 1, $1)",
               DB_ARGS(DB_N(MANY)));
    for (int64_t group = FULL; group <= NONE; group++)
        world_exec(&world,
                   "INSERT INTO contact_group (company_id, id, name, description, is_default,"
                   " member_count, created_at) VALUES (1, $1, 'g' || CAST($1 AS bigint), '', 0, 0,"
                   " 0)",
                   DB_ARGS(DB_N(group)));
    world_exec(&world,
               "INSERT INTO group_member (company_id, group_id, contact_id)"
               " SELECT company_id, 2, id FROM contact UNION ALL"
               " SELECT company_id, 3, id FROM contact WHERE id % 2 = 0",
               DB_NO_ARGS);
    world_exec(&world,
               "UPDATE contact_group SET member_count = (SELECT count(*) FROM group_member m"
               " WHERE m.group_id = contact_group.id)",
               DB_NO_ARGS);
    world_exec(&world, "UPDATE company SET contact_count = $1, group_count = 4",
               DB_ARGS(DB_N(MANY)));
    world_exec(&world, "UPDATE sequence SET next = 5", DB_NO_ARGS);
    world_exec(&world, "INSERT INTO sequence (company_id, name, next) VALUES (1, 'contact', $1)",
               DB_ARGS(DB_N(MANY + 1)));
}

static int setup(void **state)
{
    (void)state;
    world_begin(&world, engine);
    people_make();
    db = store_borrow(world.store);
    assert_non_null(db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    store_return(&db);
    world_end(&world);
    return 0;
}

static int64_t members(int64_t group)
{
    return world_get(&world,
                     "SELECT count(*) FROM group_member WHERE company_id = 1 AND group_id = $1",
                     DB_ARGS(DB_N(group)));
}

/* Contacts, and members of 미지정, FULL, MORE and NONE. */
static void assert_people(int64_t contacts, int64_t home, int64_t full, int64_t more, int64_t none)
{
    assert_int_equal(world_get(&world, "SELECT count(*) FROM contact", DB_NO_ARGS), contacts);
    assert_int_equal(members(HOME), home);
    assert_int_equal(members(FULL), full);
    assert_int_equal(members(MORE), more);
    assert_int_equal(members(NONE), none);
    world_verify(&world);
}

static void assert_untouched(void)
{
    assert_people(MANY, 0, MANY, MANY / 2, 0);
}

static const struct contact_filter all_full = {STR_INIT(""), FULL}, everybody = {STR_INIT(""), 0},
                                   some_full = {STR_INIT("가게"), FULL};

/* One of each kind, whose selection is what it changes while it goes. */
static const struct contact_action actions[] = {
    [CONTACT_ADD] = {CONTACT_ADD, {.filter = &everybody}, NONE, 0, MANY},
    [CONTACT_MOVE] = {CONTACT_MOVE, {.filter = &all_full}, MORE, FULL, MANY},
    [CONTACT_REMOVE] = {CONTACT_REMOVE, {.filter = &all_full}, 0, FULL, MANY},
    [CONTACT_DELETE] = {CONTACT_DELETE, {.filter = &all_full}, 0, 0, MANY},
};

/* What there is when actions[kind] has been done. */
static void assert_done(enum contact_action_kind kind)
{
    static const int64_t wanted[][5] = {
        [CONTACT_ADD] = {MANY, 0, MANY, MANY / 2, MANY},
        [CONTACT_MOVE] = {MANY, 0, 0, MANY, 0},
        [CONTACT_REMOVE] = {MANY, MANY / 2, 0, MANY / 2, 0},
        [CONTACT_DELETE] = {0, 0, 0, 0, 0},
    };
    const int64_t *w = wanted[kind];
    assert_people(w[0], w[1], w[2], w[3], w[4]);
}

/* ---- whole ---- */

static void all(enum contact_action_kind kind)
{
    struct contact_action_result r;
    assert_int_equal(contact_act(begin(), &actions[kind], &r), PROBLEM_NONE);
    assert_int_equal(r.selected, MANY);
    assert_int_equal(r.changed, MANY);
    assert_done(kind);
}

static void all_are_added(void **state)
{
    (void)state;
    all(CONTACT_ADD);
    struct contact_action_result r; /* and again: nobody is new */
    assert_int_equal(contact_act(begin(), &actions[CONTACT_ADD], &r), PROBLEM_NONE);
    assert_int_equal(r.changed, 0);
    assert_done(CONTACT_ADD);
}

static void all_are_moved(void **state)
{
    (void)state;
    all(CONTACT_MOVE);
}

/* Out of 미지정, into it by leaving the last group, and back. */
static void all_are_removed(void **state)
{
    (void)state;
    static const struct contact_filter home = {STR_INIT(""), HOME};
    struct contact_action_result r;
    all(CONTACT_REMOVE);
    const struct contact_action back = {
        CONTACT_MOVE, {.filter = &home}, FULL, HOME, CONTACT_COUNT_ANY};
    assert_int_equal(contact_act(begin(), &back, &r), PROBLEM_NONE);
    assert_int_equal(r.changed, MANY / 2);
    assert_people(MANY, 0, MANY / 2, MANY / 2, 0);
}

static void all_are_deleted(void **state)
{
    (void)state;
    world_exec(&world, "INSERT INTO contact_past_phone VALUES (1, 7, '01000000001')", DB_NO_ARGS);
    all(CONTACT_DELETE);
    assert_int_equal(world_get(&world, "SELECT count(*) FROM contact_past_phone", DB_NO_ARGS), 0);
}

static void those_of_a_search(void **state)
{
    (void)state;
    struct contact_action_result r;
    const struct contact_action some = {CONTACT_REMOVE, {.filter = &some_full}, 0, FULL, MANY / 5};
    assert_int_equal(contact_act(begin(), &some, &r), PROBLEM_NONE);
    assert_int_equal(r.selected, MANY / 5);
    assert_int_equal(r.changed, MANY / 5);
    assert_people(MANY, MANY / 10, MANY - MANY / 5, MANY / 2, 0);
}

static void a_group_is_deleted(void **state)
{
    (void)state;
    assert_int_equal(group_delete(begin(), FULL), PROBLEM_NONE);
    assert_people(MANY, MANY / 2, 0, MANY / 2, 0);
}

/* ---- refused ---- */

static void another_count_changes_nothing(void **state)
{
    (void)state;
    static const int64_t shown[] = {0, 1, 9999, 10000, 10001, MANY - 1, MANY + 1};
    struct contact_action_result r;
    for (size_t i = 0; i < COUNT_OF(shown); i++) {
        struct contact_action a = actions[CONTACT_DELETE];
        a.expected_count = shown[i];
        assert_int_equal(contact_act(begin(), &a, &r), PROBLEM_COUNT_CHANGED);
        assert_string_equal(scope.problem_args[0].ptr, "25000");
    }
    assert_untouched();
}

static void named_ones_must_exist(void **state)
{
    (void)state;
    static int64_t ids[CONTACT_ACTION_IDS_MAX + 1];
    struct contact_action_result r;
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        ids[i] = (int64_t)(COUNT_OF(ids) - i) * 2; /* any order will do */
    struct contact_action a = {
        CONTACT_MOVE, {.ids = ids, .count = COUNT_OF(ids)}, NONE, MORE, CONTACT_COUNT_ANY};
    assert_int_equal(contact_act(begin(), &a, &r), PROBLEM_INVALID);
    a.selection.count--;
    ids[5000] = MANY + 1;
    assert_int_equal(contact_act(begin(), &a, &r), PROBLEM_NOT_FOUND);
    assert_untouched();
    ids[5000] = 1; /* no member of MORE */
    ids[5001] = 1;
    a.expected_count = CONTACT_ACTION_IDS_MAX - 1;
    assert_int_equal(contact_act(begin(), &a, &r), PROBLEM_NONE);
    assert_int_equal(r.selected, CONTACT_ACTION_IDS_MAX - 1);
    assert_int_equal(r.changed, CONTACT_ACTION_IDS_MAX - 2);
    assert_people(MANY, 0, MANY, MANY / 2 - r.changed, r.changed);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const struct {
        struct contact_action action;
        const char *field;
    } bad[] = {
        {{CONTACT_ADD, {.filter = &everybody}, 0, 0, MANY}, "group_id"},
        {{CONTACT_ADD, {.filter = &everybody}, NONE, FULL, MANY}, "from_group_id"},
        {{CONTACT_MOVE, {.filter = &everybody}, NONE, 0, MANY}, "from_group_id"},
        {{CONTACT_MOVE, {.filter = &everybody}, FULL, FULL, MANY}, "group_id"},
        {{CONTACT_REMOVE, {.filter = &everybody}, NONE, FULL, MANY}, "group_id"},
        {{CONTACT_DELETE, {.filter = &everybody}, 0, FULL, MANY}, "from_group_id"},
        {{CONTACT_DELETE, {.count = 0}, 0, 0, 0}, "selection"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct contact_action_result r;
        assert_int_equal(contact_act(begin(), &bad[i].action, &r), PROBLEM_INVALID);
        assert_int_equal(scope.error_count, 1);
        assert_string_equal(scope.errors[0].field, bad[i].field);
    }
    assert_untouched();
}

/* ---- failing in the middle ---- */

/* Nobody may come into a group any more who stands in the last part. */
static void trip_make(void)
{
    if (engine == STORE_POSTGRESQL)
        world_exec(&world,
                   "ALTER TABLE group_member ADD CONSTRAINT trip CHECK (contact_id <> 20002)"
                   " NOT VALID",
                   DB_NO_ARGS);
    else {
        world_exec(&world,
                   "CREATE TRIGGER trip BEFORE INSERT ON group_member WHEN new.contact_id = 20002"
                   " BEGIN SELECT RAISE(ABORT, 'trip'); END",
                   DB_NO_ARGS);
        world_exec(&world,
                   "CREATE TRIGGER trip2 BEFORE UPDATE ON group_member WHEN new.contact_id = 20002"
                   " BEGIN SELECT RAISE(ABORT, 'trip'); END",
                   DB_NO_ARGS);
    }
}

static void a_failure_in_the_last_part_undoes_all(void **state)
{
    (void)state;
    struct contact_action_result r;
    struct contact_action a = actions[CONTACT_MOVE];
    a.group = NONE;
    trip_make();
    assert_int_equal(contact_act(begin(), &a, &r), PROBLEM_STORE);
    assert_int_equal(contact_act(begin(), &actions[CONTACT_ADD], &r), PROBLEM_STORE);
    world_exec(&world, "DELETE FROM group_member WHERE contact_id = 20002 AND group_id = 3",
               DB_NO_ARGS);
    world_exec(&world, "UPDATE contact_group SET member_count = member_count - 1 WHERE id = 3",
               DB_NO_ARGS);
    assert_int_equal(contact_act(begin(), &actions[CONTACT_REMOVE], &r), PROBLEM_STORE);
    assert_people(MANY, 0, MANY, MANY / 2 - 1, 0);
}

/* ---- dying in the middle ---- */

#ifdef CRASH_POINTS
/* The process that dies: does one action to the database at `url`. */
static int act_and_die(const char *url, const char *kind)
{
    struct store *store = store_open(url);
    struct db *mine = store ? store_borrow(store) : NULL;
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct scope s = {.company = 1, .db = mine, .arena = &arena, .clock = &clock_system};
    struct contact_action_result r;
    return mine ? (int)contact_act(&s, &actions[atoi(kind)], &r) : 99;
}

static void die(enum contact_action_kind kind, const char *where)
{
    char number[8];
    int status;
    snprintf(number, sizeof number, "%d", (int)kind);
    pid_t child = fork();
    if (child == 0) {
        setenv("SENDINGO_CRASH_AT", where, 1);
        execl("/proc/self/exe", "contact_action_test", "ACT", world.url, number, (char *)NULL);
        _exit(98);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void killed_anywhere_it_is_whole_or_nothing(void **state)
{
    (void)state;
    for (int kind = CONTACT_ADD; kind <= CONTACT_DELETE; kind++) {
        die((enum contact_action_kind)kind, "contact-action:2"); /* of three parts */
        assert_untouched();
        die((enum contact_action_kind)kind, "contact-action-committed");
        assert_done((enum contact_action_kind)kind);
        teardown(NULL);
        setup(NULL);
    }
}
#endif

/* ---- many at a time ---- */

#define WRITERS 4
#define TURNS   6

/* Each moves a part of everybody to and fro, and none waits for another's part to be there. */
static void *writer(void *arg)
{
    const int64_t first = *(const int64_t *)arg;
    struct db *mine = store_borrow(world.store);
    ARENA(arena, ARENA_MAX_DEFAULT);
    int64_t ids[200], failed = 0;
    for (int64_t i = 0; i < 200; i++)
        ids[i] = first + i * 7;
    for (int turn = 0; turn < TURNS; turn++) {
        struct scope s = {.company = 1, .db = mine, .arena = &arena, .clock = &clock_system};
        struct contact_action_result r;
        struct contact_action a = {.kind = turn % 2 ? CONTACT_REMOVE : CONTACT_MOVE,
                                   .selection = {.ids = ids, .count = 200},
                                   .group = turn % 2 ? 0 : NONE,
                                   .from = turn % 2 ? NONE : FULL,
                                   .expected_count = 200};
        failed += contact_act(&s, &a, &r) != PROBLEM_NONE;
        arena_free(&arena);
    }
    store_return(&mine);
    return failed ? &world : NULL; /* anything but NULL */
}

static void simultaneous_changes_keep_the_counters(void **state)
{
    (void)state;
    pthread_t threads[WRITERS];
    int64_t first[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        first[i] = 1 + i * 3; /* their selections overlap */
        assert_int_equal(pthread_create(&threads[i], NULL, writer, &first[i]), 0);
    }
    void *failed = NULL;
    for (int i = 0; i < WRITERS; i++) {
        void *mine;
        pthread_join(threads[i], &mine);
        failed = mine ? mine : failed;
    }
    assert_null(failed);
    assert_int_equal(members(NONE), 0);
    world_verify(&world);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        EACH(all_are_added),
        EACH(all_are_moved),
        EACH(all_are_removed),
        EACH(all_are_deleted),
        EACH(those_of_a_search),
        EACH(a_group_is_deleted),
        EACH(another_count_changes_nothing),
        EACH(named_ones_must_exist),
        EACH(what_makes_no_sense_is_refused),
        EACH(a_failure_in_the_last_part_undoes_all),
#ifdef CRASH_POINTS
        EACH(killed_anywhere_it_is_whole_or_nothing),
#endif
        EACH(simultaneous_changes_keep_the_counters),
    };
    log_level_set(LOG_ERROR);
#ifdef CRASH_POINTS
    if (argc == 4)
        return act_and_die(argv[2], argv[3]);
#endif
    (void)argc, (void)argv;
    int failed = cmocka_run_group_tests_name("contact actions on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("contact actions on PostgreSQL", tests, NULL, NULL);
    return failed;
}
