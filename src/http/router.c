/*
 * router.c - see router.h. The table is scanned: some sixty short comparisons cost less than one
 * system call, and the first difference ends each of them.
 */
#include "http/router.h"

#include <assert.h>

static bool segment_fits(struct str pattern, struct str segment, struct str *params, size_t *used)
{
    if (pattern.len < 2 || pattern.ptr[0] != '{')
        return str_eq(pattern, segment);
    int64_t number;
    bool text = pattern.ptr[pattern.len - 2] == '*';
    if (segment.len == 0 || (!text && !str_i64(segment, 0, INT64_MAX, &number)))
        return false;
    assert(*used < HTTP_PARAMS_MAX);
    params[(*used)++] = segment;
    return true;
}

static bool path_fits(const char *pattern_text, struct str path, struct str *params)
{
    struct str pattern = str_c(pattern_text), want, have;
    size_t used = 0;
    for (;;) {
        bool more_pattern = str_split(&pattern, '/', &want);
        bool more_path = str_split(&path, '/', &have);
        if (!more_pattern || !more_path)
            return more_pattern == more_path;
        if (!segment_fits(want, have, params, &used))
            return false;
    }
}

struct route_match route_find(const struct http_route *routes, size_t count,
                              enum http_method method, struct str path)
{
    struct route_match match = {0};
    for (size_t i = 0; i < count; i++) {
        struct str params[HTTP_PARAMS_MAX] = {0};
        if (!path_fits(routes[i].path, path, params))
            continue;
        match.methods |= 1U << routes[i].method;
        if (routes[i].method == method && !match.route) {
            match.route = &routes[i];
            memcpy(match.params, params, sizeof params);
        }
    }
    return match;
}

static struct str first_segment(struct str path)
{
    struct str segment = {0};
    str_split(&path, '/', &segment);
    str_split(&path, '/', &segment);
    return segment;
}

bool route_claims(const struct http_route *routes, size_t count, struct str path)
{
    struct str first = first_segment(path);
    for (size_t i = 0; i < count; i++)
        if (str_eq(first, first_segment(str_c(routes[i].path))))
            return true;
    return false;
}
