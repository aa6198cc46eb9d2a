/*
 * html_text.h - the text of a cell of a web page as a browser lays it out.
 *
 * Runs of blanks are one, blanks at the ends of a line are none; &nbsp; is a blank that does not
 * run together with others; <br> and blocks begin lines, empty lines at the ends of the cell are
 * none. Called by html_rows.c.
 */
#ifndef SHEET_HTML_TEXT_H
#define SHEET_HTML_TEXT_H

#include "base/attr.h"
#include "base/str.h"

struct html_text {
    char *room;
    size_t size, len;
    size_t lines;   /* line ends to be put before the next character */
    size_t blanks;  /* the same of blanks */
    bool collapses; /* the last of them was one that runs together with the next */
};

static inline struct html_text html_text_begin(char *room, size_t size)
{
    return (struct html_text){.room = room, .size = size};
}

/* Appends a piece in which no character is cut; false: the room is full, nothing more will fit. */
bool html_text_append(struct html_text *t, struct str piece) MUST_CHECK;
/* A <br>. */
void html_text_break(struct html_text *t);
/* Begin or end of a block. */
void html_text_block(struct html_text *t);
static inline struct str html_text_view(const struct html_text *t)
{
    return str_n(t->room, t->len);
}

#endif
