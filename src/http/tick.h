/*
 * tick.h - time that only goes forward, and waiting for it.
 *
 * Milliseconds of the monotonic clock: time-outs do not care what people do to the wall clock.
 * Used by every thread of the room.
 */
#ifndef HTTP_TICK_H
#define HTTP_TICK_H

#include <pthread.h>
#include <stdint.h>

int64_t tick_now(void);

/* A condition variable that tick_wait can use. */
void tick_cond_init(pthread_cond_t *cond);

/* Waits until the condition is signalled or `until` has come (INT64_MAX: never). */
void tick_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until);

#endif
