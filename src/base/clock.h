/*
 * clock.h - what time it is, as a struct of functions, so that a test decides.
 *
 * Instants are int64 milliseconds since 1970-01-01 UTC everywhere: in C, in SQL and in JSON. Days
 * and hours that people see are those of Asia/Seoul, which has been UTC+9 without summer time since
 * 1988 (IANA tz database), so the conversion is an addition.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/str.h"

#include <time.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)
#define KST_MS    (9 * HOUR_MS)

struct clock {
    int64_t (*now)(void *ctx); /* milliseconds since the epoch */
    void *ctx;
};

/* The machine's own clock. */
extern const struct clock clock_system;

static inline int64_t clock_now(const struct clock *c)
{
    return c->now(c->ctx);
}

/* So many milliseconds from now on CLOCK_MONOTONIC, for pthread_cond_timedwait. */
struct timespec clock_deadline(int64_t ms);

/* Start of the hour that holds `ms`; hours begin alike in UTC and in Seoul. */
int64_t hour_start(int64_t ms);
/* Start of the Seoul day that holds `ms`. */
int64_t kst_day_start(int64_t ms);
/* "YYYY-MM-DD HH:MM:SS" in Seoul. */
struct str kst_format(struct arena *a, int64_t ms);
/* "YYYYMMDD" in Seoul. */
struct str kst_date_compact(struct arena *a, int64_t ms);
/* Reads "YYYY-MM-DD HH:MM:SS" as Seoul time; false when it is anything else. */
bool kst_parse(struct str text, int64_t *ms) MUST_CHECK;

#endif
