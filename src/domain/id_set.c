/*
 * id_set.c - see id_set.h.
 */
#include "domain/id_set.h"

#include <assert.h>

#define FIRST_CHAR '0' /* 64 characters from here on: printable, no quote */
#define PAYLOAD    5
#define MORE       (1u << PAYLOAD)
#define EVERYBODY  "*"

void id_set_add_range(struct id_set *s, size_t first, size_t last)
{
    assert(last < ID_SET_SIZE);
    for (size_t n = first; n <= last;)
        if (n % 64 == 0 && last - n >= 63) {
            s->bits[n / 64] = UINT64_MAX;
            n += 64;
        } else {
            id_set_add(s, n++);
        }
}

void id_set_keep(struct id_set *s, const struct id_set *other)
{
    for (size_t i = 0; i < ID_SET_WORDS; i++)
        s->bits[i] &= other->bits[i];
}

size_t id_set_count(const struct id_set *s)
{
    size_t n = 0;
    for (size_t i = 0; i < ID_SET_WORDS; i++)
        n += (size_t)__builtin_popcountll(s->bits[i]);
    return n;
}

size_t id_set_next(const struct id_set *s, size_t from)
{
    if (from >= ID_SET_SIZE)
        return ID_SET_SIZE;
    uint64_t word = s->bits[from / 64] & UINT64_MAX << from % 64;
    for (size_t i = from / 64;;) {
        if (word)
            return i * 64 + (size_t)__builtin_ctzll(word);
        if (++i == ID_SET_WORDS)
            return ID_SET_SIZE;
        word = s->bits[i];
    }
}

size_t id_set_last(const struct id_set *s, size_t from)
{
    if (from >= ID_SET_SIZE)
        return ID_SET_SIZE;
    uint64_t word = s->bits[from / 64] & UINT64_MAX >> (63 - from % 64);
    for (size_t i = from / 64;;) {
        if (word)
            return i * 64 + 63 - (size_t)__builtin_clzll(word);
        if (i-- == 0)
            return ID_SET_SIZE;
        word = s->bits[i];
    }
}

void id_set_read(struct id_set *s, struct str text)
{
    if (str_eq(text, STR(EVERYBODY))) {
        id_set_add_range(s, 0, ID_SET_SIZE - 1);
        return;
    }
    size_t at = 0, distance = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned c = (unsigned)(text.ptr[i] - FIRST_CHAR);
        distance = distance << PAYLOAD | (c & (MORE - 1));
        if (c & MORE)
            continue;
        at += distance;
        if (at >= ID_SET_SIZE)
            return;
        id_set_add(s, at++);
        distance = 0;
    }
}

/* Below ID_SET_SIZE: at most three characters. */
static void distance_write(struct buf *out, size_t distance)
{
    if (distance >= MORE << PAYLOAD)
        buf_char(out, (char)(FIRST_CHAR + (MORE | distance >> 2 * PAYLOAD)));
    if (distance >= MORE)
        buf_char(out, (char)(FIRST_CHAR + (MORE | (distance >> PAYLOAD & (MORE - 1)))));
    buf_char(out, (char)(FIRST_CHAR + (distance & (MORE - 1))));
}

void id_set_write(const struct id_set *s, struct buf *out)
{
    if (id_set_count(s) > ID_SET_SIZE / 4) {
        buf_lit(out, EVERYBODY);
        return;
    }
    size_t next = 0;
    for (size_t n = id_set_next(s, 0); n < ID_SET_SIZE; n = id_set_next(s, next)) {
        distance_write(out, n - next);
        next = n + 1;
    }
}
