/*
 * inflate.c - see inflate.h.
 */
#include "sheet/inflate.h"

#include <assert.h>
#include <isa-l.h>
#include <stdlib.h>
#include <zlib.h>

/* Both libraries count in 32 bits; callers give them no more than this at once. */
#define STEP_MAX ((size_t)1 << 30)

struct inflate {
    enum inflate_engine engine;
    union {
        struct inflate_state isal;
        z_stream zlib;
    };
};

struct inflate *inflate_new(enum inflate_engine engine)
{
    struct inflate *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->engine = engine;
    if (engine == INFLATE_ISAL) {
        isal_inflate_init(&f->isal);
        f->isal.crc_flag = ISAL_DEFLATE;
    } else if (inflateInit2(&f->zlib, -MAX_WBITS) != Z_OK) {
        free(f);
        return NULL;
    }
    return f;
}

void inflate_free(struct inflate **f)
{
    if (!*f)
        return;
    if ((*f)->engine == INFLATE_ZLIB)
        inflateEnd(&(*f)->zlib);
    free(*f);
    *f = NULL;
}

static enum inflate_result step_isal(struct inflate_state *s, struct inflate_io *io)
{
    s->next_in = io->in;
    s->avail_in = (uint32_t)io->in_len;
    s->next_out = io->out;
    s->avail_out = (uint32_t)io->out_room;
    int status = isal_inflate(s);
    *io = (struct inflate_io){s->next_in, s->avail_in, s->next_out, s->avail_out};
    if (status < 0)
        return INFLATE_BROKEN;
    return s->block_state == ISAL_BLOCK_FINISH ? INFLATE_END : INFLATE_MORE;
}

static enum inflate_result step_zlib(z_stream *z, struct inflate_io *io)
{
    z->next_in = io->in;
    z->avail_in = (uInt)io->in_len;
    z->next_out = io->out;
    z->avail_out = (uInt)io->out_room;
    int status = inflate(z, Z_NO_FLUSH);
    *io = (struct inflate_io){z->next_in, z->avail_in, z->next_out, z->avail_out};
    if (status == Z_STREAM_END)
        return INFLATE_END;
    return status == Z_OK || status == Z_BUF_ERROR ? INFLATE_MORE : INFLATE_BROKEN;
}

enum inflate_result inflate_step(struct inflate *f, struct inflate_io *io)
{
    assert(io->in_len <= STEP_MAX && io->out_room <= STEP_MAX);
    return f->engine == INFLATE_ISAL ? step_isal(&f->isal, io) : step_zlib(&f->zlib, io);
}

uint32_t inflate_crc(uint32_t crc, const void *bytes, size_t n)
{
    return crc32_gzip_refl(crc, bytes, n);
}
