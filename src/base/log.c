/*
 * log.c - see log.h. A line is formatted into a fixed buffer and written with one write(), so lines
 * of several threads do not mix; what does not fit is cut.
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static enum log_level level_shown = LOG_INFO;

void log_level_set(enum log_level level)
{
    level_shown = level;
}

PRINTF_LIKE(3, 0)
static void emit(const char *word, int error, const char *fmt, va_list args)
{
    char line[LINE_MAX_BYTES];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t n = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &utc);
    n += (size_t)snprintf(line + n, sizeof line - n, ".%03ldZ %s ", now.tv_nsec / 1000000, word);
    int written = vsnprintf(line + n, sizeof line - n, fmt, args);
    if (written > 0)
        n += (size_t)written;
    if (n < sizeof line && error) {
        char text[128];
        n += (size_t)snprintf(line + n, sizeof line - n, ": %s",
                              strerror_r(error, text, sizeof text));
    }
    if (n > sizeof line - 1)
        n = sizeof line - 1;
    line[n++] = '\n';
    /* Nothing can be done when standard error is gone. */
    ssize_t ignored UNUSED = write(STDERR_FILENO, line, n);
}

#define EMIT(minimum, word, error)                                                                 \
    do {                                                                                           \
        int saved = (error);                                                                       \
        if (level_shown >= (minimum)) {                                                            \
            va_list args;                                                                          \
            va_start(args, fmt);                                                                   \
            emit(word, saved, fmt, args);                                                          \
            va_end(args);                                                                          \
        }                                                                                          \
    } while (0)

void fatal(const char *fmt, ...)
{
    EMIT(LOG_ERROR, "fatal", errno);
    abort();
}

void fatalx(const char *fmt, ...)
{
    EMIT(LOG_ERROR, "fatal", 0);
    abort();
}

void log_warn(const char *fmt, ...)
{
    EMIT(LOG_ERROR, "warn", errno);
}

void log_warnx(const char *fmt, ...)
{
    EMIT(LOG_ERROR, "warn", 0);
}

void log_info(const char *fmt, ...)
{
    EMIT(LOG_INFO, "info", 0);
}

void log_debug(const char *fmt, ...)
{
    EMIT(LOG_DEBUG, "debug", 0);
}
