/*
 * campaign_test.c - freezing a campaign: who is left out and why, who gets exactly what, and when a
 * confirmation is worth nothing any more. On both engines.
 */
#include "base/log.h"
#include "domain/campaign.h"
#include "ground.h"
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>

static struct world w;
static enum store_engine engine;
static struct scope s;
static int64_t people;

static const struct campaign_tracking tracking = {STR_INIT("https://go.example/r/")};

static int setup(void **state)
{
    (void)state;
    ground_begin(&w, engine);
    s = ground_scope(&w);
    people = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ground_leave(&s);
    world_end(&w);
    return 0;
}

/* ---- ground ---- */

static struct template template_of(const char *content)
{
    return (struct template){
        .code = STR_INIT("A"),
        .name = STR_INIT("a"),
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

static struct button button_of(const char *mobile, const char *pc)
{
    return (struct button){.name = STR_INIT("보기"),
                           .type = STR_INIT("WL"),
                           .type_name = STR_INIT("웹링크"),
                           .mobile = str_c(mobile),
                           .pc = str_c(pc),
                           .ios = STR_INIT(""),
                           .android = STR_INIT(""),
                           .target = STR_INIT("")};
}

/* Brings the gateway's only template up to date; its id. */
static int64_t sync_to(struct template t)
{
    struct template_sync synced;
    const struct template *list;
    size_t count;
    w.now += SECOND_MS;
    assert_int_equal(template_sync(&s, 1, &t, 1, &synced), PROBLEM_NONE);
    assert_int_equal(template_list(&s, &list, &count), PROBLEM_NONE);
    assert_int_equal(count, 1);
    return list[0].id;
}

/* A person of the group 2 (which the first one makes). */
static void person(const char *name, const char *attributes)
{
    char phone[16];
    if (people == 0)
        world_exec(&w,
                   "INSERT INTO contact_group (company_id, id, name, description, is_default,"
                   " member_count, created_at) VALUES (1, 2, 'g', '', 0, 0, 0)",
                   DB_NO_ARGS);
    snprintf(phone, sizeof phone, "010%08lld", 20000000 + (long long)++people);
    world_exec(
        &w,
        "INSERT INTO contact (company_id, id, name, phone, attributes, created_at, updated_at)"
        " VALUES (1, $1, $2, $3, $4, 0, 0)",
        DB_ARGS(DB_N(people), DB_S(str_c(name)), DB_S(str_c(phone)), DB_S(str_c(attributes))));
    world_exec(&w, "INSERT INTO group_member (company_id, group_id, contact_id) VALUES (1, 2, $1)",
               DB_ARGS(DB_N(people)));
}

static const struct campaign_value by_attribute[] = {
    {STR_INIT("이름"), STR_INIT(""), VALUE_NAME},
    {STR_INIT("번호"), STR_INIT("주문번호"), VALUE_ATTRIBUTE},
};

static struct campaign_draft draft_of(int64_t template, const struct campaign_link *link)
{
    return (struct campaign_draft){.name = STR_INIT("발송"),
                                   .template = template,
                                   .recipients = {.groups = {2}, .group_count = 1},
                                   .values = by_attribute,
                                   .value_count = COUNT_OF(by_attribute),
                                   .links = link,
                                   .link_count = link != NULL};
}

static int64_t composed(int64_t template, const struct campaign_link *link)
{
    struct campaign_draft draft = draft_of(template, link);
    int64_t id;
    assert_int_equal(campaign_create(&s, &draft, &id), PROBLEM_NONE);
    return id;
}

/* Checks and returns how it stands now. */
static struct campaign checked(int64_t id)
{
    struct campaign c;
    assert_int_equal(campaign_check(&s, id, &tracking), PROBLEM_NONE);
    assert_int_equal(campaign_get(&s, id, &c), PROBLEM_NONE);
    assert_true(str_eq(c.state, STR("checked")));
    ground_counters(&w);
    return c;
}

static bool left_out(int64_t ordinal, const char *reason)
{
    return world_get(
               &w, "SELECT count(*) FROM message WHERE ordinal = $1 AND state = 9 AND reason = $2",
               DB_ARGS(DB_N(ordinal), DB_S(str_c(reason)))) == 1;
}

static bool body_is(int64_t ordinal, const char *text)
{
    return world_get(&w, "SELECT count(*) FROM message_content WHERE ordinal = $1 AND body = $2",
                     DB_ARGS(DB_N(ordinal), DB_S(str_c(text)))) == 1;
}

static char *repeated(const char *what, size_t times)
{
    size_t length = strlen(what);
    char *text = arena_array(&w.arena, length * times + 1, 1);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * length, what, length);
    text[length * times] = '\0';
    return text;
}

/* {"주문번호": what repeated} */
static const char *ordered(const char *what, size_t times)
{
    return str_printf(&w.arena, "{\"주문번호\":\"%s\"}", repeated(what, times)).ptr;
}

/* ---- who is left out ---- */

static void who_has_no_value_is_left_out_and_the_variable_named(void **state)
{
    (void)state;
    person("가", "{\"주문번호\":\"1\"}");
    person("나", "{}");
    person("다", "{\"주문번호\":\"\"}");
    person("", "{\"주문번호\":\"4\"}");
    struct campaign c = checked(composed(sync_to(template_of("#{이름}님 #{번호}")), NULL));
    assert_int_equal(c.counts[MESSAGE_QUEUED], 1);
    assert_int_equal(c.counts[MESSAGE_SKIPPED], 3);
    assert_true(body_is(1, "가님 1"));
    assert_true(left_out(2, "value_missing:번호"));
    assert_true(left_out(3, "value_missing:번호"));
    assert_true(left_out(4, "value_missing:이름"));
    struct campaign_refusal list[CAMPAIGN_REFUSALS_MAX];
    size_t count;
    int64_t longest;
    assert_int_equal(campaign_refusals(&s, c.id, list, &count, &longest), PROBLEM_NONE);
    assert_int_equal(count, 2);
    assert_true(str_eq(list[0].reason, STR("value_missing:번호")) && list[0].count == 2);
    assert_int_equal(longest, 1);
}

static void a_text_has_a_thousand_characters_at_most(void **state)
{
    (void)state;
    struct template t = template_of("#{번호}");
    person("가", ordered("가", 1000));
    person("나", ordered("가", 1001));
    person("다", ordered("😀", 500)); /* each counts twice, to be safe */
    person("라", ordered("😀", 501));
    struct campaign c = checked(composed(sync_to(t), NULL));
    assert_int_equal(c.counts[MESSAGE_QUEUED], 2);
    assert_true(left_out(2, "text_too_long") && left_out(4, "text_too_long"));
    t.extra = STR("부가 정보"); /* five more, in every message */
    c = checked(composed(sync_to(t), NULL));
    assert_int_equal(c.counts[MESSAGE_QUEUED], 0);
}

static void a_title_has_fifty_characters_at_most(void **state)
{
    (void)state;
    struct template t = template_of("안내");
    t.emphasis = STR("TEXT");
    t.title = STR("#{번호}");
    person("가", ordered("가", 50));
    person("나", ordered("가", 51));
    struct campaign c = checked(composed(sync_to(t), NULL));
    assert_int_equal(c.counts[MESSAGE_QUEUED], 1);
    assert_true(left_out(2, "title_too_long"));
}

static void a_link_may_be_too_long_for_one(void **state)
{
    (void)state;
    struct template t = template_of("안내");
    t.buttons[0] = button_of("https://shop.example/fixed", "https://shop.example/#{번호}");
    t.button_count = 1;
    person("가", ordered("1", 10));
    person("나", ordered("1", BUTTON_LINK_MAX));
    struct campaign c = checked(composed(sync_to(t), NULL));
    assert_int_equal(c.counts[MESSAGE_QUEUED], 1);
    assert_true(left_out(2, "link_too_long"));
}

static void values_that_look_like_variables_stay_as_they_are(void **state)
{
    (void)state;
    person("#{번호}", "{\"주문번호\":\"#{이름}\"}");
    struct campaign c = checked(composed(sync_to(template_of("#{이름}/#{번호}")), NULL));
    assert_int_equal(c.counts[MESSAGE_QUEUED], 1);
    assert_true(body_is(1, "#{번호}/#{이름}"));
}

/* ---- what stops all of it ---- */

static void every_variable_needs_a_source(void **state)
{
    (void)state;
    person("가", "{}");
    int64_t id = composed(sync_to(template_of("#{이름} #{모르는 것}")), NULL);
    assert_int_equal(campaign_check(&s, id, &tracking), PROBLEM_VALUE_MISSING);
    assert_true(str_eq(s.problem_args[0], STR("모르는 것")));
    assert_int_equal(world_get(&w, "SELECT count(*) FROM message", DB_NO_ARGS), 0);
}

static struct template tracked(const char *mobile, const char *pc)
{
    struct template t = template_of("안내");
    t.buttons[0] = button_of(mobile, pc);
    t.button_count = 1;
    return t;
}

static void a_tracked_button_needs_its_target(void **state)
{
    (void)state;
    struct campaign_link link = {1, STR_INIT("https://shop.example/")};
    struct campaign_link wrong = {2, STR_INIT("https://shop.example/")};
    static const char *const bad[] = {"ftp://a.kr/", "javascript:alert(1)", "https://",
                                      "//a.kr",      "https://a.kr/ b",     "https://a.kr/\"x"};
    person("가", "{}");
    int64_t t = sync_to(tracked("https://#{링크}", ""));
    assert_int_equal(campaign_check(&s, composed(t, NULL), &tracking), PROBLEM_LINK_MISSING);
    struct campaign_draft draft = draft_of(t, &wrong);
    int64_t id;
    assert_int_equal(campaign_create(&s, &draft, &id), PROBLEM_INVALID);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        link.url = str_c(bad[i]);
        draft = draft_of(t, &link);
        s.error_count = 0;
        assert_int_equal(campaign_create(&s, &draft, &id), PROBLEM_LINK_INVALID);
    }
}

