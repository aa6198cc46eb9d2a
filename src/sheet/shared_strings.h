/*
 * shared_strings.h - the texts that cells of a workbook refer to by number.
 *
 * The only part of a workbook that must be kept in memory, so it is kept small: all texts stand
 * behind each other without a gap, and a list of their ends leads to them. That is their own bytes
 * plus 4 for each. What the part claims about its count is not believed. Called by xlsx_rows.c
 * and xls_book.c.
 */
#ifndef SHEET_SHARED_STRINGS_H
#define SHEET_SHARED_STRINGS_H

#include "sheet/source.h"
#include "sheet/trouble.h"

struct shared_strings {
    char *texts;
    uint32_t *ends; /* text i stands from ends[i] to ends[i + 1]; NULL without any text */
    size_t count;   /* texts */
    size_t texts_room, ends_room; /* bytes, entries */
};

/* Reads xl/sharedStrings.xml from `source`; -1: trouble. `s` begins zeroed and is the caller's to
 * shared_strings_free in either case. */
int shared_strings_read(struct shared_strings *s, struct source source,
                        struct trouble *t) MUST_CHECK;
void shared_strings_free(struct shared_strings *s);

/* For other sources of texts: where the next one may be written, with room for SHEET_CELL_MAX bytes
 * (NULL: trouble), and to keep the first `n` bytes of it. */
char *shared_strings_room(struct shared_strings *s, struct trouble *t) MUST_CHECK;
void shared_strings_keep(struct shared_strings *s, size_t n);

/* Texts are spread over the memory, so a row of them is asked for in two steps, to wait for the
 * memory once and not for each: first all places, then all texts. */

/* Text number `i` < count will be wanted soon. */
static inline void shared_strings_expect(const struct shared_strings *s, size_t i)
{
    __builtin_prefetch(&s->ends[i]);
}
/* Text number `i` < count; valid until shared_strings_free. */
static inline struct str shared_strings_get(const struct shared_strings *s, size_t i)
{
    uint32_t from = s->ends[i], to = s->ends[i + 1];
    __builtin_prefetch(s->texts + from);
    return str_n(s->texts + from, to - from);
}

#endif
