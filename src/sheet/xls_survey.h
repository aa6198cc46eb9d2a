/*
 * xls_survey.h - one look over the records of a sheet before its rows are read.
 *
 * Nothing in an .xls promises that cells come in the order of their rows, and what is hidden or
 * merged is told before, between and behind them. So the sheet is passed over once: where each run
 * of cells of one row begins (8 bytes for each; programs that write columns make one of every
 * cell), which rows and columns are hidden, how many ranges are merged. Refuses cells outside 256
 * columns and records that are cut off. Called by xls_rows.c.
 */
#ifndef SHEET_XLS_SURVEY_H
#define SHEET_XLS_SURVEY_H

#include "base/buf.h"
#include "sheet/xls_records.h"

#define XLS_ROWS     65536
#define XLS_COLUMNS  256
#define XLS_RUNS_MAX ((size_t)4 << 20) /* runs of cells: 32 MiB, four million cells in disorder */

struct xls_survey {
    struct buf runs; /* of uint64_t: the row (0-based) and the offset, in rising order */
    unsigned char hidden_rows[XLS_ROWS / 8];
};

/* Surveys the sheet behind the BOF on which `r` stands and tells what it hides and merges; -1:
 * trouble. The caller's to xls_survey_free in either case. */
int xls_survey_read(struct xls_survey *s, struct xls_records *r,
                    struct sheet_notes *notes) MUST_CHECK;
void xls_survey_free(struct xls_survey *s);

/* Whether a record of this type holds cells that may have a value. */
bool xls_has_cells(unsigned type);

static inline uint32_t xls_run_row(uint64_t run)
{
    return (uint32_t)(run >> 32);
}
static inline int64_t xls_run_offset(uint64_t run)
{
    return (int64_t)(run & UINT32_MAX);
}
static inline bool xls_row_is_hidden(const struct xls_survey *s, uint32_t row)
{
    return s->hidden_rows[row / 8] >> row % 8 & 1;
}

#endif
