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
#include "sheet/digits.h"
#include "sheet/xlsx_cell.h"

/* The window ends in NUL bytes, more of them than are compared at once here. */
#define AT(p, literal) (memcmp((p), (literal), sizeof(literal) - 1) == 0)
_Static_assert(sizeof "</t></is></c>" <= XML_SENTINEL, "literals end within the sentinel");

/* The values of the attributes, up to and including the closing quote. */

/* The number of the row, which must be that of the row being read. */
static inline const char *quick_row(const char *p, const struct xlsx_place *place)
{
    if (place->digits)
        return (eight_bytes(p) & place->mask) == place->text ? p + place->digits : NULL;
    struct digits d = digits_read(p);
    return d.end && *d.end == '"' && (int64_t)d.value == place->number ? d.end + 1 : NULL;
}

static inline const char *quick_reference(const char *p, const struct xlsx_place *place,
                                          struct cell *c)
{
    size_t column = 0;
    for (int i = 0; i < 3 && *p >= 'A' && *p <= 'Z'; i++)
        column = column * 26 + (size_t)(*p++ - 'A' + 1);
    c->column = column - 1; /* without a letter, beyond all columns */
    return quick_row(p, place);
}

static inline const char *quick_style(const char *p, struct cell *c)
{
    struct digits d = digits_read(p);
    c->style = d.value;
    return d.end && *d.end == '"' ? d.end + 1 : NULL;
}

static inline const char *quick_type(const char *p, struct cell *c)
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
static inline const char *quick_attributes(const char *p, const struct xlsx_place *place,
                                           struct cell *c)
{
    if (AT(p, " r=\"") && !(p = quick_reference(p + 4, place, c)))
        return NULL;
    while (*p == ' ') {
        bool style = AT(p, " s=\"");
        if (!style && !AT(p, " t=\""))
            return NULL;
        p = style ? quick_style(p + 4, c) : quick_type(p + 4, c);
        if (!p)
            return NULL;
    }
    return c->column < SHEET_COLUMNS_MAX ? p : NULL;
}

/* What stands in a cell, from the `<` behind its tag: puts it into the row and returns what is
 * behind `</c>`; NULL: not this kind, or trouble. */

static inline const char *quick_shared(struct xlsx_rows *r, const struct cell *c, const char *p)
{
    struct digits d = digits_read(p + 3);
    if (!AT(p, "<v>") || !d.end || !AT(d.end, "</v></c>") || d.value >= r->shared.count)
        return NULL;
    xlsx_cell_put_shared(r, c->column, d.value);
    return d.end + 8;
}

/* A whole number, most often an amount or a day. */
static inline const char *quick_whole(struct xlsx_rows *r, const struct cell *c, const char *p)
{
    const char *text = p + 3;
    struct digits d = digits_read(text);
    if (!AT(p, "<v>") || !d.end || !AT(d.end, "</v></c>") || (*text == '0' && d.end > text + 1))
        return NULL;
    char *room = row_build_room(&r->row, r->trouble);
    if (!room)
        return NULL;
    size_t n = 0;
    enum number_shape shape = xlsx_book_shape(r->book, c->style);
    if (shape != SHAPE_NUMBER)
        n = number_date((double)d.value, shape, r->book->date1904, room);
    if (n == 0) {
        n = (size_t)(d.end - text);
        memcpy(room, text, DIGITS_MAX);
    }
    row_build_take(&r->row, n);
    row_build_put(&r->row, c->column, str_n(room, n));
    return d.end + 8;
}

/* Any other value or text. */
static const char *quick_text(struct xlsx_rows *r, const struct cell *c, const char *p)
{
    bool is = c->type == CELL_TEXT && AT(p, "<is><t>");
    if (!is && !AT(p, "<v>"))
        return NULL;
    char *room = row_build_room(&r->row, r->trouble);
    const char *end;
    struct str text;
    if (!room || cell_text_take(p + (is ? 7 : 3), r->xml.end, room, &text, &end, r->trouble) < 1 ||
        (is ? !AT(end, "</t></is></c>") : !AT(end, "</v></c>")))
        return NULL;
    if (c->type == CELL_TEXT) {
        row_build_take(&r->row, text.len);
        row_build_put(&r->row, c->column, text);
    } else if (xlsx_cell_put(r, c, text, room) < 0) {
        return NULL;
    }
    return end + (is ? 13 : 8);
}

/* One cell from its `<c`, as above. */
static inline const char *quick_cell(struct xlsx_rows *r, const struct xlsx_place *place,
                                     struct cell *c, const char *p)
{
    p = quick_attributes(p + 2, place, c);
    if (!p)
        return NULL;
    if (*p == '/')
        return p[1] == '>' ? p + 2 : NULL;
    if (*p++ != '>')
        return NULL;
    if (c->type == CELL_SHARED)
        return quick_shared(r, c, p);
    const char *end = c->type == CELL_NUMBER ? quick_whole(r, c, p) : NULL;
    return end ? end : quick_text(r, c, p);
}

int xlsx_cells_quick(struct xlsx_rows *r, struct xlsx_place *place)
{
    const char *p = r->xml.at;
    if (r->xml.close_pending || !place->number)
        return 0;
    for (;;) {
        struct cell c = {.column = place->column};
        const char *end = AT(p, "<c") ? quick_cell(r, place, &c, p) : NULL;
        if (!end)
            break;
        place->column = c.column + 1;
        p = end;
    }
    r->xml.at += p - r->xml.at;
    return r->trouble->error == SHEET_OK ? 0 : -1;
}
