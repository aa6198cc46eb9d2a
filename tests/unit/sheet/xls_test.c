/*
 * xls_test.c - old workbooks: what stands in their records and what must come out, a case a row;
 * and the containers they come in.
 */
#include "book.h"
#include "old_book.h"
#include "sheet/dump.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* The refusal of a file as its machine word behind a '!'; SHEET_OK: none. */
static enum sheet_error refusal(const char *path, const struct sheet_options *options)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct sheet *s;
    struct sheet_refusal why;
    enum sheet_error e = sheet_open(path, options, &arena, &s, &why);
    if (e != SHEET_OK)
        return e;
    struct sheet_row row;
    while (sheet_next(s, &row) == 1)
        ;
    e = sheet_failure(s).error;
    sheet_close(&s);
    return e;
}

static void expect_file(const char *name, struct str bytes, const struct sheet_options *options,
                        const char *expected)
{
    char *path = file_of(bytes, ".xls"), *text = NULL, *complaint = NULL, word[40];
    size_t length, complaint_length;
    FILE *out = open_memstream(&text, &length),
         *err = open_memstream(&complaint, &complaint_length);
    int status = sheet_dump(path, options, out, err);
    fclose(out);
    fclose(err);
    snprintf(word, sizeof word, "!%.*s", STR_ARG(sheet_error_code(refusal(path, options))));
    const char *got = status == 0 ? text : word;
    if (strcmp(got, expected) != 0)
        fail_msg("%s: expected\n%s\ngot\n%s\n%s", name, expected, got, complaint);
    unlink(path);
    free(path);
    free(text);
    free(complaint);
}

struct cell_case {
    const char *name, *records, *expected;
};

/* The formats 0 to 10 of the cells in both tables: General, 14, 22, 21, and 164 on of the file. */
#define FORMATS                                                                                    \
    "XF h0 h0 w0; XF h0 h14 w0; XF h0 h22 w0; XF h0 h21 w0; XF h0 h164 w0; XF h0 h165 w0;"         \
    "XF h0 h31 w0; XF h0 h32 w0; XF h0 h3 w0; XF h0 h46 w0; XF h0 h20 w0;"

static const char globals[] =
    "CODEPAGE h1200; FORMAT h164 h17 b0 'yyyy\\-mm\\-dd hh:mm'; FORMAT h165 h5 b1 u'0\"일\"0';"
    "FORMAT h20 h7 b0 'General';" FORMATS
    "SST w9 w6 h2 b1 u'이름' h3 b0 'abc' h0 b0 h4 b9 h2 u'김민준님' h0 h1 h2 h2"
    "  h2 b5 w7 u'전화' x01020304050607 h5 b0 x610d0a620d; 0xff h8 w0";

#define FORMULA(row, column, value) "FORMULA h" #row " h" #column " h0 " value " h0 w0 h0;"

