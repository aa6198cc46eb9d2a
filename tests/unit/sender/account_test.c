/*
 * account_test.c - templates fetched by schedule and changed at the gateway, against the practice
 * gateway over real HTTP: whose turn it is, what a failure leaves behind, what a call without a
 * clear answer leaves behind. On both engines.
 */
#include "base/log.h"
#include "cli/practice.h"
#include "domain/seal.h"
#include "ground.h"
#include "sender/account.h"
#include "sender/explain.h"
#include "tests.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define NODES    4
#define PROFILES 8

static struct world w;
static enum store_engine engine;
static struct scope s;
static struct practice *p;
static struct http_server *server;
static struct practice_options options;
static char path[128], url[64];
static int64_t profile;

static int64_t profile_add(void)
{
    TX(tx, s.db);
    int64_t id = profile_insert_practice(&s);
    assert_true(tx_commit(&tx));
    return id;
}

static int setup(void **state)
{
    (void)state;
    world_begin(&w, engine);
    world_company(&w, 1);
    char key[128];
    snprintf(key, sizeof key, "%s/secret.key", w.folder);
    assert_true(seal_key_load(key));
    options = practice_options_default();
    snprintf(path, sizeof path, "%s/practice.db", w.folder);
    options.path = path;
    options.clock = w.clock;
    p = practice_open(&options);
    assert_non_null(p);
    server = practice_listen(p, "127.0.0.1", 0);
    assert_non_null(server);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    account_practice_url_set(str_c(url));
    gateway_timeouts_set(&(struct gateway_timeouts){2000, 2000, 2000});
    s = ground_scope(&w);
    profile = profile_add();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ground_leave(&s);
    http_server_stop(&server);
    practice_close(&p);
    world_end(&w);
    return 0;
}

static void wish(const char *spec)
{
    assert_true(practice_wish(p, str_c(spec)));
}

static bool due(void)
{
    struct scope system = {.db = s.db, .arena = s.arena, .clock = s.clock};
    return account_sync_due(&system);
}

static struct profile now(void)
{
    struct profile out;
    assert_int_equal(profile_get(&s, profile, &out), PROBLEM_NONE);
    return out;
}

static int64_t templates(void)
{
    return world_get(&w, "SELECT count(*) FROM template WHERE present = 1", DB_NO_ARGS);
}

/* Calls that arrived, by the practice gateway's own count. */
static int64_t calls(void)
{
    struct practice_answer answer;
    practice_handle(p, STR("/practice/status"), STR(""), s.arena, &answer);
    json_t *tree = json_parse(answer.body, s.arena, NULL);
    int64_t n = -1;
    assert_true(json_get_i64(tree, "calls", &n));
    json_decref(tree);
    return n;
}

/* ---- by schedule ---- */

static void a_new_profile_is_fetched_and_then_once_an_hour(void **state)
{
    (void)state;
    assert_true(due());
    assert_true(templates() > 5);
    assert_true(now().synced_at > 0 && now().channel.len > 0);
    assert_true(str_eq(now().status, STR("ok")));
    assert_false(due());
    w.now += HOUR_MS - 1;
    assert_false(due());
    w.now += 1;
    assert_true(due());
    assert_false(due());
}

static void asking_puts_it_off(void **state)
{
    (void)state;
    struct template_sync sync;
    assert_true(due());
    w.now += 40 * MINUTE_MS;
    assert_int_equal(account_sync_templates(&s, profile, &sync), PROBLEM_NONE);
    assert_int_equal(now().synced_at, w.now);
    w.now += 40 * MINUTE_MS;
    assert_false(due());
}

