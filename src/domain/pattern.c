/*
 * pattern.c - see pattern.h.
 */
#include "domain/pattern.h"

/* The next `#{name}` at or after `from`: its start and the offset behind it; false when none. */
static bool place_find(struct str text, size_t from, size_t *start, size_t *end)
{
    ptrdiff_t at = str_find(text, STR("#{"), from);
    ptrdiff_t close = at < 0 ? -1 : str_find(text, STR("}"), (size_t)at + 2);
    if (close < 0)
        return false;
    *start = (size_t)at;
    *end = (size_t)close + 1;
    return true;
}

bool pattern_parse(struct pattern *p, struct str text, struct arena *a)
{
    size_t count = 0, from = 0, start, end;
    for (; place_find(text, from, &start, &end); from = end)
        count++;
    if (count > PATTERN_PLACES_MAX)
        return false;
    struct pattern_piece *pieces = arena_array(a, count, sizeof *pieces);
    from = 0;
    for (size_t i = 0; i < count && place_find(text, from, &start, &end); i++, from = end)
        pieces[i] = (struct pattern_piece){.fixed = str_slice(text, from, start),
                                           .variable = str_slice(text, start + 2, end - 1)};
    *p =
        (struct pattern){.pieces = pieces, .count = count, .tail = str_slice(text, from, text.len)};
    return true;
}

struct str pattern_render(const struct pattern *p, pattern_value *value, void *ctx, struct buf *out)
{
    struct str missing = {NULL, 0};
    for (size_t i = 0; i < p->count; i++) {
        struct str variable = p->pieces[i].variable, v = value(ctx, variable);
        buf_str(out, p->pieces[i].fixed);
        if (v.ptr) {
            buf_str(out, v);
            continue;
        }
        buf_lit(out, "#{");
        buf_str(out, variable);
        buf_lit(out, "}");
        if (!missing.ptr)
            missing = variable;
    }
    buf_str(out, p->tail);
    return missing;
}

/* A wildcard match: the first fixed part must lead, the tail must end the text, and each part
 * between is taken at its first occurrence, which leaves most room for the rest: if any choice of
 * places fits, this one does. Each search goes on behind the one before, so the text is gone over
 * once; memmem of the C library is linear for any needle, one that repeats itself included. Bytes
 * are as good as characters, because no character of UTF-8 begins inside another one. */
bool pattern_matches(const struct pattern *p, struct str text)
{
    if (p->count == 0)
        return str_eq(text, p->tail);
    struct str first = p->pieces[0].fixed;
    if (!str_starts(text, first))
        return false;
    size_t at = first.len;
    for (size_t i = 1; i < p->count; i++) {
        ptrdiff_t hit = str_find(text, p->pieces[i].fixed, at);
        if (hit < 0)
            return false;
        at = (size_t)hit + p->pieces[i].fixed.len;
    }
    return str_ends(str_slice(text, at, text.len), p->tail);
}

bool pattern_solve(const struct pattern *p, struct str text, struct str *value)
{
    if (p->count != 1)
        return false;
    struct str before = p->pieces[0].fixed;
    if (text.len < before.len + p->tail.len || !str_starts(text, before) ||
        !str_ends(text, p->tail))
        return false;
    *value = str_slice(text, before.len, text.len - p->tail.len);
    return true;
}

static bool listed(const struct str *list, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i], name))
            return true;
    return false;
}

size_t pattern_variables(const struct pattern *p, struct str *list, size_t count, size_t max)
{
    for (size_t i = 0; i < p->count; i++)
        if (count < max && !listed(list, count, p->pieces[i].variable))
            list[count++] = p->pieces[i].variable;
    return count;
}
