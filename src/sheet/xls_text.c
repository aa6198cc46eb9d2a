/*
 * xls_text.c - see xls_text.h.
 */
#include "sheet/xls_text.h"
#include "sheet/cell_text.h"

#include <stdlib.h>

#define FLAG_WIDE     1
#define FLAG_PHONETIC 4
#define FLAG_RICH     8
#define REPLACEMENT   0xFFFD
#define WESTERN       "CP1252"

/* A text on its way into its room. */
struct writing {
    char *at;
    uint32_t high; /* the first half of a surrogate pair whose second is awaited, or 0 */
    bool returns;  /* has a CR */
};

/* Appends a UTF-16 unit. Half a pair is no character: it is shown as one that is missing. */
static void unit_put(struct writing *w, uint32_t unit)
{
    bool low = (unit & 0xFC00) == 0xDC00;
    if (w->high && low) {
        w->at = utf8_put(w->at, 0x10000 + ((w->high & 0x3FF) << 10 | (unit & 0x3FF)));
        w->high = 0;
        return;
    }
    if (w->high)
        w->at = utf8_put(w->at, REPLACEMENT);
    w->high = (unit & 0xFC00) == 0xD800 ? unit : 0;
    if (w->high)
        return;
    w->returns |= unit == '\r';
    w->at = utf8_put(w->at, low ? REPLACEMENT : unit);
}

/* Line ends as everywhere; returns the length. */
static size_t returns_decode(char *start, char *end)
{
    char *to = start;
    for (char *p = start; p < end; p++) {
        if (*p == '\r' && p + 1 < end && p[1] == '\n')
            continue;
        *to++ = *p == '\r' ? '\n' : *p;
    }
    return (size_t)(to - start);
}

static struct str writing_end(struct writing *w, char *room)
{
    if (w->high)
        w->at = utf8_put(w->at, REPLACEMENT);
    return str_n(room, w->returns ? returns_decode(room, w->at) : (size_t)(w->at - room));
}

static int too_long(struct xls_records *r)
{
    return trouble_set(r->trouble, SHEET_E_DAMAGED,
                       "record at %lld: a text of more than %d characters",
                       (long long)xls_records_offset(r), SHEET_CHARS_MAX);
}

/* As many of `count` characters as stand in this record; returns their number. */
static size_t characters_put(struct xls_records *r, struct writing *w, size_t count, bool wide)
{
    size_t have = wide ? xls_left(r) / 2 : xls_left(r), n = have < count ? have : count;
    if (wide)
        for (size_t i = 0; i < n; i++, r->p += 2)
            unit_put(w, le16(r->p));
    else
        for (size_t i = 0; i < n; i++)
            unit_put(w, *r->p++);
    return n;
}

/* The characters, wherever CONTINUE records cut them: each begins with flags of its own. */
static int characters_read(struct xls_records *r, struct writing *w, size_t count, bool wide)
{
    while ((count -= characters_put(r, w, count, wide)) > 0) {
        uint32_t flags;
        if (xls_left(r) > 0)
            return trouble_set(r->trouble, SHEET_E_DAMAGED, "record at %lld: half a character",
                               (long long)xls_records_offset(r));
        if (xls_number_across(r, 1, &flags) < 0)
            return -1;
        wide = flags & FLAG_WIDE;
    }
    return 0;
}

int xls_text_wide(struct xls_records *r, size_t count, char *room, struct str *text)
{
    struct writing w = {.at = room};
    uint32_t flags, runs = 0, phonetic = 0;
    if (count > SHEET_CHARS_MAX)
        return too_long(r);
    if (xls_number_across(r, 1, &flags) < 0 ||
        (flags & FLAG_RICH && xls_number_across(r, 2, &runs) < 0) ||
        (flags & FLAG_PHONETIC && xls_number_across(r, 4, &phonetic) < 0) ||
        characters_read(r, &w, count, flags & FLAG_WIDE) < 0)
        return -1;
    *text = writing_end(&w, room);
    return xls_skip_across(r, (uint64_t)runs * 4 + phonetic);
}

/* Names of iconv for the numbers of Windows and the Macintosh. */
static const struct {
    unsigned number;
    const char *name;
} codepages[] = {
    {367, "ASCII"},
    {437, "CP437"},
    {737, "CP737"},
    {775, "CP775"},
    {850, "CP850"},
    {852, "CP852"},
    {855, "CP855"},
    {857, "CP857"},
    {858, "CP858"},
    {860, "CP860"},
    {861, "CP861"},
    {862, "CP862"},
    {863, "CP863"},
    {864, "CP864"},
    {865, "CP865"},
    {866, "CP866"},
    {869, "CP869"},
    {874, "CP874"},
    {932, "CP932"},
    {936, "CP936"},
    {949, "CP949"},
    {950, "CP950"},
    {1250, "CP1250"},
    {1251, "CP1251"},
    {1252, WESTERN},
    {1253, "CP1253"},
    {1254, "CP1254"},
    {1255, "CP1255"},
    {1256, "CP1256"},
    {1257, "CP1257"},
    {1258, "CP1258"},
    {1361, "JOHAB"},
    {10000, "MACINTOSH"},
    {10001, "CP932"},
    {10002, "CP950"},
    {10003, "CP949"},
    {10007, "MAC-CYRILLIC"},
    {10008, "CP936"},
    {10010, "MAC-CENTRALEUROPE"},
    {10017, "MAC-UK"},
    {10029, "MAC-CENTRALEUROPE"},
    {10079, "MAC-IS"},
    {32768, "MACINTOSH"},
    {32769, WESTERN},
    {65001, "UTF-8"},
};

