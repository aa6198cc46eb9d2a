/*
 * recipients_test.c - whom a choice of groups comes to, against a model that is a table of bools.
 */
#include "base/log.h"
#include "domain/recipients.h"
#include "tests.h"
#include "world.h"

#include <stdio.h>
#include <string.h>

#define COMPANY 1
#define PEOPLE  160
#define GROUPS  9
/* Ids of groups and contacts that are here; others would be found by a careless list. */
#define GROUP_ID(g)  ((int64_t)(g) + 9)
#define PERSON_ID(p) ((int64_t)(p)*3 + 100)

static struct world world;
static enum store_engine engine;
static struct db *db;
static struct scope scope;
static bool member[GROUPS][PEOPLE];

static struct scope *begin(void)
{
    arena_free(&world.arena);
    scope =
        (struct scope){.company = COMPANY, .db = db, .arena = &world.arena, .clock = &world.clock};
    return &scope;
}

static int setup(void **state)
{
    (void)state;
    world_begin(&world, engine);
    db = store_borrow(world.store);
    assert_non_null(db);
    world_company(&world, COMPANY);
    memset(member, 0, sizeof member);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    store_return(&db);
    world_end(&world);
    return 0;
}

static void person_put(int64_t company, int p)
{
    char phone[16];
    snprintf(phone, sizeof phone, "010%08d", p);
    world_exec(&world,
               "INSERT INTO contact (company_id, id, name, phone, attributes, created_at,"
               " updated_at) VALUES ($1, $2, 'n', $3, '{}', 0, 0)",
               DB_ARGS(DB_N(company), DB_N(PERSON_ID(p)), DB_S(str_c(phone))));
}

static void member_put(int64_t company, int g, int p)
{
    world_exec(&world,
               "INSERT INTO group_member (company_id, group_id, contact_id) VALUES ($1, $2, $3)",
               DB_ARGS(DB_N(company), DB_N(GROUP_ID(g)), DB_N(PERSON_ID(p))));
}

static void group_put(int64_t company, int g, int64_t count)
{
    char name[16];
    snprintf(name, sizeof name, "g%d", g);
    world_exec(&world,
               "INSERT INTO contact_group (company_id, id, name, description, is_default,"
               " member_count, created_at) VALUES ($1, $2, $3, '', 0, $4, 0)",
               DB_ARGS(DB_N(company), DB_N(GROUP_ID(g)), DB_S(str_c(name)), DB_N(count)));
}

/* Groups of every density, an empty and a full one among them; and the same ids in another
 * company, where everybody is in everything. */
static void people_put(void)
{
    world_company(&world, COMPANY + 1);
    for (int p = 0; p < PEOPLE; p++) {
        person_put(COMPANY, p);
        person_put(COMPANY + 1, p);
    }
    for (int g = 0; g < GROUPS; g++) {
        int64_t count = 0;
        for (int p = 0; p < PEOPLE; p++) {
            member[g][p] = world_lot(GROUPS - 1) < (uint64_t)g;
            count += member[g][p];
            if (member[g][p])
                member_put(COMPANY, g, p);
        }
        group_put(COMPANY, g, count);
        group_put(COMPANY + 1, g, 1);
        member_put(COMPANY + 1, g, (int)world_lot(PEOPLE));
    }
}

static struct recipients_choice choice_draw(bool in[GROUPS], bool out[GROUPS])
{
    struct recipients_choice c = {0};
    uint64_t wanted = 1 + world_lot(4), excepted = world_lot(2) ? world_lot(4) : 0;
    memset(in, 0, GROUPS * sizeof *in);
    memset(out, 0, GROUPS * sizeof *out);
    while (wanted--) {
        uint64_t g = world_lot(GROUPS);
        in[g] = true;
        assert_true(recipients_choice_add(&c, false, GROUP_ID(g)));
    }
    while (excepted--) {
        uint64_t g = world_lot(GROUPS);
        out[g] = true;
        assert_true(recipients_choice_add(&c, true, GROUP_ID(g)));
    }
    return c;
}

static bool in_any(const bool groups[GROUPS], int p)
{
    for (int g = 0; g < GROUPS; g++)
        if (groups[g] && member[g][p])
            return true;
    return false;
}

/* Ids that ought to come, in order. */
static size_t model(const bool in[GROUPS], const bool out[GROUPS], int64_t ids[PEOPLE],
                    int64_t *selected)
{
    size_t n = 0;
    *selected = 0;
    for (int p = 0; p < PEOPLE; p++) {
        *selected += in_any(in, p);
        if (in_any(in, p) && !in_any(out, p))
            ids[n++] = PERSON_ID(p);
    }
    return n;
}

