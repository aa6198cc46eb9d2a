/*
 * suppression_test.c - whom nothing is sent to: suppressed numbers at every moment of a campaign,
 * those who got the template lately, and what a contact was sent. On both engines.
 */
#include "base/log.h"
#include "domain/campaign.h"
#include "domain/contact.h"
#include "domain/contact_history.h"
#include "domain/suppression.h"
#include "ground.h"
#include "tests.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define GROUP 2

static struct world w;
static enum store_engine engine;
static struct scope s;
static int64_t template; /* sendable, without variables */

static const struct campaign_tracking tracking = {STR_INIT("https://go.example/r/")};

static void template_make(void)
{
    struct template t = {
        .code = STR_INIT("A"),
        .name = STR_INIT("a"),
        .content = STR_INIT("안녕하세요"),
        .type = STR_INIT("BA"),
        .emphasis = STR_INIT("NONE"),
        .title = STR_INIT(""),
        .subtitle = STR_INIT(""),
        .extra = STR_INIT(""),
        .status = STR_INIT("active"),
        .inspection = STR_INIT("approved"),
    };
    struct template_sync synced;
    assert_int_equal(template_sync(&s, 1, &t, 1, &synced), PROBLEM_NONE);
    template = world_get(&w, "SELECT id FROM template WHERE code = 'A'", DB_NO_ARGS);
}

static int setup(void **state)
{
    (void)state;
    ground_begin(&w, engine);
    s = ground_scope(&w);
    template_make();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ground_leave(&s);
    world_end(&w);
    return 0;
}

static struct str phone_of(int64_t n)
{
    return str_printf(&w.arena, "010%08lld", (long long)n);
}

/* People 1 to n of a group (made when it is the first time). */
static void people_put(int64_t group, int64_t first, int64_t last)
{
    world_exec(&w,
               "INSERT INTO contact_group (company_id, id, name, description, is_default,"
               " member_count, created_at) VALUES (1, $1, 'g' || CAST($1 AS bigint), '', 0, 0, 0)"
               " ON CONFLICT (company_id, id) DO NOTHING",
               DB_ARGS(DB_N(group)));
    for (int64_t n = first; n <= last; n++) {
        world_exec(&w,
                   "INSERT INTO contact (company_id, id, name, phone, attributes, created_at,"
                   " updated_at) VALUES (1, $1, 'n', $2, '{}', 0, 0)"
                   " ON CONFLICT (company_id, id) DO NOTHING",
                   DB_ARGS(DB_N(n), DB_S(phone_of(n))));
        world_exec(&w,
                   "INSERT INTO group_member (company_id, group_id, contact_id)"
                   " VALUES (1, $1, $2)",
                   DB_ARGS(DB_N(group), DB_N(n)));
        world_exec(&w, "UPDATE contact_group SET member_count = member_count + 1 WHERE id = $1",
                   DB_ARGS(DB_N(group)));
    }
}

static int64_t composed(int64_t group, int64_t days)
{
    struct campaign_draft draft = {
        .name = STR_INIT("발송"),
        .template = template,
        .recipients = {.groups = {group}, .group_count = 1, .except_days = days}};
    int64_t id;
    assert_int_equal(campaign_create(&s, &draft, &id), PROBLEM_NONE);
    return id;
}

static struct campaign checked(int64_t id)
{
    struct campaign c;
    assert_int_equal(campaign_check(&s, id, &tracking), PROBLEM_NONE);
    assert_int_equal(campaign_get(&s, id, &c), PROBLEM_NONE);
    ground_counters(&w);
    return c;
}

static void sent(int64_t id)
{
    struct campaign c = checked(id);
    assert_int_equal(campaign_send(&s, id, c.confirmation, c.counts[MESSAGE_QUEUED]), PROBLEM_NONE);
}

static struct suppression_added suppressed(int64_t first, int64_t last)
{
    PHONE_SET(phones);
    static struct suppression_added n;
    n = (struct suppression_added){0};
    for (int64_t i = first; i <= last; i++)
        phone_set_add(&phones, phone_of(i));
    assert_int_equal(suppression_add(&s, &phones, STR("manual"), STR("전화로 요청"), &n),
                     PROBLEM_NONE);
    return n;
}

