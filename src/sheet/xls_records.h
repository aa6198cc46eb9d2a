/*
 * xls_records.h - the records of an old workbook, and what goes on in CONTINUE records.
 *
 * A workbook stream is a row of records: type, length, content ([MS-XLS] 2.1.4). What is longer
 * than a record goes on in records of type CONTINUE, and may be cut anywhere between its numbers
 * and characters. A record is read where it lies in the window, nothing is copied. Refuses records
 * that are cut off and values that are longer than their record. Called by the other xls_ files.
 */
#ifndef SHEET_XLS_RECORDS_H
#define SHEET_XLS_RECORDS_H

#include "sheet/little.h"
#include "sheet/ole.h"

/* The types we know something about, by their names in [MS-XLS] 2.3. */
enum xls_type {
    XLS_FORMULA = 0x0006,
    XLS_EOF = 0x000A,
    XLS_FILEPASS = 0x002F,
    XLS_DATEMODE = 0x0022,
    XLS_CONTINUE = 0x003C,
    XLS_CODEPAGE = 0x0042,
    XLS_COLINFO = 0x007D,
    XLS_WSBOOL = 0x0081,
    XLS_BOUNDSHEET = 0x0085,
    XLS_MULRK = 0x00BD,
    XLS_RSTRING = 0x00D6,
    XLS_XF = 0x00E0,
    XLS_MERGEDCELLS = 0x00E5,
    XLS_SST = 0x00FC,
    XLS_LABELSST = 0x00FD,
    XLS_NUMBER = 0x0203,
    XLS_LABEL = 0x0204,
    XLS_BOOLERR = 0x0205,
    XLS_STRING = 0x0207,
    XLS_ROW = 0x0208,
    XLS_ARRAY = 0x0221,
    XLS_TABLE = 0x0236,
    XLS_RK = 0x027E,
    XLS_FORMAT = 0x041E,
    XLS_SHRFMLA = 0x04BC,
    XLS_BOF = 0x0809,
};

/* What a BOF says about the records up to its EOF. */
enum xls_substream {
    XLS_IS_BOOK = 0x0005,
    XLS_IS_SHEET = 0x0010,
};

struct xls_records {
    const struct ole_stream *stream; /* the caller's, outlives this */
    struct trouble *trouble;
    unsigned char *window;
    size_t at, end; /* the next record begins at `at`, bytes are there up to `end` */
    size_t chunk;   /* how much is read at once: little after a jump, then more and more */
    int64_t base;   /* offset in the stream of the beginning of the window */
    size_t began;   /* where the record stood on began, in the window */
    unsigned type;  /* its type (enum xls_type, or any other) */
    const unsigned char *p, *stop; /* what is left of its content; valid until the next record */
};

/* Stands before the first record; -1: trouble. The caller's to xls_records_close in either case. */
int xls_records_open(struct xls_records *r, const struct ole_stream *s,
                     struct trouble *t) MUST_CHECK;
void xls_records_close(struct xls_records *r);

/* The next record: 1, 0 the end of the stream, -1 trouble. */
int xls_records_next(struct xls_records *r) MUST_CHECK;
/* Stands before the record again that xls_records_next has just brought. */
void xls_records_unread(struct xls_records *r);
/* Where the record stood on begins in the stream, and to go to such a place. */
int64_t xls_records_offset(const struct xls_records *r);
void xls_records_seek(struct xls_records *r, int64_t offset);
/* Standing on a BOF: passes over everything up to its EOF. 1, 0 the stream ended first, -1. */
int xls_records_pass(struct xls_records *r) MUST_CHECK;

/* Bytes left in this record. */
static inline size_t xls_left(const struct xls_records *r)
{
    return (size_t)(r->stop - r->p);
}
/* The next `n` bytes of this record; NULL when it has not so many, which is trouble. */
const unsigned char *xls_take(struct xls_records *r, size_t n) MUST_CHECK;
/* Goes on in the CONTINUE record behind this one: 1, 0 there is none, -1 trouble. */
int xls_continue(struct xls_records *r) MUST_CHECK;
/* A number of `n` <= 4 bytes, which may be cut by a CONTINUE; -1: trouble. */
int xls_number_across(struct xls_records *r, size_t n, uint32_t *value) MUST_CHECK;
/* Passes over `n` bytes, in CONTINUE records too; -1: trouble. */
int xls_skip_across(struct xls_records *r, uint64_t n) MUST_CHECK;

#endif
