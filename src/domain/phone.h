/*
 * phone.h - a Korean mobile number as people write it, made the 11 digits that a gateway takes.
 *
 * The rule is AlimTalk's: only 010 and eight digits can be reached. What can be understood without
 * guessing is put right and called repaired; everything else is refused with a word that says why.
 * Put right: blanks, dashes and brackets of all kinds, marks without width, full-width forms,
 * labels in front, quotes around, +82, a lost zero, and what a spreadsheet made of a number
 * (1012345678.0, 1,012,345,678, 1.012345678E9) as long as every digit is there. Refused, though a
 * person might guess: letters for digits (O1O), since they may be a code; a remark beside the
 * number, since it may say 수신거부; 1.01235E+09 and 10123456.78, since digits are gone or never
 * were. Pure functions, no memory. Called by contacts and imports.
 */
#ifndef DOMAIN_PHONE_H
#define DOMAIN_PHONE_H

#include "base/str.h"

#define PHONE_DIGITS 11

enum phone_verdict {
    PHONE_OK,       /* written as usual; only separators were dropped */
    PHONE_REPAIRED, /* put right; the reason says what was wrong */
    PHONE_ERROR,    /* refused; the reason says why */
};

/* Words of the API: PHONE_ and the name of a row of phone_reason.def; REASON_NONE for OK. */
enum phone_reason {
    PHONE_REASON_NONE,
#define R(name, ko, en) PHONE_REASON_##name,
#include "domain/phone_reason.def"
#undef R
};

struct phone {
    enum phone_verdict verdict;
    enum phone_reason reason;
    char digits[PHONE_DIGITS + 1]; /* "01012345678", empty when refused */
};

/* Judges any text. */
struct phone phone_read(struct str text);

/* "PHONE_MASKED"; ptr NULL for REASON_NONE. */
struct str phone_reason_word(enum phone_reason reason);
/* A sentence for people about a reason word; ptr NULL when there is none of that name. */
struct str phone_reason_text(struct str word, bool english);

#endif
