/*
 * import_rows.c - see import_rows.h.
 *
 * A row's texts are a 16-bit number of cells and, for each, a 16-bit length and its bytes: no cell
 * is longer than an attribute may be.
 */
#include "domain/import_rows.h"
#include "base/log.h"
#include "domain/contact.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC       UINT64_C(0x31776f7273676e73) /* "sngsrow1" */
#define SPOILT      UINT64_MAX
#define BUFFER_SIZE ((size_t)256 << 10)
#define ROW_MAX     ((size_t)2 + COLUMNS_MAX * (2 + CONTACT_ATTRIBUTE_VALUE_MAX * 4))
#define READ_FIRST  320 /* bytes: nearly every row; then READ_MORE times as many, and so on */
#define READ_MORE   8
_Static_assert(CONTACT_ATTRIBUTE_VALUE_MAX * 4 <= UINT16_MAX, "a length fits");

struct head {
    uint64_t magic, revision, count;
};

static const char *beside(const char *path, const char *end, struct arena *a)
{
    return str_printf(a, "%s.%s", path, end).ptr;
}

/* ---- making ---- */

struct import_rows_writer {
    FILE *index, *texts;
    uint64_t at, count;
    bool failed;
};

/* A new file that replaces an old one; the old one's readers keep theirs. */
static FILE *file_new(const char *path, const char *end)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    const char *name = beside(path, end, &a);
    unlink(name);
    FILE *f = fopen(name, "wxe");
    if (f)
        setvbuf(f, NULL, _IOFBF, BUFFER_SIZE);
    else
        log_warn("make %s of an import", end);
    return f;
}

struct import_rows_writer *import_rows_create(const char *path)
{
    struct import_rows_writer *w = calloc(1, sizeof *w);
    if (!w)
        fatal("import_rows_create");
    w->index = file_new(path, "index");
    w->texts = file_new(path, "rows");
    if (!w->index || !w->texts) {
        import_rows_abandon(&w);
        return NULL;
    }
    struct head head = {0};
    w->failed = fwrite_unlocked(&head, sizeof head, 1, w->index) != 1;
    return w;
}

/* The texts of a row as they stand in the file; `out` has ROW_MAX bytes. */
static size_t texts_pack(const struct str *cells, size_t count, char *out)
{
    uint16_t n = (uint16_t)(count < COLUMNS_MAX ? count : COLUMNS_MAX);
    size_t at = sizeof n;
    memcpy(out, &n, sizeof n);
    for (size_t i = 0; i < n; i++) {
        uint16_t length = (uint16_t)cells[i].len;
        assert(cells[i].len == length && at + sizeof length + length <= ROW_MAX);
        memcpy(out + at, &length, sizeof length);
        if (length)
            memcpy(out + at + sizeof length, cells[i].ptr, length);
        at += sizeof length + length;
    }
    return at;
}

static void put(struct import_rows_writer *w, FILE *f, const void *bytes, size_t n)
{
    if (fwrite_unlocked(bytes, 1, n, f) != n)
        w->failed = true;
}

void import_rows_add(struct import_rows_writer *w, struct import_entry e, const struct str *cells,
                     size_t count)
{
    uint16_t n = (uint16_t)(count < COLUMNS_MAX ? count : COLUMNS_MAX);
    e.at = w->at;
    put(w, w->index, &e, sizeof e);
    put(w, w->texts, &n, sizeof n);
    w->at += sizeof n;
    for (size_t i = 0; i < n; i++) {
        uint16_t length = (uint16_t)cells[i].len;
        assert(cells[i].len == length);
        put(w, w->texts, &length, sizeof length);
        put(w, w->texts, cells[i].ptr, length);
        w->at += sizeof length + length;
    }
    w->count++;
}

static bool file_close(FILE **f)
{
    bool ok = !*f || fclose(*f) == 0;
    *f = NULL;
    return ok;
}

bool import_rows_finish(struct import_rows_writer **wp)
{
    struct import_rows_writer *w = *wp;
    struct head head = {.magic = MAGIC, .revision = 0, .count = w->count};
    bool ok = !w->failed && fseek(w->index, 0, SEEK_SET) == 0;
    if (ok)
        put(w, w->index, &head, sizeof head);
    ok = ok && !w->failed;
    ok = file_close(&w->index) && ok;
    ok = file_close(&w->texts) && ok;
    if (!ok)
        log_warn("write the rows of an import");
    free(w);
    *wp = NULL;
    return ok;
}

void import_rows_abandon(struct import_rows_writer **wp)
{
    struct import_rows_writer *w = *wp;
    if (!w)
        return;
    file_close(&w->index);
    file_close(&w->texts);
    free(w);
    *wp = NULL;
}

