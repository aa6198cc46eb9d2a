/*
 * id_set.h - a set of small numbers as a text: who in a block of contacts has a gram.
 *
 * Columns are bigint or text, so the set is written in printable ASCII: how many numbers lie
 * between one and the next, five bits a character, the highest first, and a sixth that says that
 * more follow. A set of more than a quarter of the block is written as "*" and read as everybody:
 * it may hold too many. Called by domain/contact_index and domain/contact_find.
 */
#ifndef DOMAIN_ID_SET_H
#define DOMAIN_ID_SET_H

#include "base/buf.h"

#define ID_SET_SIZE  32768 /* numbers are below it */
#define ID_SET_WORDS (ID_SET_SIZE / 64)
#define ID_SET_TEXT  (ID_SET_SIZE / 4 * 3) /* bytes at most */

/* A set while one works with it: a bit a number. */
struct id_set {
    uint64_t bits[ID_SET_WORDS];
};

static inline void id_set_add(struct id_set *s, size_t n)
{
    s->bits[n / 64] |= (uint64_t)1 << n % 64;
}

static inline bool id_set_has(const struct id_set *s, size_t n)
{
    return s->bits[n / 64] >> n % 64 & 1;
}

/* Adds the numbers from first to last, inclusive. */
void id_set_add_range(struct id_set *s, size_t first, size_t last);
/* Leaves those that are in `other`, too. */
void id_set_keep(struct id_set *s, const struct id_set *other);
size_t id_set_count(const struct id_set *s);
/* The smallest number not below `from`; ID_SET_SIZE: none. */
size_t id_set_next(const struct id_set *s, size_t from);
/* The largest number not above `from`; ID_SET_SIZE: none. */
size_t id_set_last(const struct id_set *s, size_t from);

/* Adds what a text holds; what is no such text adds nothing more. */
void id_set_read(struct id_set *s, struct str text);
/* Appends the text of a set. */
void id_set_write(const struct id_set *s, struct buf *out);

#endif
