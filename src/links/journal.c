/*
 * journal.c - see journal.h: the queue and the writer thread. The shape of a file is
 * journal_file.c's.
 *
 * Two batches take turns: requests fill one while the writer makes the other durable. Whoever
 * appended waits for its own place in the batch to be settled.
 */
#include "links/journal.h"
#include "base/crash.h"
#include "base/log.h"
#include "links/journal_file.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define QUEUE_DEFAULT 8192
#define FILE_DEFAULT  (INT64_C(16) << 20)

/* One request thread that waits, on its own stack. */
struct waiter {
    struct waiter *next;
    bool settled, kept;
};

struct batch {
    unsigned char *bytes; /* queue_max records */
    size_t count;
    struct waiter *waiters;
};

struct click_journal {
    struct journal_folder folder; /* the writer alone makes files in it, the merge removes them */
    size_t queue_max;
    int64_t file_max;

    pthread_t writer;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t work, settled;
    bool stopping;
    struct batch batches[2];
    struct batch *filling;
    struct journal_file *files; /* oldest first; the current one, if any, is the last */
    size_t file_count, file_room;
    int64_t clicks, writes;

    /* The writer's own. */
    struct journal_file current; /* fd -1: a new one is to be made */
    bool in_trouble;             /* told in the log already */
};

/* ---- the list of files ---- */

static void files_push(struct click_journal *j, const struct journal_file *file)
{
    if (j->file_count == j->file_room) {
        size_t room = j->file_room ? j->file_room * 2 : 16;
        struct journal_file *more = reallocarray(j->files, room, sizeof *more);
        if (!more)
            fatal("click journal");
        j->files = more;
        j->file_room = room;
    }
    j->files[j->file_count++] = *file;
}

static void files_drop(struct click_journal *j, size_t index)
{
    j->file_count--;
    memmove(&j->files[index], &j->files[index + 1], (j->file_count - index) * sizeof *j->files);
}

bool click_journal_file(struct click_journal *j, size_t index, struct click_file *file)
{
    pthread_mutex_lock(&j->lock);
    bool found = index < j->file_count;
    if (found)
        *file = j->files[index].public;
    pthread_mutex_unlock(&j->lock);
    return found;
}

void click_journal_merged(struct click_journal *j, size_t index, int64_t offset)
{
    pthread_mutex_lock(&j->lock);
    assert(index < j->file_count && offset <= j->files[index].public.end);
    j->files[index].public.merged = offset;
    pthread_mutex_unlock(&j->lock);
}

/* A copy: its fd stays open because only the merge, which asks, removes files. */
static struct journal_file file_at(struct click_journal *j, size_t index)
{
    pthread_mutex_lock(&j->lock);
    assert(index < j->file_count);
    struct journal_file file = j->files[index];
    pthread_mutex_unlock(&j->lock);
    return file;
}

ptrdiff_t click_journal_read(struct click_journal *j, size_t index, int64_t *offset,
                             struct click *clicks, size_t max)
{
    struct journal_file file = file_at(j, index);
    return journal_file_read(&file, offset, clicks, max);
}

bool click_journal_remove(struct click_journal *j, size_t index)
{
    struct journal_file file = file_at(j, index);
    assert(!file.public.is_current && file.public.merged == file.public.end);
    if (!journal_file_unlink(&j->folder, &file))
        return false;
    pthread_mutex_lock(&j->lock);
    files_drop(j, index);
    pthread_mutex_unlock(&j->lock);
    return true;
}

/* ---- the writer ---- */

/* Leaves the current file; the merge may remove it from now on. */
static void current_leave(struct click_journal *j)
{
    if (j->current.fd < 0)
        return;
    pthread_mutex_lock(&j->lock);
    j->files[j->file_count - 1].public.is_current = false;
    pthread_mutex_unlock(&j->lock);
    j->current.fd = -1;
}

static bool current_begin(struct click_journal *j)
{
    struct journal_file made;
    if (!journal_file_create(&j->folder, &made))
        return false;
    current_leave(j);
    made.public.is_current = true;
    j->current = made;
    pthread_mutex_lock(&j->lock);
    files_push(j, &made);
    pthread_mutex_unlock(&j->lock);
    return true;
}

/* Makes the batch durable at the end of the current file, or nothing of it. */
static bool batch_write(struct click_journal *j, const struct batch *batch)
{
    bool full = j->current.public.end >= j->file_max;
    if ((j->current.fd < 0 || full) && !current_begin(j) && j->current.fd < 0)
        return false;
    switch (journal_file_append(&j->current, batch->bytes, batch->count * JOURNAL_RECORD)) {
    case JOURNAL_WRITTEN:
        return true;
    case JOURNAL_CLEAN: /* no room: as it was before, to be tried again */
        return false;
    case JOURNAL_DOUBTFUL: /* what lies behind its end is not known: never write there again */
        current_leave(j);
        return false;
    }
    assert(!"journal_file_append answered something else");
    return false;
}

