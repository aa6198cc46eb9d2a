/*
 * columns.h - which row of a sheet is its header, and what its columns hold.
 *
 * A guess from the first rows: headers are compared with what Korean shops, markets and couriers
 * write above their columns; without one, or against one that is plainly wrong, the content
 * decides. The user may correct all of it. Pure functions over texts. Called by domain/import.
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

struct column {
    struct str header;
    struct str samples[COLUMN_SAMPLES]; /* the first values that are not empty */
    size_t sample_count;
    enum column_role role;
    struct str attribute; /* name of the attribute; only then */
    bool guessed;
};

struct columns {
    struct column *list;
    size_t count;
    int64_t header_row; /* number of the row, 0: none */
};

/* One of the first rows of a sheet. */
struct peek_row {
    int64_t number;
    const struct str *cells;
    size_t cell_count;
};

/* Guesses the columns; the header row as well when `header_row` is negative. */
void columns_guess(struct arena *a, const struct peek_row *rows, size_t count, int64_t header_row,
                   struct columns *out);

/* Index of the column with that role, -1 when there is none. */
int64_t columns_find(const struct columns *c, enum column_role role);

/* What is meant by a cell: `="0101…"`, which malls write to save a zero, is unwrapped. */
struct str cell_value(struct str cell);
/* True for blanks, marks without width, and nothing. */
bool cell_is_blank(struct str cell);
/* True for 합계, 소계 and the like. */
bool cell_is_total(struct arena *a, struct str cell);

/* "name", "phone" …, and back; false when there is no role of that name. */
struct str column_role_word(enum column_role role);
bool column_role_find(struct str word, enum column_role *role) MUST_CHECK;

/* The JSON array of the API, and back (texts in the arena). */
struct str columns_text(struct arena *a, const struct columns *c);
void columns_read(struct arena *a, struct str text, struct columns *out);

#endif
