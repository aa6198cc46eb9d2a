/*
 * form.h - application/x-www-form-urlencoded, out and in.
 *
 * The driver writes requests with it, the practice gateway reads them. A send of 500 Korean bodies
 * is megabytes of %XX, so writing is a table look-up per byte into a buffer that is kept between
 * calls. Reading takes a malformed escape as it is written, as PHP does.
 */
#ifndef GATEWAY_FORM_H
#define GATEWAY_FORM_H

#include "base/buf.h"

/* Appends `s` percent-encoded: letters, digits and -._~ stay, everything else becomes %XX. */
void form_encode(struct buf *out, struct str s);

/* Appends "&name=value"; without the ampersand when `out` is empty. `name` is ASCII of ours. */
void form_put(struct buf *out, const char *name, struct str value);
/* The same for "name_N=value". */
void form_put_nth(struct buf *out, const char *name, size_t n, struct str value);

/* Takes the next pair off the front of *rest, decoded into the arena; false at the end. Pairs
 * without '=' have an empty value; empty pairs are skipped. */
bool form_next(struct arena *a, struct str *rest, struct str *name, struct str *value);

#endif
