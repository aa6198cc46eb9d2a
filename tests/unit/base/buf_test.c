/*
 * buf_test.c - numbers in buffers: as machines and as people read them, to the ends of their range.
 */
#include "base/buf.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void numbers_are_written(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        const char *plain, *grouped;
    } cases[] = {
        {0, "0", "0"},
        {7, "7", "7"},
        {-7, "-7", "-7"},
        {999, "999", "999"},
        {1000, "1000", "1,000"},
        {-1204, "-1204", "-1,204"},
        {999999, "999999", "999,999"},
        {1000000, "1000000", "1,000,000"},
        {INT64_MAX, "9223372036854775807", "9,223,372,036,854,775,807"},
        {INT64_MIN, "-9223372036854775808", "-9,223,372,036,854,775,808"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        BUF(plain, 64);
        BUF(grouped, 64);
        buf_i64(&plain, cases[i].n);
        buf_i64_grouped(&grouped, cases[i].n);
        assert_true(str_eq(buf_view(&plain), str_c(cases[i].plain)));
        assert_true(str_eq(buf_view(&grouped), str_c(cases[i].grouped)));
    }
}

/* As printf has them, whatever the number. */
static void numbers_are_those_of_printf(void **state)
{
    (void)state;
    uint64_t lot = 1;
    for (int i = 0; i < 100000; i++) {
        char text[32];
        lot = lot * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int64_t n = (int64_t)(lot >> i % 64);
        BUF(out, 64);
        buf_i64(&out, n);
        snprintf(text, sizeof text, "%" PRId64, n);
        assert_true(str_eq(buf_view(&out), str_c(text)));
    }
}

static void beyond_the_maximum_it_fails(void **state)
{
    (void)state;
    BUF(out, 4);
    buf_i64(&out, 12345);
    assert_true(out.failed);
    buf_clear(&out);
    buf_i64(&out, 1234);
    assert_false(out.failed);
    buf_i64_grouped(&out, 1);
    assert_true(out.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written),
        cmocka_unit_test(numbers_are_those_of_printf),
        cmocka_unit_test(beyond_the_maximum_it_fails),
    };
    return cmocka_run_group_tests_name("buffers", tests, NULL, NULL);
}
