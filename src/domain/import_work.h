/*
 * import_work.h - what imports need done that takes time: checking, making contacts, undoing.
 *
 * The work is in the store: an import in a busy state. Whoever takes it holds a lease, renewed with
 * every step; when a process dies another (or the same, started again) takes it over where it was.
 * Called by the threads of importer/, and by tests.
 */
#ifndef DOMAIN_IMPORT_WORK_H
#define DOMAIN_IMPORT_WORK_H

#include "domain/scope.h"

struct import_worker {
    const char *folder; /* of uploads: only imports whose file is here are taken */
    struct str name;    /* of this worker, never used twice */
    int64_t lease_ms;
    bool (*go_on)(void *ctx); /* NULL: always; false ends the work at the next step */
    void *ctx;
};

/* Takes one import that has something to do and does it to its end; false when there is none. The
 * scope's company is that of the import afterwards; its arena grows with the work. */
bool import_work_once(struct scope *s, const struct import_worker *w);
/* Gives back leases of processes that are gone, when nobody else can be alive (SQLite). */
void import_work_orphans(struct scope *s);
/* Gives back leases of imports whose files are in this folder, which nobody else uses: those who
 * held them are dead. For the start. */
void import_work_reclaim(struct scope *s, const char *folder);
/* Removes files that no import needs any more: a process died before it could. For the start. */
void import_work_sweep(struct scope *s, const char *folder);

#endif
