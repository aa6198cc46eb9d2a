/*
 * zip.c - see zip.h. Numbers in a ZIP are little endian and unaligned; offsets below are those of
 * APPNOTE 4.3.
 */
#include "sheet/zip.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define END_SIZE       22 /* end of central directory record */
#define END64_SIZE     56
#define LOCATOR64_SIZE 20
#define ENTRY_SIZE     46 /* header of one entry in the directory */
#define LOCAL_SIZE     30
#define COMMENT_MAX    65535
#define EXTRA_ZIP64    1
#define FLAG_ENCRYPTED 1
#define METHOD_STORED  0
#define METHOD_DEFLATE 8
#define READ_SIZE      ((size_t)64 << 10)

static uint32_t le16(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t le32(const unsigned char *p)
{
    return le16(p) | le16(p + 2) << 16;
}

static uint64_t le64(const unsigned char *p)
{
    return le32(p) | (uint64_t)le32(p + 4) << 32;
}

static int damaged(const struct zip *z, const char *what)
{
    return trouble_set(z->trouble, SHEET_E_DAMAGED, "zip: %s", what);
}

/* Exactly `n` bytes at `offset`; -1 when the file does not have them. */
static int read_at(const struct zip *z, void *to, size_t n, int64_t offset)
{
    if (offset < 0 || offset > z->file_size || (int64_t)n > z->file_size - offset)
        return damaged(z, "an offset beyond the end of the file");
    for (size_t have = 0; have < n;) {
        ssize_t got = pread(z->fd, (char *)to + have, n - have, offset + (int64_t)have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return trouble_set(z->trouble, SHEET_E_IO, "read: %s",
                               got ? strerror(errno) : "file became shorter");
        have += (size_t)got;
    }
    return 0;
}

/* Where the end record stands in the last bytes of the file: the last one whose comment ends with
 * the file. */
static const unsigned char *end_record_find(const unsigned char *tail, size_t n)
{
    for (size_t i = n < END_SIZE ? 0 : n - END_SIZE + 1; i-- > 0;)
        if (memcmp(tail + i, "PK\5\6", 4) == 0 && le16(tail + i + 20) == n - i - END_SIZE)
            return tail + i;
    return NULL;
}

struct directory_place {
    uint64_t offset, size, count;
};

/* Replaces what the 32-bit end record cannot say by what the zip64 record in front of it says. */
static int end_record64(const struct zip *z, int64_t end_at, struct directory_place *place)
{
    unsigned char locator[LOCATOR64_SIZE], end[END64_SIZE];
    if (end_at < LOCATOR64_SIZE)
        return 0;
    if (read_at(z, locator, sizeof locator, end_at - LOCATOR64_SIZE) < 0)
        return -1;
    if (memcmp(locator, "PK\6\7", 4) != 0)
        return 0;
    if (read_at(z, end, sizeof end, (int64_t)(le64(locator + 8) & INT64_MAX)) < 0)
        return -1;
    if (memcmp(end, "PK\6\6", 4) != 0)
        return damaged(z, "no zip64 end record where the locator points");
    *place = (struct directory_place){le64(end + 48), le64(end + 40), le64(end + 32)};
    return 0;
}

static int directory_locate(const struct zip *z, struct directory_place *place)
{
    size_t n = END_SIZE + COMMENT_MAX;
    if ((int64_t)n > z->file_size)
        n = (size_t)z->file_size;
    unsigned char *tail = malloc(n + 1);
    if (!tail)
        return trouble_set(z->trouble, SHEET_E_IO, "out of memory");
    int result = read_at(z, tail, n, z->file_size - (int64_t)n);
    const unsigned char *end = result == 0 ? end_record_find(tail, n) : NULL;
    if (result == 0 && !end)
        result = trouble_set(z->trouble, SHEET_E_CUT, "zip: no end record; the file broke off");
    if (end) {
        *place = (struct directory_place){le32(end + 16), le32(end + 12), le16(end + 10)};
        result = end_record64(z, z->file_size - (int64_t)n + (end - tail), place);
    }
    free(tail);
    return result;
}

/* Length of the entry at `at`, or 0 when it is none. */
static size_t entry_length(const struct zip *z, size_t at)
{
    const unsigned char *p = z->directory + at;
    size_t left = z->directory_size - at;
    if (left < ENTRY_SIZE || memcmp(p, "PK\1\2", 4) != 0)
        return 0;
    size_t n = ENTRY_SIZE + le16(p + 28) + le16(p + 30) + le16(p + 32);
    return n <= left ? n : 0;
}

static int directory_check(const struct zip *z, uint64_t count)
{
    uint64_t found = 0;
    for (size_t at = 0, n; at < z->directory_size; at += n, found++) {
        n = entry_length(z, at);
        if (n == 0)
            return damaged(z, "a broken entry in the directory");
    }
    return found == count ? 0 : damaged(z, "the directory has another number of entries than said");
}

int zip_open(struct zip *z, int fd, int64_t file_size, struct trouble *t)
{
    *z = (struct zip){.fd = fd, .file_size = file_size, .trouble = t, .engine = INFLATE_ISAL};
    struct directory_place place = {0};
    if (directory_locate(z, &place) < 0)
        return -1;
    if (place.size > (uint64_t)ZIP_DIRECTORY_MAX)
        return trouble_set(t, SHEET_E_TOO_LARGE, "zip: directory of %llu bytes",
                           (unsigned long long)place.size);
    if (place.offset > (uint64_t)file_size || place.size > (uint64_t)file_size - place.offset)
        return damaged(z, "the directory lies beyond the end");
    if (place.size == 0 && place.offset > 0)
        return damaged(z, "parts without a directory");
    z->directory_size = (size_t)place.size;
    z->directory = malloc(z->directory_size + 1);
    if (!z->directory)
        return trouble_set(t, SHEET_E_IO, "out of memory");
    if (read_at(z, z->directory, z->directory_size, (int64_t)place.offset) < 0)
        return -1;
    return directory_check(z, place.count);
}

void zip_close(struct zip *z)
{
    free(z->directory);
    z->directory = NULL;
    z->directory_size = 0;
}

static unsigned char folded(unsigned char c)
{
    if (c == '\\')
        return '/';
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

static bool name_matches(const unsigned char *p, size_t n, struct str name)
{
    if (n != name.len)
        return false;
    for (size_t i = 0; i < n; i++)
        if (folded(p[i]) != folded((unsigned char)name.ptr[i]))
            return false;
    return true;
}

/* Takes the next 64-bit value of a zip64 extra field for a 32-bit one that says "look there". */
static int zip64_value(const struct zip *z, const unsigned char **p, size_t *left, int64_t *value)
{
    if (*value != UINT32_MAX)
        return 0;
    if (*left < 8 || le64(*p) > INT64_MAX)
        return damaged(z, "a broken zip64 field");
    *value = (int64_t)le64(*p);
    *p += 8;
    *left -= 8;
    return 0;
}

static int entry_zip64(const struct zip *z, const unsigned char *extra, size_t left,
                       struct zip_entry *e)
{
    while (left >= 4) {
        size_t n = le16(extra + 2);
        if (n > left - 4)
            break; /* padding by some writers, not ours to judge */
        const unsigned char *p = extra + 4;
        if (le16(extra) == EXTRA_ZIP64)
            return zip64_value(z, &p, &n, &e->size) < 0 || zip64_value(z, &p, &n, &e->stored) < 0 ||
                           zip64_value(z, &p, &n, &e->header) < 0
                       ? -1
                       : 0;
        extra += 4 + n;
        left -= 4 + n;
    }
    return 0;
}

static int entry_read(const struct zip *z, const unsigned char *p, struct zip_entry *e)
{
    *e = (struct zip_entry){.flags = (uint16_t)le16(p + 8),
                            .method = (uint16_t)le16(p + 10),
                            .crc = le32(p + 16),
                            .stored = le32(p + 20),
                            .size = le32(p + 24),
                            .header = le32(p + 42)};
    return entry_zip64(z, p + ENTRY_SIZE + le16(p + 28), le16(p + 30), e);
}

int zip_find(const struct zip *z, struct str name, struct zip_entry *e)
{
    const unsigned char *found = NULL;
    for (size_t at = 0; at < z->directory_size; at += entry_length(z, at)) {
        const unsigned char *p = z->directory + at;
        if (!name_matches(p + ENTRY_SIZE, le16(p + 28), name))
            continue;
        if (found)
            return damaged(z, "two parts of the same name");
        found = p;
    }
    if (!found)
        return 0;
    return entry_read(z, found, e) < 0 ? -1 : 1;
}

struct zip_stream {
    const struct zip *zip;
    struct zip_entry entry;
    int64_t at, left; /* next stored byte in the file, stored bytes not yet read */
    int64_t total;    /* bytes handed out */
    uint32_t crc;
    bool ended;
    struct inflate *inflate; /* NULL: stored */
    struct inflate_io io;    /* its `in` part: what was read but not yet inflated */
    uint8_t buffer[READ_SIZE];
};

static int entry_check(const struct zip *z, const struct zip_entry *e)
{
    if (e->flags & FLAG_ENCRYPTED)
        return trouble_set(z->trouble, SHEET_E_ENCRYPTED, "zip: an encrypted part");
    if (e->method != METHOD_STORED && e->method != METHOD_DEFLATE)
        return damaged(z, "an unknown compression method");
    if (e->method == METHOD_STORED && e->stored != e->size)
        return damaged(z, "a stored part with two sizes");
    return 0;
}

/* Offset of the entry's first stored byte. */
static int data_locate(const struct zip *z, const struct zip_entry *e, int64_t *at)
{
    unsigned char local[LOCAL_SIZE];
    if (read_at(z, local, sizeof local, e->header) < 0)
        return -1;
    if (memcmp(local, "PK\3\4", 4) != 0)
        return damaged(z, "no part where the directory points");
    *at = e->header + LOCAL_SIZE + le16(local + 26) + le16(local + 28);
    if (*at > z->file_size || e->stored > z->file_size - *at)
        return damaged(z, "a part that reaches beyond the end");
    return 0;
}

struct zip_stream *zip_stream_open(const struct zip *z, const struct zip_entry *e)
{
    int64_t at = 0;
    if (entry_check(z, e) < 0 || data_locate(z, e, &at) < 0)
        return NULL;
    struct zip_stream *s = malloc(sizeof *s);
    if (!s) {
        trouble_set(z->trouble, SHEET_E_IO, "out of memory");
        return NULL;
    }
    s->zip = z;
    s->entry = *e;
    s->at = at;
    s->left = e->stored;
    s->total = 0;
    s->crc = 0;
    s->ended = false;
    s->inflate = NULL;
    s->io = (struct inflate_io){0};
    if (e->method == METHOD_DEFLATE && !(s->inflate = inflate_new(z->engine))) {
        trouble_set(z->trouble, SHEET_E_IO, "out of memory");
        zip_stream_close(&s);
    }
    return s;
}

void zip_stream_close(struct zip_stream **s)
{
    if (!*s)
        return;
    inflate_free(&(*s)->inflate);
    free(*s);
    *s = NULL;
}

/* The next stored bytes of the entry, at most `room`: their number or -1. */
static int64_t stored_read(struct zip_stream *s, void *to, size_t room)
{
    size_t n = (int64_t)room < s->left ? room : (size_t)s->left;
    if (n && read_at(s->zip, to, n, s->at) < 0)
        return -1;
    s->at += (int64_t)n;
    s->left -= (int64_t)n;
    return (int64_t)n;
}

static int64_t inflated_read(struct zip_stream *s, char *to, size_t room)
{
    s->io.out = (uint8_t *)to;
    s->io.out_room = room;
    while (!s->ended && s->io.out_room > 0) {
        if (s->io.in_len == 0) {
            int64_t n = stored_read(s, s->buffer, sizeof s->buffer);
            if (n < 0)
                return -1;
            s->io.in = s->buffer;
            s->io.in_len = (size_t)n;
        }
        size_t in_before = s->io.in_len, room_before = s->io.out_room;
        enum inflate_result r = inflate_step(s->inflate, &s->io);
        if (r == INFLATE_BROKEN)
            return damaged(s->zip, "a compressed part is broken");
        s->ended = r == INFLATE_END;
        if (r == INFLATE_MORE && in_before == s->io.in_len && room_before == s->io.out_room)
            return damaged(s->zip, "a compressed part breaks off");
    }
    return (int64_t)(room - s->io.out_room);
}

/* What has come out so far must be within the limits and within what the directory says. */
static int growth_check(const struct zip_stream *s)
{
    int64_t taken = s->entry.stored - s->left;
    if (s->total > s->entry.size)
        return damaged(s->zip, "a part is longer than said");
    if (s->total > SHEET_INFLATED_MAX ||
        (s->total > SHEET_RATIO_FROM && s->total / SHEET_RATIO_MAX > taken))
        return trouble_set(s->zip->trouble, SHEET_E_TOO_LARGE,
                           "zip: a part of %lld bytes grows to more than %lld", (long long)taken,
                           (long long)s->total);
    return 0;
}

static int64_t zip_stream_read(void *self, char *to, size_t room)
{
    struct zip_stream *s = self;
    int64_t n = s->inflate ? inflated_read(s, to, room) : stored_read(s, to, room);
    if (n < 0)
        return -1;
    s->total += n;
    if (growth_check(s) < 0)
        return -1;
    s->crc = inflate_crc(s->crc, to, (size_t)n);
    if (n == 0 && (s->total != s->entry.size || s->crc != s->entry.crc))
        return damaged(s->zip, "a part has the wrong length or checksum");
    return n;
}

struct source zip_stream_source(struct zip_stream *s)
{
    return (struct source){.read = zip_stream_read, .self = s};
}
