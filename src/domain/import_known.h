/*
 * import_known.h - which rows of an upload are people we know already.
 *
 * What is found is true at the moment of looking: it tells the user what to expect, and the
 * confirmation looks again. Called by import_check.c and import_edit.c.
 */
#ifndef DOMAIN_IMPORT_KNOWN_H
#define DOMAIN_IMPORT_KNOWN_H

#include "domain/import_rows.h"

/* Marks rows whose number a contact has, all or (count > 0) those of `rows`. Inside a transaction
 * only with rows given. */
void import_rows_recognise(struct scope *s, struct import_rows *r, const size_t *rows,
                           size_t count);

#endif