/* Everything verifies, once the counters of people that were put in here are right. */
static void books_are_right(void)
{
    world_exec(&w,
               "UPDATE company SET contact_count = (SELECT count(*) FROM contact WHERE company_id ="
               " company.id), group_count = (SELECT count(*) FROM contact_group WHERE company_id ="
               " company.id)",
               DB_NO_ARGS);
    world_exec(&w,
               "INSERT INTO sequence (company_id, name, next) SELECT 1, 'contact', max(id) + 1"
               " FROM contact WHERE true ON CONFLICT (company_id, name) DO UPDATE SET next ="
               " excluded.next",
               DB_NO_ARGS);
    world_exec(&w, "UPDATE sequence SET next = 9 WHERE name = 'contact_group'", DB_NO_ARGS);
    world_verify(&w);
}

static int64_t left_out(int64_t campaign, const char *reason)
{
    return world_get(&w,
                     "SELECT count(*) FROM message WHERE campaign_id = $1 AND state = 9"
                     " AND reason = $2",
                     DB_ARGS(DB_N(campaign), DB_S(str_c(reason))));
}

static bool campaign_is(int64_t id, const char *state)
{
    struct campaign c;
    assert_int_equal(campaign_get(&s, id, &c), PROBLEM_NONE);
    return str_eq(c.state, str_c(state));
}

/* ---- suppressed, at every moment ---- */

static void a_check_leaves_them_out(void **state)
{
    (void)state;
    people_put(GROUP, 1, 10);
    assert_int_equal(suppressed(3, 5).added, 3);
    int64_t id = composed(GROUP, 0);
    struct campaign c = checked(id);
    assert_int_equal(c.counts[MESSAGE_QUEUED], 7);
    assert_int_equal(left_out(id, "suppressed"), 3);
    assert_int_equal(suppression_delete(&s, 1), PROBLEM_NONE);
    assert_int_equal(suppression_delete(&s, 1), PROBLEM_NOT_FOUND);
    assert_int_equal(checked(id).counts[MESSAGE_QUEUED], 8);
}

static void what_was_checked_before_is_stale(void **state)
{
    (void)state;
    people_put(GROUP, 1, 5);
    int64_t id = composed(GROUP, 0);
    struct campaign c = checked(id);
    suppressed(99, 99); /* nobody of it */
    assert_int_equal(suppressed(2, 2).stopped, 0);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 5), PROBLEM_CONFIRMATION_STALE);
    assert_true(campaign_is(id, "checked"));
    c = checked(id);
    assert_int_equal(campaign_send(&s, id, c.confirmation, 4), PROBLEM_NONE);
}

static void what_waits_is_stopped_at_once(void **state)
{
    (void)state;
    struct request r;
    people_put(GROUP, 1, 200);
    int64_t sending = composed(GROUP, 0), paused = composed(GROUP, 0), over = composed(GROUP, 0);
    sent(sending);
    sent(paused);
    sent(over);
    assert_true(ground_claim(&s, "node", 50, &r));
    assert_int_equal(campaign_pause(&s, paused), PROBLEM_NONE);
    assert_int_equal(campaign_cancel(&s, over), PROBLEM_NONE);
    int64_t under_way = ground_count(&w, r.campaign, MESSAGE_SENDING);
    assert_int_equal(under_way, 50);
    /* one, whose number waits in two campaigns; then many, and some of them again */
    struct suppression_added n = suppressed(150, 150);
    assert_true(n.added == 1 && n.already == 0 && n.stopped == 2);
    n = suppressed(101, 180);
    assert_true(n.added == 79 && n.already == 1 && n.stopped == 2 * 79);
    assert_int_equal(left_out(paused, "suppressed"), 80);
    assert_int_equal(left_out(sending, "suppressed"), 80);
    assert_int_equal(left_out(over, "suppressed"), 0);
    books_are_right();
}

