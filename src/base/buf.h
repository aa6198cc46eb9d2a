/*
 * buf.h - bytes that grow, never beyond a maximum.
 *
 * Every buffer names its maximum when it is made. Appending beyond it (or out of memory) sets a
 * sticky `failed` and drops what did not fit; builders append without checking and ask once at the
 * end. The bytes belong to the buffer until buf_free().
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    char *ptr;
    size_t len, room, max;
    bool failed;
};

#define BUF_INIT(maximum)                                                                          \
    {                                                                                              \
        .max = (maximum)                                                                           \
    }
/* A buffer that ends with the enclosing block: BUF(out, MAX); */
#define BUF(name, maximum) struct buf name CLEANUP(buf_free) = BUF_INIT(maximum)

void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);
/* Empties the buffer but keeps its memory; clears `failed`. */
void buf_clear(struct buf *b);

void buf_append(struct buf *b, const void *bytes, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
void buf_i64(struct buf *b, int64_t n);
/* As people read it: 1,204. */
void buf_i64_grouped(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Makes room for `n` more bytes and returns where they go (then add to len), or NULL when failed.
 */
char *buf_reserve(struct buf *b, size_t n) MUST_CHECK;

#define buf_lit(b, literal) buf_append((b), (literal), sizeof(literal) - 1)

static inline struct str buf_view(const struct buf *b)
{
    return str_n(b->ptr ? b->ptr : "", b->len);
}

#endif
