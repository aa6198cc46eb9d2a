/*
 * journal_file.h - the shape of the click journal on the disk: folder, file, record.
 *
 * File: the eight bytes "SGclick1", then records. Record, little endian: u32 length of the payload,
 * u32 CRC-32 of it (started with the length), payload. The payload's first 40 bytes are company,
 * campaign, ordinal, at (i64 each), button, kind, agent (u8 each) and five zero bytes; a later
 * version may append to it. Called by journal.c alone.
 */
#ifndef LINKS_JOURNAL_FILE_H
#define LINKS_JOURNAL_FILE_H

#include "links/journal.h"

#define JOURNAL_RECORD ((size_t)48) /* bytes of one record as we write it */

struct journal_folder {
    char *path;
    int fd;
};

struct journal_file {
    struct click_file public;
    int fd; /* open and locked */
};

/* Opens the folder, making it when absent. False with the reason logged. */
bool journal_folder_open(struct journal_folder *folder, const char *path) MUST_CHECK;
void journal_folder_close(struct journal_folder *folder);
/* Locks every journal file that nobody has locked, cuts off what a crash has torn, and hands it
 * over, oldest first. False with the reason logged. */
bool journal_folder_adopt(struct journal_folder *folder,
                          void (*take)(void *ctx, const struct journal_file *file),
                          void *ctx) MUST_CHECK;

/* A new locked file with its name durable in the folder. False with errno set. */
bool journal_file_create(struct journal_folder *folder, struct journal_file *file) MUST_CHECK;
/* Closes the file and removes it for good. False with the reason logged. */
bool journal_file_unlink(struct journal_folder *folder, struct journal_file *file) MUST_CHECK;

enum journal_append {
    JOURNAL_WRITTEN,  /* durable; public.end has moved */
    JOURNAL_CLEAN,    /* nothing was kept and the file is as before; errno says why */
    JOURNAL_DOUBTFUL, /* nothing is promised and the file must not be appended to; errno says why */
};

/* Writes whole records at the end. */
enum journal_append journal_file_append(struct journal_file *file, const unsigned char *bytes,
                                        size_t n) MUST_CHECK;
/* See click_journal_read. */
ptrdiff_t journal_file_read(const struct journal_file *file, int64_t *offset, struct click *clicks,
                            size_t max) MUST_CHECK;

void journal_record_encode(const struct click *click, unsigned char out[JOURNAL_RECORD]);
/* Size of the whole record at the start of the bytes, or 0 when none stands there. */
size_t journal_record_decode(const unsigned char *bytes, size_t n, struct click *click);

#endif
