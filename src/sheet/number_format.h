/*
 * number_format.h - numbers and dates of workbooks as text.
 *
 * The canonical form of doc/sheet.md: a number is the shortest decimal that reads back as the same
 * double, laid out as ECMAScript does; a date is told from a number by its format code alone. Pure
 * functions; called by xlsx_rows.c and xlsx_book.c.
 */
#ifndef SHEET_NUMBER_FORMAT_H
#define SHEET_NUMBER_FORMAT_H

#include "base/str.h"

/* What a number format shows. */
enum number_shape {
    SHAPE_NUMBER,
    SHAPE_DAY,     /* yyyy-mm-dd */
    SHAPE_TIME,    /* HH:MM:SS, the part below one day */
    SHAPE_BOTH,    /* yyyy-mm-dd HH:MM:SS */
    SHAPE_ELAPSED, /* HH:MM:SS, total hours */
};

#define NUMBER_TEXT_MAX 40 /* bytes of room that the writers below may use */

/* By the code in the file (ECMA-376 part 1, 18.8.31). */
enum number_shape number_shape_of_code(struct str code);
/* By the id when the file has no code for it, with the ids of Korean Excel (18.8.30). */
enum number_shape number_shape_of_id(int64_t id);

/* The double written in `s` (xsd:double without INF and NaN); false when it is none or too large.
 */
bool number_read(struct str s, double *out) MUST_CHECK;
/* The serial of an ISO 8601 date, time or both ("2026-11-23T09:30:00", fractions and Z allowed);
 * false when it is none. */
bool number_read_iso(struct str s, bool date1904, double *serial) MUST_CHECK;
/* Writes the shortest decimal; returns its length. */
size_t number_text(double x, char out[NUMBER_TEXT_MAX]);
/* Brings a number as text into that form without a detour where it has few digits: the length, or
 * 0 when `s` is no number. */
size_t number_canonical(struct str s, char out[NUMBER_TEXT_MAX]);
/* Writes a serial as the date or time its format shows, in the 1900 or 1904 system; 0 when it is
 * none (negative, or from the year 10000 on) and thus stays a number. */
size_t number_date(double serial, enum number_shape shape, bool date1904,
                   char out[NUMBER_TEXT_MAX]);

#endif
