/*
 * search_test.c - finding contacts: what words mean, that the index never hides anybody, and that
 * every order and page is that of a naive walk, whatever is indexed by then.
 */
#include "base/log.h"
#include "domain/contact.h"
#include "domain/contact_index.h"
#include "domain/id_set.h"
#include "domain/seal.h"
#include "domain/search.h"
#include "domain/signup.h"
#include "tests.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

static struct world world;
static enum store_engine engine;
static struct db *db;
static struct scope scope;

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

/* ---- words ---- */

static const struct {
    const char *query, *name, *phone, *email, *attributes;
    bool matches;
} cases[] = {
    {"", "김민수", "01012345678", NULL, "{}", true},
    {"김민수", "김민수", "01012345678", NULL, "{}", true},
    {"민수", "김민수", "01012345678", NULL, "{}", true},
    {"민", "김민수", "01012345678", NULL, "{}", true},
    {"민지", "김민수", "01012345678", NULL, "{}", false},
    {"수민", "김민수", "01012345678", NULL, "{}", false},
    /* while it is being typed */
    {"김ㅁ", "김민수", "01012345678", NULL, "{}", true},
    {"김미", "김민수", "01012345678", NULL, "{}", true},
    {"김밍", "김민수", "01012345678", NULL, "{}", false},
    {"김밋", "김미선", "01012345678", NULL, "{}", true},
    {"김밋", "김미정", "01012345678", NULL, "{}", false},
    {"값", "갑사", "01012345678", NULL, "{}", true},
    {"미수", "김민수", "01012345678", NULL, "{}", false}, /* only the last one grows */
    /* initial consonants, in names alone */
    {"ㄱㅁㅅ", "김민수", "01012345678", NULL, "{}", true},
    {"ㅁㅅ", "김민수", "01012345678", NULL, "{}", true},
    {"ㄱㅁ수", "김민수", "01012345678", NULL, "{}", true},
    {"ㄱ민수", "김민수", "01012345678", NULL, "{}", true},
    {"ㄱㅅ", "김민수", "01012345678", NULL, "{}", false},
    {"ㄲ", "김민수", "01012345678", NULL, "{}", false},
    {"ㄲ", "꽃집", "01012345678", NULL, "{}", true},
    {"ㄱㄴ", "홍길동", "01012345678", NULL, "{\"지점\":\"강남\"}", false},
    {"ㄱㄴ", "홍길동", "01012345678", NULL, "{\"지점\":\"ㄱㄴ\"}", true},
    /* numbers */
    {"5678", "김민수", "01012345678", NULL, "{}", true},
    {"010-1234", "김민수", "01012345678", NULL, "{}", true},
    {"1234-5678", "김민수", "01012345678", NULL, "{}", true},
    {"01012345678", "김민수", "01012345678", NULL, "{}", true},
    {"１２３４", "김민수", "01012345678", NULL, "{}", true},
    {"8765", "김민수", "01012345678", NULL, "{}", false},
    {"7", "김민수", "01012345678", NULL, "{}", true},
    {"99", "김민수", "01012345678", NULL, "{}", false},
    /* other texts: values, not names, of attributes */
    {"KIM@", "김민수", "01012345678", "kim@example.com", "{}", true},
    {"example.com", "김민수", "01012345678", "kim@example.com", "{}", true},
    {"역삼동", "김민수", "01012345678", NULL, "{\"주소\":\"서울 강남구 역삼동\"}", true},
    {"주소", "김민수", "01012345678", NULL, "{\"주소\":\"서울\"}", false},
    {"a-17", "김민수", "01012345678", NULL, "{\"주문번호\":\"A-17\"}", true},
    {"a17", "김민수", "01012345678", NULL, "{\"주문번호\":\"A-17\"}", true},
    {"따\"옴", "김민수", "01012345678", NULL, "{\"메모\":\"따\\\"옴표\"}", true},
    {"서울강남", "김민수", "01012345678", NULL, "{\"주소\":\"서울 강남\"}", false},
    /* every word, in any field, in any order */
    {"수 5678", "김민수", "01012345678", NULL, "{}", true},
    {"강남 김", "김민수", "01012345678", NULL, "{\"지점\":\"강남\"}", true},
    {"강남 박", "김민수", "01012345678", NULL, "{\"지점\":\"강남\"}", false},
    {"  김   ", "김민수", "01012345678", NULL, "{}", true},
    {"-", "김민수", "01012345678", NULL, "{}", true},
    {"%", "김민수", "01012345678", NULL, "{}", false},
    {"_", "김민수", "01012345678", NULL, "{}", false},
};

