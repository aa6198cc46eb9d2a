/*
 * cell_text.c - see cell_text.h.
 */
#include "sheet/cell_text.h"

#include <assert.h>
#include <endian.h>

/* What a byte of a text asks for: the bits of `seen`. */
enum {
    PLAIN = 0,
    REFERENCE = 1,  /* & */
    CONTROL = 2,    /* no character of XML */
    RETURN = 4,     /* CR: a line end to put right */
    UNDERSCORE = 8, /* perhaps an escape */
    HIGH = 16,      /* not ASCII: to be checked */
};

#define TIMES_8(x)   x, x, x, x, x, x, x, x
#define TIMES_32(x)  TIMES_8(x), TIMES_8(x), TIMES_8(x), TIMES_8(x)
#define TIMES_128(x) TIMES_32(x), TIMES_32(x), TIMES_32(x), TIMES_32(x)

/* clang-format off */
static const unsigned char class_of[256] = {
    TIMES_8(CONTROL),
    CONTROL, PLAIN, PLAIN, CONTROL, CONTROL, RETURN, CONTROL, CONTROL, /* tab is 9, LF 10 */
    TIMES_8(CONTROL),
    TIMES_8(CONTROL),
    ['&'] = REFERENCE, ['_'] = UNDERSCORE, [128] = TIMES_128(HIGH),
};
/* clang-format on */

static int bad(struct trouble *t, const char *what)
{
    return trouble_set(t, SHEET_E_DAMAGED, "xml: %s", what);
}

