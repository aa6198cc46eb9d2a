/*
 * xlsx_out.h - a workbook (ECMA-376) written row by row.
 *
 * Why not a library: libxlsxwriter with constant memory needs five times as long for the same
 * million rows (doc/sheet.md), writes every sheet to the disk twice, and an export is waited for.
 * The header is bold and stays in sight; texts stand in the cells themselves, so nothing grows with
 * the rows. Called by sheet_out.c with texts that are valid UTF-8 and not too long.
 */
#ifndef SHEET_XLSX_OUT_H
#define SHEET_XLSX_OUT_H

#include "sheet/sheet_out.h"
#include "sheet/sink.h"

struct xlsx_out;

/* Begins the workbook and its first sheet; NULL without memory. */
struct xlsx_out *xlsx_out_new(struct sink *sink, const struct sheet_out_head *head) MUST_CHECK;
/* A row is begun, gets cells from left to right, and is ended; a full sheet is followed by another
 * with the same header. */
void xlsx_out_row_begin(struct xlsx_out *x);
void xlsx_out_cell(struct xlsx_out *x, size_t column, struct str text);
void xlsx_out_row_end(struct xlsx_out *x);
/* Ends sheet and workbook and clears *out; trouble stands in the sink. */
void xlsx_out_end(struct xlsx_out **out);

#endif
