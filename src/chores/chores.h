/*
 * chores.h - work that nobody asks for and that must be done all the same: a table, a thread a row.
 *
 * A chore does a little in short transactions and says whether there is more. What it works on
 * stands in the store, so a crash loses nothing. Among several processes on one database a chore
 * has one holder at a time (table chore); when that one dies, another goes on. Started and stopped
 * by cli/serve.
 */
#ifndef CHORES_CHORES_H
#define CHORES_CHORES_H

#include "base/clock.h"
#include "store/store.h"

struct chores_config {
    struct store *store;
    const struct clock *clock;
    int64_t lease_ms; /* a holder that has not renewed its lease for so long is dead */
};

struct chores;

struct chores *chores_start(const struct chores_config *config) MUST_CHECK;
/* Ends after the steps under way, joins the threads, clears *c. NULL-safe. */
void chores_stop(struct chores **c);

#endif
