/*
 * groups_test.c - names and lists of groups, and the rule of 미지정 under a storm of random
 * changes.
 *
 * The storm knows nothing of SQL: a table of who is in which group, changed as the documentation of
 * each verb says. After every change the database has to hold exactly that, and `verify` has to
 * agree.
 */
#include "base/log.h"
#include "domain/contact_action.h"
#include "domain/group.h"
#include "tests.h"
#include "world.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>

static struct world world;
static enum store_engine engine;
static struct db *db;
static struct scope scope;

/* A fresh scope over the same connection, as every request has one. */
static struct scope *begin(int64_t company)
{
    arena_free(&world.arena);
    scope =
        (struct scope){.company = company, .db = db, .arena = &world.arena, .clock = &world.clock};
    return &scope;
}

static int setup(void **state)
{
    (void)state;
    world_begin(&world, engine);
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

/* ---- names ---- */

static int64_t made(int64_t company, struct str name)
{
    int64_t id = 0;
    assert_int_equal(group_create(begin(company), name, STR(""), &id), PROBLEM_NONE);
    return id;
}

static void assert_name(int64_t id, const char *wanted)
{
    struct group g;
    assert_int_equal(group_get(&scope, id, &g), PROBLEM_NONE);
    assert_string_equal(g.name.ptr, wanted);
}

static void taken_names_get_a_number(void **state)
{
    (void)state;
    world_company(&world, 1);
    world_company(&world, 2);
    assert_name(made(1, STR(" 단골 ")), "단골");
    assert_name(made(2, STR("단골")), "단골"); /* another company's is no matter */
    made(1, STR("손님(1)"));                   /* nor is another name's number */
    int64_t first = made(1, STR("단골"));
    assert_name(first, "단골(1)");
    int64_t second = made(1, STR("단골"));
    assert_name(second, "단골(2)");
    assert_name(made(1, STR("단골(1)")), "단골(1)(1)");
    /* What looks like a number is none. */
    made(1, STR("단골(03)"));
    made(1, STR("단골(x)"));
    made(1, STR("단골(4"));
    assert_name(made(1, STR("단골")), "단골(3)");
    /* Whatever LIKE and lower case might think of these. */
    assert_name(made(1, STR("a%_!")), "a%_!");
    assert_name(made(1, STR("A%_!")), "A%_!");
    assert_name(made(1, STR("a%_!")), "a%_!(1)");
    /* A gap is filled. */
    assert_int_equal(group_delete(begin(1), first), PROBLEM_NONE);
    assert_name(made(1, STR("단골")), "단골(1)");
    /* Its own name is no other's. */
    assert_int_equal(group_update(begin(1), second, STR("단골(2)"), STR("설명")), PROBLEM_NONE);
    assert_name(second, "단골(2)");
    assert_int_equal(group_update(begin(1), second, STR("단골"), STR("설명")), PROBLEM_NONE);
    assert_name(second, "단골(2)");
    assert_int_equal(group_update(begin(1), 1, STR("x"), STR("")), PROBLEM_GROUP_DEFAULT);
    assert_int_equal(group_delete(begin(1), 1), PROBLEM_GROUP_DEFAULT);
    world_verify(&world);
}

static void long_names_give_way_to_their_number(void **state)
{
    (void)state;
    char name[GROUP_NAME_MAX * 3 + 1] = "";
    struct group g;
    for (int i = 0; i < GROUP_NAME_MAX; i++)
        memcpy(name + strlen(name), "가", sizeof "가");
    world_company(&world, 1);
    for (int i = 0; i < 12; i++) {
        char end[16] = "";
        int64_t id = made(1, str_c(name));
        assert_int_equal(group_get(&scope, id, &g), PROBLEM_NONE);
        snprintf(end, sizeof end, "가(%d)", i);
        assert_int_equal(utf8_count(g.name), GROUP_NAME_MAX);
        assert_true(i ? str_ends(g.name, str_c(end)) : str_eq(g.name, str_c(name)));
    }
    /* A blank before the number is none. */
    memcpy(name + (GROUP_NAME_MAX - 4) * 3, "   가", sizeof "   가");
    made(1, str_c(name));
    int64_t id = made(1, str_c(name));
    assert_int_equal(group_get(&scope, id, &g), PROBLEM_NONE);
    assert_true(str_ends(g.name, STR("가(1)")));
}

static void thousands_of_equal_names_are_no_matter(void **state)
{
    (void)state;
    world_company(&world, 1);
    world_exec(&world,
               "INSERT INTO contact_group (company_id, id, name, description, is_default,"
               " member_count, created_at) WITH RECURSIVE k(i) AS (SELECT 2 UNION ALL SELECT i + 1"
               " FROM k WHERE i < 5000) SELECT 1, i, CASE WHEN i = 2 THEN '이름' ELSE '이름(' ||"
               " (i - 2) || ')' END, '', 0, 0, 0 FROM k",
               DB_NO_ARGS);
    world_exec(&world, "UPDATE company SET group_count = 5000 WHERE id = 1", DB_NO_ARGS);
    world_exec(&world, "UPDATE sequence SET next = 5001", DB_NO_ARGS);
    int64_t begun = clock_now(&clock_system);
    for (int i = 0; i < 20; i++) {
        char wanted[32];
        snprintf(wanted, sizeof wanted, "이름(%d)", 4999 + i);
        assert_name(made(1, STR("이름")), wanted);
    }
    assert_true(clock_now(&clock_system) - begun < 5 * SECOND_MS); /* 20 * 5000 queries: longer */
    world_verify(&world);
}

#define TWINS      4
#define TWIN_NAMES 25

static void *twin(void *arg)
{
    (void)arg;
    struct db *mine = store_borrow(world.store);
    ARENA(arena, ARENA_MAX_DEFAULT);
    int64_t id, failed = 0;
    for (int i = 0; i < TWIN_NAMES; i++) {
        struct scope s = {.company = 1, .db = mine, .arena = &arena, .clock = &world.clock};
        failed += group_create(&s, STR("이름"), STR(""), &id) != PROBLEM_NONE;
        arena_free(&arena);
    }
    store_return(&mine);
    return failed ? &world : NULL; /* anything but NULL */
}

static void simultaneous_creations_get_numbers_too(void **state)
{
    (void)state;
    pthread_t threads[TWINS];
    world_company(&world, 1);
    for (int i = 0; i < TWINS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, twin, NULL), 0);
    void *failed = NULL;
    for (int i = 0; i < TWINS; i++) {
        void *mine;
        pthread_join(threads[i], &mine);
        failed = mine ? mine : failed;
    }
    assert_null(failed);
    for (int i = 0; i < TWINS * TWIN_NAMES; i++) {
        char name[32] = "이름";
        if (i)
            snprintf(name, sizeof name, "이름(%d)", i);
        assert_int_equal(world_get(&world, "SELECT count(*) FROM contact_group WHERE name = $1",
                                   DB_ARGS(DB_S(str_c(name)))),
                         1);
    }
    assert_int_equal(
        world_get(&world, "SELECT count(*) FROM contact_group WHERE is_default = 0", DB_NO_ARGS),
        TWINS * TWIN_NAMES);
    world_verify(&world);
}