static void compare_pages(const struct recipients_choice *c, const int64_t *ids, size_t count)
{
    struct person page[RECIPIENTS_PAGE_MAX];
    size_t max = 1 + (size_t)world_lot(40), n, seen = 0;
    int64_t after = 0;
    do {
        n = recipients_page(begin(), c, after, max, page, &world.arena);
        assert_true(n <= max && seen + n <= count);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(page[i].contact, ids[seen++]);
        after = n ? page[n - 1].contact : after;
    } while (n);
    assert_int_equal(seen, count);
}

static void choices_are_sets(void **state)
{
    (void)state;
    world_seed();
    people_put();
    for (int i = 0; i < 150; i++) {
        bool in[GROUPS], out[GROUPS];
        int64_t ids[PEOPLE], selected, excepted;
        struct recipients_choice c = choice_draw(in, out);
        struct person one;
        size_t count = model(in, out, ids, &selected);
        assert_int_equal(recipients_count(begin(), &c, &excepted), selected);
        assert_int_equal(excepted, selected - (int64_t)count);
        compare_pages(&c, ids, count);
        for (int tries = 0; tries < 5 && count; tries++) {
            size_t at = (size_t)world_lot(count);
            assert_true(recipients_at(begin(), &c, (int64_t)at + 1, &one, &world.arena));
            assert_int_equal(one.contact, ids[at]);
        }
        assert_false(recipients_at(begin(), &c, (int64_t)count + 1, &one, &world.arena));
        assert_false(db_failed(db));
    }
}

static void a_list_of_groups_has_an_end(void **state)
{
    (void)state;
    struct recipients_choice c = {0};
    for (int64_t g = 1; g <= RECIPIENTS_GROUPS_MAX; g++) {
        assert_true(recipients_choice_add(&c, false, g));
        assert_true(recipients_choice_add(&c, false, g));
    }
    assert_int_equal(c.group_count, RECIPIENTS_GROUPS_MAX);
    assert_false(recipients_choice_add(&c, false, RECIPIENTS_GROUPS_MAX + 1));
    assert_true(recipients_choice_add(&c, true, 1));
}

static void what_is_no_choice_is_told(void **state)
{
    (void)state;
    group_put(COMPANY, 0, 0);
    struct recipients_choice none = {0}, good = {.groups = {GROUP_ID(0)}, .group_count = 1};
    struct recipients_choice unknown = {.groups = {GROUP_ID(0), 77}, .group_count = 2};
    recipients_check(begin(), &none);
    assert_int_equal(scope.error_count, 1);
    assert_string_equal(scope.errors[0].code, "required");
    recipients_check(begin(), &good);
    assert_int_equal(scope.error_count, 0);
    recipients_check(begin(), &unknown);
    assert_int_equal(scope.error_count, 1);
    good.except[good.except_count++] = 78;
    good.except_days = RECIPIENTS_DAYS_MAX + 1;
    recipients_check(begin(), &good);
    assert_int_equal(scope.error_count, 2);
}

static void what_is_stored_is_read_back(void **state)
{
    (void)state;
    for (int g = 0; g < 4; g++)
        group_put(COMPANY, g, 0);
    struct recipients_choice c = {.groups = {GROUP_ID(2), GROUP_ID(0)},
                                  .group_count = 2,
                                  .except = {GROUP_ID(3), GROUP_ID(1)},
                                  .except_count = 2};
    for (int round = 0; round < 2; round++) {
        begin();
        TX(tx, db);
        recipients_write(&scope, 5, &c);
        assert_true(tx_commit(&tx));
    }
    world_exec(&world, "DELETE FROM contact_group WHERE company_id = $1 AND id = $2",
               DB_ARGS(DB_N(COMPANY), DB_N(GROUP_ID(1))));
    struct recipients r = {0};
    recipients_read(begin(), 5, &r);
    assert_int_equal(r.group_count, 2);
    assert_int_equal(r.groups[0].id, GROUP_ID(0));
    assert_true(str_eq(r.groups[1].name, STR("g2")));
    assert_int_equal(r.except_count, 1);
    assert_int_equal(r.except[0].id, GROUP_ID(3));
    r.except_days = 3;
    c = recipients_choice_of(&r);
    assert_true(c.group_count == 2 && c.except_count == 1 && c.except_days == 3);
    recipients_read(begin(), 6, &r);
    assert_int_equal(r.group_count + r.except_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(choices_are_sets),
        EACH(a_list_of_groups_has_an_end),
        EACH(what_is_no_choice_is_told),
        EACH(what_is_stored_is_read_back),
    };
    log_level_set(LOG_ERROR);
    int failed = cmocka_run_group_tests_name("recipients on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("recipients on PostgreSQL", tests, NULL, NULL);
    return failed;
}
