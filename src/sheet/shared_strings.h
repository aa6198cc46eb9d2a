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

#include "sheet/digits.h"
#include "sheet/source.h"
#include "sheet/trouble.h"

#define SHARED_STEP ((size_t)8)
#define SHARED_LONG 255 /* a text of so many bytes or more: they are counted in the 4 before it */

struct shared_strings {
    char *texts;
    unsigned char *lengths; /* of each text, at most SHARED_LONG */
    uint32_t *begins;       /* of the texts 0, 8, 16, ... */
    size_t count, used;     /* texts; bytes of them */
    size_t count_room, used_room;
    bool has_long;
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
    __builtin_prefetch(&s->lengths[i]);
    __builtin_prefetch(&s->begins[i / SHARED_STEP]);
}

/* As shared_strings_get, one by one. */
struct str shared_strings_walk(const struct shared_strings *s, size_t i);

/* Text number `i` < count; valid until shared_strings_free. */
static inline struct str shared_strings_get(const struct shared_strings *s, size_t i)
{
    /* The lengths of the up to seven texts before it, added up two by two and then all. */
    const uint64_t pairs = UINT64_C(0x00FF00FF00FF00FF), ones = UINT64_C(0x0001000100010001);
    uint64_t word = eight_bytes((const char *)s->lengths + i / SHARED_STEP * SHARED_STEP);
    word &= ~(UINT64_MAX << 8 * (i % SHARED_STEP));
    if (s->has_long)
        return shared_strings_walk(s, i);
    uint64_t sum = (word & pairs) + (word >> 8 & pairs);
    const char *text = s->texts + s->begins[i / SHARED_STEP] + (sum * ones >> 48);
    __builtin_prefetch(text);
    return str_n(text, s->lengths[i]);
}

#endif
