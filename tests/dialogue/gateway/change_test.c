/*
 * change_test.c - what changes templates and channels, against a server that misbehaves: each call
 * is one request on the wire whatever happens, on a connection of its own; and what is written.
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
/* Every call understands it. */
#define DONE                                                                                       \
    "{\"code\":0,\"data\":[{\"templtCode\":\"TM_1\",\"senderKey\":\"0123\"}]}" /* 60 bytes */
#define KEPT HEAD "Content-Length: 60\r\n\r\n"

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

static struct gateway *open_gateway(struct arena *a)
{
    struct gateway_account account = {
        .base_url = str_printf(a, "http://127.0.0.1:%u", fake.port),
        .user_id = STR("shop"),
        .api_key = STR("key"),
        .sender_key = STR("0123456789abcdef0123456789abcdef01234567"),
        .sender = STR("0212345678"),
    };
    return gateway_open(gateway_driver_find(STR("aligo")), &account);
}

/* ---- the calls ---- */

#define IMAGE "\x89PNG\r\n\x1a\n\0\xff--x\r\n"

static const struct gateway_button buttons[] = {
    {.name = STR_INIT("주문 \"보기\""),
     .type = STR_INIT("WL"),
     .mobile = STR_INIT("https://go.example.kr/#{코드}"),
     .pc = STR_INIT("https://go.example.kr/#{코드}")},
    {.name = STR_INIT("앱"),
     .type = STR_INIT("AL"),
     .ios = STR_INIT("a://1"),
     .android = STR_INIT("a://2")},
    {.name = STR_INIT("배송조회"), .type = STR_INIT("DS")},
};

static enum gateway_answer save(struct gateway *g, struct arena *a, struct str code,
                                struct str image, struct gateway_fault *fault)
{
    const struct gateway_template_form form = {
        .code = code,
        .name = STR("출고 안내"),
        .content = STR("#{이름}님, 1+1=2 & 100%\r\n감사합니다."),
        .type = STR("MI"),
        .emphasis = image.len ? STR("IMAGE") : STR("TEXT"),
        .title = image.len ? STR("") : STR("#{금액}원"),
        .subtitle = image.len ? STR("") : STR("결제"),
        .extra = STR("부가"),
        .advert = STR("채널 추가"),
        .buttons = buttons,
        .button_count = COUNT_OF(buttons),
        .secure = true,
        .image = image,
    };
    struct str got;
    enum gateway_answer answer = gateway_driver(g)->template_save(g, &form, a, &got, fault);
    assert_true(answer != GATEWAY_OK || str_eq(got, STR("TM_1")));
    return answer;
}

typedef enum gateway_answer change(struct gateway *g, struct arena *a, struct gateway_fault *fault);

static enum gateway_answer add(struct gateway *g, struct arena *a, struct gateway_fault *fault)
{
    return save(g, a, STR(""), STR(""), fault);
}

static enum gateway_answer add_image(struct gateway *g, struct arena *a,
                                     struct gateway_fault *fault)
{
    return save(g, a, STR(""), STR(IMAGE), fault);
}

static enum gateway_answer modify(struct gateway *g, struct arena *a, struct gateway_fault *fault)
{
    return save(g, a, STR("TM_1"), STR(""), fault);
}

static enum gateway_answer delete (struct gateway *g, struct arena *a,
                                   struct gateway_fault *fault) {
    return gateway_driver(g)->template_delete(g, STR("TM_1"), a, fault);
}

static enum gateway_answer request(struct gateway *g, struct arena *a, struct gateway_fault *fault)
{
    return gateway_driver(g)->template_request(g, STR("TM_1"), a, fault);
}

static enum gateway_answer auth(struct gateway *g, struct arena *a, struct gateway_fault *fault)
{
    return gateway_driver(g)->channel_auth(g, STR("@봄날"), STR("01011112222"), a, fault);
}

static enum gateway_answer add_channel(struct gateway *g, struct arena *a,
                                       struct gateway_fault *fault)
{
    const struct gateway_channel_form form = {STR("@봄날"), STR("01011112222"), STR("123456"),
                                              STR("00100010001")};
    struct gateway_profile added;
    return gateway_driver(g)->channel_add(g, &form, a, &added, fault);
}

static const struct {
    const char *path;
    change *call;
} changes[] = {
    {"/akv10/template/add/", add},         {"/akv10/template/add/", add_image},
    {"/akv10/template/modify/", modify},   {"/akv10/template/del/", delete},
    {"/akv10/template/request/", request}, {"/akv10/profile/auth/", auth},
    {"/akv10/profile/add/", add_channel},
};

/* ---- one call, one step ---- */

