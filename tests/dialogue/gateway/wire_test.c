/*
 * wire_test.c - the driver against a server that misbehaves: what the call is answered with, and
 * that a send was on the wire exactly once, whatever happened.
 */
#include "fake.h"
#include "gateway/form.h"
#include "gateway/gateway.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define TAKEN                                                                                      \
    "{\"code\":0,\"message\":\"\",\"info\":{\"mid\":7,\"scnt\":1,\"fcnt\":0}}" /* 58 bytes */
#define KEPT       HEAD "Content-Length: 58\r\n\r\n"
#define COUNT      "{\"code\":1,\"list\":{\"ALT_CNT\":5}}" /* 31 bytes */
#define COUNT_KEPT HEAD "Content-Length: 31\r\n\r\n"

/* ---- the two sides ---- */

/* Not on the stack: a failed assertion leaves the test before it stops the server. */
static struct fake fake;

static int stop_fake(void **state)
{
    (void)state;
    fake_stop(&fake);
    buf_free(&fake.last);
    return 0;
}

static struct gateway *open_gateway(struct arena *a, const char *scheme, uint16_t port)
{
    struct gateway_account account = {
        .base_url = str_printf(a, "%s://127.0.0.1:%u", scheme, port),
        .user_id = STR("shop"),
        .api_key = STR("key"),
        .sender_key = STR("0123456789abcdef0123456789abcdef01234567"),
        .sender = STR("0212345678"),
    };
    return gateway_open(gateway_driver_find(STR("aligo")), &account);
}

static enum gateway_answer send_one(struct gateway *g, struct arena *a, struct gateway_fault *fault)
{
    const struct gateway_message message = {
        .phone = STR("01011112222"),
        .subject = STR("안내"),
        .body = STR("안녕하세요"),
    };
    const struct gateway_batch batch = {STR("TP_1"), &message, 1};
    struct gateway_receipt receipt;
    return gateway_driver(g)->send(g, &batch, a, &receipt, fault);
}

static enum gateway_answer read_balance(struct gateway *g, struct arena *a,
                                        struct gateway_fault *fault)
{
    struct gateway_balance balance;
    return gateway_driver(g)->balance(g, a, &balance, fault);
}

/* ---- one send, one step ---- */

static char blanks[65536]; /* filled by main */

struct row {
    const char *label;
    struct fake_step step;
    enum gateway_answer want;
    bool early; /* the server goes before it has read the request: when it goes before the
                   connection stands, nothing was written, and that is said */
};

