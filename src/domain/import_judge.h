/*
 * import_judge.h - what a row of an upload says: its verdict, the person, the attributes.
 *
 * Pure functions from the cells of a row to what would be stored of it. The check of an upload and
 * its confirmation both call them, so that what was shown is what is taken. Called by
 * import_check.c, import_edit.c and import_merge.c.
 */
#ifndef DOMAIN_IMPORT_JUDGE_H
#define DOMAIN_IMPORT_JUDGE_H

#include "domain/columns.h"
#include "domain/phone.h"

/* Rows that are no entry of the list at all: they are passed over and counted. */
enum import_skip {
    SKIP_NOT,
    SKIP_ABOVE, /* the header and what stands above it */
    SKIP_BLANK,
    SKIP_TOTAL,  /* 합계 and the like */
    SKIP_HEADER, /* the header once more, as on a new page */
    SKIP_REMARK, /* 이상, ※ … */
    SKIP_KINDS,
};

enum import_verdict {
    VERDICT_OK,
    VERDICT_REPAIRED,
    VERDICT_DUPLICATE,
    VERDICT_ERROR,
    VERDICTS,
};

/* Why a row is not simply ok: PHONE_REASON_… of phone.h below this, and ours. */
enum {
    REASON_OURS = 100,
    REASON_DUPLICATE = REASON_OURS,
    REASON_PHONE_COLUMN_MISSING,
    REASON_EMAIL_DROPPED,
    REASON_NAME_SHORTENED,
};

/* The columns of an import, ready for a million rows. */
struct import_form {
    const struct columns *columns;
    int64_t name, phone, email;   /* indexes, -1: none */
    struct str keys[COLUMNS_MAX]; /* `"name":` of the attribute columns, others empty */
};

struct judged {
    enum import_verdict verdict; /* never DUPLICATE: that depends on other rows */
    uint8_t reason;              /* 0: none */
    char phone[PHONE_DIGITS + 1];
    struct str name;
    struct str email; /* ptr NULL: none */
};

/* Prepares; `columns` must outlive the form. */
void import_form_make(struct import_form *f, const struct columns *columns, struct arena *a);

/* Whether the row is passed over. Cells may be any bytes. */
enum import_skip import_skip(const struct import_form *f, int64_t number, const struct str *cells,
                             size_t count, struct arena *a);
/* Judges a row; texts are in the arena or in `cells`. */
void import_judge(const struct import_form *f, const struct str *cells, size_t count,
                  struct arena *a, struct judged *out);
/* The attributes of a row as a JSON object, written into `out` (emptied before). */
struct str import_attributes(const struct import_form *f, const struct str *cells, size_t count,
                             struct buf *out);
/* A cell as it is kept: valid UTF-8 without control characters but tab and line feed, not longer
 * than an attribute may be. */
struct str import_cell(struct str cell, struct arena *a);

/* Eight digits after 010 as a number from 1; 0 for no number. And back, NUL-terminated. */
uint32_t import_phone_key(const char phone[PHONE_DIGITS + 1]);
void import_phone_of(uint32_t key, char phone[PHONE_DIGITS + 1]);

/* "ok", "repaired" …; false when there is none of that name. */
struct str import_verdict_word(enum import_verdict v);
bool import_verdict_find(struct str word, enum import_verdict *v) MUST_CHECK;
/* The word of a reason, ptr NULL for 0; and its sentence. */
struct str import_reason_word(uint8_t reason);
struct str import_reason_text(uint8_t reason, bool english);
/* Index of the column that a reason is about, -1: the row as a whole. */
int64_t import_reason_column(const struct import_form *f, uint8_t reason);

#endif
