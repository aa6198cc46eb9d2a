/*
 * log.h - four words for trouble, one for news. One line on standard error each.
 *
 * The plain forms add errno's text; the `x` forms do not. A function logs or returns an error, not
 * both. Never pass a secret; phone numbers, names and message texts only to log_debug().
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attr.h"

enum log_level {
    LOG_ERROR, /* fatal and warn */
    LOG_INFO,
    LOG_DEBUG, /* may contain personal data; off by default */
};

/* What is printed; LOG_INFO until set. Call before threads start. */
void log_level_set(enum log_level level);

void fatal(const char *fmt, ...) PRINTF_LIKE(1, 2) NO_RETURN;
void fatalx(const char *fmt, ...) PRINTF_LIKE(1, 2) NO_RETURN;
void log_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_warnx(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
