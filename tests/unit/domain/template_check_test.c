/*
 * template_check_test.c - every rule of template_rule.def is found where it is broken, and nowhere
 * else: each case changes one thing of a form that is right. A rule without a case fails the last
 * test.
 */
#include "domain/template_check.h"
#include "tests.h"

#include <stdio.h>

#define BASE  "https://go.example.kr/r/"
#define LINK  "https://go.example.kr/#{링크}"
#define TEXT  "#{이름}님, 주문하신 상품이 출발했습니다.\r\n택배사와 송장번호: #{송장번호}"
#define PNG   "\x89PNG\r\n\x1a\n"
#define CASES (sizeof cases / sizeof *cases)

static struct arena arena;

/* What a case changes; NULL leaves what the right form has. */
struct form {
    const char *name, *content, *type, *emphasis, *title, *subtitle, *extra, *advert, *image;
    struct {
        const char *name, *type, *mobile, *pc, *ios, *android;
    } buttons[BUTTONS_MAX + 1];
    bool image_kept;
};

/* `code` and `field` are what is found; NULL: nothing at all. */
static const struct {
    struct form form;
    const char *code, *field;
} cases[] = {
    {{.name = NULL}, NULL, NULL},
    {{.name = " "}, "name_missing", "name"},
    {{.name = "@101"}, "name_too_long", "name"},
    {{.content = " \r\n"}, "content_missing", "content"},
    {{.content = "@1000"}, NULL, NULL},
    {{.content = "@1001"}, "content_too_long", "content"},
    {{.content = "#{이름}님, 주문하신 상품이 #{ 출발"}, "variable_unclosed", "content"},
    {{.content = "#{이름님, 주문하신 #{상품}이 출발했습니다"}, "variable_unclosed", "content"},
    {{.content = "#{}님, 주문하신 상품이 출발했습니다"}, "variable_unnamed", "content"},
    {{.content = "#{a.b}님, 주문하신 상품이 출발했습니다"}, "variable_name", "content"},
    {{.content = "#{a@b}님, 주문하신 상품이 출발했습니다"}, "variable_name", "content"},
    {{.content = "#{이름}#{존칭}, 주문하신 상품이 출발했습니다"}, "variables_adjacent", "content"},
    {{.content = "%40"}, NULL, NULL},
    {{.content = "%41"}, "variables_many", "content"},
    {{.content = "%200"}, "variables_many", "content"},
    {{.content = "#{이름} #{제목} #{내용} 안내"}, "mostly_variables", "content"},
    {{.content = "#{이름}님, 상품 할인을 시작했습니다"}, "advertising", "content"},
    {{.content = "(광고) #{이름}님, 새 상품이 나왔습니다"}, "advertising", "content"},
    {{.content = "#{할인}님, 주문하신 상품이 출발했습니다"}, NULL, NULL},
    {{.type = "XX"}, "type_unknown", "type"},
    {{.type = "EX", .extra = "문의 02-123-4567"}, NULL, NULL},
    {{.type = "EX"}, "extra_missing", "extra"},
    {{.extra = "문의 02-123-4567"}, "extra_unexpected", "extra"},
    {{.type = "EX", .extra = "문의 #{번호}"}, "variable_forbidden", "extra"},
    {{.type = "EX", .content = "@900", .extra = "@101"}, "content_too_long", "content"},
    {{.type = "AD", .advert = "채널을 추가해 보세요", .buttons = {{"채널 추가", "AC"}}},
     NULL,
     NULL},
    {{.type = "AD", .content = "@961", .advert = "채널", .buttons = {{"채널 추가", "AC"}}},
     "content_too_long",
     "content"},
    {{.type = "AD", .buttons = {{"채널 추가", "AC"}}}, "advert_missing", "advert"},
    {{.advert = "채널을 추가해 보세요"}, "advert_unexpected", "advert"},
    {{.type = "AD", .advert = "채널"}, "add_channel_missing", "buttons"},
    {{.type = "AD", .advert = "채널", .buttons = {{"추가", "AC"}}},
     "add_channel_name",
     "buttons.0.name"},
    {{.type = "AD",
      .advert = "채널",
      .buttons = {{"채널 추가", "AC"}, {"보기", "WL", LINK, LINK}, {"채널 추가", "AC"}}},
     "add_channel_first",
     "buttons.2.type"},
    {{.buttons = {{"채널 추가", "AC"}}}, "add_channel_kind", "buttons.0.type"},
    {{.emphasis = "BOLD"}, "emphasis_unknown", "emphasis"},
    {{.emphasis = "TEXT", .title = "#{금액}원", .subtitle = "결제 금액"}, NULL, NULL},
    {{.emphasis = "TEXT", .subtitle = "결제 금액"}, "title_missing", "title"},
    {{.emphasis = "TEXT", .title = "#{금액}원"}, "subtitle_missing", "subtitle"},
    {{.emphasis = "TEXT", .title = "@51", .subtitle = "결제"}, "title_too_long", "title"},
    {{.emphasis = "TEXT", .title = "결제", .subtitle = "@51"}, "title_too_long", "subtitle"},
    {{.emphasis = "TEXT", .title = "결제", .subtitle = "#{x}"}, "variable_forbidden", "subtitle"},
    {{.title = "결제"}, "title_unexpected", "title"},
    {{.subtitle = "결제"}, "title_unexpected", "subtitle"},
    {{.emphasis = "IMAGE", .image = PNG}, NULL, NULL},
    {{.emphasis = "IMAGE", .image = "\xff\xd8\xff\xe0"}, NULL, NULL},
    {{.emphasis = "IMAGE", .image_kept = true}, NULL, NULL},
    {{.emphasis = "IMAGE"}, "image_missing", "image"},
    {{.emphasis = "IMAGE", .image = "GIF89a"}, "image_kind", "image"},
    {{.emphasis = "IMAGE", .image = "@512001"}, "image_too_large", "image"},
    {{.image = PNG}, "image_unexpected", "image"},
    {{.buttons = {{"보기", "WL", LINK, LINK},
                  {"보기", "WL", LINK, LINK},
                  {"보기", "WL", LINK, LINK},
                  {"보기", "WL", LINK, LINK},
                  {"보기", "WL", LINK, LINK},
                  {"보기", "WL", LINK, LINK}}},
     "buttons_many",
     "buttons"},
    {{.buttons = {{" ", "WL", LINK, LINK}}}, "button_name_missing", "buttons.0.name"},
    {{.buttons = {{"@14", "WL", LINK, LINK}}}, NULL, NULL},
    {{.buttons = {{"@15", "WL", LINK, LINK}}}, "button_name_too_long", "buttons.0.name"},
    {{.buttons = {{"#{이름}", "WL", LINK, LINK}}}, "variable_forbidden", "buttons.0.name"},
    {{.buttons = {{"보기", "XX"}}}, "button_type_unknown", "buttons.0.type"},
    {{.buttons = {{"보기", "WL", LINK}}}, "link_missing", "buttons.0.pc"},
    {{.buttons = {{"보기", "WL", "", LINK}}}, "link_missing", "buttons.0.mobile"},
    {{.buttons = {{"보기", "WL", "go.example.kr/#{a}", LINK}}}, "link_scheme", "buttons.0.mobile"},
    {{.buttons = {{"보기", "WL", "https://", LINK}}}, "link_scheme", "buttons.0.mobile"},
    {{.buttons = {{"보기", "WL", LINK, "https://a.kr/a b"}}}, "link_character", "buttons.0.pc"},
    {{.buttons = {{"보기", "WL", LINK, "https://a.kr/#{a"}}}, "variable_unclosed", "buttons.0.pc"},
    {{.buttons = {{"보기", "WL", "https://go.example.kr/#{내 링크}", LINK}}}, NULL, NULL},
    {{.buttons = {{"보기", "WL", LINK, "https://@492"}}}, NULL, NULL},
    {{.buttons = {{"보기", "WL", LINK, "https://@493"}}}, "link_too_long", "buttons.0.pc"},
    {{.buttons = {{"보기", "WL", "https://#{링크}", "https://#{링크}"}}},
     "link_host_variable",
     "buttons.0.mobile"},
    {{.buttons = {{"보기", "WL", "https://shop.kr/a", "https://shop.kr/a"}}},
     "link_untracked",
     "buttons.0.mobile"},
    {{.buttons = {{"보기", "WL", "https://shop.kr/#{링크}", LINK}}},
     "link_elsewhere",
     "buttons.0.mobile"},
    {{.buttons = {{"보기", "WL", "https://go.example.kr/#{a}/#{b}", LINK}}},
     "link_elsewhere",
     "buttons.0.mobile"},
    {{.buttons = {{"보기", "WL", "https://go.example.kr/r/#{a}", "https://go.example.kr/"}}},
     NULL,
     NULL},
    {{.buttons = {{"보기", "WL", LINK, LINK, "app://x"}}}, "link_unused", "buttons.0.ios"},
    {{.buttons = {{"열기", "AL", NULL, NULL, "shop://a", "shop://a"}}}, NULL, NULL},
    {{.buttons = {{"열기", "AL", NULL, NULL, "shop://a"}}},
     "app_link_missing",
     "buttons.0.android"},
    {{.buttons = {{"열기", "AL", NULL, NULL, "shop", "shop://a"}}}, "app_scheme", "buttons.0.ios"},
    {{.buttons = {{"배송 조회", "DS"}}}, NULL, NULL},
    {{.content = "#{이름}님, 주문하신 상품이 출발했습니다", .buttons = {{"배송 조회", "DS"}}},
     "delivery_text",
     "buttons.0.type"},
    {{.content = "#{이름}님, 택배사: CJ대한통운, 송장번호: 1234", .buttons = {{"배송 조회", "DS"}}},
     "delivery_cj",
     "buttons.0.type"},
    {{.buttons = {{"상담", "BK"}}}, "chat_channel", "buttons.0.type"},
    {{.buttons = {{"상담", "MD"}}}, "chat_channel", "buttons.0.type"},
};

