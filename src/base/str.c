/*
 * str.c - see str.h.
 */
#include "base/str.h"

#include <assert.h>
#include <endian.h>
#include <stdarg.h>
#include <stdio.h>

int str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static unsigned char ascii_lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower((unsigned char)a.ptr[i]) != ascii_lower((unsigned char)b.ptr[i]))
            return false;
    return true;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_n(s.ptr, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_n(s.ptr + s.len - suffix.len, suffix.len), suffix);
}

ptrdiff_t str_find(struct str s, struct str needle, size_t from)
{
    if (from > s.len)
        return -1;
    if (needle.len == 0)
        return (ptrdiff_t)from;
    const char *hit = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
    return hit ? hit - s.ptr : -1;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return str_n(s.ptr + from, to - from);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.len && is_blank(s.ptr[0]))
        s.ptr++, s.len--;
    while (s.len && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool str_split(struct str *rest, char sep, struct str *piece)
{
    if (!rest->ptr)
        return false;
    const char *end = rest->len ? memchr(rest->ptr, sep, rest->len) : NULL;
    if (!end) {
        *piece = *rest;
        *rest = (struct str){NULL, 0};
        return true;
    }
    *piece = str_n(rest->ptr, (size_t)(end - rest->ptr));
    *rest = str_n(end + 1, rest->len - piece->len - 1);
    return true;
}

char *str_z(struct arena *a, struct str s)
{
    char *copy = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(copy, s.ptr, s.len);
    return copy;
}

struct str str_dup(struct arena *a, struct str s)
{
    return str_n(str_z(a, s), s.len);
}

struct str str_printf(struct arena *a, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    assert(n >= 0);
    char *text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return str_n(text, (size_t)n);
}

bool str_i64(struct str s, int64_t min, int64_t max, int64_t *out)
{
    bool negative = s.len && s.ptr[0] == '-' && min < 0;
    int64_t value = 0;
    size_t i = negative ? 1 : 0;
    if (i == s.len)
        return false;
    for (; i < s.len; i++) {
        int digit = s.ptr[i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false; /* counted downwards, because INT64_MIN has no positive twin */
    }
    if (!negative && __builtin_sub_overflow((int64_t)0, value, &value))
        return false;
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

/* Length of the well-formed sequence at p (Unicode 15, table 3-7), or 0. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    size_t n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (left < n)
        return 0;
    unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of each byte that equals `byte`. */
static inline uint64_t bytes_equal(uint64_t word, unsigned char byte)
{
    uint64_t x = word ^ EACH(byte), low = EACH(0x7F);
    return ~(((x & low) + low) | x | low);
}

/* Eight bytes of UTF-8 at once, the first of them the lowest in `word`; `before` is what stands in
 * front of them. 0 when they are well-formed and of at most three bytes a character, which is all
 * of Korean; the rest is for utf8_length to judge. Shifting by 1, 2 or 3 brings a lower bit of each
 * byte to its highest place. */
static inline uint64_t utf8_odd(uint64_t word, uint64_t before)
{
    uint64_t one = word << 8 | before >> 56;  /* what is one byte before each byte */
    uint64_t two = word << 16 | before >> 48; /* and two */
    uint64_t is_second = word & ~(word << 1);
    uint64_t must_be = (one & one << 1) | (two & two << 1 & two << 2);
    uint64_t is_four = word & word << 1 & word << 2 & word << 3;
    uint64_t overlong =
        bytes_equal(word & EACH(0xFE), 0xC0) | (bytes_equal(one, 0xE0) & ~(word << 2));
    uint64_t surrogate = bytes_equal(one, 0xED) & word << 2;
    return ((is_second ^ must_be) | is_four | overlong | surrogate) & EACH(0x80);
}

static bool utf8_valid_slowly(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    for (size_t i = 0, n; i < s.len; i += n) {
        n = utf8_length(p + i, s.len - i);
        if (n == 0)
            return false;
    }
    return true;
}

/* The last `rest` < 8 bytes of `s`, with NUL bytes behind them; reads nothing outside of it. */
static inline uint64_t last_bytes(struct str s, size_t rest)
{
    uint64_t word = 0;
    if (s.len >= sizeof word && rest) {
        memcpy(&word, s.ptr + s.len - sizeof word, sizeof word);
        return le64toh(word) >> 8 * (sizeof word - rest);
    }
    for (size_t i = 0; i < rest; i++)
        word |= (uint64_t)(unsigned char)s.ptr[s.len - rest + i] << 8 * i;
    return word;
}

bool utf8_valid(struct str s)
{
    uint64_t before = 0, word, odd = 0;
    for (size_t i = 0; i + sizeof word <= s.len; i += sizeof word, before = word) {
        memcpy(&word, s.ptr + i, sizeof word);
        word = le64toh(word);
        odd |= utf8_odd(word, before);
    }
    odd |= utf8_odd(last_bytes(s, s.len % sizeof word), before);
    return !odd || utf8_valid_slowly(s);
}

uint32_t utf8_next(struct str s, size_t *pos)
{
    const unsigned char *p = (const unsigned char *)s.ptr + *pos;
    size_t n = utf8_length(p, s.len - *pos);
    assert(n > 0);
    *pos += n;
    if (n == 1)
        return p[0];
    uint32_t c = p[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++)
        c = c << 6 | (p[i] & 0x3Fu);
    return c;
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return count;
}
