/*
 * people_test.c - sign-up, login, sessions; contacts and their lists. Groups: groups_test.c.
 */
#include "base/log.h"
#include "domain/contact.h"
#include "domain/group.h"
#include "domain/seal.h"
#include "domain/session.h"
#include "domain/signup.h"
#include "tests.h"
#include "world.h"

#include <sodium.h>
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
    char path[128];
    world_begin(&world, engine);
    snprintf(path, sizeof path, "%s/secret.key", world.folder);
    assert_true(seal_key_load(path));
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

static int64_t sign_up(const char *email)
{
    struct signup form = {STR("가게"), STR("홍길동"), str_c(email), STR("long enough")};
    assert_int_equal(company_sign_up(begin(0), &form), PROBLEM_NONE);
    return scope.company;
}

/* ---- companies, users, sessions ---- */

static void sign_up_makes_a_whole_company(void **state)
{
    (void)state;
    int64_t company = sign_up("Owner@Example.com");
    struct group g;
    assert_int_equal(scope.role, ROLE_OWNER);
    assert_int_equal(group_get(begin(company), group_default_id(begin(company)), &g), PROBLEM_NONE);
    assert_true(g.is_default && str_eq(g.name, STR("미지정")) && g.member_count == 0);
    assert_int_equal(world_get(&world, "SELECT count(*) FROM sender_profile WHERE company_id = $1",
                               DB_ARGS(DB_N(company))),
                     1);
    world_verify(&world);
}

static void sign_up_refuses(void **state)
{
    (void)state;
    sign_up("owner@example.com");
    struct signup taken = {STR("다른 가게"), STR("김"), STR("OWNER@example.com"),
                           STR("long enough")};
    assert_int_equal(company_sign_up(begin(0), &taken), PROBLEM_EMAIL_TAKEN);
    struct signup bad = {STR(" "), STR(""), STR("nothing"), STR("short")};
    assert_int_equal(company_sign_up(begin(0), &bad), PROBLEM_INVALID);
    assert_int_equal(scope.error_count, 4);
    struct signup easy = {STR("가게"), STR("김"), STR("b@example.com"), STR("aaaaaaaaaa")};
    assert_int_equal(company_sign_up(begin(0), &easy), PROBLEM_INVALID);
    assert_int_equal(world_get(&world, "SELECT count(*) FROM company", DB_NO_ARGS), 1);
}

static void login_knows_the_password(void **state)
{
    (void)state;
    int64_t company = sign_up("owner@example.com");
    assert_int_equal(user_login(begin(0), STR(" OWNER@example.com "), STR("long enough")),
                     PROBLEM_NONE);
    assert_int_equal(scope.company, company);
    assert_int_equal(user_login(begin(0), STR("owner@example.com"), STR("long enough ")),
                     PROBLEM_LOGIN_WRONG);
    assert_int_equal(scope.company, 0);
    assert_int_equal(user_login(begin(0), STR("nobody@example.com"), STR("long enough")),
                     PROBLEM_LOGIN_WRONG);
}

static void weak_hashes_are_made_anew(void **state)
{
    (void)state;
    char weak[crypto_pwhash_STRBYTES];
    sign_up("owner@example.com");
    assert_int_equal(crypto_pwhash_str(weak, "long enough", 11, 1, 8192), 0);
    world_exec(&world, "UPDATE user_account SET password_hash = $1", DB_ARGS(DB_S(str_c(weak))));
    assert_int_equal(user_login(begin(0), STR("owner@example.com"), STR("long enough")),
                     PROBLEM_NONE);
    struct str now =
        db_get_text(db, &world.arena, "SELECT password_hash FROM user_account", DB_NO_ARGS);
    assert_false(str_eq(now, str_c(weak)));
    assert_true(str_starts(now, STR("$argon2id$v=19$m=19456,t=2,")));
}

