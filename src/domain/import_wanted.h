/*
 * import_wanted.h - what the user said about a file, kept as JSON with its import.
 *
 * Everything else about sheet, header and columns is found out anew with each check; this is what
 * overrules it. Called by import.c, which takes wishes, and import_check.c, which follows them.
 */
#ifndef DOMAIN_IMPORT_WANTED_H
#define DOMAIN_IMPORT_WANTED_H

#include "domain/import.h"

struct import_wanted {
    int64_t sheet, header_row; /* negative: nothing said */
    struct str encoding;       /* ptr NULL: nothing said */
    bool columns_given;
    struct columns columns; /* index, role and attribute only */
};

/* The wishes so far with those of `m` on top, as JSON. When the file will be read in another way
 * (sheet, encoding, header, template) the columns are forgotten unless given. Field errors. */
enum problem import_wanted_make(struct scope *s, const struct import *i,
                                const struct import_mapping *m, struct str *out);
/* Reads them back; empty text: nothing said. */
void import_wanted_read(struct str text, struct arena *a, struct import_wanted *out);
/* Gives columns the roles that the user said. */
void import_wanted_apply(const struct import_wanted *w, struct columns *c);

#endif
