/*
 * trouble.c - see trouble.h.
 */
#include "sheet/trouble.h"

#include <stdarg.h>
#include <stdio.h>

int trouble_set(struct trouble *t, enum sheet_error e, const char *fmt, ...)
{
    if (t->error != SHEET_OK)
        return -1;
    va_list args;
    va_start(args, fmt);
    vsnprintf(t->why, sizeof t->why, fmt, args);
    va_end(args);
    /* Names of parts come from the file: nothing of them may steer a terminal or a log. */
    for (char *p = t->why; *p; p++)
        if (*p < ' ' || *p > '~')
            *p = '?';
    t->error = e;
    return -1;
}

int trouble_set_row(struct trouble *t, enum sheet_error e, int64_t row, const char *what)
{
    if (t->error == SHEET_OK)
        t->row = row;
    return trouble_set(t, e, "row %lld: %s", (long long)row, what);
}

int trouble_set_line(struct trouble *t, enum sheet_error e, int64_t line, const char *what)
{
    if (t->error == SHEET_OK)
        t->line = line;
    return trouble_set(t, e, "line %lld: %s", (long long)line, what);
}

int trouble_set_thing(struct trouble *t, enum sheet_error e, enum thing thing)
{
    if (t->error == SHEET_OK)
        t->thing = thing;
    return trouble_set(t, e, "%s", thing_name(thing, true));
}
