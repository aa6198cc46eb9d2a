/*
 * html_scan.h - a pull reader for the tags and texts of a web page.
 *
 * Follows the tokenizer of the HTML standard as far as tables need it: sloppy tags, attributes in
 * any quotes or none, comments that never end, scripts and styles left out. Knows nothing of
 * nesting (html_walk.h does). Everything passes through one window: a tag, comment or text of any
 * length costs no memory, and no byte is looked at more than a few times. Refuses nothing; every
 * text is a page. Called by html_walk.c.
 */
#ifndef SHEET_HTML_SCAN_H
#define SHEET_HTML_SCAN_H

#include "sheet/source.h"
#include "sheet/trouble.h"

enum html_event {
    HTML_TROUBLE = -1,
    HTML_END = 0, /* of the page */
    HTML_OPEN,    /* tag and its attributes are set */
    HTML_CLOSE,   /* tag is set */
    HTML_TEXT,    /* text is set; a long one comes in several pieces, cut anywhere */
};

enum html_tag {
    TAG_OTHER, /* inline, or of no meaning for a table */
    TAG_TABLE,
    TAG_CAPTION,
    TAG_COL,
    TAG_COLGROUP,
    TAG_GROUP, /* tbody, thead, tfoot */
    TAG_TR,
    TAG_CELL, /* td, th */
    TAG_BR,
    TAG_BLOCK, /* p, div, li, …: stands on lines of its own */
    TAG_PAGE,  /* html, body */
    TAG_RAW,   /* script, style, …: its content is no text of the page */
};

#define HTML_COLSPAN_MAX 1000  /* as in the standard; more means as many */
#define HTML_ROWSPAN_MAX 65534 /* the same */

struct html_scan {
    /* What the last event was about; valid until the next one. */
    enum html_tag tag;
    size_t colspan, rowspan, span; /* 1 when not said */
    bool hidden;                   /* by its style or the attribute of that name */
    struct str text;               /* UTF-8, references decoded, blanks as they stand */

    struct source source;
    char *window, *at, *end;
    bool exhausted, failed;
    bool raw; /* an element of TAG_RAW is open; its name: */
    char raw_name[16];
    size_t raw_length;
    char decoded[8]; /* a reference that was decoded */
};

/* Begins to read UTF-8; -1: trouble. The caller's to html_scan_close in either case. */
int html_scan_open(struct html_scan *h, struct source source, struct trouble *t) MUST_CHECK;
void html_scan_close(struct html_scan *h);

enum html_event html_scan_next(struct html_scan *h) MUST_CHECK;

#endif