static const struct cell_case cell_cases[] = {
    {"no cells", "DIMENSIONS w0 w0 h0 h0 h0", ""},
    {"shared", "LABELSST h0 h0 h0 w0; LABELSST h0 h2 h0 w1", "이름,,abc\n"},
    {"shared, empty", "LABELSST h0 h0 h0 w2; LABELSST h0 h1 h0 w1; LABELSST h1 h1 h0 w2", ",abc\n"},
    {"rich and phonetic", "LABELSST h0 h0 h0 w3; LABELSST h0 h1 h0 w4", "김민준님,전화\n"},
    {"line ends", "LABELSST h0 h0 h0 w5", "\"a\nb\n\"\n"},
    {"shared beyond the table", "LABELSST h0 h0 h0 w6", "!DAMAGED"},
    {"numbers",
     "NUMBER h0 h0 h0 d1.5; NUMBER h0 h1 h0 d821012345678; NUMBER h0 h2 h0 d1e21;"
     "NUMBER h0 h3 h0 d-0.0; NUMBER h0 h4 h0 d0.1; NUMBER h0 h5 h0 d1e-7; NUMBER h0 h6 h0 "
     "d-2.10;"
     "NUMBER h0 h7 h0 d0.30000000000000004; NUMBER h0 h8 h0 d12345678901234.56",
     "1.5,821012345678,1e+21,0,0.1,1e-7,-2.1,0.30000000000000004,12345678901234.56\n"},
    {"no numbers", "NUMBER h0 h0 h0 x000000000000f87f; NUMBER h0 h1 h0 x000000000000f0ff",
     "#NUM!,#NUM!\n"},
    /* 1; 123.45 as hundredths; 0.5 as a double; -2; 1.23 by a double of 123 */
    {"rk",
     "RK h0 h0 h0 w6; RK h0 h1 h0 w49383; RK h0 h2 h0 w0x3FE00000; RK h0 h3 h0 w0xFFFFFFFA;"
     "RK h0 h4 h0 w0x405EC001",
     "1,123.45,0.5,-2,1.23\n"},
    {"mulrk", "MULRK h0 h1 h0 w6 h1 w180002 h0 w10 h3", ",1,2023-03-15,2\n"},
    {"mulrk that is too short", "MULRK h0 h1 h0 w6 h0 w10 h4", "!DAMAGED"},
    {"mulrk backwards", "MULRK h0 h3 h0 w6 h0 w10 h1", "!DAMAGED"},
    {"blanks", "BLANK h0 h5 h0; MULBLANK h1 h0 h0 h0 h2; RK h2 h0 h0 w6", "\n\n1\n"},
    {"booleans and errors",
     "BOOLERR h0 h0 h0 b1 b0; BOOLERR h0 h1 h0 b0 b0; BOOLERR h0 h2 h0 b42 b1;"
     "BOOLERR h0 h3 h0 b7 b1; BOOLERR h0 h4 h0 b99 b1",
     "TRUE,FALSE,#N/A,#DIV/0!,#ERROR!\n"},
    {"labels", "LABEL h0 h0 h0 h2 b1 u'가나'; LABEL h0 h1 h0 h3 b0 x41e941; LABEL h0 h2 h0 h0",
     "가나,AéA\n"},
    {"rich label", "RSTRING h0 h0 h0 h4 b0 'rich' b1 b0 b2", "rich\n"},
    {"label in two records", "LABEL h0 h0 h0 h5 b0 'ab'; CONTINUE b1 u'다라마'", "ab다라마\n"},
    {"label that goes on nowhere", "LABEL h0 h0 h0 h5 b0 'ab'; BLANK h0 h1 h0", "!DAMAGED"},
    {"half a character", "LABEL h0 h0 h0 h2 b1 u'가' x41; CONTINUE b1 xac", "!DAMAGED"},
    {"surrogates",
     "LABEL h0 h0 h0 h2 b1 u'😀'; LABEL h0 h1 h0 h1 b1 x3dd8; LABEL h0 h2 h0 h2 b1 "
     "x00dc4100;"
     "LABEL h0 h3 h0 h2 b1 x3dd8; CONTINUE b1 x00de",
     "😀,\xEF\xBF\xBD,\xEF\xBF\xBD"
     "A,😀\n"},
    {"the longest text", "LABEL h0 h0 h0 h32768 b0 *8'abcdefgh'", "!DAMAGED"},
    {"dates by format",
     "NUMBER h0 h0 h1 d45000; NUMBER h0 h1 h2 d45000.75; NUMBER h0 h2 h3 d0.5;"
     "NUMBER h0 h3 h4 d45000.25; NUMBER h0 h4 h5 d45000; NUMBER h0 h5 h6 d45000;"
     "NUMBER h0 h6 h7 d0.25; NUMBER h0 h7 h8 d45000; NUMBER h0 h8 h9 d1.5; RK h0 h9 h1 "
     "w180002",
     "2023-03-15,2023-03-15 18:00:00,12:00:00,2023-03-15 "
     "06:00:00,45000,2023-03-15,06:00:00,45000,"
     "36:00:00,2023-03-15\n"},
    {"a code in the file counts, not the id", "NUMBER h0 h0 h10 d0.5", "0.5\n"},
    {"formats that do not exist", "NUMBER h0 h0 h999 d45000", "45000\n"},
    {"formula numbers",
     FORMULA(0, 0, "d1.5") FORMULA(0, 1, "x010001000000ffff") FORMULA(0, 2, "x02002a000000ffff")
         FORMULA(0, 3, "x030000000000ffff") FORMULA(0, 4, "x010000000000ffff"),
     "1.5,TRUE,#N/A,,FALSE\n"},
    {"formula texts",
     FORMULA(0, 0, "x000000000000ffff") "STRING h2 b1 u'가나';" FORMULA(
         0, 1,
         "x000000000000ffff") "SHRFMLA h0; STRING h1 b0 'x';" FORMULA(0, 2,
                                                                      "x000000000000fff"
                                                                      "f") "ARRAY h0; "
                                                                           "STRING h4 "
                                                                           "b0 'ab'; "
                                                                           "CONTINUE b1 "
                                                                           "u'다라'"
                                                                           ";" FORMULA(0, 3,
                                                                                       "x0000000"
                                                                                       "00000fff"
                                                                                       "f") "TAB"
                                                                                            "LE "
                                                                                            "h0;"
                                                                                            " ST"
                                                                                            "RIN"
                                                                                            "G "
                                                                                            "h0",
     "가나,x,ab다라\n"},
    {"a formula whose text is missing",
     FORMULA(0, 0, "x000000000000ffff") "RK h0 h1 h0 w6; STRING h1 b0 'x'", ",1\n"},
    {"a text without a formula", "STRING h1 b0 'x'; RK h0 h0 h0 w6", "1\n"},
    {"formula that is too short", "FORMULA h0 h0 h0 w0", "!DAMAGED"},
    {"rows with gaps", "RK h2 h0 h0 w6; RK h4 h0 h0 w6", "\n\n1\n\n1\n"},
    {"cells backwards", "RK h0 h2 h0 w14; RK h0 h0 h0 w6; RK h0 h1 h0 w10", "1,2,3\n"},
    {"rows backwards", "RK h1 h0 h0 w10; RK h0 h0 h0 w6; RK h1 h1 h0 w14", "1\n2,3\n"},
    {"columns first",
     "RK h0 h0 h0 w6; RK h1 h0 h0 w10; RK h2 h0 h0 w14; RK h0 h1 h0 w18; RK h1 h1 h0 w22;"
     "LABEL h2 h1 h0 h1 b0 'x'",
     "1,4\n2,5\n3,x\n"},
    {"a cell twice", "RK h0 h0 h0 w6; RK h0 h0 h0 w10", "2\n"},
    {"column 256", "RK h0 h256 h0 w6", "!DAMAGED"},
    {"a cell record that is too short", "NUMBER h0 h0 h0 w0", "!DAMAGED"},
    {"a cell record with no cell", "NUMBER h0", "!DAMAGED"},
    {"a chart on the sheet",
     "RK h0 h0 h0 w6; BOF h0x600 h0x20 w0 w0 w0; RK h0 h1 h0 w10; BOF h0x600 h0x20 w0 w0 "
     "w0; EOF;"
     "RK h0 h2 h0 w10; EOF; RK h0 h3 h0 w14",
     "1,,,3\n"},
    {"a chart without an end", "RK h0 h0 h0 w6; BOF h0x600 h0x20 w0 w0 w0; RK h0 h1 h0 w10", "1\n"},
    {"what is behind the end", "RK h0 h0 h0 w6; EOF; RK h0 h1 h0 w10", "1\n"},
    {"records nobody knows", "0x1234 *9'abc'; RK h0 h0 h0 w6; 0x0; 0xffff", "1\n"},
    {"hidden rows count", "ROW h0 h0 h1 h255 w0 h0x20 h0; RK h0 h0 h0 w6; ROW h1; RK h1 h0 h0 w10",
     "1\n2\n"},
};

