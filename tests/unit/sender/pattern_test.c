/*
 * pattern_test.c - what is rendered is matched, and nothing else: random templates and values, one
 * character changed, left out or put in outside of a variable, the matcher beside one that tries
 * everything, time that grows with the size only, and the cases people write by hand.
 */
#include "domain/pattern.h"
#include "tests.h"
#include "world.h"

#include <stdlib.h>
#include <time.h>

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
    assert_true(str_eq(buf_view(&out), STR(" #{없음} #{b}"))); /* and both stay as written */
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

/* ---- linear time ---- */

/* Texts on which a search that starts again after each near miss would be quadratic. Whatever the
 * size, the pattern has at most PATTERN_PLACES_MAX places. */
struct ordeal {
    const char *what;
    const char *unit;    /* the text is made of this */
    size_t piece_part;   /* a fixed part is this share of the text, or … */
    size_t piece_length; /* … that long */
    size_t places;
    const char *end; /* of each fixed part */
};

static const struct ordeal ordeals[] = {
    {"one long part that nearly fits everywhere", "a", 10, 0, 1, "b"},
    {"parts that nearly fit everywhere", "a", 200, 0, 100, "b"},
    {"short parts that nearly fit everywhere", "a", 0, 250, 100, "b"},
    {"parts that fit everywhere", "a", 0, 1, PATTERN_PLACES_MAX, "a"},
    {"parts with a period", "ab", 100, 0, 50, "aa"},
    {"Korean parts with a period", "가나", 100, 0, 50, "가가"},
};

static void repeat_to(struct buf *out, const char *unit, size_t length)
{
    while (out->len < length)
        buf_str(out, str_c(unit));
}

/* Nanoseconds of this thread's own work: what else the machine does is not counted. */
static int64_t work_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* The least of several runs: parsing and matching a text of `size` bytes. */
static int64_t ordeal_run(const struct ordeal *o, size_t size)
{
    BUF(text, 64 << 20);
    BUF(pattern, 64 << 20);
    repeat_to(&text, o->unit, size);
    for (size_t i = 0; i < o->places; i++) {
        buf_str(&pattern, STR("#{x}"));
        size_t length = o->piece_part ? size / o->piece_part : o->piece_length;
        repeat_to(&pattern, o->unit, pattern.len + length);
        buf_str(&pattern, str_c(o->end));
    }
    int64_t least = INT64_MAX;
    for (int run = 0; run < 5; run++) {
        ARENA(mine, ARENA_MAX_DEFAULT);
        struct pattern p;
        int64_t begin = work_now();
        assert_true(pattern_parse(&p, buf_view(&pattern), &mine));
        bool found = pattern_matches(&p, buf_view(&text));
        int64_t took = work_now() - begin;
        assert_int_equal(found, str_eq(str_c(o->end), str_c(o->unit)));
        least = took < least ? took : least;
    }
    return least;
}

/* Ten times the size is ten times the work, not a hundred times: 40 leaves room for caches. */
static void the_work_grows_with_the_size(void **state)
{
    (void)state;
    enum {
        SIZE = 200000,
        NOTHING_NS = 50000, /* below this a clock's noise */
    };
    for (size_t i = 0; i < COUNT_OF(ordeals); i++) {
        int64_t small = ordeal_run(&ordeals[i], SIZE), large = ordeal_run(&ordeals[i], 10 * SIZE);
        print_message("# %s: %lld us, ten times as long: %lld us\n", ordeals[i].what,
                      (long long)small / 1000, (long long)large / 1000);
        assert_true(large < 40 * (small > NOTHING_NS ? small : NOTHING_NS));
    }
}

/* ---- lots ---- */

/* What a text match means, written down as naively as possible: every length of every value is
 * tried. */
static bool fits(const struct pattern *p, size_t i, struct str text)
{
    if (i == p->count)
        return str_eq(text, p->tail);
    if (!str_starts(text, p->pieces[i].fixed))
        return false;
    for (size_t end = p->pieces[i].fixed.len; end <= text.len; end++)
        if (fits(p, i + 1, str_slice(text, end, text.len)))
            return true;
    return false;
}

/* Letters of fixed parts and of values have nothing in common, and all of them are what somebody
 * might want to tidy up: blanks at ends, both line breaks, tabs, full width, composed and
 * decomposed Hangul, upper and lower case. */
static const struct str fixed_letters[] = {
    STR_INIT("가"), STR_INIT("A"),  STR_INIT(" "),      STR_INIT("\n"),
    STR_INIT("\r"), STR_INIT("Ａ"), STR_INIT("\u3000"), STR_INIT("\u1100\u1161"),
    STR_INIT("#"),  STR_INIT("{"),  STR_INIT("}"),
};
static const struct str value_letters[] = {
    STR_INIT("홍"), STR_INIT("1"),      STR_INIT("a"),  STR_INIT("👩‍👧"),
    STR_INIT("\t"), STR_INIT("\u200b"), STR_INIT("１"), STR_INIT("\u1112\u1169\u11bc"),
};
/* Stands in neither. */
static const struct str strange = STR_INIT("~");