static void an_approved_link_must_fit_our_redirect(void **state)
{
    (void)state;
    static const struct {
        const char *mobile, *pc;
        bool fits;
    } cases[] = {
        {"https://#{링크}", "https://#{링크}", true},
        {"https://#{링크}", "", true},
        {"https://#{링크}", "https://shop.example/", true}, /* the same for everybody */
        {"http://#{링크}", "https://#{링크}", false},
        {"https://#{링크}", "http://#{링크}", false},
        {"https://go.example/r/#{토큰}", "", true},
        {"https://other.example/#{토큰}", "", false},
        {"https://#{링크}/end", "", false},
    };
    struct campaign_link link = {1, STR_INIT("https://shop.example/")};
    person("가", "{}");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t id = composed(sync_to(tracked(cases[i].mobile, cases[i].pc)), &link);
        assert_int_equal(campaign_check(&s, id, &tracking),
                         cases[i].fits ? PROBLEM_NONE : PROBLEM_LINK_MISMATCH);
    }
}

/* What a template can be that keeps it from being sent, and what is said of it. */
static const struct {
    struct str status, inspection;
    enum problem problem;
} unsendable[] = {
    {STR_INIT("stopped"), STR_INIT("approved"), PROBLEM_TEMPLATE_STOPPED},
    {STR_INIT("dormant"), STR_INIT("approved"), PROBLEM_TEMPLATE_DORMANT},
    {STR_INIT("waiting"), STR_INIT("registered"), PROBLEM_TEMPLATE_NOT_APPROVED},
    {STR_INIT("waiting"), STR_INIT("requested"), PROBLEM_TEMPLATE_NOT_APPROVED},
    {STR_INIT("waiting"), STR_INIT("rejected"), PROBLEM_TEMPLATE_REJECTED},
};

