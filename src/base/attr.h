/*
 * attr.h - compiler attributes by the names we use for them.
 *
 * They document and they catch: a must-check result that is dropped, a format string that does
 * not fit, is an error at compile time. Included by every header; defines nothing else.
 */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define MUST_CHECK        __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define NO_RETURN         __attribute__((noreturn))
#define CLEANUP(fn)       __attribute__((cleanup(fn)))
#define UNUSED            __attribute__((unused))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
