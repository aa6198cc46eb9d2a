/*
 * number_text.c - numbers as text. See number_format.h. The program never leaves the C locale, so
 * that printf and strtod know the decimal point.
 */
#include "sheet/number_format.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define EXACT_DIGITS 15 /* DBL_DIG: as many survive text, double, text */
#define ROUND_TRIP   17 /* digits that tell any two doubles apart */

#define HUNDREDTHS_BELOW 1e13 /* EXACT_DIGITS with two decimals */

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

/* Writes x when it has two decimals at most, as nearly all numbers of lists, and is small enough
 * for all its digits to count: then no shorter decimal can mean the same double. 0: it is another.
 */
static size_t hundredths_text(double x, char out[NUMBER_TEXT_MAX])
{
    if (fabs(x) >= HUNDREDTHS_BELOW)
        return 0;
    long long n = llrint(fabs(x) * 100);
    if ((double)n / 100 != fabs(x))
        return 0;
    char *p = out;
    p += PUT(p, "%s%lld.%02lld", x < 0 ? "-" : "", n / 100, n % 100);
    while (p[-1] == '0')
        p--;
    return (size_t)(p - out) - (p[-1] == '.');
}

/* ECMAScript 2024, 6.1.6.1.20 Number::toString. */
size_t number_text(double x, char out[NUMBER_TEXT_MAX])
{
    size_t quick = hundredths_text(x, out);
    if (quick > 0)
        return quick;
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
