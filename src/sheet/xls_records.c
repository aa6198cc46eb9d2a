/*
 * xls_records.c - see xls_records.h.
 */
#include "sheet/xls_records.h"

#include <stdlib.h>

#define HEADER_SIZE 4
#define RECORD_MAX  (HEADER_SIZE + 65535)
#define WINDOW      ((size_t)128 << 10)
#define CHUNK_FIRST ((size_t)4 << 10)
_Static_assert(WINDOW >= RECORD_MAX, "a record fits into the window");

static int damaged(struct xls_records *r, const char *what)
{
    return trouble_set(r->trouble, SHEET_E_DAMAGED, "record at %lld: %s",
                       (long long)xls_records_offset(r), what);
}

/* The stream ends too early: for want of the end of the file, or because a record lies. */
static int breaks_off(struct xls_records *r)
{
    return r->stream->cut ? trouble_set(r->trouble, SHEET_E_CUT, "the workbook breaks off")
                          : damaged(r, "the stream breaks off");
}

int xls_records_open(struct xls_records *r, const struct ole_stream *s, struct trouble *t)
{
    *r = (struct xls_records){
        .stream = s, .trouble = t, .window = malloc(WINDOW), .chunk = CHUNK_FIRST};
    return r->window ? 0 : trouble_set(t, SHEET_E_IO, "out of memory");
}

void xls_records_close(struct xls_records *r)
{
    free(r->window);
    *r = (struct xls_records){0};
}

/* Makes sure of `n` bytes at `at`: 1, 0 when the stream has not so many, -1 trouble. */
static int window_fill(struct xls_records *r, size_t n)
{
    while (r->end - r->at < n) {
        if (r->at + n > WINDOW || WINDOW - r->end < r->chunk) {
            memmove(r->window, r->window + r->at, r->end - r->at);
            r->base += (int64_t)r->at;
            r->end -= r->at;
            r->at = 0;
        }
        size_t room = WINDOW - r->end;
        int64_t got = ole_stream_read(r->stream, r->base + (int64_t)r->end, r->window + r->end,
                                      room < r->chunk ? room : r->chunk);
        if (got <= 0)
            return (int)got;
        r->end += (size_t)got;
        if (r->chunk < WINDOW / 2)
            r->chunk *= 2;
    }
    return 1;
}

int xls_records_next(struct xls_records *r)
{
    int got = window_fill(r, HEADER_SIZE);
    r->began = r->at;
    if (got == 0 && (r->end > r->at || r->stream->cut))
        return breaks_off(r);
    if (got <= 0)
        return got;
    size_t length = le16(r->window + r->at + 2);
    got = window_fill(r, HEADER_SIZE + length);
    r->began = r->at;
    if (got <= 0)
        return got < 0 ? -1 : breaks_off(r);
    r->type = le16(r->window + r->at);
    r->p = r->window + r->at + HEADER_SIZE;
    r->stop = r->p + length;
    r->at += HEADER_SIZE + length;
    return 1;
}

void xls_records_unread(struct xls_records *r)
{
    r->at = r->began;
}

int64_t xls_records_offset(const struct xls_records *r)
{
    return r->base + (int64_t)r->began;
}

void xls_records_seek(struct xls_records *r, int64_t offset)
{
    int64_t end = r->base + (int64_t)r->end;
    if (offset >= r->base && offset <= end) {
        r->at = (size_t)(offset - r->base);
        return;
    }
    r->base = offset;
    r->at = r->end = 0;
    r->chunk = CHUNK_FIRST;
}

int xls_records_pass(struct xls_records *r)
{
    int64_t depth = 1;
    while (depth > 0) {
        int got = xls_records_next(r);
        if (got <= 0)
            return got;
        depth += r->type == XLS_BOF ? 1 : r->type == XLS_EOF ? -1 : 0;
    }
    return 1;
}

const unsigned char *xls_take(struct xls_records *r, size_t n)
{
    const unsigned char *p = r->p;
    if (xls_left(r) < n) {
        damaged(r, "shorter than its content");
        return NULL;
    }
    r->p += n;
    return p;
}

int xls_continue(struct xls_records *r)
{
    int got = xls_records_next(r);
    if (got == 1 && r->type != XLS_CONTINUE) {
        xls_records_unread(r);
        r->p = r->stop = r->window + r->at;
        return 0;
    }
    return got;
}

/* Goes on until there are bytes. */
static int content_find(struct xls_records *r)
{
    while (xls_left(r) == 0) {
        int more = xls_continue(r);
        if (more <= 0)
            return more < 0 ? -1 : damaged(r, "its content is not all there");
    }
    return 0;
}

int xls_number_across(struct xls_records *r, size_t n, uint32_t *value)
{
    *value = 0;
    for (size_t i = 0; i < n; i++) {
        if (content_find(r) < 0)
            return -1;
        *value |= (uint32_t)*r->p++ << 8 * i;
    }
    return 0;
}

int xls_skip_across(struct xls_records *r, uint64_t n)
{
    while (n > 0) {
        if (content_find(r) < 0)
            return -1;
        size_t part = xls_left(r) < n ? xls_left(r) : (size_t)n;
        r->p += part;
        n -= part;
    }
    return 0;
}
