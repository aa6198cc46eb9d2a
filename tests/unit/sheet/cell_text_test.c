/*
 * cell_text_test.c - the short cuts of the reader against the long way round.
 *
 * Texts, numbers and days are read sixteen or eight bytes at a time where that is enough. Each of
 * these must say what a plain loop says, for whatever stands there and wherever it ends.
 */
#include "sheet/cell_text.h"
#include "sheet/digits.h"
#include "sheet/number_format.h"
#include "sheet/shared_strings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define TAG "<t>"

/* What texts are put together from: as it stands, to be decoded, and wrong. */
static const struct str pieces[] = {
    STR_INIT("a"),
    STR_INIT("customer7@example.com"),
    STR_INIT("\xED\x95\x9C"), /* 한 */
    STR_INIT("\xEA\xB0\x80"), /* 가, the first syllable */
    STR_INIT("\xED\x9E\xA3"), /* 힣, the last */
    STR_INIT("\xC3\xA9"),
    STR_INIT("\xE0\xA0\x80"),
    STR_INIT("\xEF\xBF\xBF"),
    STR_INIT("\xF0\x9F\x98\x80"),
    STR_INIT("_"),
    STR_INIT("_x"),
    STR_INIT("_x000D_"),
    STR_INIT("&amp;"),
    STR_INIT("&#44032;"),
    STR_INIT("\r\n"),
    STR_INIT("\t"),
    STR_INIT("\n"),
    STR_INIT("&bogus;"),
    STR_INIT("&"),
    STR_INIT("\x01"),
    STR_INIT("\x80"),
    STR_INIT("\xED\xA0\x80"),
    STR_INIT("\xE0\x9F\xBF"),
    STR_INIT("\xC1\xBF"),
    STR_INIT("\xF4\x90\x80\x80"),
    STR_INIT("\xF5\x80\x80\x80"),
    STR_INIT("\xED\x95"),
    STR_INIT("\xEA"),
    STR_INIT("\xFF"),
};
#define HARMLESS 9 /* of them need no work and are no trouble */

static char room_a[SHEET_CELL_MAX], room_b[SHEET_CELL_MAX];

/* The text by append and finish. */
static int long_way(struct str raw, struct str *text)
{
    struct trouble t = {0};
    struct cell_text c = cell_text_begin(room_b, sizeof room_b);
    return cell_text_append(&c, raw, false, &t) < 0 ? -1 : cell_text_finish(&c, text, &t);
}

static void expect_same(struct str window, struct str raw)
{
    struct trouble t = {0};
    struct str a, b;
    const char *behind;
    int quick = cell_text_take(raw.ptr, window.ptr + window.len, room_a, &a, &behind, &t);
    int slow = long_way(raw, &b);
    assert_int_equal(quick, slow < 0 ? -1 : 1);
    assert_true((quick < 0) == (t.error != SHEET_OK));
    if (slow < 0)
        return;
    assert_ptr_equal(behind, raw.ptr + raw.len);
    assert_true(str_eq(a, b));
}

/* Texts of some pieces, each with another distance to the end of the window. */
static void test_texts(void **state)
{
    (void)state;
    unsigned short lot[3] = {1, 2, 3};
    for (int i = 0; i < 200000; i++) {
        char window[512] = TAG;
        size_t n = sizeof TAG - 1, kinds = i % 2 ? HARMLESS : COUNT_OF(pieces);
        for (long k = nrand48(lot) % 8; k > 0; k--) {
            struct str piece = pieces[(size_t)nrand48(lot) % kinds];
            memcpy(window + n, piece.ptr, piece.len);
            n += piece.len;
        }
        window[n] = '<';
        struct str raw = str_n(window + sizeof TAG - 1, n - sizeof TAG + 1);
        expect_same(str_n(window, n + 1 + (size_t)nrand48(lot) % 4), raw);
    }
}

/* Up to the longest cell, and one character more. */
static void test_long_texts(void **state)
{
    (void)state;
    static char window[SHEET_CELL_MAX + 64];
    for (size_t count = SHEET_CHARS_MAX - 20; count <= SHEET_CHARS_MAX + 1; count++)
        for (int korean = 0; korean < 2; korean++) {
            struct str c = korean ? STR("\xEA\xB0\x80") : STR("a");
            size_t n = sizeof TAG - 1;
            memset(window, 0, sizeof window);
            memcpy(window, TAG, n);
            for (size_t i = 0; i < count; i++, n += c.len)
                memcpy(window + n, c.ptr, c.len);
            window[n] = '<';
            expect_same(str_n(window, n + 1), str_n(window + sizeof TAG - 1, n - sizeof TAG + 1));
        }
}

static void test_no_end(void **state)
{
    (void)state;
    char window[64] = TAG "text without an end";
    struct trouble t = {0};
    struct str text;
    const char *behind;
    assert_int_equal(
        cell_text_take(window + 3, window + strlen(window), room_a, &text, &behind, &t), 0);
    assert_int_equal(t.error, SHEET_OK);
}