static const struct row {
    const char *label;
    struct fake_step step;
    enum gateway_answer want;
    bool early; /* the server goes before it has read the request: when it goes before the
                   connection stands, nothing was written, and that is said */
} rows[] = {
    {"answered", {.head = KEPT, .body = DONE, .end = FAKE_KEEP}, GATEWAY_OK, false},
    {"refused",
     {ANSWER("{\"code\":509,\"message\":\"수정 가능 상태가 아닙니다.\"}")},
     GATEWAY_REFUSED,
     false},
    {"closed before reading", {.unread = true, .end = FAKE_CLOSE}, GATEWAY_UNKNOWN, true},
    {"reset before reading", {.unread = true, .end = FAKE_RESET}, GATEWAY_UNKNOWN, true},
    {"closed without an answer", {.end = FAKE_CLOSE}, GATEWAY_UNKNOWN, false},
    {"reset without an answer", {.end = FAKE_RESET}, GATEWAY_UNKNOWN, false},
    {"never answered", {.end = FAKE_HOLD}, GATEWAY_UNKNOWN, false},
    {"half a body", {.head = KEPT, .body = "{\"code\":0,"}, GATEWAY_UNKNOWN, false},
    {"a page", {ANSWER("<html>점검 중입니다</html>")}, GATEWAY_UNKNOWN, false},
    {"502", {.head = "HTTP/1.1 502 Bad Gateway\r\n\r\n", .body = DONE}, GATEWAY_UNKNOWN, false},
    {"307 elsewhere",
     {.head = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /akv10/template/add/\r\n"
              "Content-Length: 0\r\n\r\n",
      .end = FAKE_KEEP},
     GATEWAY_UNKNOWN,
     false},
};

static void one_change_is_one_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(changes) * COUNT_OF(rows); i++) {
        const struct row *row = &rows[i / COUNT_OF(changes)];
        ARENA(a, ARENA_MAX_DEFAULT);
        struct gateway_fault fault = {.message = STR("")};
        fake_start(&fake, &row->step, 1);
        struct gateway *g = open_gateway(&a);
        enum gateway_answer got = changes[i % COUNT_OF(changes)].call(g, &a, &fault);
        usleep(5000); /* a request that is sent again would come now */
        gateway_close(&g);
        fake_stop(&fake);
        print_message("# %s, %s: %.*s\n", changes[i % COUNT_OF(changes)].path, row->label,
                      STR_ARG(fault.message));
        if (row->early && got == GATEWAY_UNREACHED)
            continue;
        assert_int_equal(got, row->want);
        assert_int_equal(atomic_load(&fake.connections), 1);
        assert_int_equal(atomic_load(&fake.requests), row->step.unread ? 0 : 1);
    }
}

/* A kept connection that the server closes is where a library would repeat a call. */
static void a_change_never_uses_a_kept_connection(void **state)
{
    static const struct fake_step steps[] = {
        {.head = KEPT, .body = DONE, .end = FAKE_KEEP},
        {.end = FAKE_CLOSE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct gateway_fault fault;
        struct gateway_balance balance;
        fake_start(&fake, steps, COUNT_OF(steps));
        struct gateway *g = open_gateway(&a);
        assert_int_equal(gateway_driver(g)->balance(g, &a, &balance, &fault), GATEWAY_OK);
        /* The fake serves one connection at a time, so the call waits until it is given up; what
         * matters is that it did not go down the kept one. */
        assert_int_equal(changes[i].call(g, &a, &fault), GATEWAY_UNKNOWN);
        assert_int_equal(atomic_load(&fake.requests), 1);
        gateway_close(&g);
        fake_stop(&fake);
    }
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

#define BUTTONS                                                                                     \
    "{\"button\":[{\"name\":\"주문 \\\"보기\\\"\",\"linkType\":\"WL\","                         \
    "\"linkM\":\"https://go.example.kr/#{코드}\",\"linkP\":\"https://go.example.kr/#{코드}\"}," \
    "{\"name\":\"앱\",\"linkType\":\"AL\",\"linkI\":\"a://1\",\"linkA\":\"a://2\"},"               \
    "{\"name\":\"배송조회\",\"linkType\":\"DS\"}]}"
#define KEY "0123456789abcdef0123456789abcdef01234567"

/* Every value that each call writes; NULL: the field is not there. */
static const struct {
    size_t call; /* of `changes` */
    const char *name, *value;
} written[] = {
    {0, "senderkey", KEY},
    {0, "tpl_name", "출고 안내"},
    {0, "tpl_content", "#{이름}님, 1+1=2 & 100%\r\n감사합니다."},
    {0, "tpl_type", "MI"},
    {0, "tpl_emtype", "TEXT"},
    {0, "tpl_title", "#{금액}원"},
    {0, "tpl_stitle", "결제"},
    {0, "tpl_extra", "부가"},
    {0, "tpl_advert", "채널 추가"},
    {0, "tpl_secure", "Y"},
    {0, "tpl_button", BUTTONS},
    {0, "tpl_code", NULL},
    {0, "image", NULL},
    {2, "tpl_code", "TM_1"},
    {2, "tpl_button", BUTTONS},
    {3, "senderkey", KEY},
    {3, "tpl_code", "TM_1"},
    {4, "senderkey", KEY},
    {4, "tpl_code", "TM_1"},
    {5, "plusid", "@봄날"},
    {5, "phonenumber", "01011112222"},
    {6, "plusid", "@봄날"},
    {6, "phonenumber", "01011112222"},
    {6, "authnum", "123456"},
    {6, "categorycode", "00100010001"},
};

/* Runs one call; its whole request is in fake.last afterwards. */
static struct str record(size_t which, struct arena *a)
{
    static const struct fake_step step = {ANSWER(DONE)};
    struct gateway_fault fault;
    fake_start(&fake, &step, 1);
    struct gateway *g = open_gateway(a);
    assert_int_equal(changes[which].call(g, a, &fault), GATEWAY_OK);
    gateway_close(&g);
    fake_stop(&fake);
    struct str request = buf_view(&fake.last);
    struct str line = str_printf(a, "POST %s HTTP/1.1\r\n", changes[which].path);
    assert_true(str_starts(request, line));
    assert_true(str_find(request, STR("Expect:"), 0) < 0);
    return request;
}

static struct str after(struct str text, const char *mark)
{
    ptrdiff_t at = str_find(text, str_c(mark), 0);
    assert_true(at >= 0);
    return str_slice(text, (size_t)at + strlen(mark), text.len);
}

static void writes_every_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(written); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct str request = record(written[i].call, &a);
        assert_true(str_find(request, STR("application/x-www-form-urlencoded\r\n"), 0) > 0);
        struct str form = after(request, "\r\n\r\n");
        struct str value = field(&a, form, written[i].name);
        print_message("# %zu %s\n", written[i].call, written[i].name);
        assert_true(str_eq(field(&a, form, "apikey"), STR("key")));
        assert_true(str_eq(field(&a, form, "userid"), STR("shop")));
        assert_int_equal(value.ptr != NULL, written[i].value != NULL);
        assert_true(str_eq(value, str_c(written[i].value)));
    }
}

