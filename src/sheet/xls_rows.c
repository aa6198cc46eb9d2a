/*
 * xls_rows.c - see xls_rows.h.
 */
#include "sheet/xls_rows.h"

#include <math.h>

#define RK_HUNDREDTHS 1 /* bits of an RK number: divided by 100, and a whole number of 30 bits */
#define RK_WHOLE      2

/* The cell being read; its record stands behind these three. */
struct place {
    size_t column, xf;
};

static int damaged(struct xls_rows *r, const char *what)
{
    return trouble_set_row(r->trouble, SHEET_E_DAMAGED, (int64_t)r->number + 1, what);
}

int xls_rows_open(struct xls_rows *r, struct xls_book *book, size_t index,
                  struct sheet_notes *notes)
{
    struct xls_records *records = &book->records;
    *r = (struct xls_rows){.book = book, .trouble = book->trouble};
    xls_records_seek(records, xls_book_place(book, index));
    int got = xls_records_next(records);
    if (got < 0)
        return -1;
    if (got == 0 || records->type != XLS_BOF || xls_left(records) < 4 ||
        le16(records->p + 2) != XLS_IS_SHEET)
        return trouble_set(r->trouble, SHEET_E_DAMAGED, "workbook: a sheet is not where it says");
    if (row_build_init(&r->row, r->trouble) < 0)
        return -1;
    return xls_survey_read(&r->survey, records, notes);
}

void xls_rows_close(struct xls_rows *r)
{
    row_build_free(&r->row);
    xls_survey_free(&r->survey);
}

/* A number as its format shows it. What is no number Excel shows as that error. */
static int number_put(struct xls_rows *r, const struct place *p, double x)
{
    char *room = row_build_room(&r->row, r->trouble);
    if (!room)
        return -1;
    if (!isfinite(x)) {
        row_build_put(&r->row, p->column, STR("#NUM!"));
        return 0;
    }
    enum number_shape shape = xls_book_shape(r->book, p->xf);
    size_t n = number_date(x, shape, r->book->date1904, room);
    if (n == 0)
        n = number_text(x, room);
    row_build_take(&r->row, n);
    row_build_put(&r->row, p->column, str_n(room, n));
    return 0;
}

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* [MS-XLS] 2.5.218: the upper 30 bits of a double or of a whole number. */
static double rk_value(uint32_t rk)
{
    double x = rk & RK_WHOLE ? (double)((int32_t)rk >> 2) : double_of((uint64_t)(rk & ~3u) << 32);
    return rk & RK_HUNDREDTHS ? x / 100 : x;
}

static int double_read(struct xls_rows *r, const struct place *p)
{
    const unsigned char *value = xls_take(&r->book->records, 8);
    return value ? number_put(r, p, double_of(le64(value))) : -1;
}

static int rk_read(struct xls_rows *r, const struct place *p)
{
    const unsigned char *value = xls_take(&r->book->records, 4);
    return value ? number_put(r, p, rk_value(le32(value))) : -1;
}

/* Cells side by side, a format and a number each; the column of the last stands at the end. */
static int mulrk_read(struct xls_rows *r, const struct place *first)
{
    struct xls_records *records = &r->book->records;
    struct place p = *first;
    for (unsigned last = le16(records->stop - 2); p.column <= last; p.column++) {
        if (p.column > first->column) {
            const unsigned char *xf = xls_take(records, 2);
            if (!xf)
                return -1;
            p.xf = le16(xf);
        }
        if (rk_read(r, &p) < 0)
            return -1;
    }
    return 0;
}

static int shared_put(struct xls_rows *r, const struct place *p)
{
    const unsigned char *index = xls_take(&r->book->records, 4);
    if (!index)
        return -1;
    if (le32(index) >= r->book->shared.count)
        return damaged(r, "a shared string that does not exist");
    row_build_put(&r->row, p->column, shared_strings_get(&r->book->shared, le32(index)));
    return 0;
}

/* A text that stands in its cell, behind its length. An empty one may have no flags. */
static int text_read(struct xls_rows *r, const struct place *p)
{
    struct xls_records *records = &r->book->records;
    const unsigned char *count = xls_take(records, 2);
    char *room = row_build_room(&r->row, r->trouble);
    struct str text;
    if (!count || !room)
        return -1;
    if (le16(count) == 0)
        return 0;
    if (xls_book_text(r->book, le16(count), room, &text) < 0)
        return -1;
    row_build_take(&r->row, text.len);
    row_build_put(&r->row, p->column, text);
    return 0;
}

static void boolean_put(struct xls_rows *r, const struct place *p, bool yes)
{
    row_build_put(&r->row, p->column, yes ? STR("TRUE") : STR("FALSE"));
}

