/*
 * str.h - text as pointer and length, passed by value.
 *
 * What comes from outside is never trusted to end in a NUL byte. A `struct str` does not own its
 * bytes: they live in an arena, a buffer, or the program's own text, as the function that hands it
 * out says. All text is UTF-8 unless a name says otherwise.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *ptr;
    size_t len;
};

/* A literal as str: STR("abc"). */
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }
/* For printf: printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).len, (s).ptr

static inline struct str str_n(const char *ptr, size_t len)
{
    return (struct str){ptr, len};
}

/* A NUL-terminated text as str; NULL is the empty text. */
static inline struct str str_c(const char *z)
{
    return (struct str){z ? z : "", z ? strlen(z) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Byte order, shorter first on a tie: <0, 0, >0. */
int str_cmp(struct str a, struct str b);
/* Equality that ignores the case of ASCII letters. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Offset of the first `needle` at or after `from`, or -1. An empty needle is found at `from`. */
ptrdiff_t str_find(struct str s, struct str needle, size_t from);
/* The part from `from` to `to` (exclusive), both clipped to the text. */
struct str str_slice(struct str s, size_t from, size_t to);
/* Without blanks, tabs, CR and LF at both ends. */
struct str str_trim(struct str s);
/* Takes the text up to the next `sep` off the front of *rest; false when *rest was exhausted
 * (ptr NULL). An empty text yields one empty piece. */
bool str_split(struct str *rest, char sep, struct str *piece);

/* A copy owned by the arena; always followed by a NUL byte that is not counted. */
struct str str_dup(struct arena *a, struct str s);
/* The same as NUL-terminated text. */
char *str_z(struct arena *a, struct str s);
/* printf into the arena. */
struct str str_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A whole decimal number in [min, max]: no sign except one '-' when min < 0, no blanks, no trailing
 * bytes, no overflow. Returns false and leaves *out alone otherwise. */
bool str_i64(struct str s, int64_t min, int64_t max, int64_t *out) MUST_CHECK;

/* True when the bytes are valid UTF-8 (no overlong forms, no surrogates, at most U+10FFFF). */
bool utf8_valid(struct str s);
/* Decodes the character at *pos of valid UTF-8 and moves *pos behind it. */
uint32_t utf8_next(struct str s, size_t *pos);
/* Number of code points in valid UTF-8. */
size_t utf8_count(struct str s);

#endif
