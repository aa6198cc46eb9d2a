/*
 * sheet_test.c - what goes in and what must come out, a case a row: cells of workbooks, whole text
 * files, files to refuse, and the choice of the sheet.
 */
#include "book.h"
#include "sheet/csv.h"
#include "sheet/dump.h"
#include "sheet/trouble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* The canonical CSV of some bytes, or the machine word of the refusal; the caller frees it. */
static char *dumped(struct str bytes, const struct sheet_options *options)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    char *path = file_of(bytes, ".bin"), *text = NULL, *complaint = NULL;
    size_t length, complaint_length;
    FILE *out = open_memstream(&text, &length),
         *err = open_memstream(&complaint, &complaint_length);
    int status = sheet_dump(path, options, out, err);
    fclose(out);
    fclose(err);
    if (status != 0) {
        struct sheet *s;
        struct sheet_refusal why;
        assert_true(complaint_length > 0);
        enum sheet_error e = sheet_open(path, options, &arena, &s, &why);
        if (e == SHEET_OK) {
            struct sheet_row row;
            int got;
            while ((got = sheet_next(s, &row)) == 1)
                ;
            assert_int_equal(got, -1);
            assert_int_equal(sheet_next(s, &row), -1);
            e = sheet_failure(s).error;
            sheet_close(&s);
        }
        free(text);
        text = strdup(str_z(&arena, str_printf(&arena, "!%.*s", STR_ARG(sheet_error_code(e)))));
    }
    unlink(path);
    free(path);
    free(complaint);
    return text;
}

static void expect_dump(const char *name, struct str bytes, const char *expected)
{
    char *got = dumped(bytes, NULL);
    if (strcmp(got, expected) != 0)
        fail_msg("%s: expected\n%s\ngot\n%s", name, expected, got);
    free(got);
}

struct cell_case {
    const char *name, *rows, *expected;
};

#define IS(text) "<is>" text "</is>"

