/*
 * xlsx_rows.c - see xlsx_rows.h.
 */
#include "sheet/xlsx_rows.h"
#include "sheet/cell_text.h"

#include <assert.h>

/* The attribute t of a cell (ECMA-376 part 1, 18.18.11). */
enum cell_type {
    CELL_NUMBER,
    CELL_SHARED,
    CELL_TEXT, /* str and inlineStr */
    CELL_BOOLEAN,
    CELL_ERROR,
    CELL_ISO_DATE,
};

struct cell {
    size_t column;
    size_t style;
    enum cell_type type;
};

static int damaged(struct xlsx_rows *r, const char *what)
{
    return trouble_set(r->trouble, SHEET_E_DAMAGED, "row %lld: %s", (long long)r->number, what);
}

static int shared_open(struct xlsx_rows *r)
{
    struct zip_stream *s = xlsx_book_part(r->book, r->book->shared_path);
    if (!s)
        return -1;
    int result = shared_strings_read(&r->shared, zip_stream_source(s), r->trouble);
    zip_stream_close(&s);
    return result;
}

/* Moves behind the opening tag of <sheetData>; a sheet without one has no rows. */
static int data_find(struct xlsx_rows *r)
{
    for (;;) {
        enum xml_event e = xml_next(&r->xml);
        if (e == XML_TROUBLE)
            return -1;
        if (e == XML_END)
            r->ended = true;
        if (e == XML_END || (e == XML_OPEN && r->xml.depth == 2 && xml_is(&r->xml, "sheetData")))
            return 0;
        if (e != XML_OPEN)
            continue;
        if (r->xml.depth == 1 && !xml_is(&r->xml, "worksheet"))
            return damaged(r, "the part of the sheet is something else");
        if (r->xml.depth > 1 && xml_skip(&r->xml) < 0)
            return -1;
    }
}

int xlsx_rows_open(struct xlsx_rows *r, struct xlsx_book *book, size_t index)
{
    *r = (struct xlsx_rows){.book = book, .trouble = book->trouble};
    assert(index < book->sheet_count);
    if (!book->paths[index].ptr)
        return damaged(r, "the sheet's part is missing");
    if (row_build_init(&r->row, r->trouble) < 0 || (book->shared_path.ptr && shared_open(r) < 0))
        return -1;
    r->stream = xlsx_book_part(book, book->paths[index]);
    if (!r->stream || xml_open(&r->xml, zip_stream_source(r->stream), r->trouble) < 0)
        return -1;
    return data_find(r);
}

void xlsx_rows_close(struct xlsx_rows *r)
{
    xml_close(&r->xml);
    zip_stream_close(&r->stream);
    shared_strings_free(&r->shared);
    row_build_free(&r->row);
}

/* "BC12" as column 54 (0-based) and row 12; -1 when it is no reference within the limits. */
static int reference_read(struct str s, size_t *column, int64_t *row)
{
    size_t i = 0, c = 0;
    for (; i < s.len && s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' && i < 4; i++)
        c = c * 26 + (size_t)(s.ptr[i] - 'A' + 1);
    int64_t n = 0;
    size_t digits = i;
    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9' && n <= SHEET_ROWS_MAX; i++)
        n = n * 10 + (s.ptr[i] - '0');
    if (c == 0 || c > SHEET_COLUMNS_MAX || i == digits || i < s.len || n < 1 || n > SHEET_ROWS_MAX)
        return -1;
    *column = c - 1;
    *row = n;
    return 0;
}

static int type_read(struct xlsx_rows *r, struct str s, enum cell_type *type)
{
    static const struct {
        struct str name;
        enum cell_type type;
    } types[] = {{STR_INIT("s"), CELL_SHARED},  {STR_INIT("n"), CELL_NUMBER},
                 {STR_INIT("str"), CELL_TEXT},  {STR_INIT("inlineStr"), CELL_TEXT},
                 {STR_INIT("b"), CELL_BOOLEAN}, {STR_INIT("e"), CELL_ERROR},
                 {STR_INIT("d"), CELL_ISO_DATE}};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_eq(s, types[i].name)) {
            *type = types[i].type;
            return 0;
        }
    return damaged(r, "a cell of unknown type");
}

