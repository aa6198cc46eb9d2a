/*
 * arena.c - see arena.h. Blocks are chained newest first and double in size up to 1 MiB; a request
 * larger than a block gets a block of its own.
 */
#include "base/arena.h"
#include "base/log.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif

#ifdef HAVE_ASAN
#include <sanitizer/asan_interface.h>
#endif

static void poison(void *p, size_t n)
{
#ifdef HAVE_ASAN
    ASAN_POISON_MEMORY_REGION(p, n);
#else
    (void)p, (void)n;
#endif
}

static void unpoison(void *p, size_t n)
{
#ifdef HAVE_ASAN
    ASAN_UNPOISON_MEMORY_REGION(p, n);
#else
    (void)p, (void)n;
#endif
}

#define BLOCK_MIN ((size_t)8 << 10)
#define BLOCK_MAX ((size_t)1 << 20)
#define ALIGN     16

struct arena_block {
    struct arena_block *older;
    size_t size, used;
    _Alignas(ALIGN) unsigned char bytes[];
};

void arena_init(struct arena *a, size_t max)
{
    *a = (struct arena){.max = max};
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct arena_block *b = a->newest, *older; b; b = older) {
        older = b->older;
        unpoison(b->bytes, b->size);
        free(b);
    }
    a->newest = NULL;
    a->used = 0;
}

static struct arena_block *block_add(struct arena *a, size_t need)
{
    size_t size = a->newest ? a->newest->size * 2 : BLOCK_MIN;
    if (size > BLOCK_MAX)
        size = BLOCK_MAX;
    if (size < need)
        size = need;
    struct arena_block *b = malloc(sizeof *b + size);
    if (!b)
        fatalx("out of memory (%zu bytes)", size);
    *b = (struct arena_block){.older = a->newest, .size = size};
    poison(b->bytes, size);
    a->newest = b;
    return b;
}

void *arena_alloc(struct arena *a, size_t n)
{
    if (n > a->max || a->used > a->max - n)
        fatalx("arena of %zu bytes exhausted by a request for %zu", a->max, n);
    /* The gap up to the next multiple stays poisoned, so that running over the end is seen. */
    size_t padded = (n + ALIGN) & ~(size_t)(ALIGN - 1);
    struct arena_block *b = a->newest;
    if (!b || b->size - b->used < padded)
        b = block_add(a, padded);
    void *p = b->bytes + b->used;
    b->used += padded;
    a->used += n;
    unpoison(p, n);
    memset(p, 0, n);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(count, size, &n))
        fatalx("array of %zu x %zu bytes", count, size);
    return arena_alloc(a, n);
}

size_t arena_room(const struct arena *a)
{
    return a->max - a->used;
}