static const struct row rows[] = {
    {"answered", {.head = KEPT, .body = TAKEN, .end = FAKE_KEEP}, GATEWAY_OK, false},
    {"answered, then closed", {ANSWER(TAKEN)}, GATEWAY_OK, false},
    {"answered as text/html",
     {.head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", .body = TAKEN},
     GATEWAY_OK,
     false},
    {"chunked",
     {.head = HEAD "Transfer-Encoding: chunked\r\n\r\n", .body = "3a\r\n" TAKEN "\r\n0\r\n\r\n"},
     GATEWAY_OK,
     false},
    {"slow",
     {.head = KEPT, .body = TAKEN, .byte_delay_ms = 2, .end = FAKE_KEEP},
     GATEWAY_OK,
     false},
    {"continue first",
     {.head = "HTTP/1.1 100 Continue\r\n\r\n" KEPT, .body = TAKEN},
     GATEWAY_OK,
     false},
    {"refused in words",
     {ANSWER("{\"code\":-99,\"message\":\"포인트가 부족합니다.\"}")},
     GATEWAY_REFUSED,
     false},
    {"closed before reading", {.unread = true, .end = FAKE_CLOSE}, GATEWAY_UNKNOWN, true},
    {"reset before reading", {.unread = true, .end = FAKE_RESET}, GATEWAY_UNKNOWN, true},
    {"closed without an answer", {.end = FAKE_CLOSE}, GATEWAY_UNKNOWN, false},
    {"reset without an answer", {.end = FAKE_RESET}, GATEWAY_UNKNOWN, false},
    {"never answered", {.end = FAKE_HOLD}, GATEWAY_UNKNOWN, false},
    {"half a head", {.head = "HTTP/1.1 200 OK\r\nConte"}, GATEWAY_UNKNOWN, false},
    {"half a body", {.head = KEPT, .body = "{\"code\":0,\"info\":{"}, GATEWAY_UNKNOWN, false},
    {"half a body, then nothing",
     {.head = KEPT, .body = "{\"code\":0,\"info\":{", .end = FAKE_HOLD},
     GATEWAY_UNKNOWN,
     false},
    {"half a body without a length",
     {.head = HEAD "\r\n", .body = "{\"code\":0,\"info\":{"},
     GATEWAY_UNKNOWN,
     false},
    {"a body that ends too early and is JSON",
     {.head = HEAD "Content-Length: 99\r\n\r\n", .body = TAKEN},
     GATEWAY_UNKNOWN,
     false},
    {"half a chunk",
     {.head = HEAD "Transfer-Encoding: chunked\r\n\r\n", .body = "3a\r\n{\"code\":0"},
     GATEWAY_UNKNOWN,
     false},
    {"no last chunk",
     {.head = HEAD "Transfer-Encoding: chunked\r\n\r\n", .body = "3a\r\n" TAKEN "\r\n"},
     GATEWAY_UNKNOWN,
     false},
    {"a page",
     {ANSWER("<!DOCTYPE html><html><body>점검 중입니다</body></html>")},
     GATEWAY_UNKNOWN,
     false},
    {"an empty body", {.head = HEAD "Content-Length: 0\r\n\r\n"}, GATEWAY_UNKNOWN, false},
    {"500",
     {.head = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 58\r\n\r\n", .body = TAKEN},
     GATEWAY_UNKNOWN,
     false},
    {"502", {.head = "HTTP/1.1 502 Bad Gateway\r\n\r\n", .body = "<html>"}, GATEWAY_UNKNOWN, false},
    {"404", {.head = "HTTP/1.1 404 Not Found\r\n\r\n"}, GATEWAY_UNKNOWN, false},
    {"302 elsewhere",
     {.head = "HTTP/1.1 302 Found\r\nLocation: /akv10/alimtalk/send/\r\nContent-Length: 0\r\n\r\n",
      .end = FAKE_KEEP},
     GATEWAY_UNKNOWN,
     false},
    {"307 elsewhere",
     {.head = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /akv10/alimtalk/send/\r\n"
              "Content-Length: 0\r\n\r\n",
      .end = FAKE_KEEP},
     GATEWAY_UNKNOWN,
     false},
    {"401 with a challenge",
     {.head = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
              "Content-Length: 0\r\n\r\n",
      .end = FAKE_KEEP},
     GATEWAY_UNKNOWN,
     false},
    {"no HTTP", {.head = "220 mail.example.com ESMTP\r\n"}, GATEWAY_UNKNOWN, false},
    {"too slow",
     {.head = KEPT, .body = TAKEN, .byte_delay_ms = 50, .end = FAKE_HOLD},
     GATEWAY_UNKNOWN,
     false},
    {"endless", {.head = HEAD "\r\n", .body = blanks, .body_times = 600}, GATEWAY_UNKNOWN, false},
};

static void one_send_is_one_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct gateway_fault fault = {.message = STR("")};
        fake_start(&fake, &rows[i].step, 1);
        struct gateway *g = open_gateway(&a, "http", fake.port);
        enum gateway_answer got = send_one(g, &a, &fault);
        usleep(20000); /* a request that is sent again would come now */
        fake_stop(&fake);
        gateway_close(&g);
        print_message("# %s: %.*s\n", rows[i].label, STR_ARG(fault.message));
        if (!rows[i].early || got != GATEWAY_UNREACHED)
            assert_int_equal(got, rows[i].want);
        assert_int_equal(atomic_load(&fake.connections), 1);
        assert_int_equal(atomic_load(&fake.requests), rows[i].early ? 0 : 1);
    }
}

/* ---- before anything is written ---- */

static void nobody_there_is_unreached(void **state)
{
    static const struct fake_step step = {ANSWER(TAKEN)};
    ARENA(a, ARENA_MAX_DEFAULT);
    struct gateway_fault fault;
    (void)state;
    fake_start(&fake, &step, 1);
    fake_stop(&fake); /* the port is free again */
    struct gateway *g = open_gateway(&a, "http", fake.port);
    assert_int_equal(send_one(g, &a, &fault), GATEWAY_UNREACHED);
    assert_true(fault.message.len > 0);
    assert_int_equal(read_balance(g, &a, &fault), GATEWAY_UNREACHED);
    gateway_close(&g);
}

