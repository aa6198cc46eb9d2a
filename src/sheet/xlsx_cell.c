/*
 * xlsx_cell.c - see xlsx_cell.h: the careful way.
 */
#include "sheet/xlsx_cell.h"
#include "sheet/cell_text.h"

static int damaged(struct xlsx_rows *r, const char *what)
{
    return trouble_set(r->trouble, SHEET_E_DAMAGED, "row %lld: %s", (long long)r->number, what);
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

int xlsx_cell_place(struct xlsx_rows *r, struct xlsx_place *p, size_t column, int64_t number,
                    struct cell *c)
{
    if (number == 0) {
        column = p->column;
        number = p->number ? p->number : r->number + 1;
    }
    if (p->number && number != p->number)
        return damaged(r, "a cell that belongs to another row");
    if (!p->number && xlsx_rows_number(r, number) < 0)
        return -1;
    if (column >= SHEET_COLUMNS_MAX)
        return trouble_set(r->trouble, SHEET_E_COLUMNS, "row %lld: more than %d columns",
                           (long long)number, SHEET_COLUMNS_MAX);
    p->number = number;
    p->column = column + 1;
    c->column = column;
    return 0;
}

static int cell_begin(struct xlsx_rows *r, struct xlsx_place *p, struct cell *c)
{
    struct str rest = r->xml.attributes, name, value;
    size_t column = SIZE_MAX;
    int64_t number = 0;
    *c = (struct cell){.type = CELL_NUMBER};
    while (xml_attribute_next(&rest, &name, &value)) {
        if (name.len != 1)
            continue;
        if (name.ptr[0] == 'r') {
            if (reference_read(value, &column, &number) < 0)
                return damaged(r, "a cell with an impossible reference");
        } else if (name.ptr[0] == 's') {
            c->style = style_read(value);
        } else if (name.ptr[0] == 't' && type_read(r, value, &c->type) < 0) {
            return -1;
        }
    }
    return xlsx_cell_place(r, p, column, number, c);
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

static int shared_put(struct xlsx_rows *r, size_t column, struct str s)
{
    int64_t i;
    if (s.len == 0)
        return 0;
    if (!str_i64(s, 0, INT64_MAX, &i) || (uint64_t)i >= r->shared.count)
        return damaged(r, "a shared string that does not exist");
    xlsx_cell_put_shared(r, column, (size_t)i);
    return 0;
}

static void boolean_put(struct xlsx_rows *r, size_t column, struct str s)
{
    bool yes = str_eq(s, STR("1")) || str_eq(s, STR("true"));
    if (s.len)
        row_build_put(&r->row, column, yes ? STR("TRUE") : STR("FALSE"));
}

int xlsx_cell_put(struct xlsx_rows *r, const struct cell *c, struct str s, char *room)
{
    switch (c->type) {
    case CELL_SHARED:
        return shared_put(r, c->column, str_trim(s));
    case CELL_BOOLEAN:
        boolean_put(r, c->column, str_trim(s));
        return 0;
    case CELL_NUMBER:
    case CELL_ISO_DATE:
        s = number_shown(r, c, str_trim(s), room);
        break;
    case CELL_TEXT:
    case CELL_ERROR:
        break;
    }
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

int xlsx_cell_read(struct xlsx_rows *r, struct xlsx_place *p)
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
    return cell_text_finish(&text, &s, r->trouble) < 0 ? -1 : xlsx_cell_put(r, &c, s, room);
}
