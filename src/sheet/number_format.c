/*
 * number_format.c - see number_format.h. The program never leaves the C locale, so that printf and
 * strtod know the decimal point.
 */
#include "sheet/number_format.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define EXACT_DIGITS  15        /* DBL_DIG: as many survive text → double → text */
#define ROUND_TRIP    17        /* digits that tell any two doubles apart */
#define SERIAL_END    2958466.0 /* 10000-01-01 in the 1900 system */
#define SECONDS_A_DAY 86400

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
    if (memchr("ydmhsa", letter, 6))
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

/* strtod wants a NUL behind the number; nearly all numbers are short. */
static bool number_convert(struct str s, double *out)
{
    char small[64], *z = s.len < sizeof small ? small : malloc(s.len + 1), *end;
    if (!z)
        return false;
    memcpy(z, s.ptr, s.len);
    z[s.len] = '\0';
    *out = strtod(z, &end);
    bool whole = end == z + s.len;
    if (z != small)
        free(z);
    return whole && isfinite(*out);
}

bool number_read(struct str s, double *out)
{
    int64_t whole;
    s = str_trim(s);
    if (s.len <= EXACT_DIGITS && str_i64(s, 0, INT64_MAX, &whole)) {
        *out = (double)whole;
        return true;
    }
    for (size_t i = 0; i < s.len; i++)
        if (!s.ptr[i] || !strchr("0123456789+-.eE", s.ptr[i]))
            return false; /* strtod would take hexadecimal, INF and NaN too */
    return s.len > 0 && number_convert(s, out);
}

/* Digits of the shortest decimal of x > 0 without trailing zeros, and the power of ten of the
 * first. */
struct decimal {
    char digits[ROUND_TRIP + 2];
    int count, exponent;
};

/* The decimal of `n` digits nearest to x, as a whole number and its power of ten. */
static long long nearest(double x, int n, int *exponent)
{
    char z[40];
    snprintf(z, sizeof z, "%.*e", n - 1, x);
    char *e = strchr(z, 'e');
    assert(e);
    *exponent = (int)strtol(e + 1, NULL, 10);
    *e = '\0';
    if (n > 1)
        memmove(z + 1, z + 2, (size_t)n);
    return strtoll(z, NULL, 10);
}

static bool reads_back(long long digits, int power, double x)
{
    char z[40];
    snprintf(z, sizeof z, "%llde%d", digits, power);
    return strtod(z, NULL) == x;
}

static struct decimal shortest(double x)
{
    /* Below 1e-300 doubles have fewer digits than DBL_DIG says. */
    for (int n = x < 1e-300 ? 1 : EXACT_DIGITS;; n++) {
        int exponent;
        long long digits = nearest(x, n, &exponent);
        /* At powers of two the nearest may fail where its neighbour does not. */
        for (int i = 0; i < 3; i++) {
            long long candidate = digits + (i == 2 ? -1 : i);
            if (n < ROUND_TRIP && !reads_back(candidate, exponent - n + 1, x))
                continue;
            struct decimal d = {.exponent = exponent};
            d.count = snprintf(d.digits, sizeof d.digits, "%lld", candidate);
            d.exponent += d.count - n; /* 99…9 + 1 */
            while (d.count > 1 && d.digits[d.count - 1] == '0')
                d.count--;
            return d;
        }
    }
}

#define PUT(p, ...) snprintf((p), (size_t)(out + NUMBER_TEXT_MAX - (p)), __VA_ARGS__)

/* ECMAScript 2024, 6.1.6.1.20 Number::toString. */
size_t number_text(double x, char out[NUMBER_TEXT_MAX])
{
    if (x == 0) {
        out[0] = '0';
        return 1;
    }
    struct decimal d = shortest(fabs(x));
    char *p = out;
    if (x < 0)
        *p++ = '-';
    int point = d.exponent + 1; /* digits in front of the decimal point */
    if (point > 21 || point <= -6) {
        *p++ = d.digits[0];
        p += d.count > 1 ? PUT(p, ".%.*s", d.count - 1, d.digits + 1) : 0;
        p += PUT(p, "e%+d", d.exponent);
    } else if (point <= 0) {
        p += PUT(p, "0.%.*s%.*s", -point, "00000", d.count, d.digits);
    } else if (d.count > point) {
        p += PUT(p, "%.*s.%.*s", point, d.digits, d.count - point, d.digits + point);
    } else {
        p += PUT(p, "%.*s%.*s", d.count, d.digits, point - d.count, "00000000000000000000");
    }
    return (size_t)(p - out);
}

/* Whether `s` is a plain decimal that is already the shortest: at most 15 digits, no zero too many,
 * not below 0.000001. Nearly all numbers of real workbooks are. */
static bool is_shortest(struct str s)
{
    const char *p = s.ptr, *end = p + s.len;
    if (p < end && *p == '-')
        p++;
    const char *whole = p;
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    size_t digits = (size_t)(p - whole);
    if (digits == 0 || digits > EXACT_DIGITS || (*whole == '0' && digits > 1))
        return false;
    if (p == end)
        return *whole != '0' || whole == s.ptr; /* not -0 */
    if (*p++ != '.')
        return false;
    const char *fraction = p, *significant = NULL;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        if (!significant && *p != '0')
            significant = p;
    if (p < end || !significant || end[-1] == '0')
        return false;
    if (*whole == '0')
        return significant - fraction <= 5 && end - significant <= EXACT_DIGITS;
    return digits + (size_t)(end - fraction) <= EXACT_DIGITS;
}

