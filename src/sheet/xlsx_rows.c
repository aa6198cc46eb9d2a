/*
 * xlsx_rows.c - see xlsx_rows.h.
 */
#include "sheet/xlsx_rows.h"
#include "sheet/digits.h"
#include "sheet/xlsx_cell.h"
#include "sheet/xlsx_notes.h"

static int damaged(struct xlsx_rows *r, const char *what)
{
    return trouble_set(r->trouble, SHEET_E_DAMAGED, "row %lld: %s", (long long)r->number, what);
}

static int shared_open(struct xlsx_rows *r)
{
    struct zip_stream *s = xlsx_package_part(&r->book->package, r->book->shared_path);
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
            return trouble_set(r->trouble, SHEET_E_DAMAGED, "sheet: the part is something else");
        bool columns = r->xml.depth == 2 && xml_is(&r->xml, "cols");
        if (r->xml.depth > 1 &&
            (columns ? xlsx_notes_columns(&r->xml, r->notes) : xml_skip(&r->xml)) < 0)
            return -1;
    }
}

int xlsx_rows_open(struct xlsx_rows *r, struct xlsx_book *book, size_t index,
                   struct sheet_notes *notes)
{
    *r = (struct xlsx_rows){.book = book, .trouble = book->trouble, .notes = notes};
    struct str path = xlsx_book_path(book, index);
    if (!path.ptr)
        return trouble_set(r->trouble, SHEET_E_DAMAGED, "workbook: a sheet without a part");
    if (row_build_init(&r->row, r->trouble) < 0 || (book->shared_path.ptr && shared_open(r) < 0))
        return -1;
    r->stream = xlsx_package_part(&book->package, path);
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

int xlsx_rows_number(struct xlsx_rows *r, int64_t number)
{
    if (number <= r->number)
        return damaged(r, "the next row has a smaller number");
    r->number = number;
    if (number > SHEET_ROWS_MAX)
        return trouble_set(r->trouble, SHEET_E_ROWS, "more than %d rows", SHEET_ROWS_MAX);
    return 0;
}

/* The row says its own number, in `value`. */
static int row_number(struct xlsx_rows *r, struct xlsx_place *p, struct str value)
{
    struct digits d = digits_read(value.ptr);
    if (d.end != value.ptr + value.len || d.value == 0)
        return damaged(r, "the next row has no proper number");
    p->number = (int64_t)d.value;
    if (value.len < sizeof p->text) {
        p->digits = value.len + 1;
        p->mask = UINT64_MAX >> 8 * (sizeof p->text - p->digits);
        p->text = eight_bytes(value.ptr) & p->mask;
    }
    return xlsx_rows_number(r, p->number);
}

static int row_begin(struct xlsx_rows *r, struct xlsx_place *p)
{
    struct str rest = r->xml.attributes, name, value;
    row_build_begin(&r->row);
    *p = (struct xlsx_place){0};
    r->hidden = false;
    while (xml_attribute_next(&rest, &name, &value)) {
        if (name.len == 1 && name.ptr[0] == 'r') {
            if (row_number(r, p, value) < 0)
                return -1;
        } else if (name.len == 6 && str_eq(name, STR("hidden"))) {
            r->hidden = str_eq(value, STR("1")) || str_eq(value, STR("true"));
        }
    }
    return 0;
}

/* The row just opened, up to its end. */
static int row_read(struct xlsx_rows *r)
{
    struct xlsx_place p;
    if (row_begin(r, &p) < 0)
        return -1;
    for (;;) {
        if (xlsx_cells_quick(r, &p) < 0)
            return -1;
        enum xml_event e = xml_close_take(&r->xml) ? XML_CLOSE : xml_next(&r->xml);
        if (e == XML_CLOSE)
            return p.number ? 0 : xlsx_rows_number(r, r->number + 1);
        if (e == XML_END || e == XML_TROUBLE)
            return -1;
        if (e == XML_OPEN && (xml_is(&r->xml, "c") ? xlsx_cell_read(r, &p) : xml_skip(&r->xml)) < 0)
            return -1;
    }
}

/* Puts the shared strings of the row in place. All at once, because their places were asked for
 * when the cells were read and the memory has had time to answer. */
static void shared_resolve(struct xlsx_rows *r)
{
    struct row_build *b = &r->row;
    for (size_t i = 0; i < b->count; i++)
        if (!b->cells[i].ptr)
            b->cells[i] = shared_strings_get(&r->shared, b->cells[i].len - 1);
    while (b->count > 0 && b->cells[b->count - 1].len == 0)
        b->count--;
}

int xlsx_rows_next(struct xlsx_rows *r, struct sheet_row *row)
{
    while (!r->ended) {
        enum xml_event e = xml_next(&r->xml);
        if (e == XML_TROUBLE)
            return -1;
        if (e == XML_CLOSE) {
            r->ended = true; /* </sheetData> */
            return xlsx_notes_tail(&r->xml, r->notes);
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
        shared_resolve(r);
        if (r->row.count > 0) {
            *row = (struct sheet_row){r->number, r->row.cells, r->row.count, r->hidden};
            return 1;
        }
    }
    return 0;
}
