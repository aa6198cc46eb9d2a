/*
 * company.h - companies: sign-up, and the counters that the first page shows.
 *
 * Signing up makes a company, its owner, its 미지정 group and its practice channel in one
 * transaction: there is no half of a company. Called by the API, contacts, groups and imports.
 */
#ifndef DOMAIN_COMPANY_H
#define DOMAIN_COMPANY_H

#include "domain/scope.h"

#define COMPANY_NAME_MAX 100 /* characters */

struct signup {
    struct str company_name, name, email, password;
};

/* Makes the company and turns the scope into its owner's. INVALID with field errors, EMAIL_TAKEN.
 */
enum problem company_sign_up(struct scope *s, const struct signup *form);

/* Holds off other writers of the company's contacts and groups until the end of the transaction:
 * memberships and counters are changed by one at a time. */
void company_lock(struct scope *s);
/* Moves the company's counters, inside a transaction. */
void company_counts_add(struct scope *s, int64_t contacts, int64_t groups);

#endif