static void a_failure_is_told_and_tried_again(void **state)
{
    (void)state;
    assert_true(due());
    int64_t before = templates();
    w.now += HOUR_MS;
    wish("templates=refuse:-99:인증되지 않는 서버 IP로 부터의 호출 입니다.");
    assert_true(due());
    assert_true(str_eq(now().status, STR("trouble")));
    struct str told = explain_text(s.arena, now().status_text, false);
    assert_true(str_find(told, STR("공인 IP"), 0) > 0);
    assert_true(str_find(told, STR("인증되지 않는 서버 IP로"), 0) > 0);
    assert_int_equal(templates(), before);
    assert_false(due());
    w.now += 5 * MINUTE_MS;
    wish("templates=5xx");
    assert_true(due());
    assert_true(str_starts(now().status_text, STR("gateway_unreachable: ")));
    w.now += 5 * MINUTE_MS;
    assert_true(due());
    assert_true(str_eq(now().status, STR("ok")) && now().status_text.len == 0);
}

struct node {
    pthread_t thread;
    int turns;
};

static void *node_run(void *arg)
{
    struct node *node = arg;
    struct arena arena = {.max = ARENA_MAX_DEFAULT};
    struct db *db = store_borrow(w.store);
    if (!db)
        return NULL;
    for (int i = 0; i < PROFILES; i++) {
        struct scope own = {.db = db, .arena = &arena, .clock = &w.clock};
        node->turns += account_sync_due(&own);
    }
    store_return(&db);
    arena_free(&arena);
    return NULL;
}

static void nodes_share_the_work(void **state)
{
    (void)state;
    struct node nodes[NODES] = {0};
    for (int i = 1; i < PROFILES; i++)
        profile_add();
    int64_t before = calls();
    for (size_t i = 0; i < NODES; i++)
        assert_int_equal(pthread_create(&nodes[i].thread, NULL, node_run, &nodes[i]), 0);
    int turns = 0;
    for (size_t i = 0; i < NODES; i++) {
        pthread_join(nodes[i].thread, NULL);
        turns += nodes[i].turns;
    }
    while (due()) /* a node may have met the lock of another, and gone */
        turns++;
    assert_int_equal(turns, PROFILES);
    assert_int_equal(calls() - before, 2 * PROFILES); /* its key, its templates; nothing twice */
}

/* ---- changes ---- */

static const struct template_form form = {
    .name = STR_INIT("안내"),
    .content = STR_INIT("#{이름}님, 안내드립니다."),
    .type = STR_INIT("BA"),
    .emphasis = STR_INIT("NONE"),
    .title = STR_INIT(""),
    .subtitle = STR_INIT(""),
    .extra = STR_INIT(""),
    .advert = STR_INIT(""),
    .image = STR_INIT(""),
};

static void a_change_is_in_our_list_at_once(void **state)
{
    (void)state;
    int64_t id;
    struct template t;
    assert_int_equal(account_template_save(&s, profile, STR(""), &form, &id), PROBLEM_NONE);
    assert_int_equal(template_get(&s, id, &t), PROBLEM_NONE);
    assert_true(str_eq(t.content, form.content) && str_eq(t.inspection, STR("registered")));
    assert_int_equal(account_template_request(&s, profile, t.code), PROBLEM_NONE);
    assert_int_equal(template_get(&s, id, &t), PROBLEM_NONE);
    assert_true(str_eq(t.inspection, STR("requested")));
    assert_int_equal(account_template_save(&s, profile, t.code, &form, &id),
                     PROBLEM_TEMPLATE_LOCKED);
    assert_int_equal(account_template_delete(&s, profile, t.code), PROBLEM_NONE);
    assert_int_equal(template_get(&s, id, &t), PROBLEM_NONE);
    assert_false(t.present);
    assert_int_equal(account_template_delete(&s, profile, t.code), PROBLEM_GATEWAY_TEMPLATE_CODE);
}

