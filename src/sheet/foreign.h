/*
 * foreign.h - what a file is that is neither a workbook nor a compound file, by its first bytes.
 *
 * People upload what is at hand: a PDF of the list, a photo of it, a file sealed by their company's
 * document security, a web page under the name .xls. Whoever is refused shall be told what the file
 * is, so each kind has its row. Called by sheet.c.
 */
#ifndef SHEET_FOREIGN_H
#define SHEET_FOREIGN_H

#include "sheet/trouble.h"

enum foreign {
    FOREIGN_NONE,    /* as far as one can see a text */
    FOREIGN_HTML,    /* a web page */
    FOREIGN_REFUSED, /* something else; the trouble says what */
};

/* Looks at the first bytes of a file (a few KiB; the more, the surer). */
enum foreign foreign_look(struct str head, struct trouble *t);

#endif
