/*
 * html_tables.h - which tables of a web page are lists.
 *
 * Looks through a whole page once. Every table counts its own cells; one that holds a table at
 * least as large as itself is layout, and that inner one is a list in its place. What has fewer
 * than two cells is no list. Called by html_rows.c.
 */
#ifndef SHEET_HTML_TABLES_H
#define SHEET_HTML_TABLES_H

#include "base/buf.h"
#include "sheet/html_walk.h"

#define HTML_CAPTION_SIZE 128

struct html_table {
    int64_t ordinal; /* in the page, as html_walk counts */
    int64_t cells;
    bool hidden;
    size_t caption_length; /* 0: none, or one that is too long for a name */
    char caption[HTML_CAPTION_SIZE];
};

/* Appends the lists of the page, in its order, to `tables` (of struct html_table). -1: trouble,
 * also when there are none. */
int html_tables_find(struct source page, struct buf *tables, struct trouble *t) MUST_CHECK;

#endif
