/*
 * buf.c - see buf.h.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define I64_TEXT_MAX 20 /* "-9223372036854775808" */

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf)BUF_INIT(max);
}

void buf_free(struct buf *b)
{
    free(b->ptr);
    *b = (struct buf)BUF_INIT(b->max);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
}

char *buf_reserve(struct buf *b, size_t n)
{
    if (b->failed || n > b->max || b->len > b->max - n) {
        b->failed = true;
        return NULL;
    }
    if (b->room - b->len < n) {
        size_t room = b->room ? b->room * 2 : 256;
        while (room < b->len + n)
            room *= 2;
        if (room > b->max)
            room = b->max;
        char *grown = realloc(b->ptr, room);
        if (!grown) {
            b->failed = true;
            return NULL;
        }
        b->ptr = grown;
        b->room = room;
    }
    return b->ptr + b->len;
}

void buf_append(struct buf *b, const void *bytes, size_t n)
{
    if (n == 0)
        return;
    char *to = buf_reserve(b, n);
    if (!to)
        return;
    memcpy(to, bytes, n);
    b->len += n;
}

void buf_str(struct buf *b, struct str s)
{
    buf_append(b, s.ptr, s.len);
}

void buf_char(struct buf *b, char c)
{
    buf_append(b, &c, 1);
}

/* Decimal digits of `n` from the end of `out` to the front; where they begin. Lists of a million
 * rows are written with it, so it is not left to printf. */
static char *digits(uint64_t n, char *end)
{
    do
        *--end = (char)('0' + n % 10);
    while (n /= 10);
    return end;
}

void buf_i64(struct buf *b, int64_t n)
{
    char text[I64_TEXT_MAX], *end = text + sizeof text;
    char *at = digits(n < 0 ? -(uint64_t)n : (uint64_t)n, end);
    if (n < 0)
        *--at = '-';
    buf_append(b, at, (size_t)(end - at));
}

void buf_i64_grouped(struct buf *b, int64_t n)
{
    char text[I64_TEXT_MAX], *end = text + sizeof text;
    if (n < 0)
        buf_char(b, '-');
    const char *at = digits(n < 0 ? -(uint64_t)n : (uint64_t)n, end);
    for (; at < end; at++) {
        buf_char(b, *at);
        if ((end - at - 1) % 3 == 0 && end - at > 1)
            buf_char(b, ',');
    }
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *to = n < 0 ? NULL : buf_reserve(b, (size_t)n + 1);
    if (to) {
        vsnprintf(to, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}
