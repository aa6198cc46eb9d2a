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
 * window, is not taken: the careful way then reads it, or says what is wrong with it.
 */
#include "sheet/cell_text.h"
#include "sheet/xlsx_cell.h"

#define SHARED_DIGITS 9

/* A cell on its way; p moves over the window, whose end is a run of NUL bytes. */
struct quick {
    const char *p;
    struct cell cell;
    size_t column;
    int64_t number;
    bool ended; /* the cell closed itself */
};

static bool take(struct quick *q, const char *literal, size_t n)
{
    if (memcmp(q->p, literal, n) != 0)
        return false;
    q->p += n;
    return true;
}
#define TAKE(q, literal) take((q), (literal), sizeof(literal) - 1)
_Static_assert(sizeof " t=\"inlineStr\"" <= XML_SENTINEL, "literals end within the sentinel");

/* Decimal digits at q->p, at most `most` of them; false when there are none or more. */
static bool digits(struct quick *q, int most, size_t *value)
{
    size_t n = 0;
    const char *start = q->p;
    while (*q->p >= '0' && *q->p <= '9' && q->p - start < most)
        n = n * 10 + (size_t)(*q->p++ - '0');
    *value = n;
    return q->p > start;
}

static bool quick_reference(struct quick *q)
{
    size_t column = 0, row;
    const char *start = q->p;
    while (*q->p >= 'A' && *q->p <= 'Z' && q->p - start < 3)
        column = column * 26 + (size_t)(*q->p++ - 'A' + 1);
    if (column == 0 || column > SHEET_COLUMNS_MAX || !digits(q, 7, &row) || row == 0 ||
        row > SHEET_ROWS_MAX)
        return false;
    q->column = column - 1;
    q->number = (int64_t)row;
    return TAKE(q, "\"");
}

static bool quick_type(struct quick *q)
{
    if (TAKE(q, "s\""))
        q->cell.type = CELL_SHARED;
    else if (TAKE(q, "str\"") || TAKE(q, "inlineStr\""))
        q->cell.type = CELL_TEXT;
    else
        return TAKE(q, "n\"");
    return true;
}

/* From behind `<c` to behind the end of the tag. */
static bool quick_tag(struct quick *q)
{
    for (;;) {
        if (TAKE(q, " r=\"")) {
            if (!quick_reference(q))
                return false;
        } else if (TAKE(q, " s=\"")) {
            if (!digits(q, 6, &q->cell.style) || !TAKE(q, "\""))
                return false;
        } else if (TAKE(q, " t=\"")) {
            if (!quick_type(q))
                return false;
        } else {
            q->ended = TAKE(q, "/>");
            return q->ended || TAKE(q, ">");
        }
    }
}

static bool quick_end(struct quick *q, bool inline_text)
{
    return inline_text ? TAKE(q, "</t></is>") && TAKE(q, "</c>") : TAKE(q, "</v></c>");
}

/* A shared string: 1 put, 0 not this kind. */
static int quick_shared(struct xlsx_rows *r, struct xlsx_place *place, struct quick *q)
{
    size_t i;
    if (!digits(q, SHARED_DIGITS, &i) || !quick_end(q, false) || i >= r->shared.count)
        return 0;
    if (xlsx_cell_place(r, place, q->column, q->number, &q->cell) < 0)
        return -1;
    row_build_put(&r->row, q->cell.column, shared_strings_get(&r->shared, i));
    return 1;
}

/* A number or a text between tags. */
static int quick_text(struct xlsx_rows *r, struct xlsx_place *place, struct quick *q,
                      bool is_inline)
{
    const char *start = q->p, *end = memchr(start, '<', (size_t)(r->xml.end - start));
    q->p = end;
    if (!end || !quick_end(q, is_inline))
        return 0;
    if (xlsx_cell_place(r, place, q->column, q->number, &q->cell) < 0)
        return -1;
    char *room = row_build_room(&r->row, r->trouble);
    if (!room)
        return -1;
    struct cell_text text = cell_text_begin(room, SHEET_CELL_MAX);
    struct str s;
    if (cell_text_append(&text, str_n(start, (size_t)(end - start)), false, r->trouble) < 0 ||
        cell_text_finish(&text, &s, r->trouble) < 0)
        return -1;
    return xlsx_cell_put(r, &q->cell, s, room) < 0 ? -1 : 1;
}

static int quick_content(struct xlsx_rows *r, struct xlsx_place *place, struct quick *q)
{
    if (q->ended)
        return xlsx_cell_place(r, place, q->column, q->number, &q->cell) < 0 ? -1 : 1;
    if (TAKE(q, "<v>"))
        return q->cell.type == CELL_SHARED ? quick_shared(r, place, q)
                                           : quick_text(r, place, q, false);
    if (q->cell.type == CELL_TEXT && TAKE(q, "<is><t>"))
        return quick_text(r, place, q, true);
    return 0;
}

int xlsx_cell_quick(struct xlsx_rows *r, struct xlsx_place *place)
{
    struct quick q = {.p = r->xml.at, .column = SIZE_MAX};
    if (r->xml.close_pending || !TAKE(&q, "<c") || !quick_tag(&q))
        return 0;
    int result = quick_content(r, place, &q);
    if (result == 1)
        r->xml.at += q.p - r->xml.at;
    return result;
}
