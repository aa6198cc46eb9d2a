/*
 * company.h - the company's own row: its lock and the counters that the first page shows.
 *
 * Called by whatever changes contacts, groups and campaigns, always inside its transaction. How a
 * company comes to be is in signup.h.
 */
#ifndef DOMAIN_COMPANY_H
#define DOMAIN_COMPANY_H

#include "domain/scope.h"

/* Holds off other writers of the company's contacts and groups until the end of the transaction:
 * memberships and counters are changed by one at a time. */
void company_lock(struct scope *s);
/* Moves the counters of contacts and groups. */
void company_counts_add(struct scope *s, int64_t contacts, int64_t groups);
/* Moves the counter of campaigns. */
void company_campaigns_add(struct scope *s, int64_t n);

#endif