static void guessing_locks_for_longer_and_longer(void **state)
{
    (void)state;
    sign_up("owner@example.com");
    for (int i = 1; i < USER_FAILURES_MAX; i++)
        assert_int_equal(user_login(begin(0), STR("owner@example.com"), STR("guess")),
                         PROBLEM_LOGIN_WRONG);
    assert_int_equal(user_login(begin(0), STR("owner@example.com"), STR("guess")),
                     PROBLEM_LOGIN_LOCKED);
    assert_true(str_eq(scope.problem_args[0], STR("30")));
    /* Even the right password waits. */
    assert_int_equal(user_login(begin(0), STR("owner@example.com"), STR("long enough")),
                     PROBLEM_LOGIN_LOCKED);
    world.now += 30 * SECOND_MS;
    assert_int_equal(user_login(begin(0), STR("owner@example.com"), STR("guess")),
                     PROBLEM_LOGIN_LOCKED);
    assert_true(str_eq(scope.problem_args[0], STR("60")));
    world.now += 60 * SECOND_MS;
    assert_int_equal(user_login(begin(0), STR("owner@example.com"), STR("long enough")),
                     PROBLEM_NONE);
    assert_int_equal(user_login(begin(0), STR("owner@example.com"), STR("guess")),
                     PROBLEM_LOGIN_WRONG);
}

static void sessions_live_thirty_days_from_their_last_use(void **state)
{
    (void)state;
    struct str token;
    char kept[SESSION_TOKEN_LENGTH + 1];
    struct session session;
    sign_up("owner@example.com");
    assert_int_equal(session_create(&scope, &token), PROBLEM_NONE);
    assert_int_equal(token.len, SESSION_TOKEN_LENGTH);
    memcpy(kept, token.ptr, sizeof kept);
    token = str_n(kept, SESSION_TOKEN_LENGTH);
    assert_int_equal(session_find(begin(0), token, &session), PROBLEM_NONE);
    assert_false(session.extended);
    assert_int_equal(scope.role, ROLE_OWNER);
    world.now += 29 * DAY_MS;
    assert_int_equal(session_find(begin(0), token, &session), PROBLEM_NONE);
    assert_true(session.extended);
    world.now += 29 * DAY_MS;
    assert_int_equal(session_find(begin(0), token, &session), PROBLEM_NONE);
    world.now += 30 * DAY_MS;
    assert_int_equal(session_find(begin(0), token, &session), PROBLEM_LOGIN_REQUIRED);
}

static void tokens_are_nowhere_and_end_at_once(void **state)
{
    (void)state;
    struct str token;
    struct session session;
    sign_up("owner@example.com");
    assert_int_equal(session_create(&scope, &token), PROBLEM_NONE);
    assert_int_equal(db_get_i64(db, 0, "SELECT count(*) FROM session WHERE token_hash = $1",
                                DB_ARGS(DB_S(token))),
                     0);
    assert_int_equal(session_delete(&scope, token), PROBLEM_NONE);
    assert_int_equal(session_find(&scope, token, &session), PROBLEM_LOGIN_REQUIRED);
    assert_int_equal(session_delete(&scope, token), PROBLEM_NONE);
    assert_int_equal(session_find(&scope, STR("short"), &session), PROBLEM_LOGIN_REQUIRED);
}

/* ---- contacts and groups ---- */

static int64_t add_contact(int64_t company, int64_t number, const int64_t *groups, size_t count)
{
    int64_t id = 0;
    struct scope *s = begin(company);
    struct contact_form form = {
        .name = str_printf(s->arena, "손님%lld", (long long)number),
        .phone = str_printf(s->arena, "010%08lld", (long long)number),
        .group_ids = groups,
        .group_count = count,
    };
    enum problem p = contact_create(s, &form, &id);
    if (p != PROBLEM_NONE)
        assert_int_equal(p, PROBLEM_PHONE_TAKEN);
    return id;
}

static void a_number_is_one_contact(void **state)
{
    (void)state;
    int64_t company = sign_up("owner@example.com"), other = sign_up("other@example.com");
    int64_t first = add_contact(company, 1, NULL, 0), id;
    assert_true(first > 0);
    struct contact_form again = {.name = STR("또"), .phone = STR("+82 10-0000-0001")};
    assert_int_equal(contact_create(begin(company), &again, &id), PROBLEM_PHONE_TAKEN);
    assert_true(str_eq(scope.problem_args[0], STR("손님1")));
    assert_true(add_contact(other, 1, NULL, 0) > 0); /* another company's is another person */
    int64_t second = add_contact(company, 2, NULL, 0);
    assert_int_equal(contact_update(begin(company), second, &again), PROBLEM_PHONE_TAKEN);
    assert_int_equal(contact_update(begin(company), first, &again), PROBLEM_NONE);
    struct contact c;
    assert_int_equal(contact_get(begin(other), second, &c), PROBLEM_NOT_FOUND);
    assert_int_equal(contact_delete(begin(other), second), PROBLEM_NOT_FOUND);
    world_verify(&world);
}