/* ---- lists ---- */

#define LISTED 1200

static void listed_make(void)
{
    world_company(&world, 1);
    world_exec(
        &world,
        "INSERT INTO contact_group (company_id, id, name, description, is_default,"
        " member_count, created_at) WITH RECURSIVE k(i) AS (SELECT 2 UNION ALL SELECT i + 1"
        " FROM k WHERE i < $1) SELECT 1, i, CASE WHEN i % 3 = 0 THEN 'Shop 가게' ELSE '반' END"
        " || ((i * 7919) % 10007), '', 0, (i * 31) % 40, i FROM k",
        DB_ARGS(DB_N(LISTED)));
}

/* In the order of the sort? */
static bool in_order(enum group_sort sort, const struct group *a, const struct group *b)
{
    if (sort == GROUP_BY_MEMBERS && a->member_count != b->member_count)
        return a->member_count > b->member_count;
    if (sort == GROUP_BY_NAME)
        return str_cmp(a->name, b->name) < 0;
    return sort == GROUP_BY_NEWEST ? a->id > b->id : a->id < b->id;
}

/* Reads all pages and notes how often each group was told. */
static size_t pages_read(struct group_filter filter, int64_t limit, int seen[LISTED + 1])
{
    char cursor[1024] = "", name[1024] = "";
    struct group last = {.id = 0};
    size_t told = 0;
    memset(seen, 0, sizeof *seen * (LISTED + 1));
    for (;;) {
        struct page page = {.limit = limit, .cursor = str_c(cursor)};
        const struct group *list;
        size_t count;
        struct str next;
        assert_int_equal(group_list(begin(1), &filter, &page, &list, &count, &next), PROBLEM_NONE);
        for (size_t i = 0; i < count; i++, told++) {
            if (told)
                assert_true(in_order(filter.sort, &last, &list[i]));
            snprintf(name, sizeof name, "%.*s", STR_ARG(list[i].name));
            last = list[i];
            last.name = str_c(name);
            seen[last.id]++;
        }
        assert_true(count == (size_t)limit || !next.ptr);
        if (!next.ptr)
            return told;
        snprintf(cursor, sizeof cursor, "%.*s", STR_ARG(next));
    }
}