void import_rows_remove(const char *path)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    unlink(beside(path, "index", &a));
    unlink(beside(path, "rows", &a));
}

/* ---- reading ---- */

static int file_open(const char *path, const char *end, struct stat *st)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    int fd = open(beside(path, end, &a), O_RDWR | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, st) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool map(struct import_rows *r, size_t size, int64_t revision)
{
    r->map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, r->index, 0);
    if (r->map == MAP_FAILED) {
        r->map = NULL;
        return false;
    }
    struct head *head = r->map;
    r->map_size = size;
    r->revision = &head->revision;
    r->count = (size_t)head->count;
    r->list = (void *)(head + 1);
    return head->magic == MAGIC && head->revision == (uint64_t)revision &&
           r->count == (size - sizeof *head) / sizeof *r->list;
}

bool import_rows_open(struct import_rows *r, const char *path, int64_t revision)
{
    struct stat index = {0}, texts = {0};
    *r = (struct import_rows){.texts = -1};
    r->index = file_open(path, "index", &index);
    if (r->index >= 0)
        r->texts = file_open(path, "rows", &texts);
    if (r->texts >= 0 && index.st_size >= (off_t)sizeof(struct head)) {
        r->end = (uint64_t)texts.st_size;
        if (map(r, (size_t)index.st_size, revision))
            return true;
    }
    import_rows_close(r);
    return false;
}

void import_rows_close(struct import_rows *r)
{
    if (r->map)
        munmap(r->map, r->map_size);
    if (r->index >= 0)
        close(r->index);
    if (r->texts >= 0)
        close(r->texts);
    *r = (struct import_rows){.index = -1, .texts = -1};
}

static ssize_t texts_read(const struct import_rows *r, char *to, size_t room, uint64_t at)
{
    ssize_t n;
    do
        n = pread(r->texts, to, room, (off_t)at);
    while (n < 0 && errno == EINTR);
    return n;
}

/* Takes packed texts apart: false when they do not end within `size`. */
static bool texts_unpack(const char *from, size_t size, struct arena *a, struct str **cells,
                         size_t *count)
{
    uint16_t n;
    if (size < sizeof n)
        return false;
    memcpy(&n, from, sizeof n);
    *cells = arena_array(a, (size_t)n + 1, sizeof **cells);
    *count = n;
    size_t at = sizeof n;
    for (size_t i = 0; i < n; i++) {
        uint16_t length;
        if (size - at < sizeof length)
            return false;
        memcpy(&length, from + at, sizeof length);
        at += sizeof length;
        if (size - at < length)
            return false;
        (*cells)[i] = str_n(from + at, length);
        at += length;
    }
    return true;
}

bool import_rows_cells(const struct import_rows *r, size_t i, struct arena *a, struct str **cells,
                       size_t *count)
{
    for (size_t room = READ_FIRST; room < ROW_MAX * READ_MORE; room *= READ_MORE) {
        char *bytes = arena_alloc(a, room);
        ssize_t n = texts_read(r, bytes, room, r->list[i].at);
        if (n > 0 && texts_unpack(bytes, (size_t)n, a, cells, count))
            return true;
    }
    log_warnx("the rows of an import are broken");
    *cells = NULL;
    *count = 0;
    return false;
}

int64_t import_rows_find(const struct import_rows *r, int64_t number)
{
    size_t from = 0, to = r->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (r->list[middle].number < number)
            from = middle + 1;
        else
            to = middle;
    }
    return from < r->count && r->list[from].number == number ? (int64_t)from : -1;
}

/* ---- the order of numbers ---- */

#define DIGIT_BITS 9
#define DIGITS     3 /* 27 bits hold every key */
_Static_assert((UINT64_C(1) << DIGIT_BITS * DIGITS) > 100000000, "of eight digits and one more");

/* Sorts by the upper half; equal ones keep their order. `spare` has the same size. */
static void sort(uint64_t *list, uint64_t *spare, size_t count)
{
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        unsigned shift = 32 + digit * DIGIT_BITS, mask = (1u << DIGIT_BITS) - 1;
        size_t starts[1u << DIGIT_BITS] = {0}, sum = 0;
        for (size_t i = 0; i < count; i++)
            starts[list[i] >> shift & mask]++;
        for (size_t i = 0; i <= mask; i++) {
            size_t n = starts[i];
            starts[i] = sum;
            sum += n;
        }
        for (size_t i = 0; i < count; i++)
            spare[starts[list[i] >> shift & mask]++] = list[i];
        uint64_t *sorted = spare;
        spare = list;
        list = sorted;
    }
    memcpy(spare, list, count * sizeof *list); /* an odd number of rounds ends in the other one */
}
_Static_assert(DIGITS % 2 == 1, "as said above");