static bool is_open(iconv_t cd)
{
    return cd && cd != (iconv_t)-1;
}

static void cd_close(iconv_t *cd)
{
    if (is_open(*cd))
        iconv_close(*cd);
    *cd = NULL;
}

void xls_codepage_close(struct xls_codepage *c)
{
    cd_close(&c->to_utf8);
    cd_close(&c->korean);
    *c = (struct xls_codepage){0};
}

int xls_codepage_open(struct xls_codepage *c, unsigned number, struct trouble *t)
{
    const char *name = NULL;
    xls_codepage_close(c);
    for (size_t i = 0; i < COUNT_OF(codepages); i++)
        if (codepages[i].number == number)
            name = codepages[i].name;
    if (!name || strcmp(name, WESTERN) == 0)
        c->enough = name ? 2 : 1;
    c->to_utf8 = iconv_open("UTF-8", name ? name : WESTERN);
    c->korean = iconv_open("UTF-8", "CP949");
    return is_open(c->to_utf8) && is_open(c->korean)
               ? 0
               : trouble_set(t, SHEET_E_IO, "no converter for code page %u", number);
}

/* How many Hangul of KS X 1001 the bytes hold when read as CP949: both bytes of such a character
 * are above 0xA0, which is rare in a Western text. -1: they are no CP949. */
static int hangul_count(const unsigned char *p, size_t n)
{
    int hangul = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < 0x80)
            continue;
        if (p[i] == 0x80 || p[i] > 0xFD || i + 1 == n || p[i + 1] < 0x41)
            return -1;
        hangul += p[i] >= 0xB0 && p[i] <= 0xC8 && p[i + 1] > 0xA0;
        i++;
    }
    return hangul;
}

static bool is_korean_utf8(struct str s)
{
    if (!utf8_valid(s))
        return false;
    for (size_t at = 0; at < s.len;) {
        uint32_t c = utf8_next(s, &at);
        if (c >= 0xAC00 && c <= 0xD7A3)
            return true;
    }
    return false;
}

/* The converter for a text, NULL when it is UTF-8 already. */
static iconv_t converter_choose(struct xls_codepage *c, const unsigned char *p, size_t n)
{
    if (c->enough == 0)
        return c->to_utf8;
    if (is_korean_utf8(str_n((const char *)p, n)))
        return NULL;
    int hangul = hangul_count(p, n);
    c->is_korean |= hangul >= c->enough;
    return c->is_korean && hangul >= 0 ? c->korean : c->to_utf8;
}

/* Bytes as UTF-8; one that means nothing becomes U+FFFD. A byte becomes three at most, and there
 * are few enough for the room. */
static void bytes_convert(iconv_t cd, unsigned char *from, size_t n, struct writing *w)
{
    char *in = (char *)from;
    size_t room = SHEET_CELL_MAX;
    iconv(cd, NULL, NULL, NULL, NULL);
    while (n > 0 && iconv(cd, &in, &n, &w->at, &room) == (size_t)-1 && n > 0) {
        w->at = utf8_put(w->at, REPLACEMENT);
        in++;
        n--;
    }
    iconv(cd, NULL, NULL, &w->at, &room); /* some keep a letter back to join an accent to it */
}

int xls_text_bytes(struct xls_records *r, size_t count, struct xls_codepage *c, char *room,
                   struct str *text)
{
    struct writing w = {.at = room};
    unsigned char bytes[SHEET_CHARS_MAX], seen = 0;
    if (count > SHEET_CHARS_MAX)
        return too_long(r);
    for (size_t n = 0; n < count; n++) {
        uint32_t byte;
        if (xls_number_across(r, 1, &byte) < 0)
            return -1;
        bytes[n] = (unsigned char)byte;
        seen |= bytes[n];
        w.returns |= byte == '\r';
    }
    iconv_t converter = seen < 0x80 ? NULL : converter_choose(c, bytes, count);
    if (converter)
        bytes_convert(converter, bytes, count, &w);
    else
        w.at = mempcpy(room, bytes, count);
    *text = writing_end(&w, room);
    return 0;
}
