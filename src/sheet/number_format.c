/*
 * number_format.c - which number formats show a date or a time. See number_format.h.
 */
#include "sheet/number_format.h"

enum number_shape number_shape_of_id(int64_t id)
{
    static const struct {
        int first, last;
        enum number_shape shape;
    } builtin[] = {
        {14, 17, SHAPE_DAY},  {18, 21, SHAPE_TIME}, {22, 22, SHAPE_BOTH}, {27, 31, SHAPE_DAY},
        {32, 33, SHAPE_TIME}, {34, 36, SHAPE_DAY},  {45, 45, SHAPE_TIME}, {46, 46, SHAPE_ELAPSED},
        {47, 47, SHAPE_TIME}, {50, 58, SHAPE_DAY},
    };
    for (size_t i = 0; i < COUNT_OF(builtin); i++)
        if (id >= builtin[i].first && id <= builtin[i].last)
            return builtin[i].shape;
    return SHAPE_NUMBER;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* What the tokens of a format code have shown so far. */
struct shown {
    bool day, time, elapsed;
    char before;        /* the last token that is not a literal: h, s, d, … */
    bool month_pending; /* an m that means minutes if an s follows */
};

static void shown_token(struct shown *s, char letter, size_t n)
{
    if (s->month_pending) {
        *(letter == 's' ? &s->time : &s->day) = true;
        s->month_pending = false;
    }
    if (letter == 'm' && n <= 2) {
        if (s->before == 'h')
            s->time = true;
        else
            s->month_pending = true;
    } else if (letter == 'y' || letter == 'd' || letter == 'm' || (letter == 'a' && n >= 3)) {
        s->day = true;
    } else if (letter == 'h' || letter == 's') {
        s->time = true;
    }
    s->before = letter;
}

/* Length of what stands in brackets at the front of `code`; elapsed times are noted. */
static size_t shown_bracket(struct shown *s, struct str code)
{
    const char *close = memchr(code.ptr, ']', code.len);
    if (!close)
        return code.len;
    size_t n = (size_t)(close - code.ptr) - 1, same = 0;
    char letter = n ? lower(code.ptr[1]) : '\0';
    while (same < n && lower(code.ptr[1 + same]) == letter)
        same++;
    if (n && same == n && (letter == 'h' || letter == 'm' || letter == 's')) {
        s->elapsed = true;
        s->month_pending = false;
        s->before = letter;
    }
    return n + 2;
}

static size_t shown_quote(struct str code)
{
    const char *close = code.len > 1 ? memchr(code.ptr + 1, '"', code.len - 1) : NULL;
    return close ? (size_t)(close - code.ptr) + 1 : code.len;
}

static size_t shown_letters(struct shown *s, struct str code)
{
    static const struct str halves[] = {STR_INIT("am/pm"), STR_INIT("a/p")};
    for (size_t i = 0; i < COUNT_OF(halves); i++)
        if (str_eq_nocase(str_slice(code, 0, halves[i].len), halves[i])) {
            s->time = true;
            return halves[i].len;
        }
    char letter = lower(code.ptr[0]);
    size_t n = 1;
    while (n < code.len && lower(code.ptr[n]) == letter)
        n++;
    if (letter && strchr("ydmhsa", letter))
        shown_token(s, letter, n);
    return n;
}

enum number_shape number_shape_of_code(struct str code)
{
    struct shown s = {0};
    for (size_t at = 0, n; at < code.len && code.ptr[at] != ';'; at += n) {
        struct str rest = str_slice(code, at, code.len);
        switch (rest.ptr[0]) {
        case '"':
            n = shown_quote(rest);
            break;
        case '[':
            n = shown_bracket(&s, rest);
            break;
        case '\\':
        case '_':
        case '*':
            n = 2;
            break;
        default:
            n = str_eq_nocase(str_slice(rest, 0, 7), STR("general")) ? 7 : shown_letters(&s, rest);
        }
    }
    s.day |= s.month_pending;
    if (s.day)
        return s.time || s.elapsed ? SHAPE_BOTH : SHAPE_DAY;
    return s.elapsed ? SHAPE_ELAPSED : s.time ? SHAPE_TIME : SHAPE_NUMBER;
}
