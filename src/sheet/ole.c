/*
 * ole.c - see ole.h.
 */
#include "sheet/ole.h"
#include "sheet/little.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define HEADER_SIZE   512
#define HEADER_FATS   109 /* FAT sectors that the header names itself */
#define ENTRY_SIZE    128
#define NUMBER_SIZE   4  /* bytes of a number in a FAT */
#define NAME_UNITS    32 /* UTF-16 units of a name, with its NUL */
#define END_OF_CHAIN  0xFFFFFFFEu
#define SECTOR_MAX    0xFFFFFFFAu /* greater numbers mean something else */
#define MINI_BITS     6
#define ENTRY_STREAM  2
#define CHAIN_UNKNOWN INT64_MAX /* a chain whose length nobody has told */

struct ole_entry {
    char name[NAME_UNITS]; /* in small letters; what is not ASCII is '?' */
    size_t name_length;
    unsigned char type;
    bool top; /* stands in the root */
    uint32_t left, right, child, first;
    int64_t size;
};

static int damaged(struct ole *o, const char *what)
{
    return trouble_set(o->trouble, SHEET_E_DAMAGED, "compound file: %s", what);
}

static int cut(struct ole *o, const char *what)
{
    return trouble_set(o->trouble, SHEET_E_CUT, "compound file: %s", what);
}

static int no_memory(struct ole *o)
{
    return trouble_set(o->trouble, SHEET_E_IO, "out of memory");
}

