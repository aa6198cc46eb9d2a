/*
 * xlsx_styles.h - what the numbers of each cell format show.
 *
 * Of all that a style sheet says (fonts, colours, borders) only this decides about a cell's text.
 * Called by xlsx_book.c.
 */
#ifndef SHEET_XLSX_STYLES_H
#define SHEET_XLSX_STYLES_H

#include "sheet/xlsx_package.h"

/* Reads the part at `path` into `shapes`, one byte (enum number_shape) per cell format in the order
 * of cellXfs. -1: trouble. `shapes` is the caller's to buf_free in either case. */
int xlsx_styles_read(struct xlsx_package *p, struct str path, struct buf *shapes) MUST_CHECK;

#endif
