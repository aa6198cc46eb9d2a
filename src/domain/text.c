/*
 * text.c - see text.h.
 */
#include "domain/text.h"
#include "base/buf.h"
#include "base/log.h"

#include <stdlib.h>
#include <utf8proc.h>

#define EMAIL_MAX   254 /* RFC 5321: a path of 256 with its brackets */
#define ZERO_JOINER 0x200D

struct range {
    uint32_t first, last;
};

/* The Hangul filler (also in half width) and the empty braille cell are typed where a form insists
 * on a name. */
static const struct range blanks[] = {
    {0x09, 0x0D},     {0x20, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680},
    {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x2800, 0x2800},
    {0x3000, 0x3000}, {0x3164, 0x3164}, {0xFFA0, 0xFFA0},
};

static const struct range marks[] = {
    {0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E}, {0x200B, 0x200C}, {0x200E, 0x200F},
    {0x202A, 0x202E}, {0x2060, 0x2064}, {0x2066, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB},
};

/* Pictures that a joiner ties together, and what may follow a picture before the joiner. */
static const struct range pictures[] = {
    {0x2190, 0x2BFF},
    {0xFE0F, 0xFE0F},
    {0x1F000, 0x1FAFF},
};

static bool among(const struct range *list, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++)
        if (c >= list[i].first && c <= list[i].last)
            return true;
    return false;
}

bool text_is_blank(uint32_t c)
{
    return among(blanks, COUNT_OF(blanks), c);
}

bool text_is_mark(uint32_t c)
{
    return among(marks, COUNT_OF(marks), c);
}

static bool is_picture(uint32_t c)
{
    return among(pictures, COUNT_OF(pictures), c);
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/* Length of a character that stays as it is wherever it stands: visible ASCII, Hangul syllables,
 * Hanja from the main block. 0: any other, or half of one. */
static size_t usual_length(const unsigned char *p, size_t left)
{
    if (p[0] > 0x20 && p[0] < 0x7F)
        return 1;
    if (left < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
        return 0;
    if (p[0] >= 0xEB && p[0] <= 0xEC)
        return 3;
    if (p[0] == 0xEA) /* from U+AC00 */
        return p[1] >= 0xB0 ? 3 : 0;
    if (p[0] == 0xED) /* to U+D7A3 */
        return p[1] < 0x9E || (p[1] == 0x9E && p[2] <= 0xA3) ? 3 : 0;
    if (p[0] == 0xE4) /* from U+4E00 */
        return p[1] >= 0xB8 ? 3 : 0;
    return p[0] >= 0xE5 && p[0] <= 0xE9 ? 3 : 0;
}

/* True for what needs nothing done: usual characters with single blanks between them. A name that
 * is put right once is of this kind, and nearly all are. */
static bool is_usual(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    bool blank = true; /* none may stand at the beginning */
    for (size_t i = 0, n; i < s.len; i += n) {
        if (p[i] == ' ') {
            if (blank)
                return false;
            blank = true;
            n = 1;
            continue;
        }
        blank = false;
        n = usual_length(p + i, s.len - i);
        if (n == 0)
            return false;
    }
    return !blank;
}

static bool plain_ascii(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

/* NFC of valid UTF-8. */
static struct str composed(struct arena *a, struct str s)
{
    if (plain_ascii(s))
        return s;
    utf8proc_uint8_t *made = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)s.len,
                                      &made, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (n < 0)
        fatalx("utf8proc: %s", utf8proc_errmsg(n));
    struct str out = str_dup(a, str_n((const char *)made, (size_t)n));
    free(made);
    return out;
}

static bool joins(struct str s, size_t after, uint32_t before)
{
    return is_picture(before) && after < s.len && is_picture(utf8_next(s, &after));
}

/* Without marks and control characters, blanks made one; valid UTF-8. */
static struct str cleaned(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t len = 0;
    bool blank = false;
    uint32_t before = 0;
    for (size_t at = 0, from = 0; at < s.len; from = at) {
        uint32_t c = utf8_next(s, &at);
        if (text_is_blank(c)) {
            blank = len > 0;
            continue;
        }
        if (text_is_mark(c) || is_control(c) || (c == ZERO_JOINER && !joins(s, at, before)))
            continue;
        if (blank)
            out[len++] = ' '; /* a blank took at least one byte of the input */
        blank = false;
        memcpy(out + len, s.ptr + from, at - from);
        len += at - from;
        before = c;
    }
    return str_n(out, len);
}

struct str text_line(struct arena *a, struct str s)
{
    if (s.len > 0 && is_usual(s))
        return s;
    if (s.len == 0 || !utf8_valid(s))
        return STR("");
    return composed(a, cleaned(a, s)); /* in this order: a mark may have kept two apart */
}

struct str text_email(struct arena *a, struct str s)
{
    struct str line = text_line(a, s);
    size_t upper = 0;
    while (upper < line.len && (line.ptr[upper] < 'A' || line.ptr[upper] > 'Z'))
        upper++;
    if (upper == line.len)
        return line;
    char *out = str_z(a, line);
    for (size_t i = upper; i < line.len; i++)
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] - 'A' + 'a');
    return str_n(out, line.len);
}

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool local_byte(char c)
{
    return is_alnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool domain_byte(char c)
{
    return is_alnum(c) || c == '-' || c == '.' || (unsigned char)c >= 0x80; /* 한글 domains */
}

static bool all_bytes(struct str s, bool (*fits)(char))
{
    for (size_t i = 0; i < s.len; i++)
        if (!fits(s.ptr[i]))
            return false;
    return s.len > 0;
}

/* Dots stand between something. */
static bool dots_ok(struct str s)
{
    return s.ptr[0] != '.' && s.ptr[s.len - 1] != '.' && str_find(s, STR(".."), 0) < 0;
}

bool text_email_ok(struct str email)
{
    const char *sign = email.len ? memchr(email.ptr, '@', email.len) : NULL;
    ptrdiff_t at = sign ? sign - email.ptr : -1;
    if (at < 1 || at > 64 || email.len > EMAIL_MAX)
        return false;
    struct str local = str_slice(email, 0, (size_t)at);
    struct str domain = str_slice(email, (size_t)at + 1, email.len);
    return all_bytes(local, local_byte) && dots_ok(local) && all_bytes(domain, domain_byte) &&
           dots_ok(domain) && str_find(domain, STR("."), 0) > 0;
}