static const struct cell_case cell_cases[] = {
    {"no rows", "", ""},
    {"shared", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>", "이름\n"},
    {"rich text, phonetic left out", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c></row>",
     "김민준님\n"},
    {"shared with blanks kept", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>2</v></c></row>",
     "  두 칸 \n"},
    {"shared beyond the table", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>9</v></c></row>", "!DAMAGED"},
    {"shared without a value",
     "<row r=\"1\"><c r=\"A1\" t=\"s\"><v/></c><c r=\"B1\"><v>1</v></c></row>", ",1\n"},
    {"inline", "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\">" IS("<t>a,b</t>") "</c></row>",
     "\"a,b\"\n"},
    {"inline runs",
     "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\">" IS(
         "<r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r>") "</c></row>",
     "ab\n"},
    {"inline beats value",
     "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><v>0</v>" IS("<t>x</t>") "</c></row>", "x\n"},
    {"formula text", "<row r=\"1\"><c r=\"A1\" t=\"str\"><f>1&amp;2</f><v>&lt;12&gt;</v></c></row>",
     "<12>\n"},
    {"formula without value",
     "<row r=\"1\"><c r=\"A1\"><f>1+1</f></c><c r=\"B1\"><v>2</v></c></row>", ",2\n"},
    {"boolean and error",
     "<row r=\"1\"><c r=\"A1\" t=\"b\"><v>1</v></c><c r=\"B1\" t=\"b\"><v>0</v></c><c r=\"C1\" "
     "t=\"e\"><v>#N/A</v></c></row>",
     "TRUE,FALSE,#N/A\n"},
    {"unknown type", "<row r=\"1\"><c r=\"A1\" t=\"zz\"><v>1</v></c></row>", "!DAMAGED"},
    {"no references", "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>",
     "1,,3\n4\n"},
    {"row number from the cell", "<row><c r=\"B3\"><v>1</v></c></row>", "\n\n,1\n"},
    {"gap between rows",
     "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"4\"><c r=\"A4\"><v>2</v></c></row>",
     "\n1\n\n2\n"},
    {"cells backwards", "<row r=\"1\"><c r=\"C1\"><v>3</v></c><c r=\"A1\"><v>1</v></c></row>",
     "1,,3\n"},
    {"rows backwards", "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"/>", "!DAMAGED"},
    {"cell of another row", "<row r=\"2\"><c r=\"A3\"><v>1</v></c></row>", "!DAMAGED"},
    {"column XFD", "<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>", "!DAMAGED"},
    {"row 1048577", "<row r=\"1048577\"/>", "!TOO_MANY_ROWS"},
    {"reference without row", "<row r=\"1\"><c r=\"A\"><v>1</v></c></row>", "!DAMAGED"},
    {"reference with junk", "<row r=\"1\"><c r=\"A1:B1\"><v>1</v></c></row>", "!DAMAGED"},
    {"numbers",
     "<row r=\"1\"><c r=\"A1\"><v>1.0</v></c><c r=\"B1\"><v>0.1000000000000000055</v></c><c "
     "r=\"C1\"><v>1E+21</v></c><c r=\"D1\"><v>-0</v></c><c r=\"E1\"><v>821012345678</v></c></row>",
     "1,0.1,1e+21,0,821012345678\n"},
    {"a number that is none",
     "<row r=\"1\"><c r=\"A1\"><v>abc</v></c><c r=\"B1\"><v>1e999</v></c></row>", "abc,1e999\n"},
    {"dates by format",
     "<row r=\"1\"><c r=\"A1\" s=\"1\"><v>45000</v></c><c r=\"B1\" s=\"2\"><v>45000.75</v></c><c "
     "r=\"C1\" s=\"3\"><v>0.5</v></c><c r=\"D1\" s=\"4\"><v>1.520833333</v></c><c r=\"E1\" "
     "s=\"5\"><v>45000</v></c></row>",
     "2023-03-15,2023-03-15 18:00:00,12:00:00,36:30:00,45000\n"},
    {"dates beyond",
     "<row r=\"1\"><c r=\"A1\" s=\"1\"><v>-1</v></c><c r=\"B1\" s=\"1\"><v>2958466</v></c><c "
     "r=\"C1\" s=\"1\"><v>60</v></c><c r=\"D1\" s=\"1\"><v>0</v></c></row>",
     "-1,2958466,1900-02-29,1900-01-00\n"},
    {"Korean built-in dates",
     "<row r=\"1\"><c r=\"A1\" s=\"6\"><v>45000</v></c><c r=\"B1\" s=\"7\"><v>0.25</v></c></row>",
     "2023-03-15,06:00:00\n"},
    {"quotes in a format code", "<row r=\"1\"><c r=\"A1\" s=\"8\"><v>45000.5</v></c></row>",
     "2023-03-15 12:00:00\n"},
    {"ISO cells",
     "<row r=\"1\"><c r=\"A1\" t=\"d\"><v>2021-01-02</v></c><c r=\"B1\" t=\"d\" "
     "s=\"2\"><v>2021-01-02T03:04:05Z</v></c><c r=\"C1\" t=\"d\" s=\"3\"><v>03:04:05</v></c></row>",
     "2021-01-02,2021-01-02 03:04:05,03:04:05\n"},
    {"escapes",
     "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\">" IS(
         "<t>a_x000D_\nb_x005F_x000D_c_xD83D__xDE00__xD800_</t>") "</c></row>",
     "\"a\nb_x000D_c😀_xD800_\"\n"},
    {"references",
     "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\">" IS(
         "<t>&amp;&#54620;&#xAE00;&quot;&apos;</t>") "</c></row>",
     "\"&한글\"\"'\"\n"},
    {"unknown reference",
     "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\">" IS("<t>&nbsp;</t>") "</c></row>", "!DAMAGED"},
    {"CDATA and comments",
     "<row r=\"1\"><!-- x --><c r=\"A1\" t=\"inlineStr\">" IS(
         "<t>a<![CDATA[&<b>]]><!-- no -->c<?pi?></t>") "</c></row>",
     "a&<b>c\n"},
    {"line ends of XML",
     "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\">" IS("<t>a\r\nb\rc&#13;&#10;d</t>") "</c></row>",
     "\"a\nb\nc\nd\"\n"},
    {"not UTF-8", "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\">" IS("<t>\xB0\xA1</t>") "</c></row>",
     "!DAMAGED"},
    {"control character",
     "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\">" IS("<t>\x01</t>") "</c></row>", "!DAMAGED"},
    {"tags in the wrong order", "<row r=\"1\"><c r=\"A1\"><v>1</c></v></row>", "!DAMAGED"},
    {"attributes in any quotes", "<row r='1'><c t = 's' r='B1' ><v>0</v></c ></row >", ",이름\n"},
    {"unknown elements",
     "<row r=\"1\"><ext><c r=\"A1\"><v>1</v></c></ext><c "
     "r=\"B1\"><v>2</v><extLst><x><v>3</v></x></extLst></c></row>",
     ",2\n"},
    {"hidden rows count", "<row r=\"1\" hidden=\"1\"><c r=\"A1\"><v>1</v></c></row>", "1\n"},
    {"styled empty cells",
     "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\" s=\"1\"/></row><row r=\"2\"><c r=\"A2\" "
     "s=\"1\"/></row>",
     "1\n"},
};

static const char shared[] =
    "<si><t>이름</t></si><si><r><t>김</t></r><r><t xml:space=\"preserve\">민준님</t></r><rPh "
    "sb=\"0\" "
    "eb=\"1\"><t>kim</t></rPh></si><si><t xml:space=\"preserve\">  두 칸 </t></si>";
static const char styles[] =
    "<numFmts count=\"3\"><numFmt numFmtId=\"164\" formatCode=\"[h]:mm:ss\"/>"
    "<numFmt numFmtId=\"22\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"yyyy&quot;년&quot;\\ m&quot;월&quot;\\ "
    "h&quot;시&quot;;@\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"21\"/>"
    "<xf numFmtId=\"164\"/><xf numFmtId=\"3\"/><xf numFmtId=\"31\"/><xf numFmtId=\"32\"/>"
    "<xf numFmtId=\"165\"/></cellXfs>"
    "<dxfs><dxf><numFmt numFmtId=\"3\" formatCode=\"yyyy\"/></dxf></dxfs>";

static void test_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(cell_cases); i++) {
        const struct cell_case *c = &cell_cases[i / 2];
        BUF(file, 16 << 20);
        book_build(
            &file,
            &(struct book){.rows = c->rows, .shared = shared, .styles = styles, .deflated = i % 2});
        expect_dump(c->name, buf_view(&file), c->expected);
    }
}

/* The same once more, with two blanks where every program writes one: then no cell is taken the
 * quick way. */
static void test_cells_carefully(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cell_cases); i++) {
        BUF(file, 16 << 20);
        BUF(rows, 1 << 20);
        for (const char *p = cell_cases[i].rows; *p; p++) {
            buf_char(&rows, *p);
            if (strncmp(p, "<c ", 3) == 0)
                buf_lit(&rows, "c  "), p += 2;
        }
        buf_char(&rows, '\0');
        book_build(&file, &(struct book){.rows = rows.ptr, .shared = shared, .styles = styles});
        expect_dump(cell_cases[i].name, buf_view(&file), cell_cases[i].expected);
    }
}

/* The same cells must come out when every element has a prefix (expat reads these) and when the
 * part is UTF-16. */
