/*
 * html_test.c - web pages as lists, a case a row: what goes in, and the rows, sheets and notes that
 * must come out.
 */
#include "book.h"
#include "sheet/dump.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define HOSTILE_SECONDS 20 /* with sanitizers on a busy machine */

/* What comes out of some bytes: first its sheets, then the rows of the chosen one, then notes. */
static char *seen(struct str bytes, const struct sheet_options *options)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    char *path = file_of(bytes, ".xls"), *text = NULL;
    size_t length, chosen;
    FILE *out = open_memstream(&text, &length);
    struct sheet *s;
    struct sheet_refusal r = {0};
    struct sheet_row row;
    const struct sheet_info *list;
    int got = -1;
    if (sheet_open(path, options, &arena, &s, &r) == SHEET_OK) {
        size_t count = sheet_list(s, &list, &chosen);
        assert_int_equal(sheet_kind(s), SHEET_HTML);
        for (size_t i = 0; i < count; i++)
            fprintf(out, "%s%.*s%s", i ? " " : "[", STR_ARG(list[i].name),
                    i == chosen      ? "*"
                    : list[i].hidden ? "-"
                                     : "");
        fputs("]", out);
        while ((got = sheet_next(s, &row)) == 1) {
            fprintf(out, "\n%lld%s:", (long long)row.number, row.hidden ? "-" : "");
            for (size_t i = 0; i < row.cell_count; i++)
                fprintf(out, "%s%.*s", i ? "|" : " ", STR_ARG(row.cells[i]));
        }
        const struct sheet_notes *n = sheet_notes(s);
        for (size_t i = 0; i < SHEET_COLUMNS_MAX; i++)
            if (sheet_column_hidden(n, i))
                fprintf(out, "\nhidden %zu", i);
        for (size_t i = 0; i < n->range_count; i++)
            fprintf(out, "\nmerged %s", sheet_range_text(&n->ranges[i], &arena).ptr);
        if (n->merged > n->merged_down)
            fprintf(out, "\nmerged across %lld", (long long)(n->merged - n->merged_down));
        if (n->cut)
            fputs("\ncut", out);
        if (got < 0)
            r = sheet_failure(s);
    }
    if (got < 0)
        fprintf(out, "!%.*s %lld", STR_ARG(sheet_error_code(r.error)), (long long)r.row);
    sheet_close(&s);
    fclose(out);
    unlink(path);
    free(path);
    return text;
}

static void expect_seen(const char *name, struct str bytes, const char *expected)
{
    char *got = seen(bytes, NULL);
    if (strcmp(got, expected) != 0)
        fail_msg("%s: expected\n%s\ngot\n%s", name, expected, got);
    free(got);
}

#define TABLE(inside) "<html><table>" inside "</table></html>"

