/*
 * zip_out.c - see zip_out.h. Offsets below are those of APPNOTE 4.3; the time of every entry is the
 * first that DOS knows, so that the same rows make the same file.
 */
#include "sheet/zip_out.h"

#include <assert.h>
#include <errno.h>
#include <isa-l.h>
#include <stdio.h>
#include <stdlib.h>

#define LOCAL_SIZE     30
#define ENTRY_SIZE     46
#define END_SIZE       22
#define END64_SIZE     56
#define LOCATOR64_SIZE 20
#define OFFSET64_SIZE  12 /* extra field of a line of the directory */
#define EXTRA_ZIP64    1
#define OFFSET_FULL    INT64_C(0xFFFFFFFF)
#define SUM_AT         14 /* of the local header: sum, stored size, size */
#define SUM_SIZE       12
#define VERSION        20 /* deflate */
#define VERSION_ZIP64  45
#define UTF8_NAMES     0x0800
#define METHOD_DEFLATE 8
#define DATE_1980      0x21
#define DEFLATED_ROOM  ((size_t)64 << 10)
#define LEVEL          1

struct entry {
    char name[ZIP_OUT_NAME_MAX];
    uint32_t sum;
    int64_t at, stored, size;
};

struct zip_out {
    struct sink *sink;
    size_t count;
    struct entry entries[ZIP_OUT_ENTRIES_MAX];
    struct isal_zstream deflate;
    uint8_t level_room[ISAL_DEF_LVL1_DEFAULT];
    uint8_t deflated[DEFLATED_ROOM];
};

/* ---- little endian ---- */

static void put(unsigned char *to, uint64_t n, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (unsigned char)(n >> 8 * i);
}

/* ---- headers ---- */

static void sum_write(unsigned char *to, const struct entry *e)
{
    put(to, e->sum, 4);
    put(to + 4, (uint64_t)e->stored, 4);
    put(to + 8, (uint64_t)e->size, 4);
}

/* What a local header and a line of the directory have alike, from "version needed" on. */
static void about_write(unsigned char *to, const struct entry *e)
{
    put(to, VERSION, 2);
    put(to + 2, UTF8_NAMES, 2);
    put(to + 4, METHOD_DEFLATE, 2);
    put(to + 8, DATE_1980, 2);
    sum_write(to + 10, e);
    put(to + 22, strlen(e->name), 2);
}

static void local_write(struct zip_out *z, const struct entry *e)
{
    unsigned char head[LOCAL_SIZE] = {'P', 'K', 3, 4};
    about_write(head + 4, e);
    sink_append(z->sink, head, sizeof head);
    sink_append(z->sink, e->name, strlen(e->name));
}

/* What does not fit into 32 bits stands as all ones, and in full behind. */
static void offset_put(unsigned char *to, int64_t n)
{
    put(to, n < OFFSET_FULL ? (uint64_t)n : OFFSET_FULL, 4);
}

static void directory_line_write(struct zip_out *z, const struct entry *e)
{
    unsigned char head[ENTRY_SIZE] = {'P', 'K', 1, 2, VERSION};
    unsigned char wide[OFFSET64_SIZE] = {EXTRA_ZIP64, 0, 8};
    bool is_far = e->at >= OFFSET_FULL;
    about_write(head + 6, e);
    put(head + 30, is_far ? sizeof wide : 0, 2);
    offset_put(head + 42, e->at);
    put(wide + 4, (uint64_t)e->at, 8);
    sink_append(z->sink, head, sizeof head);
    sink_append(z->sink, e->name, strlen(e->name));
    sink_append(z->sink, wide, is_far ? sizeof wide : 0);
}

/* The end of a directory that begins or ends beyond 4 GiB, and where to find it. */
static void end64_write(struct zip_out *z, int64_t at)
{
    unsigned char end[END64_SIZE] = {'P', 'K', 6, 6, END64_SIZE - 12};
    unsigned char locator[LOCATOR64_SIZE] = {'P', 'K', 6, 7};
    int64_t here = z->sink->taken;
    put(end + 12, VERSION_ZIP64, 2);
    put(end + 14, VERSION_ZIP64, 2);
    put(end + 24, z->count, 8);
    put(end + 32, z->count, 8);
    put(end + 40, (uint64_t)(here - at), 8);
    put(end + 48, (uint64_t)at, 8);
    put(locator + 8, (uint64_t)here, 8);
    put(locator + 16, 1, 4);
    sink_append(z->sink, end, sizeof end);
    sink_append(z->sink, locator, sizeof locator);
}