static void error_put(struct xls_rows *r, const struct place *p, unsigned code)
{
    static const struct {
        unsigned code;
        struct str name;
    } errors[] = {
        {0x00, STR_INIT("#NULL!")}, {0x07, STR_INIT("#DIV/0!")},       {0x0F, STR_INIT("#VALUE!")},
        {0x17, STR_INIT("#REF!")},  {0x1D, STR_INIT("#NAME?")},        {0x24, STR_INIT("#NUM!")},
        {0x2A, STR_INIT("#N/A")},   {0x2B, STR_INIT("#GETTING_DATA")},
    };
    struct str name = STR("#ERROR!");
    for (size_t i = 0; i < COUNT_OF(errors); i++)
        if (errors[i].code == code)
            name = errors[i].name;
    row_build_put(&r->row, p->column, name);
}

static int boolerr_read(struct xls_rows *r, const struct place *p)
{
    const unsigned char *value = xls_take(&r->book->records, 2);
    if (!value)
        return -1;
    if (value[1])
        error_put(r, p, value[0]);
    else
        boolean_put(r, p, value[0]);
    return 0;
}

/* The text of a formula is a record of its own, behind those that may hold the formula itself. */
static int formula_text_read(struct xls_rows *r, const struct place *p)
{
    struct xls_records *records = &r->book->records;
    int got;
    while ((got = xls_records_next(records)) == 1) {
        switch (records->type) {
        case XLS_STRING:
            return text_read(r, p);
        case XLS_ARRAY:
        case XLS_SHRFMLA:
        case XLS_TABLE:
        case XLS_CONTINUE:
            continue;
        default:
            xls_records_unread(records);
            return 0;
        }
    }
    return got;
}

/* The value it had when the file was saved: a double, or one that says what it is. */
static int formula_read(struct xls_rows *r, const struct place *p)
{
    enum {
        TEXT,
        BOOLEAN,
        ERROR,
        NOTHING
    };
    const unsigned char *value = xls_take(&r->book->records, 8);
    if (!value)
        return -1;
    if (le16(value + 6) != 0xFFFF)
        return number_put(r, p, double_of(le64(value)));
    if (value[0] == TEXT)
        return formula_text_read(r, p);
    if (value[0] == BOOLEAN)
        boolean_put(r, p, value[2]);
    else if (value[0] == ERROR)
        error_put(r, p, value[2]);
    return 0;
}

/* The record stood on, which xls_has_cells. */
static int cells_read(struct xls_rows *r)
{
    struct xls_records *records = &r->book->records;
    const unsigned char *head = xls_take(records, 6);
    if (!head)
        return -1;
    struct place p = {le16(head + 2), le16(head + 4)};
    if (p.column >= XLS_COLUMNS)
        return damaged(r, "a cell outside the columns");
    switch (records->type) {
    case XLS_LABELSST:
        return shared_put(r, &p);
    case XLS_NUMBER:
        return double_read(r, &p);
    case XLS_RK:
        return rk_read(r, &p);
    case XLS_MULRK:
        return mulrk_read(r, &p);
    case XLS_FORMULA:
        return formula_read(r, &p);
    case XLS_BOOLERR:
        return boolerr_read(r, &p);
    default:
        return text_read(r, &p);
    }
}

/* The cells of the run at `offset`: up to the first of another row. */
static int run_read(struct xls_rows *r, int64_t offset)
{
    struct xls_records *records = &r->book->records;
    int got;
    xls_records_seek(records, offset);
    while ((got = xls_records_next(records)) == 1 && records->type != XLS_EOF) {
        if (records->type == XLS_BOF) {
            if ((got = xls_records_pass(records)) <= 0)
                break;
        } else if (xls_has_cells(records->type)) {
            if (xls_left(records) >= 2 && le16(records->p) != r->number)
                break;
            if (cells_read(r) < 0)
                return -1;
        }
    }
    return got < 0 ? -1 : 0;
}

int xls_rows_next(struct xls_rows *r, struct sheet_row *row)
{
    const uint64_t *runs = (const void *)r->survey.runs.ptr;
    size_t count = r->survey.runs.len / sizeof *runs;
    while (r->run < count) {
        r->number = xls_run_row(runs[r->run]);
        row_build_begin(&r->row);
        for (; r->run < count && xls_run_row(runs[r->run]) == r->number; r->run++)
            if (run_read(r, xls_run_offset(runs[r->run])) < 0)
                return -1;
        if (r->row.count > 0) {
            *row = (struct sheet_row){r->number + 1, r->row.cells, r->row.count,
                                      xls_row_is_hidden(&r->survey, r->number)};
            return 1;
        }
    }
    return 0;
}
