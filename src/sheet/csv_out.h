/*
 * csv_out.h - CSV (RFC 4180) that a spreadsheet program can open without running any of it.
 *
 * Called by sheet_out.c with texts that are valid UTF-8.
 */
#ifndef SHEET_CSV_OUT_H
#define SHEET_CSV_OUT_H

#include "sheet/sink.h"

/* The byte order mark: without it Excel in Korea takes the file for CP949. */
void csv_out_begin(struct sink *s);
/* The cell at `index` of its row, quoted where needed. A text that begins with = + - @, with their
 * full-width forms, or with TAB, CR or LF could be taken for a formula and gets a ' in front. */
void csv_out_cell(struct sink *s, size_t index, struct str text);
void csv_out_row_end(struct sink *s);

#endif
