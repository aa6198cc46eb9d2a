/*
 * export_test.c - stored attributes read name by name, and exports read back cell by cell by our
 * own reader: every contact and every recipient once, under the right titles, and nobody else's.
 */
#include "base/log.h"
#include "domain/attributes.h"
#include "domain/export.h"
#include "sheet/sheet.h"
#include "tests.h"
#include "world.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define US   7
#define THEM 8

static struct world world;
static enum store_engine engine;
static struct db *db;
static struct scope scope;
static int fd;
static char path[128];

static struct scope *begin(void)
{
    arena_free(&world.arena);
    scope = (struct scope){.company = US, .db = db, .arena = &world.arena, .clock = &world.clock};
    return &scope;
}

static int setup(void **state)
{
    (void)state;
    world_begin(&world, engine);
    world_company(&world, US);
    world_company(&world, THEM);
    db = store_borrow(world.store);
    assert_non_null(db);
    snprintf(path, sizeof path, "%s/export-XXXXXX", world.folder);
    fd = mkostemp(path, O_CLOEXEC);
    return fd < 0;
}

static int teardown(void **state)
{
    (void)state;
    close(fd);
    store_return(&db);
    world_end(&world);
    return 0;
}

/* ---- attributes ---- */

static void attributes_are_read_as_they_were_written(void **state)
{
    (void)state;
    world_seed();
    for (int round = 0; round < 2000; round++) {
        static const char *const bits[] = {"가", "\"", "\\", "\n", "a", "\t", "\x01",
                                           "👍",  "/",  "{",  ",",  ":", " "};
        ARENA(a, ARENA_MAX_DEFAULT);
        BUF(out, 4096);
        struct str texts[12];
        size_t count = world_lot(7);
        struct json j;
        json_init(&j, &out);
        json_begin_object(&j);
        for (size_t i = 0; i < count * 2; i++) {
            texts[i] = STR("");
            for (uint64_t n = world_lot(5); n > 0; n--)
                texts[i] =
                    str_printf(&a, "%.*s%s", STR_ARG(texts[i]), bits[world_lot(COUNT_OF(bits))]);
            if (i % 2)
                json_put_str(&j, str_z(&a, texts[i - 1]), texts[i]);
        }
        json_end_object(&j);
        struct str rest = buf_view(&out);
        struct attribute one;
        for (size_t i = 0; i < count; i++) {
            assert_true(attribute_next(&a, &rest, &one));
            assert_true(str_eq(one.name, texts[i * 2]) && str_eq(one.value, texts[i * 2 + 1]));
        }
        assert_false(attribute_next(&a, &rest, &one));
    }
}

static void what_is_no_object_of_texts_ends(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int good; /* attributes before the trouble */
    } cases[] = {
        {"", 0},
        {"{}", 0},
        {" { \"a\" : \"b\" , \"c\" : \"d\" } ", 2},
        {"{\"a\":\"b\"", 1},
        {"{\"a\":\"b", 0},
        {"{\"a\":\"b\\", 0},
        {"{\"a\":\"b\\\"", 0},
        {"{\"a\":1}", 0},
        {"{\"a\":\"\\uD83D\\uDC4D\"}", 1},
        {"{\"a\":\"\\uD83D\"}", 0},
        {"{\"a\":\"\\uDC4D\"}", 0},
        {"{\"a\":\"\\u12\"}", 0},
        {"{\"a\":\"\\x\"}", 0},
        {"{\"a\":\"\\uAC00\\/\\b\\f\\n\\r\\t\"}", 1},
        {"[\"a\"]", 0},
        {"{\"a\"}", 0},
        {"{\"a\":}", 0},
        {"{\"a\":\"b\",}", 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ARENA(a, ARENA_MAX_DEFAULT);
        struct str rest = str_dup(&a, str_c(cases[i].text));
        struct attribute one;
        int good = 0;
        while (attribute_next(&a, &rest, &one))
            good++;
        if (good != cases[i].good)
            fail_msg("%s: %d", cases[i].text, good);
    }
}

/* ---- people ---- */

static void contact_put(int64_t company, int64_t id, const char *name, const char *attributes)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    world_exec(&world,
               "INSERT INTO contact (company_id, id, name, phone, email, attributes, created_at,"
               " updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
               DB_ARGS(DB_N(company), DB_N(id), DB_S(str_c(name)),
                       DB_S(str_printf(&a, "010%08lld", (long long)id)),
                       id % 2 ? DB_S(STR("a@example.com")) : DB_NULL_VALUE, DB_S(str_c(attributes)),
                       DB_N(world.now)));
}