static void a_template_that_cannot_be_sent_stops_it(void **state)
{
    (void)state;
    struct template t = template_of("안내");
    person("가", "{}");
    int64_t id = composed(sync_to(t), NULL);
    for (size_t i = 0; i < COUNT_OF(unsendable); i++) {
        t.status = unsendable[i].status;
        t.inspection = unsendable[i].inspection;
        sync_to(t);
        assert_int_equal(campaign_check(&s, id, &tracking), unsendable[i].problem);
    }
}

/* ---- what is frozen ---- */

static void everybody_gets_a_link_of_their_own(void **state)
{
    (void)state;
    struct campaign_link link = {1, STR_INIT("https://shop.example/")};
    for (int i = 0; i < 1100; i++) /* more than two pages */
        person("가", "{}");
    struct campaign c =
        checked(composed(sync_to(tracked("https://#{링크}", "https://#{링크}")), &link));
    assert_int_equal(c.counts[MESSAGE_QUEUED], 1100);
    assert_int_equal(world_get(&w, "SELECT count(DISTINCT token) FROM link", DB_NO_ARGS), 1100);
    assert_int_equal(
        world_get(&w, "SELECT count(DISTINCT buttons) FROM message_content", DB_NO_ARGS), 1100);
    assert_int_equal(world_get(&w,
                               "SELECT count(*) FROM message_content c JOIN link l"
                               " ON l.campaign_id = c.campaign_id AND l.ordinal = c.ordinal"
                               " WHERE c.buttons LIKE '%https://go.example/r/' || l.token || '%'",
                               DB_NO_ARGS),
                     1100);
    assert_int_equal(
        world_get(&w, "SELECT max(ordinal) FROM message WHERE tracked = 1", DB_NO_ARGS), 1100);
}