static void prefix_elements(struct buf *out, struct str xml)
{
    for (size_t i = 0; i < xml.len; i++) {
        char next = i + 1 < xml.len ? xml.ptr[i + 1] : '\0';
        buf_char(out, xml.ptr[i]);
        if (xml.ptr[i] != '<' || next == '?' || next == '!')
            continue;
        if (next == '/')
            buf_char(out, xml.ptr[++i]);
        buf_lit(out, "y:");
    }
}

static void test_cells_through_expat(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cell_cases); i++) {
        const struct cell_case *c = &cell_cases[i];
        BUF(file, 16 << 20);
        BUF(part, 1 << 20);
        if (strcmp(c->name, "CDATA and comments") == 0)
            continue; /* its CDATA holds what looks like a tag */
        buf_lit(&part,
                "<?xml version=\"1.0\"?>\n<y:worksheet xmlns:y=\"http://schemas.openxmlformats.org/"
                "spreadsheetml/2006/main\"><y:sheetData>");
        prefix_elements(&part, str_c(c->rows));
        buf_lit(&part, "</y:sheetData></y:worksheet>");
        book_build(&file, &(struct book){.sheet_part = part.ptr,
                                         .sheet_part_length = part.len,
                                         .shared = shared,
                                         .styles = styles});
        expect_dump(c->name, buf_view(&file), c->expected);
    }
}

static void test_utf16_part(void **state)
{
    (void)state;
    static const char xml[] =
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/"
        "main\"><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>";
    BUF(file, 16 << 20);
    BUF(part, 1 << 20);
    buf_lit(&part, "\xFF\xFE");
    for (const char *p = xml; *p; p++) {
        buf_char(&part, *p);
        buf_char(&part, '\0');
    }
    book_build(&file, &(struct book){.sheet_part = part.ptr, .sheet_part_length = part.len});
    expect_dump("utf-16 part", buf_view(&file), "7\n");
}

#define WORKSHEET(inside) "<worksheet><sheetData>" inside "</sheetData></worksheet>"

static const struct {
    const char *name, *part, *expected;
} part_cases[] = {
    {"DTD", "<!DOCTYPE worksheet [<!ENTITY a \"b\">]>" WORKSHEET(""), "!DAMAGED"},
    {"DTD before a prefix", "<!DOCTYPE y:worksheet><y:worksheet xmlns:y=\"u\"/>", "!DAMAGED"},
    {"breaks off", "<worksheet><sheetData><row><c><v>1</v></c>", "!DAMAGED"},
    {"not a worksheet", "<workbook/>", "!DAMAGED"},
    {"no sheetData", "<worksheet/>", ""},
    {"empty", "", "!DAMAGED"},
    {"unknown encoding", "<?xml version=\"1.0\" encoding=\"UTF-7\"?>" WORKSHEET(""), "!DAMAGED"},
    {"Latin-1",
     "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" WORKSHEET(
         "<row><c t=\"str\"><v>\xE9</v></c></row>"),
     "é\n"},
    {"BOM", "\xEF\xBB\xBF" WORKSHEET("<row><c><v>1</v></c></row>"), "1\n"},
    {"same namespace twice",
     "<worksheet xmlns=\"u\" "
     "xmlns:a=\"u\"><a:sheetData><row><a:c><v>1</v></a:c></row></a:sheetData></worksheet>",
     "1\n"},
};

static void test_parts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(part_cases); i++) {
        BUF(file, 16 << 20);
        book_build(&file, &(struct book){.sheet_part = part_cases[i].part});
        expect_dump(part_cases[i].name, buf_view(&file), part_cases[i].expected);
    }
}

static void test_date1904(void **state)
{
    (void)state;
    BUF(file, 16 << 20);
    book_build(&file, &(struct book){
                          .rows = "<row><c s=\"1\"><v>43538</v></c><c s=\"1\"><v>0</v></c></row>",
                          .shared = shared,
                          .styles = styles,
                          .properties = "date1904=\"1\""});
    expect_dump("1904", buf_view(&file), "2023-03-15,1904-01-01\n");
}

static void test_choice_of_sheet(void **state)
{
    (void)state;
    static const struct {
        struct sheet_options options;
        const char *expected;
    } cases[] = {
        {{.sheet_number = 0}, "둘째\n"},
        {{.sheet_number = 1}, "1\n"},
        {{.sheet_number = 2}, "둘째\n"},
        {{.sheet_number = 3}, "!NO_SHEET"},
        {{.sheet = STR_INIT("첫째 & 안내")}, "1\n"},
        {{.sheet = STR_INIT("셋째")}, "!NO_SHEET"},
    };
    BUF(file, 16 << 20);
    book_build(
        &file,
        &(struct book){
            .rows = "<row><c><v>1</v></c></row>",
            .sheets =
                "<sheet name=\"그림\" sheetId=\"3\" r:id=\"rId5\"/>"
                "<sheet name=\"첫째 &amp; 안내\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/>"
                "<sheet name=\"둘째\" sheetId=\"2\" r:id=\"rId2\"/>"});
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *got = dumped(buf_view(&file), &cases[i].options);
        assert_string_equal(got, cases[i].expected);
        free(got);
    }
}

