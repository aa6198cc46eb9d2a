/*
 * column_words.h - what a single header says.
 *
 * Headers are compared by their key: composed, lower case, without blanks, signs, pictures and
 * remarks in brackets, full-width letters as plain ones. Knows words only, no rows and no contents.
 * Called by columns.c and column_header.c.
 */
#ifndef DOMAIN_COLUMN_WORDS_H
#define DOMAIN_COLUMN_WORDS_H

#include "domain/columns.h"

/* Whom a column is about. */
enum column_who {
    WHO_ANYBODY, /* the header does not say */
    WHO_RECEIVER,
    WHO_CUSTOMER,
    WHO_PARTY, /* guests, pupils, applicants … */
    WHO_BUYER,
    WHO_SENDER,
    WHO_STAFF,
    WHO_PLACE, /* a shop, an office, a home */
};

struct column_meaning {
    enum column_role role;
    int rank; /* of several columns with one role the highest rank is meant */
    enum column_who who;
};

/* The key of a header; empty for blanks and signs alone. A header that is one remark in brackets is
 * its own key. */
struct str column_key(struct arena *a, struct str header);

/* What a column under a header of this key holds; false when the words are unknown. */
bool column_key_meaning(struct str key, struct column_meaning *out);

/* Whom a line over a group of columns is about ("수취인 정보"); WHO_ANYBODY when it names nobody.
 * *rank is what it adds. */
enum column_who column_key_who(struct str key, int *rank);

/* What a header or a variable means of an order, a visit or a parcel: equal numbers may stand in
 * each other's place; -1 when the words are unknown. *rank is lower for the usual word. */
ptrdiff_t column_key_sense(struct str key, ptrdiff_t *rank);

/* True for words of a closing line (합계, total …), also with a count behind. */
bool column_key_is_total(struct str key);

#endif
