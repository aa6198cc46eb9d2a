/*
 * practice_test.c - the practice gateway called as a plain function: what it accepts, what it
 * refuses, what becomes of a receiver in time, and that all of it is still there afterwards.
 */
#include "base/json.h"
#include "gateway/form.h"
#include "gateway/practice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define START_MS INT64_C(1780000000000)

struct room {
    char folder[64], path[96];
    int64_t now;
    struct practice_options options;
    struct practice *p;
    struct arena a;
    struct buf form;
    struct practice_answer answer;
    json_t *tree;
};

static int64_t room_now(void *ctx)
{
    return ((struct room *)ctx)->now;
}

static int open_room(void **state)
{
    struct room *r = calloc(1, sizeof *r);
    strcpy(r->folder, "/tmp/practice-test-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    snprintf(r->path, sizeof r->path, "%s/practice.db", r->folder);
    arena_init(&r->a, ARENA_MAX_DEFAULT);
    buf_init(&r->form, (size_t)32 << 20);
    r->now = START_MS;
    r->options = practice_options_default();
    r->options.path = r->path;
    r->options.clock = (struct clock){room_now, r};
    r->options.history_lag_ms = 0;
    r->p = practice_open(&r->options);
    assert_non_null(r->p);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    char other[112];
    practice_close(&r->p);
    json_decref(r->tree);
    buf_free(&r->form);
    arena_free(&r->a);
    unlink(r->path);
    snprintf(other, sizeof other, "%s-wal", r->path);
    unlink(other);
    snprintf(other, sizeof other, "%s-shm", r->path);
    unlink(other);
    rmdir(r->folder);
    free(r);
    return 0;
}

static void reopen(struct room *r)
{
    practice_close(&r->p);
    r->p = practice_open(&r->options);
    assert_non_null(r->p);
}

/* ---- speaking to it ---- */

static void begin(struct room *r)
{
    buf_clear(&r->form);
    form_put(&r->form, "apikey", STR("key"));
    form_put(&r->form, "userid", STR("shop"));
}

/* Posts the form and parses the answer, if it is one. */
static void post(struct room *r, const char *path)
{
    practice_handle(r->p, str_c(path), buf_view(&r->form), &r->a, &r->answer);
    json_decref(r->tree);
    r->tree = json_parse(r->answer.body, &r->a, NULL);
}

static void begin_send(struct room *r, const char *template)
{
    begin(r);
    form_put(&r->form, "senderkey", practice_sender_key(&r->a, STR("shop")));
    form_put(&r->form, "tpl_code", str_c(template));
    form_put(&r->form, "sender", STR("0212345678"));
}

#define RIGHT                                                                                                          \
    "홍길동님, 새봄상점의 새 가족이 되신 것을 진심으로 환영합니다.\r\n\r\n- 회원 등급: " \
    "새싹\r\n- 가입일: 2026-05-01\r\n\r\n앞으로 주문과 배송 소식을 이 채널로 알려 드리겠습니다."

static void add(struct room *r, size_t n, const char *phone, const char *body)
{
    form_put_nth(&r->form, "receiver", n, str_c(phone));
    form_put_nth(&r->form, "subject", n, STR("안내"));
    form_put_nth(&r->form, "message", n, str_c(body));
}

static int64_t code(const struct room *r)
{
    int64_t n = INT64_MIN;
    assert_non_null(r->tree);
    assert_true(json_get_i64(r->tree, "code", &n) || json_get_i64(r->tree, "result_code", &n));
    return n;
}

static int64_t number(const json_t *object, const char *key)
{
    int64_t n = INT64_MIN;
    assert_true(json_get_i64(object, key, &n));
    return n;
}

static void assert_message(const struct room *r, const char *part)
{
    struct str message = json_get_str(r->tree, "message");
    assert_true(message.ptr && str_find(message, str_c(part), 0) >= 0);
}

static int64_t send_one(struct room *r, const char *phone, const char *body)
{
    begin_send(r, "TP_1005");
    add(r, 1, phone, body);
    post(r, "/akv10/alimtalk/send/");
    assert_int_equal(code(r), 0);
    return number(json_object_get(r->tree, "info"), "mid");
}

/* The row of one receiver in the detail, or NULL. */
static const json_t *detail(struct room *r, int64_t mid, const char *phone)
{
    begin(r);
    form_put(&r->form, "mid", str_printf(&r->a, "%lld", (long long)mid));
    post(r, "/akv10/history/detail/");
    assert_int_equal(code(r), 0);
    const json_t *list = json_object_get(r->tree, "list");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (str_eq(json_get_str(json_array_get(list, i), "phone"), str_c(phone)))
            return json_array_get(list, i);
    return NULL;
}

static const char *result(struct room *r, int64_t mid, const char *phone)
{
    const json_t *row = detail(r, mid, phone);
    return row ? json_string_value(json_object_get(row, "rslt")) : NULL;
}

static int64_t messages(struct room *r)
{
    buf_clear(&r->form);
    post(r, "/practice/status");
    return number(r->tree, "messages");
}

static void wish(struct room *r, const char *spec)
{
    assert_true(practice_wish(r->p, str_c(spec)));
}

/* ---- tests ---- */

static void accepts_and_settles(void **state)
{
    struct room *r = *state;
    int64_t mid = send_one(r, "01012345678", RIGHT);
    const json_t *row = detail(r, mid, "01012345678");
    if (row) { /* it may be missing at first */
        assert_int_equal(json_string_value(json_object_get(row, "msgid"))[0], 'Q');
        assert_string_equal(json_string_value(json_object_get(row, "rslt")), "");
    }
    r->now += r->options.result_delay_ms;
    assert_string_equal(result(r, mid, "01012345678"), "0");
    assert_int_not_equal(
        json_string_value(json_object_get(detail(r, mid, "01012345678"), "msgid"))[0], 'Q');
}

static void fails_by_phone_number_and_mismatch(void **state)
{
    static const struct {
        const char *phone, *body, *want;
    } rows[] = {
        {"01011110001", RIGHT, "A"},     {"01011110002", RIGHT, "B"},
        {"01011110003", RIGHT, "9"},     {"01000009903", RIGHT, "I"},
        {"01000009904", RIGHT, "5"},     {"01000009901", RIGHT, ""},
        {"01000009902", RIGHT, NULL},    {"01011112222", "다른 글", "U"},
        {"01011112222", RIGHT " ", "U"}, {"01011112222", RIGHT, "0"},
    };
    struct room *r = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t mid = send_one(r, rows[i].phone, rows[i].body);
        r->now += DAY_MS;
        const char *got = result(r, mid, rows[i].phone);
        if (rows[i].want)
            assert_string_equal(got, rows[i].want);
        else
            assert_null(got);
    }
}

