/*
 * preview_test.c - a message as somebody would get it: who that is, what is shown of it, and that
 * it is what a check freezes. On both engines; first what a text measures, which needs neither.
 */
#include "base/log.h"
#include "domain/campaign.h"
#include "domain/preview.h"
#include "domain/template_check.h"
#include "tests.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

#define GROUP  2 /* everybody */
#define OTHERS 3 /* nobody yet */

static struct world w;
static enum store_engine engine;
static struct db *db;
static struct scope scope;
static int64_t people;

/* ---- what a text measures ---- */

static struct sms measured(const char *text)
{
    struct sms out;
    sms_measure(str_c(text), &out);
    return out;
}

static void kakao_counts_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {
        {"", 0},      {"가나다", 3}, {"abc ", 4},         {"가\r\n나", 4},    {"😀", 2},
        {"가😀나", 4}, {"\u3000", 1}, {"\u1100\u1161", 2}, {"👩‍👧", 5}, {"é", 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(alimtalk_length(str_c(cases[i].text)), cases[i].length);
}

static void a_text_message_is_counted_in_bytes_of_euc_kr(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t bytes;
    } cases[] = {
        {"", 0},   {"abc", 3},    {"가나다", 6}, {"가\r\n나", 5}, {"가\n나", 5}, {"\r\n\r\n", 2},
        {"\r", 1}, {"가\r나", 5}, {"ａ①★", 6},   {"뷁", 2},       {"😀", 2},      {"가😀나", 6},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(measured(cases[i].text).bytes, cases[i].bytes);
}

static struct str lost_of(const char *text)
{
    struct sms sms = measured(text);
    BUF(out, 10000);
    for (size_t i = 0; i < sms.lost_count; i++) {
        buf_str(&out, sms.lost[i]);
        buf_char(&out, '|');
    }
    return str_dup(&w.arena, buf_view(&out));
}

/* EUC-KR proper has 2,350 syllables; CP949, which Windows calls the same, has all. */
static void what_would_be_lost_is_named_once(void **state)
{
    (void)state;
    static const struct {
        const char *text, *lost;
    } cases[] = {
        {"안녕하세요 Kim, ①★→♥ 漢字 ＡＢ", ""},
        {"뷁 똠방각하", "뷁|똠|"},
        {"😀가😀나❤️😀", "😀|❤️|"},
        {"👩‍👧님", "👩‍👧|"}, /* several code points, one character for people */
        {"\u1100\u1161", "\u1100\u1161|"},
        {"café", "é|"},
        {"a\u200bb", "\u200b|"},
        {"1\u00a02", "\u00a0|"},
        {"가\r\n나\t다", ""},
    };
    arena_init(&w.arena, ARENA_MAX_DEFAULT);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(lost_of(cases[i].text).ptr, cases[i].lost);
    BUF(many, 10000);
    for (uint32_t c = 0; c < SMS_LOST_MAX + 20; c++) /* Arabic and on: two bytes each */
        buf_printf(&many, "%c%c ", (int)(0xD8 | c >> 6), (int)(0x80 | (c & 0x3F)));
    struct sms sms;
    sms_measure(buf_view(&many), &sms);
    assert_int_equal(sms.lost_count, SMS_LOST_MAX);
    arena_free(&w.arena);
}

static void ninety_bytes_are_the_end_of_an_sms(void **state)
{
    (void)state;
    static const struct {
        int64_t bytes, limit;
        const char *kind;
    } cases[] = {
        {0, SMS_MAX, "SMS"},
        {SMS_MAX, SMS_MAX, "SMS"},
        {SMS_MAX + 1, LMS_MAX, "LMS"},
        {LMS_MAX, LMS_MAX, "LMS"},
        {LMS_MAX + 1, LMS_MAX, "too_long"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        BUF(text, 10000);
        for (int64_t n = 0; n < cases[i].bytes; n++)
            buf_char(&text, 'x');
        struct sms sms;
        sms_measure(buf_view(&text), &sms);
        assert_int_equal(sms.bytes, cases[i].bytes);
        assert_int_equal(sms.limit, cases[i].limit);
        assert_true(str_eq(sms.kind, str_c(cases[i].kind)));
    }
}

/* ---- ground ---- */

static struct scope *begin(void)
{
    arena_free(&w.arena);
    scope = (struct scope){.company = 1, .db = db, .arena = &w.arena, .clock = &w.clock};
    return &scope;
}

static void group_put(int64_t company, int64_t id)
{
    char name[16];
    snprintf(name, sizeof name, "g%d", (int)id);
    world_exec(&w,
               "INSERT INTO contact_group (company_id, id, name, description, is_default,"
               " member_count, created_at) VALUES ($1, $2, $3, '', 0, 0, 0)",
               DB_ARGS(DB_N(company), DB_N(id), DB_S(str_c(name))));
}

static void member_put(int64_t group, int64_t contact)
{
    world_exec(&w, "INSERT INTO group_member (company_id, group_id, contact_id) VALUES (1, $1, $2)",
               DB_ARGS(DB_N(group), DB_N(contact)));
    world_exec(&w,
               "UPDATE contact_group SET member_count = member_count + 1"
               " WHERE company_id = 1 AND id = $1",
               DB_ARGS(DB_N(group)));
}

/* The n-th person has the contact id n * 10. */
static int64_t person(const char *name, const char *number)
{
    char phone[16];
    int64_t id = ++people * 10;
    snprintf(phone, sizeof phone, "010%08d", 20000000 + (int)people);
    struct str attributes =
        number ? str_printf(&w.arena, "{\"주문번호\":\"%s\",\"x\":\"y\"}", number) : STR("{}");
    world_exec(&w,
               "INSERT INTO contact (company_id, id, name, phone, attributes, created_at,"
               " updated_at) VALUES (1, $1, $2, $3, $4, 0, 0)",
               DB_ARGS(DB_N(id), DB_S(str_c(name)), DB_S(str_c(phone)), DB_S(attributes)));
    member_put(GROUP, id);
    return id;
}

/* As many people called 가 with the number 1, in two statements. */
static void crowd(int64_t count)
{
    world_exec(&w,
               "INSERT INTO contact (company_id, id, name, phone, attributes, created_at,"
               " updated_at) WITH RECURSIVE n(i) AS (SELECT CAST($1 AS bigint) UNION ALL"
               " SELECT i + 1 FROM n WHERE i < $2) SELECT 1, i * 10, '가',"
               " '010' || CAST(20000000 + i AS text), '{\"주문번호\":\"1\"}', 0, 0 FROM n",
               DB_ARGS(DB_N(people + 1), DB_N(people + count)));
    world_exec(&w,
               "INSERT INTO group_member (company_id, group_id, contact_id)"
               " SELECT 1, 2, id FROM contact WHERE company_id = 1 AND id > $1",
               DB_ARGS(DB_N(people * 10)));
    people += count;
    world_exec(&w, "UPDATE contact_group SET member_count = $1 WHERE company_id = 1 AND id = 2",
               DB_ARGS(DB_N(people)));
}

/* Changes one of them. */
static void person_change(int64_t position, const char *name, const char *attributes)
{
    world_exec(&w, "UPDATE contact SET name = $1, attributes = $2 WHERE company_id = 1 AND id = $3",
               DB_ARGS(DB_S(str_c(name)), DB_S(str_c(attributes)), DB_N(position * 10)));
}

static int setup(void **state)
{
    (void)state;
    world_begin(&w, engine);
    db = store_borrow(w.store);
    assert_non_null(db);
    people = 0;
    for (int64_t company = 1; company <= 2; company++) {
        world_company(&w, company);
        world_exec(
            &w,
            "INSERT INTO sender_profile (company_id, id, name, gateway, base_url, user_id,"
            " api_key, sender_key, sender_number, status, status_text, request_rate,"
            " message_rate, request_level, message_level, level_at, slow_until, slow_step,"
            " created_at) VALUES ($1, 1, 'p', 'practice', '', '', '', '', '', 'ok', '', 1, 1,"
            " 0, 0, 0, 0, 0, 0)",
            DB_ARGS(DB_N(company)));
        group_put(company, GROUP);
        group_put(company, OTHERS);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    store_return(&db);
    world_end(&w);
    return 0;
}

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

static void template_put(struct template t)
{
    struct template_sync synced;
    w.now += SECOND_MS;
    assert_int_equal(template_sync(begin(), 1, &t, 1, &synced), PROBLEM_NONE);
}

static const struct campaign_value by_attribute[] = {
    {STR_INIT("이름"), STR_INIT(""), VALUE_NAME},
    {STR_INIT("번호"), STR_INIT("주문번호"), VALUE_ATTRIBUTE},
};

/* The only template, to everybody, with names and numbers. */
static struct preview_wish wish_of(enum preview_jump jump, int64_t position)
{
    return (struct preview_wish){
        .template = 1,
        .form = {.values = by_attribute,
                 .value_count = COUNT_OF(by_attribute),
                 .tracking_base = STR_INIT("https://go.example/r/")},
        .who = {.groups = {GROUP}, .group_count = 1},
        .jump = jump,
        .position = position,
    };
}

static struct preview made(const struct preview_wish *wish)
{
    struct preview p;
    assert_int_equal(preview_make(begin(), wish, &p), PROBLEM_NONE);
    return p;
}

static struct preview preview(enum preview_jump jump, int64_t position)
{
    struct preview_wish wish = wish_of(jump, position);
    return made(&wish);
}

/* "fixed[value]{missing}" */
static const char *shown(const struct preview_text *text)
{
    BUF(out, 100000);
    for (size_t i = 0; i < text->count; i++) {
        static const char around[][2] = {{0}, {'[', ']'}, {'{', '}'}};
        const char *sign = around[text->pieces[i].kind];
        assert_true(text->pieces[i].text.len > 0);
        buf_append(&out, sign, *sign != 0);
        buf_str(&out, text->pieces[i].text);
        buf_append(&out, sign + 1, *sign != 0);
    }
    return str_dup(&w.arena, buf_view(&out)).ptr;
}

static void at(const struct preview *p, int64_t position, int64_t contact)
{
    assert_int_equal(p->place.position, position);
    assert_int_equal(p->place.contact, contact);
    assert_int_equal(p->who.contact, contact);
    assert_int_equal(p->place.total, people);
}

/* ---- who ---- */

static void people_stand_in_the_order_of_their_ids(void **state)
{
    (void)state;
    template_put(template_of("#{이름}님 #{번호}"));
    crowd(1234);
    struct preview p = preview(PREVIEW_AT, 0);
    at(&p, 1, 10);
    p = preview(PREVIEW_AT, 1234);
    at(&p, 1234, 12340);
    p = preview(PREVIEW_AT, 1235);
    assert_int_equal(p.place.position, 0);
    assert_int_equal(p.place.total, 1234);
    /* from anywhere to anywhere, and all of it the same when the place is known */
    for (int i = 0; i < 40; i++) {
        int64_t from = 1 + (int64_t)world_lot(1234), to = 1 + (int64_t)world_lot(1236);
        if (i % 4 == 0)
            to = from - 1 + (int64_t)world_lot(3);
        struct preview_wish wish = wish_of(PREVIEW_AT, to);
        wish.known = (struct preview_place){from * 10, from, people};
        p = made(&wish);
        if (to == 0)
            wish.position = to = 1; /* not given */
        to <= people ? at(&p, to, to * 10) : assert_int_equal(p.place.position, 0);
    }
}

/* Who has left meanwhile is followed by who comes next; nothing is counted again. */
static void a_known_place_is_taken_as_it_was(void **state)
{
    (void)state;
    template_put(template_of("#{이름}님 #{번호}"));
    crowd(9);
    world_exec(&w, "DELETE FROM group_member WHERE company_id = 1 AND contact_id = 50", DB_NO_ARGS);
    struct preview_wish wish = wish_of(PREVIEW_AT, 5);
    wish.known = (struct preview_place){50, 5, 9};
    struct preview p = made(&wish);
    at(&p, 5, 60);
    wish.position = 4;
    p = made(&wish);
    at(&p, 4, 40);
    /* of another company's people nothing is shown, whatever is claimed to be known */
    world_exec(&w,
               "INSERT INTO contact (company_id, id, name, phone, attributes, created_at,"
               " updated_at) VALUES (2, 95, 'other', '01099999999', '{}', 0, 0)",
               DB_NO_ARGS);
    world_exec(&w, "INSERT INTO group_member (company_id, group_id, contact_id) VALUES (2, 2, 95)",
               DB_NO_ARGS);
    wish.position = 9;
    wish.known = (struct preview_place){95, 9, 9};
    p = made(&wish);
    assert_int_equal(p.place.position, 0);
}

static void the_longest_text_is_found(void **state)
{
    (void)state;
    template_put(template_of("#{이름}님 #{번호}. #{번호}"));
    person("가나다라마바사아자차카타", "1");
    person("가", "😀😀😀😀"); /* twice, and each twice */
    person("가나다", "1234567");
    person("가", "😀😀😀😀");
    person("가나다라마바사아자차카타파하", NULL);
    struct preview p = preview(PREVIEW_LONGEST, 0);
    at(&p, 2, 20);
    assert_int_equal(p.length, 1 + 2 + 16 + 2);
    crowd(1200);
    p = preview(PREVIEW_LONGEST, 3); /* a position says nothing here */
    at(&p, 2, 20);
    person("가", "123456789");
    p = preview(PREVIEW_LONGEST, 0);
    at(&p, people, people * 10);
}

static void what_is_missing_is_found_one_after_the_other(void **state)
{
    (void)state;
    template_put(template_of("#{이름}님 #{번호}"));
    crowd(1100);
    person_change(3, "가", "{}");
    person_change(700, "", "{\"주문번호\":\"1\"}");
    person_change(1001, "가", "{\"다른 것\":\"1\"}");
    person_change(1002, "가", "{\"주문번호\":\"\"}");
    static const int64_t found[] = {3, 700, 1001, 1002};
    int64_t after = 0;
    for (size_t i = 0; i < COUNT_OF(found); i++) {
        struct preview p = preview(PREVIEW_MISSING, after);
        at(&p, found[i], found[i] * 10);
        assert_int_equal(p.missing_count, 1);
        assert_true(str_starts(p.reason, STR("value_missing:")));
        after = found[i];
    }
    struct preview p = preview(PREVIEW_MISSING, after);
    assert_int_equal(p.place.position, 0);
    assert_int_equal(p.place.total, 1100);
    p = preview(PREVIEW_MISSING, 5000); /* there is nobody to begin behind */
    assert_int_equal(p.place.position, 0);
}

static void without_a_source_everybody_misses_it(void **state)
{
    (void)state;
    template_put(template_of("#{이름}님 #{번호} #{때}"));
    crowd(3);
    struct preview p = preview(PREVIEW_MISSING, 1);
    at(&p, 2, 20);
    assert_string_equal(shown(&p.body), "[가]님 [1] {때}");
    struct preview_wish wish = wish_of(PREVIEW_MISSING, 0);
    wish.form.value_count = 0;
    p = made(&wish);
    at(&p, 1, 10);
    assert_int_equal(p.missing_count, 3);
    /* and when all is the same for everybody there is nothing to look for */
    static const struct campaign_value same[] = {{STR_INIT("이름"), STR_INIT("a"), VALUE_TEXT},
                                                 {STR_INIT("번호"), STR_INIT("b"), VALUE_TEXT},
                                                 {STR_INIT("때"), STR_INIT("c"), VALUE_TEXT}};
    wish.form.values = same;
    wish.form.value_count = COUNT_OF(same);
    p = made(&wish);
    assert_int_equal(p.place.position, 0);
    wish.jump = PREVIEW_LONGEST;
    p = made(&wish);
    at(&p, 1, 10);
    assert_string_equal(shown(&p.body), "[a]님 [b] [c]");
}

static void nobody_sees_what_is_the_same_for_all(void **state)
{
    (void)state;
    template_put(template_of("#{이름}님, 택배사는 #{번호}"));
    static const struct campaign_value values[] = {
        {STR_INIT("이름"), STR_INIT(""), VALUE_NAME},
        {STR_INIT("번호"), STR_INIT("한진"), VALUE_TEXT}};
    for (int jump = PREVIEW_AT; jump <= PREVIEW_MISSING; jump++) {
        struct preview_wish wish = wish_of((enum preview_jump)jump, 0);
        wish.form.values = values;
        struct preview p = made(&wish);
        assert_int_equal(p.place.position + p.place.total + p.who.contact, 0);
        assert_string_equal(shown(&p.body), "{이름}님, 택배사는 [한진]");
        assert_int_equal(p.reason.len, 0);
        assert_int_equal(p.length, 10);
        assert_int_equal(p.missing_count, 1);
    }
}

static void groups_are_joined_and_taken_away(void **state)
{
    (void)state;
    template_put(template_of("#{이름}님 #{번호}"));
    for (int i = 0; i < 6; i++)
        person("가", i == 4 ? NULL : "1");
    group_put(1, 4);
    member_put(OTHERS, 20);
    member_put(OTHERS, 40);
    member_put(4, 40);
    member_put(4, 60);
    struct preview_wish wish = wish_of(PREVIEW_AT, 2);
    wish.who = (struct recipients_choice){.groups = {OTHERS, 4}, .group_count = 2};
    struct preview p = made(&wish);
    assert_int_equal(p.place.total, 3);
    assert_int_equal(p.who.contact, 40);
    wish.who = (struct recipients_choice){
        .groups = {GROUP, 4}, .group_count = 2, .except = {OTHERS}, .except_count = 1};
    p = made(&wish);
    assert_int_equal(p.place.total, 4);
    assert_int_equal(p.who.contact, 30);
    wish.known = p.place;
    wish.position = 1;
    p = made(&wish);
    assert_int_equal(p.who.contact, 10);
    wish.known.contact = 0;
    wish.jump = PREVIEW_MISSING;
    p = made(&wish);
    assert_int_equal(p.place.position, 3); /* 10, 30, 50, 60 */
    assert_int_equal(p.who.contact, 50);
}

/* ---- what ---- */

static void pieces_say_what_was_put_in(void **state)
{
    (void)state;
    struct template t = template_of("#{이름}#{번호}\r\n 끝 #{이름}");
    t.emphasis = STR("TEXT");
    t.title = STR("#{번호}번");
    t.extra = STR("부가");
    template_put(t);
    person("#{번호}", "  가 ");
    person("나", NULL);
    struct preview p = preview(PREVIEW_AT, 1);
    assert_string_equal(shown(&p.body), "[#{번호}][  가 ]\r\n 끝 [#{번호}]");
    assert_string_equal(shown(&p.title), "[  가 ]번");
    assert_int_equal(p.length, 5 + 4 + 5 + 5 + 2); /* the extra text counts */
    assert_int_equal(p.title_length, 5);
    assert_int_equal(p.fallback.bytes, 7 + 5 + 5 + 7);
    assert_int_equal(p.missing_count, 0);
    assert_int_equal(p.reason.len, 0);
    p = preview(PREVIEW_AT, 2);
    assert_string_equal(shown(&p.body), "[나]{번호}\r\n 끝 [나]");
    assert_int_equal(p.missing_count, 1);
    assert_true(str_eq(p.missing[0], STR("번호")));
    assert_true(str_eq(p.reason, STR("value_missing:번호")));
    assert_int_equal(p.length, 1 + 5 + 1 + 2);
    assert_int_equal(p.title_length, 1);
}

static void links_are_filled_in_or_become_samples(void **state)
{
    (void)state;
    struct template t = template_of("안내");
    t.buttons[0] = button_of("https://#{링크}", "https://shop.example/");
    t.buttons[1] = button_of("https://shop.example/", "https://shop.example/#{번호}");
    t.button_count = 2;
    template_put(t);
    person("가", "7");
    person("나", NULL);
    struct preview p = preview(PREVIEW_AT, 1);
    assert_int_equal(p.button_count, 2);
    assert_true(p.tracked[0] && !p.tracked[1]);
    assert_true(str_starts(p.buttons[0].mobile, STR("https://go.example/r/")));
    assert_int_equal(p.buttons[0].mobile.len, strlen("https://go.example/r/") + TOKEN_LENGTH);
    assert_true(str_eq(p.buttons[0].pc, STR("https://shop.example/")));
    assert_true(str_eq(p.buttons[1].pc, STR("https://shop.example/7")));
    assert_int_equal(p.missing_count + p.reason.len, 0);
    p = preview(PREVIEW_AT, 2);
    assert_true(str_eq(p.buttons[1].pc, STR("https://shop.example/#{번호}")));
    assert_int_equal(p.missing_count, 1);
    /* a link that was approved for another host differs for everybody */
    t.buttons[0].mobile = STR("https://other.example/#{링크}");
    template_put(t);
    p = preview(PREVIEW_AT, 1);
    assert_true(str_eq(p.reason, STR("button_mismatch")));
}

static void who_gets_nothing_is_told_why(void **state)
{
    (void)state;
    template_put(template_of("#{이름}님 #{번호}"));
    person("가", "1");
    person("나", NULL);
    BUF(longer, 10000);
    for (int i = 0; i < TEMPLATE_BODY_MAX - 3; i++)
        buf_str(&longer, STR("가"));
    person("다", str_z(&w.arena, buf_view(&longer)));
    buf_str(&longer, STR("가"));
    person("라", str_z(&w.arena, buf_view(&longer)));
    struct preview p = preview(PREVIEW_AT, 3);
    assert_int_equal(p.length, TEMPLATE_BODY_MAX);
    assert_int_equal(p.reason.len, 0);
    assert_true(str_eq(p.fallback.kind, STR("LMS")));
    p = preview(PREVIEW_AT, 4);
    assert_int_equal(p.length, TEMPLATE_BODY_MAX + 1);
    assert_true(str_eq(p.reason, STR("text_too_long")));
    /* the sentence of the channel button counts, too */
    struct template t = template_of("#{이름}님 #{번호}");
    t.type = STR("AD");
    template_put(t);
    p = preview(PREVIEW_AT, 3);
    assert_int_equal(p.limit, TEMPLATE_BODY_MAX - TEMPLATE_ADVERT_ROOM);
    assert_true(str_eq(p.reason, STR("text_too_long")));
    /* another company's list says nothing of ours */
    for (int64_t company = 2; company >= 1; company--) {
        p = preview(PREVIEW_AT, 1);
        assert_int_equal(p.reason.len, 0);
        world_exec(&w,
                   "INSERT INTO suppression (company_id, id, phone, reason, note, created_by,"
                   " created_at) SELECT $1, id, phone, 'manual', '', 0, 0 FROM contact"
                   " WHERE company_id = 1 AND id <= 20",
                   DB_ARGS(DB_N(company)));
    }
    p = preview(PREVIEW_AT, 1);
    assert_true(str_eq(p.reason, STR("suppressed")));
    assert_string_equal(shown(&p.body), "[가]님 [1]"); /* it is shown all the same */
    assert_int_equal(p.place.total, 4);
    p = preview(PREVIEW_AT, 2); /* what the check says first, too */
    assert_true(str_eq(p.reason, STR("suppressed")));
    assert_int_equal(p.missing_count, 1);
}

static void what_is_wrong_with_the_wish_is_told(void **state)
{
    (void)state;
    struct preview p;
    template_put(template_of("안내"));
    struct preview_wish wish = wish_of(PREVIEW_AT, 1);
    wish.template = 2;
    wish.who.groups[0] = 77;
    assert_int_equal(preview_make(begin(), &wish, &p), PROBLEM_INVALID);
    assert_int_equal(scope.error_count, 2);
    assert_string_equal(scope.errors[0].field, "template_id");
    BUF(many, 10000);
    for (int i = 0; i <= PATTERN_PLACES_MAX; i++)
        buf_str(&many, STR("#{x}"));
    buf_char(&many, '\0');
    template_put(template_of(many.ptr));
    wish = wish_of(PREVIEW_AT, 1);
    assert_int_equal(preview_make(begin(), &wish, &p), PROBLEM_TEMPLATE_NOT_SENDABLE);
}

/* Everybody's preview says what the check freezes: text, links but for the token, reason. */
static void the_check_freezes_what_was_shown(void **state)
{
    (void)state;
    static const char *const names[] = {"가", "", "#{번호}", " 나 ", "👩‍👧"};
    static const char *const numbers[] = {"1", NULL, "", "}#{이름}", "긴 값이 여기에 있습니다"};
    struct template t = template_of("#{이름}님 #{번호}");
    t.buttons[0] = button_of("https://#{링크}", "");
    t.buttons[1] = button_of("https://shop.example/", "https://shop.example/#{번호}");
    t.button_count = 2;
    template_put(t);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        for (size_t n = 0; n < COUNT_OF(numbers); n++)
            person(names[i], numbers[n]);
    world_exec(&w,
               "INSERT INTO suppression (company_id, id, phone, reason, note, created_by,"
               " created_at) SELECT 1, id, phone, 'manual', '', 0, 0 FROM contact"
               " WHERE company_id = 1 AND id IN (30, 40, 250)",
               DB_NO_ARGS);
    struct campaign_link link = {1, STR_INIT("https://shop.example/")};
    struct campaign_draft draft = {.name = STR_INIT("발송"),
                                   .template = 1,
                                   .recipients = {.groups = {GROUP}, .group_count = 1},
                                   .values = by_attribute,
                                   .value_count = COUNT_OF(by_attribute),
                                   .links = &link,
                                   .link_count = 1};
    struct campaign_tracking tracking = {STR_INIT("https://go.example/r/")};
    int64_t id;
    assert_int_equal(campaign_create(begin(), &draft, &id), PROBLEM_NONE);
    assert_int_equal(campaign_check(begin(), id, &tracking), PROBLEM_NONE);
    for (int64_t i = 1; i <= people; i++) {
        struct preview p = preview(PREVIEW_AT, i);
        BUF(body, 10000);
        for (size_t k = 0; k < p.body.count; k++)
            if (p.body.pieces[k].kind == PREVIEW_NOTHING)
                buf_printf(&body, "#{%.*s}", STR_ARG(p.body.pieces[k].text));
            else
                buf_str(&body, p.body.pieces[k].text);
        assert_int_equal(world_get(&w,
                                   "SELECT count(*) FROM message m JOIN message_content c"
                                   " ON c.company_id = m.company_id"
                                   " AND c.campaign_id = m.campaign_id AND c.ordinal = m.ordinal"
                                   " WHERE m.ordinal = $1 AND m.contact_id = $2"
                                   " AND coalesce(m.reason, '') = $3 AND c.body = $4"
                                   " AND c.buttons LIKE '%' || $5 || '%'",
                                   DB_ARGS(DB_N(i), DB_N(i * 10), DB_S(p.reason),
                                           DB_S(buf_view(&body)), DB_S(p.buttons[1].pc))),
                         1);
    }
}

/* Body, title, and number, order, names, types and links of the buttons: each of them counts. */
static void every_part_of_a_message_is_compared(void **state)
{
    (void)state;
    struct template t = template_of("#{이름}님\r\n안내");
    t.title = STR("#{번호}번");
    t.buttons[0] = button_of("https://#{링크}", "https://shop.example/");
    t.buttons[1] = button_of("https://shop.example/a", "https://shop.example/#{번호}");
    t.buttons[1].name = STR("더 보기");
    t.button_count = 2;
    struct rendering_form form = {.values = by_attribute,
                                  .value_count = COUNT_OF(by_attribute),
                                  .tracking_base = STR_INIT("https://go.example/r/")};
    struct person who = {.name = STR_INIT("가"), .attributes = STR_INIT("{\"주문번호\":\"7\"}")};
    struct rendering_tokens tokens = {{"AbCdEfGhIjK", "AbCdEfGhIjK"}};
    struct rendering plan;
    struct rendering_values values;
    struct rendered good = {.reason = STR_INIT("")};
    struct scope s = {.arena = &w.arena};
    arena_init(&w.arena, ARENA_MAX_DEFAULT);
    assert_int_equal(rendering_plan(&s, &t, &form, &plan), PROBLEM_NONE);
    rendering_look_up(&plan, &who, &w.arena, &values);
    rendering_render(&plan, &values, &tokens, &w.arena, &good);
    assert_int_equal(good.reason.len + rendering_difference(&plan, &good).len, 0);
    struct rendered bad[11];
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        bad[i] = good;
    bad[0].body = STR("가님\n안내");
    bad[1].title = STR("7번 ");
    bad[2].button_count = 1;
    bad[3].buttons[0] = good.buttons[1], bad[3].buttons[1] = good.buttons[0];
    bad[4].buttons[1].name = STR("더보기");
    bad[5].buttons[1].type = STR("AL");
    bad[6].buttons[0].mobile = STR("http://go.example/r/AbCdEfGhIjK");
    bad[7].buttons[1].pc = STR("https://shop.example");
    bad[8].buttons[1].mobile = STR("https://shop.example/A");
    bad[9].buttons[0].ios = STR("app://");
    bad[10].buttons[1].android = STR(" ");
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_true(str_eq(rendering_difference(&plan, &bad[i]),
                           i < 2 ? STR("template_mismatch") : STR("button_mismatch")));
    arena_free(&w.arena);
}

int main(void)
{
    const struct CMUnitTest texts[] = {
        cmocka_unit_test(kakao_counts_characters),
        cmocka_unit_test(a_text_message_is_counted_in_bytes_of_euc_kr),
        cmocka_unit_test(what_would_be_lost_is_named_once),
        cmocka_unit_test(ninety_bytes_are_the_end_of_an_sms),
        cmocka_unit_test(every_part_of_a_message_is_compared),
    };
    const struct CMUnitTest tests[] = {
        EACH(people_stand_in_the_order_of_their_ids),
        EACH(a_known_place_is_taken_as_it_was),
        EACH(the_longest_text_is_found),
        EACH(what_is_missing_is_found_one_after_the_other),
        EACH(without_a_source_everybody_misses_it),
        EACH(nobody_sees_what_is_the_same_for_all),
        EACH(groups_are_joined_and_taken_away),
        EACH(pieces_say_what_was_put_in),
        EACH(links_are_filled_in_or_become_samples),
        EACH(who_gets_nothing_is_told_why),
        EACH(what_is_wrong_with_the_wish_is_told),
        EACH(the_check_freezes_what_was_shown),
    };
    log_level_set(LOG_ERROR);
    world_seed();
    int failed = cmocka_run_group_tests_name("texts", texts, NULL, NULL);
    failed += cmocka_run_group_tests_name("previews on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("previews on PostgreSQL", tests, NULL, NULL);
    return failed;
}
