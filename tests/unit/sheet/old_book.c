/*
 * old_book.c - see old_book.h.
 */
#include "old_book.h"

#include <assert.h>
#include <stdlib.h>

#define STREAM_MAX  ((size_t)64 << 20)
#define SECTOR_END  0xFFFFFFFEu
#define SECTOR_FREE 0xFFFFFFFFu
#define HEADER_FATS 109

static void put(struct buf *b, uint64_t n, size_t bytes)
{
    for (; bytes > 0; bytes--, n >>= 8)
        buf_char(b, (char)(n & 0xFF));
}

static void put_wide(struct buf *b, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t c = utf8_next(text, &at);
        if (c >= 0x10000) {
            put(b, 0xD800 + ((c - 0x10000) >> 10), 2);
            c = 0xDC00 + (c & 0x3FF);
        }
        put(b, c, 2);
    }
}

static void put_hex(struct buf *b, struct str hex)
{
    for (size_t i = 0; i + 1 < hex.len; i += 2) {
        char pair[3] = {hex.ptr[i], hex.ptr[i + 1], '\0'};
        put(b, strtoul(pair, NULL, 16), 1);
    }
}

static void put_double(struct buf *b, double x)
{
    buf_append(b, &x, sizeof x);
}

/* Takes one item off the front of *p and appends what it means. */
static void item_build(struct buf *out, const char **p)
{
    char *end;
    unsigned long times = **p == '*' ? strtoul(*p + 1, &end, 10) : 1;
    const char *at = **p == '*' ? end : *p, *from = strchr(at, '\'');
    size_t bytes = *at == 'b' ? 1 : *at == 'h' ? 2 : *at == 'w' ? 4 : 0;
    struct str quoted = {"", 0};
    if (*at == '\'' || (*at == 'u' && at[1] == '\'')) {
        const char *close = strchr(from + 1, '\'');
        assert(close);
        quoted = str_n(from + 1, (size_t)(close - from - 1));
        *p = close + 1;
    } else {
        *p = at + strcspn(at, " ;");
    }
    for (; times > 0; times--) {
        if (bytes)
            put(out, strtoul(at + 1, NULL, 0), bytes);
        else if (*at == 'd')
            put_double(out, strtod(at + 1, NULL));
        else if (*at == 'x')
            put_hex(out, str_n(at + 1, (size_t)(*p - at - 1)));
        else if (*at == 'u')
            put_wide(out, quoted);
        else
            buf_str(out, quoted);
    }
}

static unsigned type_of(struct str name)
{
    static const struct {
        const char *name;
        unsigned type;
    } types[] = {
        {"FORMULA", 0x06},    {"EOF", 0x0A},      {"DATEMODE", 0x22},    {"FILEPASS", 0x2F},
        {"CONTINUE", 0x3C},   {"CODEPAGE", 0x42}, {"COLINFO", 0x7D},     {"WSBOOL", 0x81},
        {"MULRK", 0xBD},      {"MULBLANK", 0xBE}, {"RSTRING", 0xD6},     {"XF", 0xE0},
        {"SST", 0xFC},        {"LABELSST", 0xFD}, {"MERGEDCELLS", 0xE5}, {"DIMENSIONS", 0x200},
        {"BLANK", 0x201},     {"NUMBER", 0x203},  {"LABEL", 0x204},      {"BOOLERR", 0x205},
        {"STRING", 0x207},    {"ROW", 0x208},     {"ARRAY", 0x221},      {"TABLE", 0x236},
        {"RK", 0x27E},        {"FORMAT", 0x41E},  {"SHRFMLA", 0x4BC},    {"BOF", 0x809},
        {"BOUNDSHEET", 0x85},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_eq(name, str_c(types[i].name)))
            return types[i].type;
    assert(str_starts(name, STR("0x")));
    return (unsigned)strtoul(name.ptr, NULL, 16);
}