static void lists_tell_every_group_once(void **state)
{
    (void)state;
    static int seen[LISTED + 1];
    static const int64_t limits[] = {7, 100, 500};
    listed_make();
    for (int sort = GROUP_BY_CREATED; sort <= GROUP_BY_NEWEST; sort++)
        for (size_t i = 0; i < COUNT_OF(limits); i++) {
            struct group_filter filter = {STR_INIT(""), (enum group_sort)sort};
            assert_int_equal(pages_read(filter, limits[i], seen), LISTED);
            for (int id = 1; id <= LISTED; id++)
                assert_int_equal(seen[id], 1);
            filter.query = STR(" sHOP 가");
            assert_int_equal(pages_read(filter, limits[i], seen), LISTED / 3);
        }
    struct group_filter filter = {STR_INIT("%"), GROUP_BY_NAME};
    assert_int_equal(pages_read(filter, 50, seen), 0);
}

/* Ids that are 0 modulo 10 get more members, those that are 5 go. */
static void disturb(int64_t page)
{
    world_exec(&world,
               "UPDATE contact_group SET member_count = (member_count + 13) % 40 WHERE id % 10 = 0",
               DB_NO_ARGS);
    world_exec(&world, "DELETE FROM contact_group WHERE id % 10 = 5 AND id % 7 = $1",
               DB_ARGS(DB_N(page % 7)));
}

static void lists_stay_right_when_counts_change(void **state)
{
    (void)state;
    static int seen[LISTED + 1];
    listed_make();
    for (int sort = GROUP_BY_CREATED; sort <= GROUP_BY_NEWEST; sort++) {
        char cursor[1024] = "";
        struct group_filter filter = {STR_INIT(""), (enum group_sort)sort};
        memset(seen, 0, sizeof seen);
        for (int64_t page_number = 0; page_number == 0 || cursor[0]; page_number++) {
            struct page page = {.limit = 37, .cursor = str_c(cursor)};
            const struct group *list;
            size_t count;
            struct str next;
            assert_int_equal(group_list(begin(1), &filter, &page, &list, &count, &next),
                             PROBLEM_NONE);
            for (size_t i = 0; i < count; i++)
                seen[list[i].id]++;
            snprintf(cursor, sizeof cursor, "%.*s", (int)next.len, next.ptr ? next.ptr : "");
            disturb(page_number);
        }
        for (int id = 1; id <= LISTED; id++)
            if (id % 5)
                assert_int_equal(seen[id], 1);
    }
}

