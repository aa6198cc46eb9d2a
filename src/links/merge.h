/*
 * merge.h - from the click journal into the store, every click exactly once.
 *
 * One transaction takes a batch of clicks into the tables click, message, campaign and hour_click
 * and moves the file's offset in click_journal; whatever dies, both have happened or neither. Files
 * that are merged to their end are removed. Called by cli/serve (the thread) and by tests (the
 * step).
 */
#ifndef LINKS_MERGE_H
#define LINKS_MERGE_H

#include "base/clock.h"
#include "links/journal.h"
#include "store/store.h"

#define MERGE_BATCH 1000 /* clicks a transaction takes */

/* Merges at most one batch: how many clicks it took in, 0 when all that is durable is merged, -1
 * when the store or a file failed (logged). One thread at a time for one journal. */
int64_t click_merge_step(struct store *store, struct click_journal *journal,
                         const struct clock *clock) MUST_CHECK;

struct click_merger;

/* A thread that merges about three times a second while there is something, and tries again with
 * growing pauses (at most 10 s) while the store fails. */
struct click_merger *click_merger_start(struct store *store, struct click_journal *journal,
                                        const struct clock *clock);
/* Merges what is left, unless the store fails, ends the thread and clears *m. NULL-safe. */
void click_merger_stop(struct click_merger **m);

#endif