/* A text as it stands; "@n" is n letters (behind what stands in front of the @), "%n" n variables
 * with enough text between them. */
static struct str text_of(const char *z, const char *otherwise)
{
    struct str s = str_c(z ? z : otherwise);
    ptrdiff_t at = str_find(s, STR("@"), 0);
    int64_t n;
    if (at >= 0 && str_i64(str_slice(s, (size_t)at + 1, s.len), 1, 1000000, &n)) {
        char *text = arena_alloc(&arena, (size_t)(at + n));
        memset(text, 'a', (size_t)(at + n));
        memcpy(text, s.ptr, (size_t)at);
        return str_n(text, (size_t)(at + n));
    }
    if (!str_starts(s, STR("%")) || !str_i64(str_slice(s, 1, s.len), 1, 1000, &n))
        return s;
    struct str out = STR("");
    for (int64_t i = 0; i < n; i++)
        out = str_printf(&arena, "%.*s#{v%lld} some text ", STR_ARG(out), (long long)i);
    return out;
}

static void check_form(const struct form *f, struct template_check *out)
{
    struct button *buttons = arena_array(&arena, BUTTONS_MAX + 1, sizeof *buttons);
    struct template_form form = {
        .name = text_of(f->name, "배송 출발"),
        .content = text_of(f->content, TEXT),
        .type = text_of(f->type, "BA"),
        .emphasis = text_of(f->emphasis, "NONE"),
        .title = text_of(f->title, ""),
        .subtitle = text_of(f->subtitle, ""),
        .extra = text_of(f->extra, ""),
        .advert = text_of(f->advert, ""),
        .image = text_of(f->image, ""),
        .image_kept = f->image_kept,
        .buttons = buttons,
    };
    while (form.button_count <= BUTTONS_MAX && f->buttons[form.button_count].name) {
        size_t i = form.button_count++;
        buttons[i] = (struct button){
            .name = text_of(f->buttons[i].name, ""),
            .type = text_of(f->buttons[i].type, ""),
            .mobile = text_of(f->buttons[i].mobile, ""),
            .pc = text_of(f->buttons[i].pc, ""),
            .ios = text_of(f->buttons[i].ios, ""),
            .android = text_of(f->buttons[i].android, ""),
        };
    }
    template_check(&form, STR(BASE), &arena, out);
}

