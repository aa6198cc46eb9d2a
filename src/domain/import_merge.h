/*
 * import_merge.h - good rows become contacts, and cease to be when the import is cancelled.
 *
 * Both go in chunks in the order of numbers, each a transaction with the counters, the place
 * reached, and what is needed to undo it: killed at any moment, the next one goes on behind the
 * last that was committed. Other writers have their turn in between. Called by import_work.c.
 */
#ifndef DOMAIN_IMPORT_MERGE_H
#define DOMAIN_IMPORT_MERGE_H

#include "domain/import_check.h"

/* Makes contacts of the rows of an import in state 'importing', which is 'confirmed' afterwards.
 * `hold`, in every transaction, says whether the import is still ours to work on. IMPORT_STATE when
 * it is not. */
typedef bool import_hold(void *ctx);
enum problem import_merge(struct scope *s, const char *folder, const struct import *i,
                          import_hold *hold, void *ctx);

/* Undoes what an import in state 'cancelling' has made, which is 'cancelled' afterwards. */
enum problem import_undo(struct scope *s, const struct import *i, import_hold *hold, void *ctx);

/* Forgets how a finished import could be undone, a chunk at a time; false when nothing is left. */
bool import_undo_forget(struct scope *s);

#endif