static void test_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cell_cases); i++) {
        BUF(file, 16 << 20);
        const struct cell_case *c = &cell_cases[i];
        old_book_build(&file, &(struct old_book){.globals = globals, .records = c->records});
        expect_file(c->name, buf_view(&file), NULL, c->expected);
    }
}

struct old_case {
    const char *name, *globals, *records, *expected;
};

/* BIFF5: texts are bytes in a code page. */
static const struct old_case old_cases[] = {
    {"cp949", "CODEPAGE h949;", "LABEL h0 h0 h0 h4 xb0a1b3aa; LABEL h0 h1 h0 h2 x8141",
     "가나,갂\n"},
    {"no code page: Korean", "", "LABEL h0 h0 h0 h5 x41b0a1b3aa", "A가나\n"},
    {"no code page: Western", "", "LABEL h0 h0 h0 h5 xc4726b7573; LABEL h0 h1 h0 h2 x41e9",
     "Ärkus,Aé\n"},
    {"unknown code page", "CODEPAGE h7766;", "LABEL h0 h0 h0 h4 xb0a1b3aa", "가나\n"},
    {"cp1251", "CODEPAGE h1251;", "LABEL h0 h0 h0 h2 xc4e0", "Да\n"},
    {"Macintosh", "CODEPAGE h10000;", "LABEL h0 h0 h0 h2 x418e", "Aé\n"},
    {"1252 is believed of the West", "CODEPAGE h1252;",
     "LABEL h0 h0 h0 h4 x41c7c34f; LABEL h0 h1 h0 h2 xb0a1; LABEL h0 h2 h0 h3 xc4d6dc",
     "AÇÃO,°¡,ÄÖÜ\n"},
    {"and not of Koreans", "CODEPAGE h0x8001;",
     "LABEL h0 h0 h0 h5 xb0a1b3aa41; LABEL h0 h1 h0 h2 xb0a1; LABEL h0 h2 h0 h2 x8141",
     "가나A,가,갂\n"},
    {"no code page: UTF-8", "", "LABEL h0 h0 h0 h7 xeab080eb829841", "가나A\n"},
    {"a code page is believed", "CODEPAGE h1250;", "LABEL h0 h0 h0 h4 xb0a1b3aa", "°ˇłŞ\n"},
    {"cp1258 joins accents", "CODEPAGE h1258;", "LABEL h0 h0 h0 h3 x41ea41; LABEL h0 h1 h0 h1 x61",
     "AêA,a\n"},
    {"bytes that mean nothing", "CODEPAGE h949;",
     "LABEL h0 h0 h0 h4 x41ffb0a1; LABEL h0 h1 h0 h1 xb0", "A\xEF\xBF\xBD가,\xEF\xBF\xBD\n"},
    {"rich text", "CODEPAGE h949;", "RSTRING h0 h0 h0 h4 'rich' b1 b0 b1", "rich\n"},
    {"formula text", "CODEPAGE h949;",
     FORMULA(0, 0, "x000000000000ffff") "SHRFMLA h0; STRING h2 xb0a1", "가\n"},
    {"line ends", "CODEPAGE h949;", "LABEL h0 h0 h0 h5 x610d0ab0a1", "\"a\n가\"\n"},
    {"label that is too short", "", "LABEL h0 h0 h0 h9 'abc'", "!DAMAGED"},
    {"formats", "FORMAT h30 b10 'yyyy-mm-dd'; FORMAT h31 b4 x30b3e230; XF h0 h30; XF h0 h31",
     "NUMBER h0 h0 h0 d45000; NUMBER h0 h1 h1 d45000", "2023-03-15,45000\n"},
    {"1904", "DATEMODE h1; XF h0 h14", "NUMBER h0 h0 h0 d0; NUMBER h0 h1 h0 d43538",
     "1904-01-01,2023-03-15\n"},
    {"numbers as ever", "", "RK h0 h0 h0 w6; MULRK h1 h0 h0 w6 h0 w10 h1; BOOLERR h2 h0 h0 b1 b0",
     "1\n1,2\nTRUE\n"},
    {"password", "FILEPASS h1 h2;", "RK h0 h0 h0 w6", "!ENCRYPTED"},
};

