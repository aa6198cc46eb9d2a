/*
 * sink.c - see sink.h.
 */
#include "sheet/sink.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

void sink_begin(struct sink *s, int fd)
{
    s->fd = fd;
    s->taken = lseek(fd, 0, SEEK_CUR);
    s->error = s->taken < 0 ? errno : 0;
    s->have = 0;
}

void sink_fail(struct sink *s, int error)
{
    if (!s->error)
        s->error = error;
}

static void file_write(struct sink *s, const char *bytes, size_t n)
{
    while (n > 0 && !s->error) {
        ssize_t written = write(s->fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            sink_fail(s, written < 0 ? errno : ENOSPC);
            return;
        }
        bytes += written;
        n -= (size_t)written;
    }
}

static void empty(struct sink *s)
{
    file_write(s, s->bytes, s->have);
    s->have = 0;
}

void sink_append(struct sink *s, const void *bytes, size_t n)
{
    s->taken += (int64_t)n;
    if (n > SINK_ROOM - s->have) {
        empty(s);
        if (n > SINK_ROOM) {
            file_write(s, bytes, n);
            return;
        }
    }
    memcpy(s->bytes + s->have, bytes, n);
    s->have += n;
}

void sink_char(struct sink *s, char c)
{
    sink_append(s, &c, 1);
}

void sink_patch(struct sink *s, int64_t at, const void *bytes, size_t n)
{
    assert(at >= 0 && at + (int64_t)n <= s->taken);
    empty(s);
    if (s->error)
        return;
    /* A few bytes over what is there already: a short write would be a defect of the file. */
    errno = 0;
    if (pwrite(s->fd, bytes, n, at) != (ssize_t)n)
        sink_fail(s, errno ? errno : EIO);
}

bool sink_flush(struct sink *s)
{
    empty(s);
    return !s->error;
}
