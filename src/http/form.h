/*
 * form.h - percent encoding and the lists inside header values.
 *
 * Pure functions on text from outside: they never fail, never allocate beyond their input, and
 * leave what they do not understand as it is written. Used by exchange.c and assets.c.
 */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "base/str.h"

/* `in` with %XX decoded (and '+' as a blank when `plus`), in the arena. A malformed escape stays.
 */
struct str form_decode(struct arena *a, struct str in, bool plus);

/* Weight in thousandths (0..1000) that an Accept header's list gives to `token`, -1 when it is not
 * in the list. A range such as `en-GB` counts for `en`; *order is its place in the list. */
int accept_weight(struct str list, struct str token, size_t *order);

#endif
