/*
 * clock.c - see clock.h.
 */
#include "base/clock.h"

#include <stdlib.h>
#include <time.h>

static int64_t system_now(void *ctx)
{
    (void)ctx;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
}

const struct clock clock_system = {.now = system_now};

static int64_t floor_to(int64_t ms, int64_t unit)
{
    int64_t rest = ms % unit;
    return ms - (rest < 0 ? rest + unit : rest);
}

struct timespec clock_deadline(int64_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / SECOND_MS;
    t.tv_nsec += ms % SECOND_MS * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

int64_t hour_start(int64_t ms)
{
    return floor_to(ms, HOUR_MS);
}

int64_t kst_day_start(int64_t ms)
{
    return floor_to(ms + KST_MS, DAY_MS) - KST_MS;
}

static struct tm kst_broken_down(int64_t ms)
{
    time_t seconds = (time_t)(floor_to(ms + KST_MS, SECOND_MS) / SECOND_MS);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    return tm;
}

struct str kst_format(struct arena *a, int64_t ms)
{
    struct tm tm = kst_broken_down(ms);
    return str_printf(a, "%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1,
                      tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

struct str kst_date_compact(struct arena *a, int64_t ms)
{
    struct tm tm = kst_broken_down(ms);
    return str_printf(a, "%04d%02d%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

bool kst_parse(struct str text, int64_t *ms)
{
    static const struct {
        unsigned char at, len;
        short min, max;
        char before; /* the separator in front, or 0 */
    } fields[] = {
        {0, 4, 1970, 9999, 0}, {5, 2, 1, 12, '-'},  {8, 2, 1, 31, '-'},
        {11, 2, 0, 23, ' '},   {14, 2, 0, 59, ':'}, {17, 2, 0, 60, ':'},
    };
    int64_t v[COUNT_OF(fields)];
    if (text.len != 19)
        return false;
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (fields[i].before && text.ptr[fields[i].at - 1] != fields[i].before)
            return false;
        if (!str_i64(str_n(text.ptr + fields[i].at, fields[i].len), fields[i].min, fields[i].max,
                     &v[i]))
            return false;
    }
    struct tm tm = {.tm_year = (int)v[0] - 1900,
                    .tm_mon = (int)v[1] - 1,
                    .tm_mday = (int)v[2],
                    .tm_hour = (int)v[3],
                    .tm_min = (int)v[4],
                    .tm_sec = (int)v[5]};
    *ms = (int64_t)timegm(&tm) * SECOND_MS - KST_MS;
    return true;
}