static void a_campaign_ends_when_nobody_is_left(void **state)
{
    (void)state;
    struct request r;
    people_put(GROUP, 1, 3);
    int64_t id = composed(GROUP, 0), other = composed(GROUP, 0);
    sent(id);
    assert_int_equal(suppressed(1, 3).stopped, 3);
    assert_true(campaign_is(id, "finished"));
    world_exec(&w, "DELETE FROM suppression", DB_NO_ARGS);
    sent(other);
    /* onto the list without a word to the campaign, as by a result in another one */
    for (int64_t n = 1; n <= 3; n++)
        world_exec(&w,
                   "INSERT INTO suppression (company_id, id, phone, reason, note, created_by,"
                   " created_at) VALUES (1, $1, $2, 'blocked', '', 0, 0)",
                   DB_ARGS(DB_N(n + 100), DB_S(phone_of(n))));
    assert_false(ground_claim(&s, "node", 2, &r));
    assert_int_equal(left_out(other, "suppressed"), 3);
    assert_true(campaign_is(other, "finished"));
    ground_counters(&w);
}

/* The first who wait are suppressed: the claim is filled from those behind. */
static void a_claim_goes_on_behind_them(void **state)
{
    (void)state;
    struct request r;
    people_put(GROUP, 1, 40);
    int64_t id = composed(GROUP, 0);
    sent(id);
    for (int64_t n = 1; n <= 30; n++)
        world_exec(&w,
                   "INSERT INTO suppression (company_id, id, phone, reason, note, created_by,"
                   " created_at) VALUES (1, $1, $2, 'blocked', '', 0, 0)",
                   DB_ARGS(DB_N(n + 100), DB_S(phone_of(n))));
    assert_true(ground_claim(&s, "node", 8, &r));
    assert_int_equal(r.count, 8);
    assert_int_equal(r.first, 31);
    assert_int_equal(left_out(id, "suppressed"), 30);
    ground_counters(&w);
}

#define CROWD 300

/* One thread suppresses numbers one after the other, this one claims: what was on the list before a
 * claim began is in none. */
static volatile int64_t suppressed_up_to;

static void *suppress_all(void *unused)
{
    (void)unused;
    struct arena arena = {.max = ARENA_MAX_DEFAULT};
    struct scope mine = {
        .company = 1, .arena = &arena, .clock = &w.clock, .db = store_borrow(w.store)};
    struct suppression_added *n = arena_new(&arena, struct suppression_added);
    for (int64_t i = CROWD; i > 0; i -= 1 + i % 3) {
        PHONE_SET(phones);
        char phone[PHONE_DIGITS + 1];
        snprintf(phone, sizeof phone, "010%08d", (int)i);
        phone_set_add(&phones, str_c(phone));
        if (suppression_add(&mine, &phones, STR("manual"), STR(""), n) != PROBLEM_NONE)
            break;
        __atomic_store_n(&suppressed_up_to, i, __ATOMIC_SEQ_CST);
    }
    store_return(&mine.db);
    arena_free(&arena);
    return NULL;
}

static bool on_the_list_since(struct str phone, int64_t down_to)
{
    for (int64_t i = CROWD; i >= down_to && i > 0; i -= 1 + i % 3)
        if (str_eq(phone, phone_of(i)))
            return true;
    return false;
}

static void no_claim_takes_whom_the_list_had_before(void **state)
{
    (void)state;
    pthread_t thread;
    struct request r;
    people_put(GROUP, 1, CROWD);
    int64_t id = composed(GROUP, 0), taken = 0;
    sent(id);
    suppressed_up_to = CROWD + 1;
    assert_int_equal(pthread_create(&thread, NULL, suppress_all, NULL), 0);
    for (;;) {
        int64_t down_to = __atomic_load_n(&suppressed_up_to, __ATOMIC_SEQ_CST);
        if (!ground_claim(&s, "node", 3, &r))
            break;
        for (int64_t i = 0; i < r.count; i++)
            assert_false(on_the_list_since(r.messages[i].phone, down_to));
        taken += r.count;
    }
    pthread_join(thread, NULL);
    assert_int_equal(taken + left_out(id, "suppressed"), CROWD);
    assert_int_equal(ground_count(&w, id, MESSAGE_QUEUED), 0);
    assert_true(taken > 0 && taken < CROWD);
    ground_counters(&w);
}