static void test_old_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(old_cases); i++) {
        BUF(file, 16 << 20);
        const struct old_case *c = &old_cases[i];
        old_book_build(
            &file, &(struct old_book){.biff5 = true, .globals = c->globals, .records = c->records});
        expect_file(c->name, buf_view(&file), NULL, c->expected);
    }
}

static const struct old_case table_cases[] = {
    {"texts cut between characters",
     "SST w2 w2 h5 b0 'ab'; CONTINUE b1 u'다라'; CONTINUE b0 'e' h1 b0 'x'", NULL, "ab다라e,x\n"},
    {"cut before the characters", "SST w2 w2 h2 b1; CONTINUE b1 u'가나' h1 b0 'x'", NULL,
     "가나,x\n"},
    {"cut between texts", "SST w2 w2 h2 b1 u'가나'; CONTINUE h1 b0 'x'", NULL, "가나,x\n"},
    {"cut inside the numbers",
     "SST w2 w2 h2 b9 x01; CONTINUE x00 u'가나' h0; CONTINUE h2 h1 b0 'x'", NULL, "가나,x\n"},
    {"cut inside length", "SST w2 w2 x02; CONTINUE x00 b1 u'가나' h1 b0 'x'", NULL, "가나,x\n"},
    {"cut inside phonetic data",
     "SST w2 w2 h1 b5 w6 u'가' x0102; CONTINUE x0304; CONTINUE x0506 h1 b0 'x'", NULL, "가,x\n"},
    {"CONTINUE records without content",
     "SST w2 w2 h2 b1 u'가'; CONTINUE; CONTINUE b1; CONTINUE b1 u'나'; CONTINUE; CONTINUE h1 b0 "
     "'x'",
     NULL, "가나,x\n"},
    {"fewer texts than it says", "SST w2 w4000000000 h1 b0 'y' h1 b0 'x'", NULL, "y,x\n"},
    {"a text that is not all there", "SST w2 w2 h1 b0 'y' h9 b0 'x'", NULL, "!DAMAGED"},
    {"no table", "", NULL, "!DAMAGED"},
    {"password", "FILEPASS h1 h1 h1; SST w2 w2 h1 b0 'y' h1 b0 'x'", NULL, "!ENCRYPTED"},
};