static void checking_again_begins_anew(void **state)
{
    (void)state;
    struct campaign_link link = {1, STR_INIT("https://shop.example/")};
    person("가", "{}");
    person("나", "{}");
    int64_t id = composed(sync_to(tracked("https://#{링크}", "")), &link);
    struct campaign first = checked(id), second = checked(id);
    assert_int_equal(second.total, 2);
    assert_int_equal(world_get(&w, "SELECT count(*) FROM link", DB_NO_ARGS), 2);
    assert_int_equal(campaign_send(&s, id, first.confirmation, 2), PROBLEM_CONFIRMATION_STALE);
    assert_int_equal(campaign_send(&s, id, second.confirmation, 2), PROBLEM_NONE);
}

static void a_contact_changed_after_the_check_changes_nothing(void **state)
{
    (void)state;
    person("가", "{\"주문번호\":\"1\"}");
    int64_t id = composed(sync_to(template_of("#{이름}님 #{번호}")), NULL);
    struct campaign before = checked(id);
    world_exec(&w, "UPDATE contact SET name = '나', phone = '01099990000'", DB_NO_ARGS);
    assert_true(body_is(1, "가님 1")); /* what was shown is what is sent */
    struct campaign after = checked(id);
    assert_true(body_is(1, "나님 1"));
    assert_false(str_eq(before.confirmation, after.confirmation));
    assert_int_equal(campaign_send(&s, id, before.confirmation, 1), PROBLEM_CONFIRMATION_STALE);
    assert_int_equal(campaign_send(&s, id, after.confirmation, 1), PROBLEM_NONE);
    assert_int_equal(
        world_get(&w, "SELECT count(*) FROM message WHERE phone = '01099990000'", DB_NO_ARGS), 1);
}

static void a_template_changed_after_the_check_makes_it_stale(void **state)
{
    (void)state;
    person("가", "{}");
    struct template t = template_of("#{이름}님");
    int64_t id = composed(sync_to(t), NULL);
    struct campaign c = checked(id);
    t.content = STR("#{이름} 님");
    sync_to(t);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 1), PROBLEM_TEMPLATE_CHANGED);
    c = checked(id);
    assert_true(body_is(1, "가 님"));
    struct template other = template_of("다른 것");
    other.code = STR("B");
    sync_to(other); /* the gateway no longer lists the first */
    assert_int_equal(campaign_send(&s, id, c.confirmation, 1), PROBLEM_TEMPLATE_GONE);
    for (size_t i = 0; i < COUNT_OF(unsendable); i++) {
        t.status = unsendable[i].status;
        t.inspection = unsendable[i].inspection;
        sync_to(t);
        assert_int_equal(campaign_send(&s, id, c.confirmation, 1), unsendable[i].problem);
    }
    t.status = STR("active");
    t.inspection = STR("approved");
    sync_to(t);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 1), PROBLEM_NONE);
}

static struct campaign campaign_now(int64_t id)
{
    struct campaign c;
    assert_int_equal(campaign_get(&s, id, &c), PROBLEM_NONE);
    return c;
}

static void a_template_changed_while_it_is_sent_pauses_the_rest(void **state)
{
    (void)state;
    person("가", "{}");
    struct template t = template_of("#{이름}님");
    int64_t id = composed(sync_to(t), NULL);
    struct campaign c = checked(id);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 1), PROBLEM_NONE);
    assert_int_equal(campaign_pause_outdated(&s, 1), 0);
    t.status = STR("stopped");
    sync_to(t);
    assert_int_equal(campaign_pause_outdated(&s, 2), 0); /* of another profile */
    assert_int_equal(campaign_pause_outdated(&s, 1), 1);
    c = campaign_now(id);
    assert_true(str_eq(c.state, STR("paused")) && str_eq(c.pause_code, STR("template")) &&
                str_eq(c.pause_text, STR("stopped")));
    assert_int_equal(campaign_pause_outdated(&s, 1), 0);
    assert_int_equal(campaign_resume(&s, id), PROBLEM_TEMPLATE_STOPPED);
    t.status = STR("active");
    sync_to(t);
    assert_int_equal(campaign_resume(&s, id), PROBLEM_NONE);
    t.content = STR("#{이름} 님");
    sync_to(t);
    assert_int_equal(campaign_pause_outdated(&s, 1), 1);
    assert_true(str_eq(campaign_now(id).pause_text, STR("changed")));
    assert_int_equal(campaign_resume(&s, id), PROBLEM_TEMPLATE_CHANGED_PAUSED);
    assert_int_equal(campaign_cancel(&s, id), PROBLEM_NONE);
}