static void whoever_blocks_us_is_suppressed(void **state)
{
    (void)state;
    struct request r;
    people_put(GROUP, 1, 4);
    int64_t id = composed(GROUP, 0), next = composed(GROUP, 0);
    sent(id);
    assert_true(ground_claim(&s, "node", 10, &r));
    ground_finish(&s, &r, REQUEST_TAKEN, 7);
    sent(next);
    struct message_result results[] = {
        {.phone = phone_of(1), .reason = STR_INIT("")},
        {.phone = phone_of(2), .reason = STR_INIT("blocked")},
        {.phone = phone_of(3), .reason = STR_INIT("no_kakaotalk")},
        {.phone = phone_of(77), .reason = STR_INIT("blocked")}, /* a stranger */
    };
    for (size_t i = 0; i < COUNT_OF(results); i++) {
        results[i].gateway_id = STR("g");
        results[i].code = STR("0");
        results[i].text = STR("");
        results[i].at = w.now;
    }
    r = ground_request(&s, r.id);
    assert_true(request_results(&s, &r, results, COUNT_OF(results), 1000));
    const struct suppression *list;
    size_t count;
    struct str more;
    struct page page = {.limit = 10, .cursor = STR_INIT("")};
    struct suppression_filter any = {STR_INIT(""), STR_INIT("blocked")};
    assert_int_equal(suppression_list(&s, &any, &page, &list, &count, &more), PROBLEM_NONE);
    assert_int_equal(count, 1);
    assert_true(str_eq(list[0].phone, phone_of(2)) && list[0].campaign == id);
    assert_int_equal(list[0].contact, 2);
    assert_true(ground_claim(&s, "node", 10, &r));
    assert_int_equal(r.campaign, next);
    assert_int_equal(r.count, 3);
    assert_int_equal(left_out(next, "suppressed"), 1);
    books_are_right();
    /* taken off and told once more by a late page: it stays off */
    assert_int_equal(suppression_delete(&s, list[0].id), PROBLEM_NONE);
    r = ground_request(&s, 1);
    assert_true(request_results(&s, &r, results, COUNT_OF(results), 1000));
    assert_int_equal(world_get(&w, "SELECT count(*) FROM suppression", DB_NO_ARGS), 0);
}

/* ---- got it lately ---- */

/* A campaign of the template that was started `days` ago, with people in many states. */
static int64_t old_campaign(int64_t of, int64_t days, int64_t first, enum message_state to)
{
    static int64_t next = 500;
    int64_t id = ++next;
    w.now -= days * DAY_MS;
    world_campaign(&w, 1, id, 3, false);
    world_exec(&w, "UPDATE campaign SET template_id = $2 WHERE id = $1",
               DB_ARGS(DB_N(id), DB_N(of)));
    world_exec(&w,
               "UPDATE message SET phone = '010' || substr('0000000' ||"
               " CAST($2 + ordinal AS text), length(CAST($2 + ordinal AS text)), 8)"
               " WHERE campaign_id = $1",
               DB_ARGS(DB_N(id), DB_N(first - 1)));
    world_exec(&w, "UPDATE message SET state = $2 WHERE campaign_id = $1",
               DB_ARGS(DB_N(id), DB_N(to)));
    world_exec(&w, "UPDATE campaign_count SET state = $2 WHERE campaign_id = $1",
               DB_ARGS(DB_N(id), DB_N(to)));
    w.now += days * DAY_MS;
    return id;
}

static void who_got_it_lately_is_left_out(void **state)
{
    (void)state;
    people_put(GROUP, 1, 60);
    old_campaign(template, 2, 1, MESSAGE_DELIVERED);
    old_campaign(template, 2, 4, MESSAGE_SENDING);
    old_campaign(template, 2, 7, MESSAGE_UNKNOWN);
    old_campaign(template, 2, 10, MESSAGE_EXPIRED);
    old_campaign(template, 2, 13, MESSAGE_ACCEPTED);
    old_campaign(template, 2, 2, MESSAGE_DELIVERED); /* some of them twice */
    int64_t so_far = 15;
    old_campaign(template, 2, 20, MESSAGE_FAILED);
    old_campaign(template, 2, 23, MESSAGE_SKIPPED);
    old_campaign(template, 2, 26, MESSAGE_QUEUED);
    old_campaign(template, 2, 29, MESSAGE_UNSENT);
    old_campaign(template, 2, 32, MESSAGE_CANCELLED);
    old_campaign(template, 8, 35, MESSAGE_DELIVERED); /* too long ago for seven days */
    old_campaign(1, 2, 38, MESSAGE_DELIVERED);        /* another template */
    world_exec(&w, "UPDATE template SET version = version + 1 WHERE id = $1",
               DB_ARGS(DB_N(template)));
    world_exec(&w,
               "INSERT INTO template_version (company_id, template_id, version, content, type,"
               " emphasis, title, subtitle, extra, buttons, created_at) SELECT company_id,"
               " template_id, version + 1, content, type, emphasis, title, subtitle, extra,"
               " buttons, created_at FROM template_version WHERE template_id = $1",
               DB_ARGS(DB_N(template)));
    suppressed(1, 1); /* which goes before */
    struct {
        int64_t days, recent;
    } cases[] = {{0, 0}, {1, 0}, {7, so_far - 1}, {9, so_far - 1 + 3}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t id = composed(GROUP, cases[i].days);
        struct campaign c = checked(id);
        assert_int_equal(left_out(id, "recently_sent"), cases[i].recent);
        assert_int_equal(left_out(id, "suppressed"), 1);
        assert_int_equal(c.counts[MESSAGE_QUEUED], 60 - 1 - cases[i].recent);
        struct recipients_choice choice = recipients_choice_of(&c.recipients);
        struct recipients_tally n;
        assert_int_equal(recipients_tally(&s, &choice, template, &n), PROBLEM_NONE);
        assert_true(n.selected == 60 && n.excepted == 0 && n.suppressed == 1);
        assert_int_equal(n.recent, cases[i].recent);
        assert_int_equal(campaign_delete(&s, id), PROBLEM_NONE);
    }
}