static void trouble_note(struct click_journal *j, bool written)
{
    if (!written && !j->in_trouble)
        log_warn("click journal %s cannot be written; links answer 503 until it can",
                 j->folder.path);
    if (written && j->in_trouble)
        log_info("click journal %s can be written again", j->folder.path);
    j->in_trouble = !written;
}

static void batch_settle(struct click_journal *j, struct batch *batch, bool kept)
{
    pthread_mutex_lock(&j->lock);
    if (kept) {
        j->files[j->file_count - 1].public.end = j->current.public.end;
        j->clicks += (int64_t)batch->count;
        j->writes++;
    }
    for (struct waiter *w = batch->waiters; w; w = w->next) {
        w->kept = kept;
        w->settled = true;
    }
    *batch = (struct batch){.bytes = batch->bytes};
    pthread_cond_broadcast(&j->settled);
    pthread_mutex_unlock(&j->lock);
}

/* The batch to write next, or NULL when the journal is being closed and nothing waits. */
static struct batch *batch_take(struct click_journal *j)
{
    pthread_mutex_lock(&j->lock);
    while (j->filling->count == 0 && !j->stopping)
        pthread_cond_wait(&j->work, &j->lock);
    struct batch *batch = j->filling->count ? j->filling : NULL;
    if (batch)
        j->filling = &j->batches[batch == j->batches];
    pthread_mutex_unlock(&j->lock);
    return batch;
}

static void *writer_main(void *ctx)
{
    struct click_journal *j = ctx;
    for (struct batch *batch; (batch = batch_take(j));) {
        bool written = batch_write(j, batch);
        trouble_note(j, written);
        crash_point("click_durable");
        batch_settle(j, batch, written);
    }
    current_leave(j);
    return NULL;
}

enum click_kept click_journal_append(struct click_journal *j, const struct click *click)
{
    struct waiter self = {0};
    pthread_mutex_lock(&j->lock);
    struct batch *batch = j->filling;
    if (j->stopping || batch->count == j->queue_max) {
        pthread_mutex_unlock(&j->lock);
        return CLICK_BUSY;
    }
    journal_record_encode(click, batch->bytes + batch->count * JOURNAL_RECORD);
    self.next = batch->waiters;
    batch->waiters = &self;
    if (batch->count++ == 0)
        pthread_cond_signal(&j->work);
    while (!self.settled)
        pthread_cond_wait(&j->settled, &j->lock);
    pthread_mutex_unlock(&j->lock);
    return self.kept ? CLICK_KEPT : CLICK_LOST;
}

void click_journal_numbers(struct click_journal *j, int64_t *clicks, int64_t *writes)
{
    pthread_mutex_lock(&j->lock);
    *clicks = j->clicks;
    *writes = j->writes;
    pthread_mutex_unlock(&j->lock);
}

/* ---- opening and closing ---- */

static void journal_free(struct click_journal *j)
{
    for (size_t i = 0; i < j->file_count; i++)
        close(j->files[i].fd); /* and with it its lock */
    free(j->files);
    free(j->batches[0].bytes);
    free(j->batches[1].bytes);
    pthread_mutex_destroy(&j->lock);
    pthread_cond_destroy(&j->work);
    pthread_cond_destroy(&j->settled);
    journal_folder_close(&j->folder);
    free(j);
}

static void adopt(void *ctx, const struct journal_file *file)
{
    files_push(ctx, file);
}

struct click_journal *click_journal_open(const struct click_journal_config *config)
{
    struct click_journal *j = calloc(1, sizeof *j);
    if (!j)
        fatal("click journal");
    j->queue_max = config->queue_max ? config->queue_max : QUEUE_DEFAULT;
    j->file_max = config->file_max ? config->file_max : FILE_DEFAULT;
    j->current.fd = -1;
    j->filling = j->batches;
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->work, NULL);
    pthread_cond_init(&j->settled, NULL);
    for (size_t i = 0; i < COUNT_OF(j->batches); i++)
        if (!(j->batches[i].bytes = reallocarray(NULL, j->queue_max, JOURNAL_RECORD)))
            fatal("click journal");
    if (!journal_folder_open(&j->folder, config->folder) ||
        !journal_folder_adopt(&j->folder, adopt, j)) {
        journal_free(j);
        return NULL;
    }
    int error = pthread_create(&j->writer, NULL, writer_main, j);
    if (error) {
        errno = error;
        fatal("click journal");
    }
    return j;
}

void click_journal_close(struct click_journal **jp)
{
    struct click_journal *j = *jp;
    *jp = NULL;
    if (!j)
        return;
    pthread_mutex_lock(&j->lock);
    j->stopping = true;
    pthread_cond_signal(&j->work);
    pthread_mutex_unlock(&j->lock);
    pthread_join(j->writer, NULL);
    journal_free(j);
}
