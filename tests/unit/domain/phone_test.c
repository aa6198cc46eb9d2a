/*
 * phone_test.c - every way a number is written that we know of, and what must become of it.
 */
#include "domain/phone.h"
#include "domain/text.h"
#include "tests.h"

static const struct {
    const char *text, *digits, *reason; /* digits NULL: refused; reason NULL: written as usual */
} rows[] = {
    {"01012345678", "01012345678", NULL},
    {"010-1234-5678", "01012345678", NULL},
    {"010.1234.5678", "01012345678", NULL},
    {"010 1234 5678", "01012345678", NULL},
    {" 010-1234-5678\t\n", "01012345678", NULL},
    {"010\xE2\x80\x93"
     "1234\xE2\x80\x93"
     "5678",
     "01012345678", NULL},
    {"010ㅡ1234ㅡ5678", "01012345678", NULL},
    {"010~1234~5678", "01012345678", NULL},
    {"010/1234/5678", "01012345678", NULL},
    {"(010) 1234-5678", "01012345678", NULL},
    {"0 1 0 1 2 3 4 5 6 7 8", "01012345678", NULL},
    {"\xC2\xA0"
     "010-1234-5678\xE3\x80\x80",
     "01012345678", NULL},
    {"1012345678", "01012345678", "PHONE_ZERO_RESTORED"},
    {"10-1234-5678", "01012345678", "PHONE_ZERO_RESTORED"},
    {"1012345678.0", "01012345678", "PHONE_ZERO_RESTORED"},
    {"+82 10-1234-5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"+82 (0)10-1234-5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"+82-010-1234-5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"821012345678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"8201012345678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"0082-10-1234-5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"０１０－１２３４－５６７８", "01012345678", "PHONE_CLEANED"},
    {"\xE2\x80\x8B"
     "010-1234-5678\xEF\xBB\xBF",
     "01012345678", "PHONE_CLEANED"},
    {"'01012345678", "01012345678", "PHONE_CLEANED"},
    {"=\"01012345678\"", "01012345678", "PHONE_CLEANED"},
    {"HP: 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"hp 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"휴대폰) 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"휴대폰：010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"", NULL, "PHONE_EMPTY"},
    {"  ", NULL, "PHONE_EMPTY"},
    {"-", NULL, "PHONE_EMPTY"},
    {"없음", NULL, "PHONE_INVALID"},
    {"HP", NULL, "PHONE_INVALID"},
    {"+", NULL, "PHONE_INVALID"},
    {"0", NULL, "PHONE_INVALID"},
    {"82", NULL, "PHONE_INVALID"},
    {"010-abcd-1234", NULL, "PHONE_INVALID"},
    {"010+12345678", NULL, "PHONE_INVALID"},
    {"010-0000-0000", NULL, "PHONE_INVALID"},
    {"2010-01-02", NULL, "PHONE_INVALID"},
    {"2010-01-02 10:00", NULL, "PHONE_INVALID"},
    {"#N/A", NULL, "PHONE_INVALID"},
    {"########", NULL, "PHONE_INVALID"},
    {"hong@example.com", NULL, "PHONE_INVALID"},
    {"=cmd|'/c calc'!A1", NULL, "PHONE_INVALID"},
    {"\xFF\xFE", NULL, "PHONE_INVALID"},
    {"010-****-1234", NULL, "PHONE_MASKED"},
    {"010-xxxx-1234", NULL, "PHONE_MASKED"},
    {"010-○○○○-1234", NULL, "PHONE_MASKED"},
    {"010-123-4567", NULL, "PHONE_LENGTH"},
    {"010-1234-56789", NULL, "PHONE_LENGTH"},
    {"+82 10-1234-567", NULL, "PHONE_LENGTH"},
    {"1.01235E+09", NULL, "PHONE_LOSSY"},
    {"8.21012e11", NULL, "PHONE_LOSSY"},
    {"02-123-4567", NULL, "PHONE_LANDLINE"},
    {"21234567", NULL, "PHONE_LANDLINE"},
    {"031-123-4567", NULL, "PHONE_LANDLINE"},
    {"070-1234-5678", NULL, "PHONE_LANDLINE"},
    {"1588-1234", NULL, "PHONE_LANDLINE"},
    {"080-123-4567", NULL, "PHONE_LANDLINE"},
    {"+82 2-123-4567", NULL, "PHONE_LANDLINE"},
    {"0507-1234-5678", NULL, "PHONE_SAFE_NUMBER"},
    {"050212345678", NULL, "PHONE_SAFE_NUMBER"},
    {"50412345678", NULL, "PHONE_SAFE_NUMBER"},
    {"011-123-4567", NULL, "PHONE_OLD_PREFIX"},
    {"016-1234-5678", NULL, "PHONE_OLD_PREFIX"},
    {"+82 11-123-4567", NULL, "PHONE_OLD_PREFIX"},
    {"+1 212 555 0123", NULL, "PHONE_FOREIGN"},
    {"+81 90-0000-1234", NULL, "PHONE_FOREIGN"},
    {"001-212-555-0123", NULL, "PHONE_FOREIGN"},
    {"010-1234-5678 / 010-1234-5679", NULL, "PHONE_TWO"},
    {"01012345678,01012345679", NULL, "PHONE_TWO"},
    {"010-1234-5678\n010-1234-5679", NULL, "PHONE_TWO"},
    {"010-1234-5678 02-123-4567", NULL, "PHONE_TWO"},
};