/* A few people and very many messages: they are looked for one by one, with the same answer. */
static void few_people_are_looked_for(void **state)
{
    (void)state;
    people_put(GROUP, 1, 4);
    int64_t id = old_campaign(template, 1, 2, MESSAGE_DELIVERED);
    world_exec(&w, "UPDATE campaign_count SET n = 1000000 WHERE campaign_id = $1",
               DB_ARGS(DB_N(id)));
    int64_t next = composed(GROUP, 3);
    assert_int_equal(campaign_check(&s, next, &tracking), PROBLEM_NONE);
    assert_int_equal(left_out(next, "recently_sent"), 3);
}

/* Counts beforehand are what a check finds, whatever the lots. */
static void counts_are_what_a_check_finds(void **state)
{
    (void)state;
    world_seed();
    people_put(GROUP, 1, 60);
    people_put(GROUP + 1, 20, 50);
    people_put(GROUP + 2, 45, 90);
    for (int i = 0; i < 8; i++)
        old_campaign(template, 1 + (int64_t)world_lot(20), 1 + (int64_t)world_lot(86),
                     MESSAGE_DELIVERED);
    for (int i = 0; i < 12; i++) {
        int64_t n = 1 + (int64_t)world_lot(95);
        suppressed(n, n + (int64_t)world_lot(3));
    }
    for (int i = 0; i < 30; i++) {
        struct campaign_draft draft = {.name = STR_INIT("n"), .template = template};
        struct recipients_choice *c = &draft.recipients;
        struct recipients_tally n;
        int64_t id;
        for (uint64_t k = 1 + world_lot(3); k > 0; k--)
            recipients_choice_add(c, false, GROUP + (int64_t)world_lot(3));
        for (uint64_t k = world_lot(2); k > 0; k--)
            recipients_choice_add(c, true, GROUP + (int64_t)world_lot(3));
        c->except_days = world_lot(2) ? 1 + (int64_t)world_lot(25) : 0;
        assert_int_equal(recipients_tally(&s, c, template, &n), PROBLEM_NONE);
        assert_int_equal(campaign_create(&s, &draft, &id), PROBLEM_NONE);
        struct campaign found = checked(id);
        assert_int_equal(found.total, n.selected - n.excepted);
        assert_int_equal(left_out(id, "suppressed"), n.suppressed);
        assert_int_equal(left_out(id, "recently_sent"), n.recent);
        assert_int_equal(found.counts[MESSAGE_QUEUED],
                         n.selected - n.excepted - n.suppressed - n.recent);
        assert_int_equal(campaign_delete(&s, id), PROBLEM_NONE);
    }
}

/* ---- the list ---- */