static void refuses_as_a_whole(void **state)
{
    struct room *r = *state;
    static const struct {
        const char *drop, *name, *value, *message;
    } rows[] = {
        {"apikey", NULL, NULL, "(=apikey)"},
        {"userid", NULL, NULL, "(=userid)"},
        {"senderkey", NULL, NULL, "(=senderkey)"},
        {"senderkey", "senderkey", "abc", "발신프로필"},
        {"tpl_code", NULL, NULL, "(=tpl_code)"},
        {"tpl_code", "tpl_code", "TP_9999", "템플릿코드가 존재하지 않습니다"},
        {"tpl_code", "tpl_code", "TP_1008", "발송할 수 없는 상태"},
        {"tpl_code", "tpl_code", "TP_1009", "발송할 수 없는 상태"},
        {"tpl_code", "tpl_code", "TP_1010", "발송할 수 없는 상태"},
        {"tpl_code", "tpl_code", "TP_1012", "휴면 상태"},
        {"sender", NULL, NULL, "(=sender)"},
        {"sender", "sender", "02-123-4567", "발신번호"},
        {"receiver_1", NULL, NULL, "(=receiver_1)"},
        {"subject_1", NULL, NULL, "(=subject_1)"},
        {"message_1", NULL, NULL, "(=message_1)"},
        {NULL, "receiver_3", "01011113333", "(=receiver_2)"},
        {NULL, "receiver_501", "01011113333", "500"},
        {NULL, "recvname_1", "", "수신자명"},
        {NULL, "recvname_1", "-", "수신자명"},
        {NULL, "message_1", "\xff", "인코딩"},
        {NULL, "senddate", "tomorrow", "예약일시"},
        {"receiver_1", "receiver_1", "0212345678", "유효한 수신번호"},
        {NULL, "failover", "Y", "(=fsubject_1)"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        BUF(form, 1 << 20);
        begin_send(r, "TP_1005");
        add(r, 1, "01011112222", RIGHT);
        struct str rest = buf_view(&r->form), name, value;
        while (form_next(&r->a, &rest, &name, &value))
            if (!rows[i].drop || !str_eq(name, str_c(rows[i].drop)))
                form_put(&form, str_z(&r->a, name), value);
        if (rows[i].name)
            form_put(&form, rows[i].name, str_c(rows[i].value));
        buf_clear(&r->form);
        buf_str(&r->form, buf_view(&form));
        post(r, "/akv10/alimtalk/send/");
        assert_true(code(r) < 0);
        assert_message(r, rows[i].message);
        assert_int_equal(messages(r), 0);
    }
}

static void takes_a_phone_once(void **state)
{
    struct room *r = *state;
    begin_send(r, "TP_1005");
    add(r, 1, "01011112222", RIGHT);
    add(r, 2, "01011112222", RIGHT);
    add(r, 3, "0311234567", RIGHT);
    post(r, "/akv10/alimtalk/send");
    assert_int_equal(code(r), 0);
    assert_int_equal(number(json_object_get(r->tree, "info"), "scnt"), 1);
    assert_int_equal(number(json_object_get(r->tree, "info"), "fcnt"), 2);
    assert_int_equal(messages(r), 1);
}

static void runs_out_of_points(void **state)
{
    struct room *r = *state;
    send_one(r, "01011112222", RIGHT);
    buf_clear(&r->form);
    buf_lit(&r->form, "{\"user_id\":\"shop\",\"points\":6}");
    post(r, "/practice/points");
    begin_send(r, "TP_1005");
    add(r, 1, "01011112222", RIGHT);
    post(r, "/akv10/alimtalk/send/");
    assert_int_equal(code(r), -99);
    assert_message(r, "포인트가 부족합니다.");
    assert_int_equal(messages(r), 1);
}

static void pages_are_real(void **state)
{
    struct room *r = *state;
    char phone[16];
    begin_send(r, "TP_1005");
    for (size_t n = 1; n <= 120; n++) {
        snprintf(phone, sizeof phone, "0102000%04zu", n + 100);
        add(r, n, phone, RIGHT);
    }
    post(r, "/akv10/alimtalk/send/");
    int64_t mid = number(json_object_get(r->tree, "info"), "mid");
    r->now += DAY_MS;
    static const size_t rows[] = {50, 50, 20, 0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        begin(r);
        form_put(&r->form, "mid", str_printf(&r->a, "%lld", (long long)mid));
        form_put(&r->form, "page", str_printf(&r->a, "%zu", i + 1));
        form_put(&r->form, "limit", STR("500"));
        post(r, "/akv10/history/detail/");
        assert_int_equal(json_array_size(json_object_get(r->tree, "list")), rows[i]);
        assert_int_equal(number(r->tree, "totalPage"), 3);
        assert_int_equal(number(r->tree, "totalCount"), 120);
    }
}

static void history_is_newest_first_and_by_day(void **state)
{
    struct room *r = *state;
    int64_t first = send_one(r, "01011112222", RIGHT);
    r->now += 2 * DAY_MS;
    int64_t second = send_one(r, "01011112222", RIGHT);
    begin(r);
    post(r, "/akv10/history/list/");
    const json_t *list = json_object_get(r->tree, "list");
    assert_int_equal(json_array_size(list), 2);
    assert_int_equal(number(json_array_get(list, 0), "mid"), second);
    assert_int_equal(number(json_array_get(list, 1), "mid"), first);
    begin(r);
    form_put(&r->form, "startdate", kst_date_compact(&r->a, START_MS));
    form_put(&r->form, "enddate", kst_date_compact(&r->a, START_MS));
    post(r, "/akv10/history/list/");
    list = json_object_get(r->tree, "list");
    assert_int_equal(json_array_size(list), 1);
    assert_int_equal(number(json_array_get(list, 0), "mid"), first);
}

static void booked_can_be_cancelled_until_five_minutes_before(void **state)
{
    struct room *r = *state;
    int64_t mids[2];
    struct str due = kst_format(&r->a, START_MS + HOUR_MS);
    const char *t = due.ptr;
    for (size_t i = 0; i < 2; i++) {
        begin_send(r, "TP_1005");
        form_put(
            &r->form, "senddate",
            str_printf(&r->a, "%.4s%.2s%.2s%.2s%.2s%.2s", t, t + 5, t + 8, t + 11, t + 14, t + 17));
        add(r, 1, "01011112222", RIGHT);
        post(r, "/akv10/alimtalk/send/");
        mids[i] = number(json_object_get(r->tree, "info"), "mid");
    }
    for (size_t i = 0; i < 2; i++) {
        r->now = START_MS + (i == 0 ? 55 : 56) * MINUTE_MS;
        begin(r);
        form_put(&r->form, "mid", str_printf(&r->a, "%lld", (long long)mids[i]));
        post(r, "/akv10/cancel/");
        assert_true(i == 0 ? code(r) >= 0 : code(r) == -99);
    }
    r->now = START_MS + DAY_MS;
    assert_string_equal(result(r, mids[0], "01011112222"), "");
    assert_string_equal(result(r, mids[1], "01011112222"), "0");
}

static void strict_refuses_a_mismatch_at_once(void **state)
{
    struct room *r = *state;
    r->options.strict = true;
    reopen(r);
    begin_send(r, "TP_1005");
    add(r, 1, "01011112222", "다른 글");
    post(r, "/akv10/alimtalk/send/");
    assert_int_equal(code(r), -99);
    assert_message(r, "템플릿과 일치하지");
    assert_int_equal(messages(r), 0);
}

static void keeps_a_pace(void **state)
{
    struct room *r = *state;
    r->options.sends_per_second = 2;
    reopen(r);
    for (int i = 0; i < 4; i++) {
        begin_send(r, "TP_1005");
        add(r, 1, "01011112222", RIGHT);
        post(r, "/akv10/alimtalk/send/");
        assert_int_equal(code(r), i == 2 ? -99 : 0);
        if (i == 2) {
            assert_message(r, "초당 발송 한도");
            r->now += SECOND_MS;
        }
    }
    assert_int_equal(messages(r), 3);
}

static void only_listed_accounts(void **state)
{
    struct room *r = *state;
    r->options.accounts = STR("other:secret,shop:right");
    reopen(r);
    begin(r);
    post(r, "/akv10/heartinfo/");
    assert_int_equal(code(r), -99);
    assert_message(r, "등록되지 않은 인증키");
    r->options.accounts = STR("shop:key");
    reopen(r);
    begin(r);
    post(r, "/akv10/heartinfo/");
    assert_true(code(r) >= 0);
}

static void test_mode_leaves_nothing(void **state)
{
    struct room *r = *state;
    begin_send(r, "TP_1005");
    form_put(&r->form, "testMode", STR("Y"));
    add(r, 1, "01011112222", RIGHT);
    post(r, "/akv10/alimtalk/send/");
    assert_int_equal(code(r), 0);
    assert_int_equal(messages(r), 0);
}

static void faults_happen_as_wished(void **state)
{
    static const struct {
        const char *fault;
        int64_t accepted;
        int status;
        enum practice_cut cut;
    } rows[] = {
        {"ok", 1, 200, PRACTICE_CUT_NONE},
        {"cut-before", 0, 200, PRACTICE_CUT_ALL},
        {"cut-after", 1, 200, PRACTICE_CUT_ALL},
        {"half", 1, 200, PRACTICE_CUT_HALF},
        {"hang", 1, 200, PRACTICE_CUT_HANG},
        {"hang-before", 0, 200, PRACTICE_CUT_HANG},
        {"5xx", 0, 502, PRACTICE_CUT_NONE},
        {"5xx-after", 1, 502, PRACTICE_CUT_NONE},
        {"html", 0, 200, PRACTICE_CUT_NONE},
        {"html-after", 1, 200, PRACTICE_CUT_NONE},
        {"delay:200", 1, 200, PRACTICE_CUT_NONE},
        {"refuse:-99:안 됩니다", 0, 200, PRACTICE_CUT_NONE},
    };
    struct room *r = *state;
    int64_t before = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        wish(r, str_printf(&r->a, "send=%s", rows[i].fault).ptr);
        begin_send(r, "TP_1005");
        add(r, 1, "01011112222", RIGHT);
        post(r, "/akv10/alimtalk/send/");
        assert_int_equal(r->answer.http_status, rows[i].status);
        assert_int_equal(r->answer.cut, rows[i].cut);
        int64_t now = messages(r);
        assert_int_equal(now - before, rows[i].accepted);
        before = now;
    }
    assert_int_equal(r->answer.delay_ms, 0);
}

