/*
 * practice_test.c - the driver and the practice gateway speak over real HTTP: templates, five
 * hundred receivers, history, every page of results, and every fault with what is then known.
 */
#include "cli/practice.h"
#include "gateway/gateway.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct room {
    char folder[64], path[96];
    struct practice_options options;
    struct practice *p;
    struct http_server *server;
    struct gateway *g;
    struct arena a;
    int64_t later; /* added to the machine's clock */
};

static int64_t room_now(void *ctx)
{
    return clock_now(&clock_system) +
           __atomic_load_n(&((struct room *)ctx)->later, __ATOMIC_RELAXED);
}

static struct str gateway_url(struct room *r)
{
    return str_printf(&r->a, "http://127.0.0.1:%u", http_server_port(r->server));
}

static int open_room(void **state)
{
    struct room *r = calloc(1, sizeof *r);
    strcpy(r->folder, "/tmp/practice-dialogue-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    snprintf(r->path, sizeof r->path, "%s/practice.db", r->folder);
    arena_init(&r->a, ARENA_MAX_DEFAULT);
    r->options = practice_options_default();
    r->options.path = r->path;
    r->options.clock = (struct clock){room_now, r};
    r->options.history_lag_ms = 0;
    r->p = practice_open(&r->options);
    assert_non_null(r->p);
    r->server = practice_listen(r->p, "127.0.0.1", 0);
    assert_non_null(r->server);
    struct gateway_account account = {
        .base_url = gateway_url(r),
        .user_id = STR("shop"),
        .api_key = STR("key"),
        .sender_key = practice_sender_key(&r->a, STR("shop")),
        .sender = STR("0212345678"),
    };
    r->g = gateway_open(gateway_driver_find(STR("aligo")), &account);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    char other[112];
    gateway_close(&r->g);
    http_server_stop(&r->server);
    practice_close(&r->p);
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

/* A number of the practice gateway's status: "calls", "requests", "messages". */
static int64_t status(struct room *r, const char *key)
{
    struct practice_answer answer;
    practice_handle(r->p, STR("/practice/status"), STR(""), &r->a, &answer);
    json_t *tree = json_parse(answer.body, &r->a, NULL);
    int64_t n = -1;
    assert_true(json_get_i64(tree, key, &n));
    json_decref(tree);
    return n;
}

/* ---- messages of the template with five buttons ---- */

#define BODY                                                                                                           \
    "홍길동님, 예약이 확정되었습니다.\r\n\r\n- 예약번호: R-%zu\r\n- 예약일시: 3월 2일 오전 " \
    "10시\r\n- 장소: 마포점\r\n\r\n일정 변경이 필요하시면 하루 전까지 알려 주세요."

static const struct gateway_button buttons[GATEWAY_BUTTONS_MAX] = {
    {.name = STR_INIT("예약 확인하기"),
     .type = STR_INIT("WL"),
     .type_name = STR_INIT("웹링크"),
     .mobile = STR_INIT("http://127.0.0.1:8080/r/abcdefghijk"),
     .pc = STR_INIT("http://127.0.0.1:8080/r/abcdefghijk")},
    {.name = STR_INIT("오시는 길"),
     .type = STR_INIT("WL"),
     .type_name = STR_INIT("웹링크"),
     .mobile = STR_INIT("https://www.example.com/map"),
     .pc = STR_INIT("https://www.example.com/map")},
    {.name = STR_INIT("앱에서 열기"),
     .type = STR_INIT("AL"),
     .type_name = STR_INIT("앱링크"),
     .ios = STR_INIT("example-shop://reservation/R-1"),
     .android = STR_INIT("example-shop://reservation/R-1")},
    {.name = STR_INIT("자주 묻는 질문"), .type = STR_INIT("BK"), .type_name = STR_INIT("봇키워드")},
    {.name = STR_INIT("상담원에게 전달"),
     .type = STR_INIT("MD"),
     .type_name = STR_INIT("메시지전달")},
};

static enum gateway_answer send_many(struct room *r, size_t count, size_t button_count,
                                     struct gateway_receipt *receipt, struct gateway_fault *fault)
{
    struct gateway_message *messages = arena_array(&r->a, count, sizeof *messages);
    for (size_t i = 0; i < count; i++)
        messages[i] = (struct gateway_message){
            .phone = str_printf(&r->a, "0105000%04zu", i + 1000),
            .name = STR("홍길동"),
            .subject = STR("예약 안내"),
            .body = str_printf(&r->a, BODY, i),
            .buttons = buttons,
            .button_count = button_count,
        };
    const struct gateway_batch batch = {STR("TP_1007"), messages, count};
    return gateway_driver(r->g)->send(r->g, &batch, &r->a, receipt, fault);
}

/* ---- tests ---- */

static const struct gateway_template *find(const struct gateway_template *list, size_t count,
                                           const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].code, str_c(code)))
            return &list[i];
    return NULL;
}