static const struct {
    const char *name, *page, *expected;
} cases[] = {
    {"plain", TABLE("<tr><th>이름</th><th>번호</th></tr><tr><td>김</td><td>010</td></tr>"),
     "[표 1*]\n1: 이름|번호\n2: 김|010"},
    {"nothing is closed", TABLE("<TR><TD>a<TD>b<TR><TD>c<TD>d"), "[표 1*]\n1: a|b\n2: c|d"},
    {"the table neither", "<table><tr><td>a<td>b</html>", "[표 1*]\n1: a|b"},
    {"the page breaks off", "<html><table><tr><td>a<td>b</tr><tr><td>c",
     "[표 1*]\n1: a|b\n2: c\ncut"},
    {"the page breaks off in a tag", "<table><tr><td>a<td>b</tr><tr><td sty",
     "[표 1*]\n1: a|b\ncut"},
    {"no table around the rows", "<tr><td>a</td><td>b</td></tr><tr><td>c", "[표 1*]\n1: a|b\n2: c"},
    {"no rows around the cells", TABLE("<td>a<td>b</tr><td>c"), "[표 1*]\n1: a|b\n2: c"},
    {"groups", TABLE("<thead><tr><th>a<th>b<tbody><tr><td>c<tfoot><tr><td>d"),
     "[표 1*]\n1: a|b\n2: c\n3: d"},
    {"empty rows count", TABLE("<tr></tr><tr><td>a<td>b<tr><td></tr><tr><td>c"),
     "[표 1*]\n2: a|b\n4: c"},
    {"blanks",
     TABLE("<tr><td> a \r\n b\t</td><td>&nbsp;</td><td>c&nbsp;&nbsp;d &nbsp; e</td></tr>"),
     "[표 1*]\n1: a b||c  d   e"},
    {"lines", TABLE("<tr><td>a<br>b<br/><br>c<br></td><td>x<p>y</p><div>z</div></td></tr>"),
     "[표 1*]\n1: a\nb\n\nc|x\ny\nz"},
    {"inline tags", TABLE("<tr><td><b>a</b><font color=red>b</font> c</td><td>d</tr>"),
     "[표 1*]\n1: ab c|d"},
    {"references",
     TABLE("<tr><td>&lt;&amp;&gt; &#54620;&#xAE00; &copy &hearts; &euro;</td>"
           "<td>&unknown; & &; &#; &#x; &#128; &#0;&notit;</td></tr>"),
     "[표 1*]\n1: <&> 한글 © ♥ €|&unknown; & &; &#; &#x; € �¬it;"},
    {"no references", TABLE("<tr><td>A&B</td><td>a<b<c <1>2</td></tr>"), "[표 1*]\n1: A&B|a2"},
    {"comments", TABLE("<!-- <tr><td>x --><tr><td>a<!-- -- - > --!>b<td>c<!-->d<!--->e"),
     "[표 1*]\n1: ab|cde"},
    {"conditional comments",
     TABLE("<!--[if gte mso 9]><xml><td>x</xml><![endif]--><tr><td>a<td>b"
           "<![if !vml]>c<![endif]>"),
     "[표 1*]\n1: a|bc"},
    {"scripts and styles",
     "<html><script>document.write('<table><tr><td>x</td><td>y</td></tr></table>')</script>"
     "<style><!-- td{} --></style><title><table></title>" TABLE(
         "<tr><td>a<script>'</td>'</scripty></script><td>b"),
     "[표 1*]\n1: a|b"},
    {"attributes in any form",
     TABLE("<tr><td a='>' b=\">\" c=x/ d = e f>a</td><td rowspan='2'colspan=1>b</td></tr>"),
     "[표 1*]\n1: a|b\nmerged B1:B2"},
    {"rowspan", TABLE("<tr><td rowspan=3>a<td>1<tr><td>2<tr><td>3<tr><td>b<td>4"),
     "[표 1*]\n1: a|1\n2: |2\n3: |3\n4: b|4\nmerged A1:A3"},
    {"colspan", TABLE("<tr><td colspan=3>제목<tr><td>a<td>b<td>c"),
     "[표 1*]\n1: 제목\n2: a|b|c\nmerged across 1"},
    {"both", TABLE("<tr><td>a<td rowspan=2 colspan=2>b<td>c<tr><td>d<td>e"),
     "[표 1*]\n1: a|b||c\n2: d|||e\nmerged B1:C2"},
    {"spans that are none", TABLE("<tr><td rowspan=0>a<td colspan=-1>b<td colspan=x>c<tr><td>d"),
     "[표 1*]\n1: a|b|c\n2: d"},
    {"hidden rows",
     TABLE("<tr><td>a<td>b<tr style='DISPLAY : NONE'><td>c<tr hidden><td>d<tbody "
           "style=\"display:none\"><tr><td>e</tbody><tr><td>f"),
     "[표 1*]\n1: a|b\n2-: c\n3-: d\n4-: e\n5: f"},
    {"hidden columns by their cells",
     TABLE("<tr><td>a<td style='display:none'>b<td>c<tr><td>d<td style='display:none'>e<td>f"),
     "[표 1*]\n1: a|b|c\n2: d|e|f\nhidden 1"},
    {"hidden columns by <col>", TABLE("<col><col span=2 style='display:none'><tr><td>a<td>b<td>c"),
     "[표 1*]\n1: a|b|c\nhidden 1\nhidden 2"},
    {"cells hidden under a merged one",
     TABLE("<tr><td rowspan=2>a<td>1<tr><td style='display:none'>a<td>2"),
     "[표 1*]\n1: a|1\n2: |2\nmerged A1:A2"},
    {"several tables",
     "<table><tr><td>a<td>b</table><table><tr><td>c<td>d<tr><td>e<td>f</table>"
     "<table><tr><td>g<td>h<tr><td>i<td>j</table>",
     "[표 1 표 2* 표 3]\n1: c|d\n2: e|f"},
    {"captions",
     "<table><caption>주문 &amp;\n목록</caption><tr><td>a<td>b</table><table><tr><td>c<td>d"
     "</table>",
     "[주문 & 목록* 표 2]\n1: a|b"},
    {"a hidden table",
     "<table style='display:none'><tr><td>a<td>b<td>c</table><table><tr><td>d<td>e"
     "</table>",
     "[표 1- 표 2*]\n1: d|e"},
    {"one cell is no list", "<table><tr><td>메뉴</table><table><tr><td>a<td>b</table>",
     "[표 1*]\n1: a|b"},
    {"a table in a cell",
     TABLE("<tr><td>a<td><table><tr><td>x<td>y<tr><td>z</table>w<td>b<tr><td>c<td>d"),
     "[표 1*]\n1: a|x y\nz\nw|b\n2: c|d"},
    {"a table around tables",
     "<table><tr><td>머리<td><table><tr><td>a<td>b<tr><td>c<td>d</table></td></tr><tr><td>"
     "<table><tr><td>e<td>f</table></table>",
     "[표 1* 표 2]\n1: a|b\n2: c|d"},
    {"a table directly in a table", "<table><table><tr><td>a<td>b</table></table>",
     "[표 1*]\n1: a|b"},
    {"a stray end", "</td></tr></table><table><tr></td><td>a</td></td><td>b</table></table>",
     "[표 1*]\n1: a|b"},
    {"no table", "<!doctype html><html><form><input name=id></form></html>", "!HTML 0"},
    {"XHTML",
     "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html PUBLIC \"x\" \"y\">\n" TABLE(
         "<tr><td>a</td><td>b<br />c</td></tr>"),
     "[표 1*]\n1: a|b\nc"},
};

