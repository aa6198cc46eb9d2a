/*
 * import_edit.h - the rows of an upload as a person sees and corrects them.
 *
 * Pages of any filter at any place, corrections of cells, rows taken out. A change is written to
 * the store in one transaction with the counters; the files of rows follow it (import_rows.h).
 * Called by the API.
 */
#ifndef DOMAIN_IMPORT_EDIT_H
#define DOMAIN_IMPORT_EDIT_H

#include "domain/import.h"
#include "domain/import_judge.h"

enum import_filter {
    FILTER_ALL,
    FILTER_OK,
    FILTER_REPAIRED,
    FILTER_DUPLICATE,
    FILTER_ERROR,
    FILTER_DROPPED,
    FILTER_HIDDEN,
    FILTERS,
};

/* What a confirmation would make of a row. */
enum import_effect {
    EFFECT_NONE,
    EFFECT_CREATE,
    EFFECT_UPDATE,
    EFFECT_FILL,
    EFFECT_KEEP,
    EFFECT_MERGE, /* its values fill the gaps of the row that is taken */
    EFFECTS,
};

struct import_row {
    int64_t number, duplicate_of, contact; /* 0: none */
    enum import_verdict verdict;
    enum import_effect effect;
    uint8_t reason;
    int64_t reason_column; /* -1: the row as a whole */
    struct str name, phone;
    struct str email; /* ptr NULL: none */
    struct str original_phone;
    struct str attributes; /* JSON object of texts */
    const struct str *cells;
    size_t cell_count;
    bool dropped, hidden, edited;
};

struct import_row_page {
    enum import_filter filter;
    int64_t offset; /* of the rows that match; used when the cursor is empty */
    struct page page;
};

/* A correction of one row; ptr NULL and `given` false: as it is. */
struct import_row_change {
    bool dropped_given, dropped;
    const struct import_cell_change {
        int64_t index;
        struct str value;
    } * cells;
    size_t count;
};

/* Takes rows out or in: those listed, or all that match. */
struct import_rows_change {
    const int64_t *rows; /* NULL: by filter */
    size_t count;
    enum import_filter filter;
    bool dropped;
};

struct import_corrections {
    int64_t corrected, unchanged, unknown;
};

/* "ok", "dropped" …; false when there is none of that name. Effects: "create" … */
bool import_filter_find(struct str word, enum import_filter *filter) MUST_CHECK;
struct str import_effect_word(enum import_effect e);

/* One page of rows, fewer when they are very long; *total of all that match. IMPORT_BUSY,
 * IMPORT_STATE when there are none. */
enum problem import_row_list(struct scope *s, const char *folder, int64_t id,
                             const struct import_row_page *page, const struct import_row **list,
                             size_t *count, struct str *next, int64_t *total);
enum problem import_row_change(struct scope *s, const char *folder, int64_t id, int64_t number,
                               const struct import_row_change *change, struct import_row *out);
enum problem import_rows_change(struct scope *s, const char *folder, int64_t id,
                                const struct import_rows_change *change);

/* The rows that match, each with its number first and its reason last, for a workbook that can be
 * corrected and uploaded again. Both functions get texts that live until they return; false ends
 * the walk. */
struct import_sheet_out {
    bool (*header)(void *ctx, const struct str *cells, size_t count);
    bool (*row)(void *ctx, const struct str *cells, size_t count);
    void *ctx;
    bool english;
};
enum problem import_rows_write(struct scope *s, const char *folder, int64_t id,
                               enum import_filter filter, const struct import_sheet_out *out);
/* Takes such a workbook back; the file at `path` stays the caller's. */
enum problem import_corrections_read(struct scope *s, const char *folder, int64_t id,
                                     const char *path, struct import_corrections *out);

#endif
