/*
 * zip_fuzz.c - any bytes as a ZIP, read with both inflate engines.
 *
 * What ISA-L inflates to the right length and checksum, zlib must inflate to the same bytes.
 */
#include "memory_file.h"
#include "sheet/zip.h"

#include <assert.h>
#include <unistd.h>

#define OUTPUT_MAX ((size_t)1 << 20)

static char by_isal[OUTPUT_MAX], by_zlib[OUTPUT_MAX];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The whole part, or -1 when it was refused. */
static int64_t part_read(struct zip *z, const struct zip_entry *e, enum inflate_engine engine,
                         char *to)
{
    struct trouble trouble = {0};
    z->engine = engine;
    z->trouble = &trouble;
    struct zip_stream *s = zip_stream_open(z, e);
    if (!s)
        return -1;
    struct source source = zip_stream_source(s);
    size_t have = 0;
    int64_t n;
    while (have < OUTPUT_MAX && (n = source_read(&source, to + have, OUTPUT_MAX - have)) > 0)
        have += (size_t)n;
    zip_stream_close(&s);
    assert(have == OUTPUT_MAX || n == 0 || trouble.error != SHEET_OK);
    return have == OUTPUT_MAX || n == 0 ? (int64_t)have : -1;
}

static void part_compare(struct zip *z, struct str name)
{
    struct trouble trouble = {0};
    struct zip_entry e;
    z->trouble = &trouble;
    if (zip_find(z, name, &e) != 1)
        return;
    int64_t isal = part_read(z, &e, INFLATE_ISAL, by_isal);
    int64_t zlib = part_read(z, &e, INFLATE_ZLIB, by_zlib);
    if (isal > 0 && isal < (int64_t)OUTPUT_MAX && zlib >= 0)
        assert(isal == zlib && memcmp(by_isal, by_zlib, (size_t)isal) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct str names[] = {STR_INIT("a"), STR_INIT("b"), STR_INIT("xl/workbook.xml"),
                                       STR_INIT("xl/worksheets/sheet1.xml")};
    struct trouble trouble = {0};
    struct zip z;
    int fd = memory_file(str_n((const char *)data, size));
    if (zip_open(&z, fd, (int64_t)size, &trouble) == 0)
        for (size_t i = 0; i < COUNT_OF(names); i++)
            part_compare(&z, names[i]);
    zip_close(&z);
    close(fd);
    return 0;
}