static void wishes_survive_and_are_used_up(void **state)
{
    struct room *r = *state;
    wish(r, "send=cut-before,refuse:-101:인증오류입니다.");
    reopen(r);
    begin_send(r, "TP_1005");
    add(r, 1, "01011112222", RIGHT);
    post(r, "/akv10/alimtalk/send/");
    assert_int_equal(r->answer.cut, PRACTICE_CUT_ALL);
    reopen(r);
    post(r, "/akv10/alimtalk/send/");
    assert_int_equal(code(r), -101);
    post(r, "/akv10/alimtalk/send/");
    assert_int_equal(code(r), 0);
}

static void rates_are_kept_within_reason(void **state)
{
    struct room *r = *state;
    int cut = 0;
    wish(r, "balance=cut-after@0.25");
    for (int i = 0; i < 400; i++) {
        begin(r);
        post(r, "/akv10/heartinfo/");
        cut += r->answer.cut == PRACTICE_CUT_ALL;
    }
    assert_in_range(cut, 60, 140);
    wish(r, "balance=cut-after@0");
    for (int i = 0; i < 20; i++) {
        begin(r);
        post(r, "/akv10/heartinfo/");
        assert_int_equal(r->answer.cut, PRACTICE_CUT_NONE);
    }
}

static void wishes_not_understood_are_refused(void **state)
{
    static const char *const specs[] = {
        "",
        "send",
        "send=",
        "send=nothing",
        "nowhere=ok",
        "send=ok@2",
        "send=ok@x",
        "send=delay:",
        "send=delay:-1",
        "send=refuse:-99",
        "send=ok,nothing",
    };
    struct room *r = *state;
    for (size_t i = 0; i < COUNT_OF(specs); i++)
        assert_false(practice_wish(r->p, str_c(specs[i])));
    buf_clear(&r->form);
    buf_lit(&r->form, "{\"endpoint\":\"send\",\"fault\":\"nothing\"}");
    post(r, "/practice/faults");
    assert_int_equal(r->answer.http_status, 422);
    buf_clear(&r->form);
    post(r, "/practice/faults");
    assert_int_equal(json_array_size(json_object_get(r->tree, "items")), 0);
}