/* A random template and what it may become; where the letters of its fixed parts stand there. */
struct example {
    struct buf pattern, text;
    struct {
        size_t from, to;
        bool joined; /* the letter before belongs to the same fixed part, or it is the very first */
    } letters[100];
    size_t count;
};

/* Adds fixed letters to both; the first of them is `joined` when nothing may stand before it. */
static void fixed_add(struct example *e, bool joined)
{
    for (uint64_t n = world_lot(7); n > 0; n--) {
        struct str letter = fixed_letters[world_lot(COUNT_OF(fixed_letters))];
        /* "#" before "{" would begin a variable */
        if (str_eq(letter, STR("{")) && str_ends(buf_view(&e->pattern), STR("#")))
            continue;
        e->letters[e->count].from = e->text.len;
        e->letters[e->count].joined = joined;
        buf_str(&e->pattern, letter);
        buf_str(&e->text, letter);
        e->letters[e->count++].to = e->text.len;
        joined = true;
    }
}

static void example_make(struct example *e)
{
    *e = (struct example){.pattern = BUF_INIT(10000), .text = BUF_INIT(10000)};
    fixed_add(e, true);
    for (uint64_t i = world_lot(8); i > 0; i--) {
        buf_str(&e->pattern, STR("#{변수}"));
        for (uint64_t n = world_lot(4); n > 0; n--)
            buf_str(&e->text, value_letters[world_lot(COUNT_OF(value_letters))]);
        fixed_add(e, false);
    }
}

/* The text with bytes from..to replaced. */
static struct str edited(struct str text, size_t from, size_t to, struct str by)
{
    BUF(out, 20000);
    buf_str(&out, str_slice(text, 0, from));
    buf_str(&out, by);
    buf_str(&out, str_slice(text, to, text.len));
    return str_dup(&a, buf_view(&out));
}

/*
 * Every single change outside of a variable is refused. Where no value has a letter of a fixed
 * part this is exact, whatever is taken for values: each letter of the pattern must be found once,
 * in order, and there is none to spare. So a letter that is changed into any other one or left out
 * cannot be made good elsewhere, and neighbours in a fixed part cannot be torn apart. What is put
 * in beside a value may be a part of it: there is nothing to refuse.
 */
static void every_change_is_refused(const struct example *e, const struct pattern *p)
{
    struct str text = buf_view(&e->text);
    for (size_t i = 0; i < e->count; i++) {
        size_t from = e->letters[i].from, to = e->letters[i].to;
        struct str own = str_slice(text, from, to);
        struct str fixed = fixed_letters[world_lot(COUNT_OF(fixed_letters))];
        struct str value = value_letters[world_lot(COUNT_OF(value_letters))];
        assert_false(pattern_matches(p, edited(text, from, to, STR(""))));
        assert_false(pattern_matches(p, edited(text, from, to, strange)));
        assert_false(pattern_matches(p, edited(text, from, to, value)));
        if (!str_eq(fixed, own))
            assert_false(pattern_matches(p, edited(text, from, to, fixed)));
        if (e->letters[i].joined)
            assert_false(
                pattern_matches(p, edited(text, from, from, world_lot(2) ? strange : value)));
    }
    if (p->tail.len || p->count == 0)
        assert_false(pattern_matches(p, edited(text, text.len, text.len, strange)));
}

static void a_change_outside_of_variables_is_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 5000; i++) {
        struct example e;
        struct pattern p;
        example_make(&e);
        assert_true(pattern_parse(&p, buf_view(&e.pattern), &a));
        assert_true(pattern_matches(&p, buf_view(&e.text)));
        every_change_is_refused(&e, &p);
        buf_free(&e.pattern);
        buf_free(&e.text);
        arena_free(&a);
    }
}

/* Values may hold anything: what fixed parts are made of, and what looks like a variable. */
static struct str wild_value(void)
{
    static const struct str tempting[] = {STR_INIT("#{변수}"), STR_INIT("#{"), STR_INIT("}"),
                                          STR_INIT(" "), STR_INIT("\r\n")};
    BUF(out, 1000);
    for (uint64_t n = world_lot(5); n > 0; n--) {
        uint64_t kind = world_lot(3);
        buf_str(&out, kind == 0   ? fixed_letters[world_lot(COUNT_OF(fixed_letters))]
                      : kind == 1 ? value_letters[world_lot(COUNT_OF(value_letters))]
                                  : tempting[world_lot(COUNT_OF(tempting))]);
    }
    return str_dup(&a, buf_view(&out));
}

