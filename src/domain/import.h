/*
 * import.h - one uploaded file on its way to contacts (가져오기).
 *
 * An upload is inspected, its columns are guessed, and every row gets a verdict and is kept; the
 * user corrects the columns, drops rows, and confirms: one transaction makes contacts of what is
 * good. The counters of an import always equal its rows while it is in state 'mapping'. Called by
 * the API.
 */
#ifndef DOMAIN_IMPORT_H
#define DOMAIN_IMPORT_H

#include "domain/columns.h"
#include "domain/scope.h"

#define IMPORT_ROWS_MAX INT64_C(200000)
#define IMPORT_FILE_MAX ((size_t)200 << 20) /* bytes of an upload */
#define IMPORT_NAME_MAX 255                 /* characters of a file's name */

struct import_counts {
    int64_t rows, ok, repaired, duplicate, error, dropped, create, update;
};

struct import {
    int64_t id, sheet, header_row, created_at, confirmed_at;
    struct str filename, state, kind;
    struct str file;            /* name within the folder of uploads; empty once it is gone */
    struct str encoding;        /* ptr NULL: a workbook */
    struct str sheets, columns; /* JSON arrays of the API */
    struct import_counts counts;
    int64_t group;
    struct str group_name; /* ptr NULL: not confirmed, or the group is gone */
    int64_t created, updated, skipped;
};

struct import_row {
    int64_t number, duplicate_of, contact;
    struct str verdict, name, phone;
    struct str reason, email; /* ptr NULL: none */
    struct str original_phone;
    struct str attributes; /* JSON object of texts */
    bool dropped;
};

/* What the user says about the columns; negative numbers and `given` false: as it is. */
struct import_mapping {
    int64_t sheet, header_row;
    bool columns_given;
    const struct import_column {
        int64_t index;
        enum column_role role;
        struct str attribute; /* empty: the header */
    } * columns;              /* those not listed are ignored */
    size_t count;
};

struct import_target {
    int64_t group;             /* 0: a new one */
    struct str new_group_name; /* made free */
};

/* `folder`, everywhere: where uploads are kept until they are confirmed or discarded. Takes the
 * file at `upload` into it (both on one file system) and reads it. SHEET_REFUSED with a field error
 * "file", SHEET_EMPTY, SHEET_TOO_LARGE; the file is removed then. */
enum problem import_create(struct scope *s, struct str filename, const char *upload,
                           const char *folder, int64_t *id);
enum problem import_get(struct scope *s, int64_t id, struct import *out);
/* One page, the newest first. */
enum problem import_list(struct scope *s, const struct page *page, const struct import **list,
                         size_t *count, struct str *next);
/* Reads the file again under other columns; drops stay when sheet and header stay. */
enum problem import_remap(struct scope *s, const char *folder, int64_t id,
                          const struct import_mapping *mapping);
/* One page of rows in the order of the sheet; `verdict` empty: any. */
enum problem import_row_list(struct scope *s, int64_t id, struct str verdict,
                             const struct page *page, const struct import_row **list, size_t *count,
                             struct str *next);
enum problem import_row_get(struct scope *s, int64_t id, int64_t number, struct import_row *out);
/* Takes a row out, or in again. */
enum problem import_row_drop(struct scope *s, int64_t id, int64_t number, bool dropped);
/* Makes contacts of the rows that are ok or repaired and not dropped, all or nothing. */
enum problem import_confirm(struct scope *s, const char *folder, int64_t id,
                            const struct import_target *target);
/* Removes rows and file; the import stays in the list as 'discarded'. */
enum problem import_discard(struct scope *s, const char *folder, int64_t id);
/* Removes files that no import needs any more: a process died before it could. For the start. */
void import_sweep(struct scope *s, const char *folder);

/* True for 'ok', 'repaired', 'duplicate', 'error'. */
bool import_verdict_known(struct str verdict);
/* A sentence about a reason word; ptr NULL when there is none of that name. */
struct str import_reason_text(struct str word, bool english);

#endif