static void cursors_that_are_none(void **state)
{
    (void)state;
    static const char *const bad[] = {"k5",     "k5.",     "k5.1",    "k5.x.",
                                      "k5.1.!", "k5.1.AA", "k5.1._w", "x"};
    listed_make();
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct group_filter filter = {STR_INIT(""), GROUP_BY_NAME};
        struct page page = {.limit = 5, .cursor = str_c(bad[i])};
        const struct group *list;
        size_t count;
        struct str next;
        assert_int_equal(group_list(begin(1), &filter, &page, &list, &count, &next),
                         PROBLEM_BAD_REQUEST);
        assert_string_equal(scope.problem_args[0].ptr, "cursor");
    }
}

/* ---- the storm ---- */

#define COMPANIES 3
#define CONTACTS  40 /* at a time, of one company */
#define GROUPS    7  /* besides 미지정 */
#define STEPS     3000
#define NOBODY    999999

static const char *const words[] = {"가게", "나무", "다리"};

/* Who is in which group, as it ought to be. 미지정 (id 1) is no column: it follows. */
struct model {
    int64_t company;
    int64_t contacts[CONTACTS]; /* ids; 0: none */
    size_t word[CONTACTS];      /* what the contact is called */
    int64_t groups[GROUPS];
    bool member[CONTACTS][GROUPS];
};

static struct model models[COMPANIES];
static int64_t numbers; /* telephone numbers that were given out */

static bool homeless(const struct model *m, size_t contact)
{
    for (size_t g = 0; g < GROUPS; g++)
        if (m->groups[g] && m->member[contact][g])
            return false;
    return true;
}

/* Index of a group by its id, -1: there is none (or it is 미지정). */
static int group_at(const struct model *m, int64_t id)
{
    for (int g = 0; g < GROUPS; g++)
        if (id && m->groups[g] == id)
            return g;
    return -1;
}

static bool is_in(const struct model *m, size_t contact, int64_t group)
{
    int g = group_at(m, group);
    return group == 1 ? homeless(m, contact) : g >= 0 && m->member[contact][g];
}

static int64_t count_of(const struct model *m, int64_t group)
{
    int64_t n = 0;
    for (size_t c = 0; c < CONTACTS; c++)
        n += m->contacts[c] && is_in(m, c, group);
    return n;
}

static size_t contact_at(const struct model *m, int64_t id)
{
    for (size_t c = 0; c < CONTACTS; c++)
        if (m->contacts[c] == id)
            return c;
    fail_msg("nobody has the id %" PRId64, id);
    return 0;
}

static void assert_count(const char *sql, int64_t company, int64_t wanted)
{
    assert_int_equal(db_get_i64(db, -1, sql, DB_ARGS(DB_N(company))), wanted);
}

/* The database holds exactly the model: every membership that ought to be, and no other. */
static void assert_same(const struct model *m)
{
    int64_t contacts = 0, groups = 0, memberships = 0;
    begin(m->company);
    for (size_t c = 0; c < CONTACTS; c++)
        contacts += m->contacts[c] != 0;
    for (int g = 0; g <= GROUPS; g++) {
        struct group got;
        int64_t id = g < GROUPS ? m->groups[g] : 1;
        if (!id)
            continue;
        assert_int_equal(group_get(&scope, id, &got), PROBLEM_NONE);
        assert_int_equal(got.member_count, count_of(m, id));
        groups++, memberships += got.member_count;
    }
    DB_ROWS(rows);
    db_query(db, &rows, "SELECT group_id, contact_id FROM group_member WHERE company_id = $1",
             DB_ARGS(DB_N(m->company)));
    for (; db_next(&rows); memberships--)
        assert_true(is_in(m, contact_at(m, db_i64(&rows, 1)), db_i64(&rows, 0)));
    assert_int_equal(memberships, 0);
    assert_count("SELECT count(*) FROM contact WHERE company_id = $1", m->company, contacts);
    assert_count("SELECT contact_count FROM company WHERE id = $1", m->company, contacts);
    assert_count("SELECT group_count FROM company WHERE id = $1", m->company, groups);
}