void records_build(struct buf *out, const char *text)
{
    for (const char *p = text; p && *(p += strspn(p, " ;"));) {
        BUF(body, STREAM_MAX);
        size_t n = strcspn(p, " ;");
        unsigned type = type_of(str_n(p, n));
        for (p += n; *(p += strspn(p, " ")) && *p != ';';)
            item_build(&body, &p);
        put(out, type, 2);
        put(out, body.len, 2);
        buf_str(out, buf_view(&body));
    }
}

static void put_bof(struct buf *out, bool biff5, unsigned is)
{
    put(out, 0x809, 2);
    put(out, biff5 ? 8 : 16, 2);
    put(out, biff5 ? 0x500 : 0x600, 2);
    put(out, is, 2);
    put(out, 0, biff5 ? 4 : 12);
}

static void put_boundsheet(struct buf *out, bool biff5, const struct old_sheet *s, size_t place)
{
    size_t n = strlen(s->name);
    put(out, 0x85, 2);
    put(out, n + (biff5 ? 7 : 8), 2);
    put(out, place, 4);
    put(out, s->state, 1);
    put(out, s->kind, 1);
    put(out, n, 1);
    if (!biff5)
        put(out, 0, 1);
    buf_str(out, str_c(s->name));
}

void old_stream_build(struct buf *out, const struct old_book *b)
{
    struct old_sheet only = {.name = "S", .records = b->records};
    const struct old_sheet *sheets = b->sheets ? b->sheets : &only;
    size_t count = b->sheets ? b->sheet_count : 1, start = out->len, place = 0;
    BUF(tail, STREAM_MAX);
    for (int pass = 0; pass < 2; pass++) { /* the second one knows where the sheets begin */
        out->len = start;
        buf_clear(&tail);
        put_bof(out, b->biff5, 5);
        records_build(out, b->globals);
        for (size_t i = 0; i < count; i++) {
            put_boundsheet(out, b->biff5, &sheets[i], place + tail.len);
            put_bof(&tail, b->biff5, sheets[i].is ? sheets[i].is : 0x10);
            records_build(&tail, sheets[i].records);
            if (!sheets[i].endless)
                records_build(&tail, "EOF");
        }
        records_build(out, "EOF");
        place = out->len - start;
    }
    buf_str(out, buf_view(&tail));
}

/* A compound file on its way: its sectors and the FAT that leads through them. */
struct disk {
    size_t size; /* of a sector */
    bool scattered;
    struct buf sectors, fat; /* the latter of uint32_t */
};

static size_t disk_count(const struct disk *d)
{
    return d->fat.len / sizeof(uint32_t);
}

static void disk_mark(struct disk *d, uint32_t next)
{
    buf_append(&d->fat, &next, sizeof next);
}

/* Stores bytes in sectors of their own and returns the first. */
static uint32_t disk_store(struct disk *d, struct str bytes)
{
    size_t count = (bytes.len + d->size - 1) / d->size, first = disk_count(d);
    for (size_t place = 0; place < count; place++) {
        size_t piece = d->scattered ? count - 1 - place : place;
        struct str part = str_slice(bytes, piece * d->size, (piece + 1) * d->size);
        size_t next = first + (d->scattered ? place - 1 : place + 1);
        buf_str(&d->sectors, part);
        put(&d->sectors, 0, d->size - part.len);
        disk_mark(d, piece == count - 1 ? SECTOR_END : (uint32_t)next);
    }
    return count == 0 ? SECTOR_END : (uint32_t)(first + (d->scattered ? count - 1 : 0));
}

static void put_entry(struct buf *out, const char *name, unsigned type, uint32_t right,
                      uint32_t child, uint32_t first, size_t size)
{
    size_t start = out->len, n = strlen(name);
    put_wide(out, str_c(name));
    put(out, 0, 64 - (out->len - start));
    put(out, 2 * n + 2, 2);
    put(out, type, 1);
    put(out, 1, 1);
    put(out, SECTOR_FREE, 4);
    put(out, right, 4);
    put(out, child, 4);
    put(out, 0, 36);
    put(out, first, 4);
    put(out, size, 8);
}

/* Streams below 4096 bytes stand in one stream together, in pieces of 64 bytes. */
struct mini {
    struct buf stream, fat;
};