static void what_nobody_knows_is_not_called_done(void **state)
{
    (void)state;
    static const struct {
        const char *wish;
        enum problem problem;
        int more; /* templates at the gateway afterwards, in our list */
    } cases[] = {
        {"template-add=cut-after", PROBLEM_GATEWAY_UNSURE, 1},
        {"template-add=cut-before", PROBLEM_GATEWAY_UNSURE, 0},
        {"template-add=html-after", PROBLEM_GATEWAY_UNSURE, 1},
        {"template-add=5xx", PROBLEM_GATEWAY_UNSURE, 0},
        {"template-add=refuse:-99:인증오류입니다.", PROBLEM_GATEWAY_KEY, 0},
    };
    int64_t id;
    assert_true(due());
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t before = templates();
        w.now += SECOND_MS;
        wish(cases[i].wish);
        assert_int_equal(account_template_save(&s, profile, STR(""), &form, &id), cases[i].problem);
        assert_true(s.quote.len > 0 && s.quoted == cases[i].problem);
        assert_int_equal(templates(), before + cases[i].more);
    }
    wish("template-add=cut-after");
    wish("templates=5xx");
    assert_int_equal(account_template_save(&s, profile, STR(""), &form, &id),
                     PROBLEM_GATEWAY_UNSURE_OLD_LIST);
    wish("templates=5xx");
    assert_int_equal(account_template_save(&s, profile, STR(""), &form, &id),
                     PROBLEM_GATEWAY_OLD_LIST);
}

static void without_a_practice_gateway_it_says_so(void **state)
{
    (void)state;
    account_practice_url_set(STR(""));
    assert_true(due());
    assert_true(str_starts(now().status_text, STR("gateway_practice_off: ")));
    account_practice_url_set(str_c(url));
}

/* ---- words ---- */

static bool has_hangul(struct str text)
{
    for (size_t i = 0; i < text.len;) {
        uint32_t c = utf8_next(text, &i);
        if (c >= 0xAC00 && c <= 0xD7A3)
            return true;
    }
    return false;
}

static void words_are_explained_in_both_languages(void **state)
{
    (void)state;
    static const struct {
        struct str part;
        enum problem problem;
    } rows[] = {
#define W(part, name) {STR_INIT(part), PROBLEM_##name},
#include "sender/explain.def"
#undef W
    };
    static const struct str none[PROBLEM_ARGS_MAX] = {STR_INIT(""), STR_INIT(""), STR_INIT("")};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(explain_words(rows[i].part), rows[i].problem);
        struct str ko = problem_text(rows[i].problem, false, none, s.arena);
        struct str en = problem_text(rows[i].problem, true, none, s.arena);
        assert_true(has_hangul(ko) && !has_hangul(en));
        /* what is stored with its problem reads like what is stored without */
        struct str stored = explain_store(s.arena, rows[i].problem, rows[i].part);
        struct str shown = explain_text(s.arena, stored, false);
        assert_true(str_eq(shown, explain_text(s.arena, rows[i].part, false)));
        assert_true(str_starts(shown, ko) && str_find(shown, rows[i].part, ko.len) > 0);
    }
    assert_int_equal(explain_words(STR("처음 듣는 말")), PROBLEM_GATEWAY_REFUSED);
    assert_int_equal(explain_text(s.arena, STR(""), true).len, 0);
}

static int run(enum store_engine on, const char *name)
{
    const struct CMUnitTest tests[] = {
        EACH(a_new_profile_is_fetched_and_then_once_an_hour),
        EACH(asking_puts_it_off),
        EACH(a_failure_is_told_and_tried_again),
        EACH(nodes_share_the_work),
        EACH(a_change_is_in_our_list_at_once),
        EACH(what_nobody_knows_is_not_called_done),
        EACH(without_a_practice_gateway_it_says_so),
        EACH(words_are_explained_in_both_languages),
    };
    engine = on;
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void)
{
    int failed = run(STORE_SQLITE, "accounts on SQLite");
    if (world_has_postgresql())
        failed += run(STORE_POSTGRESQL, "accounts on PostgreSQL");
    return failed;
}