static void test_list(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    BUF(file, 16 << 20);
    book_build(&file,
               &(struct book){.rows = "<row hidden=\"1\" r=\"3\"><c r=\"B3\"><v>1</v></c></row>"});
    char *path = file_of(buf_view(&file), ".xlsx");
    struct sheet *s;
    struct sheet_refusal why;
    struct sheet_row row;
    const struct sheet_info *list;
    size_t chosen;
    assert_int_equal(sheet_open(path, NULL, &arena, &s, &why), SHEET_OK);
    assert_int_equal(sheet_list(s, &list, &chosen), 1);
    assert_true(str_eq(list[0].name, STR("고객")));
    assert_int_equal(chosen, 0);
    assert_int_equal(sheet_kind(s), SHEET_XLSX);
    assert_int_equal(sheet_next(s, &row), 1);
    assert_int_equal(row.number, 3);
    assert_int_equal(row.cell_count, 2);
    assert_int_equal(row.cells[0].len, 0);
    assert_true(row.hidden);
    assert_int_equal(sheet_next(s, &row), 0);
    assert_int_equal(sheet_next(s, &row), 0);
    sheet_close(&s);
    assert_null(s);
    unlink(path);
    free(path);
}

static const struct {
    const char *name, *before, *after, *expected;
} note_cases[] = {
    {"nothing", "", "", "0; 0 0;"},
    {"hidden columns",
     "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/><col min=\"4\" max=\"4\" width=\"9\"/>"
     "<col min=\"3\" max=\"3\" hidden=\"true\"/><col min=\"6\" max=\"6\" width=\"0\"></col></cols>",
     "", "3 1 2 5; 0 0;"},
    {"columns behind the last cell", "<cols><col min=\"7\" max=\"16384\" hidden=\"1\"/></cols>", "",
     "1 6; 0 0;"},
    {"columns that are none",
     "<cols><col min=\"0\" max=\"3\" hidden=\"1\"/><col min=\"4\" max=\"3\" hidden=\"1\"/><col "
     "hidden=\"1\"/><col min=\"1\" max=\"99999\" hidden=\"1\"/></cols>",
     "", "0; 0 0;"},
    {"merged ranges", "",
     "<mergeCells><mergeCell ref=\"A1:E1\"/><mergeCell ref=\"A4:A5\"/><mergeCell "
     "ref=\"XFC7:XFD1048576\"/></mergeCells><pageMargins/>",
     "0; 3 2; A4:A5 XFC7:XFD1048576"},
    {"ranges that are none", "",
     "<mergeCells><mergeCell ref=\"A1\"/><mergeCell ref=\"A1:A1\"/><mergeCell ref=\"A2:A1\"/>"
     "<mergeCell ref=\"XFE1:XFE2\"/><mergeCell ref=\"A0:A2\"/><mergeCell "
     "ref=\"A1:A1048577\"/><mergeCell ref=\"A1:A2x\"/></mergeCells>",
     "0; 0 0;"},
    {"a tail that is broken", "", "<mergeCells><mergeCell ref=\"A4:A5\"/></x>&&&<",
     "0; 1 1; A4:A5"},
};

static void test_notes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(note_cases); i++) {
        ARENA(arena, ARENA_MAX_DEFAULT);
        BUF(part, 1 << 20);
        BUF(file, 1 << 20);
        BUF(text, 1 << 16);
        struct sheet *s;
        struct sheet_refusal r;
        struct sheet_row row;
        buf_printf(
            &part,
            "<worksheet>%s<sheetData><row><c r=\"G1\"><v>1</v></c></row></sheetData>%s</worksheet>",
            note_cases[i].before, note_cases[i].after);
        buf_char(&part, '\0');
        book_build(&file, &(struct book){.sheet_part = part.ptr});
        char *path = file_of(buf_view(&file), ".xlsx");
        assert_int_equal(sheet_open(path, NULL, &arena, &s, &r), SHEET_OK);
        assert_int_equal(sheet_next(s, &row), 1);
        assert_int_equal(sheet_next(s, &row), 0);
        const struct sheet_notes *n = sheet_notes(s);
        buf_printf(&text, "%zu", n->hidden_columns);
        for (size_t c = 0; c < SHEET_COLUMNS_MAX; c++)
            if (sheet_column_hidden(n, c))
                buf_printf(&text, " %zu", c);
        buf_printf(&text, "; %lld %lld;", (long long)n->merged, (long long)n->merged_down);
        for (size_t k = 0; k < n->range_count; k++)
            buf_printf(&text, " %s", sheet_range_text(&n->ranges[k], &arena).ptr);
        buf_char(&text, '\0');
        assert_string_equal(text.ptr, note_cases[i].expected);
        sheet_close(&s);
        unlink(path);
        free(path);
    }
}

static char *listed(struct str bytes, bool json)
{
    char *path = file_of(bytes, ".bin"), *text = NULL, *complaint = NULL;
    size_t length, complaint_length;
    FILE *out = open_memstream(&text, &length),
         *err = open_memstream(&complaint, &complaint_length);
    int status = sheet_dump_list(path, NULL, json, out, err);
    fclose(out);
    fclose(err);
    assert_int_equal(status, complaint_length > 0);
    free(complaint);
    unlink(path);
    free(path);
    return text;
}

