/*
 * phone_test.c - every way a number is written that we know of, and what must become of it.
 */
#include "domain/phone.h"
#include "domain/text.h"
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>

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

    /* blanks, dashes and dots of all kinds */
    {"010\xE2\x80\x87"
     "1234\xE2\x80\xAF"
     "5678",
     "01012345678", NULL},
    {"010—1234―5678", "01012345678", NULL},
    {"010‑1234‒5678", "01012345678", NULL},
    {"010−1234﹣5678", "01012345678", NULL},
    {"010ー1234ｰ5678", "01012345678", NULL},
    {"010─1234━5678", "01012345678", NULL},
    {"010·1234·5678", "01012345678", NULL},
    {"010ㆍ1234・5678", "01012345678", NULL},
    {"[010] 1234-5678", "01012345678", NULL},
    {"010) 1234 - 5678", "01012345678", NULL},
    {"010 -1234- 5678", "01012345678", NULL},
    {"010-1234\n-5678", "01012345678", NULL},
    {"010-1234-5678                                                                             "
     "                                                          ",
     "01012345678", NULL},
    {"010\xC2\xAD-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"\xE2\x80\xAA"
     "010-1234-5678\xE2\x80\xAC",
     "01012345678", "PHONE_CLEANED"},
    {"\xD8\x9C"
     "01012345678",
     "01012345678", "PHONE_CLEANED"},
    {"（０１０）１２３４．５６７８", "01012345678", "PHONE_CLEANED"},
    {"＋８２　１０　１２３４　５６７８", "01012345678", "PHONE_COUNTRY_CODE"},

    /* country codes */
    {"+82 010 1234 5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"(+82) 10-1234-5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"(82)10-1234-5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"82-10-1234-5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"82.10.1234.5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"00 82 10 1234 5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"0082 (0)10-1234-5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"tel:+82-10-1234-5678", "01012345678", "PHONE_COUNTRY_CODE"},
    {"+82+10-1234-5678", NULL, "PHONE_INVALID"},
    {"++82 10-1234-5678", NULL, "PHONE_INVALID"},
    {"+010-1234-5678", NULL, "PHONE_INVALID"},
    {"+82", NULL, "PHONE_INVALID"},
    {"+8210", NULL, "PHONE_LENGTH"},
    {"+82 1588-1234", NULL, "PHONE_LANDLINE"},
    {"82-2-123-4567", NULL, "PHONE_LANDLINE"},
    {"+82 507-1234-5678", NULL, "PHONE_SAFE_NUMBER"},
    {"+86 138 0013 8000", NULL, "PHONE_FOREIGN"},
    {"0081-90-0000-1234", NULL, "PHONE_FOREIGN"},

    /* numbers that a spreadsheet made texts of */
    {"01012345678.0", "01012345678", "PHONE_CLEANED"},
    {"821012345678.00", "01012345678", "PHONE_COUNTRY_CODE"},
    {"1.012345678E9", "01012345678", "PHONE_ZERO_RESTORED"},
    {"1.0123456780E+09", "01012345678", "PHONE_ZERO_RESTORED"},
    {"8.21012345678E+11", "01012345678", "PHONE_COUNTRY_CODE"},
    {"1,012,345,678", "01012345678", "PHONE_ZERO_RESTORED"},
    {"1,012,345,678.00", "01012345678", "PHONE_ZERO_RESTORED"},
    {"1.01234567E9", NULL, "PHONE_LOSSY"},
    {"1.0123456785E9", NULL, "PHONE_INVALID"},
    {"5.0212345678E10", NULL, "PHONE_SAFE_NUMBER"},
    {"1E5", NULL, "PHONE_INVALID"},
    {"1.0E-05", NULL, "PHONE_INVALID"},
    {"10123456.00", NULL, "PHONE_INVALID"},
    {"10123456.78", NULL, "PHONE_INVALID"},
    {"10.12345678", NULL, "PHONE_INVALID"},
    {"10,1234,5678", NULL, "PHONE_INVALID"},
    {"010,1234,5678", NULL, "PHONE_INVALID"},

    /* labels, pictures, quotes */
    {"H.P. 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"h.p：01012345678", "01012345678", "PHONE_CLEANED"},
    {"HP010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"연락처 : 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"연락처1: 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"(휴대폰) 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"[핸드폰]010.1234.5678", "01012345678", "PHONE_CLEANED"},
    {"휴대폰 번호 - 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"Mobile: 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"M. 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"ＨＰ：010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"☎ 010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"📱010-1234-5678", "01012345678", "PHONE_CLEANED"},
    {"“010-1234-5678”", "01012345678", "PHONE_CLEANED"},
    {"'010-1234-5678'", "01012345678", "PHONE_CLEANED"},
    {"010-1234-5678,", "01012345678", "PHONE_CLEANED"},
    {"휴대폰: 1012345678", "01012345678", "PHONE_ZERO_RESTORED"},
    {"P01012345678", NULL, "PHONE_INVALID"},
    {"=", NULL, "PHONE_EMPTY"},
    {"''", NULL, "PHONE_EMPTY"},
    {"()", NULL, "PHONE_EMPTY"},
    {" . ", NULL, "PHONE_EMPTY"},

    /* words beside the number may say not to send */
    {"010-1234-5678(엄마)", NULL, "PHONE_REMARK"},
    {"010-1234-5678 (수신거부)", NULL, "PHONE_REMARK"},
    {"010-1234-5678 홍길동", NULL, "PHONE_REMARK"},
    {"홍길동 010-1234-5678", NULL, "PHONE_REMARK"},
    {"엄마: 010-1234-5678", NULL, "PHONE_REMARK"},
    {"010-1234-5678 내선 12", NULL, "PHONE_REMARK"},
    {"010-1234-5678(mom)", NULL, "PHONE_REMARK"},
    {"02-123-4567 내선 12", NULL, "PHONE_LANDLINE"},
    {"0507-1234-5678 (안심번호)", NULL, "PHONE_SAFE_NUMBER"},
    {"01012345678@example.com", NULL, "PHONE_INVALID"},
    {"user01012345678", NULL, "PHONE_INVALID"},
    {"총 21234567원", NULL, "PHONE_INVALID"},
    {"2010년 1월 2일", NULL, "PHONE_INVALID"},
    {"예) 010-0000-0000", NULL, "PHONE_INVALID"},
    {"* 문의는 매장으로", NULL, "PHONE_INVALID"},

    /* letters for digits */
    {"O1O-1234-5678", NULL, "PHONE_LETTERS"},
    {"o10-1234-5678", NULL, "PHONE_LETTERS"},
    {"0l0-l234-5678", NULL, "PHONE_LETTERS"},
    {"OIO12345678", NULL, "PHONE_LETTERS"},
    {"+82 l0-1234-5678", NULL, "PHONE_LETTERS"},
    {"Oil-1234-5678", NULL, "PHONE_INVALID"},

    /* several numbers */
    {"010-1234-5678, 02-123-4567", NULL, "PHONE_TWO"},
    {"02-123-4567/010-1234-5678", NULL, "PHONE_TWO"},
    {"01012345678 01012345679", NULL, "PHONE_TWO"},
    {"0101234567801012345679", NULL, "PHONE_TWO"},
    {"1588-1234 / 1588-5678", NULL, "PHONE_TWO"},
    {"엄마 010-1234-5678 아빠 010-1234-5679", NULL, "PHONE_TWO"},
    {"010-1234-5678 또는 010-1234-5679", NULL, "PHONE_TWO"},
    {"010-1234-5678 / 010-1234-5679 / 010-1234-5680", NULL, "PHONE_TWO"},
    {"+82 10-1234-5678 / +82 10-1234-5679", NULL, "PHONE_TWO"},
    {"010-1234-5678/79", NULL, "PHONE_LENGTH"},
    {"1234-5678-1234-5670", NULL, "PHONE_INVALID"},

    /* masks */
    {"010-1234-56**", NULL, "PHONE_MASKED"},
    {"010-1***-5678", NULL, "PHONE_MASKED"},
    {"010-ㅇㅇㅇㅇ-5678", NULL, "PHONE_MASKED"},
    {"010-●●●●-5678", NULL, "PHONE_MASKED"},
    {"010-12xx-5678", NULL, "PHONE_MASKED"},
    {"x", NULL, "PHONE_INVALID"},
    {"XX", NULL, "PHONE_INVALID"},

    /* kinds of numbers, and lengths next to theirs */
    {"010", NULL, "PHONE_LENGTH"},
    {"010-1234-567", NULL, "PHONE_LENGTH"},
    {"010123456789", NULL, "PHONE_LENGTH"},
    {"10-1234-56789", NULL, "PHONE_INVALID"},
    {"101234567", NULL, "PHONE_INVALID"},
    {"0000000000", NULL, "PHONE_INVALID"},
    {"00000000000", NULL, "PHONE_INVALID"},
    {"01000000000", NULL, "PHONE_INVALID"},
    {"1000000000", NULL, "PHONE_INVALID"},
    {"02-1234-5678", NULL, "PHONE_LANDLINE"},
    {"212345678", NULL, "PHONE_LANDLINE"},
    {"311234567", NULL, "PHONE_LANDLINE"},
    {"064-123-4567", NULL, "PHONE_LANDLINE"},
    {"060-700-1234", NULL, "PHONE_LANDLINE"},
    {"080-1234-5678", NULL, "PHONE_LANDLINE"},
    {"7012345678", NULL, "PHONE_LANDLINE"},
    {"801234567", NULL, "PHONE_LANDLINE"},
    {"1644 1234", NULL, "PHONE_LANDLINE"},
    {"18001234", NULL, "PHONE_LANDLINE"},
    {"0502-123-4567", NULL, "PHONE_SAFE_NUMBER"},
    {"0504 1234 5678", NULL, "PHONE_SAFE_NUMBER"},
    {"050-7123-4567", NULL, "PHONE_SAFE_NUMBER"},
    {"019-1234-5678", NULL, "PHONE_OLD_PREFIX"},
    {"111234567", NULL, "PHONE_OLD_PREFIX"},
    {"012-123-4567", NULL, "PHONE_INVALID"},
    {"090-1234-5678", NULL, "PHONE_INVALID"},
    {"112", NULL, "PHONE_INVALID"},
    {"1234-5678", NULL, "PHONE_INVALID"},
    {"20100102", NULL, "PHONE_INVALID"},
    {"2010/01/02", NULL, "PHONE_INVALID"},
    {"45678", NULL, "PHONE_INVALID"},
    {"900101-1234567", NULL, "PHONE_INVALID"},
    {"123-45-67890", NULL, "PHONE_INVALID"},
    {"TRUE", NULL, "PHONE_INVALID"},
    {"99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
     "9999999999999999999999999999999999999999",
     NULL, "PHONE_INVALID"},
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

/* ---- random spellings of a number ---- */

static unsigned lots_state;

static size_t lot(size_t n)
{
    lots_state = lots_state * 1664525u + 1013904223u;
    return (lots_state >> 8) % n;
}

static const char *one(const char *const *list, size_t n)
{
    return list[lot(n)];
}
#define ONE_OF(list) one(list, COUNT_OF(list))

static const char *const separators[] = {"",   "-",  " ",  ".",   "~", "/", "–",        "—",  "−",
                                         "ㅡ", "　", "－", " - ", "‑", "·", "\xC2\xA0", ". ", "- "};
static const char *const fronts[] = {"",
                                     " ",
                                     "　",
                                     "'",
                                     "HP: ",
                                     "휴대폰) ",
                                     "연락처 : ",
                                     "(휴대폰) ",
                                     "TEL ",
                                     "\xE2\x80\x8B",
                                     "\xEF\xBB\xBF",
                                     "☎ ",
                                     "\t",
                                     "“",
                                     "H.P.",
                                     "=\""};
static const char *const ends[] = {"",   " ",  "\n", "\xC2\xA0",    "\xE2\x80\x8B",
                                   "\t", "　", "\"", "\xE2\x80\x8E"};
static const char *const codes[] = {"010",       "10",    "+8210",  "+82 10",
                                    "+82-010",   "82-10", "82010",  "0082-10",
                                    "+82 (0)10", "(010)", "(82)10", "00 82 10"};

static void add(char *out, size_t room, const char *text)
{
    size_t len = strlen(out);
    assert_true(len + strlen(text) < room);
    memcpy(out + len, text, strlen(text) + 1);
}

/* Digits in full width, now and then. */
static void add_digits(char *out, size_t room, const char *digits, size_t n, bool wide)
{
    for (size_t i = 0; i < n; i++) {
        char plain[2] = {digits[i], '\0'};
        char full[4] = {'\xEF', '\xBC', (char)('\x90' + digits[i] - '0'), '\0'};
        add(out, room, wide ? full : plain);
    }
}

static void random_spelling(const char digits[PHONE_DIGITS + 1], char *out, size_t room)
{
    bool wide = lot(8) == 0;
    const char *separator = ONE_OF(separators);
    out[0] = '\0';
    add(out, room, ONE_OF(fronts));
    add(out, room, ONE_OF(codes));
    add(out, room, separator);
    add_digits(out, room, digits + 3, 4, wide);
    /* A dot alone may be that of a fraction. */
    const char *other = ONE_OF(separators);
    add(out, room, lot(5) || strchr(separator, '.') || strchr(other, '.') ? separator : other);
    add_digits(out, room, digits + 7, 4, wide);
    add(out, room, ONE_OF(ends));
    if (lot(6) == 0)
        add(out, room, ONE_OF(ends));
}

static void every_decoration_comes_off(void **state)
{
    (void)state;
    const char *wish = getenv("SENDINGO_SEED");
    lots_state = wish ? (unsigned)strtoul(wish, NULL, 10) : 1;
    printf("# seed %u\n", lots_state);
    for (int round = 0; round < 50000; round++) {
        char digits[PHONE_DIGITS + 1], text[160];
        snprintf(digits, sizeof digits, "010%04zu%04zu", lot(10000), 1 + lot(9999));
        random_spelling(digits, text, sizeof text);
        struct phone p = phone_read(str_c(text));
        if (!str_eq(str_c(p.digits), str_c(digits)))
            fail_msg("'%s' became '%s' %.*s", text, p.digits, STR_ARG(phone_reason_word(p.reason)));
    }
}

/* Numbers of every other kind stay refused however they are written. */
static void no_decoration_makes_a_number_of_another(void **state)
{
    (void)state;
    static const char *const others[] = {
        "021234567",  "0311234567",  "07012345678", "15881234",     "05021234567", "050212345678",
        "0111234567", "01612345678", "0101234567",  "010123456789", "0801234567",  "01000000000"};
    lots_state = 5;
    for (int round = 0; round < 50000; round++) {
        const char *digits = ONE_OF(others);
        char text[160] = "";
        add(text, sizeof text, ONE_OF(fronts));
        for (size_t i = 0, n = strlen(digits); i < n; i++) {
            add_digits(text, sizeof text, digits + i, 1, lot(9) == 0);
            if (i + 1 < n && lot(4) == 0)
                add(text, sizeof text, lot(2) ? "-" : " ");
        }
        add(text, sizeof text, ONE_OF(ends));
        struct phone p = phone_read(str_c(text));
        if (p.verdict != PHONE_ERROR)
            fail_msg("'%s' was taken for '%s'", text, p.digits);
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
    {"홍길동\xE3\x85\xA4", "홍길동"}, /* the Hangul filler */
    {"\xE3\x85\xA4", ""},
    {"\xE2\x81\xA6홍길동\xE2\x81\xA9", "홍길동"},
    {"홍\xC2\xAD길동", "홍길동"},
    {"뷁뷁이 쀍궯", "뷁뷁이 쀍궯"},
    {"金哲洙 李", "金哲洙 李"},
    {"\xEF\xA4\x8A", "金"},   /* a compatibility form, which NFC unifies */
    {"가\xE1\x86\xAB", "간"}, /* half decomposed */
    {"이  중   칸", "이 중 칸"},
    {" 앞", "앞"},
    {"뒤 ", "뒤"},
    {"Zoe\xCC\x88", "Zoë"},
    {"👩🏽‍💻 개발자", "👩🏽‍💻 개발자"},
    {"🏳️‍🌈🇰🇷❤️‍🔥", "🏳️‍🌈🇰🇷❤️‍🔥"},
    {"1️⃣ 번", "1️⃣ 번"},
    {"a\x7F b", "a b"},
    {"\xED\x9E\xA4", "\xED\x9E\xA4"}, /* behind the last syllable */
    {"\xEA\xAF\x80", "\xEA\xAF\x80"}, /* before the first */
    {"가\xEA\xB0", ""},               /* cut off */
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

/* What has been put right once is put right; what needs nothing is not copied. */
static void cleaning_twice_changes_nothing(void **state)
{
    (void)state;
    static const char *const pieces[] = {"홍",
                                         "길동",
                                         " ",
                                         "  ",
                                         "a",
                                         "Z",
                                         "\xE2\x80\x8B",
                                         "\xE1\x84\x92",
                                         "\xE1\x85\xA1",
                                         "金",
                                         "👩",
                                         "\xE2\x80\x8D",
                                         "\t",
                                         "\n",
                                         "é",
                                         "\xCC\x81",
                                         "\xED\x9E\xA3",
                                         "\xEA\xB0\x80",
                                         "\xE1\x86\xA8",
                                         "\x01"};
    lots_state = 3;
    for (int round = 0; round < 20000; round++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        char text[64] = "";
        for (size_t n = lot(8); n > 0; n--)
            add(text, sizeof text, ONE_OF(pieces));
        struct str once = text_line(&a, str_c(text));
        struct str twice = text_line(&a, once);
        if (!str_eq(once, twice))
            fail_msg("'%s' became '%.*s', then '%.*s'", text, STR_ARG(once), STR_ARG(twice));
        assert_true(once.ptr != NULL);
    }
    ARENA(a, ARENA_MAX_DEFAULT);
    struct str name = STR("홍길동 Kim");
    assert_ptr_equal(text_line(&a, name).ptr, name.ptr);
    assert_non_null(text_line(&a, (struct str){NULL, 0}).ptr);
}

static void addresses_lose_their_capitals(void **state)
{
    (void)state;
    ARENA(a, ARENA_MAX_DEFAULT);
    assert_true(
        str_eq(text_email(&a, STR(" Hong.Gil@Example.COM\n")), STR("hong.gil@example.com")));
    assert_true(str_eq(text_email(&a, STR("a@한글.kr")), STR("a@한글.kr")));
    assert_int_equal(text_email(&a, STR("")).len, 0);
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
        cmocka_unit_test(every_spelling),
        cmocka_unit_test(every_reason_has_its_sentences),
        cmocka_unit_test(any_bytes_are_judged),
        cmocka_unit_test(every_decoration_comes_off),
        cmocka_unit_test(no_decoration_makes_a_number_of_another),
        cmocka_unit_test(names_are_cleaned),
        cmocka_unit_test(cleaning_twice_changes_nothing),
        cmocka_unit_test(addresses_lose_their_capitals),
        cmocka_unit_test(addresses_are_judged),
    };
    return cmocka_run_group_tests_name("phones and names", tests, NULL, NULL);
}
