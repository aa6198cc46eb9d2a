/*
 * notes.h - how a reader fills in what sheet.h tells about a sheet beside its cells.
 *
 * Each reader is given the notes of its sheet and calls these as it comes across hidden columns and
 * merged ranges; nothing is checked against the cells. Beyond the limits of sheet.h is left out.
 */
#ifndef SHEET_NOTES_H
#define SHEET_NOTES_H

#include "sheet/sheet.h"

/* Columns from `first` to `last` (0-based, both of them) are hidden. */
void notes_hide_columns(struct sheet_notes *n, size_t first, size_t last);
/* Only `count` columns hold anything: those behind, which many people hide, are not told of. */
void notes_trim(struct sheet_notes *n, size_t count);
/* A merged range that runs forwards; one cell alone is none. */
void notes_merge(struct sheet_notes *n, const struct sheet_range *r);

#endif