static void group_put(int64_t company, int64_t id, const char *name)
{
    world_exec(&world,
               "INSERT INTO contact_group (company_id, id, name, description, is_default,"
               " member_count, created_at) VALUES ($1, $2, $3, '', 0, 0, 0)",
               DB_ARGS(DB_N(company), DB_N(id), DB_S(str_c(name))));
}

static void member_put(int64_t company, int64_t group, int64_t contact)
{
    world_exec(&world,
               "INSERT INTO group_member (company_id, group_id, contact_id) VALUES ($1, $2, $3)",
               DB_ARGS(DB_N(company), DB_N(group), DB_N(contact)));
}

/* ---- reading back ---- */

static struct sheet *sheet;
static struct sheet_row row;

static const struct export_file *to(enum sheet_out_kind kind)
{
    static struct export_file file;
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    file = (struct export_file){.fd = fd, .kind = kind};
    return &file;
}

static void read_begin(void)
{
    const struct sheet_options plain = {0};
    struct sheet_refusal why;
    assert_int_equal(sheet_open(path, &plain, &world.arena, &sheet, &why), SHEET_OK);
}

/* The next row must be these cells, ended by NULL. */
static void next_is(const char *first, ...)
{
    va_list more;
    size_t n = 0;
    assert_int_equal(sheet_next(sheet, &row), 1);
    va_start(more, first);
    for (const char *want = first; want; want = va_arg(more, const char *), n++) {
        struct str got = n < row.cell_count ? row.cells[n] : STR("");
        if (!str_eq(got, str_c(want)))
            fail_msg("row %d, cell %zu: '%.*s' is not '%s'", (int)row.number, n, STR_ARG(got),
                     want);
    }
    va_end(more);
    assert_true(row.cell_count <= n);
}

static void read_end(void)
{
    assert_int_equal(sheet_next(sheet, &row), 0);
    sheet_close(&sheet);
}

/* ---- contacts ---- */

static void a_few_people(void)
{
    world.now = INT64_C(1763964183000); /* 2025-11-24 15:03:03 in Seoul */
    group_put(US, 2, "단골");
    group_put(US, 3, "=서울");
    group_put(THEM, 2, "남의 그룹");
    contact_put(US, 1, "하나", "{\"주문번호\":\"A-1\",\"메모\":\"첫 줄\\n\\\"둘째\\\"\"}");
    contact_put(US, 1000, "두리 👨‍👩‍👧", "{}");
    contact_put(US, 1001, "세나", "{\"메모\":\"=1+1\",\"등급\":\"VIP\"}");
    contact_put(US, 5500, "네모", "{\"주문번호\":\"A-4\"}");
    contact_put(THEM, 2, "남", "{\"비밀\":\"비밀\"}");
    member_put(US, 3, 1);
    member_put(US, 2, 1);
    member_put(US, 2, 1001);
    member_put(THEM, 2, 2);
}

#define WHEN "2025-11-24 15:03:03"

static void contacts_of_one_company(void **state)
{
    (void)state;
    const struct contact_filter all = {0};
    a_few_people();
    for (int kind = SHEET_OUT_XLSX; kind <= SHEET_OUT_CSV; kind++) {
        const char *evil = kind == SHEET_OUT_CSV ? "'=1+1" : "=1+1";
        assert_int_equal(export_contacts(begin(), &all, to((enum sheet_out_kind)kind)),
                         PROBLEM_NONE);
        read_begin();
        next_is("이름", "휴대폰", "이메일", "그룹", "등록 시각", "주문번호", "메모", "등급", NULL);
        next_is("하나", "010-0000-0001", "a@example.com", "단골, =서울", WHEN, "A-1",
                "첫 줄\n\"둘째\"", NULL);
        next_is("두리 👨‍👩‍👧", "010-0000-1000", "", "", WHEN, NULL);
        next_is("세나", "010-0000-1001", "a@example.com", "단골", WHEN, "", evil, "VIP", NULL);
        next_is("네모", "010-0000-5500", "", "", WHEN, "A-4", NULL);
        read_end();
    }
}