static void test_list_printed(void **state)
{
    (void)state;
    BUF(file, 1 << 20);
    book_build(&file,
               &(struct book){.rows = "",
                              .sheets =
                                  "<sheet name=\"첫\tesc&#x9B;째\" state=\"hidden\" r:id=\"rId1\"/>"
                                  "<sheet name=\"둘&quot;째\" r:id=\"rId2\"/>"});
    static const char *const expected[][2] = {
        {"xlsx\t-\n1\t첫 esc 째\thidden\t-\n2\t둘\"째\tvisible\tdefault\n",
         "{\"kind\":\"xlsx\",\"encoding\":null,\"sheets\":[{\"number\":1,\"name\":"
         "\"첫\\tesc\xC2\x9B째\","
         "\"hidden\":true,\"default\":false},{\"number\":2,\"name\":\"둘\\\"째\",\"hidden\":false,"
         "\"default\":true}]}\n"},
        {"csv\tcp949\n1\t-\tvisible\tdefault\n",
         "{\"kind\":\"csv\",\"encoding\":\"cp949\",\"sheets\":[{\"number\":1,\"name\":\"\","
         "\"hidden\":"
         "false,\"default\":true}]}\n"},
        {"html\tutf-8\n1\t표 1\tvisible\tdefault\n",
         "{\"kind\":\"html\",\"encoding\":\"utf-8\",\"sheets\":[{\"number\":1,\"name\":\"표 1\","
         "\"hidden\":false,\"default\":true}]}\n"},
        {"", ""},
    };
    const struct str files[] = {buf_view(&file), STR("\xC0\xCC\xB8\xA7,1\n"),
                                STR("<table><tr><td>a<td>b</table>"), STR("%PDF-1.4")};
    for (size_t i = 0; i < 2 * COUNT_OF(files); i++) {
        char *got = listed(files[i / 2], i % 2);
        assert_string_equal(got, expected[i / 2][i % 2]);
        free(got);
    }
}

struct text_case {
    const char *name;
    struct str bytes;
    const char *expected;
};

static const struct text_case text_cases[] = {
    {"comma", STR_INIT("이름,휴대폰\n김,010\n"), "이름,휴대폰\n김,010\n"},
    {"BOM", STR_INIT("\xEF\xBB\xBF이름,휴대폰\r\n김,010\r\n"), "이름,휴대폰\n김,010\n"},
    {"semicolon with commas inside", STR_INIT("이름;주소\n김;서울, 강남\n이;부산, 중구\n"),
     "이름,주소\n김,\"서울, 강남\"\n이,\"부산, 중구\"\n"},
    {"tab", STR_INIT("a\tb\n1,5\t2\n"), "a,b\n\"1,5\",2\n"},
    {"CP949", STR_INIT("\xC0\xCC\xB8\xA7,\x94\xEE\n"), "이름,뷁\n"},
    {"UTF-16LE", STR_INIT("\xFF\xFE\x40\xC7\t\0\x31\0\n\0"), "은,1\n"},
    {"UTF-16BE", STR_INIT("\xFE\xFF\xC7\x40\0\t\0\x31\0\n"), "은,1\n"},
    {"UTF-16LE without a BOM, much Korean",
     STR_INIT("\x74\xC7\x84\xB9\t\0\x34\xD7\x00\xB3\x58\xC7\n\0\x00\xAC\t\0\x30\0\x31\0"),
     "이름,휴대의\n가,01\n"},
    {"UTF-16BE without a BOM", STR_INIT("\xC7\x74\xB9\x84\0\t\0\x30\0\x31\0\n"), "이름,01\n"},
    {"quotes", STR_INIT("a,\"b \"\"c\"\" d\",\"e\r\nf\",g\"h\n"),
     "a,\"b \"\"c\"\" d\",\"e\nf\",\"g\"\"h\"\n"},
    {"text behind a quote", STR_INIT("\"a\"b,c\n"), "ab,c\n"},
    {"CR", STR_INIT("a,b\rc,d\r"), "a,b\nc,d\n"},
    {"no line end", STR_INIT("a,b\nc,d"), "a,b\nc,d\n"},
    {"empty lines count", STR_INIT("a\n\n\nb\n\n"), "a\n\n\nb\n"},
    {"blanks are kept", STR_INIT(" a , b\n"), " a , b\n"},
    {"leading zeros are kept", STR_INIT("01012345678,007\n"), "01012345678,007\n"},
    {"only a BOM", STR_INIT("\xEF\xBB\xBF"), ""},
    {"open quote", STR_INIT("a,b\n\"c,d\n"), "!CSV_QUOTE"},
    {"NUL", STR_INIT("a,b\nc\0,d\n"), "!UNSUPPORTED"},
    {"damaged UTF-8", STR_INIT("이름,휴대폰\n\xFF\xFE,010\n"), "!ENCODING"},
    {"BOM and then CP949", STR_INIT("\xEF\xBB\xBF\xC0\xCC\xB8\xA7,1\n"), "이름,1\n"},
    {"BOM, UTF-8, and then CP949", STR_INIT("\xEF\xBB\xBF이름,번호\n\xC0\xCC\xB8\xA7,1\n"),
     "!ENCODING"},
    {"BOM and then noise", STR_INIT("\xEF\xBB\xBF\xC0\xCC\xB8\xA7,1\n\xFF\xFF\n"), "!ENCODING"},
    {"bar", STR_INIT("이름|휴대폰|메모\n김|010|1,000원\n이|011|2,000원\n"),
     "이름,휴대폰,메모\n김,010,\"1,000원\"\n이,011,\"2,000원\"\n"},
    {"sep line", STR_INIT("sep=;\r\na;b,c\r\nd;e,f\r\n"), "a,\"b,c\"\nd,\"e,f\"\n"},
    {"sep line behind a BOM", STR_INIT("\xEF\xBB\xBFSEP=\t\na,x\tb\n"), "\"a,x\",b\n"},
    {"sep line with an odd sign", STR_INIT("sep=^\na^b\n"), "a,b\n"},
    {"sep line and nothing more", STR_INIT("sep=,"), ""},
    {"no sep line", STR_INIT("sep=total,1\n"), "sep=total,1\n"},
    {"titles above",
     STR_INIT("2026년 주문 목록\n\n작성: 김, 이\n이름;휴대폰;금액\n김;010;1,000\n이;"
              "011;2,000\n박;012;3\n"),
     "2026년 주문 목록\n\n\"작성: 김, "
     "이\"\n이름,휴대폰,금액\n김,010,\"1,000\"\n이,011,\"2,000\"\n박,012,3\n"},
    {"the end of DOS", STR_INIT("a,b\r\nc,d\r\n\x1A"), "a,b\nc,d\n"},
    {"a block of it", STR_INIT("a,b\n\x1A\x1A\x1A"), "a,b\n"},
    {"the same in the middle stays", STR_INIT("a\x1A,b\n"), "a\x1A,b\n"},
    {"the same in UTF-16", STR_INIT("\xFF\xFE\x31\0\t\0\x32\0\x1A\0"), "1,2\n"},
    {"inches", STR_INIT("품목,규격\n5\" 파이프,3\"\n\"7\"\" 관\",x\n"),
     "품목,규격\n\"5\"\" 파이프\",\"3\"\"\"\n\"7\"\" 관\",x\n"},
    {"blank behind a quoted line end", STR_INIT("\"a\nb\" ,c\n"), "\"a\nb \",c\n"},
    {"quote too many, the next begins a word",
     STR_INIT("이름,번호,주소\n\"김,010,서울\n이,011,부산\n박,012,\"대구, 중구\"\n"), "!CSV_QUOTE"},
    {"quote too many, the next ends a field",
     STR_INIT("이름,번호,주소\n\"김,010,서울\n이,011,부산\n박,012,대구\n최,013,인천\n정,014,"
              "광주\n강,015,"
              "울산\",x\n한,016,제주\n"),
     "!CSV_QUOTE"},
    {"a memo of many lines",
     STR_INIT("이름,번호,메모\n김,010,\"첫째 줄\n둘째, 줄\n셋째 줄\n넷째, 다섯째\n끝\"\n"),
     "이름,번호,메모\n김,010,\"첫째 줄\n둘째, 줄\n셋째 줄\n넷째, 다섯째\n끝\"\n"},
    {"half a CP949 character", STR_INIT("\xC0\xCC\xB8"), "!ENCODING"},
    {"UTF-16 of odd length", STR_INIT("\xFF\xFE\x31\0\x31"), "!ENCODING"},
    {"half a surrogate pair", STR_INIT("\xFF\xFE\x00\xD8\x31\0"), "!ENCODING"},
    {"nothing", STR_INIT(""), "!EMPTY"},
    {"HTML", STR_INIT("<html><table><tr><td>a</td><td>b</td></tr></table></html>"), "a,b\n"},
    {"HTML with one cell", STR_INIT("<html><table><tr><td>a</td></tr></table></html>"), "!HTML"},
    {"HTML behind a BOM", STR_INIT("\xEF\xBB\xBF\r\n<META charset=utf-8><TABLE>"), "!HTML"},
    {"XML 2003",
     STR_INIT("<?xml version=\"1.0\"?><Workbook "
              "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"),
     "!XML2003"},
    {"PDF", STR_INIT("%PDF-1.4\n"), "!UNSUPPORTED"},
    {"half a compound file", STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "!CUT"},
    {"a list that begins like a sound", STR_INIT("ID3,a\n1,2\n"), "ID3,a\n1,2\n"},
    {"DRM", STR_INIT("SCDSA002\0\0\1"), "!DRM"},
    {"vCard", STR_INIT("BEGIN:VCARD\r\nVERSION:2.1\r\n"), "!UNSUPPORTED"},
};

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(text_cases); i++)
        expect_dump(text_cases[i].name, text_cases[i].bytes, text_cases[i].expected);
}

