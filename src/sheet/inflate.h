/*
 * inflate.h - raw deflate (RFC 1951) as a stream, by one of two engines.
 *
 * ISA-L is three times as fast as zlib but written in assembler, where sanitizers are blind; zlib
 * stands behind the same calls for other processors and as the judge in the fuzzer. Neither is
 * believed: zip.c compares length and CRC-32 of what comes out. Called by zip.c.
 */
#ifndef SHEET_INFLATE_H
#define SHEET_INFLATE_H

#include "base/attr.h"
#include <stddef.h>
#include <stdint.h>

enum inflate_engine {
    INFLATE_ISAL,
    INFLATE_ZLIB,
};

enum inflate_result {
    INFLATE_MORE,   /* all input was taken, or there is no room left */
    INFLATE_END,    /* the stream ended by itself */
    INFLATE_BROKEN, /* not a deflate stream */
};

/* What is left to read and where to write; inflate_step moves both on. */
struct inflate_io {
    uint8_t *in;
    size_t in_len;
    uint8_t *out;
    size_t out_room;
};

struct inflate;

/* A stream before its first byte; NULL without memory. The caller's to inflate_free. */
struct inflate *inflate_new(enum inflate_engine engine) MUST_CHECK;
void inflate_free(struct inflate **f);

/* Works until input or room is used up, or the stream ends. */
enum inflate_result inflate_step(struct inflate *f, struct inflate_io *io) MUST_CHECK;

/* CRC-32 as ZIP has it (ISO 3309), continued over `n` more bytes; begins with 0. */
uint32_t inflate_crc(uint32_t crc, const void *bytes, size_t n);

#endif
