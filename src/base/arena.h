/*
 * arena.h - memory that dies together.
 *
 * A request, a sender step or an import owns one arena; whatever it makes on the way is taken from
 * it and vanishes with it, so callers contain no free(). An arena has a maximum: what outside bytes
 * can make us allocate is bounded by construction. Under AddressSanitizer unused bytes are
 * poisoned. An arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/attr.h"
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *newest;
    size_t used; /* bytes handed out in all */
    size_t max;  /* bytes that may be handed out; beyond it the process aborts with a message */
};

/* The usual maximum of one request or step. */
#define ARENA_MAX_DEFAULT ((size_t)64 << 20)

/* Makes `a` empty with the given maximum; allocates nothing yet. */
void arena_init(struct arena *a, size_t max);

/* Gives back everything; `a` is empty again and may be used further. NULL-safe for cleanup use. */
void arena_free(struct arena *a);

/* `n` zeroed bytes aligned for any type, owned by the arena. Never NULL: beyond the maximum it is a
 * programming error (inputs are bounded before) and the process ends. */
void *arena_alloc(struct arena *a, size_t n) MUST_CHECK;

/* Like arena_alloc for `count` things of `size` bytes, with the multiplication checked. */
void *arena_array(struct arena *a, size_t count, size_t size) MUST_CHECK;

/* Bytes still available; readers of outside data ask before they store. */
size_t arena_room(const struct arena *a);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* An arena that ends with the enclosing block: ARENA(scratch, MAX); */
#define ARENA(name, maximum) struct arena name CLEANUP(arena_free) = {.max = (maximum)}

#endif