/* ---- lots ---- */

static size_t some_slot(const int64_t *ids, size_t count)
{
    size_t from = world_lot(count);
    for (size_t i = 0; i < count; i++)
        if (ids[(from + i) % count])
            return (from + i) % count;
    return from;
}

/* Usually a group of the company; now and then 미지정, one that was deleted, or nobody's. */
static int64_t some_group(const struct model *m)
{
    switch (world_lot(20)) {
    case 0:
    case 1:
        return 1;
    case 2:
        return NOBODY;
    default:
        return m->groups[some_slot(m->groups, GROUPS)];
    }
}

/* ---- one verb each, and what it ought to do ---- */

/* Up to three groups for a contact; *ok says whether all exist. */
static size_t some_groups(const struct model *m, int64_t ids[3], bool *ok)
{
    size_t count = world_lot(4);
    *ok = true;
    for (size_t i = 0; i < count; i++) {
        ids[i] = some_group(m);
        *ok = *ok && (ids[i] == 1 || group_at(m, ids[i]) >= 0);
    }
    return count;
}

static void model_set(struct model *m, size_t contact, const int64_t *ids, size_t count)
{
    memset(m->member[contact], 0, sizeof m->member[contact]);
    for (size_t i = 0; i < count; i++)
        if (group_at(m, ids[i]) >= 0)
            m->member[contact][group_at(m, ids[i])] = true;
}

static void storm_create(struct model *m)
{
    int64_t ids[3], id = 0;
    bool ok;
    size_t at = world_lot(CONTACTS), word = world_lot(COUNT_OF(words));
    size_t count = some_groups(m, ids, &ok);
    if (m->contacts[at])
        return;
    numbers++;
    struct scope *s = begin(m->company);
    struct contact_form form = {
        .name = str_printf(s->arena, "%s%" PRId64, words[word], numbers),
        .phone = str_printf(s->arena, "010%08" PRId64, numbers),
        .group_ids = ids,
        .group_count = count,
    };
    assert_int_equal(contact_create(s, &form, &id), ok ? PROBLEM_NONE : PROBLEM_INVALID);
    if (!ok)
        return;
    m->contacts[at] = id;
    m->word[at] = word;
    model_set(m, at, ids, count);
}

static void storm_update(struct model *m)
{
    int64_t ids[3];
    bool ok;
    size_t at = some_slot(m->contacts, CONTACTS), count = some_groups(m, ids, &ok);
    int64_t id = m->contacts[at] ? m->contacts[at] : NOBODY;
    struct contact_form form = {.group_ids = ids, .group_count = count, .groups_given = true};
    enum problem wanted = id == NOBODY ? PROBLEM_NOT_FOUND : ok ? PROBLEM_NONE : PROBLEM_INVALID;
    assert_int_equal(contact_update(begin(m->company), id, &form), wanted);
    if (!wanted)
        model_set(m, at, ids, count);
}

static void storm_delete(struct model *m)
{
    size_t at = world_lot(CONTACTS);
    int64_t id = m->contacts[at] ? m->contacts[at] : NOBODY;
    assert_int_equal(contact_delete(begin(m->company), id),
                     id == NOBODY ? PROBLEM_NOT_FOUND : PROBLEM_NONE);
    m->contacts[at] = 0;
}

static void storm_group_create(struct model *m)
{
    size_t at = world_lot(GROUPS);
    if (m->groups[at])
        return;
    assert_int_equal(group_create(begin(m->company), STR("그룹"), STR(""), &m->groups[at]),
                     PROBLEM_NONE);
    for (size_t c = 0; c < CONTACTS; c++)
        m->member[c][at] = false;
}

