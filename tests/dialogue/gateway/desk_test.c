/*
 * desk_test.c - templates and channels between the driver and the practice gateway over real HTTP:
 * the whole life of a template from its registration to a message, an image as multipart, what is
 * refused and in which words, a channel with its own templates, and every fault with what is then
 * known.
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
    const struct gateway_driver *d;
    struct gateway_fault fault;
    struct arena a;
    int64_t later; /* added to the machine's clock */
};

static int64_t room_now(void *ctx)
{
    return clock_now(&clock_system) +
           __atomic_load_n(&((struct room *)ctx)->later, __ATOMIC_RELAXED);
}

/* A gateway of the account "shop" with that profile key. */
static struct gateway *open_gateway(struct room *r, struct str sender_key)
{
    struct gateway_account account = {
        .base_url = str_printf(&r->a, "http://127.0.0.1:%u", http_server_port(r->server)),
        .user_id = STR("shop"),
        .api_key = STR("key"),
        .sender_key = sender_key,
        .sender = STR("0212345678"),
    };
    return gateway_open(gateway_driver_find(STR("aligo")), &account);
}

static void start(struct room *r)
{
    r->p = practice_open(&r->options);
    assert_non_null(r->p);
    r->server = practice_listen(r->p, "127.0.0.1", 0);
    assert_non_null(r->server);
    r->g = open_gateway(r, practice_sender_key(&r->a, STR("shop")));
    r->d = gateway_driver(r->g);
}

static void stop(struct room *r)
{
    gateway_close(&r->g);
    http_server_stop(&r->server);
    practice_close(&r->p);
}

static int open_room(void **state)
{
    struct room *r = calloc(1, sizeof *r);
    strcpy(r->folder, "/tmp/practice-desk-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    snprintf(r->path, sizeof r->path, "%s/practice.db", r->folder);
    arena_init(&r->a, ARENA_MAX_DEFAULT);
    r->options = practice_options_default();
    r->options.path = r->path;
    r->options.clock = (struct clock){room_now, r};
    start(r);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    char other[112];
    stop(r);
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

/* ---- a template to be registered ---- */

#define CONTENT "#{이름}님, 주문하신 상품이 준비되었습니다.\r\n- 찾으실 곳: #{지점명} & 100%"
#define BODY    "홍길동님, 주문하신 상품이 준비되었습니다.\r\n- 찾으실 곳: 마포점 & 100%"

static const struct gateway_button buttons[] = {
    {.name = STR_INIT("매장 \"보기\""),
     .type = STR_INIT("WL"),
     .type_name = STR_INIT("웹링크"),
     .mobile = STR_INIT("https://go.example.kr/#{코드}"),
     .pc = STR_INIT("https://go.example.kr/#{코드}")},
    {.name = STR_INIT("앱에서 열기"),
     .type = STR_INIT("AL"),
     .type_name = STR_INIT("앱링크"),
     .ios = STR_INIT("shop://1"),
     .android = STR_INIT("shop://2")},
};

static struct gateway_template_form form_of(const char *content)
{
    return (struct gateway_template_form){
        .name = STR("픽업 안내"),
        .content = str_c(content),
        .type = STR("BA"),
        .emphasis = STR("NONE"),
        .buttons = buttons,
        .button_count = COUNT_OF(buttons),
    };
}

static struct str save(struct room *r, const struct gateway_template_form *form)
{
    struct str code = STR("");
    enum gateway_answer answer = r->d->template_save(r->g, form, &r->a, &code, &r->fault);
    if (answer != GATEWAY_OK)
        print_message("# %.*s\n", STR_ARG(r->fault.message));
    assert_int_equal(answer, GATEWAY_OK);
    return code;
}

/* The template as the gateway lists it now; code NULL when it does not. */
static struct gateway_template look(struct room *r, struct gateway *g, struct str code)
{
    const struct gateway_template *list;
    size_t count;
    assert_int_equal(r->d->templates(g, &r->a, &list, &count, &r->fault), GATEWAY_OK);
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].code, code))
            return list[i];
    return (struct gateway_template){.code = {NULL, 0}};
}

static void assert_state(struct room *r, struct str code, const char *inspection)
{
    struct gateway_template t = look(r, r->g, code);
    print_message("# %.*s %.*s\n", STR_ARG(t.code), STR_ARG(t.inspection));
    assert_true(str_eq(t.inspection, str_c(inspection)));
}

