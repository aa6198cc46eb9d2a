/*
 * pattern_test.c - what is rendered is matched, and nothing else: random templates and values, one
 * character changed, left out or put in outside of a variable, and the cases people write by hand.
 */
#include "domain/pattern.h"
#include "tests.h"
#include "world.h"

#include <stdlib.h>

static struct arena a;

static struct pattern parsed(const char *text)
{
    struct pattern p;
    assert_true(pattern_parse(&p, str_c(text), &a));
    return p;
}

static bool matches(const char *pattern, const char *text)
{
    struct pattern p = parsed(pattern);
    return pattern_matches(&p, str_c(text));
}

/* Values by name: a table of pairs. */
struct values {
    struct str (*pairs)[2];
    size_t count;
};

static struct str value_of(void *ctx, struct str variable)
{
    const struct values *v = ctx;
    for (size_t i = 0; i < v->count; i++)
        if (str_eq(v->pairs[i][0], variable))
            return v->pairs[i][1];
    return (struct str){NULL, 0};
}

static void cases_by_hand(void **state)
{
    (void)state;
    assert_true(matches("", ""));
    assert_false(matches("", " "));
    assert_true(matches("안녕하세요", "안녕하세요"));
    assert_false(matches("안녕하세요", "안녕하세요 "));
    assert_true(matches("#{이름}님", "님"));
    assert_true(matches("#{이름}님", "님님님"));
    assert_false(matches("#{이름}님", "홍길동 님!"));
    assert_true(matches("#{a}#{b}", "x"));
    assert_true(matches("#{a}-#{b}-", "---"));
    assert_false(matches("#{a}-#{b}-", "-"));
    assert_false(matches("a#{x}a", "a")); /* one letter is not both ends */
    assert_false(matches("ab#{x}ba", "aba"));
    assert_true(matches("ab#{x}ba", "abba"));
    assert_false(matches("첫 줄\n#{x}", "첫 줄\r\n값"));
    assert_true(matches("가격 #{}원", "가격 100원")); /* a variable without a name */
    assert_true(matches("끝이 없는 #{이름", "끝이 없는 #{이름"));
    assert_false(matches("끝이 없는 #{이름", "끝이 없는 값"));
    assert_true(matches("#{#{a}}", "값}"));
}

static void a_value_is_never_expanded_again(void **state)
{
    (void)state;
    struct str pairs[][2] = {{STR_INIT("a"), STR_INIT("#{b}")}, {STR_INIT("b"), STR_INIT("x")}};
    struct values v = {pairs, COUNT_OF(pairs)};
    struct pattern p = parsed("#{a}#{b}#{a}");
    BUF(out, 1000);
    assert_null(pattern_render(&p, value_of, &v, &out).ptr);
    assert_true(str_eq(buf_view(&out), STR("#{b}x#{b}")));
}

static void a_missing_value_is_named(void **state)
{
    (void)state;
    struct str pairs[][2] = {{STR_INIT("a"), STR_INIT("")}};
    struct values v = {pairs, COUNT_OF(pairs)};
    struct pattern p = parsed("#{a} #{없음} #{b}");
    BUF(out, 1000);
    assert_true(str_eq(pattern_render(&p, value_of, &v, &out), STR("없음")));
}

static void variables_are_listed_once_in_order(void **state)
{
    (void)state;
    struct str list[3];
    struct pattern p = parsed("#{b}#{a}#{b}#{c}#{d}");
    assert_int_equal(pattern_variables(&p, list, 0, 3), 3);
    assert_true(str_eq(list[0], STR("b")) && str_eq(list[1], STR("a")) &&
                str_eq(list[2], STR("c")));
}

static void one_variable_can_be_solved(void **state)
{
    (void)state;
    struct str value;
    struct pattern p = parsed("https://#{길}/x"), two = parsed("#{a}#{b}"), none = parsed("a");
    assert_true(pattern_solve(&p, STR("https://a.kr/r/tok/x"), &value));
    assert_true(str_eq(value, STR("a.kr/r/tok")));
    assert_false(pattern_solve(&p, STR("http://a.kr/r/tok/x"), &value));
    assert_false(pattern_solve(&p, STR("https:///"), &value));
    assert_false(pattern_solve(&two, STR("ab"), &value));
    assert_false(pattern_solve(&none, STR("a"), &value));
}

static void too_many_variables_are_refused(void **state)
{
    (void)state;
    BUF(text, 10000);
    struct pattern p;
    for (int i = 0; i < PATTERN_PLACES_MAX; i++)
        buf_str(&text, STR("#{x}"));
    assert_true(pattern_parse(&p, buf_view(&text), &a));
    buf_str(&text, STR("#{x}"));
    assert_false(pattern_parse(&p, buf_view(&text), &a));
}

/* Runs in linear time: this would take for ever with backtracking. */
static void many_variables_do_not_explode(void **state)
{
    (void)state;
    BUF(pattern, 10000);
    BUF(text, 100000);
    for (int i = 0; i < 100; i++)
        buf_str(&pattern, STR("#{x}a"));
    buf_str(&pattern, STR("#{x}b"));
    for (int i = 0; i < 90000; i++)
        buf_char(&text, 'a');
    struct pattern p;
    assert_true(pattern_parse(&p, buf_view(&pattern), &a));
    assert_false(pattern_matches(&p, buf_view(&text)));
    buf_char(&text, 'b');
    assert_true(pattern_matches(&p, buf_view(&text)));
}

