/*
 * journal.h - the click journal: what was answered with a redirect is on the disk.
 *
 * A folder of append-only files, `<ms>-<token>.clicks`. Each begins with eight bytes that name the
 * format; then records of a length, a CRC-32 and a payload. One writer thread collects what all
 * request threads bring, writes it with one call and one fdatasync, and only then lets them answer
 * (group commit). A file that has grown to its maximum is left and a new one begun; files that are
 * merged into the store to the last byte are removed (links/merge.h).
 *
 * Every open file is locked. Several processes may share a folder: each writes a file of its own
 * and takes over, when it opens the journal, those of processes that have died. A record that a
 * crash has torn is cut off then.
 *
 * Called by links/redirect (append) and links/merge (read). It refuses, instead of waiting, when
 * more hits wait than the queue holds, and keeps nothing when the disk is full: the hit is answered
 * with 503, because a redirect that is not kept is worse than one that is asked for again.
 */
#ifndef LINKS_JOURNAL_H
#define LINKS_JOURNAL_H

#include "links/click.h"

struct click_journal;

struct click_journal_config {
    const char *folder; /* made when absent; its parent must exist */
    size_t queue_max;   /* hits that may wait for one write; 0: 8,192 */
    int64_t file_max;   /* bytes after which a new file is begun; 0: 16 MiB */
};

/* Opens the folder, cuts off torn records, starts the writer. NULL with the reason logged. */
struct click_journal *click_journal_open(const struct click_journal_config *config) MUST_CHECK;
/* Writes what waits, stops the writer, frees everything and clears *j. Nobody may append any more.
 * NULL-safe. */
void click_journal_close(struct click_journal **j);

enum click_kept {
    CLICK_KEPT, /* it is on the disk */
    CLICK_BUSY, /* the queue was full; nothing happened */
    CLICK_LOST, /* it could not be written (logged once until it works again) */
};

/* Returns when the click is durable, or at once when it cannot be. Any thread. */
enum click_kept click_journal_append(struct click_journal *j, const struct click *click) MUST_CHECK;

/* ---- for the merge: one thread at a time ---- */

#define CLICK_FILE_NAME_MAX 40
#define CLICK_FILE_START    INT64_C(8) /* offset of the first record */

struct click_file {
    char name[CLICK_FILE_NAME_MAX];
    int64_t end;     /* bytes that are durable and whole */
    int64_t merged;  /* as last told by click_journal_merged; -1: not told yet */
    bool is_current; /* the writer still appends to it */
};

/* The file at `index`, oldest first; false behind the last. Only click_journal_remove shifts them.
 */
bool click_journal_file(struct click_journal *j, size_t index, struct click_file *file);

/* Reads up to `max` clicks of a file from *offset on and moves *offset behind them. Returns how
 * many, 0 at its end, -1 when it cannot be read or holds something else (logged). */
ptrdiff_t click_journal_read(struct click_journal *j, size_t index, int64_t *offset,
                             struct click *clicks, size_t max) MUST_CHECK;

/* Notes that everything before `offset` is in the store. */
void click_journal_merged(struct click_journal *j, size_t index, int64_t offset);

/* Removes a file that is merged to its end and not current, durably. False with the reason logged.
 */
bool click_journal_remove(struct click_journal *j, size_t index) MUST_CHECK;

/* Hits kept since it was opened, and writes they took: how well they share a write. */
void click_journal_numbers(struct click_journal *j, int64_t *clicks, int64_t *writes);

#endif