static void assert_refused(struct room *r, enum gateway_answer answer, int64_t code,
                           const char *part)
{
    print_message("# %d %.*s\n", (int)answer, STR_ARG(r->fault.message));
    assert_int_equal(answer, GATEWAY_REFUSED);
    assert_int_equal(r->fault.code, code);
    assert_true(str_find(r->fault.message, str_c(part), 0) >= 0);
}

static enum gateway_answer send_one(struct room *r, struct str code, bool with_buttons)
{
    struct gateway_button sent[COUNT_OF(buttons)];
    memcpy(sent, buttons, sizeof sent);
    sent[0].mobile = sent[0].pc = STR("https://go.example.kr/a1");
    struct gateway_message message = {
        .phone = STR("01011112222"),
        .subject = STR("안내"),
        .body = STR(BODY),
        .buttons = sent,
        .button_count = with_buttons ? COUNT_OF(sent) : 0,
    };
    const struct gateway_batch batch = {code, &message, 1};
    struct gateway_receipt receipt;
    return r->d->send(r->g, &batch, &r->a, &receipt, &r->fault);
}

/* Posts an order to the admin call and returns the HTTP status. */
static int order(struct room *r, const char *json)
{
    struct practice_answer answer;
    practice_handle(r->p, STR("/practice/templates"), str_c(json), &r->a, &answer);
    return answer.http_status;
}

/* ---- tests ---- */

static void a_template_lives(void **state)
{
    struct room *r = *state;
    struct gateway_template_form form = form_of("#{이름}님, 아직 다른 글");
    r->options.strict = true;
    stop(r);
    start(r);
    struct str code = save(r, &form);
    assert_state(r, code, "REG");
    assert_refused(r, send_one(r, code, true), -99, "템플릿코드");
    form = form_of(CONTENT);
    form.code = code;
    form.secure = true;
    assert_true(str_eq(save(r, &form), code));
    struct gateway_template t = look(r, r->g, code);
    assert_true(str_eq(t.content, STR(CONTENT)) && t.secure);
    assert_int_equal(t.button_count, COUNT_OF(buttons));
    assert_true(str_eq(t.buttons[0].name, buttons[0].name));
    assert_true(str_eq(t.buttons[0].pc, buttons[0].pc));
    assert_true(str_eq(t.buttons[1].android, buttons[1].android));
    assert_true(t.created_at.len > 0 && t.updated_at.len > 0);
    assert_int_equal(r->d->template_request(r->g, code, &r->a, &r->fault), GATEWAY_OK);
    assert_state(r, code, "REQ");
    struct str ignored;
    assert_refused(r, r->d->template_save(r->g, &form, &r->a, &ignored, &r->fault), 509,
                   "수정 가능 상태가 아닙니다");
    assert_refused(r, r->d->template_request(r->g, code, &r->a, &r->fault), 509, "검수요청 가능");
    stop(r); /* it outlives the gateway */
    start(r);
    assert_state(r, code, "REQ");
    __atomic_store_n(&r->later, r->options.inspection_delay_ms, __ATOMIC_RELAXED);
    assert_state(r, code, "APR");
    assert_int_equal(send_one(r, code, true), GATEWAY_OK);
    assert_refused(r, send_one(r, code, false), -99, "템플릿과 일치하지");
    assert_refused(r, r->d->template_delete(r->g, code, &r->a, &r->fault), 509, "삭제할 수 없");
}

static void advertising_is_rejected_and_mended(void **state)
{
    struct room *r = *state;
    struct gateway_template_form form = form_of("(광고) #{이름}님, 오늘만 특가!");
    struct str code = save(r, &form);
    assert_int_equal(r->d->template_request(r->g, code, &r->a, &r->fault), GATEWAY_OK);
    __atomic_store_n(&r->later, 2 * r->options.inspection_delay_ms, __ATOMIC_RELAXED);
    for (int turn = 0; turn < 3; turn++) { /* a remark has three shapes */
        struct gateway_template t = look(r, r->g, code);
        assert_true(str_eq(t.inspection, STR("REJ")));
        assert_int_equal(t.comment_count, 1);
        assert_true(str_find(t.comments[0].text, STR("'(광고)'"), 0) > 0);
    }
    form = form_of(CONTENT);
    form.code = code;
    save(r, &form);
    assert_state(r, code, "REG");
    assert_int_equal(r->d->template_delete(r->g, code, &r->a, &r->fault), GATEWAY_OK);
    assert_null(look(r, r->g, code).code.ptr);
    assert_refused(r, r->d->template_delete(r->g, code, &r->a, &r->fault), -99, "존재하지 않");
    form.code = STR("");
    assert_false(str_eq(save(r, &form), code)); /* no code comes twice */
}