size_t number_canonical(struct str s, char out[NUMBER_TEXT_MAX])
{
    if (s.len < NUMBER_TEXT_MAX && is_shortest(s)) {
        memcpy(out, s.ptr, s.len);
        return s.len;
    }
    double x;
    return number_read(s, &x) ? number_text(x, out) : 0;
}

struct day {
    int64_t year;
    int month, day;
};

/* The civil date `days` after 1970-01-01 (H. Hinnant, chrono-compatible low-level date algorithms).
 */
static struct day civil(int64_t days)
{
    days += 719468;
    int64_t era = days / 146097, of_era = days % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t mp = (5 * of_year + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct day){year + era * 400 + (month <= 2), month,
                        (int)(of_year - (153 * mp + 2) / 5 + 1)};
}

/* The day that the 1900 system counts as `serial`, with the 29 February that never was. */
static struct day serial_day(int64_t serial, bool date1904)
{
    if (date1904)
        return civil(serial - 24107);
    if (serial == 0)
        return (struct day){1900, 1, 0};
    if (serial == 60)
        return (struct day){1900, 2, 29};
    return civil(serial - (serial < 60 ? 25568 : 25569));
}

/* Writes n as at least two digits and moves *p behind them. */
static void put_digits(char **p, int64_t n)
{
    char digits[20];
    size_t count = 0;
    for (; n > 0 || count < 2; n /= 10)
        digits[count++] = (char)('0' + n % 10);
    while (count > 0)
        *(*p)++ = digits[--count];
}

static void put_day(char **p, struct day d)
{
    put_digits(p, d.year / 100);
    put_digits(p, d.year % 100);
    *(*p)++ = '-';
    put_digits(p, d.month);
    *(*p)++ = '-';
    put_digits(p, d.day);
}

static void put_time(char **p, int64_t hours, int64_t seconds)
{
    put_digits(p, hours);
    *(*p)++ = ':';
    put_digits(p, seconds / 60 % 60);
    *(*p)++ = ':';
    put_digits(p, seconds % 60);
}

size_t number_date(double serial, enum number_shape shape, bool date1904, char out[NUMBER_TEXT_MAX])
{
    if (shape == SHAPE_NUMBER || serial < 0 || serial >= SERIAL_END)
        return 0;
    int64_t seconds = (int64_t)(serial * SECONDS_A_DAY + 0.5);
    int64_t rest = seconds % SECONDS_A_DAY;
    char *p = out;
    if (shape == SHAPE_DAY || shape == SHAPE_BOTH)
        put_day(&p, serial_day(seconds / SECONDS_A_DAY, date1904));
    if (shape == SHAPE_BOTH)
        *p++ = ' ';
    if (shape != SHAPE_DAY)
        put_time(&p, (shape == SHAPE_ELAPSED ? seconds : rest) / 3600, rest);
    return (size_t)(p - out);
}

/* Takes exactly `n` digits and, unless it is NUL, the byte `behind` them off the front of *s. */
static bool digits_take(struct str *s, size_t n, char behind, int64_t *value)
{
    size_t length = n + (behind != '\0');
    if (s->len < length || !str_i64(str_n(s->ptr, n), 0, INT32_MAX, value) ||
        (behind && s->ptr[n] != behind))
        return false;
    *s = str_slice(*s, length, s->len);
    return true;
}

/* Days from 1970-01-01 to a civil date (H. Hinnant, as above). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool iso_day(struct str *s, bool date1904, double *serial)
{
    int64_t year, month, day;
    if (!digits_take(s, 4, '-', &year) || !digits_take(s, 2, '-', &month) ||
        !digits_take(s, 2, '\0', &day) || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    int64_t days = days_of(year, month, day) + (date1904 ? 24107 : 25569);
    if (!date1904 && days < 61)
        days--; /* before the 29 February that never was */
    *serial = (double)days;
    if (s->len && (s->ptr[0] == 'T' || s->ptr[0] == ' '))
        *s = str_slice(*s, 1, s->len);
    return true;
}

static bool iso_time(struct str *s, double *serial)
{
    int64_t hour, minute, second = 0;
    if (!digits_take(s, 2, ':', &hour) || !digits_take(s, 2, '\0', &minute))
        return false;
    if (s->len && s->ptr[0] == ':') {
        *s = str_slice(*s, 1, s->len);
        if (!digits_take(s, 2, '\0', &second))
            return false;
    }
    double fraction = 0, unit = 0.1;
    if (s->len && s->ptr[0] == '.')
        do
            *s = str_slice(*s, 1, s->len);
        while (s->len && s->ptr[0] >= '0' && s->ptr[0] <= '9' &&
               (fraction += (s->ptr[0] - '0') * unit, unit /= 10, true));
    *serial += ((double)(hour * 3600 + minute * 60 + second) + fraction) / SECONDS_A_DAY;
    return true;
}

bool number_read_iso(struct str s, bool date1904, double *serial)
{
    double value = 0;
    bool day = s.len > 4 && s.ptr[4] == '-';
    if (day && !iso_day(&s, date1904, &value))
        return false;
    if ((s.len || !day) && !iso_time(&s, &value))
        return false;
    *serial = value;
    return s.len == 0 || str_eq(s, STR("Z"));
}
