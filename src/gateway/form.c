/*
 * form.c - see form.h.
 */
#include "gateway/form.h"

/* Five bytes in a row, so that the table below can be read. */
#define FIVE(c) [(c)] = true, [(c) + 1] = true, [(c) + 2] = true, [(c) + 3] = true, [(c) + 4] = true
#define ALPHABET(c)                                                                                \
    FIVE(c), FIVE((c) + 5), FIVE((c) + 10), FIVE((c) + 15), FIVE((c) + 20), [(c) + 25] = true

/* The bytes that need no escape: RFC 3986 "unreserved", which every form reader takes literally. */
static const bool plain[256] = {
    ALPHABET('A'), ALPHABET('a'), FIVE('0'),    FIVE('5'),
    ['-'] = true,  ['.'] = true,  ['_'] = true, ['~'] = true,
};

static const char digits[] = "0123456789ABCDEF";

/* The value of a hexadecimal digit, plus one; zero for every other byte. */
static const unsigned char hex_value[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
    ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

void form_encode(struct buf *out, struct str s)
{
    char *at = s.len > out->max / 3 ? NULL : buf_reserve(out, s.len * 3);
    if (!at) {
        out->failed = out->failed || s.len > 0;
        return;
    }
    char *to = at;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (plain[c]) {
            *to++ = (char)c;
            continue;
        }
        *to++ = '%';
        *to++ = digits[c >> 4];
        *to++ = digits[c & 15];
    }
    out->len += (size_t)(to - at);
}

void form_put(struct buf *out, const char *name, struct str value)
{
    if (out->len)
        buf_char(out, '&');
    buf_str(out, str_c(name));
    buf_char(out, '=');
    form_encode(out, value);
}

void form_put_nth(struct buf *out, const char *name, size_t n, struct str value)
{
    char number[20];
    size_t at = sizeof number;
    do
        number[--at] = (char)('0' + n % 10);
    while ((n /= 10) != 0);
    if (out->len)
        buf_char(out, '&');
    buf_str(out, str_c(name));
    buf_char(out, '_');
    buf_append(out, number + at, sizeof number - at);
    buf_char(out, '=');
    form_encode(out, value);
}

static struct str decode(struct arena *a, struct str s)
{
    char *to = arena_alloc(a, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%' && s.len - i > 2) {
            unsigned high = hex_value[(unsigned char)s.ptr[i + 1]];
            unsigned low = hex_value[(unsigned char)s.ptr[i + 2]];
            if (high && low) {
                c = (char)((high - 1) << 4 | (low - 1));
                i += 2;
            }
        }
        to[n++] = c;
    }
    return str_n(to, n);
}

bool form_next(struct arena *a, struct str *rest, struct str *name, struct str *value)
{
    struct str pair;
    do {
        if (!rest->ptr || !str_split(rest, '&', &pair))
            return false;
    } while (pair.len == 0);
    ptrdiff_t equals = str_find(pair, STR("="), 0);
    size_t end = equals < 0 ? pair.len : (size_t)equals;
    *name = decode(a, str_slice(pair, 0, end));
    *value = decode(a, str_slice(pair, end + 1, pair.len));
    return true;
}