static bool matches(const char *query, const struct search_texts *t, struct arena *a)
{
    struct search q;
    search_read(&q, str_c(query));
    return search_matches(&q, t, a);
}

static struct str text_or_none(const char *z)
{
    return z ? str_c(z) : (struct str){NULL, 0};
}

static void words_mean_what_people_expect(void **state)
{
    (void)state;
    ARENA(a, ARENA_MAX_DEFAULT);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct search_texts t = {str_c(cases[i].name), str_c(cases[i].phone),
                                 text_or_none(cases[i].email), str_c(cases[i].attributes)};
        if (matches(cases[i].query, &t, &a) != cases[i].matches)
            fail_msg("'%s' in '%s': not %d", cases[i].query, cases[i].name, cases[i].matches);
    }
}

/* ---- grams ---- */

struct grams {
    int64_t list[4096];
    size_t count;
};

static void gram_note(void *ctx, int64_t gram)
{
    struct grams *g = ctx;
    assert_true(gram >= 0 && gram < (int64_t)1 << 48);
    assert_true(g->count < COUNT_OF(g->list));
    g->list[g->count++] = gram;
}

static bool gram_there(const struct grams *g, int64_t gram)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->list[i] == gram)
            return true;
    return false;
}

/* Characters that meet often, so that random words are found often. */
static const char *const letters[] = {"김", "기", "민", "미", "수", "ㄱ", "ㅁ", "ㅅ", "1",
                                      "2",  "a",  "A",  "-",  " ",  "값", "갑", "사", "Ａ"};

static const char *random_text(char *out, size_t most)
{
    out[0] = 0;
    for (size_t n = world_lot(most + 1); n > 0; n--)
        strcat(out, letters[world_lot(COUNT_OF(letters))]);
    return out;
}

static void whoever_matches_has_every_gram(void **state)
{
    (void)state;
    size_t matched = 0;
    world_seed();
    for (int round = 0; round < 100000; round++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        char name[256], value[256], query[256], attributes[300];
        snprintf(attributes, sizeof attributes, "{\"k\":\"%s\"}", random_text(value, 6));
        struct search_texts t = {
            str_c(random_text(name, 6)), STR("01012121212"), {NULL, 0}, str_c(attributes)};
        struct search q;
        struct grams have = {.count = 0};
        int64_t want[SEARCH_GRAMS_MAX];
        search_read(&q, str_c(random_text(query, 4)));
        if (!search_matches(&q, &t, &a))
            continue;
        matched++;
        search_texts_grams(&t, &a, gram_note, &have);
        size_t count = search_grams(&q, want);
        for (size_t i = 0; i < count; i++)
            if (!gram_there(&have, want[i]))
                fail_msg("'%s' matches '%s' / '%s' without gram %zu", query, name, value, i);
    }
    assert_true(matched > 10000);
}

/* ---- sets ---- */

static void sets_come_back_from_their_text(void **state)
{
    (void)state;
    world_seed();
    for (int round = 0; round < 300; round++) {
        BUF(text, ID_SET_TEXT + 1);
        struct id_set in = {0}, out = {0};
        size_t many = world_lot(round % 2 ? 40 : ID_SET_SIZE / 4);
        for (size_t i = 0; i < many; i++)
            id_set_add(&in, world_lot(ID_SET_SIZE));
        if (round < 3)
            id_set_add(&in, round == 0 ? 0 : ID_SET_SIZE - 1);
        id_set_write(&in, &text);
        assert_false(text.failed);
        id_set_read(&out, buf_view(&text));
        assert_memory_equal(&in, &out, sizeof in);
        size_t n = 0, back = 0;
        for (size_t at = id_set_next(&in, 0); at < ID_SET_SIZE; at = id_set_next(&in, at + 1))
            n += id_set_has(&in, at);
        for (size_t at = id_set_last(&in, ID_SET_SIZE - 1); at < ID_SET_SIZE;
             at = at ? id_set_last(&in, at - 1) : ID_SET_SIZE)
            back++;
        assert_int_equal(n, id_set_count(&in));
        assert_int_equal(back, n);
    }
    struct id_set some = {0}, all = {0};
    BUF(text, ID_SET_TEXT + 1);
    id_set_add_range(&some, 3, ID_SET_SIZE / 2);
    assert_int_equal(id_set_count(&some), ID_SET_SIZE / 2 - 2);
    id_set_write(&some, &text);
    id_set_read(&all, buf_view(&text));
    assert_int_equal(id_set_count(&all), ID_SET_SIZE);
}

/* ---- lists ---- */

#define PEOPLE 400

