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

/* `%part%` for LIKE … ESCAPE '!', or empty when `part` is empty. */
struct str like_contains(struct arena *a, struct str part);

#endif