static bool found(const struct template_check *check, const char *code, const char *field)
{
    for (size_t i = 0; i < check->count; i++)
        if (str_eq(check->list[i].code, str_c(code)) && str_eq(check->list[i].field, str_c(field)))
            return true;
    return false;
}

/* Nothing else is found, but for what cannot be broken alone. */
static bool only(const struct template_check *check, const char *code)
{
    static const char *const pairs[][2] = {{"image_too_large", "image_kind"},
                                           {"variables_many", "content_too_long"}};
    for (size_t i = 0; i < check->count; i++) {
        bool expected = str_eq(check->list[i].code, str_c(code));
        for (size_t p = 0; p < COUNT_OF(pairs); p++)
            expected |=
                strcmp(pairs[p][0], code) == 0 && str_eq(check->list[i].code, str_c(pairs[p][1]));
        if (!expected)
            return false;
    }
    return true;
}

static void told(size_t i, const struct template_check *check)
{
    printf("# case %zu (%s):\n", i, cases[i].code ? cases[i].code : "nothing");
    for (size_t f = 0; f < check->count; f++)
        printf("#   %.*s %.*s\n", STR_ARG(check->list[f].code), STR_ARG(check->list[f].field));
}

static void each_rule_is_found_where_it_is_broken(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        struct template_check check;
        check_form(&cases[i].form, &check);
        bool right = cases[i].code ? found(&check, cases[i].code, cases[i].field) &&
                                         only(&check, cases[i].code)
                                   : check.count == 0;
        if (!right)
            told(i, &check);
        assert_true(right);
    }
}

