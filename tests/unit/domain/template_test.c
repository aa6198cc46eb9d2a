/*
 * template_test.c - what a sync keeps: versions, states, remarks; which list wins when two come in
 * another order; whose turn it is to be fetched; pages. On both engines.
 */
#include "base/log.h"
#include "domain/profile.h"
#include "domain/template.h"
#include "tests.h"
#include "world.h"

#include <stdio.h>

static struct world w;
static enum store_engine engine;
static struct scope s;
static int64_t profile;

static int64_t profile_add(const char *name)
{
    world_exec(&w,
               "INSERT INTO sender_profile (company_id, id, name, gateway, base_url, user_id,"
               " api_key, sender_key, sender_number, status, status_text, request_rate,"
               " message_rate, request_level, message_level, level_at, slow_until, slow_step,"
               " created_at) SELECT 1, count(*) + 1, $1, 'practice', '', 'u', '', 'k', '021234',"
               " 'ok', '', 1, 1, 0, 0, 0, 0, 0, $2 FROM sender_profile",
               DB_ARGS(DB_S(str_c(name)), DB_N(w.now)));
    return world_get(&w, "SELECT max(id) FROM sender_profile", DB_NO_ARGS);
}

static int setup(void **state)
{
    (void)state;
    world_begin(&w, engine);
    world_company(&w, 1);
    s = (struct scope){
        .company = 1, .arena = &w.arena, .clock = &w.clock, .db = store_borrow(w.store)};
    assert_non_null(s.db);
    profile = profile_add("p");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    store_return(&s.db);
    world_end(&w);
    return 0;
}

static struct template template_of(const char *code, const char *content)
{
    return (struct template){
        .code = str_c(code),
        .name = str_c(code),
        .content = str_c(content),
        .type = STR_INIT("BA"),
        .emphasis = STR_INIT("NONE"),
        .title = STR_INIT(""),
        .subtitle = STR_INIT(""),
        .extra = STR_INIT(""),
        .status = STR_INIT("active"),
        .inspection = STR_INIT("approved"),
    };
}

static struct template_sync sync_of(const struct template *list, size_t count)
{
    struct template_sync out;
    assert_int_equal(template_sync(&s, profile, list, count, &out), PROBLEM_NONE);
    return out;
}

static struct template get(const char *code)
{
    struct template t;
    assert_int_equal(template_get_code(&s, profile, str_c(code), &t), PROBLEM_NONE);
    return t;
}

static void assert_sync(struct template_sync got, int64_t added, int64_t changed, int64_t unchanged,
                        int64_t removed)
{
    assert_int_equal(got.added, added);
    assert_int_equal(got.changed, changed);
    assert_int_equal(got.unchanged, unchanged);
    assert_int_equal(got.removed, removed);
}

/* ---- versions ---- */

static void every_text_that_was_stays_a_version(void **state)
{
    (void)state;
    static const char *const texts[] = {"하나", "둘", "하나", "셋"};
    struct template t = template_of("A", texts[0]);
    assert_sync(sync_of(&t, 1), 1, 0, 0, 0);
    assert_sync(sync_of(&t, 1), 0, 0, 1, 0);
    for (size_t i = 1; i < COUNT_OF(texts); i++) {
        w.now += SECOND_MS;
        t.content = str_c(texts[i]);
        assert_sync(sync_of(&t, 1), 0, 1, 0, 0);
    }
    t.button_count = 1;
    t.buttons[0] = (struct button){.name = STR("보기"),
                                   .type = STR("WL"),
                                   .type_name = STR("웹링크"),
                                   .mobile = STR("https://a.kr"),
                                   .pc = STR("")};
    assert_sync(sync_of(&t, 1), 0, 1, 0, 0);
    assert_int_equal(get("A").version, 5);
    struct page page = {.limit = 2, .cursor = STR("")};
    const struct template *list;
    size_t count;
    struct str next;
    for (int64_t version = 5; version > 0; page.cursor = next) {
        assert_int_equal(template_versions(&s, get("A").id, &page, &list, &count, &next),
                         PROBLEM_NONE);
        assert_int_equal(count, version > 1 ? 2 : 1);
        for (size_t i = 0; i < count; i++, version--) {
            assert_int_equal(list[i].version, version);
            assert_true(str_eq(list[i].content, str_c(texts[version > 4 ? 3 : version - 1])));
        }
        assert_int_equal(next.ptr != NULL, version > 0);
    }
    page.cursor = STR("");
    assert_int_equal(template_versions(&s, 4711, &page, &list, &count, &next), PROBLEM_NOT_FOUND);
}

