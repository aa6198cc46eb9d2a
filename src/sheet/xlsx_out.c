/*
 * xlsx_out.c - see xlsx_out.h. XML is put together in a piece of fixed size that always has room
 * for one more cell, and goes to the deflater when it is full.
 */
#include "sheet/xlsx_out.h"
#include "base/buf.h"
#include "sheet/number_format.h"
#include "sheet/sheet.h"
#include "sheet/zip_out.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define PIECE_FULL    ((size_t)32 << 10)
#define CELL_XML_MAX  ((size_t)SHEET_CHARS_MAX * 7 + 256) /* '_' may become _x005F_ */
#define SHEET_XML_MAX ((int64_t)2 << 30)                  /* a sheet beyond it is full, too */
#define SECONDS_A_DAY 86400
#define DAY_PARTS     INT64_C(10000000000)
#define SERIAL_MIN    10000 /* the year 1927: five digits */
#define SERIAL_MAX    99999 /* the year 2173 */
#define NUMBER_DIGITS 15    /* what a double holds exactly */
#define WIDTH_MIN     8
#define WIDTH_MAX     60
#define PARTS_MAX     ((size_t)1 << 20) /* bytes of a part that lists the sheets */

/* Indices of cellXfs in styles.xml below. */
enum style {
    STYLE_GENERAL,
    STYLE_TEXT,
    STYLE_HEADER,
    STYLE_TIME,
};

struct xlsx_out {
    struct zip_out *zip;
    struct sheet_out_head head;
    int64_t rows; /* of the sheet, its header included */
    int sheets;
    char row_name[16]; /* "1048576" */
    size_t row_name_len;
    size_t have;
    char piece[PIECE_FULL + CELL_XML_MAX];
};

/* ---- the parts that are always the same ---- */

#define XML_HEAD     "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN_SPACE   "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATION     "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE      "http://schemas.openxmlformats.org/package/2006/"
#define CONTENT_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml."

static const char package_relations[] =
    XML_HEAD "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" "
             "Type=\"" RELATION "/officeDocument\" Target=\"xl/workbook.xml\"/><Relationship "
             "Id=\"rId2\" Type=\"" RELATION "/extended-properties\" "
             "Target=\"docProps/app.xml\"/></Relationships>";

static const char application[] =
    XML_HEAD "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/"
             "extended-properties\"><Application>SendinGo</Application></Properties>";

static const char styles[] =
    XML_HEAD "<styleSheet xmlns=\"" MAIN_SPACE "\">"
             "<numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ "
             "hh:mm:ss\"/></numFmts>"
             "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"맑은 고딕\"/></font>"
             "<font><b/><sz val=\"11\"/><name val=\"맑은 고딕\"/></font></fonts>"
             "<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill>"
             "<fill><patternFill patternType=\"gray125\"/></fill>"
             "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFF1F3F5\"/></patternFill>"
             "</fill></fills>"
             "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border>"
             "</borders>"
             "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" "
             "borderId=\"0\"/></cellStyleXfs>"
             "<cellXfs count=\"4\">"
             "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
             "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
             "applyNumberFormat=\"1\"/>"
             "<xf numFmtId=\"49\" fontId=\"1\" fillId=\"2\" borderId=\"0\" xfId=\"0\" "
             "applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\"/>"
             "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
             "applyNumberFormat=\"1\"/>"
             "</cellXfs>"
             "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/>"
             "</cellStyles></styleSheet>";

static const char sheet_start[] =
    XML_HEAD "<worksheet xmlns=\"" MAIN_SPACE "\"><sheetViews><sheetView workbookViewId=\"0\">"
             "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"
             "<selection pane=\"bottomLeft\" activeCell=\"A2\" sqref=\"A2\"/>"
             "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"16.5\"/><cols>";

/* Numbers kept as texts are what we want: without this every phone has a green corner. */
static const char sheet_stop[] = "</sheetData><ignoredErrors><ignoredError sqref=\"A1:XFD1048576\" "
                                 "numberStoredAsText=\"1\"/></ignoredErrors></worksheet>";

/* ---- appending ---- */

static void piece_flush(struct xlsx_out *x)
{
    zip_out_append(x->zip, x->piece, x->have);
    x->have = 0;
}