static void test_pages(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        expect_seen(cases[i].name, str_c(cases[i].page), cases[i].expected);
}

/* Whatever stands in front of it, a page must not mind where the window of its reader ends. */
static void test_seams(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (size_t shift = 0; shift < 64 && strncmp(cases[i].expected, "!", 1) != 0; shift += 3) {
            BUF(page, 1 << 20);
            buf_lit(&page, "<html><!--");
            while (page.len < (64 << 10) - shift - 8)
                buf_char(&page, 'x');
            buf_lit(&page, "-->");
            buf_str(&page, str_c(cases[i].page));
            expect_seen(cases[i].name, buf_view(&page), cases[i].expected);
        }
}

static void test_encodings(void **state)
{
    (void)state;
    static const struct {
        struct str page;
        const char *expected, *encoding;
    } pages[] = {
        {STR_INIT("<meta charset=euc-kr><table><tr><td>\xC0\xCC\xB8\xA7<td>b"), "이름|b", "cp949"},
        {STR_INIT("<table><tr><td>\xC0\xCC\xB8\xA7<td>b"), "이름|b", "cp949"},
        {STR_INIT("<table><tr><td>이름<td>b"), "이름|b", "utf-8"},
        {STR_INIT("\xEF\xBB\xBF\r\n<table><tr><td>이름<td>b"), "이름|b", "utf-8"},
        /* labels that lie */
        {STR_INIT("<meta charset=\"utf-8\"><table><tr><td>\xC0\xCC\xB8\xA7<td>b"), "이름|b",
         "cp949"},
        {STR_INIT(
             "<meta http-equiv=Content-Type content='text/html; charset=ks_c_5601-1987'><table>"
             "<tr><td>이름번호<td>b"),
         "이름번호|b", "utf-8"},
        {STR_INIT("<meta charset=iso-8859-1><table><tr><td>\xC0\xCC\xB8\xA7<td>b"), "이름|b",
         "cp949"},
        /* bytes that could be both: the label decides */
        {STR_INIT("<meta charset='euc-kr'><table><tr><td>\xC2\xA1<td>b"), "징|b", "cp949"},
        {STR_INIT("<meta charset='utf-8'><table><tr><td>\xC2\xA1<td>b"), "¡|b", "utf-8"},
        {STR_INIT("\xFF\xFE<\0t\0a\0b\0l\0e\0>\0<\0t\0d\0>\0\x40\xC7<\0t\0d\0>\0b\0"), "은|b",
         "utf-16le"},
    };
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        ARENA(arena, ARENA_MAX_DEFAULT);
        char *path = file_of(pages[i].page, ".xls");
        struct sheet *s;
        struct sheet_refusal r;
        struct sheet_row row;
        assert_int_equal(sheet_open(path, NULL, &arena, &s, &r), SHEET_OK);
        assert_int_equal(sheet_next(s, &row), 1);
        struct str line =
            str_printf(&arena, "%.*s|%.*s", STR_ARG(row.cells[0]), STR_ARG(row.cells[1]));
        assert_string_equal(line.ptr, pages[i].expected);
        assert_true(str_eq(sheet_encoding(s), str_c(pages[i].encoding)));
        sheet_close(&s);
        unlink(path);
        free(path);
    }
}

