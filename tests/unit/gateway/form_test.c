/*
 * form_test.c - form encoding: every byte, there and back, and never beyond the maximum.
 */
#include "gateway/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void encodes_by_table(void **state)
{
    static const struct {
        struct str in, want;
    } rows[] = {
        {STR_INIT(""), STR_INIT("")},
        {STR_INIT("azAZ09-._~"), STR_INIT("azAZ09-._~")},
        {STR_INIT("a b"), STR_INIT("a%20b")},
        {STR_INIT("1+1=2&3"), STR_INIT("1%2B1%3D2%263")},
        {STR_INIT("\r\n"), STR_INIT("%0D%0A")},
        {STR_INIT("한"), STR_INIT("%ED%95%9C")},
        {STR_INIT("@[`{/:"), STR_INIT("%40%5B%60%7B%2F%3A")},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        BUF(out, 256);
        form_encode(&out, rows[i].in);
        assert_true(str_eq(buf_view(&out), rows[i].want));
    }
}

static void every_byte_comes_back(void **state)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    BUF(out, 4096);
    char all[256];
    (void)state;
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)i;
    form_put(&out, "bytes", str_n(all, sizeof all));
    form_put_nth(&out, "message", 500, str_n(all, sizeof all));
    struct str rest = buf_view(&out), name, value;
    assert_true(form_next(&a, &rest, &name, &value));
    assert_true(str_eq(name, STR("bytes")) && str_eq(value, str_n(all, sizeof all)));
    assert_true(form_next(&a, &rest, &name, &value));
    assert_true(str_eq(name, STR("message_500")) && str_eq(value, str_n(all, sizeof all)));
    assert_false(form_next(&a, &rest, &name, &value));
}

static void reads_what_others_write(void **state)
{
    static const struct {
        struct str in;
        const char *name, *value; /* of the first pair; NULL: there is none */
    } rows[] = {
        {STR_INIT("a=1&b=2"), "a", "1"},   {STR_INIT("&&a=1"), "a", "1"},
        {STR_INIT("a"), "a", ""},          {STR_INIT("a="), "a", ""},
        {STR_INIT("=1"), "", "1"},         {STR_INIT("a=x+y%20z"), "a", "x y z"},
        {STR_INIT("a=%4"), "a", "%4"},     {STR_INIT("a=%zz%41"), "a", "%zzA"},
        {STR_INIT("a=b=c"), "a", "b=c"},   {STR_INIT("%61=%ed%95%9c"), "a", "한"},
        {STR_INIT(""), NULL, NULL},        {STR_INIT("&&"), NULL, NULL},
        {STR_INIT("a=100%"), "a", "100%"},
    };
    ARENA(a, ARENA_MAX_DEFAULT);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str rest = rows[i].in, name, value;
        bool found = form_next(&a, &rest, &name, &value);
        assert_int_equal(found, rows[i].name != NULL);
        if (found) {
            assert_true(str_eq(name, str_c(rows[i].name)));
            assert_true(str_eq(value, str_c(rows[i].value)));
        }
    }
}

static void stops_at_the_maximum(void **state)
{
    BUF(out, 16);
    (void)state;
    form_put(&out, "a", STR("한글"));
    assert_true(out.failed);
    assert_true(out.len <= 16);
    buf_clear(&out);
    form_encode(&out, STR("abcde"));
    assert_false(out.failed);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_by_table),
        cmocka_unit_test(every_byte_comes_back),
        cmocka_unit_test(reads_what_others_write),
        cmocka_unit_test(stops_at_the_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