static void test_encoding_asked_for(void **state)
{
    (void)state;
    static const struct sheet_options cp949 = {.encoding = STR_INIT("CP949")},
                                      utf8 = {.encoding = STR_INIT("utf-8")},
                                      unknown = {.encoding = STR_INIT("ebcdic")};
    struct str bytes = STR("\xC2\xA1,a\n"); /* valid both as UTF-8 and as CP949 */
    char *a = dumped(bytes, &utf8), *b = dumped(bytes, &cp949), *c = dumped(bytes, &unknown);
    assert_string_equal(a, "¡,a\n");
    assert_string_equal(b, "징,a\n");
    assert_string_equal(c, "!ENCODING");
    free(a);
    free(b);
    free(c);
}

/* A line of a test is longer than the window, so that every kind of byte meets its edge. */
static void test_window_seams(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 40; shift++) {
        BUF(text, 4 << 20);
        BUF(expected, 4 << 20);
        for (size_t i = 0; i < (256 << 10) - 20 - shift; i += 64)
            buf_printf(&text, "%062d,\n", 0);
        for (size_t i = 0; i < (256 << 10) - 20 - shift; i += 64)
            buf_printf(&expected, "%062d\n", 0);
        buf_printf(&text, "%.*s,\"한\"\"글\r\n\",b\r\n\"끝\",\"\"\r\n", (int)shift,
                   "----------------------------------------");
        buf_printf(&expected, "%.*s,\"한\"\"글\n\",b\n끝\n", (int)shift,
                   "----------------------------------------");
        buf_char(&expected, '\0');
        expect_dump("seam", buf_view(&text), expected.ptr);
    }
}

/* The converters too must not mind where a chunk of their input or output ends. */
static void test_encoding_seams(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        BUF(cp949, 4 << 20);
        BUF(utf16, 4 << 20);
        BUF(expected, 4 << 20);
        buf_lit(&utf16, "\xFF\xFE");
        for (size_t i = 0; i < shift; i++) {
            buf_char(&cp949, 'a');
            buf_append(&utf16, "a", 2);
            buf_char(&expected, 'a');
        }
        for (int i = 0; i < 150000; i++) {
            bool line = i % 100 == 99;
            buf_append(&cp949, line ? "\n" : "\xB0\xA1", line ? 1 : 2);
            buf_append(&utf16, line ? "\n" : "\0\xAC", 2);
            buf_str(&expected, line ? STR("\n") : STR("가"));
        }
        buf_char(&expected, '\0');
        expect_dump("cp949 seam", buf_view(&cp949), expected.ptr);
        expect_dump("utf-16 seam", buf_view(&utf16), expected.ptr);
    }
}

