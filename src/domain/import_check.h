/*
 * import_check.h - from an uploaded file to columns, notes, and rows with verdicts.
 *
 * Finds the sheet that holds the list, its header and what its columns mean, judges every row and
 * keeps it (import_rows.h). Memory does not grow with the file, but for some bytes a row while
 * numbers are compared. Called by import_work.c; import_edit.c and import_merge.c ask for the rows.
 */
#ifndef DOMAIN_IMPORT_CHECK_H
#define DOMAIN_IMPORT_CHECK_H

#include "domain/import_rows.h"

/* Who watches over long work: told how far it is, says whether to go on. */
struct import_watch {
    bool (*go_on)(void *ctx, int64_t done, int64_t total);
    void *ctx;
};

/* Checks the file of an import in state 'checking', which is 'mapping' afterwards, or 'refused', or
 * 'checking' once more when what the user said made it unreadable. IMPORT_STATE when it was changed
 * meanwhile or the watch said so. */
enum problem import_check(struct scope *s, const char *folder, const struct import *i,
                          const struct import_watch *watch);

/* Opens the rows of an import, read again when they are not those of its revision; the caller holds
 * import_rows_lock and closes them. IMPORT_ELSEWHERE when its file is not in this folder. */
enum problem import_rows_ready(struct scope *s, const char *folder, const struct import *i,
                               struct import_rows *out);

#endif