static size_t style_read(struct str s)
{
    size_t style = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9' || i == 9)
            return SIZE_MAX;
        style = style * 10 + (size_t)(s.ptr[i] - '0');
    }
    return style;
}

/* A row without a number takes it from its first cell, or follows the last one. */
static int number_settle(struct xlsx_rows *r, int64_t number)
{
    if (number <= r->number)
        return damaged(r, "the next row has a smaller number");
    r->number = number;
    if (number > SHEET_ROWS_MAX)
        return trouble_set(r->trouble, SHEET_E_TOO_LARGE, "more than %d rows", SHEET_ROWS_MAX);
    return 0;
}

/* Where the row being read stands; number 0: not known before its first cell. */
struct place {
    int64_t number;
    size_t column; /* of the next cell without a reference */
};

static int cell_place(struct xlsx_rows *r, struct place *p, struct str reference, size_t *column)
{
    int64_t number = p->number ? p->number : r->number + 1;
    *column = p->column;
    if (reference.ptr && reference_read(reference, column, &number) < 0)
        return damaged(r, "a cell with an impossible reference");
    if (p->number && number != p->number)
        return damaged(r, "a cell that belongs to another row");
    if (!p->number && number_settle(r, number) < 0)
        return -1;
    p->number = number;
    p->column = *column + 1;
    if (*column >= SHEET_COLUMNS_MAX)
        return trouble_set(r->trouble, SHEET_E_TOO_LARGE, "row %lld: more than %d columns",
                           (long long)number, SHEET_COLUMNS_MAX);
    return 0;
}

static int cell_begin(struct xlsx_rows *r, struct place *p, struct cell *c)
{
    struct str rest = r->xml.attributes, name, value, reference = {NULL, 0};
    *c = (struct cell){.type = CELL_NUMBER};
    while (xml_attribute_next(&rest, &name, &value)) {
        if (name.len != 1)
            continue;
        if (name.ptr[0] == 'r')
            reference = value;
        else if (name.ptr[0] == 's')
            c->style = style_read(value);
        else if (name.ptr[0] == 't' && type_read(r, value, &c->type) < 0)
            return -1;
    }
    return cell_place(r, p, reference, &c->column);
}

/* The number or ISO date `s` as the format of its cell shows it, written to `room`; what is neither
 * stays as it stands there, the import will judge it. */
static struct str number_shown(struct xlsx_rows *r, const struct cell *c, struct str s, char *room)
{
    enum number_shape shape = xlsx_book_shape(r->book, c->style);
    bool date1904 = r->book->date1904, iso = c->type == CELL_ISO_DATE;
    char out[NUMBER_TEXT_MAX];
    double serial;
    size_t n = 0;
    if (shape != SHAPE_NUMBER &&
        (iso ? number_read_iso(s, date1904, &serial) : number_read(s, &serial)))
        n = number_date(serial, shape, date1904, out);
    if (n == 0 && !iso)
        n = number_canonical(s, out);
    if (n == 0)
        return s;
    memcpy(room, out, n);
    return str_n(room, n);
}

static int shared_index(struct xlsx_rows *r, struct str s, struct str *text)
{
    int64_t i;
    if (s.len == 0)
        return 0;
    if (!str_i64(s, 0, INT64_MAX, &i) || (uint64_t)i >= r->shared.count)
        return damaged(r, "a shared string that does not exist");
    *text = shared_strings_get(&r->shared, (size_t)i);
    return 0;
}

/* Puts the value of a cell, collected at `room`, into the row. */
static int cell_put(struct xlsx_rows *r, const struct cell *c, struct str s, char *room)
{
    switch (c->type) {
    case CELL_SHARED:
        if (shared_index(r, str_trim(s), &s) < 0)
            return -1;
        row_build_put(&r->row, c->column, s);
        return 0;
    case CELL_NUMBER:
    case CELL_ISO_DATE:
        s = number_shown(r, c, str_trim(s), room);
        break;
    case CELL_BOOLEAN:
        s = str_trim(s);
        if (str_eq(s, STR("1")) || str_eq(s, STR("true")))
            s = STR("TRUE");
        else if (s.len)
            s = STR("FALSE");
        break;
    case CELL_TEXT:
    case CELL_ERROR:
        break;
    }
    if (s.ptr >= room && s.ptr < room + SHEET_CELL_MAX)
        row_build_take(&r->row, (size_t)(s.ptr - room) + s.len);
    row_build_put(&r->row, c->column, s);
    return 0;
}