static void an_image_travels(void **state)
{
    struct room *r = *state;
    BUF(image, GATEWAY_IMAGE_MAX);
    struct gateway_template_form form = form_of(CONTENT);
    struct str ignored;
    form.emphasis = STR("IMAGE");
    assert_refused(r, r->d->template_save(r->g, &form, &r->a, &ignored, &r->fault), -99,
                   "(=image)");
    buf_lit(&image, "\x89PNG\r\n\x1a\n--boundary\r\n\r\n\0 & =%");
    while (image.len < GATEWAY_IMAGE_MAX)
        buf_char(&image, (char)(image.len * 7));
    form.image = buf_view(&image);
    struct str code = save(r, &form);
    struct gateway_template t = look(r, r->g, code);
    assert_true(str_eq(t.content, STR(CONTENT)));
    assert_int_equal(t.button_count, COUNT_OF(buttons));
    ptrdiff_t path = str_find(t.image_url, STR("/practice/image?"), 0);
    assert_true(path > 0);
    struct practice_answer answer;
    practice_handle(
        r->p, STR("/practice/image"),
        str_slice(t.image_url, (size_t)path + strlen("/practice/image?"), t.image_url.len), &r->a,
        &answer);
    assert_string_equal(answer.content_type, "image/png");
    assert_true(str_eq(answer.body, form.image));
    form.image.len++; /* never leaves the house */
    assert_int_equal(r->d->template_save(r->g, &form, &r->a, &ignored, &r->fault), GATEWAY_REFUSED);
    assert_int_equal(r->fault.class, GATEWAY_CLASS_REJECTED);
}

