/*
 * verify.h - recounts every kept counter against the rows, and what else must always hold.
 *
 * The promise "every number shown equals the rows beneath it" as a program: `sendingo verify`, and
 * the last step of every test that sends. It looks at the whole database, of all companies, and
 * changes nothing. Each check is one statement and therefore sees one moment, also while others
 * write.
 */
#ifndef DOMAIN_VERIFY_H
#define DOMAIN_VERIFY_H

#include "store/store.h"

#include <stdio.h>

/* Prints a line for each difference (check, table, key, what is kept, what was counted) and at the
 * end "N counters checked, M differences". True when all could be read and M is 0. */
bool verify_all(struct store *store, FILE *out) MUST_CHECK;

/* Name of the check at `index`, for tests; NULL behind the last. */
const char *verify_check_name(size_t index);

#endif
