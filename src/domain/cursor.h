/*
 * cursor.h - where a page of a list continues, and searching by a part of a text.
 *
 * Lists are paged by the key of the last row shown, never by counting rows over. To callers of the
 * API a cursor is an opaque text.
 */
#ifndef DOMAIN_CURSOR_H
#define DOMAIN_CURSOR_H

#include "base/str.h"

/* The number in a cursor; 0 (the beginning) when the cursor is empty or not ours. */
int64_t cursor_i64(struct str cursor);
struct str cursor_from_i64(struct arena *a, int64_t key);

/* The same for a place that is a text and, among equal ones, a number; false for the beginning. */
bool cursor_key(struct arena *a, struct str cursor, int64_t *id, struct str *key);
struct str cursor_from_key(struct arena *a, int64_t id, struct str key);

/* `%part%` for LIKE … ESCAPE '!', or empty when `part` is empty. */
struct str like_contains(struct arena *a, struct str part);

#endif
