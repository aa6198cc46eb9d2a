/*
 * scope.c - see scope.h.
 */
#include "domain/scope.h"

enum problem scope_fail_args(struct scope *s, enum problem p,
                             const struct str args[PROBLEM_ARGS_MAX])
{
    for (size_t i = 0; i < PROBLEM_ARGS_MAX; i++)
        s->problem_args[i] = args[i].ptr ? str_dup(s->arena, args[i]) : STR("");
    return p;
}

enum problem scope_quote(struct scope *s, enum problem p, struct str words)
{
    s->quoted = p;
    s->quote = words;
    return p;
}

void scope_field_error(struct scope *s, const char *field, const char *code, const char *ko,
                       const char *en)
{
    if (s->error_count < FIELD_ERRORS_MAX)
        s->errors[s->error_count++] =
            (struct field_error){.field = field, .code = code, .ko = str_c(ko), .en = str_c(en)};
}

enum problem scope_invalid(const struct scope *s)
{
    return s->error_count ? PROBLEM_INVALID : PROBLEM_NONE;
}
