/*
 * importer.h - the threads that work on imports, and how a request waits for them a moment.
 *
 * What there is to do stands in the store (domain/import_work.h); these threads keep nothing in
 * memory that a crash could lose. Several imports run at once, one a thread. Started and stopped by
 * cli/serve; the API wakes them.
 */
#ifndef IMPORTER_IMPORTER_H
#define IMPORTER_IMPORTER_H

#include "base/clock.h"
#include "store/store.h"

struct importer_config {
    struct store *store;
    const struct clock *clock;
    const char *folder; /* of uploads */
    unsigned threads;   /* imports at a time */
    int64_t lease_ms;   /* a process that has not renewed it for so long is dead */
};

struct importer;

struct importer *importer_start(const struct importer_config *config) MUST_CHECK;
/* There may be something to do. */
void importer_wake(struct importer *im);
/* Ends with the step under way, joins the threads, clears *im. NULL-safe. */
void importer_stop(struct importer **im);

/* A mark of how many pieces of work have ended, to be taken before looking at the store. */
uint64_t importer_ended(struct importer *im);
/* Waits until more have ended than at `seen`, at most `ms`; false when the time is over. */
bool importer_wait(struct importer *im, uint64_t seen, int64_t ms);

#endif