static void journal_and_calls_survive(void **state)
{
    struct room *r = *state;
    int64_t mid = send_one(r, "01011112222", RIGHT);
    wish(r, "send=cut-before");
    post(r, "/akv10/alimtalk/send/");
    reopen(r);
    buf_clear(&r->form);
    buf_lit(&r->form, "after=0");
    post(r, "/practice/journal");
    const json_t *items = json_object_get(r->tree, "items");
    assert_int_equal(json_array_size(items), 1);
    const json_t *item = json_array_get(items, 0);
    assert_int_equal(number(item, "mid"), mid);
    assert_int_equal(number(item, "number"), 1);
    assert_true(str_eq(json_get_str(item, "body"), STR(RIGHT)));
    assert_true(str_eq(json_get_str(item, "result"), STR("0")));
    post(r, "/practice/calls");
    items = json_object_get(r->tree, "items");
    assert_int_equal(json_array_size(items), 2);
    assert_int_equal(number(json_array_get(items, 0), "mid"), mid);
    assert_true(str_eq(json_get_str(json_array_get(items, 1), "outcome"), STR("cut-before")));
}

/* ---- templates ---- */

static struct str own_key(struct room *r)
{
    return practice_sender_key(&r->a, STR("shop"));
}

/* Registers a template and returns its code. */
static struct str register_one(struct room *r, const char *content)
{
    begin(r);
    form_put(&r->form, "senderkey", own_key(r));
    form_put(&r->form, "tpl_name", STR("이름"));
    form_put(&r->form, "tpl_content", str_c(content));
    post(r, "/akv10/template/add");
    assert_int_equal(code(r), 0);
    const json_t *data = json_object_get(r->tree, "data");
    assert_true(str_eq(json_get_str(data, "inspStatus"), STR("REG")));
    assert_true(str_eq(json_get_str(data, "status"), STR("R")));
    return str_dup(&r->a, json_get_str(data, "templtCode"));
}

