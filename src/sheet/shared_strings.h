/*
 * shared_strings.h - the texts that cells of a workbook refer to by number.
 *
 * The only part of a workbook that must be kept in memory. Texts stand behind each other in blocks
 * of 1 MiB, an index of places and lengths leads to them: their own bytes plus 8 for each. What the
 * part claims about its count is not believed. Called by xlsx_rows.c and xls_book.c.
 */
#ifndef SHEET_SHARED_STRINGS_H
#define SHEET_SHARED_STRINGS_H

#include "sheet/source.h"
#include "sheet/trouble.h"

#define SHARED_INDEX_BITS 16 /* the index grows by so many texts at once */
#define SHARED_INDEX_SIZE ((size_t)1 << SHARED_INDEX_BITS)

struct shared_place {
    uint32_t at; /* number of the block and offset in it */
    uint32_t length;
};

struct shared_strings {
    char **blocks;
    size_t block_count, used; /* bytes used in the last block */
    struct shared_place **index;
    size_t index_count;
    size_t count; /* texts */
};

/* Reads xl/sharedStrings.xml from `source`; -1: trouble. `s` begins zeroed and is the caller's to
 * shared_strings_free in either case. */
int shared_strings_read(struct shared_strings *s, struct source source,
                        struct trouble *t) MUST_CHECK;
void shared_strings_free(struct shared_strings *s);

/* For other sources of texts: where the next may be written, with room for SHEET_CELL_MAX bytes
 * (NULL: trouble), and to keep the first `n` bytes of it as the next text (-1: trouble). */
char *shared_strings_room(struct shared_strings *s, struct trouble *t) MUST_CHECK;
int shared_strings_keep(struct shared_strings *s, size_t n, struct trouble *t) MUST_CHECK;

/* Asks the memory for the place of text number `i` < count, to be wanted soon. */
static inline void shared_strings_expect(const struct shared_strings *s, size_t i)
{
    __builtin_prefetch(&s->index[i >> SHARED_INDEX_BITS][i & (SHARED_INDEX_SIZE - 1)]);
}
/* Text number `i` < count; valid until shared_strings_free. */
struct str shared_strings_get(const struct shared_strings *s, size_t i);

#endif
