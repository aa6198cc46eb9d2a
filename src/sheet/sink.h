/*
 * sink.h - bytes on their way into a file that is being made: gathered, counted, trouble
 * remembered.
 *
 * Writers of the room (zip_out.c, csv_out.c) append without checking and ask once at the end; the
 * first error (a full disk, a quota) is kept and everything after it is thrown away.
 */
#ifndef SHEET_SINK_H
#define SHEET_SINK_H

#include "base/str.h"

#define SINK_ROOM ((size_t)64 << 10)

struct sink {
    int fd;        /* the caller's; written at its position, from where the sink began */
    int error;     /* errno of the first trouble, 0 while all is well */
    int64_t taken; /* offset in the file behind what was appended so far */
    size_t have;   /* of them still in `bytes` */
    char bytes[SINK_ROOM];
};

/* Begins where `fd` (seekable) stands. */
void sink_begin(struct sink *s, int fd);
void sink_append(struct sink *s, const void *bytes, size_t n);
void sink_char(struct sink *s, char c);
/* Replaces bytes appended before, at that offset of the file. */
void sink_patch(struct sink *s, int64_t at, const void *bytes, size_t n);
/* Hands what is left to the file; true when every byte has arrived. */
bool sink_flush(struct sink *s) MUST_CHECK;
/* Notes trouble that is not of the file (EFBIG, ENOMEM). */
void sink_fail(struct sink *s, int error);

#endif
