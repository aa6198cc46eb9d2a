/*
 * number_format_test.c - numbers and format codes, a case a row; and random doubles against strtod.
 */
#include "sheet/number_format.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"0", "0"},
        {"-0", "0"},
        {"-0.0", "0"},
        {"1", "1"},
        {"-12", "-12"},
        {"1.0", "1"},
        {"1.50", "1.5"},
        {"007", "7"},
        {"+5", "5"},
        {".5", "0.5"},
        {"0.1", "0.1"},
        {"0.1000000000000000055511151231257827", "0.1"},
        {"0.30000000000000004", "0.30000000000000004"},
        {"1.1000000000000001", "1.1"},
        {"0.000001", "0.000001"},
        {"0.0000001", "1e-7"},
        {"1.5E-7", "1.5e-7"},
        {"0.00000123456", "0.00000123456"},
        {"821012345678", "821012345678"},
        {"123456789012345", "123456789012345"},
        {"1234567890123456", "1234567890123456"},
        {"12345678901234567890", "12345678901234567000"},
        {"1e20", "100000000000000000000"},
        {"1e21", "1e+21"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"4.9E-324", "5e-324"},
        {"2.2250738585072014e-308", "2.2250738585072014e-308"},
        {"5.684341886080801e-14", "5.684341886080801e-14"}, /* 2^-44: its nearest 16 digits fail */
        {"9.5367431640625e-7", "9.5367431640625e-7"},
        {" 12 ", "12"},
        {"999999999999999", "999999999999999"},
        {"0.999999999999999", "0.999999999999999"},
        {"1e999", ""},
        {"abc", ""},
        {"0x10", ""},
        {"NaN", ""},
        {"INF", ""},
        {"1,5", ""},
        {"1e", ""},
        {"-", ""},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char out[NUMBER_TEXT_MAX];
        size_t n = number_canonical(str_c(cases[i].in), out);
        if (!str_eq(str_n(out, n), str_c(cases[i].out)))
            fail_msg("%s: expected %s, got %.*s", cases[i].in, cases[i].out, (int)n, out);
    }
}

/* What is printed reads back as the same double, and no shorter decimal does. */
static void test_random_doubles(void **state)
{
    (void)state;
    unsigned short seed[3] = {1, 2, 3};
    for (int i = 0; i < 200000; i++) {
        union {
            uint64_t bits;
            double x;
        } u = {.bits = (uint64_t)jrand48(seed) << 32 | (uint32_t)jrand48(seed)};
        if (i % 4 == 0) /* powers of two, where the gaps differ on both sides */
            u.bits &= UINT64_C(0x7FF) << 52;
        if (i % 4 == 1) /* amounts, and doubles beside amounts */
            u.x = (double)((int64_t)u.bits >> (12 + i % 50)) / 100;
        if (i % 8 == 1)
            u.x = nextafter(u.x, 0);
        if (!isfinite(u.x))
            continue;
        char out[NUMBER_TEXT_MAX + 1];
        size_t n = number_text(u.x, out);
        out[n] = '\0';
        assert_true(strtod(out, NULL) == u.x);
        int digits = 0, zeros = 0; /* significant ones, and the zeros at their end */
        for (char *p = out; *p && *p != 'e'; p++) {
            digits += *p >= '0' && *p <= '9' && (digits > 0 || *p != '0');
            zeros = *p == '0' ? zeros + 1 : *p == '.' ? zeros : 0;
        }
        digits -= zeros;
        char shorter[40];
        snprintf(shorter, sizeof shorter, "%.*e", digits > 1 ? digits - 2 : 0, u.x);
        if (digits > 1)
            assert_true(strtod(shorter, NULL) != u.x);
    }
}

