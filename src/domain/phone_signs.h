/*
 * phone_signs.h - the text of a phone cell as a short line of plain signs.
 *
 * Blanks of all kinds, marks without width, full-width forms, labels in front and quotes around are
 * gone; what is left is one letter a kind of sign. The part of phone.c that knows Unicode; called
 * by it only.
 */
#ifndef DOMAIN_PHONE_SIGNS_H
#define DOMAIN_PHONE_SIGNS_H

#include "base/str.h"

#define PHONE_SIGNS_MAX 96 /* a run of blanks is one; no number with its label is longer */

/* What a text is made of. */
enum {
    SIGN_OTHER = '?', /* what no number touches: Latin letters, @ … */
    SIGN_TEXT = 't',  /* words and signs beside a number */
    SIGN_MASK = '*',  /* in place of a digit */
    SIGN_CROSS = 'x', /* the same, or a letter */
    SIGN_POWER = 'e', /* 1.01E+09, or a letter */
    SIGN_DASH = '-',  /* every separator but the dot */
    SIGN_LIST = ',',  /* between two numbers; also ; and | */
    SIGN_ZERO = 'O',  /* letters that are typed for a digit */
    SIGN_ONE = 'l',
};

struct phone_signs {
    char ptr[PHONE_SIGNS_MAX + 1]; /* the above, digits, '+', '.', ' ', '\n'; NUL behind the last */
    size_t len;
    bool cleaned; /* something was dropped or changed that is no separator */
};

/* Reads valid UTF-8; false when it is too long to be a number. */
bool phone_signs_read(struct phone_signs *out, struct str text) MUST_CHECK;

static inline bool phone_is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

#endif
