/*
 * import_feed.c - see import_feed.h.
 */
#include "domain/import_feed.h"
#include "base/log.h"
#include "domain/contact.h"

#include <pthread.h>
#include <stdlib.h>

#define SLOTS       2                 /* one is being written, one is being read */
#define CHUNK_BYTES ((size_t)8 << 20) /* of texts: a chunk of very long rows has fewer */

struct import_feed {
    const struct import *i;
    const struct import_rows *rows;
    struct arena arena; /* of the form */
    struct columns columns;
    struct import_form form;
    uint64_t *order; /* import_rows_order, without rows that nobody needs */
    size_t order_count, next;
    struct buf attributes;
    struct import_chunk slots[SLOTS];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t filled, taken; /* guarded by lock: chunks so far */
    bool held, stopping;  /* guarded by lock; held: the caller has a chunk */
};

/* ---- from rows to people ---- */

static bool is_blank(const struct str *cells, size_t count, size_t column)
{
    return column >= count || cell_is_blank(cell_value(cells[column]));
}

/* Makes room for every column. */
static void cells_widen(const struct import_feed *f, struct import_chunk *c, struct str **cells,
                        size_t *count)
{
    size_t width = f->columns.count;
    if (*count >= width)
        return;
    struct str *wider = arena_array(&c->arena, width, sizeof *wider);
    for (size_t k = 0; k < width; k++)
        wider[k] = k < *count ? (*cells)[k] : STR("");
    *cells = wider;
    *count = width;
}

/* Fills what `cells` leaves empty with what `more` has, in the columns that count. */
static void cells_fill(const struct import_feed *f, struct import_chunk *c, struct str **cells,
                       size_t *count, const struct str *more, size_t more_count)
{
    for (size_t k = 0; k < f->columns.count; k++) {
        if (f->columns.list[k].role == COLUMN_IGNORE || is_blank(more, more_count, k) ||
            !is_blank(*cells, *count, k))
            continue;
        cells_widen(f, c, cells, count);
        (*cells)[k] = str_dup(&c->arena, more[k]);
    }
}

/* Rows `at` to `end` of the order have one number: the cells of the one that is taken, its gaps
 * filled from the others, the nearest first, unless these are passed over. */
static bool person_cells(const struct import_feed *f, struct import_chunk *c, size_t at, size_t end,
                         struct str **cells, size_t *count)
{
    size_t taken = at;
    while (taken + 1 < end && f->rows->list[(uint32_t)f->order[taken]].twin)
        taken++;
    if (!import_rows_cells(f->rows, (uint32_t)f->order[taken], &c->arena, cells, count))
        return false;
    bool later = f->i->rules.duplicates == RULE_OVERWRITE;
    for (size_t n = 0; n < end - at && f->i->rules.duplicates != RULE_KEEP; n++) {
        ARENA(scratch, ARENA_MAX_DEFAULT);
        struct str *more;
        size_t more_count, k = later ? end - 1 - n : at + n;
        if (k == taken)
            continue;
        if (!import_rows_cells(f->rows, (uint32_t)f->order[k], &scratch, &more, &more_count))
            return false;
        cells_fill(f, c, cells, count, more, more_count);
    }
    return true;
}

static size_t person_end(const struct import_feed *f, size_t at)
{
    size_t end = at + 1;
    while (end < f->order_count && f->order[end] >> 32 == f->order[at] >> 32)
        end++;
    return end;
}

static bool person_read(struct import_feed *f, struct import_chunk *c, size_t at, size_t end)
{
    struct judged judged;
    struct str *cells;
    size_t count;
    if (!person_cells(f, c, at, end, &cells, &count))
        return false;
    import_judge(&f->form, cells, count, &c->arena, &judged);
    struct str phone = str_dup(&c->arena, str_n(judged.phone, PHONE_DIGITS));
    struct str attributes =
        str_dup(&c->arena, import_attributes(&f->form, cells, count, &f->attributes));
    c->people[c->count] = (struct db_bulk_row){
        .n = {0, PERSON_FRESH, (int64_t)c->count},
        .t = {phone, judged.name, judged.email, attributes},
    };
    c->count++;
    return true;
}

