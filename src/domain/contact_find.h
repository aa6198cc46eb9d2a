/*
 * contact_find.h - which contacts a filter means, in an order, one stretch after the other.
 *
 * Words are looked up in contact_gram (domain/contact_index.h), block by block, and every contact
 * that may match is read and compared (domain/search.h); orders other than that of ids are walked
 * along an index, past those that cannot match. Called by domain/contact_list alone.
 */
#ifndef DOMAIN_CONTACT_FIND_H
#define DOMAIN_CONTACT_FIND_H

#include "domain/contact.h"

/* Where a walk is: behind this contact. */
struct contact_place {
    int64_t id;
    struct str key; /* what it is sorted by; empty in the order of ids */
};

struct contact_find;

/* Begins a search; `from` is where it goes on, or NULL. Lives in the scope's arena. */
struct contact_find *contact_find_start(struct scope *s, const struct contact_filter *filter,
                                        const struct contact_place *from) MUST_CHECK;
/* Up to `max` of those that match next; returns how many, 0 at the end or when the store failed. */
size_t contact_find_next(struct contact_find *f, struct contact_place *list, size_t max);

#endif