static uint32_t mini_store(struct mini *m, struct str bytes)
{
    struct disk d = {.size = 64, .sectors = m->stream, .fat = m->fat};
    uint32_t first = disk_store(&d, bytes);
    m->stream = d.sectors;
    m->fat = d.fat;
    return first;
}

/* The FAT behind everything else, with what it needs for itself, and the header. */
static void disk_finish(struct buf *out, struct disk *d, unsigned bits, uint32_t directory,
                        uint32_t mini_fat)
{
    size_t per = d->size / 4, used = disk_count(d), fats = 0, lists = 0;
    while (fats * per < used + fats + lists) {
        fats++;
        lists = fats > HEADER_FATS ? (fats - HEADER_FATS + per - 2) / (per - 1) : 0;
    }
    for (size_t i = 0; i < fats + lists; i++)
        disk_mark(d, i < fats ? 0xFFFFFFFDu : 0xFFFFFFFCu);
    while (disk_count(d) < fats * per)
        disk_mark(d, SECTOR_FREE);
    buf_str(&d->sectors, buf_view(&d->fat));
    for (size_t i = HEADER_FATS; i < HEADER_FATS + lists * (per - 1); i++) {
        put(&d->sectors, i < fats ? used + i : SECTOR_FREE, 4);
        size_t nth = i - HEADER_FATS + 1;
        if (nth % (per - 1) == 0)
            put(&d->sectors, nth / (per - 1) < lists ? used + fats + nth / (per - 1) : SECTOR_END,
                4);
    }
    put_hex(out, STR("d0cf11e0a1b11ae1"));
    put(out, 0, 16);
    put_hex(out, STR("3e000300feff"));
    put(out, bits, 2);
    put(out, 6, 2);
    put(out, 0, 10);
    put(out, fats, 4);
    put(out, directory, 4);
    put(out, 0, 4);
    put(out, 4096, 4);
    put(out, mini_fat, 4);
    put(out, 0, 4);
    put(out, lists ? used + fats : SECTOR_END, 4);
    put(out, lists, 4);
    for (size_t i = 0; i < HEADER_FATS; i++)
        put(out, i < fats ? used + i : SECTOR_FREE, 4);
    put(out, 0, d->size - 512);
    buf_str(out, buf_view(&d->sectors));
}

void ole_build(struct buf *out, const struct ole_part *parts, size_t n, unsigned bits,
               bool scattered)
{
    struct disk d = {.size = (size_t)1 << bits,
                     .scattered = scattered,
                     .sectors = BUF_INIT(STREAM_MAX),
                     .fat = BUF_INIT(STREAM_MAX)};
    struct mini m = {BUF_INIT(STREAM_MAX), BUF_INIT(STREAM_MAX)};
    BUF(entries, STREAM_MAX);
    BUF(directory, STREAM_MAX);
    for (size_t i = 0; i < n; i++) {
        bool small = parts[i].bytes.len < 4096;
        uint32_t first = small ? mini_store(&m, parts[i].bytes) : disk_store(&d, parts[i].bytes);
        put_entry(&entries, parts[i].name, 2, i + 1 < n ? (uint32_t)i + 2 : SECTOR_FREE,
                  SECTOR_FREE, first, parts[i].bytes.len);
    }
    uint32_t stream = disk_store(&d, buf_view(&m.stream)), fat = disk_store(&d, buf_view(&m.fat));
    put_entry(&directory, "Root Entry", 5, SECTOR_FREE, n ? 1 : SECTOR_FREE, stream, m.stream.len);
    buf_str(&directory, buf_view(&entries));
    uint32_t place = disk_store(&d, buf_view(&directory));
    disk_finish(out, &d, bits, place, fat);
    assert(!out->failed && !d.sectors.failed);
    buf_free(&d.sectors);
    buf_free(&d.fat);
    buf_free(&m.stream);
    buf_free(&m.fat);
}

void old_book_build(struct buf *out, const struct old_book *b)
{
    BUF(stream, STREAM_MAX);
    old_stream_build(&stream, b);
    struct ole_part part = {b->biff5 ? "Book" : "Workbook", buf_view(&stream)};
    ole_build(out, &part, 1, 9, false);
}