static void test_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(table_cases); i++) {
        BUF(file, 16 << 20);
        const struct old_case *c = &table_cases[i];
        old_book_build(&file,
                       &(struct old_book){.globals = c->globals,
                                          .records = "LABELSST h0 h0 h0 w0; LABELSST h0 h1 h0 w1"});
        expect_file(c->name, buf_view(&file), NULL, c->expected);
    }
}

static const struct old_sheet sheets[] = {
    {.name = "Chart", .kind = 2, .is = 0x20, .records = "RK h0 h0 h0 w6"},
    {.name = "Chart too", .is = 0x20, .records = "RK h0 h0 h0 w6"},
    {.name = "Macro", .kind = 1, .is = 0x40, .records = "RK h0 h0 h0 w6"},
    {.name = "Dialog", .records = "WSBOOL h0x10; RK h0 h0 h0 w6"},
    {.name = "Hidden", .state = 1, .records = "WSBOOL h0; RK h0 h0 h0 w10"},
    {.name = "Very", .state = 2, .records = "RK h0 h0 h0 w14"},
    {.name = "Shown", .records = "RK h0 h0 h0 w18; RK h0 h1 h0 w18"},
    {.name = "Endless", .endless = true, .records = "RK h0 h0 h0 w22"},
};

static void test_sheets(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct sheet_options options;
        const char *expected;
    } cases[] = {
        {"the first that is shown", {.sheet_number = 0}, "4,4\n"},
        {"by number", {.sheet_number = 1}, "2\n"},
        {"by name", {.sheet = STR_INIT("Very")}, "3\n"},
        {"without EOF", {.sheet_number = 4}, "5\n"},
        {"charts are none", {.sheet = STR_INIT("Chart")}, "!NO_SHEET"},
        {"dialogs are none", {.sheet = STR_INIT("Dialog")}, "!NO_SHEET"},
        {"beyond", {.sheet_number = 5}, "!NO_SHEET"},
    };
    for (size_t i = 0; i < 2 * COUNT_OF(cases); i++) {
        BUF(file, 1 << 20);
        struct old_book b = {.biff5 = i % 2, .sheets = sheets, .sheet_count = COUNT_OF(sheets)};
        old_book_build(&file, &b);
        expect_file(cases[i / 2].name, buf_view(&file), &cases[i / 2].options,
                    cases[i / 2].expected);
    }
    BUF(file, 1 << 20);
    old_book_build(&file, &(struct old_book){.sheets = sheets, .sheet_count = 3});
    expect_file("only charts", buf_view(&file), NULL, "!NO_SHEET");
}

