/*
 * columns.h - which row of a sheet is its header, and what its columns hold.
 *
 * A guess from the first rows. Headers are compared with what Korean shops, markets and couriers
 * write above their columns (column_word.def, column_synonym.def); without one, or against one that
 * is plainly wrong, the content decides. What was confirmed for the same headers before, and what a
 * template needs, is taken into account. The user may correct all of it. Pure functions over texts
 * of any bytes. Called by domain/import.
 */
#ifndef DOMAIN_COLUMNS_H
#define DOMAIN_COLUMNS_H

#include "base/arena.h"
#include "base/json.h"

#define COLUMNS_MAX    200 /* of a sheet; what stands further right is left out */
#define COLUMN_SAMPLES 3
#define PEEK_ROWS      100 /* rows a guess is made from */

enum column_role {
    COLUMN_IGNORE,
    COLUMN_NAME,
    COLUMN_PHONE,
    COLUMN_EMAIL,
    COLUMN_ATTRIBUTE,
    COLUMN_ROLES, /* how many there are */
};

/* Why a column has its role. */
enum column_basis {
    BASIS_NONE,     /* nothing speaks for a role */
    BASIS_HEADER,   /* the words above it */
    BASIS_CONTENT,  /* what stands in it */
    BASIS_MEMORY,   /* confirmed before for the same headers */
    BASIS_TEMPLATE, /* it is a variable of a template */
    BASIS_USER,     /* a person said so */
    COLUMN_BASES,   /* how many there are */
};

struct column {
    struct str header;                  /* one line, at most 100 characters */
    struct str samples[COLUMN_SAMPLES]; /* the first values that are not empty */
    size_t sample_count;
    enum column_role role;
    struct str attribute; /* name of the attribute; only then */
    enum column_basis basis;
    bool hidden; /* in the workbook; the caller of columns_guess knows */
};

struct columns {
    struct column *list;
    size_t count;
    int64_t header_row; /* number of the row, 0: none; the lower of a header of two lines */
    /* Only from columns_guess, 0 after columns_read: */
    int64_t title_rows; /* rows with text above the header (and above its upper line) */
    int64_t data_rows;  /* rows with text below it, of those looked at */
    int64_t phone_rows; /* those of them with a number that can be sent to */
};

/* One of the first rows of a sheet. */
struct peek_row {
    int64_t number;
    const struct str *cells;
    size_t cell_count;
};

/* What is known beside the rows; all zero but header_row is fine. */
struct columns_hints {
    int64_t header_row;          /* 0: there is none; negative: find it */
    const struct str *variables; /* of the chosen template, or of all the company's templates */
    size_t variable_count;
};

/* Guesses the columns; the header row as well when the hints do not say it. Texts of the result
 * lie in the arena. A column whose header means a variable gets the variable's exact name. */
void columns_guess(struct arena *a, const struct peek_row *given, size_t count,
                   const struct columns_hints *hints, struct columns *out);

/* How much the sheet looks like a list of people: 0 not at all, more with a column of numbers, its
 * header, names, and with every row that can be sent to. Only of what columns_guess made. */
int columns_list_score(const struct columns *c);

/* A digest of the headers in their order, by which a mapping is remembered; equal for headers that
 * differ in blanks, case, remarks in brackets and empty columns at the end. Empty when there is no
 * header row. */
struct str columns_signature(struct arena *a, const struct columns *c);

/* Gives `c` the roles and attribute names that were confirmed for the same signature; the texts are
 * those of `confirmed`. Columns that only one of them has stay as they are. */
void columns_remember(struct columns *c, const struct columns *confirmed);

/* Index of the column with that role, -1 when there is none. */
int64_t columns_find(const struct columns *c, enum column_role role);

/* ---- rows without a number to send to ---- */

/* True when the row is the header again, as printed lists have it on every page. */
bool columns_header_repeats(const struct columns *c, const struct str *cells, size_t count);
/* True when the row speaks to the reader and is nobody's: one cell alone that is "※ …", "- 이상 -",
 * "이하 여백", a page number; or a row of 필수 and 선택. A lone word that may be a name in the
 * column of names is none. */
bool columns_row_remarks(const struct columns *c, const struct str *cells, size_t count);

/* What is meant by a cell: `="0101…"`, which malls write to save a zero, is unwrapped. */
struct str cell_value(struct str cell);
/* True for blanks, marks without width, and nothing. */
bool cell_is_blank(struct str cell);
/* True for 합계, 소 계, "총 합계 (12건)", TOTAL and the like, never for a name that begins so. */
bool cell_is_total(struct arena *a, struct str cell);

/* ---- words and JSON ---- */

/* "name", "phone" …, and back; false when there is no role of that name. */
struct str column_role_word(enum column_role role);
bool column_role_find(struct str word, enum column_role *role) MUST_CHECK;
/* "header", "content" … */
struct str column_basis_word(enum column_basis basis);

/* The JSON array of the API, and back (texts in the arena). */
struct str columns_text(struct arena *a, const struct columns *c);
void columns_read(struct arena *a, struct str text, struct columns *out);

#endif
