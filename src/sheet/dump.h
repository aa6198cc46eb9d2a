/*
 * dump.h - a sheet as CSV in canonical form, and the list of sheets: the core of `sendingo sheet`.
 *
 * Made for people who want to see what SendinGo sees, and for the tests that compare it with other
 * readers. Called by cli/ and tests.
 */
#ifndef SHEET_DUMP_H
#define SHEET_DUMP_H

#include "sheet/sheet.h"
#include <stdio.h>

/* Prints the chosen sheet of `path` to `out` (doc/sheet.md: UTF-8, LF, quotes where needed, empty
 * rows as empty lines). 0 done; 1 refused, with one sentence in Korean, one in English and the
 * detail on `err`; rows that were read before the trouble are on `out`. */
int sheet_dump(const char *path, const struct sheet_options *options, FILE *out, FILE *err);

/* Prints the sheets of `path` to `out`: a first line with kind and encoding, then one a sheet with
 * number, name, "visible" or "hidden", and "default" when it is the one that is read unless another
 * is asked for; tabs between them, "-" for nothing. With `json` the same as one JSON object. Result
 * and refusals as above. */
int sheet_dump_list(const char *path, const struct sheet_options *options, bool json, FILE *out,
                    FILE *err);

#endif
