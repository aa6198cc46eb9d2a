/*
 * ole.h - streams inside a compound file ([MS-CFB]), the container of .xls.
 *
 * The file is a small disk: sectors in chains (FAT), small streams in a stream of their own (mini
 * FAT), and a directory. All that is kept of a chain is its list of places, so a stream can be read
 * from any offset. Nothing is allocated beyond what the file itself could hold, whatever its
 * header says. Refuses chains that run in a circle or leave the file. Called by sheet.c and
 * xls_records.c.
 */
#ifndef SHEET_OLE_H
#define SHEET_OLE_H

#include "sheet/trouble.h"

#define OLE_ENTRIES_MAX 65536 /* streams and storages */

struct ole_entry;

struct ole {
    int fd;
    int64_t file_size;
    struct trouble *trouble;
    unsigned bits;      /* a sector has 2^bits bytes */
    unsigned mini_bits; /* and a mini sector so many, as the header says */
    uint32_t sectors;   /* that begin within the file */
    unsigned char *fat; /* for each the number of the next one in its chain, as in the file */
    uint32_t fat_count;
    uint32_t directory, mini_fat; /* where these chains begin */
    int64_t mini_below;           /* smaller streams stand in the mini stream */
    struct ole_entry *entries;
    size_t entry_count;
};

/* A stream that can be read anywhere. */
struct ole_stream {
    int fd;
    struct trouble *trouble;
    uint32_t *units; /* the place of each piece in the file, in units of its size; NULL: the stream
                        is the file */
    size_t unit_count;
    unsigned bits; /* a piece has 2^bits bytes */
    int64_t size;
    bool cut; /* the directory promised more than its chain holds */
};

/* Reads header, FAT and directory; -1: trouble. The caller's to ole_close in either case. */
int ole_open(struct ole *o, int fd, int64_t file_size, struct trouble *t) MUST_CHECK;
void ole_close(struct ole *o);

/* Whether the root of the directory holds a stream of that name (ASCII, any case). What lies in
 * storages, as embedded documents do, is not looked at. */
bool ole_has(const struct ole *o, struct str name);
/* Opens such a stream, which must be there; -1: trouble. The caller's to ole_stream_close in either
 * case; it does not need `o` any more. */
int ole_stream_open(struct ole *o, struct str name, struct ole_stream *s) MUST_CHECK;
/* The whole file as a stream. */
void ole_stream_plain(struct ole_stream *s, int fd, int64_t file_size, struct trouble *t);
void ole_stream_close(struct ole_stream *s);

/* Reads up to `n` bytes at offset `at`: fewer only at the end of the stream; -1: trouble. */
int64_t ole_stream_read(const struct ole_stream *s, int64_t at, void *to, size_t n) MUST_CHECK;

#endif