static void contacts_that_match(void **state)
{
    (void)state;
    const struct contact_filter members = {.group = 2}, part = {.query = STR_INIT("010-0000-5")},
                                both = {.query = STR_INIT("세나"), .group = 2},
                                nobody = {.query = STR_INIT("없다")}, unknown = {.group = 99};
    a_few_people();
    assert_int_equal(export_contacts(begin(), &members, to(SHEET_OUT_XLSX)), PROBLEM_NONE);
    read_begin();
    next_is("이름", "휴대폰", "이메일", "그룹", "등록 시각", "주문번호", "메모", "등급", NULL);
    next_is("하나", "010-0000-0001", "a@example.com", "단골, =서울", WHEN, "A-1", "첫 줄\n\"둘째\"",
            NULL);
    next_is("세나", "010-0000-1001", "a@example.com", "단골", WHEN, "", "=1+1", "VIP", NULL);
    read_end();
    assert_int_equal(export_contacts(begin(), &part, to(SHEET_OUT_CSV)), PROBLEM_NONE);
    read_begin(); /* only the attributes of those who match are columns */
    next_is("이름", "휴대폰", "이메일", "그룹", "등록 시각", "주문번호", NULL);
    next_is("네모", "010-0000-5500", "", "", WHEN, "A-4", NULL);
    read_end();
    assert_int_equal(export_contacts(begin(), &both, to(SHEET_OUT_XLSX)), PROBLEM_NONE);
    read_begin();
    next_is("이름", "휴대폰", "이메일", "그룹", "등록 시각", "메모", "등급", NULL);
    next_is("세나", "010-0000-1001", "a@example.com", "단골", WHEN, "=1+1", "VIP", NULL);
    read_end();
    assert_int_equal(export_contacts(begin(), &nobody, to(SHEET_OUT_XLSX)), PROBLEM_NONE);
    read_begin();
    next_is("이름", "휴대폰", "이메일", "그룹", "등록 시각", NULL);
    read_end();
    assert_int_equal(export_contacts(begin(), &unknown, to(SHEET_OUT_XLSX)), PROBLEM_NOT_FOUND);
}

static void a_server_that_stops_waits_for_no_export(void **state)
{
    (void)state;
    const struct contact_filter all = {0};
    const struct message_filter any = {.query = STR_INIT("")};
    const atomic_bool stop = true;
    a_few_people();
    world_campaign(&world, US, 1, 3, false);
    struct export_file file = *to(SHEET_OUT_XLSX);
    file.stop = &stop;
    assert_int_equal(export_contacts(begin(), &all, &file), PROBLEM_STOPPING);
    assert_int_equal(export_messages(begin(), 1, &any, &file), PROBLEM_STOPPING);
}

/* More names than columns: nothing is lost, the rest stands together at the end. */
static void more_attributes_than_columns(void **state)
{
    (void)state;
    const struct contact_filter all = {0};
    ARENA(a, ARENA_MAX_DEFAULT);
    BUF(text, (size_t)1 << 20);
    for (int person = 1; person <= 6; person++) {
        struct json j;
        buf_clear(&text);
        json_init(&j, &text);
        json_begin_object(&j);
        for (int i = 0; i < CONTACT_ATTRIBUTES_MAX; i++)
            json_put_str(&j, str_printf(&a, "%d-%d", person, i).ptr, str_printf(&a, "%d", i));
        json_end_object(&j);
        contact_put(US, person, "하나", str_z(&a, buf_view(&text)));
    }
    assert_int_equal(export_contacts(begin(), &all, to(SHEET_OUT_XLSX)), PROBLEM_NONE);
    read_begin();
    assert_int_equal(sheet_next(sheet, &row), 1);
    assert_int_equal(row.cell_count, 5 + EXPORT_ATTRIBUTES_MAX + 1);
    assert_true(str_eq(row.cells[row.cell_count - 1], STR("그 밖의 정보")));
    for (int person = 1; person <= 5; person++) {
        assert_int_equal(sheet_next(sheet, &row), 1);
        assert_int_equal(row.cell_count, 5 + person * CONTACT_ATTRIBUTES_MAX);
        assert_true(str_eq(row.cells[row.cell_count - 1], STR("199")));
    }
    assert_int_equal(sheet_next(sheet, &row), 1);
    assert_int_equal(row.cell_count, 5 + EXPORT_ATTRIBUTES_MAX + 1);
    struct str rest = row.cells[row.cell_count - 1];
    assert_true(str_starts(rest, STR("6-0: 0\n6-1: 1\n")) && str_ends(rest, STR("\n6-199: 199")));
    read_end();
}

/* ---- results ---- */

