/*
 * attributes.c - see attributes.h.
 */
#include "domain/attributes.h"

static void blanks_skip(struct str *s)
{
    size_t n = 0;
    while (n < s->len &&
           (s->ptr[n] == ' ' || s->ptr[n] == '\t' || s->ptr[n] == '\r' || s->ptr[n] == '\n'))
        n++;
    *s = str_slice(*s, n, s->len);
}

/* Takes that character off, with blanks around it. */
static bool sign_take(struct str *s, char sign)
{
    blanks_skip(s);
    if (s->len == 0 || s->ptr[0] != sign)
        return false;
    *s = str_slice(*s, 1, s->len);
    blanks_skip(s);
    return true;
}

static bool hex_read(struct str s, size_t at, uint32_t *c)
{
    *c = 0;
    if (at + 4 > s.len)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        char digit = s.ptr[i], low = (char)(digit | 0x20);
        if (digit >= '0' && digit <= '9')
            *c = *c << 4 | (uint32_t)(digit - '0');
        else if (low >= 'a' && low <= 'f')
            *c = *c << 4 | (uint32_t)(low - 'a' + 10);
        else
            return false;
    }
    return true;
}

static char *utf8_put(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *to++ = (char)(0xE0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    } else {
        *to++ = (char)(0xF0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3F));
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    }
    return to;
}

/* The character of \uXXXX at s[at], two of them for a pair; *at moves behind. */
static bool unicode_read(struct str s, size_t *at, uint32_t *c)
{
    uint32_t low;
    if (!hex_read(s, *at, c))
        return false;
    *at += 4;
    if (*c < 0xD800 || *c > 0xDFFF)
        return true;
    if (*c > 0xDBFF || *at + 6 > s.len || s.ptr[*at] != '\\' || s.ptr[*at + 1] != 'u' ||
        !hex_read(s, *at + 2, &low) || low < 0xDC00 || low > 0xDFFF)
        return false;
    *at += 6;
    *c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* Escapes only ever become shorter. */
static bool unescape(struct arena *a, struct str raw, struct str *out)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char *text = arena_alloc(a, raw.len), *to = text;
    for (size_t at = 0; at < raw.len;) {
        uint32_t c = 0;
        if (raw.ptr[at] != '\\') {
            *to++ = raw.ptr[at++];
            continue;
        }
        char name = raw.ptr[at + 1]; /* string_take has seen that there is one */
        const char *found = memchr(names, name, sizeof names - 1);
        at += 2;
        if (found)
            *to++ = meant[found - names];
        else if (name == 'u' && unicode_read(raw, &at, &c))
            to = utf8_put(to, c);
        else
            return false;
    }
    *out = str_n(text, (size_t)(to - text));
    return true;
}

static bool string_take(struct arena *a, struct str *rest, struct str *out)
{
    bool escapes = false;
    if (rest->len == 0 || rest->ptr[0] != '"')
        return false;
    for (size_t i = 1; i < rest->len; i++) {
        if (rest->ptr[i] == '\\' && ++i < rest->len) {
            escapes = true;
        } else if (i < rest->len && rest->ptr[i] == '"') {
            *out = str_slice(*rest, 1, i);
            *rest = str_slice(*rest, i + 1, rest->len);
            return !escapes || unescape(a, *out, out);
        }
    }
    return false;
}

bool attribute_next(struct arena *a, struct str *rest, struct attribute *out)
{
    if (rest->len == 0)
        return false;
    if (!sign_take(rest, '{') && !sign_take(rest, ','))
        return false;
    return string_take(a, rest, &out->name) && sign_take(rest, ':') &&
           string_take(a, rest, &out->value);
}
