/*
 * answer_test.c - Aligo's answers in every spelling that its page, its samples and its users know,
 * and everything that is no answer at all. A case is a row.
 */
#include "gateway/aligo_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static struct aligo_reply ok(const char *body)
{
    return (struct aligo_reply){.status = 200, .body = str_c(body)};
}

#define assert_str(got, want) assert_true(str_eq((got), str_c(want)))

/* ---- send ---- */

static void reads_receipts(void **state)
{
    static const struct {
        const char *body, *mid;
        int64_t taken, refused;
        double unit, balance;
    } rows[] = {
        {"{\"code\":0,\"message\":\"성공적으로 전송요청 하였습니다.\",\"info\":{\"type\":\"AT\","
         "\"mid\":612345678,\"current\":99987.0,\"unit\":6.5,\"total\":13.0,\"scnt\":2,\"fcnt\":0}"
         "}",
         "612345678", 2, 0, 6.5, 99987},
        {"{\"code\":\"0\",\"message\":\"\",\"info\":{\"type\":\"AT\",\"mid\":\"612345678\","
         "\"current\":\"99987\",\"unit\":\"6.5\",\"total\":\"13\",\"scnt\":\"2\",\"fcnt\":\"1\"}}",
         "612345678", 2, 1, 6.5, 99987},
        {"{\"code\":0,\"info\":{\"mid\":\"12345678901234567890\",\"scnt\":500}}",
         "12345678901234567890", 500, 0, -1, -1},
        {"{\"code\":0,\"info\":{\"mid\":12345678901234567890,\"scnt\":500}}",
         "12345678901234567890", 500, 0, -1, -1},
        {"{\"code\":0,\"info\":{\"mid\":12345678901234567890,\"scnt\":1,\"type\":"
         "\"\\\"12345678901234567890\"}}",
         "12345678901234567890", 1, 0, -1, -1},
        {"{\"code\":1,\"info\":{\"mid\":7,\"scnt\":1,\"current\":null,\"unit\":\"\"}}", "7", 1, 0,
         -1, -1},
        {" \r\n{\"code\":0,\"info\":{\"mid\":7,\"scnt\":1}}\n", "7", 1, 0, -1, -1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct gateway_receipt receipt;
        struct gateway_fault fault;
        struct aligo_reply reply = ok(rows[i].body);
        print_message("# %zu\n", i);
        assert_int_equal(aligo_read_send(&reply, &a, &receipt, &fault), GATEWAY_OK);
        assert_str(receipt.mid, rows[i].mid);
        assert_int_equal(receipt.taken, rows[i].taken);
        assert_int_equal(receipt.refused, rows[i].refused);
        assert_true(receipt.unit_price == rows[i].unit);
        assert_true(receipt.balance == rows[i].balance);
    }
}

static void knows_a_clear_no(void **state)
{
    static const struct {
        const char *body;
        enum gateway_class class;
        int64_t code;
        const char *message;
    } rows[] = {
        {"{\"code\":-99,\"message\":\"인증되지 않는 서버 IP로 부터의 호출 입니다.\"}",
         GATEWAY_CLASS_SETUP, -99, "인증되지 않는 서버 IP로 부터의 호출 입니다."},
        {"{\"code\":\"-99\",\"message\":\"\\ud3ec\\uc778\\ud2b8\\uac00 "
         "\\ubd80\\uc871\\ud569\\ub2c8\\ub2e4.\"}",
         GATEWAY_CLASS_MONEY, -99, "포인트가 부족합니다."},
        {"{\"code\":-99,\"message\":\"보유건수가 부족합니다\"}", GATEWAY_CLASS_MONEY, -99,
         "보유건수가 부족합니다"},
        {"{\"result_code\":-101,\"message\":\"인증오류입니다.\"}", GATEWAY_CLASS_SETUP, -101,
         "인증오류입니다."},
        {"{\"code\":-99,\"message\":\"등록되지 않은 인증키입니다.\"}", GATEWAY_CLASS_SETUP, -99,
         "등록되지 않은 인증키입니다."},
        {"{\"code\":-99,\"message\":\"파라메더 정보가 전달되지 않았습니다. (=senderkey)\"}",
         GATEWAY_CLASS_SETUP, -99, "파라메더 정보가 전달되지 않았습니다. (=senderkey)"},
        {"{\"code\":-99,\"message\":\"초당 발송 한도를 초과했습니다\"}", GATEWAY_CLASS_PACE, -99,
         "초당 발송 한도를 초과했습니다"},
        {"{\"code\":-99,\"message\":\"메시지가 템플릿과 일치하지 않습니다.\"}",
         GATEWAY_CLASS_REJECTED, -99, "메시지가 템플릿과 일치하지 않습니다."},
        {"{\"code\":509,\"message\":\"수정 가능 상태가 아닙니다.\"}", GATEWAY_CLASS_SETUP, 509,
         "수정 가능 상태가 아닙니다."},
        {"{\"code\":-1}", GATEWAY_CLASS_SETUP, -1, "code -1"},
        {"{\"code\":-99,\"message\":\"아무도 본 적 없는 글\",\"info\":{}}", GATEWAY_CLASS_SETUP,
         -99, "아무도 본 적 없는 글"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct gateway_receipt receipt;
        struct gateway_fault fault;
        struct aligo_reply reply = ok(rows[i].body);
        print_message("# %zu\n", i);
        assert_int_equal(aligo_read_send(&reply, &a, &receipt, &fault), GATEWAY_REFUSED);
        assert_int_equal(fault.class, rows[i].class);
        assert_int_equal(fault.code, rows[i].code);
        assert_str(fault.message, rows[i].message);
    }
}

/* What leaves any doubt about a send is unknown, never refused. */
static void doubts_the_rest(void **state)
{
    static const struct {
        long status;
        const char *body;
    } rows[] = {
        {200, ""},
        {200, "<html><body>502</body></html>"},
        {200, "{\"code\":0,\"message\":\"성공적으로 전송요청 하였습니다.\",\"info\":{\"mid\":61"},
        {200, "{\"code\":-99,\"message\":\"포인트가"},
        {200, "{\"code\":-99} trailing"},
        {200, "{\"code\":-99,\"code\":0}"},
        {200, "[]"},
        {200, "null"},
        {200, "0"},
        {200, "{}"},
        {200, "{\"message\":\"성공\"}"},
        {200, "{\"code\":null}"},
        {200, "{\"code\":\"\"}"},
        {200, "{\"code\":\"-99x\"}"},
        {200, "{\"code\":true}"},
        {200, "{\"code\":0}"},
        {200, "{\"code\":0,\"info\":null}"},
        {200, "{\"code\":0,\"info\":[]}"},
        {200, "{\"code\":0,\"info\":{\"mid\":\"\"}}"},
        {200, "{\"code\":0,\"info\":{\"mid\":5}}"},
        {200, "{\"code\":0,\"info\":{\"scnt\":5}}"},
        {200, "\xff\xfe{\"code\":0}"},
        {500, "{\"code\":-99,\"message\":\"포인트가 부족합니다.\"}"},
        {502, "{\"code\":0,\"info\":{\"mid\":5,\"scnt\":1}}"},
        {404, "{\"code\":-99}"},
        {302, ""},
        {204, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct gateway_receipt receipt;
        struct gateway_fault fault;
        struct aligo_reply reply = {.status = rows[i].status, .body = str_c(rows[i].body)};
        print_message("# %zu\n", i);
        assert_int_equal(aligo_read_send(&reply, &a, &receipt, &fault), GATEWAY_UNKNOWN);
        assert_true(fault.message.len > 0);
        assert_int_equal(fault.class, GATEWAY_CLASS_NONE);
    }
}

/* ---- history ---- */

static void reads_history(void **state)
{
    static const char *const bodies[] = {
        "{\"code\":0,\"message\":\"\",\"list\":[{\"mid\":\"612345678\",\"type\":\"AT\",\"sender\":"
        "\"0212345678\",\"msg_count\":\"2\",\"mbody\":\"안녕\",\"reserve_date\":\"\",\"reserve_"
        "state\":"
        "\"전송완료\",\"regdate\":\"2026-03-02 09:15:00\"}],\"currentPage\":1,\"totalPage\":3,"
        "\"totalCount\":101}",
        "{\"code\":0,\"list\":[{\"mid\":612345678,\"sender\":\"0212345678\",\"msg_count\":2,"
        "\"mbody\":\"\\uc548\\ub155\",\"reg_date\":\"2026-03-02 09:15:00\"}],\"currentPage\":\"1\","
        "\"totalPage\":\"3\",\"totalCount\":\"101\"}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        const struct gateway_history *list;
        struct gateway_fault fault;
        struct aligo_reply reply = ok(bodies[i]);
        size_t count;
        int64_t pages;
        assert_int_equal(aligo_read_history(&reply, &a, &list, &count, &pages, &fault), GATEWAY_OK);
        assert_int_equal(count, 1);
        assert_int_equal(pages, 3);
        assert_str(list[0].mid, "612345678");
        assert_str(list[0].sender, "0212345678");
        assert_str(list[0].body, "안녕");
        assert_int_equal(list[0].count, 2);
        assert_int_equal(list[0].registered_at, INT64_C(1772410500000)); /* 00:15 UTC */
    }
}

static void doubts_a_history_with_holes(void **state)
{
    static const char *const bodies[] = {
        "{\"code\":0,\"list\":[],\"currentPage\":1}",
        "{\"code\":0,\"totalPage\":1}",
        "{\"code\":0,\"list\":null,\"totalPage\":1}",
        "{\"code\":0,\"list\":{},\"totalPage\":1}",
        "{\"code\":0,\"list\":[],\"totalPage\":-1}",
        "{\"code\":0,\"list\":[1],\"totalPage\":1}",
        "{\"code\":0,\"list\":[{\"msg_count\":1,\"regdate\":\"2026-03-02 "
        "09:15:00\"}],\"totalPage\":1}",
        "{\"code\":0,\"list\":[{\"mid\":1,\"regdate\":\"2026-03-02 09:15:00\"}],\"totalPage\":1}",
        "{\"code\":0,\"list\":[{\"mid\":1,\"msg_count\":1,\"regdate\":\"yesterday\"}],"
        "\"totalPage\":1}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        const struct gateway_history *list;
        struct gateway_fault fault;
        struct aligo_reply reply = ok(bodies[i]);
        size_t count;
        int64_t pages;
        print_message("# %zu\n", i);
        assert_int_equal(aligo_read_history(&reply, &a, &list, &count, &pages, &fault),
                         GATEWAY_UNKNOWN);
    }
}

/* ---- detail ---- */

#define DETAIL(fields)                                                                             \
    "{\"code\":0,\"list\":[{\"phone\":\"010-1111-2222\"," fields "}],\"totalPage\":\"1\"}"

static void reads_results(void **state)
{
    static const struct {
        const char *body;
        enum gateway_result result;
        const char *code, *text;
    } rows[] = {
        {DETAIL("\"msgid\":\"6123456781\",\"rslt\":\"0\",\"rslt_message\":\"\""),
         GATEWAY_RESULT_DELIVERED, "0", ""},
        {DETAIL("\"msgid\":6123456781,\"rslt\":0"), GATEWAY_RESULT_DELIVERED, "0", ""},
        {DETAIL("\"msgid\":\"Q6123456781\",\"rslt\":\"\""), GATEWAY_RESULT_PENDING, "", ""},
        {DETAIL("\"msgid\":\"Q6123456781\",\"rslt\":\"0\""), GATEWAY_RESULT_PENDING, "0", ""},
        {DETAIL("\"msgid\":\"6123456781\",\"rslt\":\"\""), GATEWAY_RESULT_PENDING, "", ""},
        {DETAIL("\"msgid\":\"6123456781\",\"rslt\":null"), GATEWAY_RESULT_PENDING, "", ""},
        {DETAIL("\"msgid\":null,\"rslt\":\"0\""), GATEWAY_RESULT_PENDING, "0", ""},
        {DETAIL("\"status\":3"), GATEWAY_RESULT_PENDING, "", ""},
        {DETAIL("\"msgid\":\"6123456781\",\"rslt\":\"U\",\"rslt_message\":\"메시지가 템플릿과 "
                "일치하지않음\""),
         GATEWAY_RESULT_FAILED, "U", "메시지가 템플릿과 일치하지않음"},
        {DETAIL("\"msgid\":\"6123456781\",\"rslt\":\"a\""), GATEWAY_RESULT_FAILED, "a", ""},
        {DETAIL("\"msgid\":\"6123456781\",\"rslt\":\"9\""), GATEWAY_RESULT_FAILED, "9", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        const struct gateway_detail *list;
        struct gateway_fault fault;
        struct aligo_reply reply = ok(rows[i].body);
        size_t count;
        int64_t pages;
        print_message("# %zu\n", i);
        assert_int_equal(aligo_read_detail(&reply, &a, &list, &count, &pages, &fault), GATEWAY_OK);
        assert_int_equal(count, 1);
        assert_int_equal(list[0].result, rows[i].result);
        assert_str(list[0].phone, "01011112222");
        assert_str(list[0].code, rows[i].code);
        assert_str(list[0].text, rows[i].text);
    }
}

static void reads_the_rest_of_a_detail(void **state)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    const struct gateway_detail *list;
    struct gateway_fault fault;
    size_t count;
    int64_t pages;
    struct aligo_reply reply =
        ok("{\"code\":0,\"list\":[{\"msgid\":\"1\",\"phone\":\"01011112222\",\"rslt\":\"0\","
           "\"sentdate\":\"2026-03-02 09:15:01\",\"rsltdate\":\"2026-03-02 09:15:04\","
           "\"message\":\"\\ud83d\\ude00\\r\\n\\/\",\"button_json\":\"{\\\"button\\\":[]}\","
           "\"tpl_code\":\"TM_1\"},{\"msgid\":\"2\",\"phone\":\"01011113333\",\"rslt\":\"0\","
           "\"rsltdate\":\"\",\"reportdate\":\"2026-03-02 09:15:05\",\"button_json\":{\"button\":"
           "[]}}],\"totalPage\":2}");
    (void)state;
    assert_int_equal(aligo_read_detail(&reply, &a, &list, &count, &pages, &fault), GATEWAY_OK);
    assert_int_equal(count, 2);
    assert_int_equal(pages, 2);
    assert_int_equal(list[0].sent_at, INT64_C(1772410501000));
    assert_int_equal(list[0].result_at, INT64_C(1772410504000));
    assert_str(list[0].body, "😀\r\n/");
    assert_str(list[0].buttons, "{\"button\":[]}");
    assert_str(list[0].template_code, "TM_1");
    assert_int_equal(list[1].sent_at, 0);
    assert_int_equal(list[1].result_at, INT64_C(1772410505000));
    assert_str(list[1].buttons, "{\"button\":[]}");
}

/* ---- templates ---- */

static void reads_templates(void **state)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    const struct gateway_template *list;
    struct gateway_fault fault;
    size_t count;
    struct aligo_reply reply = ok(
        "{\"code\":0,\"list\":[{\"templtCode\":\"TM_1\",\"templtName\":\"출고\","
        "\"templtContent\":\"#{이름}님\\r\\n감사합니다.\",\"status\":\"R\",\"inspStatus\":\"APR\","
        "\"templateType\":null,\"buttons\":[{\"ordering\":\"2\",\"name\":\"둘\",\"linkType\":"
        "\"DS\",\"linkTypeName\":\"배송조회\",\"linkMo\":\"\"},{\"ordering\":\"1\",\"name\":"
        "\"하나\",\"linkType\":\"WL\",\"linkTypeName\":\"웹링크\",\"linkMo\":\"http:\\/\\/"
        "#{링크}\","
        "\"linkPc\":\"http:\\/\\/#{링크}\"}]},{\"templtCode\":\"TM_2\",\"templtContent\":\"글\","
        "\"templateType\":\"EX\",\"templateEmType\":\"TEXT\",\"templtTitle\":\"제목\","
        "\"templtSubtitle\":\"부제\",\"buttons\":null,\"status\":\"A\",\"inspStatus\":\"REJ\"},"
        "{\"templtCode\":\"TM_3\",\"templtContent\":\"글\",\"buttons\":[{},{},{},{},{},{}]}],"
        "\"info\":{\"REG\":0,\"REQ\":0,\"APR\":1,\"REJ\":1}}");
    (void)state;
    assert_int_equal(aligo_read_templates(&reply, &a, &list, &count, &fault), GATEWAY_OK);
    assert_int_equal(count, 2);
    assert_str(list[0].code, "TM_1");
    assert_str(list[0].content, "#{이름}님\r\n감사합니다.");
    assert_str(list[0].type, "BA");
    assert_str(list[0].emphasis, "NONE");
    assert_str(list[0].status, "R");
    assert_str(list[0].inspection, "APR");
    assert_int_equal(list[0].button_count, 2);
    assert_str(list[0].buttons[0].name, "하나");
    assert_str(list[0].buttons[0].mobile, "http://#{링크}");
    assert_str(list[0].buttons[1].type, "DS");
    assert_int_equal(list[0].buttons[1].mobile.len, 0);
    assert_str(list[1].emphasis, "TEXT");
    assert_str(list[1].title, "제목");
    assert_str(list[1].subtitle, "부제");
    assert_int_equal(list[1].button_count, 0);
}

/* Comments have no documented shape, and the newer members come as they like. */
static void reads_remarks_and_marks(void **state)
{
    static const struct {
        const char *members; /* of the one template */
        size_t comments;
        const char *text, *author, *at; /* of the last comment */
        bool secure, dormant;
    } rows[] = {
        {"\"comments\":[]", 0, NULL, NULL, NULL, false, false},
        {"\"comments\":null,\"securityFlag\":null,\"dormant\":null,\"templtImageUrl\":null", 0,
         NULL, NULL, NULL, false, false},
        {"\"comments\":[\"하나\",\"둘\"],\"securityFlag\":\"Y\"", 2, "둘", "", "", true, false},
        {"\"comments\":\"하나\",\"securityFlag\":\"N\",\"dormant\":false", 1, "하나", "", "", false,
         false},
        {"\"comments\":[{\"id\":7,\"content\":\"글\",\"userName\":\"검수자\",\"createdAt\":"
         "\"2026-03-02 09:15:00\",\"status\":\"REJ\"}],\"dormant\":true",
         1, "글", "검수자", "2026-03-02 09:15:00", false, true},
        {"\"comments\":[{\"comment\":\"글\",\"name\":\"검수자\",\"cdate\":20260302}],"
         "\"dormant\":\"Y\",\"securityFlag\":true",
         1, "글", "검수자", "20260302", true, true},
        {"\"comments\":{\"text\":\"글\"},\"dormant\":\"N\"", 1, "글", "", "", false, false},
        {"\"comments\":[1,null,{},[],{\"content\":\"\"},{\"content\":null,\"text\":\"글\"}]", 1,
         "글", "", "", false, false},
        {"\"comments\":7,\"dormant\":1", 0, NULL, NULL, NULL, false, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        const struct gateway_template *list;
        struct gateway_fault fault;
        size_t count;
        struct str body = str_printf(&a,
                                     "{\"code\":0,\"list\":[{\"templtCode\":\"T\","
                                     "\"templtContent\":\"글\",%s}]}",
                                     rows[i].members);
        struct aligo_reply reply = {.status = 200, .body = body};
        print_message("# %zu\n", i);
        assert_int_equal(aligo_read_templates(&reply, &a, &list, &count, &fault), GATEWAY_OK);
        assert_int_equal(count, 1);
        assert_int_equal(list[0].secure, rows[i].secure);
        assert_int_equal(list[0].dormant, rows[i].dormant);
        assert_int_equal(list[0].comment_count, rows[i].comments);
        if (rows[i].comments == 0)
            continue;
        const struct gateway_comment *last = &list[0].comments[rows[i].comments - 1];
        assert_str(last->text, rows[i].text);
        assert_str(last->author, rows[i].author);
        assert_str(last->at, rows[i].at);
    }
}

static void reads_image_and_dates(void **state)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    const struct gateway_template *list;
    struct gateway_fault fault;
    size_t count;
    struct aligo_reply reply =
        ok("{\"code\":0,\"list\":[{\"templtCode\":\"T\",\"templtContent\":\"글\","
           "\"templateEmType\":\"IMAGE\",\"templtImageUrl\":\"https:\\/\\/img.example\\/1.png\","
           "\"cdate\":\"2026-03-02 09:15:00\",\"udate\":\"2026-03-03 09:15:00\"},"
           "{\"templtCode\":\"U\",\"templtContent\":\"글\",\"templateTitle\":\"제목\","
           "\"createdAt\":\"2026-03-02\",\"udate\":\"\"}]}");
    (void)state;
    assert_int_equal(aligo_read_templates(&reply, &a, &list, &count, &fault), GATEWAY_OK);
    assert_str(list[0].image_url, "https://img.example/1.png");
    assert_str(list[0].created_at, "2026-03-02 09:15:00");
    assert_str(list[0].updated_at, "2026-03-03 09:15:00");
    assert_str(list[1].title, "제목");
    assert_str(list[1].created_at, "2026-03-02");
    assert_str(list[1].updated_at, "");
}

/* Only the last remarks are kept, and of each its beginning, never half a character. */
static void bounds_remarks(void **state)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    BUF(body, (size_t)1 << 20);
    const struct gateway_template *list;
    struct gateway_fault fault;
    size_t count;
    (void)state;
    buf_lit(&body, "{\"code\":0,\"list\":[{\"templtCode\":\"T\",\"templtContent\":\"글\","
                   "\"comments\":[\"first\"");
    for (int i = 0; i < ALIGO_COMMENTS_MAX - 1; i++)
        buf_lit(&body, ",\"more\"");
    buf_lit(&body, ",\"xx");
    for (int i = 0; i < ALIGO_COMMENT_MAX; i++)
        buf_lit(&body, "가");
    buf_lit(&body, "\"]}]}");
    struct aligo_reply reply = {.status = 200, .body = buf_view(&body)};
    assert_int_equal(aligo_read_templates(&reply, &a, &list, &count, &fault), GATEWAY_OK);
    assert_int_equal(list[0].comment_count, ALIGO_COMMENTS_MAX);
    assert_str(list[0].comments[0].text, "more");
    struct str last = list[0].comments[ALIGO_COMMENTS_MAX - 1].text;
    assert_in_range(last.len, ALIGO_COMMENT_MAX - 3, ALIGO_COMMENT_MAX);
    assert_true(utf8_valid(last));
}

/* ---- what was changed ---- */

static void reads_saved_templates(void **state)
{
    static const struct {
        const char *body, *own;
        enum gateway_answer want;
        const char *code;
    } rows[] = {
        {"{\"code\":0,\"data\":{\"templtCode\":\"TM_7\",\"inspStatus\":\"REG\"}}", "", GATEWAY_OK,
         "TM_7"},
        {"{\"code\":\"0\",\"data\":[{\"templtCode\":\"TM_7\"}]}", "", GATEWAY_OK, "TM_7"},
        {"{\"code\":0,\"data\":{\"templtCode\":\"TM_7\"}}", "TM_7", GATEWAY_OK, "TM_7"},
        {"{\"code\":0,\"data\":{\"tpl_code\":7}}", "", GATEWAY_OK, "7"},
        {"{\"code\":0,\"message\":\"정상적으로 템플릿을 수정하였습니다.\"}", "TM_7", GATEWAY_OK,
         "TM_7"},
        {"{\"code\":0,\"message\":\"정상적으로 템플릿을 생성하였습니다.\"}", "", GATEWAY_UNKNOWN,
         ""},
        {"{\"code\":0,\"data\":[]}", "", GATEWAY_UNKNOWN, ""},
        {"{\"code\":0,\"data\":[{\"templtCode\":\"A\"},{\"templtCode\":\"B\"}]}", "",
         GATEWAY_UNKNOWN, ""},
        {"{\"code\":0,\"data\":{\"templtCode\":\"TM_8\"}}", "TM_7", GATEWAY_UNKNOWN, ""},
        {"{\"code\":509,\"message\":\"수정 가능 상태가 아닙니다.\"}", "TM_7", GATEWAY_REFUSED, ""},
        {"{\"code\":-99,\"data\":{\"templtCode\":\"TM_7\"}}", "", GATEWAY_REFUSED, ""},
        {"{\"code\":0,\"data\":{\"templtCode\":\"TM", "", GATEWAY_UNKNOWN, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct gateway_fault fault;
        struct str code = STR("");
        struct aligo_reply reply = ok(rows[i].body);
        print_message("# %zu\n", i);
        assert_int_equal(aligo_read_saved(&reply, str_c(rows[i].own), &a, &code, &fault),
                         rows[i].want);
        assert_str(code, rows[i].code);
        assert_true(rows[i].want == GATEWAY_OK || fault.message.len > 0);
    }
}

static void reads_what_is_only_done(void **state)
{
    static const struct {
        long status;
        const char *body;
        enum gateway_answer want;
    } rows[] = {
        {200, "{\"code\":0,\"message\":\"검수요청을 하였습니다.\"}", GATEWAY_OK},
        {200, "{\"code\":\"0\"}", GATEWAY_OK},
        {200, "{\"code\":1}", GATEWAY_REFUSED},
        {200, "{\"code\":-99,\"message\":\"없습니다\"}", GATEWAY_REFUSED},
        {200, "{}", GATEWAY_UNKNOWN},
        {200, "", GATEWAY_UNKNOWN},
        {502, "{\"code\":0}", GATEWAY_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct gateway_fault fault;
        struct aligo_reply reply = {.status = rows[i].status, .body = str_c(rows[i].body)};
        assert_int_equal(aligo_read_done(&reply, &a, &fault), rows[i].want);
    }
}

/* ---- channels ---- */

#define PROFILE "{\"senderKey\":\"k1\",\"uuid\":\"@봄날\",\"name\":\"봄날\",\"status\":\"A\","
static void reads_added_channels(void **state)
{
    static const struct {
        const char *body;
        enum gateway_answer want;
    } rows[] = {
        {"{\"code\":0,\"data\":[" PROFILE "\"profileStat\":\"A\"}]}", GATEWAY_OK},
        {"{\"code\":0,\"data\":" PROFILE "\"profileStat\":\"A\",\"alimUseYn\":false}}", GATEWAY_OK},
        {"{\"code\":0,\"data\":[]}", GATEWAY_UNKNOWN},
        {"{\"code\":0,\"data\":null}", GATEWAY_UNKNOWN},
        {"{\"code\":0,\"data\":[{\"uuid\":\"@봄날\"}]}", GATEWAY_UNKNOWN},
        {"{\"code\":0,\"data\":[" PROFILE "\"profileStat\":\"A\"},{}]}", GATEWAY_UNKNOWN},
        {"{\"code\":509,\"message\":\"관리자 알림 설정\"}", GATEWAY_REFUSED},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct gateway_fault fault;
        struct gateway_profile added;
        struct aligo_reply reply = ok(rows[i].body);
        print_message("# %zu\n", i);
        assert_int_equal(aligo_read_added(&reply, &a, &added, &fault), rows[i].want);
        if (rows[i].want != GATEWAY_OK)
            continue;
        assert_str(added.sender_key, "k1");
        assert_str(added.channel, "@봄날");
        assert_str(added.state, "A");
    }
}

#define LEVELS(first, second, third)                                                               \
    "{\"code\":0,\"data\":{\"firstBusinessType\":" first ",\"secondBusinessType\":" second         \
    ",\"thirdBusinessType\":" third "}}"
#define FIRST  "[{\"parentCode\":\"\",\"code\":\"001\",\"name\":\"건강\"}]"
#define SECOND "[{\"parentCode\":\"001\",\"code\":\"0010001\",\"name\":\"병원\"}]"
#define THIRD  "[{\"parentCode\":\"0010001\",\"code\":\"00100010001\",\"name\":\"치과\"}]"

static void reads_categories(void **state)
{
    static const char *const doubtful[] = {
        LEVELS(FIRST, SECOND, "null"),
        LEVELS(FIRST, SECOND, "{}"),
        LEVELS(FIRST, SECOND, "[1]"),
        LEVELS(FIRST, SECOND, "[{\"parentCode\":\"1\",\"code\":100010001,\"name\":\"치과\"}]"),
        LEVELS(FIRST, SECOND, "[{\"code\":\"00100010001\",\"name\":\"치과\"}]"),
        LEVELS(FIRST, SECOND, "[{\"parentCode\":\"1\",\"code\":\"00100010001\"}]"),
        "{\"code\":0}",
        "{\"code\":0,\"data\":[]}",
    };
    ARENA(a, ARENA_MAX_DEFAULT);
    const struct gateway_category *list;
    struct gateway_fault fault;
    struct aligo_reply reply = ok(LEVELS(FIRST, SECOND, THIRD));
    size_t count;
    (void)state;
    assert_int_equal(aligo_read_categories(&reply, &a, &list, &count, &fault), GATEWAY_OK);
    assert_int_equal(count, 3);
    assert_int_equal(list[0].level, 1);
    assert_str(list[0].parent, "");
    assert_int_equal(list[2].level, 3);
    assert_str(list[2].code, "00100010001");
    assert_str(list[2].parent, "0010001");
    assert_str(list[2].name, "치과");
    for (size_t i = 0; i < COUNT_OF(doubtful); i++) {
        reply = ok(doubtful[i]);
        print_message("# %zu\n", i);
        assert_int_equal(aligo_read_categories(&reply, &a, &list, &count, &fault), GATEWAY_UNKNOWN);
    }
}

/* ---- balance ---- */

static void reads_balances(void **state)
{
    static const struct {
        const char *body;
        int64_t messages;
    } rows[] = {
        {"{\"result_code\":1,\"message\":\"\",\"SMS_CNT\":1,\"LMS_CNT\":2,\"MMS_CNT\":3,\"ALT_"
         "CNT\":44}",
         44},
        {"{\"code\":1,\"message\":\"\",\"list\":{\"SMS_CNT\":1,\"LMS_CNT\":2,\"MMS_CNT\":3}}", -1},
        {"{\"code\":0,\"list\":{\"SMS_CNT\":1,\"ALT_CNT\":\"44\"}}", 44},
        {"{\"code\":\"1\",\"list\":{\"AT_CNT\":44}}", 44},
        {"{\"code\":0,\"list\":[],\"ALT_CNT\":0}", 0},
        {"{\"result_code\":\"0\"}", -1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct gateway_balance balance;
        struct gateway_fault fault;
        struct aligo_reply reply = ok(rows[i].body);
        print_message("# %zu\n", i);
        assert_int_equal(aligo_read_balance(&reply, &a, &balance, &fault), GATEWAY_OK);
        assert_int_equal(balance.messages, rows[i].messages);
    }
}

/* ---- sizes ---- */

static void bounds_what_it_stores(void **state)
{
    BUF(body, (size_t)1 << 20);
    ARENA(a, (size_t)1 << 20);
    const struct gateway_template *list;
    struct gateway_fault fault;
    size_t count;
    (void)state;
    buf_lit(&body, "{\"code\":0,\"list\":[{}");
    for (int i = 0; i < ALIGO_ROWS_MAX - 1; i++)
        buf_lit(&body, ",{}");
    buf_lit(&body, "]}");
    struct aligo_reply reply = {.status = 200, .body = buf_view(&body)};
    assert_int_equal(aligo_read_templates(&reply, &a, &list, &count, &fault), GATEWAY_UNKNOWN);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_receipts),
        cmocka_unit_test(knows_a_clear_no),
        cmocka_unit_test(doubts_the_rest),
        cmocka_unit_test(reads_history),
        cmocka_unit_test(doubts_a_history_with_holes),
        cmocka_unit_test(reads_results),
        cmocka_unit_test(reads_the_rest_of_a_detail),
        cmocka_unit_test(reads_templates),
        cmocka_unit_test(reads_remarks_and_marks),
        cmocka_unit_test(reads_image_and_dates),
        cmocka_unit_test(bounds_remarks),
        cmocka_unit_test(reads_saved_templates),
        cmocka_unit_test(reads_what_is_only_done),
        cmocka_unit_test(reads_added_channels),
        cmocka_unit_test(reads_categories),
        cmocka_unit_test(reads_balances),
        cmocka_unit_test(bounds_what_it_stores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
