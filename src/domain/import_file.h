/*
 * import_file.h - from the uploaded file to rows with verdicts. Called by import.c alone.
 */
#ifndef DOMAIN_IMPORT_FILE_H
#define DOMAIN_IMPORT_FILE_H

#include "domain/import.h"

/* The file of an import. */
const char *import_path(struct scope *s, const char *folder, const struct import *i);
/* Removes it, after the transaction that said so; trouble is logged. */
void import_unlink(struct scope *s, const char *folder, const struct import *i);

struct import_source {
    const char *path;
    int64_t sheet; /* 0-based */
    struct str kind, encoding;
    struct str sheets; /* JSON */
    int64_t sheet_count;
    struct columns columns;
};

/* Opens the file and guesses. `sheet` negative: the first visible one with a column of numbers;
 * `header_row` negative: found. */
enum problem import_inspect(struct scope *s, const char *path, int64_t sheet, int64_t header_row,
                            struct import_source *out);

/* Writes the import's rows inside the caller's transaction and counts them. `dropped`: numbers of
 * rows that stay dropped, ascending. */
enum problem import_fill(struct scope *s, int64_t import, const struct import_source *source,
                         const int64_t *dropped, size_t dropped_count,
                         struct import_counts *counts);

/* Attributes of a row by its cells (JSON array of texts), as a JSON object. */
struct str import_attributes(struct arena *a, const struct columns *c, const json_t *cells);

#endif
