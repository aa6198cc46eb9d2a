/*
 * memory_file.h - bytes as a file that the reader can open, without a disk.
 */
#ifndef FUZZ_MEMORY_FILE_H
#define FUZZ_MEMORY_FILE_H

#include "base/str.h"

/* A file in memory that holds `bytes`; its descriptor is the caller's to close. */
int memory_file(struct str bytes);

/* Reads such a file as a sheet to its end and checks what every reader promises: rows run forwards,
 * numbers and cells stay within the limits, every cell is UTF-8, a refusal has a sentence. Returns
 * the number of rows, or -1 when it was refused. */
int64_t memory_file_read(int fd);
/* The same of sheet `number` (from 1), or of the one that is read by default when it is 0. */
int64_t memory_file_read_sheet(int fd, int number);

#endif