static void change_one(struct room *r, const char *path, struct str template)
{
    begin(r);
    form_put(&r->form, "senderkey", own_key(r));
    form_put(&r->form, "tpl_code", template);
    post(r, path);
}

static struct str inspection(struct room *r, struct str template)
{
    change_one(r, "/akv10/template/list/", template);
    const json_t *list = json_object_get(r->tree, "list");
    assert_int_equal(json_array_size(list), 1);
    return str_dup(&r->a, json_get_str(json_array_get(list, 0), "inspStatus"));
}

#define assert_inspection(r, template, want)                                                       \
    assert_true(str_eq(inspection((r), (template)), STR(want)))

static void order(struct room *r, struct str template, const char *what)
{
    buf_clear(&r->form);
    buf_printf(&r->form, "{\"user_id\":\"shop\",\"code\":\"%.*s\",\"order\":\"%s\"}",
               STR_ARG(template), what);
    post(r, "/practice/templates");
    assert_int_equal(r->answer.http_status, 200);
}

static void an_inspection_takes_its_time(void **state)
{
    struct room *r = *state;
    struct str good = register_one(r, "#{이름}님, 안내"), bad = register_one(r, "오늘만 특가");
    change_one(r, "/akv10/template/request/", good);
    change_one(r, "/akv10/template/request/", bad);
    r->now += r->options.inspection_delay_ms - 1;
    assert_inspection(r, good, "REQ");
    r->now++;
    assert_inspection(r, good, "APR");
    assert_inspection(r, bad, "REJ");
    reopen(r);
    r->now += DAY_MS;
    assert_inspection(r, good, "APR");
    assert_inspection(r, bad, "REJ");
    begin(r);
    form_put(&r->form, "senderkey", own_key(r));
    post(r, "/akv10/template/list/");
    const json_t *info = json_object_get(r->tree, "info");
    assert_int_equal(number(info, "REG"), 0);
    assert_int_equal(number(info, "REQ"), 1);
    assert_int_equal(number(info, "APR"), 11);
    assert_int_equal(number(info, "REJ"), 2);
}

