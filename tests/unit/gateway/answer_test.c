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
        cmocka_unit_test(reads_balances),
        cmocka_unit_test(bounds_what_it_stores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