static void lists_tell_everybody_once(void **state)
{
    (void)state;
    int64_t company = sign_up("owner@example.com"), group;
    assert_int_equal(group_create(begin(company), STR("반"), STR(""), &group), PROBLEM_NONE);
    for (int64_t i = 1; i <= 25; i++)
        assert_true(add_contact(company, i, &group, i <= 12) > 0);
    for (int filtered = 0; filtered < 2; filtered++) {
        struct contact_filter filter = {.query = STR("010"), .group = filtered ? group : 0};
        struct str next = STR("");
        size_t seen = 0, count;
        int64_t last = INT64_MAX;
        while (next.ptr) {
            char cursor[64];
            snprintf(cursor, sizeof cursor, "%.*s", STR_ARG(next));
            struct page page = {.limit = 7, .cursor = str_c(cursor)};
            const struct contact *list;
            assert_int_equal(contact_list(begin(company), &filter, &page, &list, &count, &next),
                             PROBLEM_NONE);
            for (size_t i = 0; i < count; i++, seen++) {
                assert_true(list[i].id < last);
                assert_int_equal(list[i].group_count, 1);
                last = list[i].id;
            }
        }
        assert_int_equal(seen, filtered ? 12 : 25);
    }
}

#define LONG_TEXT ((size_t)1 << 20)

/* A hundred people with a megabyte each: no page may hold all of that in memory. */
static void long_attributes_make_short_pages(void **state)
{
    (void)state;
    int64_t company = sign_up("long@example.com"), told = 0;
    char *text = malloc(LONG_TEXT + 1);
    int length = snprintf(text, LONG_TEXT, "{\"a\":\"%*s\"}", (int)LONG_TEXT - 16, "x");
    for (int64_t i = 1; i <= 100; i++)
        world_exec(&world,
                   "INSERT INTO contact (company_id, id, name, phone, attributes, created_at,"
                   " updated_at) VALUES ($1, $2, 'n', $3, $4, 0, 0)",
                   DB_ARGS(DB_N(company), DB_N(i),
                           DB_S(str_printf(&world.arena, "010%08d", (int)i)),
                           DB_S(str_n(text, (size_t)length))));
    free(text);
    struct contact_filter filter = {.query = STR_INIT("")};
    struct page page = {.limit = PAGE_LIMIT_MAX, .cursor = STR_INIT("")};
    char cursor[64] = "";
    do {
        const struct contact *list;
        size_t count;
        struct str next;
        page.cursor = str_c(cursor);
        assert_int_equal(contact_list(begin(company), &filter, &page, &list, &count, &next),
                         PROBLEM_NONE);
        assert_true(count > 0 && count < 20);
        told += (int64_t)count;
        snprintf(cursor, sizeof cursor, "%.*s", next.ptr ? (int)next.len : 0,
                 next.ptr ? next.ptr : "");
    } while (cursor[0]);
    assert_int_equal(told, 100);
}

static void attributes_are_merged(void **state)
{
    (void)state;
    ARENA(a, ARENA_MAX_DEFAULT);
    struct str merged = contact_attributes_merge(&a, STR("{\"등급\":\"일반\",\"메모\":\"가\"}"),
                                                 STR("{\"등급\":\"VIP\",\"매장\":\"강남\"}"), true);
    assert_true(str_eq(merged, STR("{\"등급\":\"VIP\",\"메모\":\"가\",\"매장\":\"강남\"}")));
    assert_true(str_eq(contact_attributes_merge(&a, STR("{}"), STR("{\"a\":\"b\"}"), true),
                       STR("{\"a\":\"b\"}")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(sign_up_makes_a_whole_company),
        EACH(sign_up_refuses),
        EACH(login_knows_the_password),
        EACH(weak_hashes_are_made_anew),
        EACH(guessing_locks_for_longer_and_longer),
        EACH(sessions_live_thirty_days_from_their_last_use),
        EACH(tokens_are_nowhere_and_end_at_once),
        EACH(a_number_is_one_contact),
        EACH(lists_tell_everybody_once),
        EACH(long_attributes_make_short_pages),
        EACH(attributes_are_merged),
    };
    log_level_set(LOG_ERROR);
    int failed = cmocka_run_group_tests_name("people on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("people on PostgreSQL", tests, NULL, NULL);
    return failed;
}