static void reads_templates_profile_and_balance(void **state)
{
    struct room *r = *state;
    const struct gateway_driver *d = gateway_driver(r->g);
    struct gateway_fault fault;
    for (int turn = 0; turn < 12; turn++) { /* the spelling changes with every call */
        const struct gateway_template *list, *t;
        const struct gateway_profile *profiles;
        struct gateway_balance balance;
        size_t count;
        assert_int_equal(d->templates(r->g, &r->a, &list, &count, &fault), GATEWAY_OK);
        assert_int_equal(count, 12);
        t = find(list, count, "TP_1006");
        assert_true(str_eq(t->emphasis, STR("TEXT")));
        assert_true(str_eq(t->title, STR("#{결제금액}원 결제 완료")));
        assert_true(str_eq(find(list, count, "TP_1002")->emphasis, STR("NONE")));
        assert_true(str_find(t->content, STR("\r\n"), 0) > 0);
        t = find(list, count, "TP_1007");
        assert_int_equal(t->button_count, 5);
        assert_true(str_eq(t->buttons[0].mobile, STR("http://#{링크}")));
        assert_true(str_eq(t->buttons[4].type, STR("MD")));
        assert_true(!t->dormant && !t->secure && t->image_url.len == 0 && t->comment_count == 0);
        t = find(list, count, "TP_1010");
        assert_true(str_eq(t->inspection, STR("REJ")));
        assert_int_equal(t->comment_count, 2);
        assert_true(str_find(t->comments[0].text, STR("광고"), 0) > 0);
        t = find(list, count, "TP_1011");
        assert_true(str_eq(t->emphasis, STR("IMAGE")));
        assert_true(str_starts(t->image_url, gateway_url(r)));
        assert_true(find(list, count, "TP_1012")->dormant);
        assert_int_equal(d->profiles(r->g, &r->a, &profiles, &count, &fault), GATEWAY_OK);
        assert_int_equal(count, 1);
        assert_true(str_eq(profiles[0].sender_key, practice_sender_key(&r->a, STR("shop"))));
        assert_int_equal(d->balance(r->g, &r->a, &balance, &fault), GATEWAY_OK);
        assert_int_equal(balance.messages, 1000000);
    }
}

/* Reads every page of a request; counts what is delivered and failed. */
static void read_all(struct room *r, struct str mid, int64_t *delivered, int64_t *failed)
{
    struct gateway_fault fault;
    int64_t pages = 1;
    *delivered = *failed = 0;
    for (int64_t page = 1; page <= pages; page++) {
        const struct gateway_detail *list;
        size_t count;
        assert_int_equal(
            gateway_driver(r->g)->detail(r->g, mid, page, &r->a, &list, &count, &pages, &fault),
            GATEWAY_OK);
        for (size_t i = 0; i < count; i++) {
            *delivered += list[i].result == GATEWAY_RESULT_DELIVERED;
            *failed += list[i].result == GATEWAY_RESULT_FAILED;
        }
    }
}

static void sends_five_hundred_and_learns_all(void **state)
{
    struct room *r = *state;
    struct gateway_receipt receipt;
    struct gateway_fault fault;
    int64_t delivered, failed;
    assert_int_equal(send_many(r, 500, 5, &receipt, &fault), GATEWAY_OK);
    assert_int_equal(receipt.taken, 500);
    assert_int_equal(receipt.refused, 0);
    assert_true(receipt.unit_price == 6.5);
    assert_true(receipt.balance == 6500000 - 500 * 6.5);
    read_all(r, receipt.mid, &delivered, &failed);
    assert_int_equal(delivered + failed, 0);
    __atomic_store_n(&r->later, DAY_MS, __ATOMIC_RELAXED);
    read_all(r, receipt.mid, &delivered, &failed);
    assert_int_equal(delivered, 500);
    assert_int_equal(failed, 0);
}