/* ---- lots ---- */

/* Fixed parts and values are of different letters, so that a change in a fixed part shows. */
static const struct str fixed_letters[] = {STR_INIT("가"), STR_INIT("나"), STR_INIT("A"),
                                           STR_INIT(" "),  STR_INIT("\n"), STR_INIT("#"),
                                           STR_INIT("{"),  STR_INIT("원")};
static const struct str value_letters[] = {STR_INIT("홍"), STR_INIT("1"), STR_INIT("x"),
                                           STR_INIT("👩"),  STR_INIT("}"), STR_INIT("$")};

static void letters(struct buf *out, const struct str *of, size_t count, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        struct str letter = of[world_lot(count)];
        /* "#" before "{" would begin a variable of its own */
        if (!(str_eq(letter, STR("{")) && out->len && out->ptr[out->len - 1] == '#'))
            buf_str(out, letter);
    }
}

struct example {
    struct buf pattern, text;
    struct {
        size_t from, to;
    } fixed[16]; /* where fixed parts stand in the text */
    size_t count;
};

static void fixed_part(struct example *e, uint64_t least)
{
    size_t from = e->text.len, before = e->pattern.len;
    letters(&e->pattern, fixed_letters, COUNT_OF(fixed_letters), least + world_lot(6));
    buf_str(&e->text, str_slice(buf_view(&e->pattern), before, e->pattern.len));
    e->fixed[e->count].from = from;
    e->fixed[e->count++].to = e->text.len;
}

static void example_make(struct example *e)
{
    buf_init(&e->pattern, 10000);
    buf_init(&e->text, 10000);
    e->count = 0;
    fixed_part(e, 0);
    for (uint64_t i = world_lot(8); i > 0; i--) {
        if (e->pattern.len && e->pattern.ptr[e->pattern.len - 1] == '#')
            buf_str(&e->pattern, STR(" ")), buf_str(&e->text, STR(" "));
        buf_str(&e->pattern, STR("#{변수}"));
        letters(&e->text, value_letters, COUNT_OF(value_letters), world_lot(5));
        fixed_part(e, 1);
    }
}

/* One byte of a fixed part changed to a byte that stands nowhere in the example. */
static void change_is_noticed(const struct example *e, const struct pattern *p)
{
    for (size_t i = 0; i < e->count; i++) {
        if (e->fixed[i].to == e->fixed[i].from)
            continue;
        size_t at = e->fixed[i].from + world_lot(e->fixed[i].to - e->fixed[i].from);
        char *changed =
            str_dup(&a, buf_view(&e->text)).ptr ? arena_array(&a, e->text.len, 1) : NULL;
        memcpy(changed, e->text.ptr, e->text.len);
        changed[at] = '~';
        /* a middle part may stand elsewhere as well, when values are empty and parts repeat; the
         * first and the last have one place */
        if (i == 0 || i + 1 == e->count)
            assert_false(pattern_matches(p, str_n(changed, e->text.len)));
    }
}

static void what_is_rendered_is_matched(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct example e;
        struct pattern p;
        example_make(&e);
        assert_true(pattern_parse(&p, buf_view(&e.pattern), &a));
        assert_true(pattern_matches(&p, buf_view(&e.text)));
        change_is_noticed(&e, &p);
        buf_free(&e.pattern);
        buf_free(&e.text);
        if (i % 100 == 0)
            arena_free(&a);
    }
}

/* Parts that stand nowhere else: each byte of them counts, wherever it is. */
static void every_character_outside_variables_counts(void **state)
{
    (void)state;
    static const char pattern[] =
        "[가나] #{이름}님,\n주문 #{번호}번이 #{때}에 갑니다.\n감사합니다 :)";
    static const char text[] = "[가나] 홍길동님,\n주문 2024-1번이 3시에 갑니다.\n감사합니다 :)";
    static const char *const values[] = {"홍길동", "2024-1", "3시"};
    struct pattern p = parsed(pattern);
    size_t length = strlen(text);
    assert_true(pattern_matches(&p, str_n(text, length)));
    for (size_t at = 0; at < length; at++) {
        bool inside = false;
        for (size_t v = 0; v < COUNT_OF(values); v++) {
            size_t from = (size_t)(strstr(text, values[v]) - text);
            inside |= at >= from && at < from + strlen(values[v]);
        }
        char changed[sizeof text], shorter[sizeof text];
        memcpy(changed, text, sizeof text);
        changed[at] ^= 1;
        memcpy(shorter, text, at);
        memcpy(shorter + at, text + at + 1, length - at);
        assert_int_equal(pattern_matches(&p, str_n(changed, length)), inside);
        assert_int_equal(pattern_matches(&p, str_n(shorter, length - 1)), inside);
    }
}

static int begin(void **state)
{
    (void)state;
    arena_init(&a, ARENA_MAX_DEFAULT);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_by_hand),
        cmocka_unit_test(a_value_is_never_expanded_again),
        cmocka_unit_test(a_missing_value_is_named),
        cmocka_unit_test(variables_are_listed_once_in_order),
        cmocka_unit_test(one_variable_can_be_solved),
        cmocka_unit_test(too_many_variables_are_refused),
        cmocka_unit_test(many_variables_do_not_explode),
        cmocka_unit_test(what_is_rendered_is_matched),
        cmocka_unit_test(every_character_outside_variables_counts),
    };
    world_seed();
    return cmocka_run_group_tests_name("patterns", tests, begin, end);
}
