/*
 * xlsx_quick.c - see xlsx_cell.h: the quick way.
 *
 * Excel, Google Sheets, LibreOffice, POI, openpyxl and SheetJS all write cells as one of
 *
 *     <c r="B7" s="3"/>
 *     <c r="B7" s="3" t="s"><v>12</v></c>
 *     <c r="B7" t="inlineStr"><is><t>text</t></is></c>
 *
 * which needs no general reader of XML. A cell that is different in any byte, or not whole in the
 * window, is not taken: the careful way then reads it, or says what is wrong with it. The functions
 * below take the place where they begin and return where they end, NULL for "not this kind".
 */
#include "sheet/cell_text.h"
#include "sheet/xlsx_cell.h"

/* Digits that a double holds exactly, so that a number of them is its own shortest form. */
#define EXACT_DIGITS 15

struct quick {
    struct cell cell;
    size_t column; /* of the reference; as xlsx_cell_place wants it */
    int64_t number;
};

/* The window ends in NUL bytes, more of them than the longest literal here has. */
#define AT(p, literal) (memcmp((p), (literal), sizeof(literal) - 1) == 0)
_Static_assert(sizeof "</t></is></c>" <= XML_SENTINEL, "literals end within the sentinel");

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* One to `most` digits. */
static const char *quick_digits(const char *p, int most, size_t *value)
{
    const char *start = p;
    size_t n = 0;
    for (; is_digit(*p) && p - start < most; p++)
        n = n * 10 + (size_t)(*p - '0');
    *value = n;
    return p > start ? p : NULL;
}

/* The values of the attributes, up to and including the closing quote. */

static const char *quick_reference(const char *p, struct quick *q)
{
    const char *start = p;
    size_t column = 0, row = 0;
    for (; *p >= 'A' && *p <= 'Z' && p - start < 3; p++)
        column = column * 26 + (size_t)(*p - 'A' + 1);
    p = quick_digits(p, 7, &row);
    if (!p || *p != '"' || column - 1 >= SHEET_COLUMNS_MAX || row - 1 >= SHEET_ROWS_MAX)
        return NULL;
    q->column = column - 1;
    q->number = (int64_t)row;
    return p + 1;
}

static const char *quick_style(const char *p, struct quick *q)
{
    p = quick_digits(p, 6, &q->cell.style);
    return p && *p == '"' ? p + 1 : NULL;
}

static const char *quick_type(const char *p, struct quick *q)
{
    if (AT(p, "s\"")) {
        q->cell.type = CELL_SHARED;
        return p + 2;
    }
    if (AT(p, "n\""))
        return p + 2;
    q->cell.type = CELL_TEXT;
    if (AT(p, "str\""))
        return p + 4;
    return AT(p, "inlineStr\"") ? p + 10 : NULL;
}

/* From behind `<c` to the `>` or `/>` of the tag. */
static const char *quick_attributes(const char *p, struct quick *q)
{
    while (p && p[0] == ' ' && p[2] == '=' && p[3] == '"') {
        char name = p[1];
        p += 4;
        p = name == 'r'   ? quick_reference(p, q)
            : name == 's' ? quick_style(p, q)
            : name == 't' ? quick_type(p, q)
                          : NULL;
    }
    return p;
}

/* From behind `<v>` to behind `</c>`; *index is the number of a shared string. */
static const char *quick_index(const char *p, size_t *index)
{
    p = quick_digits(p, 9, index);
    return p && AT(p, "</v></c>") ? p + 8 : NULL;
}

/* From behind `<v>` to behind `</c>`; *n is the length of the whole number at p. */
static const char *quick_whole(const char *p, size_t *n)
{
    const char *start = p;
    while (is_digit(*p) && p - start <= EXACT_DIGITS)
        p++;
    *n = (size_t)(p - start);
    bool plain = *n > 0 && *n <= EXACT_DIGITS && (*start != '0' || *n == 1);
    return plain && AT(p, "</v></c>") ? p + 8 : NULL;
}

static int put_copy(struct xlsx_rows *r, size_t column, const char *text, size_t n)
{
    char *room = row_build_room(&r->row, r->trouble);
    if (!room)
        return -1;
    memcpy(room, text, n);
    row_build_take(&r->row, n);
    row_build_put(&r->row, column, str_n(room, n));
    return 1;
}

/* What stands between the tags, still encoded. */
static int put_decoded(struct xlsx_rows *r, const struct cell *c, struct str raw)
{
    char *room = row_build_room(&r->row, r->trouble);
    if (!room)
        return -1;
    struct cell_text text = cell_text_begin(room, SHEET_CELL_MAX);
    struct str s;
    if (cell_text_append(&text, raw, false, r->trouble) < 0 ||
        cell_text_finish(&text, &s, r->trouble) < 0)
        return -1;
    return xlsx_cell_put(r, c, s, room) < 0 ? -1 : 1;
}

/* The text up to the next tag, which must be `behind`: its length, and where the cell ends. */
static const char *quick_text(const struct xml *x, const char *p, struct str behind, size_t *n)
{
    const char *end = memchr(p, '<', (size_t)(x->end - p));
    if (!end || memcmp(end, behind.ptr, behind.len) != 0)
        return NULL;
    *n = (size_t)(end - p);
    return end + behind.len;
}

static int quick_place(struct xlsx_rows *r, struct xlsx_place *place, struct quick *q,
                       const char *end)
{
    if (xlsx_cell_place(r, place, q->column, q->number, &q->cell) < 0)
        return -1;
    r->xml.at += end - r->xml.at;
    return 0;
}

static int quick_value(struct xlsx_rows *r, struct xlsx_place *place, struct quick *q,
                       const char *p)
{
    size_t n;
    const char *end;
    if (q->cell.type == CELL_SHARED) {
        if (!(end = quick_index(p, &n)) || n >= r->shared.count)
            return 0;
        if (quick_place(r, place, q, end) < 0)
            return -1;
        xlsx_cell_put_shared(r, q->cell.column, n);
        return 1;
    }
    if (q->cell.type == CELL_NUMBER && (end = quick_whole(p, &n)) &&
        xlsx_book_shape(r->book, q->cell.style) == SHAPE_NUMBER)
        return quick_place(r, place, q, end) < 0 ? -1 : put_copy(r, q->cell.column, p, n);
    if (!(end = quick_text(&r->xml, p, STR("</v></c>"), &n)))
        return 0;
    return quick_place(r, place, q, end) < 0 ? -1 : put_decoded(r, &q->cell, str_n(p, n));
}

static int quick_inline(struct xlsx_rows *r, struct xlsx_place *place, struct quick *q,
                        const char *p)
{
    size_t n;
    const char *end = quick_text(&r->xml, p, STR("</t></is></c>"), &n);
    if (!end)
        return 0;
    return quick_place(r, place, q, end) < 0 ? -1 : put_decoded(r, &q->cell, str_n(p, n));
}

int xlsx_cell_quick(struct xlsx_rows *r, struct xlsx_place *place)
{
    struct quick q = {.column = SIZE_MAX};
    const char *p = r->xml.at;
    if (r->xml.close_pending || p[0] != '<' || p[1] != 'c' || !(p = quick_attributes(p + 2, &q)))
        return 0;
    if (AT(p, "/>"))
        return quick_place(r, place, &q, p + 2) < 0 ? -1 : 1;
    if (AT(p, "><v>"))
        return quick_value(r, place, &q, p + 4);
    if (q.cell.type == CELL_TEXT && AT(p, "><is><t>"))
        return quick_inline(r, place, &q, p + 8);
    return 0;
}