/* What a list has to be told beside its cells. */
static void test_notes(void **state)
{
    (void)state;
    static const char records[] =
        "COLINFO h1 h2 h2048 h0 h1 h0; COLINFO h3 h3 h0 h0 h0 h0; COLINFO h4 h4 h99 h0 h0 h0;"
        "COLINFO h254 h256 h0 h0 h1 h0;"
        "ROW h0 h0 h1 h255 w0 h0 h0; ROW h1 h0 h1 h255 w0 h0x20 h0;"
        "RK h0 h0 h0 w6; MULRK h1 h0 h0 w6 h0 w6 h1;"
        "MERGEDCELLS h2 h0 h0 h0 h1 h1 h4 h2 h2; MERGEDCELLS h9 h0 h0 h5 h6 h0 h0 h0";
    ARENA(arena, ARENA_MAX_DEFAULT);
    BUF(bytes, 1 << 20);
    struct sheet *s;
    struct sheet_row row;
    struct sheet_refusal why;
    old_book_build(&bytes, &(struct old_book){.records = records});
    char *path = file_of(buf_view(&bytes), ".xls");
    assert_int_equal(sheet_open(path, NULL, &arena, &s, &why), SHEET_OK);
    assert_int_equal(sheet_kind(s), SHEET_XLS);
    const struct sheet_notes *n = sheet_notes(s);
    assert_int_equal(n->hidden_columns, 5);
    assert_false(sheet_column_hidden(n, 0));
    assert_true(sheet_column_hidden(n, 1) && sheet_column_hidden(n, 3));
    assert_false(sheet_column_hidden(n, 4) || sheet_column_hidden(n, 256));
    assert_int_equal(n->merged, 3);
    assert_int_equal(n->merged_down, 1);
    assert_int_equal(n->range_count, 1);
    assert_true(str_eq(sheet_range_text(&n->ranges[0], &arena), STR("C2:C5")));
    assert_int_equal(sheet_next(s, &row), 1);
    assert_false(row.hidden);
    assert_int_equal(sheet_next(s, &row), 1);
    assert_true(row.hidden);
    assert_int_equal(row.number, 2);
    assert_int_equal(row.cell_count, 2);
    assert_int_equal(sheet_next(s, &row), 0);
    sheet_close(&s);
    unlink(path);
    free(path);
}

/* A stream long enough that its FAT needs sectors of its own list, with rows at both ends. */
static void long_stream(struct buf *out, size_t padding)
{
    BUF(records, 64 << 20);
    buf_lit(&records, "RK h0 h0 h0 w6;");
    for (size_t i = 0; i < padding; i++)
        buf_lit(&records, "0x1000 *800'0123456789';");
    buf_lit(&records, "RK h1 h0 h0 w10");
    buf_char(&records, '\0');
    old_stream_build(out, &(struct old_book){.records = records.ptr});
}

