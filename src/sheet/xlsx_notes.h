/*
 * xlsx_notes.h - what stands around the cells of a worksheet and is worth a note: hidden columns
 * in front of them, merged ranges behind.
 *
 * What is wrong here spoils no row, so it is passed over: a part of the file that nobody needs must
 * not keep a list from being read. Called by xlsx_rows.c.
 */
#ifndef SHEET_XLSX_NOTES_H
#define SHEET_XLSX_NOTES_H

#include "sheet/xml_scan.h"

/* After the XML_OPEN of `<cols>`: up to and including its end; -1: trouble. */
int xlsx_notes_columns(struct xml *x, struct sheet_notes *n) MUST_CHECK;
/* Behind `</sheetData>`: to the end of the part, whose checksum is then compared; -1: trouble, but
 * not with its tags. */
int xlsx_notes_tail(struct xml *x, struct sheet_notes *n) MUST_CHECK;

#endif