/* Rendering is the parts and the values in turn, byte by byte, and is always matched. */
static void what_is_rendered_is_matched(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct str pairs[][2] = {{STR_INIT("a"), wild_value()},
                                 {STR_INIT("b"), wild_value()},
                                 {STR_INIT("변수"), wild_value()}};
        struct values v = {pairs, COUNT_OF(pairs)};
        struct pattern p;
        struct example e = {.pattern = BUF_INIT(10000), .text = BUF_INIT(10000)};
        fixed_add(&e, true);
        for (uint64_t n = world_lot(6); n > 0; n--) {
            const struct str *pair = pairs[world_lot(COUNT_OF(pairs))];
            buf_printf(&e.pattern, "#{%.*s}", STR_ARG(pair[0]));
            buf_str(&e.text, pair[1]);
            fixed_add(&e, false);
        }
        BUF(out, 10000);
        assert_true(pattern_parse(&p, buf_view(&e.pattern), &a));
        assert_null(pattern_render(&p, value_of, &v, &out).ptr);
        assert_true(str_eq(buf_view(&out), buf_view(&e.text)));
        assert_true(pattern_matches(&p, buf_view(&out)));
        assert_true(fits(&p, 0, buf_view(&out)));
        buf_free(&e.pattern);
        buf_free(&e.text);
        arena_free(&a);
    }
}

/* A few letters of two kinds, where parts overlap, repeat and stand in values. */
static struct str few_letters(uint64_t most)
{
    char text[32];
    size_t n = world_lot(most + 1);
    for (size_t i = 0; i < n; i++)
        text[i] = "aab"[world_lot(3)];
    return str_dup(&a, str_n(text, n));
}

/* On what is ambiguous there is no saying by letters what must be refused; the matcher agrees with
 * trying everything, on texts that have to do with the pattern and on their single changes. */
static void the_matcher_finds_what_trying_everything_finds(void **state)
{
    (void)state;
    int found = 0, rounds = 0;
    for (int i = 0; i < 10000; i++) {
        BUF(pattern, 1000);
        BUF(text, 1000);
        struct pattern p;
        buf_str(&pattern, few_letters(2));
        buf_str(&text, buf_view(&pattern));
        for (uint64_t n = world_lot(5); n > 0; n--) {
            struct str fixed = few_letters(3);
            buf_printf(&pattern, "#{x}%.*s", STR_ARG(fixed));
            buf_str(&text, few_letters(2));
            buf_str(&text, fixed);
        }
        assert_true(pattern_parse(&p, buf_view(&pattern), &a));
        for (int edit = 0; edit < 10; edit++, rounds++) {
            size_t from = world_lot(text.len + 1), to = from + world_lot(2);
            struct str other = edited(buf_view(&text), from, to, few_letters(1));
            bool fit = fits(&p, 0, other);
            assert_int_equal(pattern_matches(&p, other), fit);
            found += fit;
        }
        arena_free(&a);
    }
    print_message("# %d of %d texts fit\n", found, rounds);
    assert_true(found > rounds / 10 && found < rounds - rounds / 10);
}

/* What somebody might take for the same is not the same. */
static void nothing_is_tidied_up(void **state)
{
    (void)state;
    static const char *const alike[][2] = {
        {"가", "\u1100\u1161"}, {"A", "Ａ"},           {"A", "a"},   {" ", "\t"}, {" ", "\u3000"},
        {" ", "\u00a0"},        {"\r\n", "\n"},        {"\n", "\r"}, {" ", "  "}, {"", "\u200b"},
        {"", "\ufeff"},         {"\u00e9", "e\u0301"}, {"①", "1"},   {"~", "～"}, {"-", "–"},
    };
    for (size_t i = 0; i < COUNT_OF(alike); i++)
        for (int side = 0; side < 2; side++) {
            struct str one = str_c(alike[i][side]), other = str_c(alike[i][!side]);
            struct str pairs[][2] = {{STR_INIT("x"), one}};
            struct values v = {pairs, 1};
            struct pattern p;
            struct str text = str_printf(&a, "앞%.*s뒤#{x}끝%.*s", STR_ARG(one), STR_ARG(one));
            BUF(out, 1000);
            assert_true(pattern_parse(&p, text, &a));
            assert_null(pattern_render(&p, value_of, &v, &out).ptr);
            assert_true(str_eq(buf_view(&out), str_printf(&a, "앞%.*s뒤%.*s끝%.*s", STR_ARG(one),
                                                          STR_ARG(one), STR_ARG(one))));
            assert_true(pattern_matches(&p, buf_view(&out)));
            assert_false(pattern_matches(
                &p, str_printf(&a, "앞%.*s뒤x끝%.*s", STR_ARG(other), STR_ARG(one))));
            assert_false(pattern_matches(
                &p, str_printf(&a, "앞%.*s뒤x끝%.*s", STR_ARG(one), STR_ARG(other))));
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
        cmocka_unit_test(the_work_grows_with_the_size),
        cmocka_unit_test(what_is_rendered_is_matched),
        cmocka_unit_test(a_change_outside_of_variables_is_refused),
        cmocka_unit_test(the_matcher_finds_what_trying_everything_finds),
        cmocka_unit_test(nothing_is_tidied_up),
        cmocka_unit_test(every_character_outside_variables_counts),
    };
    world_seed();
    return cmocka_run_group_tests_name("patterns", tests, begin, end);
}