static void test_many_rows(void **state)
{
    (void)state;
    BUF(rows, 16 << 20);
    BUF(expected, 16 << 20);
    BUF(file, 16 << 20);
    for (int i = 1; i <= 20000; i++) {
        buf_printf(&rows,
                   "<row r=\"%d\" spans=\"1:2\"><c r=\"A%d\" t=\"s\"><v>%d</v></c><c r=\"B%d\" "
                   "t=\"inlineStr\"><is><t>고객 &amp; %d</t></is></c></row>\n",
                   i, i, i % 3, i, i);
        buf_printf(&expected, "%s,고객 & %d\n",
                   i % 3 == 0   ? "이름"
                   : i % 3 == 1 ? "김민준님"
                                : "  두 칸 ",
                   i);
    }
    buf_char(&rows, '\0');
    buf_char(&expected, '\0');
    book_build(&file, &(struct book){
                          .rows = rows.ptr, .shared = shared, .styles = styles, .deflated = true});
    expect_dump("20000 rows", buf_view(&file), expected.ptr);
}

/* Every single byte of a workbook turned over: refused or read, never a crash (sanitizers watch),
 * and what the checksum covers is always refused. */
/* Rows that only fill the last column: a small file that would be very many cells. */
static void test_wide_rows(void **state)
{
    (void)state;
    BUF(rows, 4 << 20);
    BUF(file, 4 << 20);
    const int most = (int)(SHEET_CELLS_MAX / SHEET_COLUMNS_MAX);
    for (int i = 1; i <= most + 1; i++)
        buf_printf(&rows, "<row r=\"%d\"><c r=\"XFD%d\"><v>1</v></c></row>", i, i);
    buf_char(&rows, '\0');
    book_build(&file, &(struct book){.rows = rows.ptr, .deflated = true});

    ARENA(arena, ARENA_MAX_DEFAULT);
    char *path = file_of(buf_view(&file), ".xlsx");
    struct sheet *s;
    struct sheet_refusal why;
    struct sheet_row row;
    int count = 0;
    assert_int_equal(sheet_open(path, NULL, &arena, &s, &why), SHEET_OK);
    for (; sheet_next(s, &row) == 1; count++)
        assert_int_equal(row.cell_count, SHEET_COLUMNS_MAX);
    assert_int_equal(count, most);
    assert_int_equal(sheet_failure(s).error, SHEET_E_TOO_LARGE);
    sheet_close(&s);
    unlink(path);
    free(path);
}

/* More number formats than anybody can look through one by one; the first of an id counts. */
static void test_many_formats(void **state)
{
    (void)state;
    BUF(text, 4 << 20);
    BUF(file, 4 << 20);
    buf_lit(&text, "<numFmts>");
    for (int i = 10000; i > 0; i--)
        buf_printf(&text, "<numFmt numFmtId=\"%d\" formatCode=\"%s\"/>", 200 + i,
                   i % 2 ? "yyyy" : "0");
    buf_lit(&text, "<numFmt numFmtId=\"10199\" formatCode=\"0\"/></numFmts><cellXfs>");
    for (int i = 1; i <= 10000; i++)
        buf_printf(&text, "<xf numFmtId=\"%d\"/>", 200 + i);
    buf_lit(&text, "</cellXfs>");
    buf_char(&text, '\0');
    book_build(&file, &(struct book){.rows = "<row r=\"1\"><c r=\"A1\" s=\"9998\"><v>45000</v></c>"
                                             "<c r=\"B1\" s=\"9999\"><v>45000</v></c></row>",
                                     .styles = text.ptr,
                                     .deflated = true});
    expect_dump("10000 formats", buf_view(&file), "2023-03-15,45000\n");
}

static void test_every_byte_damaged(void **state)
{
    (void)state;
    BUF(file, 1 << 20);
    book_build(&file, &(struct book){.rows = "<row><c t=\"s\"><v>0</v></c></row>",
                                     .shared = shared,
                                     .styles = styles,
                                     .deflated = true});
    for (size_t i = 0; i < file.len; i++) {
        file.ptr[i] = (char)(file.ptr[i] ^ 0x55);
        char *got = dumped(buf_view(&file), NULL);
        assert_non_null(got);
        free(got);
        file.ptr[i] = (char)(file.ptr[i] ^ 0x55);
    }
    for (size_t n = 0; n < file.len; n += 7) {
        char *got = dumped(str_n(file.ptr, n), NULL);
        assert_true(got[0] == '!');
        free(got);
    }
}