static void test_containers(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t padding;
        unsigned bits;
        bool scattered;
    } cases[] = {
        {"in the mini stream", 0, 9, false},
        {"in the mini stream, scattered", 0, 9, true},
        {"in the mini stream of large sectors", 0, 12, true},
        {"of some sectors", 2, 9, false},
        {"of some scattered sectors", 2, 9, true},
        {"of large sectors", 20, 12, true},
        {"with a list of its FAT", 1000, 9, true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        BUF(stream, 64 << 20);
        BUF(file, 64 << 20);
        long_stream(&stream, cases[i].padding);
        struct ole_part parts[] = {{"\x05SummaryInformation", STR("nothing")},
                                   {"WORKBOOK", buf_view(&stream)},
                                   {"Workbook.bak", STR("nothing")}};
        ole_build(&file, parts, COUNT_OF(parts), cases[i].bits, cases[i].scattered);
        expect_file(cases[i].name, buf_view(&file), NULL, "1\n2\n");
    }
}

static void test_names(void **state)
{
    (void)state;
    BUF(better, 1 << 20);
    BUF(older, 1 << 20);
    old_stream_build(&better, &(struct old_book){.records = "RK h0 h0 h0 w6"});
    old_stream_build(&older, &(struct old_book){.biff5 = true, .records = "RK h0 h0 h0 w10"});
    const struct {
        const char *name;
        struct ole_part parts[2];
        size_t count;
        const char *expected;
    } cases[] = {
        {"both", {{"Book", buf_view(&older)}, {"Workbook", buf_view(&better)}}, 2, "1\n"},
        {"the older one", {{"BOOK", buf_view(&older)}}, 1, "2\n"},
        {"neither", {{"WordDocument", buf_view(&better)}}, 1, "!UNSUPPORTED"},
        {"nothing", {{"", {"", 0}}}, 0, "!UNSUPPORTED"},
        {"encrypted",
         {{"EncryptedPackage", STR("x")}, {"EncryptionInfo", STR("y")}},
         2,
         "!ENCRYPTED"},
        {"empty", {{"Workbook", STR("")}}, 1, "!DAMAGED"},
        {"not a workbook", {{"Workbook", STR("not a workbook")}}, 1, "!DAMAGED"},
        {"BIFF4", {{"Book", STR("\x09\x04\x06\0\0\0\x10\0\0\0\x0A\0\0\0")}}, 1, "!XLS"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        BUF(file, 1 << 20);
        ole_build(&file, cases[i].parts, cases[i].count, 9, i % 2);
        expect_file(cases[i].name, buf_view(&file), NULL, cases[i].expected);
    }
    expect_file("no container", buf_view(&better), NULL, "1\n");
    expect_file("no container, BIFF5", buf_view(&older), NULL, "2\n");
}

/* What programs write that follow no document. */
static void test_bare(void **state)
{
    (void)state;
    static const struct {
        const char *name, *records, *expected;
    } cases[] = {
        {"a sheet alone",
         "BOF h0x500 h0x10 w0; CODEPAGE h949; XF h0 h14; LABEL h0 h0 h0 h2 xb0a1;"
         "NUMBER h0 h1 h0 d45000; EOF",
         "가,2023-03-15\n"},
        {"of no version and no code page, without an end",
         "BOF h0 h0x10 h0 h0; LABEL h0 h1 h0 h4 xb0a1b3aa; NUMBER h0 h0 h0 d1", "1,가나\n"},
        {"places that are left open",
         "BOF h0x500 h5 w0; BOUNDSHEET w0 b0 b0 b1 'A'; BOUNDSHEET w0 b0 b0 b1 'B'; EOF;"
         "BOF h0x500 h0x20 w0; EOF; BOF h0x500 h0x10 w0; RK h0 h0 h0 w6; EOF",
         "1\n"},
        {"globals without an end",
         "BOF h0x500 h5 w0; BOUNDSHEET w0 b0 b0 b1 'A'; BOF h0x500 h0x10 w0; RK h0 h0 h0 w6",
         "1\n"},
        {"the globals as a sheet", "BOF h0x600 h5 w0; BOUNDSHEET w0 b0 b0 h1 'A'; EOF", "!DAMAGED"},
        {"a sheet beyond the stream", "BOF h0x600 h5 w0; BOUNDSHEET w999 b0 b0 h1 'A'; EOF",
         "!DAMAGED"},
        {"no sheets", "BOF h0x600 h5 w0; EOF", "!NO_SHEET"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        BUF(file, 1 << 20);
        records_build(&file, cases[i].records);
        expect_file(cases[i].name, buf_view(&file), NULL, cases[i].expected);
    }
}

/* A file that ends early is refused wherever it ends. */
static void test_cuts(void **state)
{
    (void)state;
    BUF(stream, 1 << 20);
    BUF(file, 1 << 20);
    long_stream(&stream, 1);
    struct ole_part part = {"Workbook", buf_view(&stream)};
    ole_build(&file, &part, 1, 9, false);
    for (size_t n = 8; n < stream.len; n += 97)
        expect_file("a file that is cut", str_n(file.ptr, n), NULL, "!CUT");
}

static void patch32(struct buf *b, size_t at, size_t n)
{
    for (size_t i = 0; i < 4; i++)
        b->ptr[at + i] = (char)(n >> 8 * i & 0xFF);
}

/* The last sector of the stream moves to the end of the file, and the file ends before it is full;
 * the cells are in front of that. */
static void test_last_sector(void **state)
{
    (void)state;
    BUF(stream, 1 << 20);
    BUF(file, 1 << 20);
    long_stream(&stream, 1);
    size_t length = stream.len;
    while (stream.len % 512)
        buf_char(&stream, '\0');
    struct ole_part part = {"Workbook", buf_view(&stream)};
    ole_build(&file, &part, 1, 9, false);
    size_t count = stream.len / 512, fat = 512 * (1 + count + 1);
    patch32(&file, fat + 4 * (count - 2), count + 2);
    patch32(&file, fat + 4 * (count + 2), 0xFFFFFFFE);
    assert_non_null(buf_reserve(&file, 512));
    buf_append(&file, file.ptr + 512 * count, 512);
    for (size_t cut = 1; cut < 512; cut += 10) {
        bool enough = stream.len - cut >= length;
        expect_file("the last sector is not full", str_n(file.ptr, file.len - cut), NULL,
                    enough ? "1\n2\n" : "!CUT");
    }
}

/* Without an EOF the end of the stream is the end of the sheet; but not when the directory says
 * that there was more. */
static void test_promised_more(void **state)
{
    (void)state;
    struct old_sheet sheet = {.name = "S", .endless = true, .records = "RK h0 h0 h0 w6"};
    BUF(stream, 1 << 20);
    BUF(file, 1 << 20);
    old_stream_build(&stream, &(struct old_book){.sheets = &sheet, .sheet_count = 1});
    size_t fill = (64 - (stream.len + 4) % 64) % 64; /* to a whole piece of the mini stream */
    char filler[40];
    snprintf(filler, sizeof filler, "0x1000 *%zu'x'", fill);
    records_build(&stream, filler);
    struct ole_part part = {"Workbook", buf_view(&stream)};
    ole_build(&file, &part, 1, 9, false);
    expect_file("as long as it says", buf_view(&file), NULL, "1\n");
    char *entry = memmem(file.ptr, file.len, "W\0o\0r\0k\0", 8);
    assert_non_null(entry);
    patch32(&file, (size_t)(entry - file.ptr) + 120, stream.len + 64);
    expect_file("shorter than it says", buf_view(&file), NULL, "!CUT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),         cmocka_unit_test(test_old_cells),
        cmocka_unit_test(test_tables),        cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_notes),         cmocka_unit_test(test_containers),
        cmocka_unit_test(test_names),         cmocka_unit_test(test_bare),
        cmocka_unit_test(test_cuts),          cmocka_unit_test(test_last_sector),
        cmocka_unit_test(test_promised_more),
    };
    return cmocka_run_group_tests_name("xls", tests, NULL, NULL);
}
