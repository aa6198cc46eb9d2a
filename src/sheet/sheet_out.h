/*
 * sheet_out.h - rows in, a spreadsheet out: a workbook or CSV, as Excel in Korea opens it.
 *
 * The counterpart of sheet.h. Rows are written one at a time into a file that the caller has
 * opened; memory is the same for ten rows and ten million. What a spreadsheet program would run, as
 * a formula or a link, is made harmless: in a workbook every text is a text cell, in CSV a text
 * that begins like a formula gets a ' in front. Knows no database and no HTTP. Called by
 * domain/export and by the api.
 */
#ifndef SHEET_SHEET_OUT_H
#define SHEET_SHEET_OUT_H

#include "base/str.h"

enum sheet_out_kind {
    SHEET_OUT_XLSX, /* beyond SHEET_ROWS_MAX rows it goes on in a further sheet */
    SHEET_OUT_CSV,  /* UTF-8 with a byte order mark, commas, CR LF; of any size */
};

/* What the cells of a column are in a workbook; a cell that is not of its kind is a text. */
enum sheet_out_type {
    SHEET_OUT_TEXT,   /* a text, also when it is corrected later: 010… keeps its zero */
    SHEET_OUT_NUMBER, /* a whole number of at most 15 digits, without signs and leading zeros */
    SHEET_OUT_TIME,   /* "2026-11-24 15:03:00" becomes a date that Excel can sort and filter */
};

struct sheet_out_column {
    struct str title;
    enum sheet_out_type type;
    int width; /* in digits, as Excel counts; 0: made for the title */
};

/* What stands above the rows. The texts must outlive the writer. */
struct sheet_out_head {
    struct str sheet; /* name of the sheet, of our own making: at most 24 characters, no []:*?/\ */
    const struct sheet_out_column *columns;
    size_t count; /* 1 … SHEET_COLUMNS_MAX */
};

struct sheet_out;

/* Begins a file at the place where `fd` stands (seekable, the caller's to close) and writes the
 * header. NULL without memory; trouble with the file is told by the others. */
struct sheet_out *sheet_out_open(enum sheet_out_kind kind, int fd,
                                 const struct sheet_out_head *head) MUST_CHECK;

/* Writes a row of at most SHEET_COLUMNS_MAX cells; ptr NULL is an empty one. Texts longer than
 * Excel's SHEET_CHARS_MAX are cut there, characters that a workbook cannot hold are left out, and
 * what is not UTF-8 is left empty. False once the file is in trouble: further rows are in vain. */
bool sheet_out_row(struct sheet_out *o, const struct str *cells, size_t count);

/* Ends the file and clears *o. 0 when every byte of it has been written, otherwise the errno of
 * what was in the way (ENOSPC, EDQUOT, EFBIG …): what there is of the file is worth nothing then.
 * NULL-safe. */
int sheet_out_close(struct sheet_out **o) MUST_CHECK;

/* "xlsx", "csv", and the media type. */
struct str sheet_out_suffix(enum sheet_out_kind kind);
const char *sheet_out_media_type(enum sheet_out_kind kind);

#endif