#define R(name, severity, code, ko, en) {code, #severity, ko, en},
static const struct {
    const char *code, *severity, *ko, *en;
} rules[] = {
#include "domain/template_rule.def"
};
#undef R

static bool has_hangul(const char *z)
{
    struct str s = str_c(z);
    for (size_t i = 0; i < s.len;) {
        uint32_t c = utf8_next(s, &i);
        if (c >= 0xAC00 && c <= 0xD7A3)
            return true;
    }
    return false;
}

static size_t places(const char *z)
{
    size_t n = 0;
    for (ptrdiff_t at = -1; (at = str_find(str_c(z), STR("{}"), (size_t)(at + 1))) >= 0;)
        n++;
    return n;
}

static void every_rule_has_a_case_and_both_languages(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT_OF(rules); r++) {
        bool tried = false;
        for (size_t i = 0; i < CASES; i++)
            tried |= cases[i].code && strcmp(cases[i].code, rules[r].code) == 0;
        if (!tried)
            printf("# no case for %s\n", rules[r].code);
        assert_true(tried);
        assert_true(has_hangul(rules[r].ko));
        assert_true(strlen(rules[r].en) > 10);
        /* "#{}" stands in the one that is about it */
        if (strcmp(rules[r].code, "variable_unnamed") != 0)
            assert_int_equal(places(rules[r].ko), places(rules[r].en));
    }
}

static void errors_come_first_and_no_place_is_left_open(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        struct template_check check;
        check_form(&cases[i].form, &check);
        for (size_t f = 0; f < check.count; f++) {
            assert_int_equal(check.list[f].error, f < check.errors);
            bool open = str_find(check.list[f].ko, STR("{}"), 0) >= 0 ||
                        str_find(check.list[f].en, STR("{}"), 0) >= 0;
            assert_int_equal(open, str_eq(check.list[f].code, STR("variable_unnamed")));
        }
    }
}

static void lengths_and_variables_are_told(void **state)
{
    (void)state;
    struct template_check check;
    const struct form f = {
        .content = "#{이름}님 \xf0\x9f\x98\x80 #{번호}",
        .type = "MI",
        .extra = "문의",
        .advert = "가",
        .emphasis = "TEXT",
        .title = "#{금액}원 #{이름}",
        .subtitle = "결제",
        .buttons = {{"채널 추가", "AC"}, {"보기", "WL", LINK, LINK}},
    };
    check_form(&f, &check);
    assert_int_equal(check.length, 5 + 2 + 2 + 1 + 5 + 2);
    assert_int_equal(check.limit, TEMPLATE_BODY_MAX - TEMPLATE_ADVERT_ROOM);
    static const char *const names[] = {"금액", "이름", "번호", "링크"};
    assert_int_equal(check.variable_count, COUNT_OF(names));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_true(str_eq(check.variables[i], str_c(names[i])));
}

static void the_form_for_counting_clicks_names_this_server(void **state)
{
    (void)state;
    struct template_check check;
    check_form(&(struct form){.buttons = {{"보기", "WL", "https://a.kr/", "https://a.kr/"}}},
               &check);
    assert_int_equal(check.count, 1);
    assert_true(str_find(check.list[0].ko, STR("https://go.example.kr/#{링크}"), 0) > 0);
    assert_true(str_find(check.list[0].en, STR("https://go.example.kr/#{링크}"), 0) > 0);
}

static void errors_become_wrong_fields(void **state)
{
    (void)state;
    struct template_check check;
    struct scope s = {.arena = &arena};
    check_form(&(struct form){.content = "#{이름} 할인"}, &check);
    assert_int_equal(check.errors, 0);
    assert_true(check.count > 0); /* warnings stop nobody */
    assert_int_equal(template_check_problem(&s, &check), PROBLEM_NONE);
    check_form(&(struct form){.buttons = {{"@15", "WL", LINK, "x"}}}, &check);
    assert_int_equal(template_check_problem(&s, &check), PROBLEM_INVALID);
    assert_int_equal(s.error_count, 2);
    assert_string_equal(s.errors[0].code, "button_name_too_long");
    assert_string_equal(s.errors[1].field, "buttons.0.pc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_found_where_it_is_broken),
        cmocka_unit_test(every_rule_has_a_case_and_both_languages),
        cmocka_unit_test(errors_come_first_and_no_place_is_left_open),
        cmocka_unit_test(lengths_and_variables_are_told),
        cmocka_unit_test(the_form_for_counting_clicks_names_this_server),
        cmocka_unit_test(errors_become_wrong_fields),
    };
    arena_init(&arena, ARENA_MAX_DEFAULT);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
