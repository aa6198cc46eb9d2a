/*
 * source.h - where bytes come from: a file, an inflating zip entry, a converter.
 *
 * Readers are stacked: whoever wants bytes asks the source below. A source keeps no more than its
 * own buffer; the cause of a failure is in the `struct trouble` that all layers share.
 */
#ifndef SHEET_SOURCE_H
#define SHEET_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct source {
    /* Puts up to `room` (> 0) bytes at `to`: their number, 0 at the end, -1 when there is trouble.
     */
    int64_t (*read)(void *self, char *to, size_t room);
    void *self;
};

static inline int64_t source_read(const struct source *s, char *to, size_t room)
{
    return s->read(s->self, to, room);
}

#endif
