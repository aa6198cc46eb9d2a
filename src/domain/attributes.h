/*
 * attributes.h - the stored attributes of a contact, read name by name.
 *
 * A JSON object of texts, as json.h writes it, is walked without building anything: exports read a
 * million of them twice. Called by domain/export.
 */
#ifndef DOMAIN_ATTRIBUTES_H
#define DOMAIN_ATTRIBUTES_H

#include "base/str.h"

struct attribute {
    struct str name, value;
};

/* Takes the next attribute off the front of *rest, which begins as the stored text; false at its
 * end, and where it is not such an object. Texts lie in the stored one, in the arena where that has
 * escapes. */
bool attribute_next(struct arena *a, struct str *rest, struct attribute *out);

#endif