/* The value of a part, up to the boundary that follows. */
static struct str part(struct arena *a, struct str body, struct str boundary, const char *name)
{
    struct str rest = after(body, str_printf(a, "name=\"%s\"", name).ptr);
    rest = after(rest, "\r\n\r\n");
    ptrdiff_t end = str_find(rest, str_printf(a, "\r\n--%.*s", STR_ARG(boundary)), 0);
    assert_true(end >= 0);
    return str_slice(rest, 0, (size_t)end);
}

static void an_image_is_multipart(void **state)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    (void)state;
    struct str request = record(1, &a);
    struct str boundary = after(request, "Content-Type: multipart/form-data; boundary=");
    boundary = str_slice(boundary, 0, (size_t)str_find(boundary, STR("\r\n"), 0));
    struct str body = after(request, "\r\n\r\n");
    assert_true(str_eq(part(&a, body, boundary, "apikey"), STR("key")));
    assert_true(str_eq(part(&a, body, boundary, "userid"), STR("shop")));
    assert_true(str_eq(part(&a, body, boundary, "senderkey"), STR(KEY)));
    assert_true(str_eq(part(&a, body, boundary, "tpl_emtype"), STR("IMAGE")));
    assert_true(str_eq(part(&a, body, boundary, "tpl_content"),
                       STR("#{이름}님, 1+1=2 & 100%\r\n감사합니다.")));
    assert_true(str_eq(part(&a, body, boundary, "tpl_button"), STR(BUTTONS)));
    assert_true(str_eq(part(&a, body, boundary, "image"), STR(IMAGE)));
    assert_true(str_find(body, STR("filename=\"template.png\"\r\nContent-Type: image/png"), 0) > 0);
    assert_true(str_find(body, STR("name=\"tpl_title\""), 0) < 0);
}

/* The connection state of one gateway goes on after a multipart body. */
static void forms_follow_an_image(void **state)
{
    static const struct fake_step step = {ANSWER(DONE)};
    ARENA(a, ARENA_MAX_DEFAULT);
    struct gateway_fault fault;
    (void)state;
    fake_start(&fake, &step, 1);
    struct gateway *g = open_gateway(&a);
    assert_int_equal(add_image(g, &a, &fault), GATEWAY_OK);
    assert_int_equal(delete (g, &a, &fault), GATEWAY_OK);
    gateway_close(&g);
    fake_stop(&fake);
    struct str form = after(buf_view(&fake.last), "\r\n\r\n");
    assert_true(str_eq(field(&a, form, "tpl_code"), STR("TM_1")));
    assert_true(str_find(buf_view(&fake.last), STR("multipart"), 0) < 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(one_change_is_one_request, stop_fake),
        cmocka_unit_test_teardown(a_change_never_uses_a_kept_connection, stop_fake),
        cmocka_unit_test_teardown(writes_every_field, stop_fake),
        cmocka_unit_test_teardown(an_image_is_multipart, stop_fake),
        cmocka_unit_test_teardown(forms_follow_an_image, stop_fake),
    };
    gateway_timeouts_set(
        &(struct gateway_timeouts){.connect_ms = 1000, .send_ms = 1000, .read_ms = 1000});
    return cmocka_run_group_tests(tests, NULL, NULL);
}
