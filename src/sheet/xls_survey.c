/*
 * xls_survey.c - see xls_survey.h.
 */
#include "sheet/xls_survey.h"

#include <stdlib.h>

#define ROW_HIDDEN    0x20 /* of the options of a ROW */
#define COLUMN_HIDDEN 0x01 /* of the options of a COLINFO */
_Static_assert(SHEET_FILE_MAX <= UINT32_MAX, "an offset has 32 bits");

static void bit_set(unsigned char *bits, size_t i)
{
    bits[i / 8] |= (unsigned char)(1 << i % 8);
}

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
        return trouble_set(r->trouble, SHEET_E_DAMAGED, "row %u: a cell outside the columns",
                           le16(p) + 1u);
    if (last > v->survey->last_column)
        v->survey->last_column = last;
    return le16(p) == v->row ? 0 : run_add(v, le16(p));
}

static void row_note(struct surveying *v)
{
    const unsigned char *p = v->records->p;
    if (xls_left(v->records) >= 16 && le16(p + 12) & ROW_HIDDEN)
        bit_set(v->survey->hidden_rows, le16(p));
}

/* A width of zero hides columns, too. */
static void columns_note(struct surveying *v)
{
    const unsigned char *p = v->records->p;
    if (xls_left(v->records) < 10 || !(le16(p + 8) & COLUMN_HIDDEN || le16(p + 4) == 0))
        return;
    for (unsigned i = le16(p); i <= le16(p + 2) && i < XLS_COLUMNS; i++)
        bit_set(v->survey->hidden_columns, i);
}

static void merged_note(struct surveying *v)
{
    size_t left = xls_left(v->records), count = left >= 2 ? le16(v->records->p) : 0,
           fit = left >= 2 ? (left - 2) / 8 : 0;
    v->survey->merged += count < fit ? count : fit;
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

int xls_survey_read(struct xls_survey *s, struct xls_records *r)
{
    struct surveying v = {s, r, -1, true};
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

size_t xls_hidden_columns(const struct xls_survey *s)
{
    size_t n = 0;
    for (unsigned i = 0; i <= s->last_column; i++)
        n += s->hidden_columns[i / 8] >> i % 8 & 1;
    return n;
}
