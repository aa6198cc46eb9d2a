/*
 * cell_text.h - the text of a cell as XML stores it, decoded piece by piece.
 *
 * A text may come in several pieces (rich-text runs, CDATA, the seam of two windows). Each piece
 * has its references decoded on the way; at the end the escapes of OOXML (`_x000D_`, ECMA-376 part
 * 1, 22.9.2.19) and line ends are put right, all inside the same room, because every step only
 * makes the text shorter. Refuses what is no XML: control characters, unknown references, bytes
 * that are not UTF-8. Used by xlsx_rows.c, xlsx_book.c and shared_strings.c.
 */
#ifndef SHEET_CELL_TEXT_H
#define SHEET_CELL_TEXT_H

#include "sheet/trouble.h"
#include "sheet/xml_scan.h"

struct cell_text {
    char *start, *at, *limit;
    unsigned seen; /* which kinds of bytes need work at the end */
};

/* Writes a code point as UTF-8 and returns the byte behind it; the caller has room for four. */
char *utf8_put(char *to, uint32_t c);

static inline struct cell_text cell_text_begin(char *room, size_t size)
{
    return (struct cell_text){.start = room, .at = room, .limit = room + size};
}

/* Appends a piece; `literal` (CDATA) means that & is no reference. -1: trouble. */
int cell_text_append(struct cell_text *c, struct str piece, bool literal,
                     struct trouble *t) MUST_CHECK;
/* After the XML_OPEN of a `<si>` or `<is>`: appends all `<t>` up to its end, but not the phonetic
 * ones. */
int cell_text_read(struct xml *x, struct cell_text *c, struct trouble *t) MUST_CHECK;
/* Forgets what was appended. */
static inline void cell_text_clear(struct cell_text *c)
{
    c->at = c->start;
    c->seen = 0;
}
/* The text that stands at `from` and ends with the next `<` before `end`, decoded into `room` of
 * SHEET_CELL_MAX bytes; *behind is then on that `<`. The same as append and finish, in one pass for
 * texts that have nothing to decode. 1 read, 0 no `<` there, -1 trouble. Behind `end` stands what
 * stands behind a window of xml_scan.h. */
int cell_text_take(const char *from, const char *end, char *room, struct str *text,
                   const char **behind, struct trouble *t) MUST_CHECK;
/* The whole text, in the room it was begun with; -1: not UTF-8, or more than SHEET_CHARS_MAX. */
int cell_text_finish(struct cell_text *c, struct str *text, struct trouble *t) MUST_CHECK;

#endif
