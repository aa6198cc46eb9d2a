/*
 * inflate_floor.c - inflate_floor FILE PART...: inflates parts of a workbook with zlib, and nothing
 * else.
 *
 * The floor under bench/sheet.py: what it costs to have the bytes at all with the library that
 * everybody uses, streaming through one buffer, no checksum, nobody looks at them. Prints how many
 * came out. Only the directory is read by our own zip.c.
 */
#include "sheet/zip.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define PIECE ((size_t)256 << 10) /* read and inflated at once; as our reader does */
#define LOCAL 30                  /* bytes of a local header before its name */

static unsigned char in[PIECE], out[PIECE];

/* The first stored byte of an entry. */
static int64_t data_at(int fd, const struct zip_entry *e)
{
    unsigned char h[LOCAL];
    if (pread(fd, h, sizeof h, e->header) != (ssize_t)sizeof h)
        return -1;
    return e->header + LOCAL + (h[26] | h[27] << 8) + (h[28] | h[29] << 8);
}

/* Bytes that came out, or -1. */
static int64_t part_inflate(int fd, const struct zip_entry *e)
{
    z_stream z = {0};
    int64_t at = data_at(fd, e), left = e->stored, total = 0;
    int status = at < 0 || e->method != 8 ? Z_DATA_ERROR : inflateInit2(&z, -MAX_WBITS);
    while (status == Z_OK) {
        if (z.avail_in == 0) {
            ssize_t n = pread(fd, in, (int64_t)PIECE < left ? PIECE : (size_t)left, at);
            if (n <= 0)
                break;
            at += n;
            left -= n;
            z.next_in = in;
            z.avail_in = (uInt)n;
        }
        z.next_out = out;
        z.avail_out = PIECE;
        status = inflate(&z, Z_NO_FLUSH);
        total += (int64_t)(PIECE - z.avail_out);
    }
    inflateEnd(&z);
    return status == Z_STREAM_END ? total : -1;
}

int main(int argc, char **argv)
{
    struct trouble trouble = {0};
    struct zip zip;
    struct stat st;
    int64_t total = 0;
    int fd = argc > 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || fstat(fd, &st) < 0 || zip_open(&zip, fd, st.st_size, &trouble) < 0) {
        fputs("inflate_floor FILE PART...\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        struct zip_entry e;
        int64_t n = zip_find(&zip, str_c(argv[i]), &e) == 1 ? part_inflate(fd, &e) : -1;
        if (n < 0) {
            fprintf(stderr, "%s: no such part, or not to be inflated\n", argv[i]);
            return 1;
        }
        total += n;
    }
    zip_close(&zip);
    close(fd);
    printf("%lld\n", (long long)total);
    return 0;
}