static void test_choice(void **state)
{
    (void)state;
    static const char page[] = "<table><caption>2</caption><tr><td>a<td>b</table>"
                               "<table><tr><td>c<td>d<td>e</table>";
    static const struct {
        struct sheet_options options;
        const char *expected;
    } choices[] = {
        {{.sheet_number = 1}, "[2* 표 2]\n1: a|b"},
        {{.sheet_number = 2, .sheet = STR_INIT("2")}, "[2 표 2*]\n1: c|d|e"},
        {{.sheet = STR_INIT("2")}, "[2* 표 2]\n1: a|b"},
        {{.sheet_number = 3, .sheet = STR_INIT("3")}, "!NO_SHEET 0"},
        {{.sheet = STR_INIT("표 2")}, "[2 표 2*]\n1: c|d|e"},
    };
    for (size_t i = 0; i < COUNT_OF(choices); i++) {
        char *got = seen(str_c(page), &choices[i].options);
        assert_string_equal(got, choices[i].expected);
        free(got);
    }
}

/* `count` times `unit` behind `front`. */
static void bomb(struct buf *page, const char *front, const char *unit, size_t count)
{
    buf_str(page, str_c(front));
    for (size_t i = 0; i < count; i++)
        buf_str(page, str_c(unit));
}

/* What would hurt: each within a fixed time, and refused or read as said. */
static void test_hostile(void **state)
{
    (void)state;
    static const struct {
        const char *front, *unit;
        size_t count;
        const char *expected; /* how it begins */
    } bombs[] = {
        {"", "<table>", 1000000, "!HTML"},
        {"", "<table><tr><td>", 1000000, "!HTML"},
        {"<table><tr><td>a<td>b<td>", "<table><tr><td>x<td>", 300000, "[표 1*]!CELL_TOO_LONG 1"},
        {"<table>", "<td>", 1000000, "[표 1*]!TOO_MANY_COLUMNS 1"},
        {"<table><tr>", "<td colspan=1000 rowspan=65534>", 100000, "[표 1*]\nmerged A1:ALL65534"},
        {"<table><td>a<td>b", "<tr>", 2000000, "[표 1*]\n1: a|b!TOO_MANY_ROWS 1048577"},
        {"<table><tr><td>a<td>", "0123456789", 5000000, "[표 1*]!CELL_TOO_LONG 1"},
        {"<table><tr><td>a<td>b", "<br>", 2000000, "[표 1*]\n1: a|b\ncut"},
        {"<table><tr><td>a<td>b", "&nbsp;", 2000000, "[표 1*]\n1: a|b\ncut"},
        {"<table><tr><td>a<td>b<!--", "<!-- -", 2000000, "[표 1*]\n1: a|b\ncut"},
        {"<table><tr><td>a<td>b<td ", "a1=x ", 2000000, "[표 1*]\n1: a|b\ncut"},
        {"<table><tr><td>a<td>b<td a=\"", "0123456789", 2000000, "[표 1*]\n1: a|b\ncut"},
        {"<table><tr><td>a<td>b<script>", "</scrip", 2000000, "[표 1*]\n1: a|b\ncut"},
        {"<table><tr><td>a<td>b", "<font>", 2000000, "[표 1*]\n1: a|b\ncut"},
        {"<table><tr><td>a<td>b", "</b>", 2000000, "[표 1*]\n1: a|b\ncut"},
        {"", "<table><caption>x</caption><tr><td>a<td>b</table>", 5000, "!TOO_LARGE"},
    };
    for (size_t i = 0; i < COUNT_OF(bombs); i++) {
        BUF(page, 64 << 20);
        struct timespec from, to;
        bomb(&page, bombs[i].front, bombs[i].unit, bombs[i].count);
        clock_gettime(CLOCK_MONOTONIC, &from);
        char *got = seen(buf_view(&page), NULL);
        clock_gettime(CLOCK_MONOTONIC, &to);
        if (strncmp(got, bombs[i].expected, strlen(bombs[i].expected)) != 0)
            fail_msg("%s %s: %.200s", bombs[i].front, bombs[i].unit, got);
        assert_true(to.tv_sec - from.tv_sec < HOSTILE_SECONDS);
        free(got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),     cmocka_unit_test(test_seams),
        cmocka_unit_test(test_encodings), cmocka_unit_test(test_choice),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests_name("sheet-html", tests, NULL, NULL);
}