static void storm_group_rename(struct model *m)
{
    int64_t id = some_group(m);
    enum problem wanted = id == 1                ? PROBLEM_GROUP_DEFAULT
                          : group_at(m, id) >= 0 ? PROBLEM_NONE
                                                 : PROBLEM_NOT_FOUND;
    assert_int_equal(group_update(begin(m->company), id, STR("다른 이름"), STR("설명")), wanted);
}

static void storm_group_delete(struct model *m)
{
    int64_t id = some_group(m);
    if (world_lot(3))
        return; /* else there would never be many */
    enum problem wanted = id == 1                ? PROBLEM_GROUP_DEFAULT
                          : group_at(m, id) >= 0 ? PROBLEM_NONE
                                                 : PROBLEM_NOT_FOUND;
    assert_int_equal(group_delete(begin(m->company), id), wanted);
    if (!wanted)
        m->groups[group_at(m, id)] = 0;
}

/* ---- actions: some by ids, some by what matches ---- */

struct choice {
    bool picked[CONTACTS]; /* whom the action is about, as the model sees it */
    int64_t ids[CONTACTS + 2];
    size_t count;
    bool missing; /* a contact or group of the selection does not exist */
    struct contact_filter filter;
};

static void choose_ids(const struct model *m, struct choice *choice)
{
    size_t wanted = 1 + world_lot(6) * world_lot(6);
    for (size_t i = 0; i < wanted && choice->count < CONTACTS; i++) {
        size_t at = some_slot(m->contacts, CONTACTS); /* often the same one again */
        choice->ids[choice->count++] = m->contacts[at] ? m->contacts[at] : NOBODY;
        choice->picked[at] = true;
        choice->missing = choice->missing || !m->contacts[at];
    }
    if (world_lot(20) == 0) {
        choice->ids[choice->count++] = NOBODY;
        choice->missing = true;
    }
}

static void choose_matching(const struct model *m, struct choice *choice)
{
    size_t word = world_lot(COUNT_OF(words) + 1);
    int64_t group = world_lot(3) ? some_group(m) : 0;
    choice->filter = (struct contact_filter){
        .query = word < COUNT_OF(words) ? str_c(words[word]) : STR(""), .group = group};
    choice->missing = group > 1 && group_at(m, group) < 0;
    for (size_t c = 0; c < CONTACTS; c++)
        choice->picked[c] = m->contacts[c] && (!group || is_in(m, c, group)) &&
                            (word == COUNT_OF(words) || m->word[c] == word);
}

static enum problem groups_wanted(const struct model *m, const struct contact_action *a)
{
    bool target = a->kind == CONTACT_ADD || a->kind == CONTACT_MOVE;
    bool source = a->kind == CONTACT_REMOVE || a->kind == CONTACT_MOVE;
    if ((target && !a->group) || (source && !a->from) || (target && a->group == a->from))
        return PROBLEM_INVALID;
    if (target && a->group == 1)
        return PROBLEM_GROUP_DEFAULT;
    if (target && group_at(m, a->group) < 0)
        return PROBLEM_NOT_FOUND;
    if (a->kind == CONTACT_REMOVE && a->from == 1)
        return PROBLEM_GROUP_DEFAULT;
    return source && a->from != 1 && group_at(m, a->from) < 0 ? PROBLEM_NOT_FOUND : PROBLEM_NONE;
}

/* One contact of the selection; true when it changes. */
static bool model_act(struct model *m, size_t c, const struct contact_action *a)
{
    bool target = a->kind == CONTACT_ADD || a->kind == CONTACT_MOVE;
    bool changes = a->kind == CONTACT_DELETE ||
                   (a->kind == CONTACT_ADD ? !is_in(m, c, a->group) : is_in(m, c, a->from));
    if (!changes)
        return false;
    if (a->kind == CONTACT_DELETE)
        m->contacts[c] = 0;
    if (a->from > 1)
        m->member[c][group_at(m, a->from)] = false;
    if (target)
        m->member[c][group_at(m, a->group)] = true;
    return true;
}