/* The text of the element just opened, up to its end; elements inside are passed over. */
static int value_read(struct xlsx_rows *r, struct cell_text *text)
{
    for (;;) {
        switch (xml_next(&r->xml)) {
        case XML_TEXT:
            if (cell_text_append(text, r->xml.text, r->xml.literal, r->trouble) < 0)
                return -1;
            break;
        case XML_OPEN:
            if (xml_skip(&r->xml) < 0)
                return -1;
            break;
        case XML_CLOSE:
            return 0;
        case XML_END:
        case XML_TROUBLE:
            return -1;
        }
    }
}

static int cell_element(struct xlsx_rows *r, struct cell_text *text)
{
    if (xml_is(&r->xml, "v"))
        return value_read(r, text);
    if (xml_is(&r->xml, "is")) {
        cell_text_clear(text); /* some writers give an inline text a value besides */
        return cell_text_read(&r->xml, text, r->trouble);
    }
    return xml_skip(&r->xml);
}

static int cell_read(struct xlsx_rows *r, struct place *p)
{
    struct cell c;
    if (cell_begin(r, p, &c) < 0)
        return -1;
    char *room = row_build_room(&r->row, r->trouble);
    if (!room)
        return -1;
    struct cell_text text = cell_text_begin(room, SHEET_CELL_MAX);
    struct str s;
    for (;;) {
        enum xml_event e = xml_next(&r->xml);
        if (e == XML_OPEN && cell_element(r, &text) < 0)
            return -1;
        if (e == XML_CLOSE)
            break;
        if (e == XML_END || e == XML_TROUBLE)
            return -1;
    }
    return cell_text_finish(&text, &s, r->trouble) < 0 ? -1 : cell_put(r, &c, s, room);
}

static int row_begin(struct xlsx_rows *r, struct place *p)
{
    struct str rest = r->xml.attributes, name, value;
    row_build_begin(&r->row);
    *p = (struct place){0};
    r->hidden = false;
    while (xml_attribute_next(&rest, &name, &value)) {
        if (str_eq(name, STR("r"))) {
            if (!str_i64(value, 1, INT64_MAX, &p->number))
                return damaged(r, "the next row has no proper number");
            if (number_settle(r, p->number) < 0)
                return -1;
        } else if (str_eq(name, STR("hidden"))) {
            r->hidden = str_eq(value, STR("1")) || str_eq(value, STR("true"));
        }
    }
    return 0;
}

/* The row just opened, up to its end. */
static int row_read(struct xlsx_rows *r)
{
    struct place p;
    if (row_begin(r, &p) < 0)
        return -1;
    for (;;) {
        enum xml_event e = xml_next(&r->xml);
        if (e == XML_CLOSE)
            return p.number ? 0 : number_settle(r, r->number + 1);
        if (e == XML_END || e == XML_TROUBLE)
            return -1;
        if (e == XML_OPEN && (xml_is(&r->xml, "c") ? cell_read(r, &p) : xml_skip(&r->xml)) < 0)
            return -1;
    }
}

int xlsx_rows_next(struct xlsx_rows *r, struct sheet_row *row)
{
    while (!r->ended) {
        enum xml_event e = xml_next(&r->xml);
        if (e == XML_TROUBLE)
            return -1;
        if (e == XML_CLOSE) {
            r->ended = true; /* </sheetData>: what follows is not ours, but its checksum is */
            return xml_drain(&r->xml) < 0 ? -1 : 0;
        }
        if (e != XML_OPEN)
            continue;
        if (!xml_is(&r->xml, "row")) {
            if (xml_skip(&r->xml) < 0)
                return -1;
            continue;
        }
        if (row_read(r) < 0)
            return -1;
        if (r->row.count > 0) {
            *row = (struct sheet_row){r->number, r->row.cells, r->row.count, r->hidden};
            return 1;
        }
    }
    return 0;
}