/* Whoever sees it first: a send decides a due inspection as a list does. */
static void a_send_sees_the_approval(void **state)
{
    struct room *r = *state;
    struct str template = register_one(r, "#{이름}님, 안내");
    change_one(r, "/akv10/template/request/", template);
    r->now += r->options.inspection_delay_ms;
    begin_send(r, template.ptr);
    add(r, 1, "01011112222", "홍길동님, 안내");
    post(r, "/akv10/alimtalk/send/");
    assert_int_equal(code(r), 0);
}

static void without_a_delay_it_waits_for_an_order(void **state)
{
    struct room *r = *state;
    r->options.inspection_delay_ms = 0;
    reopen(r);
    struct str template = register_one(r, "오늘만 특가");
    change_one(r, "/akv10/template/request/", template);
    r->now += DAY_MS;
    assert_inspection(r, template, "REQ");
    order(r, template, "approve");
    assert_inspection(r, template, "APR");
}

/* What an order decided is not decided again by itself. */
static void an_order_ends_the_inspection(void **state)
{
    struct room *r = *state;
    struct str template = register_one(r, "#{이름}님, 안내");
    change_one(r, "/akv10/template/request/", template);
    order(r, template, "reject");
    r->now += DAY_MS;
    assert_inspection(r, template, "REJ");
}