static void texts_are_numbers_or_refused(void **state)
{
    (void)state;
    PHONE_SET(phones);
    struct suppression_added *n = arena_new(&w.arena, struct suppression_added);
    suppression_take(1, STR("010-1234-5678"), &w.arena, &phones, n);
    suppression_take(2, STR("+82 10 1234 5678"), &w.arena, &phones, n);
    suppression_take(3, STR("02-123-4567"), &w.arena, &phones, n);
    suppression_take(4, STR(""), &w.arena, &phones, n);
    for (int i = 0; i < 300; i++)
        suppression_take(5 + i, STR("한 사람의 이름이 적혀 있는 아주 긴 글"), &w.arena, &phones, n);
    assert_int_equal(phones.count, 1);
    assert_true(n->already == 1 && n->refused_count == 302);
    assert_int_equal(n->refused[0].row, 3);
    assert_true(str_eq(n->refused[0].text, STR("02-123-4567")));
    assert_true(phone_reason_text(n->refused[SUPPRESSION_REFUSED_MAX - 1].reason, false).len > 0);
    assert_int_equal(suppression_add(&s, &phones, STR("manual"), STR(""), n), PROBLEM_NONE);
    assert_true(n->added == 1 && n->already == 1);
}

static void the_list_is_searched_and_paged(void **state)
{
    (void)state;
    const struct suppression *list;
    size_t count, seen = 0;
    struct str next = STR("");
    people_put(GROUP, 1, 3);
    world_exec(&w, "UPDATE contact SET name = '김Mina' WHERE id = 2", DB_NO_ARGS);
    suppressed(1, 25);
    world_company(&w, 7); /* another one, with the same number */
    world_exec(&w,
               "INSERT INTO suppression (company_id, id, phone, reason, note, created_by,"
               " created_at) VALUES (7, 1, '01000000001', 'file', '', 0, 0)",
               DB_NO_ARGS);
    for (int64_t last = INT64_MAX; next.ptr;) {
        struct page page = {.limit = 7, .cursor = next};
        struct suppression_filter any = {STR_INIT(""), STR_INIT("")};
        assert_int_equal(suppression_list(&s, &any, &page, &list, &count, &next), PROBLEM_NONE);
        for (size_t i = 0; i < count; i++, seen++) {
            assert_true(list[i].id < last);
            last = list[i].id;
        }
    }
    assert_int_equal(seen, 25);
    static const struct {
        const char *query, *reason;
        size_t count;
    } cases[] = {{"010-0000-0002", "", 1}, {"mina", "", 1}, {"전화로", "", 25}, {"", "manual", 25},
                 {"", "file", 0},          {"없다", "", 0}, {"%", "", 0},       {"0000002", "", 7}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct page page = {.limit = 50, .cursor = STR_INIT("")};
        struct suppression_filter f = {str_c(cases[i].query), str_c(cases[i].reason)};
        assert_int_equal(suppression_list(&s, &f, &page, &list, &count, &next), PROBLEM_NONE);
        assert_int_equal(count, cases[i].count);
    }
}

static enum problem file_read(const char *text, size_t length, struct phone_set *phones,
                              struct suppression_added *n)
{
    char path[128];
    snprintf(path, sizeof path, "%s/numbers", w.folder);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, length, out), length);
    fclose(out);
    s.error_count = 0;
    return suppression_file_read(&s, path, phones, n);
}

static void files_are_lists_of_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum problem problem;
        int64_t numbers, refused;
    } cases[] = {
        {"이름,휴대폰\r\n김하나,010-1234-5678\r\n박둘,010 2222 3333\r\n최셋,02-1\r\n합계,3명\r\n",
         PROBLEM_NONE, 2, 1},
        {"01012345678\n01012345679\n01012345678\n", PROBLEM_NONE, 2, 0},
        {"이름,주소\n김하나,서울\n", PROBLEM_PHONES_NOT_FOUND, 0, 0},
        {"이름,휴대폰\n", PROBLEM_SHEET_EMPTY, 0, 0},
        {"", PROBLEM_SHEET_REFUSED, 0, 0},
        {"\x89PNG\r\n\x1a\n....", PROBLEM_SHEET_REFUSED, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        PHONE_SET(phones);
        struct suppression_added *n = arena_new(&w.arena, struct suppression_added);
        assert_int_equal(file_read(cases[i].text, strlen(cases[i].text), &phones, n),
                         cases[i].problem);
        assert_int_equal(phones.count, cases[i].numbers);
        assert_int_equal(n->refused_count, cases[i].refused);
    }
    PHONE_SET(phones);
    BUF(text, (size_t)4 << 20);
    struct suppression_added *n = arena_new(&w.arena, struct suppression_added);
    for (int i = 1; i <= SUPPRESSION_ROWS_MAX; i++)
        buf_printf(&text, "010%08d\n", i + 10000000);
    assert_int_equal(file_read(text.ptr, text.len, &phones, n), PROBLEM_NONE);
    assert_int_equal(phones.count, SUPPRESSION_ROWS_MAX);
    assert_int_equal(suppression_add(&s, &phones, STR("file"), STR(""), n), PROBLEM_NONE);
    assert_int_equal(n->added, SUPPRESSION_ROWS_MAX);
    buf_printf(&text, "01099999999\n");
    assert_int_equal(file_read(text.ptr, text.len, &phones, n), PROBLEM_ROWS_MANY);
}

