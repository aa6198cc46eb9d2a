/*
 * phone_set.h - a set of mobile numbers: one bit for each number there can be.
 *
 * Only 010 and eight digits can be reached (phone.h), so every possible set is 12.5 MB of address
 * space, of which the touched pages take memory; finding and adding are a few instructions however
 * many there are. For work that compares a million people with a list: checks of campaigns, counts,
 * suppressed numbers. Anything that is not such a number is in no set.
 */
#ifndef DOMAIN_PHONE_SET_H
#define DOMAIN_PHONE_SET_H

#include "base/attr.h"
#include "domain/phone.h"

struct phone_set {
    uint64_t *bits; /* NULL: empty */
    int64_t count;
};

/* An empty set that ends with the enclosing block. */
#define PHONE_SET(name) struct phone_set name CLEANUP(phone_set_free) = {0}

void phone_set_free(struct phone_set *s);
/* Adds; true when it was not there. */
bool phone_set_add(struct phone_set *s, struct str phone);
bool phone_set_has(const struct phone_set *s, struct str phone);
/* The first number at or behind the place *at (begin with 0), which moves behind it; in the order
 * of numbers. False at the end. */
bool phone_set_next(const struct phone_set *s, int64_t *at, char phone[PHONE_DIGITS + 1]);

#endif