static void an_account_has_its_own(void **state)
{
    struct room *r = *state;
    struct str template = register_one(r, "글");
    order(r, STR("TP_1001"), "stop");
    buf_clear(&r->form);
    form_put(&r->form, "apikey", STR("key"));
    form_put(&r->form, "userid", STR("other"));
    form_put(&r->form, "senderkey", practice_sender_key(&r->a, STR("other")));
    post(r, "/akv10/template/list/");
    const json_t *list = json_object_get(r->tree, "list");
    assert_int_equal(json_array_size(list), 12);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *t = json_array_get(list, i);
        assert_false(str_eq(json_get_str(t, "templtCode"), template));
        if (str_eq(json_get_str(t, "templtCode"), STR("TP_1001")))
            assert_true(str_eq(json_get_str(t, "status"), STR("A")));
    }
    buf_clear(&r->form);
    form_put(&r->form, "apikey", STR("key"));
    form_put(&r->form, "userid", STR("other"));
    form_put(&r->form, "senderkey", own_key(r));
    post(r, "/akv10/template/list/");
    assert_message(r, "발신프로필");
}

static void a_profile_has_room_for_so_many(void **state)
{
    struct room *r = *state;
    for (int i = 0; i < 300 - 12; i++)
        register_one(r, "글");
    begin(r);
    form_put(&r->form, "senderkey", own_key(r));
    form_put(&r->form, "tpl_name", STR("이름"));
    form_put(&r->form, "tpl_content", STR("글"));
    BUF(full, 1 << 20);
    buf_str(&full, buf_view(&r->form));
    post(r, "/akv10/template/add");
    assert_message(r, "300개");
    change_one(r, "/akv10/template/del/", STR("TM_1005"));
    assert_int_equal(code(r), 0);
    buf_clear(&r->form);
    buf_str(&r->form, buf_view(&full));
    post(r, "/akv10/template/add");
    assert_int_equal(code(r), 0);
}

static void images_are_served(void **state)
{
    struct room *r = *state;
    buf_clear(&r->form);
    form_put(&r->form, "template", STR("TP_1011"));
    post(r, "/practice/image");
    assert_int_equal(r->answer.http_status, 200);
    assert_string_equal(r->answer.content_type, "image/png");
    assert_true(str_starts(r->answer.body, STR("\x89PNG")));
    assert_int_equal(r->answer.cut, PRACTICE_CUT_NONE);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_room, close_room)
    static const struct CMUnitTest tests[] = {
        TEST(accepts_and_settles),
        TEST(fails_by_phone_number_and_mismatch),
        TEST(refuses_as_a_whole),
        TEST(takes_a_phone_once),
        TEST(runs_out_of_points),
        TEST(pages_are_real),
        TEST(history_is_newest_first_and_by_day),
        TEST(booked_can_be_cancelled_until_five_minutes_before),
        TEST(strict_refuses_a_mismatch_at_once),
        TEST(keeps_a_pace),
        TEST(only_listed_accounts),
        TEST(test_mode_leaves_nothing),
        TEST(faults_happen_as_wished),
        TEST(wishes_survive_and_are_used_up),
        TEST(rates_are_kept_within_reason),
        TEST(wishes_not_understood_are_refused),
        TEST(journal_and_calls_survive),
        TEST(an_inspection_takes_its_time),
        TEST(a_send_sees_the_approval),
        TEST(without_a_delay_it_waits_for_an_order),
        TEST(an_order_ends_the_inspection),
        TEST(an_account_has_its_own),
        TEST(a_profile_has_room_for_so_many),
        TEST(images_are_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
