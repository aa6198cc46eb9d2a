/*
 * xlsx_notes.c - see xlsx_notes.h.
 */
#include "sheet/xlsx_notes.h"
#include "sheet/notes.h"

static void column_note(struct xml *x, struct sheet_notes *n)
{
    struct str rest = x->attributes, name, value;
    int64_t first = 0, last = 0;
    bool hidden = false;
    while (xml_attribute_next(&rest, &name, &value)) {
        int64_t number;
        if (str_eq(name, STR("hidden")))
            hidden |= str_eq(value, STR("1")) || str_eq(value, STR("true"));
        else if (str_eq(name, STR("width")))
            hidden |= str_eq(value, STR("0"));
        else if (str_eq(name, STR("min")) && str_i64(value, 1, SHEET_COLUMNS_MAX, &number))
            first = number;
        else if (str_eq(name, STR("max")) && str_i64(value, 1, SHEET_COLUMNS_MAX, &number))
            last = number;
    }
    if (hidden && first > 0 && last >= first)
        notes_hide_columns(n, (size_t)first - 1, (size_t)last - 1);
}

/* "AB12" at the front of *rest, which is moved behind it. */
static bool reference_take(struct str *rest, size_t *column, int64_t *row)
{
    size_t i = 0, n = 0;
    for (; i < rest->len && i < 3 && rest->ptr[i] >= 'A' && rest->ptr[i] <= 'Z'; i++)
        n = n * 26 + (size_t)(rest->ptr[i] - 'A' + 1);
    size_t digits = i;
    while (i < rest->len && rest->ptr[i] >= '0' && rest->ptr[i] <= '9')
        i++;
    if (n == 0 || n > SHEET_COLUMNS_MAX ||
        !str_i64(str_slice(*rest, digits, i), 1, SHEET_ROWS_MAX, row))
        return false;
    *column = n - 1;
    *rest = str_slice(*rest, i, rest->len);
    return true;
}

static void merge_note(struct xml *x, struct sheet_notes *n)
{
    struct str rest = x->attributes, name, value;
    struct sheet_range r;
    while (xml_attribute_next(&rest, &name, &value)) {
        if (!str_eq(name, STR("ref")) || !reference_take(&value, &r.first_column, &r.first_row) ||
            !str_starts(value, STR(":")))
            continue;
        value = str_slice(value, 1, value.len);
        if (reference_take(&value, &r.last_column, &r.last_row) && value.len == 0 &&
            r.last_row >= r.first_row && r.last_column >= r.first_column)
            notes_merge(n, &r);
    }
}

int xlsx_notes_columns(struct xml *x, struct sheet_notes *n)
{
    enum xml_event e;
    int depth = x->depth;
    while ((e = xml_next(x)) != XML_CLOSE || x->depth >= depth) {
        if (e == XML_TROUBLE || e == XML_END)
            return -1;
        if (e == XML_OPEN && xml_is(x, "col"))
            column_note(x, n);
    }
    return 0;
}

int xlsx_notes_tail(struct xml *x, struct sheet_notes *n)
{
    struct trouble *real = x->trouble, ours = {0};
    enum xml_event e;
    x->trouble = &ours;
    while ((e = xml_next(x)) > XML_END)
        if (e == XML_OPEN && xml_is(x, "mergeCell"))
            merge_note(x, n);
    x->trouble = real;
    if (real->error != SHEET_OK)
        return -1;
    return e == XML_TROUBLE ? xml_drain(x) : 0;
}