static void put(struct xlsx_out *x, const char *bytes, size_t n)
{
    assert(n <= sizeof x->piece - x->have);
    memcpy(x->piece + x->have, bytes, n);
    x->have += n;
}

#define put_lit(x, literal) put((x), (literal), sizeof(literal) - 1)

/* What a byte of a text asks for. */
enum {
    PLAIN,
    NEVER,      /* no character of XML */
    REFERENCE,  /* & < > */
    RETURN,     /* CR would be read as LF */
    UNDERSCORE, /* perhaps the start of _x000D_, which readers take for CR */
    LAST_PLANE, /* perhaps U+FFFE or U+FFFF */
};

/* clang-format off */
static const unsigned char class_of[256] = {
    [0] = NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER,
    ['\v'] = NEVER, NEVER, ['\r'] = RETURN,
    [14] = NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER,
    NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER,
    ['&'] = REFERENCE, ['<'] = REFERENCE, ['>'] = REFERENCE,
    ['_'] = UNDERSCORE, [0xEF] = LAST_PLANE,
};
/* clang-format on */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* True when `s` begins with _xHHHH_. */
static bool is_escape(struct str s)
{
    if (s.len < 7 || s.ptr[1] != 'x' || s.ptr[6] != '_')
        return false;
    return is_hex(s.ptr[2]) && is_hex(s.ptr[3]) && is_hex(s.ptr[4]) && is_hex(s.ptr[5]);
}

/* Puts the character that `s` begins with, which is not plain; returns its bytes. */
static size_t special_put(struct xlsx_out *x, struct str s)
{
    switch (class_of[(unsigned char)*s.ptr]) {
    case REFERENCE:
        if (*s.ptr == '&')
            put_lit(x, "&amp;");
        else if (*s.ptr == '<')
            put_lit(x, "&lt;");
        else
            put_lit(x, "&gt;");
        return 1;
    case RETURN:
        put_lit(x, "&#13;");
        return 1;
    case UNDERSCORE:
        if (is_escape(s))
            put_lit(x, "_x005F_");
        else
            put_lit(x, "_");
        return 1;
    case LAST_PLANE:
        if (!str_starts(s, STR("\xEF\xBF\xBE")) && !str_starts(s, STR("\xEF\xBF\xBF")))
            put(x, s.ptr, 3);
        return 3;
    default:
        return 1;
    }
}

static void text_put(struct xlsx_out *x, struct str text)
{
    size_t from = 0, at = 0;
    while (at < text.len) {
        if (class_of[(unsigned char)text.ptr[at]] == PLAIN) {
            at++;
            continue;
        }
        put(x, text.ptr + from, at - from);
        at += special_put(x, str_n(text.ptr + at, text.len - at));
        from = at;
    }
    put(x, text.ptr + from, at - from);
}

/* ---- cells ---- */

static bool blank_at_an_end(struct str s)
{
    return (unsigned char)s.ptr[0] <= ' ' || (unsigned char)s.ptr[s.len - 1] <= ' ';
}