/* Reads up to `n` bytes: fewer only at the end of the file. */
static int64_t file_read(int fd, int64_t at, void *to, size_t n, struct trouble *t)
{
    char *p = to;
    size_t have = 0;
    while (have < n) {
        ssize_t got = pread(fd, p + have, n - have, at + (int64_t)have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return trouble_set(t, SHEET_E_IO, "read: %s", strerror(errno));
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (int64_t)have;
}

/* Sector `n` is preceded by the header, which takes a whole one. */
static int64_t sector_offset(const struct ole *o, uint32_t n)
{
    return ((int64_t)n + 1) << o->bits;
}

static int header_read(struct ole *o, unsigned char head[HEADER_SIZE])
{
    int64_t n = file_read(o->fd, 0, head, HEADER_SIZE, o->trouble);
    if (n < HEADER_SIZE)
        return n < 0 ? -1 : cut(o, "shorter than its header");
    o->bits = le16(head + 30);
    o->mini_bits = le16(head + 32);
    if (o->bits != 9 && o->bits != 12)
        return damaged(o, "sectors of an impossible size");
    int64_t behind = o->file_size - sector_offset(o, 0);
    if (behind <= 0)
        return damaged(o, "no sectors");
    o->sectors = (uint32_t)((behind + (1 << o->bits) - 1) >> o->bits);
    o->directory = le32(head + 48);
    o->mini_below = le32(head + 56);
    o->mini_fat = le32(head + 60);
    return 0;
}

/* Appends the FAT sector `n` to the table, unless the file has no sectors left to tell about. */
static int fat_append(struct ole *o, uint32_t n)
{
    if (o->fat_count >= o->sectors || n >= SECTOR_MAX)
        return 0;
    if (n >= o->sectors)
        return cut(o, "a part of its FAT lies beyond the file");
    int64_t got = file_read(o->fd, sector_offset(o, n), o->fat + (size_t)o->fat_count * NUMBER_SIZE,
                            (size_t)1 << o->bits, o->trouble);
    if (got < 0)
        return -1;
    o->fat_count += (uint32_t)(got / NUMBER_SIZE);
    return 0;
}

/* The FAT: 109 sectors by the header, further ones by a chain of sectors that hold their numbers,
 * each ending in the number of the next. As many as the file has sectors suffice for it. */
static int fat_read(struct ole *o, const unsigned char *head)
{
    unsigned char sector[1 << 12];
    size_t size = (size_t)1 << o->bits, per_sector = size / NUMBER_SIZE - 1;
    o->fat = malloc((size_t)o->sectors * NUMBER_SIZE + size);
    if (!o->fat)
        return no_memory(o);
    for (size_t i = 0; i < HEADER_FATS; i++)
        if (fat_append(o, le32(head + 76 + NUMBER_SIZE * i)) < 0)
            return -1;
    uint32_t next = le32(head + 68);
    for (uint32_t steps = 0; next < o->sectors && o->fat_count < o->sectors; steps++) {
        if (steps == o->sectors)
            return damaged(o, "the list of its FAT runs in a circle");
        int64_t got = file_read(o->fd, sector_offset(o, next), sector, size, o->trouble);
        if (got < (int64_t)size)
            return got < 0 ? -1 : cut(o, "the list of its FAT breaks off");
        for (size_t i = 0; i < per_sector; i++)
            if (fat_append(o, le32(sector + NUMBER_SIZE * i)) < 0)
                return -1;
        next = le32(sector + NUMBER_SIZE * per_sector);
    }
    return 0;
}

/* A FAT as it stands in the file: for each place the number of the next one in its chain. */
struct chain {
    const unsigned char *next;
    uint32_t count; /* places that there are */
    unsigned bits;  /* of the size of a place */
};

/* The chain from `first` on, as far as `size` bytes go. A place that comes twice is a circle. */
static int chain_follow(struct ole *o, const struct chain *c, uint32_t first, int64_t size,
                        struct ole_stream *s)
{
    int64_t most = (int64_t)c->count << c->bits;
    bool known = size != CHAIN_UNKNOWN;
    size_t want = (size_t)(((size < most ? size : most) + (1 << c->bits) - 1) >> c->bits);
    unsigned char *seen = calloc(c->count / 8 + 1, 1);
    *s = (struct ole_stream){.fd = o->fd,
                             .trouble = o->trouble,
                             .bits = c->bits,
                             .size = size,
                             .units = calloc(want + 1, sizeof *s->units)};
    if (!seen || !s->units) {
        free(seen);
        return no_memory(o);
    }
    int result = 0;
    for (uint32_t n = first; result == 0 && s->unit_count < want;
         n = le32(c->next + (size_t)n * NUMBER_SIZE)) {
        if (n == END_OF_CHAIN)
            break;
        if (n >= c->count)
            result = cut(o, "a chain leaves the file");
        else if (seen[n / 8] & 1 << n % 8)
            result = damaged(o, "a chain runs in a circle");
        if (result < 0)
            break;
        seen[n / 8] |= (unsigned char)(1 << n % 8);
        s->units[s->unit_count++] = n;
    }
    free(seen);
    int64_t found = (int64_t)s->unit_count << c->bits;
    s->cut = known && found < size;
    if (found < s->size)
        s->size = found;
    return result;
}

/* A chain of sectors as a stream; size CHAIN_UNKNOWN: to its end. Some programs do not fill up the
 * last sector of the file, yet count it as full. */
static int sectors_open(struct ole *o, uint32_t first, int64_t size, struct ole_stream *s)
{
    struct chain c = {o->fat, o->fat_count < o->sectors ? o->fat_count : o->sectors, o->bits};
    int result = chain_follow(o, &c, first, size, s);
    for (size_t i = 0; i < s->unit_count; i++)
        s->units[i]++; /* the header */
    if (s->unit_count == 0)
        return result;
    int64_t last = (int64_t)(s->unit_count - 1) << s->bits,
            there = o->file_size - ((int64_t)s->units[s->unit_count - 1] << s->bits);
    if (s->size - last > there) {
        s->size = last + there;
        s->cut = true;
    }
    return result;
}

/* The mini FAT as it stands in the file, the caller's to free, and how many places it knows; NULL:
 * trouble. */
static unsigned char *mini_fat_read(struct ole *o, uint32_t *count)
{
    struct ole_stream s;
    int64_t got = sectors_open(o, o->mini_fat, CHAIN_UNKNOWN, &s);
    unsigned char *table = got == 0 ? malloc((size_t)s.size + 1) : NULL;
    if (got == 0 && !table)
        no_memory(o);
    if (table)
        got = ole_stream_read(&s, 0, table, (size_t)s.size);
    ole_stream_close(&s);
    *count = got > 0 ? (uint32_t)(got / NUMBER_SIZE) : 0;
    if (got >= 0)
        return table;
    free(table);
    return NULL;
}

/* The chain `first` of mini sectors: their places in the mini stream `root` become places in the
 * file. */
static int mini_follow(struct ole *o, const struct ole_stream *root, uint32_t first, int64_t size,
                       struct ole_stream *s)
{
    uint32_t count, held = (uint32_t)((root->size + (1 << MINI_BITS) - 1) >> MINI_BITS);
    unsigned char *table = mini_fat_read(o, &count);
    if (!table)
        return -1;
    struct chain c = {table, count < held ? count : held, MINI_BITS};
    int result = chain_follow(o, &c, first, size, s);
    unsigned shift = o->bits - MINI_BITS;
    for (size_t i = 0; result == 0 && i < s->unit_count; i++) {
        uint32_t n = s->units[i];
        s->units[i] = (root->units[n >> shift] << shift) + (n & ((1u << shift) - 1));
    }
    free(table);
    return result;
}

/* A small stream: it stands in the mini stream, which the root entry leads to. */
static int mini_open(struct ole *o, uint32_t first, int64_t size, struct ole_stream *s)
{
    struct ole_stream root;
    *s = (struct ole_stream){0};
    if (o->mini_bits != MINI_BITS)
        return damaged(o, "mini sectors of an impossible size");
    int result = sectors_open(o, o->entries[0].first, o->entries[0].size, &root);
    if (result == 0)
        result = mini_follow(o, &root, first, size, s);
    ole_stream_close(&root);
    return result;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static void entry_read(const struct ole *o, const unsigned char *raw, struct ole_entry *e)
{
    size_t bytes = le16(raw + 64);
    *e = (struct ole_entry){.type = raw[66],
                            .left = le32(raw + 68),
                            .right = le32(raw + 72),
                            .child = le32(raw + 76),
                            .first = le32(raw + 116),
                            .size = le32(raw + 120)};
    if (o->bits > 9) /* the other half of the size is junk in small sectors */
        e->size |= (int64_t)(le32(raw + 124) & INT32_MAX) << 32;
    for (size_t i = 0; i < NAME_UNITS - 1 && 2 * i + 2 < bytes; i++)
        e->name[e->name_length++] =
            raw[2 * i + 1] || raw[2 * i] > 0x7E ? '?' : lower((char)raw[2 * i]);
}

/* Marks what stands in the root: a tree that begins with the root's child. Trees of files that are
 * damaged may be none; where not even that child exists, everything counts as standing there. */
static int top_mark(struct ole *o)
{
    struct ole_entry *e = o->entries;
    uint32_t *todo = malloc((2 * o->entry_count + 1) * sizeof *todo);
    size_t n = 0;
    if (!todo)
        return no_memory(o);
    todo[n++] = e[0].child;
    for (size_t i = 0; e[0].child >= o->entry_count && i < o->entry_count; i++)
        e[i].top = true;
    while (n > 0) {
        uint32_t i = todo[--n];
        if (i >= o->entry_count || e[i].top)
            continue;
        e[i].top = true;
        todo[n++] = e[i].left;
        todo[n++] = e[i].right;
    }
    free(todo);
    return 0;
}

static int entries_read(struct ole *o, const struct ole_stream *s)
{
    size_t count = (size_t)(s->size / ENTRY_SIZE);
    if (count == 0)
        return damaged(o, "no directory");
    if (count > OLE_ENTRIES_MAX)
        return trouble_set(o->trouble, SHEET_E_TOO_LARGE,
                           "compound file: more than %d streams and storages", OLE_ENTRIES_MAX);
    o->entries = calloc(count, sizeof *o->entries);
    if (!o->entries)
        return no_memory(o);
    for (; o->entry_count < count; o->entry_count++) {
        unsigned char raw[ENTRY_SIZE];
        int64_t got = ole_stream_read(s, (int64_t)(o->entry_count * ENTRY_SIZE), raw, sizeof raw);
        if (got < ENTRY_SIZE)
            return got < 0 ? -1 : damaged(o, "its directory breaks off");
        entry_read(o, raw, &o->entries[o->entry_count]);
    }
    return top_mark(o);
}

int ole_open(struct ole *o, int fd, int64_t file_size, struct trouble *t)
{
    unsigned char head[HEADER_SIZE];
    struct ole_stream directory = {0};
    *o = (struct ole){.fd = fd, .file_size = file_size, .trouble = t};
    if (header_read(o, head) < 0 || fat_read(o, head) < 0)
        return -1;
    int result = sectors_open(o, o->directory, CHAIN_UNKNOWN, &directory);
    if (result == 0)
        result = entries_read(o, &directory);
    ole_stream_close(&directory);
    return result;
}

void ole_close(struct ole *o)
{
    free(o->fat);
    free(o->entries);
    *o = (struct ole){0};
}

static const struct ole_entry *entry_find(const struct ole *o, struct str name)
{
    for (size_t i = 0; i < o->entry_count; i++) {
        const struct ole_entry *e = &o->entries[i];
        if (e->top && e->type == ENTRY_STREAM &&
            str_eq_nocase(name, str_n(e->name, e->name_length)))
            return e;
    }
    return NULL;
}

bool ole_has(const struct ole *o, struct str name)
{
    return entry_find(o, name) != NULL;
}

int ole_stream_open(struct ole *o, struct str name, struct ole_stream *s)
{
    const struct ole_entry *e = entry_find(o, name);
    assert(e);
    return e->size < o->mini_below ? mini_open(o, e->first, e->size, s)
                                   : sectors_open(o, e->first, e->size, s);
}

void ole_stream_plain(struct ole_stream *s, int fd, int64_t file_size, struct trouble *t)
{
    *s = (struct ole_stream){.fd = fd, .trouble = t, .size = file_size};
}

void ole_stream_close(struct ole_stream *s)
{
    free(s->units);
    *s = (struct ole_stream){0};
}

/* How many of up to `n` bytes at `at` stand behind each other in the file, and where. */
static size_t stream_span(const struct ole_stream *s, int64_t at, size_t n, int64_t *place)
{
    if (!s->units) {
        *place = at;
        return n;
    }
    size_t i = (size_t)(at >> s->bits), size = (size_t)1 << s->bits,
           within = (size_t)at & (size - 1), have = size - within;
    *place = ((int64_t)s->units[i] << s->bits) + (int64_t)within;
    for (; have < n && s->units[i + 1] == s->units[i] + 1; i++)
        have += size;
    return have < n ? have : n;
}

int64_t ole_stream_read(const struct ole_stream *s, int64_t at, void *to, size_t n)
{
    char *p = to;
    size_t done = 0;
    if (at >= s->size)
        return 0;
    if ((int64_t)n > s->size - at)
        n = (size_t)(s->size - at);
    while (done < n) {
        int64_t place;
        size_t span = stream_span(s, at + (int64_t)done, n - done, &place);
        int64_t got = file_read(s->fd, place, p + done, span, s->trouble);
        if (got < 0)
            return -1;
        if (got < (int64_t)span)
            return trouble_set(s->trouble, SHEET_E_CUT, "compound file: it breaks off");
        done += span;
    }
    return (int64_t)n;
}
