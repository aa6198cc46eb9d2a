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

/* Where a list goes on that is not in the order of its ids: the last row shown, with what it stood
 * in order by when it was shown. So whatever changes meanwhile, the rows behind that place follow.
 */
struct cursor_key {
    int64_t id, number;
    struct str text;
};
/* False when the cursor is empty or not of this kind. The text is owned by the arena. */
bool cursor_key(struct arena *a, struct str cursor, struct cursor_key *key);
struct str cursor_from_key(struct arena *a, const struct cursor_key *key);

/* `%part%` for LIKE … ESCAPE '!', or empty when `part` is empty. */
struct str like_contains(struct arena *a, struct str part);

#endif