static void no_handshake_is_unreached(void **state)
{
    static const struct fake_step step = {.unread = true, .head = "HTTP/1.1 400 Bad\r\n\r\n"};
    ARENA(a, ARENA_MAX_DEFAULT);
    struct gateway_fault fault;
    (void)state;
    fake_start(&fake, &step, 1);
    struct gateway *g = open_gateway(&a, "https", fake.port);
    assert_int_equal(send_one(g, &a, &fault), GATEWAY_UNREACHED);
    fake_stop(&fake);
    assert_int_equal(atomic_load(&fake.requests), 0);
    gateway_close(&g);
}

/* ---- kept connections ---- */

/* The trap: a connection that was kept, and is closed when the next request comes. A library that
 * repeats would make it two. */
static void a_send_never_uses_a_kept_connection(void **state)
{
    static const struct fake_step steps[] = {
        {.head = COUNT_KEPT, .body = COUNT, .end = FAKE_KEEP},
        {.end = FAKE_CLOSE},
    };
    ARENA(a, ARENA_MAX_DEFAULT);
    struct gateway_fault fault;
    (void)state;
    fake_start(&fake, steps, COUNT_OF(steps));
    struct gateway *g = open_gateway(&a, "http", fake.port);
    assert_int_equal(read_balance(g, &a, &fault), GATEWAY_OK);
    /* The fake serves one connection at a time, so the send waits in the queue until it is given
     * up; what matters is that it did not go down the kept one. */
    assert_int_equal(send_one(g, &a, &fault), GATEWAY_UNKNOWN);
    assert_int_equal(atomic_load(&fake.requests), 1);
    gateway_close(&g);
    fake_stop(&fake);
}

static void a_send_leaves_no_connection_behind(void **state)
{
    static const struct fake_step steps[] = {
        {.head = KEPT, .body = TAKEN, .end = FAKE_KEEP},
        {.end = FAKE_CLOSE},
    };
    ARENA(a, ARENA_MAX_DEFAULT);
    struct gateway_fault fault;
    (void)state;
    fake_start(&fake, steps, COUNT_OF(steps));
    struct gateway *g = open_gateway(&a, "http", fake.port);
    assert_int_equal(send_one(g, &a, &fault), GATEWAY_OK);
    assert_int_equal(send_one(g, &a, &fault), GATEWAY_UNKNOWN);
    gateway_close(&g);
    fake_stop(&fake);
    assert_int_equal(atomic_load(&fake.requests), 2);
    assert_int_equal(atomic_load(&fake.connections), 2);
}

/* Reads may keep theirs, and a kept one that died costs nothing. */
static void reads_share_a_connection(void **state)
{
    static const struct fake_step steps[] = {
        {.head = COUNT_KEPT, .body = COUNT, .end = FAKE_KEEP},
        {.head = COUNT_KEPT, .body = COUNT, .end = FAKE_CLOSE},
        {.head = COUNT_KEPT, .body = COUNT, .end = FAKE_KEEP},
    };
    ARENA(a, ARENA_MAX_DEFAULT);
    struct gateway_fault fault;
    (void)state;
    fake_start(&fake, steps, COUNT_OF(steps));
    struct gateway *g = open_gateway(&a, "http", fake.port);
    for (int i = 0; i < 4; i++)
        assert_int_equal(read_balance(g, &a, &fault), GATEWAY_OK);
    gateway_close(&g);
    fake_stop(&fake);
    assert_int_equal(atomic_load(&fake.connections), 2);
}

/* ---- what is written ---- */

static struct str field(struct arena *a, struct str form, const char *wanted)
{
    struct str name, value;
    while (form_next(a, &form, &name, &value))
        if (str_eq(name, str_c(wanted)))
            return value;
    return (struct str){NULL, 0};
}

