/*
 * import.h - one uploaded file on its way to contacts (가져오기).
 *
 *     checking ──▶ mapping ──confirm──▶ importing ──▶ confirmed
 *        │ ▲          │ │                  └─cancel─▶ cancelling ──▶ cancelled
 *        │ └─mapping──┘ └─discard─▶ discarded
 *        └─▶ refused
 *
 * `checking`, `importing` and `cancelling` are work that import_work.h does, in steps that a crash
 * may interrupt anywhere; the other states wait for the user. An import is a row of the table and a
 * file in a folder; the rows of the file with their verdicts are derived from both
 * (import_rows.h). Called by the API.
 */
#ifndef DOMAIN_IMPORT_H
#define DOMAIN_IMPORT_H

#include "domain/columns.h"
#include "domain/scope.h"

#define IMPORT_FILE_MAX   ((size_t)200 << 20) /* bytes of an upload */
#define IMPORT_NAME_MAX   255                 /* characters of a file's name */
#define IMPORT_GROUPS_MAX 60

/* What becomes of what is there twice. */
enum import_rule {
    RULE_KEEP,      /* the first stays as it is */
    RULE_OVERWRITE, /* the later one wins; where it is empty the first stays */
    RULE_FILL,      /* the later one fills what the first leaves empty */
    RULES,
};

struct import_rules {
    enum import_rule duplicates; /* rows with the same number */
    enum import_rule existing;   /* a contact that has the number */
};

/* "keep" …, and back; false when there is none of that name. */
struct str import_rule_word(enum import_rule rule);
bool import_rule_find(struct str word, enum import_rule *rule) MUST_CHECK;

struct import_counts {
    int64_t rows, ok, repaired, duplicate, error; /* by verdict */
    int64_t dropped, hidden, edited;              /* of them */
    int64_t create, update, keep;                 /* what a confirmation would do */
};

struct import_group {
    int64_t id;
    struct str name;
};

struct import {
    int64_t id, revision, sheet, header_row, created_at, confirmed_at, size;
    struct str filename, state, kind, hash; /* kind: empty while not known */
    struct str file;                        /* name within the folder of uploads; empty: gone */
    struct str encoding;                    /* ptr NULL: a workbook */
    struct str sheets, columns, notes;      /* JSON arrays; notes of {code, count} */
    struct str wanted;                      /* JSON: what the user said of the file, or empty */
    struct str problem_code, problem_ko, problem_en; /* ptr NULL: none */
    struct import_rules rules;
    struct import_counts counts;
    int64_t template;
    struct str template_name; /* ptr NULL: none */
    int64_t created_by;
    struct str created_by_name; /* ptr NULL: gone */
    int64_t created, updated, kept;
    int64_t position, total; /* of the work under way; total 0: not known */
};

/* The newest import of the same bytes before this one. */
struct import_twin {
    int64_t id, created_at;
    struct str state;
};

struct import_upload {
    struct str filename;
    const char *path; /* of the file, on the same file system as the folder; taken */
    int64_t template; /* 0: none */
};

/* What the user says about the file; negative numbers, ptr NULL and `given` false: as it is. */
struct import_mapping {
    int64_t sheet, header_row;
    struct str encoding;
    bool template_given, duplicates_given, existing_given, columns_given;
    int64_t template; /* 0: none */
    struct import_rules rules;
    const struct import_column {
        int64_t index;
        enum column_role role;
        struct str attribute; /* empty: the header */
    } * columns;              /* those not listed are ignored */
    size_t count;
};

struct import_target {
    const int64_t *groups;
    const struct str *names; /* of new groups; made free */
    size_t group_count, name_count;
};

/* True while there is work to do that ends by itself. */
bool import_is_busy(const struct import *i);

/* `folder`, everywhere: where uploads are kept until their import is over. Takes the file; the
 * import begins in state 'checking'. */
enum problem import_create(struct scope *s, const char *folder, const struct import_upload *upload,
                           int64_t *id);
enum problem import_get(struct scope *s, int64_t id, struct import *out);
/* The groups of an import that are still there. */
enum problem import_groups(struct scope *s, int64_t id, const struct import_group **list,
                           size_t *count);
/* False when there is none. */
bool import_twin_find(struct scope *s, const struct import *i, struct import_twin *out);
/* One page, the newest first. */
enum problem import_list(struct scope *s, const struct page *page, const struct import **list,
                         size_t *count, struct str *next);
/* Has the file checked again under what the user says. IMPORT_STATE, or a field error. */
enum problem import_remap(struct scope *s, int64_t id, const struct import_mapping *mapping);
/* Starts making contacts of the rows that are ok or repaired and not dropped. */
enum problem import_confirm(struct scope *s, int64_t id, const struct import_target *target);
/* Stops a running import and has it undone. */
enum problem import_cancel(struct scope *s, int64_t id);
/* Throws an upload away; the import stays in the list as 'discarded'. A running one is cancelled
 * instead. */
enum problem import_discard(struct scope *s, const char *folder, int64_t id);

/* ---- within the house ---- */

/* Where its file lies. */
const char *import_path(struct scope *s, const char *folder, const struct import *i);
/* Removes the file and what was derived from it, once the transaction that said so is committed. */
void import_files_remove(struct scope *s, const char *folder, const struct import *i);
/* Writes the counters and the next revision, inside the caller's transaction. */
void import_counts_write(struct scope *s, int64_t id, const struct import_counts *n);

#endif