static void index_all(void)
{
    while (contact_index_step(begin(0)))
        ;
    assert_int_equal(world_get(&world, "SELECT count(*) FROM contact_unindexed", DB_NO_ARGS), 0);
}

static int64_t add(int64_t company, int64_t number)
{
    char name[256], value[256];
    int64_t id;
    struct scope *s = begin(company);
    json_t *attributes = json_pack("{s:s}", "k", random_text(value, 5));
    struct contact_form form = {
        .name = str_printf(s->arena, "%s가", random_text(name, 4)),
        .phone = str_printf(s->arena, "010%08lld", (long long)(number * 7919 % 100000000)),
        .attributes = attributes,
    };
    assert_int_equal(contact_create(s, &form, &id), PROBLEM_NONE);
    json_decref(attributes);
    return id;
}

struct person {
    int64_t id;
    char name[512], phone[16];
};

struct people {
    struct person list[PEOPLE];
    size_t count;
};

static bool person_note(void *ctx, struct arena *a, const struct contact *c)
{
    (void)a;
    struct people *p = ctx;
    struct person *one = &p->list[p->count++];
    one->id = c->id;
    snprintf(one->name, sizeof one->name, "%.*s", STR_ARG(c->name));
    snprintf(one->phone, sizeof one->phone, "%.*s", STR_ARG(c->phone));
    return true;
}

static enum contact_sort order;

static int person_compare(const void *x, const void *y)
{
    const struct person *a = x, *b = y;
    bool down = order == CONTACT_SORT_NEWEST || order == CONTACT_SORT_NAME_DESC ||
                order == CONTACT_SORT_PHONE_DESC;
    int by = order <= CONTACT_SORT_OLDEST      ? 0
             : order <= CONTACT_SORT_NAME_DESC ? strcmp(a->name, b->name)
                                               : strcmp(a->phone, b->phone);
    by = by ? by : a->id < b->id ? -1 : a->id > b->id;
    return down ? -by : by;
}

/* A walk over everybody, compared word by word, is the truth; pages must tell the same. */
static void compare_lists(int64_t company, const char *query, int64_t group)
{
    struct people *all = calloc(1, sizeof *all);
    struct contact_filter filter = {str_c(query), group, order};
    int64_t count;
    assert_int_equal(contact_each(begin(company), &filter, person_note, all), PROBLEM_NONE);
    qsort(all->list, all->count, sizeof all->list[0], person_compare);
    assert_int_equal(contact_count(begin(company), &filter, &count), PROBLEM_NONE);
    assert_int_equal(count, all->count);
    char cursor[1024] = "";
    size_t seen = 0;
    do {
        const struct contact *list;
        size_t n;
        struct str next;
        struct page page = {.limit = 1 + (int64_t)world_lot(90), .cursor = str_c(cursor)};
        assert_int_equal(contact_list(begin(company), &filter, &page, &list, &n, &next),
                         PROBLEM_NONE);
        for (size_t i = 0; i < n; i++, seen++)
            if (seen >= all->count || list[i].id != all->list[seen].id)
                fail_msg("'%s', order %d, group %d: another at %zu of %zu", query, (int)order,
                         (int)group, seen, all->count);
        snprintf(cursor, sizeof cursor, "%.*s", next.ptr ? (int)next.len : 0,
                 next.ptr ? next.ptr : "");
    } while (cursor[0]);
    assert_int_equal(seen, all->count);
    int64_t ids[PEOPLE], after = 0, told = 0;
    size_t n;
    do {
        assert_int_equal(contact_ids(begin(company), &filter, after, ids, 70, &n), PROBLEM_NONE);
        told += (int64_t)n;
        after = n ? ids[n - 1] : after;
    } while (n);
    assert_int_equal(told, count);
    free(all);
}

static void compare_many(int64_t company, int64_t group, int rounds)
{
    char query[256];
    for (int i = 0; i < rounds; i++) {
        order = (enum contact_sort)world_lot(CONTACT_SORT_PHONE_DESC + 1);
        compare_lists(company, i % 4 ? random_text(query, 3) : "", i % 3 ? 0 : group);
    }
}

static int64_t two_companies(int64_t *other)
{
    world_company(&world, 1);
    world_company(&world, 2);
    *other = 2;
    return 1;
}

