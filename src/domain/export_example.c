/*
 * export_example.c - see export.h: a workbook that shows what a list for a template looks like.
 *
 * Whoever fills it in finds a column for every variable under its own name, so that the import
 * knows what belongs where. The people in it do not exist.
 */
#include "base/log.h"
#include "domain/export.h"

#define SAMPLE_ROWS 2
#define FIRST       2 /* column of the first variable */

/* What a variable whose name holds the word may look like; the first that fits counts. */
static const struct sample {
    const char *word, *values[SAMPLE_ROWS];
} samples[] = {
    {"링크", {"https://example.com/1", "https://example.com/2"}},
    {"URL", {"https://example.com/1", "https://example.com/2"}},
    {"송장", {"123456789012", "123456789013"}},
    {"택배사", {"한빛택배", "새벽택배"}},
    {"인증번호", {"123456", "654321"}},
    {"주문번호", {"A-1024", "A-1025"}},
    {"예약번호", {"R-0001", "R-0002"}},
    {"계좌", {"000-0000-0000", "000-0000-0000"}},
    {"전화", {"02-000-0000", "02-000-0000"}},
    {"연락처", {"02-000-0000", "02-000-0000"}},
    {"번호", {"1024", "1025"}},
    {"금액", {"35,000", "128,000"}},
    {"가격", {"35,000", "128,000"}},
    {"요금", {"35,000", "128,000"}},
    {"비용", {"35,000", "128,000"}},
    {"포인트", {"1,000", "2,500"}},
    {"적립", {"1,000", "2,500"}},
    {"수량", {"1", "3"}},
    {"개수", {"1", "3"}},
    {"인원", {"2", "4"}},
    {"시간", {"오후 2시", "오전 10시"}},
    {"상품", {"사과 5kg", "배 3kg"}},
    {"제품", {"사과 5kg", "배 3kg"}},
    {"메뉴", {"비빔밥", "된장찌개"}},
    {"쿠폰", {"봄맞이 10% 할인", "봄맞이 10% 할인"}},
    {"주소", {"서울시 중구 세종대로 1", "부산시 연제구 중앙대로 1"}},
    {"장소", {"본점", "역앞점"}},
    {"매장", {"본점", "역앞점"}},
    {"지점", {"본점", "역앞점"}},
    {"담당", {"이담당", "박담당"}},
    {"등급", {"일반", "우수"}},
    {"회사", {"한마음 상점", "한마음 상점"}},
    {"상호", {"한마음 상점", "한마음 상점"}},
};

static const struct str names[SAMPLE_ROWS] = {STR_INIT("홍길동"), STR_INIT("김하나")};
static const struct str phones[SAMPLE_ROWS] = {STR_INIT("010-0000-0001"),
                                               STR_INIT("010-0000-0002")};

/* True for the variables that the first two columns fill. */
static bool is_of_the_person(struct str variable)
{
    static const struct str words[] = {
        STR_INIT("이름"), STR_INIT("고객명"), STR_INIT("고객이름"),  STR_INIT("성명"),
        STR_INIT("성함"), STR_INIT("휴대폰"), STR_INIT("휴대폰번호")};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(variable, words[i]))
            return true;
    return false;
}

static bool has(struct str s, const char *part)
{
    return str_find(s, str_c(part), 0) >= 0;
}

/* Days and moments lie a little ahead of today, so that the example does not look old. */
static struct str time_sample(struct scope *s, struct str variable, int row)
{
    bool moment = has(variable, "일시"), day = has(variable, "날짜") || has(variable, "일자") ||
                                               has(variable, "기한") || has(variable, "기간") ||
                                               str_ends(variable, STR("일"));
    if (!moment && !day)
        return STR("");
    int64_t at = kst_day_start(scope_now(s)) + (row + 3) * DAY_MS + 14 * HOUR_MS;
    return str_slice(kst_format(s->arena, at), 0, moment ? 16 : 10);
}

static struct str value_sample(struct scope *s, struct str variable, int row)
{
    struct str time = time_sample(s, variable, row);
    if (time.len)
        return time;
    for (size_t i = 0; i < COUNT_OF(samples); i++)
        if (has(variable, samples[i].word))
            return str_c(samples[i].values[row]);
    return str_printf(s->arena, "%.*s 예 %d", STR_ARG(variable), row + 1);
}

enum problem export_example(struct scope *s, const struct template *t, const struct export_file *to)
{
    struct str variables[TEMPLATE_VARIABLES_MAX], cells[FIRST + TEMPLATE_VARIABLES_MAX];
    struct sheet_out_column columns[FIRST + TEMPLATE_VARIABLES_MAX] = {
        {STR_INIT("이름"), SHEET_OUT_TEXT, 14}, {STR_INIT("휴대폰"), SHEET_OUT_TEXT, 18}};
    size_t count = template_variables(t, s->arena, variables), n = FIRST;
    for (size_t i = 0; i < count; i++)
        if (!is_of_the_person(variables[i]))
            columns[n++] = (struct sheet_out_column){.title = variables[i], .width = 18};
    const struct sheet_out_head head = {STR_INIT("고객"), columns, n};
    struct sheet_out *out = sheet_out_open(to->kind, to->fd, &head);
    if (!out)
        fatalx("out of memory (example)");
    for (int row = 0; row < SAMPLE_ROWS; row++) {
        cells[0] = names[row];
        cells[1] = phones[row];
        for (size_t i = FIRST; i < n; i++)
            cells[i] = value_sample(s, columns[i].title, row);
        sheet_out_row(out, cells, n);
    }
    return export_problem(sheet_out_close(&out));
}