static void a_missing_button_fails_later(void **state)
{
    struct room *r = *state;
    struct gateway_receipt receipt;
    struct gateway_fault fault;
    int64_t delivered, failed;
    assert_int_equal(send_many(r, 60, 4, &receipt, &fault), GATEWAY_OK);
    __atomic_store_n(&r->later, DAY_MS, __ATOMIC_RELAXED);
    read_all(r, receipt.mid, &delivered, &failed);
    assert_int_equal(delivered, 0);
    assert_int_equal(failed, 60);
}

static void history_finds_an_unknown_send(void **state)
{
    struct room *r = *state;
    struct gateway_receipt receipt;
    struct gateway_fault fault;
    const struct gateway_history *list;
    const struct gateway_detail *details;
    size_t count;
    int64_t pages;
    struct str today = kst_date_compact(&r->a, clock_now(&clock_system));
    struct str tomorrow = kst_date_compact(&r->a, clock_now(&clock_system) + DAY_MS);
    assert_true(practice_wish(r->p, STR("send=cut-after")));
    assert_int_equal(send_many(r, 3, 5, &receipt, &fault), GATEWAY_UNKNOWN);
    assert_int_equal(gateway_driver(r->g)->history(r->g, today, tomorrow, 1, &r->a, &list, &count,
                                                   &pages, &fault),
                     GATEWAY_OK);
    assert_int_equal(count, 1);
    assert_int_equal(pages, 1);
    assert_int_equal(list[0].count, 3);
    assert_true(str_eq(list[0].sender, STR("0212345678")));
    assert_true(str_eq(list[0].body, str_printf(&r->a, BODY, (size_t)0)));
    __atomic_store_n(&r->later, DAY_MS, __ATOMIC_RELAXED);
    assert_int_equal(
        gateway_driver(r->g)->detail(r->g, list[0].mid, 1, &r->a, &details, &count, &pages, &fault),
        GATEWAY_OK);
    assert_int_equal(count, 3);
    assert_true(str_find(details[0].buttons, STR("/r/abcdefghijk"), 0) > 0);
}

/* Every fault: what the sender is told, and what really happened. Never more than one call. */
static void says_only_what_is_known(void **state)
{
    static const struct {
        const char *fault;
        enum gateway_answer want;
        int64_t accepted;
    } rows[] = {
        {"ok", GATEWAY_OK, 1},
        {"delay:100", GATEWAY_OK, 1},
        {"cut-before", GATEWAY_UNKNOWN, 0},
        {"cut-after", GATEWAY_UNKNOWN, 1},
        {"half", GATEWAY_UNKNOWN, 1},
        {"hang", GATEWAY_UNKNOWN, 1},
        {"hang-before", GATEWAY_UNKNOWN, 0},
        {"5xx", GATEWAY_UNKNOWN, 0},
        {"5xx-after", GATEWAY_UNKNOWN, 1},
        {"html", GATEWAY_UNKNOWN, 0},
        {"html-after", GATEWAY_UNKNOWN, 1},
        {"delay:5000", GATEWAY_UNKNOWN, 1},
        {"refuse:-99:포인트가 부족합니다.", GATEWAY_REFUSED, 0},
    };
    struct room *r = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct gateway_receipt receipt;
        struct gateway_fault fault = {.message = STR("")};
        int64_t calls = status(r, "calls"), messages = status(r, "messages");
        assert_true(practice_wish(r->p, str_printf(&r->a, "send=%s", rows[i].fault)));
        enum gateway_answer got = send_many(r, 1, 5, &receipt, &fault);
        print_message("# %s: %.*s\n", rows[i].fault, STR_ARG(fault.message));
        assert_int_equal(got, rows[i].want);
        assert_int_equal(status(r, "calls") - calls, 1);
        assert_int_equal(status(r, "messages") - messages, rows[i].accepted);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_room, close_room)
    static const struct CMUnitTest tests[] = {
        TEST(reads_templates_profile_and_balance),
        TEST(sends_five_hundred_and_learns_all),
        TEST(a_missing_button_fails_later),
        TEST(history_finds_an_unknown_send),
        TEST(says_only_what_is_known),
    };
    gateway_timeouts_set(
        &(struct gateway_timeouts){.connect_ms = 1000, .send_ms = 1500, .read_ms = 5000});
    return cmocka_run_group_tests(tests, NULL, NULL);
}
