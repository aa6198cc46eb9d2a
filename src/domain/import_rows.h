/*
 * import_rows.h - the rows of an upload with their verdicts, in two files beside it.
 *
 * They are derived: from the uploaded file, the mapping and the corrections that stand in the
 * store. Whatever becomes of them, they can be made anew; the revision in their head says of which
 * state of the import they are, and one that does not fit is not opened. So a crash between a
 * transaction and these files costs a second reading, never a row.
 *
 *     NAME.index   a head, then an entry of fixed size a row: any row, any filter, at any size
 *     NAME.rows    the texts of each row, found by its entry; corrected ones are appended
 *
 * Beyond a few pages nothing of them is in memory. One thread at a time works on an import
 * (import_rows_lock). Called by import_check.c, import_edit.c and import_merge.c.
 */
#ifndef DOMAIN_IMPORT_ROWS_H
#define DOMAIN_IMPORT_ROWS_H

#include "domain/import.h"
#include "domain/import_judge.h"

enum {
    ENTRY_HIDDEN = 1,  /* in the workbook, for instance by a filter */
    ENTRY_DROPPED = 2, /* by the user */
    ENTRY_EDITED = 4,
    ENTRY_KNOWN = 8, /* a contact has the number */
};

struct import_entry {
    uint64_t at;     /* of its texts in NAME.rows */
    uint32_t number; /* of the row in the sheet */
    uint32_t phone;  /* import_phone_key */
    uint32_t twin;   /* index + 1 of the row with the same number that is taken instead; 0: none */
    uint8_t verdict; /* enum import_verdict, by itself */
    uint8_t reason;
    uint8_t flags;
    uint8_t spare;
};
_Static_assert(sizeof(struct import_entry) == 24, "it is a file's format");

struct import_rows {
    int index, texts;   /* files */
    uint64_t *revision; /* in the mapped head */
    struct import_entry *list;
    size_t count;
    void *map;
    size_t map_size;
    uint64_t end; /* of the texts */
};

/* ---- making ---- */

struct import_rows_writer;

/* Begins to write the rows of the upload at `path`; NULL with the reason logged. */
struct import_rows_writer *import_rows_create(const char *path) MUST_CHECK;
/* Adds a row; its `at` is set here. */
void import_rows_add(struct import_rows_writer *w, struct import_entry e, const struct str *cells,
                     size_t count);
/* Ends writing, clears *w: false when something could not be written (a full disk; logged). */
bool import_rows_finish(struct import_rows_writer **w) MUST_CHECK;
/* Ends it without a result. NULL-safe. */
void import_rows_abandon(struct import_rows_writer **w);

/* ---- reading ---- */

/* Opens the rows of the upload at `path` when they are of that revision (0: just made). */
bool import_rows_open(struct import_rows *r, const char *path, int64_t revision) MUST_CHECK;
void import_rows_close(struct import_rows *r);
/* The verdict, with duplicates told; and why. */
static inline enum import_verdict import_entry_verdict(const struct import_entry *e)
{
    return e->twin ? VERDICT_DUPLICATE : (enum import_verdict)e->verdict;
}
static inline uint8_t import_entry_reason(const struct import_entry *e)
{
    return e->twin ? REASON_DUPLICATE : e->reason;
}
/* True for what a confirmation takes. */
static inline bool import_entry_taken(const struct import_entry *e)
{
    return !(e->flags & ENTRY_DROPPED) && !e->twin && e->verdict != VERDICT_ERROR;
}
/* The texts of row `i`, in the arena; false when the file is broken (logged). */
bool import_rows_cells(const struct import_rows *r, size_t i, struct arena *a, struct str **cells,
                       size_t *count) MUST_CHECK;
/* Index of the row with that number, or -1. */
int64_t import_rows_find(const struct import_rows *r, int64_t number);

/* What stands in the order of numbers: the rows without error that were not dropped, by number and
 * then as they stand. Each is its phone's key << 32 | index. malloc'ed, *count of them. */
uint64_t *import_rows_order(const struct import_rows *r, size_t *count) MUST_CHECK;

/* ---- changing ---- */

/* Nobody else opens the rows of this import until unlock. */
void import_rows_lock(int64_t company, int64_t import);
void import_rows_unlock(int64_t company, int64_t import);
/* Until import_rows_stamp the rows are of no revision. */
void import_rows_spoil(struct import_rows *r);
/* They are of this revision now. */
void import_rows_stamp(struct import_rows *r, int64_t revision);
/* Gives row `i` new texts; false with the reason logged. */
bool import_rows_set(struct import_rows *r, size_t i, const struct str *cells,
                     size_t count) MUST_CHECK;
/* Settles which of several rows with one number is taken, and counts all. */
void import_rows_settle(struct import_rows *r, const struct import_rules *rules,
                        struct import_counts *counts);
/* Removes both files, if there are any. */
void import_rows_remove(const char *path);

#endif
