/*
 * contact_index.h - what makes a million contacts be found like a hundred.
 *
 * Two tables that can always be made anew from the contacts: contact_by_name, their order by name,
 * and contact_gram, which contacts may hold a few characters in a row. Whoever changes contacts
 * notes their ids in the same transaction; a chore (contact_index_step) brings the tables up to
 * date a moment later, so that an import does not wait for them. What is noted and not yet indexed
 * is read from the contacts themselves: a search is always right, and fast once the chore is
 * through. contact_gram may name too many, never too few: every contact is looked at before it is
 * shown.
 */
#ifndef DOMAIN_CONTACT_INDEX_H
#define DOMAIN_CONTACT_INDEX_H

#include "domain/scope.h"

#define CONTACT_BLOCK 32768 /* ids of one block of contact_gram */

/* ---- inside the caller's transaction, after company_lock() ---- */

/* The contacts with these ids, inclusive, are new or changed. */
void contact_index_note(struct scope *s, int64_t first, int64_t last);
/* Those whose ids are n1 of `bulk`, of its `count` rows those with n2 = 1; n3 counts the rows from
 * `first` on. */
void contact_index_note_bulk(struct scope *s, int64_t first, size_t count);
/* The name of one that was made or changed by hand: it is at its place at once. */
void contact_index_name(struct scope *s, int64_t id, struct str name);
/* They will be deleted or renamed: before that is written. */
void contact_index_forget(struct scope *s, int64_t first, int64_t last);
/* The same for those whose ids are n1 of `bulk`, one by one. */
void contact_index_forget_bulk(struct scope *s);

/* ---- the chore ---- */

/* Indexes some of what is noted, of any company, in short transactions; false when there was
 * nothing to do. One at a time on a database. */
bool contact_index_step(struct scope *s);

#endif
