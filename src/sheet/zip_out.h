/*
 * zip_out.h - a ZIP archive written from front to back, one deflated entry after another.
 *
 * Memory does not grow with what is written. ISA-L deflates (ten times as fast as zlib at the same
 * size here); sizes and sum of an entry are put into its header when it ends, so that every reader
 * understands the file, also those that know no data descriptors. An archive may be of any size
 * (zip64 beyond 4 GiB), an entry must be smaller than that. Called by xlsx_out.c.
 */
#ifndef SHEET_ZIP_OUT_H
#define SHEET_ZIP_OUT_H

#include "sheet/sink.h"

#define ZIP_OUT_ENTRIES_MAX 1024
#define ZIP_OUT_NAME_MAX    64

struct zip_out;

/* An archive that is written to `sink`, which must outlive it; NULL without memory. */
struct zip_out *zip_out_new(struct sink *sink) MUST_CHECK;
void zip_out_free(struct zip_out **z);

/* Begins the next entry. Beyond ZIP_OUT_ENTRIES_MAX, as with an entry of 4 GiB, the sink fails with
 * EFBIG. */
void zip_out_begin(struct zip_out *z, const char *name);
void zip_out_append(struct zip_out *z, const void *bytes, size_t n);
/* Bytes given to the entry so far. */
int64_t zip_out_size(const struct zip_out *z);
void zip_out_end(struct zip_out *z);
/* A whole entry at once. */
void zip_out_entry(struct zip_out *z, const char *name, struct str content);
/* The directory, which makes it an archive. Trouble stands in the sink. */
void zip_out_finish(struct zip_out *z);

#endif
