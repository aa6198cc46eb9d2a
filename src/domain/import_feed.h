/*
 * import_feed.h - the people of an import in the order of their numbers, some thousand at a time.
 *
 * Rows become people here: duplicates are settled by the rule, texts are as they will be stored. A
 * thread of its own reads ahead while the chunk before is being written, because the one waits for
 * the files of rows and the other for the database. Called by import_merge.c.
 */
#ifndef DOMAIN_IMPORT_FEED_H
#define DOMAIN_IMPORT_FEED_H

#include "domain/import_rows.h"

#define IMPORT_CHUNK 1500 /* contacts in a transaction: some 10 ms, for which others wait */

/* The columns of `bulk` (store.h) here: n1 the contact, n2 one of the words below, n3 the place in
 * the chunk; t1 to t4 number, name, e-mail address, attributes. */
enum {
    PERSON_FRESH,
    PERSON_CHANGED, /* there already, and gets other values */
    PERSON_KEPT,    /* there already, and stays as it is */
};

struct import_chunk {
    struct arena arena; /* of all its texts */
    struct db_bulk_row people[IMPORT_CHUNK];
    size_t count;
    bool failed; /* the files of rows are broken */
};

struct import_feed;

/* Begins behind the first `position` people. What `i` and `rows` point to must outlive the feed. */
struct import_feed *import_feed_start(const struct import *i, const struct import_rows *rows,
                                      int64_t position) MUST_CHECK;
/* The next chunk, the caller's until the next call. Without people: the end, after which it is not
 * called again; likewise after one that failed. */
struct import_chunk *import_feed_next(struct import_feed *f);
/* Ends the thread. NULL-safe. */
void import_feed_stop(struct import_feed **f);

#endif