static void test_packages(void **state)
{
    (void)state;
    static const struct {
        const char *part, *expected;
    } cases[] = {
        {"xl/workbook.bin", "!XLSB"},          {"content.xml", "!ODS"},
        {"word/document.xml", "!UNSUPPORTED"}, {"list.csv", "!UNSUPPORTED"},
        {"xl/workbook.xml", "!DAMAGED"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        BUF(file, 1 << 20);
        zip_build(&file, false, (const char *const[]){cases[i].part, "<a/>", NULL});
        expect_dump(cases[i].part, buf_view(&file), cases[i].expected);
    }
}

static void test_two_parts_of_one_name(void **state)
{
    (void)state;
    BUF(file, 1 << 20);
    zip_build(&file, false,
              (const char *const[]){"xl/workbook.xml", "<workbook/>", "XL\\Workbook.xml",
                                    "<workbook/>", NULL});
    expect_dump("twice", buf_view(&file), "!DAMAGED");
}

static const struct {
    struct sheet_refusal refusal;
    const char *korean, *english; /* how they begin */
} sentence_cases[] = {
    {{.error = SHEET_E_ENCODING, .line = 1204, .encoding = STR_INIT("cp949")},
     "1,204번째 줄에 CP949로 읽을 수 없는 글자가 있습니다. ",
     "There is a character in line 1,204 that is not CP949. "},
    {{.error = SHEET_E_ENCODING},
     "글자가 깨져 있어 읽을 수 없습니다. ",
     "Some characters are broken. "},
    {{.error = SHEET_E_QUOTE, .line = 12},
     "12번째 줄에서 연 따옴표(\")가 제대로 닫히지 않았습니다. ",
     "The quotation mark (\") that opens in line 12 is not closed properly. "},
    {{.error = SHEET_E_DAMAGED, .sheet = STR_INIT("주문"), .row = 304},
     "‘주문’ 시트의 304번째 행에서 파일이 손상되어 더 읽을 수 없습니다. ",
     "The file is damaged in row 304 of the sheet “주문” and cannot be read further. "},
    {{.error = SHEET_E_DAMAGED, .sheet = STR_INIT("주\x1B문")},
     "‘주 문’ 시트에서 파일이 손상되어 더 읽을 수 없습니다. ",
     "The file is damaged in the sheet “주 문” and cannot be read further. "},
    {{.error = SHEET_E_DAMAGED}, "파일이 손상되어 읽을 수 없습니다. ", "The file is damaged. "},
    {{.error = SHEET_E_CELL, .row = 1048576},
     "1,048,576번째 행에 32,767자보다 긴 셀이 있습니다. ",
     "In row 1,048,576 a cell has more than 32,767 characters. "},
    {{.error = SHEET_E_UNSUPPORTED, .thing = THING_PDF},
     "이 파일은 PDF 문서입니다. ",
     "This file is a PDF document. "},
};

static void test_sentences(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    for (size_t i = 0; i < COUNT_OF(sentence_cases); i++) {
        struct str ko = sheet_refusal_text(&sentence_cases[i].refusal, false, &arena),
                   en = sheet_refusal_text(&sentence_cases[i].refusal, true, &arena);
        if (!str_starts(ko, str_c(sentence_cases[i].korean)) ||
            !str_starts(en, str_c(sentence_cases[i].english)))
            fail_msg("%s\n%s", ko.ptr, en.ptr);
    }
}

/* Every class has a sentence in both languages, with and without a place, and nothing is left to
 * be filled in. */
static void test_every_sentence(void **state)
{
    (void)state;
    ARENA(arena, ARENA_MAX_DEFAULT);
    for (int i = 0; i < 4 * SHEET_ERRORS; i++) {
        struct sheet_refusal r = {.error = (enum sheet_error)(i / 4), .line = i & 2};
        struct str text = sheet_refusal_text(&r, i & 1, &arena);
        assert_true(text.len > 10 && utf8_valid(text));
        assert_true(str_find(text, STR("{"), 0) < 0);
    }
    for (int i = 0; i < THINGS; i++)
        assert_true(strlen(thing_name((enum thing)i, false)) > 3 &&
                    strlen(thing_name((enum thing)i, true)) > 3);
}

/* Where it goes wrong: the whole way from the bytes to the sentence. */
static void expect_sentence(struct str bytes, const char *korean)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    char *path = file_of(bytes, ".bin");
    struct sheet *s;
    struct sheet_refusal r;
    struct sheet_row row;
    int got = -1;
    if (sheet_open(path, NULL, &arena, &s, &r) == SHEET_OK) {
        while ((got = sheet_next(s, &row)) == 1)
            ;
        r = sheet_failure(s);
    }
    struct str text = sheet_refusal_text(&r, false, &arena);
    if (got == 0 || !str_starts(text, str_c(korean)))
        fail_msg("expected %s\ngot %s", korean, text.ptr);
    sheet_close(&s);
    unlink(path);
    free(path);
}

static void test_places(void **state)
{
    (void)state;
    BUF(file, 16 << 20);
    book_build(&file, &(struct book){.rows = "<row><c><v>1</v></c></row><row r=\"7\"><c t=\"s\">"
                                             "<v>9</v></c></row>"});
    expect_sentence(buf_view(&file), "‘고객’ 시트의 7번째 행에서 파일이 손상되어 ");
    expect_sentence(STR("a,b\n\"c,d\n"), "2번째 줄에서 연 따옴표");
    expect_sentence(STR("\xC0\xCC\xB8\xA7,1\n\n\xFF\xFF,2\n"), "3번째 줄에 CP949로 ");
    expect_sentence(STR("이름,휴대폰\n\xC0\xCC,010\n"), "2번째 줄에 UTF-8로 ");
    expect_sentence(STR("%PDF-1.7\n"), "이 파일은 PDF 문서입니다.");
    expect_sentence(STR("\x9B DRMONE  This Document is encrypted"), "문서보안(DRM)이 걸린 ");
    expect_sentence(STR("<html><p>로그인</p></html>"), "표가 없는 웹페이지(HTML)입니다.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_cells_carefully),
        cmocka_unit_test(test_cells_through_expat),
        cmocka_unit_test(test_utf16_part),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_date1904),
        cmocka_unit_test(test_choice_of_sheet),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_list_printed),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_encoding_asked_for),
        cmocka_unit_test(test_window_seams),
        cmocka_unit_test(test_encoding_seams),
        cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_wide_rows),
        cmocka_unit_test(test_many_formats),
        cmocka_unit_test(test_every_byte_damaged),
        cmocka_unit_test(test_packages),
        cmocka_unit_test(test_two_parts_of_one_name),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_every_sentence),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
