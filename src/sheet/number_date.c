/*
 * number_date.c - serial numbers as dates and times, and ISO dates as serial numbers. See
 * number_format.h.
 */
#include "sheet/number_format.h"

#define SERIAL_END    2958466.0 /* 10000-01-01 in the 1900 system */
#define SECONDS_A_DAY 86400

struct day {
    int year, month, day;
};

/* The civil date `days` after 1970-01-01: C. Neri and L. Schneider, Euclidean affine functions and
 * their application to calendar algorithms (2022), figure 12. Years begin with March. */
static struct day civil(int days)
{
    uint32_t n = (uint32_t)(days + 719468);
    uint32_t century = (4 * n + 3) / 146097, of_century = (4 * n + 3) % 146097 / 4;
    uint64_t years = UINT64_C(2939745) * (4 * of_century + 3);
    uint32_t of_year = (uint32_t)years / 2939745 / 4;
    uint32_t months = 2141 * of_year + 197913;
    int year = (int)(100 * century + (uint32_t)(years >> 32)), month = (int)(months >> 16);
    bool next = of_year >= 306;
    return (struct day){year + next, next ? month - 12 : month,
                        (int)((months & 0xFFFF) / 2141) + 1};
}

/* The day that the 1900 system counts as `serial`, with the 29 February that never was. */
static struct day serial_day(int serial, bool date1904)
{
    if (date1904)
        return civil(serial - 24107);
    if (serial == 0)
        return (struct day){1900, 1, 0};
    if (serial == 60)
        return (struct day){1900, 2, 29};
    return civil(serial - (serial < 60 ? 25568 : 25569));
}

static void put_two(char **p, int n)
{
    *(*p)++ = (char)('0' + n / 10);
    *(*p)++ = (char)('0' + n % 10);
}

static void put_day(char **p, struct day d)
{
    put_two(p, d.year / 100);
    put_two(p, d.year % 100);
    *(*p)++ = '-';
    put_two(p, d.month);
    *(*p)++ = '-';
    put_two(p, d.day);
}

/* The hours are two digits or, of an elapsed time, as many as it takes. */
static void put_time(char **p, int hours, int seconds)
{
    int high = hours / 100;
    char digits[12], *first = digits + sizeof digits;
    for (; high > 0; high /= 10)
        *--first = (char)('0' + high % 10);
    *p = mempcpy(*p, first, (size_t)(digits + sizeof digits - first));
    put_two(p, hours % 100);
    *(*p)++ = ':';
    put_two(p, seconds / 60 % 60);
    *(*p)++ = ':';
    put_two(p, seconds % 60);
}

size_t number_date(double serial, enum number_shape shape, bool date1904, char out[NUMBER_TEXT_MAX])
{
    if (shape == SHAPE_NUMBER || serial < 0 || serial >= SERIAL_END)
        return 0;
    char *p = out;
    int whole = (int)serial;
    if (shape == SHAPE_DAY && whole == serial) { /* nearly all dates */
        put_day(&p, serial_day(whole, date1904));
        return (size_t)(p - out);
    }
    int64_t seconds = (int64_t)(serial * SECONDS_A_DAY + 0.5);
    int64_t rest = seconds % SECONDS_A_DAY;
    if (shape == SHAPE_DAY || shape == SHAPE_BOTH)
        put_day(&p, serial_day((int)(seconds / SECONDS_A_DAY), date1904));
    if (shape == SHAPE_BOTH)
        *p++ = ' ';
    if (shape != SHAPE_DAY)
        put_time(&p, (int)((shape == SHAPE_ELAPSED ? seconds : rest) / 3600), (int)rest);
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