static void what_is_all_sent_waits_for_results_whatever_became_of_the_template(void **state)
{
    (void)state;
    person("가", "{}");
    struct template t = template_of("#{이름}님");
    struct request r;
    int64_t id = composed(sync_to(t), NULL);
    struct campaign c = checked(id);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 1), PROBLEM_NONE);
    assert_true(ground_claim(&s, "n", 10, &r));
    ground_finish(&s, &r, REQUEST_TAKEN, 1);
    t.status = STR("stopped");
    sync_to(t);
    assert_int_equal(campaign_pause_outdated(&s, 1), 0);
    assert_int_equal(campaign_pause(&s, id), PROBLEM_NONE);
    assert_int_equal(campaign_resume(&s, id), PROBLEM_NONE);
}

static void the_number_must_be_the_one_that_was_shown(void **state)
{
    (void)state;
    person("가", "{}");
    person("나", "{}");
    int64_t id = composed(sync_to(template_of("안내")), NULL);
    assert_int_equal(campaign_send(&s, id, STR(""), 2), PROBLEM_CAMPAIGN_STATE); /* a draft */
    struct campaign c = checked(id);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 1), PROBLEM_COUNT_MISMATCH);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 3), PROBLEM_COUNT_MISMATCH);
    assert_int_equal(campaign_send(&s, id, STR(""), 2), PROBLEM_CONFIRMATION_STALE);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 2), PROBLEM_NONE);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 2), PROBLEM_CAMPAIGN_STATE);
    assert_int_equal(campaign_check(&s, id, &tracking), PROBLEM_CAMPAIGN_STATE);
    assert_int_equal(campaign_delete(&s, id), PROBLEM_CAMPAIGN_STATE);
}

static void changing_makes_it_a_draft_without_recipients(void **state)
{
    (void)state;
    person("가", "{}");
    int64_t template = sync_to(template_of("안내")), id = composed(template, NULL);
    struct campaign c = checked(id);
    struct campaign_draft draft = draft_of(template, NULL);
    assert_int_equal(campaign_change(&s, id, &draft), PROBLEM_NONE);
    assert_int_equal(world_get(&w, "SELECT count(*) FROM message", DB_NO_ARGS), 0);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 1), PROBLEM_CAMPAIGN_STATE);
    ground_counters(&w);
}

static void nobody_to_send_to_is_told(void **state)
{
    (void)state;
    person("", "{}");
    int64_t id = composed(sync_to(template_of("#{이름}")), NULL);
    struct campaign c = checked(id);
    assert_int_equal(c.counts[MESSAGE_SKIPPED], 1);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 0), PROBLEM_CAMPAIGN_EMPTY);
}

static int run(enum store_engine which, const char *name)
{
    const struct CMUnitTest tests[] = {
        EACH(who_has_no_value_is_left_out_and_the_variable_named),
        EACH(a_text_has_a_thousand_characters_at_most),
        EACH(a_title_has_fifty_characters_at_most),
        EACH(a_link_may_be_too_long_for_one),
        EACH(values_that_look_like_variables_stay_as_they_are),
        EACH(every_variable_needs_a_source),
        EACH(a_tracked_button_needs_its_target),
        EACH(an_approved_link_must_fit_our_redirect),
        EACH(a_template_that_cannot_be_sent_stops_it),
        EACH(everybody_gets_a_link_of_their_own),
        EACH(checking_again_begins_anew),
        EACH(a_contact_changed_after_the_check_changes_nothing),
        EACH(a_template_changed_after_the_check_makes_it_stale),
        EACH(a_template_changed_while_it_is_sent_pauses_the_rest),
        EACH(what_is_all_sent_waits_for_results_whatever_became_of_the_template),
        EACH(the_number_must_be_the_one_that_was_shown),
        EACH(changing_makes_it_a_draft_without_recipients),
        EACH(nobody_to_send_to_is_told),
    };
    engine = which;
    return _cmocka_run_group_tests(name, tests, COUNT_OF(tests), NULL, NULL);
}

int main(void)
{
    log_level_set(LOG_ERROR);
    int failed = run(STORE_SQLITE, "campaigns on SQLite");
    if (world_has_postgresql())
        failed += run(STORE_POSTGRESQL, "campaigns on PostgreSQL");
    return failed;
}