static void send_two(struct gateway *g, struct arena *a)
{
    const struct gateway_button buttons[] = {
        {.name = STR("주문 보기"),
         .type = STR("WL"),
         .type_name = STR("웹링크"),
         .mobile = STR("https://go.example.kr/a1B2"),
         .pc = STR("https://go.example.kr/a1B2")},
        {.name = STR("앱 \"열기\""),
         .type = STR("AL"),
         .type_name = STR("앱링크"),
         .ios = STR("app://1"),
         .android = STR("app://2")},
        {.name = STR("배송조회"), .type = STR("DS"), .type_name = STR("배송조회")},
    };
    const struct gateway_message messages[] = {
        {.phone = STR("01011112222"),
         .name = STR("김하나"),
         .subject = STR("출고 안내"),
         .body = STR("김하나님, 1+1=2 & 100%\r\n감사합니다."),
         .title = STR("9,900원"),
         .buttons = buttons,
         .button_count = COUNT_OF(buttons)},
        {.phone = STR("01011113333"), .name = STR("-"), .subject = STR("출고"), .body = STR("글")},
    };
    const struct gateway_batch batch = {STR("TM_1234"), messages, COUNT_OF(messages)};
    struct gateway_receipt receipt;
    struct gateway_fault fault;
    assert_int_equal(gateway_driver(g)->send(g, &batch, a, &receipt, &fault), GATEWAY_OK);
}

static void writes_every_field(void **state)
{
    static const struct fake_step step = {ANSWER(TAKEN)};
    static const struct {
        const char *name, *value; /* NULL: not sent */
    } fields[] = {
        {"apikey", "key"},
        {"userid", "shop"},
        {"senderkey", "0123456789abcdef0123456789abcdef01234567"},
        {"tpl_code", "TM_1234"},
        {"sender", "0212345678"},
        {"receiver_1", "01011112222"},
        {"recvname_1", "김하나"},
        {"subject_1", "출고 안내"},
        {"message_1", "김하나님, 1+1=2 & 100%\r\n감사합니다."},
        {"emtitle_1", "9,900원"},
        {"button_1",
         "{\"button\":[{\"name\":\"주문 보기\",\"linkType\":\"WL\",\"linkTypeName\":\"웹링크\","
         "\"linkMo\":\"https://go.example.kr/a1B2\",\"linkPc\":\"https://go.example.kr/a1B2\"},"
         "{\"name\":\"앱 \\\"열기\\\"\",\"linkType\":\"AL\",\"linkTypeName\":\"앱링크\","
         "\"linkIos\":\"app://1\",\"linkAnd\":\"app://2\"},"
         "{\"name\":\"배송조회\",\"linkType\":\"DS\",\"linkTypeName\":\"배송조회\"}]}"},
        {"receiver_2", "01011113333"},
        {"recvname_2", NULL},
        {"message_2", "글"},
        {"emtitle_2", NULL},
        {"button_2", NULL},
        {"receiver_3", NULL},
        {"token", NULL},
        {"testMode", NULL},
    };
    ARENA(a, ARENA_MAX_DEFAULT);
    (void)state;
    fake_start(&fake, &step, 1);
    struct gateway *g = open_gateway(&a, "http", fake.port);
    send_two(g, &a);
    gateway_close(&g);
    fake_stop(&fake);
    struct str request = buf_view(&fake.last);
    assert_true(str_starts(request, STR("POST /akv10/alimtalk/send/ HTTP/1.1\r\n")));
    assert_true(str_find(request, STR("Content-Type: application/x-www-form-urlencoded\r\n"), 0) >
                0);
    assert_true(str_find(request, STR("Expect:"), 0) < 0);
    struct str form =
        str_slice(request, (size_t)str_find(request, STR("\r\n\r\n"), 0) + 4, request.len);
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        struct str value = field(&a, form, fields[i].name);
        print_message("# %s\n", fields[i].name);
        assert_int_equal(value.ptr != NULL, fields[i].value != NULL);
        assert_true(str_eq(value, str_c(fields[i].value)));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(one_send_is_one_request, stop_fake),
        cmocka_unit_test_teardown(nobody_there_is_unreached, stop_fake),
        cmocka_unit_test_teardown(no_handshake_is_unreached, stop_fake),
        cmocka_unit_test_teardown(a_send_never_uses_a_kept_connection, stop_fake),
        cmocka_unit_test_teardown(a_send_leaves_no_connection_behind, stop_fake),
        cmocka_unit_test_teardown(reads_share_a_connection, stop_fake),
        cmocka_unit_test_teardown(writes_every_field, stop_fake),
    };
    memset(blanks, ' ', sizeof blanks - 1);
    gateway_timeouts_set(
        &(struct gateway_timeouts){.connect_ms = 1000, .send_ms = 1500, .read_ms = 1500});
    return cmocka_run_group_tests(tests, NULL, NULL);
}
