/*
 * tick.c - see tick.h.
 */
#include "http/tick.h"

#include <time.h>

int64_t tick_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void tick_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

void tick_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until)
{
    if (until == INT64_MAX) {
        pthread_cond_wait(cond, lock);
        return;
    }
    struct timespec at = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
    pthread_cond_timedwait(cond, lock, &at);
}