static void test_format_codes(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum number_shape shape;
    } cases[] = {
        {"General", SHAPE_NUMBER},
        {"@", SHAPE_NUMBER},
        {"0.00E+00", SHAPE_NUMBER},
        {"#,##0", SHAPE_NUMBER},
        {"#,##0\"원\"", SHAPE_NUMBER},
        {"[$₩-412]#,##0", SHAPE_NUMBER},
        {"[Red]0", SHAPE_NUMBER},
        {"\"day\"0", SHAPE_NUMBER},
        {"\\d0", SHAPE_NUMBER},
        {"_d0", SHAPE_NUMBER},
        {"*d0", SHAPE_NUMBER},
        {"0;yyyy", SHAPE_NUMBER},
        {"yyyy-mm-dd", SHAPE_DAY},
        {"yyyy\"년\" m\"월\" d\"일\"", SHAPE_DAY},
        {"[$-412]yyyy/mm/dd;@", SHAPE_DAY},
        {"mm", SHAPE_DAY},
        {"mmm", SHAPE_DAY},
        {"aaaa", SHAPE_DAY},
        {"YYYY.MM.DD", SHAPE_DAY},
        {"mmdd", SHAPE_DAY},
        {"h:mm", SHAPE_TIME},
        {"mm:ss", SHAPE_TIME},
        {"mm:ss.0", SHAPE_TIME},
        {"AM/PM h:mm", SHAPE_TIME},
        {"A/P h", SHAPE_TIME},
        {"hh\"시\" mm\"분\"", SHAPE_TIME},
        {"yyyy-mm-dd hh:mm", SHAPE_BOTH},
        {"m/d/yy h:mm", SHAPE_BOTH},
        {"[h]:mm", SHAPE_ELAPSED},
        {"[mm]:ss", SHAPE_ELAPSED},
        {"[ss]", SHAPE_ELAPSED},
        {"[HH]:mm:ss", SHAPE_ELAPSED},
        {"\"unclosed", SHAPE_NUMBER},
        {"[unclosed", SHAPE_NUMBER},
        {"\\", SHAPE_NUMBER},
        {"", SHAPE_NUMBER},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (number_shape_of_code(str_c(cases[i].code)) != cases[i].shape)
            fail_msg("%s: expected %d, got %d", cases[i].code, (int)cases[i].shape,
                     (int)number_shape_of_code(str_c(cases[i].code)));
}

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        double serial;
        enum number_shape shape;
        bool date1904;
        const char *out;
    } cases[] = {
        {0, SHAPE_DAY, false, "1900-01-00"},
        {1, SHAPE_DAY, false, "1900-01-01"},
        {59, SHAPE_DAY, false, "1900-02-28"},
        {60, SHAPE_DAY, false, "1900-02-29"},
        {61, SHAPE_DAY, false, "1900-03-01"},
        {36585, SHAPE_DAY, false, "2000-02-29"},
        {2958465, SHAPE_DAY, false, "9999-12-31"},
        {2958466, SHAPE_DAY, false, ""},
        {-0.5, SHAPE_DAY, false, ""},
        {0, SHAPE_DAY, true, "1904-01-01"},
        {1462, SHAPE_DAY, true, "1908-01-02"},
        {45000.999999999, SHAPE_BOTH, false, "2023-03-16 00:00:00"},
        {0.999988425, SHAPE_TIME, false, "23:59:59"},
        {1.5, SHAPE_TIME, false, "12:00:00"},
        {1.5, SHAPE_ELAPSED, false, "36:00:00"},
        {100, SHAPE_ELAPSED, false, "2400:00:00"},
        {1, SHAPE_NUMBER, false, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char out[NUMBER_TEXT_MAX];
        size_t n = number_date(cases[i].serial, cases[i].shape, cases[i].date1904, out);
        if (!str_eq(str_n(out, n), str_c(cases[i].out)))
            fail_msg("%g: expected %s, got %.*s", cases[i].serial, cases[i].out, (int)n, out);
    }
}

static void test_iso(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out; /* out as SHAPE_BOTH */
    } cases[] = {
        {"2021-01-02T03:04:05", "2021-01-02 03:04:05"},
        {"2021-01-02T03:04:05.6Z", "2021-01-02 03:04:06"},
        {"2021-01-02", "2021-01-02 00:00:00"},
        {"1900-02-28", "1900-02-28 00:00:00"},
        {"1900-03-01", "1900-03-01 00:00:00"},
        {"03:04", "1900-01-00 03:04:00"},
        {"2021-13-02", ""},
        {"2021-01-02T", "2021-01-02 00:00:00"},
        {"yesterday", ""},
        {"2021-01-02x", ""},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char out[NUMBER_TEXT_MAX];
        double serial;
        size_t n = number_read_iso(str_c(cases[i].in), false, &serial)
                       ? number_date(serial, SHAPE_BOTH, false, out)
                       : 0;
        if (!str_eq(str_n(out, n), str_c(cases[i].out)))
            fail_msg("%s: expected %s, got %.*s", cases[i].in, cases[i].out, (int)n, out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),      cmocka_unit_test(test_random_doubles),
        cmocka_unit_test(test_format_codes), cmocka_unit_test(test_dates),
        cmocka_unit_test(test_iso),
    };
    return cmocka_run_group_tests_name("number-format", tests, NULL, NULL);
}
