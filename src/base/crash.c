/*
 * crash.c - see crash.h. Empty in ordinary builds.
 */
#include "base/crash.h"

#ifdef CRASH_POINTS
#include "base/str.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

static struct str wanted;
static _Atomic int64_t left;

static void read_wish(void)
{
    struct str wish = str_c(getenv("SENDINGO_CRASH_AT"));
    int64_t count = 1;
    ptrdiff_t colon = str_find(wish, STR(":"), 0);
    if (colon >= 0 && !str_i64(str_slice(wish, (size_t)colon + 1, wish.len), 1, INT64_MAX, &count))
        abort();
    wanted = colon >= 0 ? str_slice(wish, 0, (size_t)colon) : wish;
    left = count;
}

void crash_point(const char *name)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_wish);
    if (str_eq(wanted, str_c(name)) && atomic_fetch_sub(&left, 1) == 1)
        raise(SIGKILL);
}
#endif
