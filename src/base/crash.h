/*
 * crash.h - places where a test may kill us.
 *
 * In builds with -Dcrash_points=true, SENDINGO_CRASH_AT="name:n" makes the n-th passing of
 * crash_point("name") end the process with SIGKILL, as a power cut would. Elsewhere it is nothing.
 * tests/crash walks through every name.
 */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

#ifdef CRASH_POINTS
void crash_point(const char *name);
#else
static inline void crash_point(const char *name)
{
    (void)name;
}
#endif

#endif
