/*
 * xls_survey.c - see xls_survey.h.
 */
#include "sheet/xls_survey.h"
#include "sheet/notes.h"

#include <stdlib.h>

#define ROW_HIDDEN    0x20 /* of the options of a ROW */
#define COLUMN_HIDDEN 0x01 /* of the options of a COLINFO */
#define RANGE_SIZE    8    /* of a MERGEDCELLS: first and last row, first and last column */
_Static_assert(SHEET_FILE_MAX <= UINT32_MAX, "an offset has 32 bits");

bool xls_has_cells(unsigned type)
{
    switch (type) {
    case XLS_LABELSST:
    case XLS_NUMBER:
    case XLS_RK:
    case XLS_MULRK:
    case XLS_LABEL:
    case XLS_RSTRING:
    case XLS_FORMULA:
    case XLS_BOOLERR:
        return true;
    default:
        return false;
    }
}

/* A survey under way. */
struct surveying {
    struct xls_survey *survey;
    struct xls_records *records;
    struct sheet_notes *notes;
    int64_t row; /* of the last cell, -1 before the first */
    bool sorted;
};

static int run_add(struct surveying *v, uint32_t row)
{
    uint64_t run = (uint64_t)row << 32 | (uint64_t)xls_records_offset(v->records);
    v->sorted &= row > v->row;
    v->row = row;
    buf_append(&v->survey->runs, &run, sizeof run);
    return v->survey->runs.failed
               ? trouble_set(v->records->trouble, SHEET_E_TOO_LARGE,
                             "sheet: more than %zu cells in disorder", XLS_RUNS_MAX)
               : 0;
}

static int cells_note(struct surveying *v)
{
    struct xls_records *r = v->records;
    const unsigned char *p = xls_take(r, 6);
    if (!p)
        return -1;
    unsigned column = le16(p + 2), last = r->type == XLS_MULRK ? le16(r->stop - 2) : column;
    if (column >= XLS_COLUMNS || last >= XLS_COLUMNS || last < column)
        return trouble_set_row(r->trouble, SHEET_E_DAMAGED, le16(p) + 1,
                               "a cell outside the columns");
    return le16(p) == v->row ? 0 : run_add(v, le16(p));
}

static void row_note(struct surveying *v)
{
    const unsigned char *p = v->records->p;
    if (xls_left(v->records) >= 16 && le16(p + 12) & ROW_HIDDEN)
        v->survey->hidden_rows[le16(p) / 8] |= (unsigned char)(1 << le16(p) % 8);
}

/* A width of zero hides columns, too. Some programs let the last range end behind the last column.
 */
static void columns_note(struct surveying *v)
{
    const unsigned char *p = v->records->p;
    if (xls_left(v->records) < 10 || !(le16(p + 8) & COLUMN_HIDDEN || le16(p + 4) == 0))
        return;
    unsigned last = le16(p + 2);
    notes_hide_columns(v->notes, le16(p), last < XLS_COLUMNS ? last : XLS_COLUMNS - 1);
}

static void merged_note(struct surveying *v)
{
    struct xls_records *r = v->records;
    if (xls_left(r) < 2)
        return;
    unsigned count = le16(r->p);
    for (r->p += 2; count > 0 && xls_left(r) >= RANGE_SIZE; count--, r->p += RANGE_SIZE) {
        struct sheet_range range = {le16(r->p) + 1, le16(r->p + 2) + 1, le16(r->p + 4),
                                    le16(r->p + 6)};
        notes_merge(v->notes, &range);
    }
}

static int record_note(struct surveying *v)
{
    if (xls_has_cells(v->records->type))
        return cells_note(v);
    if (v->records->type == XLS_ROW)
        row_note(v);
    else if (v->records->type == XLS_COLINFO)
        columns_note(v);
    else if (v->records->type == XLS_MERGEDCELLS)
        merged_note(v);
    return 0;
}

static int run_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

int xls_survey_read(struct xls_survey *s, struct xls_records *r, struct sheet_notes *notes)
{
    struct surveying v = {s, r, notes, -1, true};
    int got;
    *s = (struct xls_survey){.runs = BUF_INIT(XLS_RUNS_MAX * sizeof(uint64_t))};
    while ((got = xls_records_next(r)) == 1 && r->type != XLS_EOF) {
        if (r->type == XLS_BOF) { /* a chart on the sheet */
            if ((got = xls_records_pass(r)) <= 0)
                break;
        } else if (record_note(&v) < 0) {
            return -1;
        }
    }
    if (!v.sorted)
        qsort(s->runs.ptr, s->runs.len / sizeof(uint64_t), sizeof(uint64_t), run_compare);
    return got < 0 ? -1 : 0;
}

void xls_survey_free(struct xls_survey *s)
{
    buf_free(&s->runs);
}