static void lists_are_those_of_a_naive_walk(void **state)
{
    (void)state;
    int64_t other, company = two_companies(&other), group = 77;
    world_seed();
    for (int64_t i = 1; i <= PEOPLE; i++)
        add(i % 5 ? company : other, i);
    world_exec(&world,
               "INSERT INTO contact_group (company_id, id, name, description, is_default,"
               " member_count, created_at) VALUES ($1, $2, 'g', '', 0, 0, 0)",
               DB_ARGS(DB_N(company), DB_N(group)));
    world_exec(&world,
               "INSERT INTO group_member (company_id, group_id, contact_id) SELECT company_id, $2,"
               " id FROM contact WHERE company_id = $1 AND id % 3 = 0",
               DB_ARGS(DB_N(company), DB_N(group)));
    world_exec(&world,
               "UPDATE contact_group SET member_count = (SELECT count(*) FROM group_member"
               " WHERE company_id = $1 AND group_id = $2) WHERE company_id = $1 AND id = $2",
               DB_ARGS(DB_N(company), DB_N(group)));
    compare_many(company, group, 30); /* nothing is indexed */
    index_all();
    compare_many(company, group, 120);
    compare_many(other, 0, 20);
    /* Names that only the index can put in order yet, as an import leaves them, and old ones. */
    world_exec(&world,
               "INSERT INTO contact_by_name (company_id, name, contact_id) SELECT company_id,"
               " '나' || name, id FROM contact WHERE id % 7 = 0",
               DB_NO_ARGS);
    world_exec(&world, "DELETE FROM contact_by_name WHERE contact_id > 100", DB_NO_ARGS);
    world_exec(&world,
               "INSERT INTO contact_unindexed (company_id, number, first_id, last_id)"
               " SELECT id, 1000, 101, 100000 FROM company",
               DB_NO_ARGS);
    compare_many(company, group, 40);
    index_all();
    compare_many(company, group, 40);
    /* Changes by hand are found at once. */
    for (int64_t id = 1; id < 60; id += 3) {
        char name[256];
        struct scope *s = begin(company);
        struct contact_form form = {.name = str_printf(s->arena, "%s나", random_text(name, 3))};
        assert_int_equal(contact_update(s, id, &form), PROBLEM_NONE);
        assert_int_equal(contact_delete(begin(company), id + 1), PROBLEM_NONE);
    }
    compare_many(company, 0, 40);
    index_all();
    compare_many(company, 0, 40);
    assert_int_equal(world_get(&world,
                               "SELECT count(*) FROM contact c WHERE NOT EXISTS (SELECT 1"
                               " FROM contact_by_name n WHERE n.company_id = c.company_id"
                               " AND n.name = c.name AND n.contact_id = c.id)",
                               DB_NO_ARGS),
                     0);
}

/* Ids that lie in several blocks, and a block that is indexed again and again. */
static void blocks_lie_side_by_side(void **state)
{
    (void)state;
    int64_t other, company = two_companies(&other);
    world_seed();
    static const int64_t starts[] = {1, CONTACT_BLOCK - 20, 3 * CONTACT_BLOCK + 5};
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < COUNT_OF(starts); i++) {
            world_exec(&world,
                       "UPDATE sequence SET next = $2 WHERE company_id = $1 AND name = 'contact'",
                       DB_ARGS(DB_N(company), DB_N(starts[i] + round * 40)));
            for (int k = 0; k < 40; k++)
                add(company, round * 1000 + (int64_t)i * 100 + k + 1);
            index_all();
            compare_many(company, 0, 15);
        }
}

/* Another's contacts are never among the candidates, whatever the grams say. */
static void companies_share_nothing(void **state)
{
    (void)state;
    int64_t other, company = two_companies(&other);
    struct contact_filter filter = {STR("김민수"), 0, CONTACT_SORT_NEWEST};
    struct contact_form form = {.name = STR("김민수"), .phone = STR("01011112222")};
    int64_t id, count;
    assert_int_equal(contact_create(begin(other), &form, &id), PROBLEM_NONE);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(contact_count(begin(company), &filter, &count), PROBLEM_NONE);
        assert_int_equal(count, 0);
        assert_int_equal(contact_count(begin(other), &filter, &count), PROBLEM_NONE);
        assert_int_equal(count, 1);
        index_all();
    }
}

int main(void)
{
    const struct CMUnitTest pure[] = {
        cmocka_unit_test(words_mean_what_people_expect),
        cmocka_unit_test(whoever_matches_has_every_gram),
        cmocka_unit_test(sets_come_back_from_their_text),
    };
    const struct CMUnitTest tests[] = {
        EACH(lists_are_those_of_a_naive_walk),
        EACH(blocks_lie_side_by_side),
        EACH(companies_share_nothing),
    };
    log_level_set(LOG_ERROR);
    int failed = cmocka_run_group_tests_name("search", pure, NULL, NULL);
    failed += cmocka_run_group_tests_name("search on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("search on PostgreSQL", tests, NULL, NULL);
    return failed;
}
