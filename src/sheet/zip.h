/*
 * zip.h - the parts of a workbook, inflated as they are read.
 *
 * Reads the central directory (APPNOTE 6.3.10, zip64 included) and opens single entries as
 * streams. Nothing is believed: no memory is taken by what a header claims, an entry may not grow
 * past its declared size, past SHEET_INFLATED_MAX or past SHEET_RATIO_MAX, its CRC must be right,
 * and names are only compared, never used as paths. Refuses encryption and methods other than
 * stored and deflate. Called by xlsx_book.c and sheet.c.
 */
#ifndef SHEET_ZIP_H
#define SHEET_ZIP_H

#include "sheet/inflate.h"
#include "sheet/source.h"
#include "sheet/trouble.h"

#define ZIP_DIRECTORY_MAX ((int64_t)32 << 20) /* bytes of the central directory */

struct zip {
    int fd; /* the caller's, stays open */
    int64_t file_size;
    unsigned char *directory;
    size_t directory_size;
    enum inflate_engine engine;
    struct trouble *trouble;
};

struct zip_entry {
    int64_t stored, size; /* bytes in the file, bytes inflated */
    int64_t header;       /* offset of the local header */
    uint32_t crc;
    uint16_t method, flags;
};

/* Reads the directory of `fd` into `z`, which is the caller's to zip_close; -1: trouble. */
int zip_open(struct zip *z, int fd, int64_t file_size, struct trouble *t) MUST_CHECK;
void zip_close(struct zip *z);

/* Finds the part called `name` (ASCII case and the kind of slash do not matter, as in Excel):
 * 1 found, 0 not there, -1 trouble (damaged directory, or two parts of that name). */
int zip_find(const struct zip *z, struct str name, struct zip_entry *e) MUST_CHECK;

struct zip_stream;

/* Opens an entry; NULL: trouble. The caller's to zip_stream_close. */
struct zip_stream *zip_stream_open(const struct zip *z, const struct zip_entry *e) MUST_CHECK;
void zip_stream_close(struct zip_stream **s);
/* The inflated bytes; the end is only reported when size and CRC were right. */
struct source zip_stream_source(struct zip_stream *s);

#endif