static void every_spelling(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct phone p = phone_read(str_c(rows[i].text));
        struct str word = phone_reason_word(p.reason);
        if (!str_eq(str_c(p.digits), str_c(rows[i].digits)) || !str_eq(word, str_c(rows[i].reason)))
            fail_msg("'%s' became '%s' %.*s", rows[i].text, p.digits, STR_ARG(word));
        enum phone_verdict wanted = !rows[i].digits  ? PHONE_ERROR
                                    : rows[i].reason ? PHONE_REPAIRED
                                                     : PHONE_OK;
        assert_int_equal(p.verdict, wanted);
    }
}

static void every_reason_has_its_sentences(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (!rows[i].reason)
            continue;
        struct str ko = phone_reason_text(str_c(rows[i].reason), false);
        struct str en = phone_reason_text(str_c(rows[i].reason), true);
        assert_true(ko.len > 10 && en.len > 10 && !str_eq(ko, en));
    }
    assert_null(phone_reason_text(STR("PHONE_NONSENSE"), false).ptr);
}

static void any_bytes_are_judged(void **state)
{
    (void)state;
    unsigned seed = 1;
    for (int round = 0; round < 20000; round++) {
        static const char lots[] = "0123456789010+- .,/()xX*eE'\"=HP\xEF\xBC\x90\xE3\x80\x80\n";
        char text[64];
        size_t n = (seed >> 8) % sizeof text;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            text[i] = lots[(seed >> 16) % (sizeof lots - 1)];
        }
        seed = seed * 1664525u + 1013904223u;
        struct phone p = phone_read(str_n(text, n));
        assert_true((p.verdict == PHONE_ERROR) == (p.digits[0] == '\0'));
        if (p.verdict == PHONE_ERROR) {
            assert_true(p.reason != PHONE_REASON_NONE);
            continue;
        }
        assert_int_equal(strlen(p.digits), PHONE_DIGITS);
        assert_memory_equal(p.digits, "010", 3);
        /* What has been put right once is right. */
        assert_int_equal(phone_read(str_c(p.digits)).verdict, PHONE_OK);
    }
}

static const struct {
    const char *text, *clean;
} names[] = {
    {"홍길동", "홍길동"},
    {"  홍 길동  ", "홍 길동"},
    {"\xC2\xA0홍길동\xC2\xA0", "홍길동"},
    {"제로\xE2\x80\x8B폭", "제로폭"},
    {"두\t칸", "두 칸"},
    {"줄\r\n바꿈", "줄 바꿈"},
    {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한"}, /* decomposed, as a Mac writes */
    {"가족👨‍👩‍👧", "가족👨‍👩‍👧"},
    {"가\xE2\x80\x8D나", "가나"}, /* a joiner that joins nothing */
    {"ｋｉｍ철수", "ｋｉｍ철수"},
    {"\x07", ""},
    {"<b>굵은</b>", "<b>굵은</b>"},
    {"", ""},
    {"\xFF", ""},
};

static void names_are_cleaned(void **state)
{
    (void)state;
    ARENA(a, ARENA_MAX_DEFAULT);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct str got = text_line(&a, str_c(names[i].text));
        if (!str_eq(got, str_c(names[i].clean)))
            fail_msg("'%s' became '%.*s'", names[i].text, STR_ARG(got));
    }
}

static void addresses_are_judged(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b.kr", "first.last+tag@mail.example.com", "o'neil@x.co"};
    static const char *const bad[] = {"",        "a",       "a@b",     "@b.kr",
                                      "a@.kr",   "a@b.",    "a@b..kr", "a b@c.kr",
                                      ".a@b.kr", "a.@b.kr", "a@b.kr\n"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(text_email_ok(str_c(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (text_email_ok(str_c(bad[i])))
            fail_msg("'%s' was taken", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling),       cmocka_unit_test(every_reason_has_its_sentences),
        cmocka_unit_test(any_bytes_are_judged), cmocka_unit_test(names_are_cleaned),
        cmocka_unit_test(addresses_are_judged),
    };
    return cmocka_run_group_tests_name("phones and names", tests, NULL, NULL);
}