uint64_t *import_rows_order(const struct import_rows *r, size_t *count)
{
    uint64_t *list = malloc((r->count + 1) * sizeof *list);
    uint64_t *spare = malloc((r->count + 1) * sizeof *list);
    if (!list || !spare)
        fatal("the order of an import's numbers");
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->list[i].phone && !(r->list[i].flags & ENTRY_DROPPED))
            list[n++] = (uint64_t)r->list[i].phone << 32 | i;
    sort(list, spare, n);
    free(spare);
    *count = n;
    return list;
}

/* ---- changing ---- */

#define HELD_MAX 256 /* threads that work on imports, by far */

/* Imports somebody works on. A list, not a lock for each: there are few of them at a time. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct held {
        int64_t company, import;
    } list[HELD_MAX];
    size_t count;
} held = {.lock = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER};

/* Where it stands in the list, or at its end. */
static size_t held_find(int64_t company, int64_t import)
{
    size_t i = 0;
    while (i < held.count && (held.list[i].company != company || held.list[i].import != import))
        i++;
    return i;
}

void import_rows_lock(int64_t company, int64_t import)
{
    pthread_mutex_lock(&held.lock);
    while (held.count == HELD_MAX || held_find(company, import) < held.count)
        pthread_cond_wait(&held.freed, &held.lock);
    held.list[held.count++] = (struct held){company, import};
    pthread_mutex_unlock(&held.lock);
}

void import_rows_unlock(int64_t company, int64_t import)
{
    pthread_mutex_lock(&held.lock);
    held.list[held_find(company, import)] = held.list[held.count - 1];
    held.count--;
    pthread_cond_broadcast(&held.freed);
    pthread_mutex_unlock(&held.lock);
}

void import_rows_spoil(struct import_rows *r)
{
    *r->revision = SPOILT;
}

void import_rows_stamp(struct import_rows *r, int64_t revision)
{
    *r->revision = (uint64_t)revision;
}

bool import_rows_set(struct import_rows *r, size_t i, const struct str *cells, size_t count)
{
    char *bytes = malloc(ROW_MAX);
    if (!bytes)
        fatal("import_rows_set");
    size_t n = texts_pack(cells, count, bytes);
    bool ok = pwrite(r->texts, bytes, n, (off_t)r->end) == (ssize_t)n;
    free(bytes);
    if (!ok) {
        log_warn("write a corrected row of an import");
        return false;
    }
    r->list[i].at = r->end;
    r->end += n;
    return true;
}

/* Writes only what changes: a page that is not touched stays clean. */
static void twin_set(struct import_entry *e, uint32_t twin)
{
    if (e->twin != twin)
        e->twin = twin;
}

/* Rows `from` to `to` of the order have one number; one of them is taken. */
static void twins_settle(struct import_rows *r, const uint64_t *order, size_t from, size_t to,
                         enum import_rule rule)
{
    uint32_t taken = (uint32_t)order[rule == RULE_OVERWRITE ? to - 1 : from];
    for (size_t k = from; k < to; k++) {
        uint32_t i = (uint32_t)order[k];
        twin_set(&r->list[i], i == taken ? 0 : taken + 1);
    }
}

static void entry_count(const struct import_entry *e, const struct import_rules *rules,
                        struct import_counts *n)
{
    enum import_verdict v = import_entry_verdict(e);
    n->rows++;
    n->ok += v == VERDICT_OK;
    n->repaired += v == VERDICT_REPAIRED;
    n->duplicate += v == VERDICT_DUPLICATE;
    n->error += v == VERDICT_ERROR;
    n->dropped += (e->flags & ENTRY_DROPPED) != 0;
    n->hidden += (e->flags & ENTRY_HIDDEN) != 0;
    n->edited += (e->flags & ENTRY_EDITED) != 0;
    if (!import_entry_taken(e))
        return;
    bool known = (e->flags & ENTRY_KNOWN) != 0;
    n->create += !known;
    n->keep += known && rules->existing == RULE_KEEP;
    n->update += known && rules->existing != RULE_KEEP;
}

void import_rows_settle(struct import_rows *r, const struct import_rules *rules,
                        struct import_counts *counts)
{
    size_t count;
    uint64_t *order = import_rows_order(r, &count);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && order[to] >> 32 == order[from] >> 32; to++)
            ;
        twins_settle(r, order, from, to, rules->duplicates);
    }
    free(order);
    *counts = (struct import_counts){0};
    for (size_t i = 0; i < r->count; i++) {
        struct import_entry *e = &r->list[i];
        if (!e->phone || (e->flags & ENTRY_DROPPED))
            twin_set(e, 0);
        entry_count(e, rules, counts);
    }
}