static void chunk_read(struct import_feed *f, struct import_chunk *c)
{
    arena_free(&c->arena);
    c->count = 0;
    while (c->count < IMPORT_CHUNK && c->arena.used < CHUNK_BYTES && f->next < f->order_count &&
           !c->failed) {
        size_t end = person_end(f, f->next);
        c->failed = !person_read(f, c, f->next, end);
        f->next = end;
    }
}

/* ---- the thread ---- */

/* Waits for a slot that has been taken and given back; false when all is over. */
static bool slot_wait(struct import_feed *f)
{
    pthread_mutex_lock(&f->lock);
    while (!f->stopping && f->filled - f->taken == SLOTS)
        pthread_cond_wait(&f->changed, &f->lock);
    bool go_on = !f->stopping;
    pthread_mutex_unlock(&f->lock);
    return go_on;
}

static void slot_filled(struct import_feed *f)
{
    pthread_mutex_lock(&f->lock);
    f->filled++;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
}

static void *feed_run(void *arg)
{
    struct import_feed *f = arg;
    for (size_t n = 0; slot_wait(f); n++) {
        struct import_chunk *c = &f->slots[n % SLOTS];
        chunk_read(f, c);
        bool last = c->count == 0 || c->failed; /* the caller's from here on */
        slot_filled(f);
        if (last)
            break;
    }
    return NULL;
}

/* Rows that are not taken are needed when they fill gaps. */
static void order_make(struct import_feed *f)
{
    f->order = import_rows_order(f->rows, &f->order_count);
    if (f->i->rules.duplicates != RULE_KEEP)
        return;
    size_t n = 0;
    for (size_t k = 0; k < f->order_count; k++)
        if (!f->rows->list[(uint32_t)f->order[k]].twin)
            f->order[n++] = f->order[k];
    f->order_count = n;
}

struct import_feed *import_feed_start(const struct import *i, const struct import_rows *rows,
                                      int64_t position)
{
    struct import_feed *f = calloc(1, sizeof *f);
    if (!f)
        fatal("import_feed_start");
    f->i = i;
    f->rows = rows;
    arena_init(&f->arena, ARENA_MAX_DEFAULT);
    buf_init(&f->attributes, CONTACT_ATTRIBUTES_TEXT_MAX);
    for (size_t k = 0; k < SLOTS; k++)
        arena_init(&f->slots[k].arena, ARENA_MAX_DEFAULT);
    columns_read(&f->arena, i->columns, &f->columns);
    f->columns.header_row = i->header_row;
    import_form_make(&f->form, &f->columns, &f->arena);
    order_make(f);
    for (int64_t n = 0; n < position && f->next < f->order_count; n++)
        f->next = person_end(f, f->next);
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->changed, NULL);
    if (pthread_create(&f->thread, NULL, feed_run, f) != 0)
        fatal("a thread that reads ahead");
    return f;
}

struct import_chunk *import_feed_next(struct import_feed *f)
{
    pthread_mutex_lock(&f->lock);
    if (f->held) {
        f->taken++;
        pthread_cond_broadcast(&f->changed);
    }
    while (f->filled == f->taken)
        pthread_cond_wait(&f->changed, &f->lock);
    f->held = true;
    struct import_chunk *c = &f->slots[f->taken % SLOTS];
    pthread_mutex_unlock(&f->lock);
    return c;
}

void import_feed_stop(struct import_feed **fp)
{
    struct import_feed *f = *fp;
    if (!f)
        return;
    pthread_mutex_lock(&f->lock);
    f->stopping = true;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
    pthread_join(f->thread, NULL);
    pthread_cond_destroy(&f->changed);
    pthread_mutex_destroy(&f->lock);
    for (size_t k = 0; k < SLOTS; k++)
        arena_free(&f->slots[k].arena);
    buf_free(&f->attributes);
    arena_free(&f->arena);
    free(f->order);
    free(f);
    *fp = NULL;
}
