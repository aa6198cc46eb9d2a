/*
 * text.h - what people type or keep in spreadsheets, put right before it is stored.
 *
 * Names come decomposed from a Mac, with invisible marks from a web page, with line breaks from a
 * merged cell. Called by contacts, groups, companies, users and imports.
 */
#ifndef DOMAIN_TEXT_H
#define DOMAIN_TEXT_H

#include "base/str.h"

/* A name or other one-line text: NFC, without zero-width marks (the joiner inside an emoji stays)
 * and control characters, inner runs of blanks and line breaks made one blank, none outside. Text
 * that is not valid UTF-8 becomes empty. `s` itself when there is nothing to do, as nearly always;
 * else owned by the arena. Ends in no NUL byte. */
struct str text_line(struct arena *a, struct str s);

/* True for any blank of Unicode, line breaks included. */
bool text_is_blank(uint32_t c);
/* True for marks without width: zero-width, direction, byte order, soft hyphen. Not the joiner. */
bool text_is_mark(uint32_t c);

/* An address without outer blanks and marks, ASCII letters made lower case. Owned as by text_line.
 */
struct str text_email(struct arena *a, struct str s);
/* True for a plausible address: local@domain.tld, at most 254 bytes, no blanks. */
bool text_email_ok(struct str email);

#endif