static void what_is_no_text_changes_without_a_version(void **state)
{
    (void)state;
    struct template t = template_of("A", "안내");
    sync_of(&t, 1);
    t.comments = STR("[{\"text\":\"변수를 줄여 주세요\",\"author\":null,\"at\":null}]");
    assert_sync(sync_of(&t, 1), 0, 0, 1, 0); /* told, but no change by itself */
    t.secure = true;
    assert_sync(sync_of(&t, 1), 0, 1, 0, 0);
    t.image_url = STR("https://img.example/1.png");
    assert_sync(sync_of(&t, 1), 0, 1, 0, 0);
    t.gateway_updated_at = STR("2026-03-02 09:15:00"); /* tells nothing by itself */
    assert_sync(sync_of(&t, 1), 0, 0, 1, 0);
    struct template have = get("A");
    assert_int_equal(have.version, 1);
    assert_true(have.secure && str_eq(have.comments, t.comments) &&
                str_eq(have.image_url, t.image_url) &&
                str_eq(have.gateway_updated_at, t.gateway_updated_at));
}

/* ---- why it cannot be sent ---- */

static void each_state_says_why(void **state)
{
    (void)state;
    static const struct {
        const char *status, *inspection, *word;
        bool editable, deletable;
    } cases[] = {
        {"active", "approved", NULL, false, false},
        {"waiting", "approved", NULL, false, false},
        {"waiting", "registered", "not_approved", true, true},
        {"waiting", "requested", "not_approved", false, true},
        {"waiting", "rejected", "rejected", true, true},
        {"stopped", "approved", "stopped", false, false},
        {"stopped", "rejected", "stopped", false, true},
        {"dormant", "approved", "dormant", false, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct template t = template_of("A", "안내");
        t.status = str_c(cases[i].status);
        t.inspection = str_c(cases[i].inspection);
        w.now += SECOND_MS;
        sync_of(&t, 1);
        t = get("A");
        enum problem p = template_problem(&t);
        assert_true(str_eq(template_problem_word(p), str_c(cases[i].word)));
        assert_int_equal(template_sendable(&t), cases[i].word == NULL);
        assert_int_equal(template_editable(&t), cases[i].editable);
        assert_int_equal(template_deletable(&t), cases[i].deletable);
        assert_int_equal(template_problem_find(template_problem_word(p)), p);
        t.code = STR("P000001"); /* shared among accounts */
        assert_false(template_deletable(&t));
    }
}

static void what_is_gone_keeps_its_texts_and_may_come_back(void **state)
{
    (void)state;
    struct template both[] = {template_of("A", "하나"), template_of("B", "둘")};
    sync_of(both, 2);
    assert_sync(sync_of(&both[1], 1), 0, 0, 1, 1); /* within the same millisecond */
    struct template a = get("A");
    assert_int_equal(template_problem(&a), PROBLEM_TEMPLATE_GONE);
    assert_false(template_editable(&a) || template_deletable(&a));
    assert_true(str_eq(a.content, STR("하나")));
    assert_sync(sync_of(both, 2), 0, 1, 1, 0);
    assert_int_equal(get("A").version, 1);
    assert_true(get("A").present);
}

static void an_empty_list_is_a_list(void **state)
{
    (void)state;
    struct template t = template_of("A", "하나");
    sync_of(&t, 1);
    assert_sync(sync_of(&t, 0), 0, 0, 0, 1);
}

/* ---- order and turn ---- */

static void the_list_that_was_asked_for_last_wins(void **state)
{
    (void)state;
    struct template before = template_of("A", "옛 글"), after = template_of("A", "새 글");
    struct template_sync out;
    int64_t asked = w.now;
    w.now += SECOND_MS;
    assert_sync(sync_of(&after, 1), 1, 0, 0, 0);
    int64_t synced = w.now;
    w.now += SECOND_MS;
    assert_int_equal(template_sync_asked(&s, profile, asked, &before, 1, &out), PROBLEM_NONE);
    assert_sync(out, 0, 0, 0, 0);
    assert_int_equal(out.at, synced);
    assert_true(str_eq(get("A").content, STR("새 글")));
    w.now -= DAY_MS; /* a clock that was set back keeps nobody from fetching */
    assert_sync(sync_of(&before, 1), 0, 1, 0, 0);
}

static void a_profile_that_was_removed_meanwhile_gets_nothing(void **state)
{
    (void)state;
    struct template t = template_of("A", "하나");
    struct template_sync out;
    assert_int_equal(profile_delete(&s, profile), PROBLEM_NONE);
    assert_int_equal(template_sync(&s, profile, &t, 1, &out), PROBLEM_NOT_FOUND);
    assert_int_equal(world_get(&w, "SELECT count(*) FROM template", DB_NO_ARGS), 0);
}

/* Takes whose turn it is; 0 when it is nobody's. */
static int64_t turn(void)
{
    struct scope system = s;
    int64_t id = 0;
    system.company = 0;
    int got = profile_sync_take(&system, &id);
    assert_true(got >= 0);
    assert_int_equal(got, id != 0);
    assert_int_equal(system.company, got ? 1 : 0);
    return id;
}

static void each_profile_has_its_turn_once_an_hour(void **state)
{
    (void)state;
    int64_t other = profile_add("q");
    struct template t = template_of("A", "하나");
    assert_int_equal(turn(), profile);
    assert_int_equal(turn(), other);
    assert_int_equal(turn(), 0); /* both are being fetched */
    w.now += 30 * MINUTE_MS;
    sync_of(&t, 1); /* somebody asked */
    w.now += 30 * MINUTE_MS;
    assert_int_equal(turn(), other);
    assert_int_equal(turn(), 0);
    w.now += 30 * MINUTE_MS;
    assert_int_equal(turn(), profile);
}

static int64_t wait_after_failure(void)
{
    assert_int_equal(turn(), profile);
    profile_sync_failed(&s, profile);
    return world_get(&w, "SELECT sync_due_at FROM sender_profile WHERE id = 1", DB_NO_ARGS) - w.now;
}

static void failures_wait_longer_and_longer(void **state)
{
    (void)state;
    static const int64_t minutes[] = {5, 5, 10, 20, 40, 60, 60};
    struct template t = template_of("A", "하나");
    sync_of(&t, 1);
    w.now += HOUR_MS;
    for (size_t i = 0; i < COUNT_OF(minutes); i++) {
        int64_t wait = wait_after_failure();
        assert_int_equal(wait, minutes[i] * MINUTE_MS);
        w.now += wait;
    }
    sync_of(&t, 1);
    w.now += HOUR_MS;
    assert_int_equal(wait_after_failure(), 5 * MINUTE_MS);
}

/* ---- pages ---- */

static void pages_tell_every_template_once_by_name(void **state)
{
    (void)state;
    struct template many[23];
    char codes[23][8];
    for (int i = 0; i < 23; i++) {
        snprintf(codes[i], sizeof codes[i], "T%02d", (i * 7) % 23);
        many[i] = template_of(codes[i], "안내");
        many[i].name = i % 2 ? many[i].code : STR("같은 이름");
    }
    sync_of(many, 23);
    for (int64_t limit = 1; limit < 30; limit += 5) {
        struct page page = {.limit = limit, .cursor = STR("")};
        const struct template *list;
        size_t count, all = 0;
        struct str next, last = STR("");
        do {
            assert_int_equal(template_page(&s, profile, &page, &list, &count, &next), PROBLEM_NONE);
            for (size_t i = 0; i < count; i++, all++) {
                assert_true(all == 0 || str_cmp(last, list[i].name) <= 0 ||
                            engine == STORE_POSTGRESQL); /* by its own collation */
                last = list[i].name;
            }
            page.cursor = next;
        } while (next.ptr);
        assert_int_equal(all, 23);
        assert_int_equal(
            template_page(&s, profile + 1, &(struct page){5, STR("")}, &list, &count, &next),
            PROBLEM_NONE);
        assert_int_equal(count, 0);
    }
}

static int run(enum store_engine on, const char *name)
{
    const struct CMUnitTest tests[] = {
        EACH(every_text_that_was_stays_a_version),
        EACH(what_is_no_text_changes_without_a_version),
        EACH(each_state_says_why),
        EACH(what_is_gone_keeps_its_texts_and_may_come_back),
        EACH(an_empty_list_is_a_list),
        EACH(the_list_that_was_asked_for_last_wins),
        EACH(a_profile_that_was_removed_meanwhile_gets_nothing),
        EACH(each_profile_has_its_turn_once_an_hour),
        EACH(failures_wait_longer_and_longer),
        EACH(pages_tell_every_template_once_by_name),
    };
    engine = on;
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void)
{
    int failed = run(STORE_SQLITE, "templates on SQLite");
    if (world_has_postgresql())
        failed += run(STORE_POSTGRESQL, "templates on PostgreSQL");
    return failed;
}