static void rules_are_kept(void **state)
{
    static const struct gateway_button one_link[] = {{.name = STR_INIT("보기"),
                                                      .type = STR_INIT("WL"),
                                                      .mobile = STR_INIT("https://a.example"),
                                                      .pc = STR_INIT("a.example")}};
    static const struct gateway_button one_scheme[] = {
        {.name = STR_INIT("보기"), .type = STR_INIT("AL"), .ios = STR_INIT("a://")}};
    static const struct gateway_button odd[] = {{.name = STR_INIT("보기"), .type = STR_INIT("XX")}};
    static const struct gateway_button adding[] = {
        {.name = STR_INIT("채널 추가"), .type = STR_INIT("AC")}};
    static const struct gateway_button long_name[] = {
        {.name = STR_INIT("열네 글자보다 조금 더 긴 이름"), .type = STR_INIT("DS")}};
    char large[1002], many[41 * 6 + 1] = "";
    memset(large, 'a', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    for (size_t i = 0; i < sizeof many - 1; i++)
        many[i] = "#{a}, "[i % 6];
    const struct {
        struct gateway_template_form form;
        const char *part;
    } rows[] = {
        {{.content = STR("글")}, "(=tpl_name)"},
        {{.name = STR("이름")}, "(=tpl_content)"},
        {{.name = STR("이름"), .content = str_c(large)}, "1,000자"},
        {{.name = STR("이름"), .content = str_c(many)}, "40개"},
        {{.name = STR("이름"), .content = STR("글"), .type = STR("ZZ")}, "tpl_type"},
        {{.name = STR("이름"), .content = STR("글"), .type = STR("EX")}, "(=tpl_extra)"},
        {{.name = STR("이름"), .content = STR("글"), .type = STR("AD")}, "(=tpl_advert)"},
        {{.name = STR("이름"), .content = STR("글"), .emphasis = STR("BIG")}, "tpl_emtype"},
        {{.name = STR("이름"), .content = STR("글"), .emphasis = STR("TEXT"), .title = STR("a")},
         "(=tpl_stitle)"},
        {{.name = STR("이름"), .content = STR("글"), .emphasis = STR("IMAGE"), .image = STR("GIF")},
         "JPG, PNG"},
        {{.name = STR("이름"), .content = STR("글"), .buttons = one_link, .button_count = 1},
         "linkM, linkP"},
        {{.name = STR("이름"), .content = STR("글"), .buttons = one_scheme, .button_count = 1},
         "linkI, linkA"},
        {{.name = STR("이름"), .content = STR("글"), .buttons = odd, .button_count = 1},
         "linkType"},
        {{.name = STR("이름"), .content = STR("글"), .buttons = adding, .button_count = 1},
         "채널추가형"},
        {{.name = STR("이름"), .content = STR("글"), .buttons = long_name, .button_count = 1},
         "14자"},
    };
    struct room *r = *state;
    struct str code;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_refused(r, r->d->template_save(r->g, &rows[i].form, &r->a, &code, &r->fault), -99,
                       rows[i].part);
    struct gateway_template_form form = form_of("글");
    form.type = STR("MI");
    form.extra = STR("영업시간 10~19시");
    form.advert = STR("채널을 추가하고 소식을 받아 보세요.");
    form.buttons = adding;
    form.button_count = 1;
    struct gateway_template t = look(r, r->g, save(r, &form));
    assert_true(str_eq(t.type, STR("MI")) && str_eq(t.extra, form.extra));
}

static void orders_are_carried_out(void **state)
{
    static const struct {
        const char *order, *code;
        const char *inspection, *status;
        bool dormant;
        const char *content; /* NULL: as before */
    } rows[] = {
        {"\"approve\"", "TP_1008", "APR", "R", false, NULL},
        {"\"reject\",\"comment\":\"다시 써 주세요\"", "TP_1008", "REJ", "R", false, NULL},
        {"\"stop\"", "TP_1001", "APR", "S", false, NULL},
        {"\"start\"", "TP_1001", "APR", "A", false, NULL},
        {"\"sleep\"", "TP_1001", "APR", "A", true, NULL},
        {"\"wake\"", "TP_1001", "APR", "A", false, NULL},
        {"\"change\",\"content\":\"#{이름}님, 바뀐 글\"", "TP_1001", "APR", "A", false,
         "#{이름}님, 바뀐 글"},
    };
    struct room *r = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str json = str_printf(&r->a, "{\"user_id\":\"shop\",\"code\":\"%s\",\"order\":%s}",
                                     rows[i].code, rows[i].order);
        assert_int_equal(order(r, json.ptr), 200);
        struct gateway_template t = look(r, r->g, str_c(rows[i].code));
        assert_true(str_eq(t.inspection, str_c(rows[i].inspection)));
        assert_true(str_eq(t.status, str_c(rows[i].status)));
        assert_int_equal(t.dormant, rows[i].dormant);
        assert_true(!rows[i].content || str_eq(t.content, str_c(rows[i].content)));
        if (rows[i].dormant)
            assert_refused(r, send_one(r, t.code, false), -99, "휴면");
    }
    struct gateway_template t = look(r, r->g, STR("TP_1008"));
    assert_int_equal(t.comment_count, 1);
    assert_true(str_eq(t.comments[0].text, STR("다시 써 주세요")));
    assert_int_equal(order(r, "{\"user_id\":\"shop\",\"code\":\"TP_1001\",\"order\":\"eat\"}"),
                     422);
    assert_int_equal(order(r, "{\"user_id\":\"shop\",\"code\":\"TP_1\",\"order\":\"stop\"}"), 422);
    assert_int_equal(order(r, "{\"user_id\":\"shop\",\"code\":\"TP_1001\",\"order\":\"change\"}"),
                     422);
    assert_int_equal(order(r, "[]"), 422);
}

static void a_channel_is_added(void **state)
{
    struct room *r = *state;
    const struct gateway_category *categories;
    const struct gateway_profile *profiles;
    struct gateway_profile added;
    size_t count;
    struct gateway_channel_form form = {
        .channel = STR("@봄날"),
        .phone = STR("01011112222"),
        .auth_number = STR("000000"),
        .category = STR(""),
    };
    assert_int_equal(r->d->categories(r->g, &r->a, &categories, &count, &r->fault), GATEWAY_OK);
    for (size_t i = 0; i < count; i++)
        if (categories[i].level == 3)
            form.category = categories[i].code;
    assert_int_equal(form.category.len, 11);
    assert_true(categories[0].level == 1 && categories[0].parent.len == 0);
    assert_refused(r, r->d->channel_auth(r->g, STR("봄날"), form.phone, &r->a, &r->fault), 509,
                   "존재하지 않는 카카오톡 채널");
    assert_refused(r, r->d->channel_auth(r->g, form.channel, STR("02123"), &r->a, &r->fault), 509,
                   "관리자 알림 설정");
    assert_refused(r, r->d->channel_add(r->g, &form, &r->a, &added, &r->fault), 509, "먼저");
    assert_int_equal(r->d->channel_auth(r->g, form.channel, form.phone, &r->a, &r->fault),
                     GATEWAY_OK);
    assert_refused(r, r->d->channel_add(r->g, &form, &r->a, &added, &r->fault), 509,
                   PRACTICE_AUTH_NUMBER);
    form.auth_number = STR(PRACTICE_AUTH_NUMBER);
    struct str third = form.category;
    form.category = STR("001");
    assert_refused(r, r->d->channel_add(r->g, &form, &r->a, &added, &r->fault), 509, "카테고리");
    form.category = third;
    assert_int_equal(r->d->channel_add(r->g, &form, &r->a, &added, &r->fault), GATEWAY_OK);
    assert_true(str_eq(added.channel, form.channel) && added.sender_key.len == 40);
    assert_refused(r, r->d->channel_add(r->g, &form, &r->a, &added, &r->fault), 509, "이미");
    struct str key = str_dup(&r->a, added.sender_key);
    stop(r);
    start(r);
    assert_int_equal(r->d->profiles(r->g, &r->a, &profiles, &count, &r->fault), GATEWAY_OK);
    assert_int_equal(count, 2);
    assert_true(str_eq(profiles[1].sender_key, key));
    struct gateway *other = open_gateway(r, profiles[1].sender_key);
    struct gateway_template_form t = form_of(CONTENT);
    struct str code = STR("");
    assert_int_equal(r->d->template_save(other, &t, &r->a, &code, &r->fault), GATEWAY_OK);
    assert_non_null(look(r, other, code).code.ptr);
    assert_null(look(r, r->g, code).code.ptr);
    gateway_close(&other);
}

