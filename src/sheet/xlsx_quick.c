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

#include <endian.h>

/* Digits that a double holds exactly, so that a number of them is its own shortest form. */
#define EXACT_DIGITS 15

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The window ends in NUL bytes, more of them than are compared at once here. */
#define AT(p, literal) (memcmp((p), (literal), sizeof(literal) - 1) == 0)
_Static_assert(sizeof "</t></is></c>" <= XML_SENTINEL, "literals end within the sentinel");

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads up to EXACT_DIGITS digits, most often all in one step: the first of eight bytes is the
 * lowest in `word`; each line makes one number of two neighbours. */
static const char *quick_digits(const char *p, size_t *value)
{
    const char *start = p;
    uint64_t word;
    memcpy(&word, p, sizeof word);
    word = le64toh(word);
    /* The high bit of each byte that is no digit; true up to the first such. */
    uint64_t others = ((word + EACH(0x80 - '9' - 1)) | (word - EACH('0'))) & EACH(0x80);
    unsigned bits = others ? (unsigned)__builtin_ctzll(others) & ~7u : 64;
    if (bits == 0)
        return NULL;
    word = (word - EACH('0')) << (64 - bits);
    word = (word * 10 + (word >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
    word = (word * 100 + (word >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
    word = (word * 10000 + (word >> 32)) & UINT32_MAX;
    p += bits / 8;
    for (; is_digit(*p) && p - start < EXACT_DIGITS; p++)
        word = word * 10 + (uint64_t)(*p - '0');
    *value = word;
    return p;
}

/* The values of the attributes, up to and including the closing quote. */

/* The number of the row, which must be that of the row being read. */
static const char *quick_row(const char *p, const struct xlsx_place *place)
{
    uint64_t text;
    memcpy(&text, p, sizeof text);
    if (place->digits)
        return (text & place->mask) == place->text ? p + place->digits : NULL;
    size_t number;
    p = quick_digits(p, &number);
    return p && *p == '"' && (int64_t)number == place->number ? p + 1 : NULL;
}

static const char *quick_reference(const char *p, const struct xlsx_place *place, struct cell *c)
{
    size_t column = 0;
    for (const char *start = p; *p >= 'A' && *p <= 'Z' && p - start < 3; p++)
        column = column * 26 + (size_t)(*p - 'A' + 1);
    c->column = column - 1;
    return column ? quick_row(p, place) : NULL;
}

static const char *quick_style(const char *p, struct cell *c)
{
    p = quick_digits(p, &c->style);
    return p && *p == '"' ? p + 1 : NULL;
}

static const char *quick_type(const char *p, struct cell *c)
{
    if (AT(p, "s\"")) {
        c->type = CELL_SHARED;
        return p + 2;
    }
    if (AT(p, "n\""))
        return p + 2;
    c->type = CELL_TEXT;
    if (AT(p, "str\""))
        return p + 4;
    return AT(p, "inlineStr\"") ? p + 10 : NULL;
}

/* From behind `<c` to the `>` or `/>` of the tag. */
static const char *quick_attributes(const char *p, const struct xlsx_place *place, struct cell *c)
{
    while (p && p[0] == ' ' && p[2] == '=' && p[3] == '"') {
        char name = p[1];
        p += 4;
        p = name == 'r'   ? quick_reference(p, place, c)
            : name == 's' ? quick_style(p, c)
            : name == 't' ? quick_type(p, c)
                          : NULL;
    }
    return p;
}

/* What stands in a cell, from the `<` behind its tag to behind `</c>`; 1 read, 0 not this kind, -1
 * trouble. */

static int quick_shared(struct xlsx_rows *r, const struct cell *c, const char **p)
{
    size_t index;
    const char *end = AT(*p, "<v>") ? quick_digits(*p + 3, &index) : NULL;
    if (!end || !AT(end, "</v></c>") || index >= r->shared.count)
        return 0;
    xlsx_cell_put_shared(r, c->column, index);
    *p = end + 8;
    return 1;
}

/* A whole number, most often an amount or a day. */
static int quick_whole(struct xlsx_rows *r, const struct cell *c, const char **p)
{
    size_t value, n = 0;
    const char *digits = *p + 3, *end = AT(*p, "<v>") ? quick_digits(digits, &value) : NULL;
    if (!end || !AT(end, "</v></c>") || (*digits == '0' && end > digits + 1))
        return 0;
    char *room = row_build_room(&r->row, r->trouble);
    if (!room)
        return -1;
    enum number_shape shape = xlsx_book_shape(r->book, c->style);
    if (shape != SHAPE_NUMBER)
        n = number_date((double)value, shape, r->book->date1904, room);
    if (n == 0) {
        n = (size_t)(end - digits);
        memcpy(room, digits, n);
    }
    row_build_take(&r->row, n);
    row_build_put(&r->row, c->column, str_n(room, n));
    *p = end + 8;
    return 1;
}

/* Any other value or text. */
static int quick_text(struct xlsx_rows *r, const struct cell *c, const char **p)
{
    bool is = AT(*p, "<is><t>") && c->type == CELL_TEXT;
    char *room = row_build_room(&r->row, r->trouble);
    const char *end;
    struct str text;
    if (!is && !AT(*p, "<v>"))
        return 0;
    if (!room)
        return -1;
    int taken = cell_text_take(*p + (is ? 7 : 3), r->xml.end, room, &text, &end, r->trouble);
    if (taken < 1)
        return taken;
    if (is ? !AT(end, "</t></is></c>") : !AT(end, "</v></c>"))
        return 0;
    *p = end + (is ? 13 : 8);
    if (c->type != CELL_TEXT)
        return xlsx_cell_put(r, c, text, room) < 0 ? -1 : 1;
    row_build_take(&r->row, text.len);
    row_build_put(&r->row, c->column, text);
    return 1;
}

static int quick_content(struct xlsx_rows *r, const struct cell *c, const char **p)
{
    if (c->type == CELL_SHARED)
        return quick_shared(r, c, p);
    int taken = c->type == CELL_NUMBER ? quick_whole(r, c, p) : 0;
    return taken ? taken : quick_text(r, c, p);
}

int xlsx_cell_quick(struct xlsx_rows *r, struct xlsx_place *place)
{
    struct cell c = {.column = place->column};
    const char *p = r->xml.at;
    if (r->xml.close_pending || !place->number || !AT(p, "<c"))
        return 0;
    p = quick_attributes(p + 2, place, &c);
    if (!p || c.column >= SHEET_COLUMNS_MAX)
        return 0;
    if (AT(p, "/>")) {
        p += 2;
    } else {
        int taken = *p++ == '>' ? quick_content(r, &c, &p) : 0;
        if (taken < 1)
            return taken;
    }
    place->column = c.column + 1;
    r->xml.at += p - r->xml.at;
    return 1;
}