/* Unicode 15, table 3-7, as it stands there. */
static bool well_formed(const unsigned char *p, size_t n)
{
    static const struct {
        unsigned char first_low, first_high, second_low, second_high;
        size_t length;
    } rows[] = {
        {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    for (size_t at = 0, step; at < n; at += step) {
        step = 0;
        for (size_t i = 0; i < COUNT_OF(rows) && step == 0; i++)
            if (p[at] >= rows[i].first_low && p[at] <= rows[i].first_high)
                step = rows[i].length;
        if (step == 0 || step > n - at)
            return false;
        for (size_t i = 0; i < COUNT_OF(rows) && step > 1; i++)
            if (p[at] >= rows[i].first_low && p[at] <= rows[i].first_high &&
                (p[at + 1] < rows[i].second_low || p[at + 1] > rows[i].second_high))
                return false;
        for (size_t i = 2; i < step; i++)
            if ((p[at + i] & 0xC0) != 0x80)
                return false;
    }
    return true;
}

/* All pairs of bytes behind 0 to 16 others, and random ends of longer ones. */
static void test_utf8(void **state)
{
    (void)state;
    char s[64];
    unsigned short lot[3] = {3, 2, 1};
    for (unsigned pair = 0; pair < 65536; pair++) {
        size_t before = pair % 17, n = before + 2;
        memset(s, 'x', before);
        s[before] = (char)(pair >> 8);
        s[before + 1] = (char)pair;
        for (; n < before + 5; n++) {
            assert_int_equal(utf8_valid(str_n(s, n)), well_formed((unsigned char *)s, n));
            s[n] = "\x80\xBF\xA0\x9F"[nrand48(lot) % 4];
        }
    }
    for (int i = 0; i < 200000; i++) {
        size_t n = 0;
        for (long k = nrand48(lot) % 9; k > 0; k--) {
            struct str piece =
                pieces[(size_t)nrand48(lot) % (nrand48(lot) % 8 ? 9 : COUNT_OF(pieces))];
            if (piece.len > sizeof s - n)
                break;
            memcpy(s + n, piece.ptr, piece.len);
            n += piece.len;
        }
        assert_int_equal(utf8_valid(str_n(s, n)), well_formed((unsigned char *)s, n));
    }
}

/* Texts of all lengths come back as they were kept, with long ones among them and without. */
static void test_shared(void **state)
{
    (void)state;
    for (int longest = 200; longest <= 2000; longest *= 10) {
        struct shared_strings s = {0};
        struct trouble t = {0};
        unsigned short lot[3] = {5, 6, 7};
        for (int i = 0; i < 20000; i++) {
            char *room = shared_strings_room(&s, &t);
            size_t n = (size_t)(nrand48(lot) % (i % 50 ? 40 : longest));
            assert_non_null(room);
            memset(room, 'a' + i % 26, n);
            shared_strings_keep(&s, n);
        }
        assert_int_equal(s.has_long, longest > SHARED_LONG);
        unsigned short again[3] = {5, 6, 7};
        for (int i = 0; i < 20000; i++) {
            size_t n = (size_t)(nrand48(again) % (i % 50 ? 40 : longest));
            struct str text = shared_strings_get(&s, (size_t)i);
            assert_int_equal(text.len, n);
            for (size_t k = 0; k < n; k++)
                assert_int_equal(text.ptr[k], 'a' + i % 26);
        }
        shared_strings_free(&s);
    }
}

static void test_digits(void **state)
{
    (void)state;
    static const char behind[] = {'\0', '<', '"', '/', ':', ' ', 'a', '\xFF', '\x80', '.'};
    for (size_t i = 0; i < sizeof behind; i++) {
        char s[40] = {0};
        int64_t value = 0;
        memset(s, behind[i], 20);
        assert_null(digits_read(s).end);
        for (size_t n = 1; n <= DIGITS_MAX; n++) {
            s[n - 1] = (char)('0' + (n * 7 + i) % 10);
            assert_true(str_i64(str_n(s, n), 0, INT64_MAX, &value));
            struct digits d = digits_read(s);
            assert_ptr_equal(d.end, s + n);
            assert_int_equal(d.value, value);
        }
    }
    assert_int_equal(digits_read("1234567890123456\0\0\0\0\0\0\0\0").value, 123456789012345);
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (leap && month == 2);
}

/* Every day that a workbook can mean, counted by hand: from 1900-03-01, which is number 61. */
static void test_every_day(void **state)
{
    (void)state;
    int year = 1900, month = 3, day = 1, serial = 61;
    for (; year < 10000; serial++) {
        char expected[48], out[NUMBER_TEXT_MAX];
        int n = snprintf(expected, sizeof expected, "%04d-%02d-%02d", year, month, day);
        size_t got = number_date(serial, SHAPE_DAY, false, out);
        assert_true(str_eq(str_n(out, got), str_n(expected, (size_t)n)));
        if (serial > 1462) {
            got = number_date(serial - 1462, SHAPE_DAY, true, out);
            assert_true(str_eq(str_n(out, got), str_n(expected, (size_t)n)));
        }
        if (++day > days_in(year, month)) {
            day = 1;
            month = month % 12 + 1;
            year += month == 1;
        }
    }
    char out[NUMBER_TEXT_MAX];
    assert_int_equal(serial, 2958466);
    assert_int_equal(number_date(serial, SHAPE_DAY, false, out), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),     cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_no_end),    cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_digits),    cmocka_unit_test(test_shared),
        cmocka_unit_test(test_every_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