/* r="AB12" */
static void reference_put(struct xlsx_out *x, size_t column)
{
    char letters[4];
    size_t at = sizeof letters;
    for (size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        letters[--at] = (char)('A' + (rest - 1) % 26);
    put_lit(x, "<c r=\"");
    put(x, letters + at, sizeof letters - at);
    put(x, x->row_name, x->row_name_len);
}

static void cell_text_put(struct xlsx_out *x, size_t column, enum style style, struct str text)
{
    const char digit = (char)('0' + style);
    reference_put(x, column);
    put_lit(x, "\" s=\"");
    put(x, &digit, 1);
    if (blank_at_an_end(text))
        put_lit(x, "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    else
        put_lit(x, "\" t=\"inlineStr\"><is><t>");
    text_put(x, text);
    put_lit(x, "</t></is></c>");
}

static bool is_number(struct str s)
{
    if (s.len == 0 || s.len > NUMBER_DIGITS || (s.len > 1 && s.ptr[0] == '0'))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return true;
}

static bool number_put(struct xlsx_out *x, size_t column, struct str text)
{
    if (!is_number(text))
        return false;
    reference_put(x, column);
    put_lit(x, "\"><v>");
    put(x, text.ptr, text.len);
    put_lit(x, "</v></c>");
    return true;
}

/* `n` in exactly `width` digits. */
static void digits_put(struct xlsx_out *x, int64_t n, size_t width)
{
    char digits[20];
    assert(width <= sizeof digits);
    for (size_t i = width; i > 0; n /= 10)
        digits[--i] = (char)('0' + n % 10);
    put(x, digits, width);
}

/* As days with a fraction; ten digits of it tell seconds (0.0000115741) apart. */
static bool time_put(struct xlsx_out *x, size_t column, struct str text)
{
    double serial;
    if (text.len != sizeof "2026-11-24 15:03:00" - 1 || !number_read_iso(text, false, &serial) ||
        serial < SERIAL_MIN || serial > SERIAL_MAX)
        return false;
    int64_t seconds = (int64_t)(serial * SECONDS_A_DAY + 0.5);
    reference_put(x, column);
    put_lit(x, "\" s=\"3\"><v>");
    digits_put(x, seconds / SECONDS_A_DAY, 5);
    put_lit(x, ".");
    digits_put(x, (seconds % SECONDS_A_DAY * DAY_PARTS + SECONDS_A_DAY / 2) / SECONDS_A_DAY, 10);
    put_lit(x, "</v></c>");
    return true;
}

void xlsx_out_cell(struct xlsx_out *x, size_t column, struct str text)
{
    enum sheet_out_type type =
        column < x->head.count ? x->head.columns[column].type : SHEET_OUT_TEXT;
    if (x->have >= PIECE_FULL)
        piece_flush(x);
    if (text.len == 0 || (type == SHEET_OUT_NUMBER && number_put(x, column, text)) ||
        (type == SHEET_OUT_TIME && time_put(x, column, text)))
        return;
    cell_text_put(x, column, STYLE_TEXT, text);
}

/* ---- sheets ---- */

static void row_start(struct xlsx_out *x)
{
    x->rows++;
    int n = snprintf(x->row_name, sizeof x->row_name, "%lld", (long long)x->rows);
    assert(n > 0 && n < (int)sizeof x->row_name);
    x->row_name_len = (size_t)n;
    put_lit(x, "<row r=\"");
    put(x, x->row_name, x->row_name_len);
    put_lit(x, "\">");
}

/* Hangul is about twice as wide as the digits that Excel counts in. */
static int title_width(struct str title)
{
    int width = 2;
    for (size_t at = 0; at < title.len && width < WIDTH_MAX;)
        width += utf8_next(title, &at) >= 0x1100 ? 2 : 1;
    return width < WIDTH_MIN ? WIDTH_MIN : width;
}

static void columns_put(struct xlsx_out *x)
{
    static const enum style styles_of[] = {
        [SHEET_OUT_TEXT] = STYLE_TEXT,
        [SHEET_OUT_NUMBER] = STYLE_GENERAL,
        [SHEET_OUT_TIME] = STYLE_TIME,
    };
    for (size_t i = 0; i < x->head.count; i++) {
        const struct sheet_out_column *c = &x->head.columns[i];
        bool valid = utf8_valid(c->title);
        int width = c->width ? c->width : valid ? title_width(c->title) : WIDTH_MIN;
        char line[128];
        int n = snprintf(line, sizeof line,
                         "<col min=\"%zu\" max=\"%zu\" width=\"%d\" style=\"%d\" "
                         "customWidth=\"1\"/>",
                         i + 1, i + 1, width, (int)styles_of[c->type]);
        assert(n > 0 && n < (int)sizeof line);
        put(x, line, (size_t)n);
        if (x->have >= PIECE_FULL)
            piece_flush(x);
    }
}

static void header_put(struct xlsx_out *x)
{
    row_start(x);
    for (size_t i = 0; i < x->head.count; i++) {
        struct str title = x->head.columns[i].title;
        if (title.len && title.len <= SHEET_CHARS_MAX && utf8_valid(title))
            cell_text_put(x, i, STYLE_HEADER, title);
        if (x->have >= PIECE_FULL)
            piece_flush(x);
    }
    put_lit(x, "</row>");
}

static void sheet_begin(struct xlsx_out *x)
{
    char name[ZIP_OUT_NAME_MAX];
    snprintf(name, sizeof name, "xl/worksheets/sheet%d.xml", ++x->sheets);
    zip_out_begin(x->zip, name);
    x->rows = 0;
    put_lit(x, sheet_start);
    columns_put(x);
    put_lit(x, "</cols><sheetData>");
    header_put(x);
}

static void sheet_end(struct xlsx_out *x)
{
    put_lit(x, sheet_stop);
    piece_flush(x);
    zip_out_end(x->zip);
}

void xlsx_out_row_begin(struct xlsx_out *x)
{
    if (x->rows == SHEET_ROWS_MAX || zip_out_size(x->zip) > SHEET_XML_MAX) {
        sheet_end(x);
        sheet_begin(x);
    }
    row_start(x);
}

void xlsx_out_row_end(struct xlsx_out *x)
{
    put_lit(x, "</row>");
    if (x->have >= PIECE_FULL)
        piece_flush(x);
}

/* ---- the workbook ---- */

struct xlsx_out *xlsx_out_new(struct sink *sink, const struct sheet_out_head *head)
{
    struct xlsx_out *x = malloc(sizeof *x);
    if (!x)
        return NULL;
    x->zip = zip_out_new(sink);
    if (!x->zip) {
        free(x);
        return NULL;
    }
    x->head = *head;
    x->sheets = 0;
    x->have = 0;
    /* Small parts first: programs that judge a file by its first bytes look no further. */
    zip_out_entry(x->zip, "_rels/.rels", STR(package_relations));
    zip_out_entry(x->zip, "docProps/app.xml", STR(application));
    zip_out_entry(x->zip, "xl/styles.xml", STR(styles));
    sheet_begin(x);
    return x;
}

/* A part with a line for every sheet. */
static void list_write(struct xlsx_out *x, const char *part, const char *start,
                       void (*line)(struct buf *out, const struct xlsx_out *x, int sheet),
                       const char *stop)
{
    BUF(out, PARTS_MAX);
    buf_printf(&out, XML_HEAD "%s", start);
    for (int i = 1; i <= x->sheets; i++)
        line(&out, x, i);
    buf_printf(&out, "%s", stop);
    assert(!out.failed);
    zip_out_entry(x->zip, part, buf_view(&out));
}

static void workbook_line(struct buf *out, const struct xlsx_out *x, int sheet)
{
    buf_printf(out, "<sheet name=\"%.*s", STR_ARG(x->head.sheet));
    if (sheet > 1)
        buf_printf(out, " (%d)", sheet);
    buf_printf(out, "\" sheetId=\"%d\" r:id=\"rId%d\"/>", sheet, sheet);
}

static void relation_line(struct buf *out, const struct xlsx_out *x UNUSED, int sheet)
{
    buf_printf(out,
               "<Relationship Id=\"rId%d\" Type=\"" RELATION
               "/worksheet\" Target=\"worksheets/sheet%d.xml\"/>",
               sheet, sheet);
}

static void type_line(struct buf *out, const struct xlsx_out *x UNUSED, int sheet)
{
    buf_printf(out,
               "<Override PartName=\"/xl/worksheets/sheet%d.xml\" ContentType=\"" CONTENT_TYPE
               "worksheet+xml\"/>",
               sheet);
}

void xlsx_out_end(struct xlsx_out **out)
{
    struct xlsx_out *x = *out;
    sheet_end(x);
    list_write(x, "xl/workbook.xml",
               "<workbook xmlns=\"" MAIN_SPACE "\" xmlns:r=\"" RELATION "\"><sheets>",
               workbook_line, "</sheets></workbook>");
    list_write(x, "xl/_rels/workbook.xml.rels",
               "<Relationships xmlns=\"" PACKAGE "relationships\">"
               "<Relationship Id=\"rId0\" Type=\"" RELATION "/styles\" Target=\"styles.xml\"/>",
               relation_line, "</Relationships>");
    list_write(x, "[Content_Types].xml",
               "<Types xmlns=\"" PACKAGE "content-types\">"
               "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package."
               "relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
               "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" CONTENT_TYPE
               "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" CONTENT_TYPE
               "styles+xml\"/><Override PartName=\"/docProps/app.xml\" ContentType=\"application/"
               "vnd.openxmlformats-officedocument.extended-properties+xml\"/>",
               type_line, "</Types>");
    zip_out_finish(x->zip);
    zip_out_free(&x->zip);
    free(x);
    *out = NULL;
}
