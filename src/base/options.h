/*
 * options.h - the options of a subcommand as a table: one row is the flag, its environment
 * variable, its default and its line of help.
 *
 * `--data DIR` is also SENDINGO_DATA; the flag wins. Values are kept as text, what they mean is the
 * subcommand's business. Called by src/cli/.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include "base/str.h"

struct option_row {
    const char *name;     /* "public-url": --public-url, SENDINGO_PUBLIC_URL */
    const char *value;    /* what stands for the value in the help; NULL: a switch */
    const char *standard; /* NULL: none */
    size_t offset;        /* of a const char *, or of a bool for a switch */
    const char *ko, *en;
};

/* Fills *out from defaults, environment and flags, in this order. Returns -1 to go on, or the exit
 * status: 0 after --help, 2 for a mistake, which has been told. Arguments that are no options are
 * put into rest[0 … *rest_count - 1]; more than `rest_max` are a mistake. */
int options_read(const char *command, const struct option_row *rows, size_t count, void *out,
                 int argc, char **argv, const char **rest, size_t rest_max, size_t *rest_count);

/* Splits "127.0.0.1:8080", "[::1]:8080" or ":0" (127.0.0.1) into address and port. */
bool option_listen(const char *text, char *address, size_t size, uint16_t *port) MUST_CHECK;

#endif
