/*
 * csv.h - comma, tab, semicolon or | separated text, record by record.
 *
 * A quote opens a field only as its first byte, two quotes inside are one, lines end in LF, CR LF
 * or CR (RFC 4180 as Excel practises it). Every field is a text, nothing is turned into numbers.
 * Which delimiter it is, the first lines say, or a line `sep=;` in front of them. Refuses a quote
 * that never closes or that has swallowed records (with the line where it opens), NUL bytes, and
 * what exceeds the limits. Called by sheet.c.
 */
#ifndef SHEET_CSV_H
#define SHEET_CSV_H

#include "sheet/row_build.h"
#include "sheet/source.h"

struct csv {
    struct source source; /* UTF-8, checked */
    struct trouble *trouble;
    struct row_build row;
    char *window, *at, *end; /* end points to a NUL byte that is not content */
    bool exhausted;
    char delimiter;
    size_t fields;  /* of most of the first records; 0: not clear */
    int64_t number; /* of the last record */
    int64_t line;   /* being read, 1-based */
    bool stops[256], stops_quoted[256];
};

/* Begins to read; -1: trouble. The caller's to csv_close in either case. */
int csv_open(struct csv *c, struct source source, struct trouble *t) MUST_CHECK;
void csv_close(struct csv *c);
/* As sheet_next. */
int csv_next(struct csv *c, struct sheet_row *row) MUST_CHECK;

/* The delimiter that the lines of a sample share: ',', '\t', ';' or '|'. */
char csv_delimiter(struct str sample);

#endif