/* ---- entries ---- */

struct zip_out *zip_out_new(struct sink *sink)
{
    struct zip_out *z = calloc(1, sizeof *z);
    if (z)
        z->sink = sink;
    return z;
}

void zip_out_free(struct zip_out **z)
{
    free(*z);
    *z = NULL;
}

static struct entry *current(struct zip_out *z)
{
    assert(z->count > 0);
    return &z->entries[z->count - 1];
}

void zip_out_begin(struct zip_out *z, const char *name)
{
    if (z->count == ZIP_OUT_ENTRIES_MAX)
        sink_fail(z->sink, EFBIG); /* and the last entry takes what nobody will read */
    else
        z->count++;
    struct entry *e = current(z);
    *e = (struct entry){.at = z->sink->taken};
    int n = snprintf(e->name, sizeof e->name, "%s", name);
    assert(n > 0 && n < (int)sizeof e->name);
    local_write(z, e);
    isal_deflate_init(&z->deflate);
    z->deflate.level = LEVEL;
    z->deflate.level_buf = z->level_room;
    z->deflate.level_buf_size = sizeof z->level_room;
}

/* Runs the deflater until it has taken all it was given, at the end until it has given all back. */
static void deflate_run(struct zip_out *z)
{
    do {
        z->deflate.next_out = z->deflated;
        z->deflate.avail_out = DEFLATED_ROOM;
        int status = isal_deflate(&z->deflate);
        assert(status == COMP_OK);
        size_t n = DEFLATED_ROOM - z->deflate.avail_out;
        sink_append(z->sink, z->deflated, n);
        current(z)->stored += (int64_t)n;
    } while (z->deflate.avail_out == 0 || z->deflate.avail_in > 0);
}

void zip_out_append(struct zip_out *z, const void *bytes, size_t n)
{
    struct entry *e = current(z);
    union { /* ISA-L reads through a pointer that it does not call const */
        const void *in;
        uint8_t *out;
    } pointer = {.in = bytes};
    assert(n <= UINT32_MAX);
    if (z->sink->error)
        return;
    e->sum = crc32_gzip_refl(e->sum, bytes, n);
    e->size += (int64_t)n;
    z->deflate.next_in = pointer.out;
    z->deflate.avail_in = (uint32_t)n;
    deflate_run(z);
}

int64_t zip_out_size(const struct zip_out *z)
{
    return z->count ? z->entries[z->count - 1].size : 0;
}

void zip_out_end(struct zip_out *z)
{
    struct entry *e = current(z);
    unsigned char sum[SUM_SIZE];
    if (z->sink->error)
        return;
    z->deflate.end_of_stream = 1;
    deflate_run(z);
    if (e->size >= OFFSET_FULL || e->stored >= OFFSET_FULL)
        sink_fail(z->sink, EFBIG);
    sum_write(sum, e);
    sink_patch(z->sink, e->at + SUM_AT, sum, sizeof sum);
}

void zip_out_entry(struct zip_out *z, const char *name, struct str content)
{
    zip_out_begin(z, name);
    zip_out_append(z, content.ptr, content.len);
    zip_out_end(z);
}

void zip_out_finish(struct zip_out *z)
{
    int64_t at = z->sink->taken;
    unsigned char end[END_SIZE] = {'P', 'K', 5, 6};
    for (size_t i = 0; i < z->count; i++)
        directory_line_write(z, &z->entries[i]);
    put(end + 8, z->count, 2);
    put(end + 10, z->count, 2);
    put(end + 12, (uint64_t)(z->sink->taken - at), 4);
    offset_put(end + 16, at);
    if (at >= OFFSET_FULL)
        end64_write(z, at);
    sink_append(z->sink, end, sizeof end);
}