char *utf8_put(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    *to++ = (char)((0xFF00u >> (more + 1) & 0xFFu) | c >> 6 * more);
    while (more-- > 0)
        *to++ = (char)(0x80 | (c >> 6 * more & 0x3F));
    return to;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "65" or "x41" of a character reference; 0 when it is no character of XML. */
static uint32_t reference_number(struct str s)
{
    uint32_t base = 10, c = 0;
    if (s.len && s.ptr[0] == 'x') {
        base = 16;
        s = str_slice(s, 1, s.len);
    }
    for (size_t i = 0; i < s.len; i++) {
        int digit = hex_digit(s.ptr[i]);
        if (digit < 0 || (uint32_t)digit >= base)
            return 0;
        c = c * base + (uint32_t)digit;
        if (c > 0x10FFFF)
            return 0;
    }
    bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    return control || (c >= 0xD800 && c <= 0xDFFF) ? 0 : c;
}

static uint32_t reference_decode(struct str name)
{
    static const struct {
        struct str name;
        uint32_t c;
    } named[] = {{STR_INIT("amp"), '&'},
                 {STR_INIT("lt"), '<'},
                 {STR_INIT("gt"), '>'},
                 {STR_INIT("quot"), '"'},
                 {STR_INIT("apos"), '\''}};
    if (name.len > 1 && name.ptr[0] == '#')
        return reference_number(str_slice(name, 1, name.len));
    for (size_t i = 0; i < COUNT_OF(named); i++)
        if (str_eq(name, named[i].name))
            return named[i].c;
    return 0;
}

/* Decodes the reference at p (on its &) and returns the byte behind it; NULL: trouble. */
static const char *reference_append(struct cell_text *c, const char *p, const char *end,
                                    struct trouble *t)
{
    const char *semicolon = memchr(p, ';', (size_t)(end - p));
    uint32_t code = semicolon ? reference_decode(str_n(p + 1, (size_t)(semicolon - p - 1))) : 0;
    if (code == 0) {
        bad(t, "a reference to no character");
        return NULL;
    }
    c->seen |= code >= 0x80 ? HIGH : class_of[code] & (RETURN | UNDERSCORE);
    c->at = utf8_put(c->at, code);
    return semicolon + 1;
}

/* Appends a piece with references or line ends, byte by byte. */
static int piece_decode(struct cell_text *c, struct str piece, bool literal, struct trouble *t)
{
    const char *p = piece.ptr, *end = p + piece.len;
    while (p < end) {
        if (*p == '&' && !literal) {
            if (!(p = reference_append(c, p, end, t)))
                return -1;
        } else if (*p == '\r') { /* XML 1.0, 2.11: CR LF and CR are LF before anything else */
            p += p + 1 < end && p[1] == '\n' ? 2 : 1;
            *c->at++ = '\n';
        } else {
            *c->at++ = *p++;
        }
    }
    return 0;
}

int cell_text_append(struct cell_text *c, struct str piece, bool literal, struct trouble *t)
{
    /* Decoding never makes a text longer, so one comparison bounds it all. */
    if (piece.len > (size_t)(c->limit - c->at))
        return trouble_set(t, SHEET_E_CELL, "a cell of more than %d characters", SHEET_CHARS_MAX);
    unsigned classes = 0;
    for (size_t i = 0; i < piece.len; i++)
        classes |= class_of[(unsigned char)piece.ptr[i]];
    if (classes & CONTROL)
        return bad(t, "a control character in a text");
    c->seen |= classes & (UNDERSCORE | HIGH);
    if (classes & (REFERENCE | RETURN))
        return piece_decode(c, piece, literal, t);
    c->at = mempcpy(c->at, piece.ptr, piece.len);
    return 0;
}

/* The UTF-16 unit of an escape `_xHHHH_` at p, or -1 when there is none. */
static int32_t escape_unit(const char *p, const char *end)
{
    if (end - p < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
        return -1;
    int32_t unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(p[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* Replaces the escape at *p, which may be a pair of surrogates; half a pair is no character and
 * stays as it is written (false). */
static bool escape_replace(const char **p, const char *end, char **to)
{
    int32_t unit = escape_unit(*p, end);
    if (unit < 0 || (unit & 0xFC00) == 0xDC00)
        return false;
    const char *behind = *p + 7;
    if ((unit & 0xFC00) == 0xD800) {
        int32_t low = escape_unit(behind, end);
        if (low < 0 || (low & 0xFC00) != 0xDC00)
            return false;
        unit = 0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF));
        behind += 7;
    }
    *to = utf8_put(*to, (uint32_t)unit);
    *p = behind;
    return true;
}

static bool escapes_decode(struct cell_text *c)
{
    bool any = false;
    char *to = c->start;
    for (const char *p = c->start; p < c->at;) {
        if (*p == '_' && escape_replace(&p, c->at, &to))
            any = true;
        else
            *to++ = *p++;
    }
    c->at = to;
    return any;
}

static void returns_decode(struct cell_text *c)
{
    char *to = c->start;
    for (const char *p = c->start; p < c->at; p++) {
        if (*p == '\r' && p + 1 < c->at && p[1] == '\n')
            continue;
        *to++ = *p == '\r' ? '\n' : *p;
    }
    c->at = to;
}

int cell_text_finish(struct cell_text *c, struct str *text, struct trouble *t)
{
    size_t n = (size_t)(c->at - c->start);
    *text = str_n(c->start, n);
    if ((c->seen & HIGH) && !utf8_valid(*text))
        return bad(t, "a text that is not UTF-8");
    if (c->seen & UNDERSCORE && escapes_decode(c))
        c->seen |= RETURN; /* an escape is most often a CR */
    if (c->seen & RETURN)
        returns_decode(c);
    text->len = (size_t)(c->at - c->start);
    if (text->len > SHEET_CHARS_MAX && utf8_count(*text) > SHEET_CHARS_MAX)
        return trouble_set(t, SHEET_E_CELL, "a cell of more than %d characters", SHEET_CHARS_MAX);
    return 0;
}

/* Sixteen bytes at once, by the vector extension that gcc and clang share. */
#define STEP 16
typedef unsigned char bytes16 __attribute__((vector_size(STEP)));

/* How many bytes of `v` stand for themselves, up to all 16. */
static inline unsigned plain_bytes(bytes16 v)
{
    bytes16 stops = (bytes16)((v < ' ') | (v == '<') | (v == '&') | (v == '_'));
    uint64_t half[2];
    memcpy(half, &stops, sizeof half);
    if (half[0])
        return (unsigned)__builtin_ctzll(le64toh(half[0])) / 8;
    return half[1] ? 8 + (unsigned)__builtin_ctzll(le64toh(half[1])) / 8 : STEP;
}

static inline bool any_high(bytes16 v)
{
    uint64_t half[2];
    memcpy(half, &v, sizeof half);
    return (half[0] | half[1]) & UINT64_C(0x8080808080808080);
}

/* Copies a text that stands at `from` as it is meant, up to its `<`: the length, or SIZE_MAX when
 * there is something to decode, to refuse, or to count. */
static size_t copy_plain(const char *from, char *to)
{
    bytes16 v, seen = {0};
    for (size_t n = 0; n <= SHEET_CHARS_MAX;) {
        memcpy(&v, from + n, STEP);
        memcpy(to + n, &v, STEP);
        seen |= v;
        unsigned plain = plain_bytes(v);
        n += plain;
        if (plain == STEP)
            continue;
        if (from[n] == '<')
            return n <= SHEET_CHARS_MAX && (!any_high(seen) || utf8_valid(str_n(to, n))) ? n
                                                                                         : SIZE_MAX;
        if (from[n] != '_' || from[n + 1] == 'x')
            break;
        n++;
    }
    return SIZE_MAX;
}
_Static_assert(XML_SENTINEL >= STEP, "so many bytes may be read at the window's last");
_Static_assert(SHEET_CELL_MAX >= SHEET_CHARS_MAX + 2 * STEP, "and be written");

int cell_text_take(const char *from, const char *end, char *room, struct str *text,
                   const char **behind, struct trouble *t)
{
    size_t n = copy_plain(from, room);
    if (n != SIZE_MAX) {
        *text = str_n(room, n);
        *behind = from + n;
        return 1;
    }
    *behind = memchr(from, '<', (size_t)(end - from));
    if (!*behind)
        return 0;
    struct cell_text c = cell_text_begin(room, SHEET_CELL_MAX);
    return cell_text_append(&c, str_n(from, (size_t)(*behind - from)), false, t) < 0 ||
                   cell_text_finish(&c, text, t) < 0
               ? -1
               : 1;
}

int cell_text_read(struct xml *x, struct cell_text *c, struct trouble *t)
{
    for (int depth = 1, in_text = 0; depth > 0;) {
        switch (xml_next(x)) {
        case XML_OPEN:
            if (xml_is(x, "rPh")) {
                if (xml_skip(x) < 0)
                    return -1;
                break;
            }
            depth++;
            if (xml_is(x, "t"))
                in_text = depth;
            break;
        case XML_CLOSE:
            if (in_text == depth)
                in_text = 0;
            depth--;
            break;
        case XML_TEXT:
            if (in_text == depth && cell_text_append(c, x->text, x->literal, t) < 0)
                return -1;
            break;
        case XML_END:
        case XML_TROUBLE:
            return -1;
        }
    }
    return 0;
}