static void says_only_what_is_known(void **state)
{
    static const struct {
        const char *fault;
        enum gateway_answer want;
        int made;
    } rows[] = {
        {"ok", GATEWAY_OK, 1},
        {"cut-before", GATEWAY_UNKNOWN, 0},
        {"cut-after", GATEWAY_UNKNOWN, 1},
        {"half", GATEWAY_UNKNOWN, 1},
        {"5xx", GATEWAY_UNKNOWN, 0},
        {"5xx-after", GATEWAY_UNKNOWN, 1},
        {"html", GATEWAY_UNKNOWN, 0},
        {"html-after", GATEWAY_UNKNOWN, 1},
        {"delay:50", GATEWAY_OK, 1},
        {"refuse:-99:안 됩니다", GATEWAY_REFUSED, 0},
    };
    static const char *const others[] = {"template-modify", "template-delete", "template-request",
                                         "channel-auth",    "channel-add",     "categories"};
    struct room *r = *state;
    struct gateway_template_form form = form_of(CONTENT);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct gateway_template *list;
        size_t before, after;
        struct str code;
        assert_int_equal(r->d->templates(r->g, &r->a, &list, &before, &r->fault), GATEWAY_OK);
        assert_true(practice_wish(r->p, str_printf(&r->a, "template-add=%s", rows[i].fault)));
        print_message("# %s\n", rows[i].fault);
        assert_int_equal(r->d->template_save(r->g, &form, &r->a, &code, &r->fault), rows[i].want);
        assert_int_equal(r->d->templates(r->g, &r->a, &list, &after, &r->fault), GATEWAY_OK);
        assert_int_equal(after - before, rows[i].made);
    }
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_true(practice_wish(r->p, str_printf(&r->a, "%s=half", others[i])));
    const struct gateway_category *categories;
    struct gateway_channel_form channel = {STR("@a"), STR("01011112222"), STR("1"), STR("1")};
    struct gateway_profile added;
    struct str code;
    size_t count;
    form.code = STR("TP_1010");
    assert_int_equal(r->d->template_save(r->g, &form, &r->a, &code, &r->fault), GATEWAY_UNKNOWN);
    assert_int_equal(r->d->template_request(r->g, form.code, &r->a, &r->fault), GATEWAY_UNKNOWN);
    assert_int_equal(r->d->template_delete(r->g, form.code, &r->a, &r->fault), GATEWAY_UNKNOWN);
    assert_null(look(r, r->g, form.code).code.ptr); /* changed, asked for, deleted: all came */
    assert_int_equal(r->d->channel_auth(r->g, channel.channel, channel.phone, &r->a, &r->fault),
                     GATEWAY_UNKNOWN);
    assert_int_equal(r->d->channel_add(r->g, &channel, &r->a, &added, &r->fault), GATEWAY_UNKNOWN);
    assert_int_equal(r->d->categories(r->g, &r->a, &categories, &count, &r->fault),
                     GATEWAY_UNKNOWN);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_room, close_room)
    static const struct CMUnitTest tests[] = {
        TEST(a_template_lives),        TEST(advertising_is_rejected_and_mended),
        TEST(an_image_travels),        TEST(rules_are_kept),
        TEST(orders_are_carried_out),  TEST(a_channel_is_added),
        TEST(says_only_what_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