#define RESULTS                                                                                    \
    "순번", "이름", "휴대폰", "상태", "사유", "발송 시각", "결과 시각", "첫 클릭 시각", "클릭 수"

static void results_of_a_campaign(void **state)
{
    (void)state;
    struct message_filter all = {.query = STR_INIT("")}, some = all;
    some.state = MESSAGE_FAILED;
    a_few_people();
    world_campaign(&world, US, 1, 1203, false);
    world_call(&world, US, 1, 1, 1, 3);
    world_exec(
        &world,
        "UPDATE message SET contact_id = 1001, name = '세나', settled_at = $1, click_count = 2,"
        " first_click_at = $1 WHERE company_id = 7 AND ordinal = 1",
        DB_ARGS(DB_N(world.now)));
    world_exec(&world,
               "UPDATE message SET state = 5, reason = 'value_missing:금액', phone = '01000000002'"
               " WHERE company_id = 7 AND ordinal = 2",
               DB_NO_ARGS);
    assert_int_equal(export_messages(begin(), 1, &all, to(SHEET_OUT_XLSX)), PROBLEM_NONE);
    read_begin();
    next_is(RESULTS, "메모", "등급", NULL);
    assert_int_equal(sheet_next(sheet, &row), 1);
    assert_true(str_eq(row.cells[1], STR("세나")) && str_eq(row.cells[3], STR("발송 중")));
    assert_true(str_eq(row.cells[5], STR(WHEN)) && str_eq(row.cells[6], STR(WHEN)));
    assert_true(str_eq(row.cells[7], STR(WHEN)) && str_eq(row.cells[8], STR("2")));
    assert_true(str_eq(row.cells[9], STR("=1+1")) && str_eq(row.cells[10], STR("VIP")));
    assert_int_equal(sheet_next(sheet, &row), 1);
    assert_true(str_eq(row.cells[2], STR("010-0000-0002")) && str_eq(row.cells[3], STR("실패")));
    assert_true(str_starts(row.cells[4], STR("변수 '금액'")));
    for (int i = 3; i <= 1203; i++) {
        assert_int_equal(sheet_next(sheet, &row), 1);
        assert_true(str_eq(row.cells[0], str_printf(&world.arena, "%d", i)));
        assert_true(str_eq(row.cells[3], i == 3 ? STR("발송 중") : STR("대기")));
    }
    read_end();
    struct export_file english = *to(SHEET_OUT_CSV);
    english.english = true;
    assert_int_equal(export_messages(begin(), 1, &some, &english), PROBLEM_NONE);
    read_begin();
    next_is("No.", "Name", "Mobile", "State", "Reason", "Sent at", "Result at", "First click at",
            "Clicks", NULL);
    assert_int_equal(sheet_next(sheet, &row), 1);
    assert_true(str_eq(row.cells[3], STR("Failed")));
    read_end();
}

/* ---- the example ---- */

static void an_example_has_a_column_for_every_variable(void **state)
{
    (void)state;
    const struct template t = {
        .content = STR_INIT(
            "#{이름}님, #{주문번호} #{금액}원 #{배송일} #{예약일시} #{송장번호} #{무엇} #{금액}"),
        .title = STR_INIT(""),
    };
    world.now = INT64_C(1763964183000);
    assert_int_equal(export_example(begin(), &t, to(SHEET_OUT_XLSX)), PROBLEM_NONE);
    read_begin();
    next_is("이름", "휴대폰", "주문번호", "금액", "배송일", "예약일시", "송장번호", "무엇", NULL);
    next_is("홍길동", "010-0000-0001", "A-1024", "35,000", "2025-11-27", "2025-11-27 14:00",
            "123456789012", "무엇 예 1", NULL);
    next_is("김하나", "010-0000-0002", "A-1025", "128,000", "2025-11-28", "2025-11-28 14:00",
            "123456789013", "무엇 예 2", NULL);
    read_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(attributes_are_read_as_they_were_written),
        EACH(what_is_no_object_of_texts_ends),
        EACH(contacts_of_one_company),
        EACH(contacts_that_match),
        EACH(a_server_that_stops_waits_for_no_export),
        EACH(more_attributes_than_columns),
        EACH(results_of_a_campaign),
        EACH(an_example_has_a_column_for_every_variable),
    };
    log_level_set(LOG_ERROR);
    int failed = cmocka_run_group_tests_name("exports on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("exports on PostgreSQL", tests, NULL, NULL);
    return failed;
}
