/*
 * html_walk.h - the tables of a web page as a run of events that nest.
 *
 * Turns the tags of html_scan.h into tables, rows and cells, as browsers do: what is not closed is
 * closed by what follows, what is not opened is opened by what needs it. Tables inside cells are
 * told with their depth; deeper than HTML_DEPTH_MAX they are no tables but text. Called by
 * html_rows.c.
 */
#ifndef SHEET_HTML_WALK_H
#define SHEET_HTML_WALK_H

#include "sheet/html_scan.h"

#define HTML_DEPTH_MAX 64

enum html_step {
    STEP_TROUBLE = -1,
    STEP_END = 0,
    STEP_TABLE,     /* a table begins; depth counts it, ordinal numbers it from 1 */
    STEP_TABLE_END, /* depth no longer counts it */
    STEP_ROW,
    STEP_ROW_END,
    STEP_CELL,
    STEP_CELL_END,
    STEP_COLUMN,  /* <col>: for how many columns, see scan.span */
    STEP_CAPTION, /* the texts that follow, up to the next step of the table, are its name */
    STEP_CAPTION_END,
    STEP_TEXT,  /* scan.text */
    STEP_BREAK, /* <br> */
    STEP_BLOCK, /* begin or end of what stands on lines of its own */
};

struct html_frame {
    bool in_row, in_cell, group_hidden;
    bool implied; /* there is no <table> */
};

struct html_walk {
    struct html_scan scan; /* hidden, colspan …: of the tag that the step is about */
    int64_t ordinal;       /* of the table that began last */
    size_t depth; /* of the step: 1 in a table of the page, 2 in one inside its cells … */
    bool hidden;  /* STEP_ROW: by its group or itself */
    bool cut;     /* STEP_END came while tables were open and before </html> */

    enum html_event pending; /* of a tag that may have more steps to give; else HTML_TEXT */
    bool page_ended;         /* </html> has come */
    bool ended;              /* the page itself too */
    size_t beyond;           /* tables open below HTML_DEPTH_MAX */
    struct html_frame frames[HTML_DEPTH_MAX];
};

/* Begins to walk; -1: trouble. The caller's to html_walk_close in either case. */
int html_walk_open(struct html_walk *w, struct source source, struct trouble *t) MUST_CHECK;
void html_walk_close(struct html_walk *w);

enum html_step html_walk_next(struct html_walk *w) MUST_CHECK;

#endif