static void storm_act(struct model *m, enum contact_action_kind kind, bool matching)
{
    struct choice choice = {.count = 0};
    struct contact_action_result r, wanted = {0, 0};
    if (matching)
        choose_matching(m, &choice);
    else
        choose_ids(m, &choice);
    struct contact_action a = {
        .kind = kind,
        .selection = {choice.ids, choice.count, matching ? &choice.filter : NULL},
        .group = kind == CONTACT_ADD || kind == CONTACT_MOVE ? some_group(m) : 0,
        .from = kind == CONTACT_REMOVE || kind == CONTACT_MOVE ? some_group(m) : 0,
    };
    for (size_t c = 0; c < CONTACTS; c++)
        wanted.selected += choice.picked[c];
    a.expected_count = world_lot(8)   ? wanted.selected
                       : world_lot(2) ? (int64_t)world_lot(CONTACTS)
                                      : CONTACT_COUNT_ANY;
    enum problem problem = groups_wanted(m, &a);
    if (!problem && choice.missing)
        problem = PROBLEM_NOT_FOUND;
    if (!problem && a.expected_count != CONTACT_COUNT_ANY && a.expected_count != wanted.selected)
        problem = PROBLEM_COUNT_CHANGED;
    assert_int_equal(contact_act(begin(m->company), &a, &r), problem);
    if (problem)
        return;
    for (size_t c = 0; c < CONTACTS; c++)
        wanted.changed += choice.picked[c] && model_act(m, c, &a);
    assert_int_equal(r.selected, wanted.selected);
    assert_int_equal(r.changed, wanted.changed);
}

static void storm_step(struct model *m)
{
    uint64_t lot = world_lot(26);
    bool matching = world_lot(2);
    if (lot < 8)
        storm_create(m);
    else if (lot < 10)
        storm_update(m);
    else if (lot < 11)
        storm_delete(m);
    else if (lot < 13)
        storm_group_create(m);
    else if (lot < 14)
        storm_group_rename(m);
    else if (lot < 15)
        storm_group_delete(m);
    else if (lot < 19)
        storm_act(m, CONTACT_ADD, matching);
    else if (lot < 22)
        storm_act(m, CONTACT_MOVE, matching);
    else if (lot < 25)
        storm_act(m, CONTACT_REMOVE, matching);
    else
        storm_act(m, CONTACT_DELETE, world_lot(6) == 0); /* by ids: few at a time */
}

static void default_group_holds_exactly_the_rest(void **state)
{
    (void)state;
    world_seed();
    numbers = 0;
    for (size_t i = 0; i < COMPANIES; i++) {
        models[i] = (struct model){.company = (int64_t)i + 1};
        world_company(&world, models[i].company);
    }
    for (int step = 0; step < STEPS; step++) {
        struct model *m = &models[world_lot(COMPANIES)];
        storm_step(m);
        assert_false(db_failed(db));
        assert_same(m);
        if (step % 100)
            continue;
        world_verify(&world);
        for (size_t i = 0; i < COMPANIES; i++)
            assert_same(&models[i]);
    }
    world_verify(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(taken_names_get_a_number),
        EACH(long_names_give_way_to_their_number),
        EACH(thousands_of_equal_names_are_no_matter),
        EACH(simultaneous_creations_get_numbers_too),
        EACH(lists_tell_every_group_once),
        EACH(lists_stay_right_when_counts_change),
        EACH(cursors_that_are_none),
        EACH(default_group_holds_exactly_the_rest),
    };
    log_level_set(LOG_ERROR);
    int failed = cmocka_run_group_tests_name("groups on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("groups on PostgreSQL", tests, NULL, NULL);
    return failed;
}