/* ---- what a contact was sent ---- */

static void history_follows_the_person(void **state)
{
    (void)state;
    struct request r;
    people_put(GROUP, 1, 3);
    world_exec(&w, "UPDATE company SET contact_count = 3 WHERE id = 1", DB_NO_ARGS);
    world_exec(&w, "UPDATE sequence SET next = 4 WHERE name = 'contact'", DB_NO_ARGS);
    int64_t first = composed(GROUP, 0), second = composed(GROUP, 0);
    sent(first);
    assert_true(ground_claim(&s, "node", 10, &r));
    struct contact_form change = {.phone = STR_INIT("010-7777-0001")};
    struct contact_form taken = {.phone = phone_of(1)};
    assert_int_equal(contact_update(&s, 1, &change), PROBLEM_NONE);
    assert_int_equal(contact_update(&s, 2, &taken), PROBLEM_NONE); /* who has 1's number now */
    sent(second);
    composed(GROUP, 0);
    checked(composed(GROUP, 0)); /* not sent: no history */
    const struct contact_message *list;
    size_t count;
    struct str next;
    struct page page = {.limit = 10, .cursor = STR_INIT("")};
    assert_int_equal(contact_history(&s, 1, &page, &list, &count, &next), PROBLEM_NONE);
    assert_int_equal(count, 2);
    assert_true(list[0].campaign == second && list[1].campaign == first);
    assert_true(str_eq(list[0].message.phone, STR("01077770001")));
    assert_true(str_eq(list[1].message.phone, phone_of(1)));
    assert_true(list[1].message.sent_at > 0 && list[0].message.sent_at == 0);
    assert_int_equal(list[1].message.state, MESSAGE_SENDING);
    assert_int_equal(contact_history(&s, 2, &page, &list, &count, &next), PROBLEM_NONE);
    assert_int_equal(count, 2);
    assert_true(str_eq(list[1].message.phone, phone_of(2)));
    page.limit = 1;
    assert_int_equal(contact_history(&s, 1, &page, &list, &count, &next), PROBLEM_NONE);
    assert_true(count == 1 && list[0].campaign == second && next.ptr);
    page.cursor = next;
    assert_int_equal(contact_history(&s, 1, &page, &list, &count, &next), PROBLEM_NONE);
    assert_true(count == 1 && list[0].campaign == first && !next.ptr);
    assert_int_equal(contact_history(&s, 99, &page, &list, &count, &next), PROBLEM_NOT_FOUND);
    struct scope other = s;
    other.company = 2;
    assert_int_equal(contact_history(&other, 1, &page, &list, &count, &next), PROBLEM_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_check_leaves_them_out),         EACH(what_was_checked_before_is_stale),
        EACH(what_waits_is_stopped_at_once),   EACH(a_campaign_ends_when_nobody_is_left),
        EACH(a_claim_goes_on_behind_them),     EACH(no_claim_takes_whom_the_list_had_before),
        EACH(whoever_blocks_us_is_suppressed), EACH(who_got_it_lately_is_left_out),
        EACH(few_people_are_looked_for),       EACH(counts_are_what_a_check_finds),
        EACH(texts_are_numbers_or_refused),    EACH(the_list_is_searched_and_paged),
        EACH(files_are_lists_of_numbers),      EACH(history_follows_the_person),
    };
    log_level_set(LOG_ERROR);
    int failed = cmocka_run_group_tests_name("suppressions on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("suppressions on PostgreSQL", tests, NULL, NULL);
    return failed;
}
