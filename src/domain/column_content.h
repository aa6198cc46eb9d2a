/*
 * column_content.h - what a single cell looks like, whatever stands above it.
 *
 * Called by columns.c and column_header.c with cells of any bytes.
 */
#ifndef DOMAIN_COLUMN_CONTENT_H
#define DOMAIN_COLUMN_CONTENT_H

#include "domain/columns.h"

/* What is said of a column, counted over its cells that are not blank. */
struct column_content {
    size_t filled;
    size_t phones; /* numbers that can be sent to */
    size_t plain;  /* those of them that no order number looks like: with zero or country code */
    size_t safe;   /* safe numbers (050x): somebody's, though unreachable */
    size_t emails, names;
    size_t longest_names; /* names of three syllables and more */
};

void column_content_count(struct column_content *k, struct str cell);

/* A number that can be sent to. */
bool cell_is_phone(struct str cell);
/* A number to call of any kind, also one that is refused; a mere number of digits is none. */
bool cell_calls(struct str cell);
/* A Korean name: a family name and one to three syllables. */
bool cell_is_name(struct str cell);
/* A number, an amount, a date, an address in the net: what no header is. */
bool cell_is_value(struct str cell);
/* 없음, 거부, x, n/a …: what is written where a number should stand. */
bool cell_says_none(struct arena *a, struct str cell);

#endif
