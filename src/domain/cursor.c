/*
 * cursor.c - see cursor.h.
 */
#include "domain/cursor.h"
#include "base/buf.h"

#define LIKE_MAX 4096

int64_t cursor_i64(struct str cursor)
{
    int64_t key = 0;
    if (!str_starts(cursor, STR("k")) ||
        !str_i64(str_slice(cursor, 1, cursor.len), 0, INT64_MAX, &key))
        return 0;
    return key;
}

struct str cursor_from_i64(struct arena *a, int64_t key)
{
    return str_printf(a, "k%lld", (long long)key);
}

struct str like_contains(struct arena *a, struct str part)
{
    if (part.len == 0)
        return STR("");
    BUF(out, LIKE_MAX);
    buf_char(&out, '%');
    for (size_t i = 0; i < part.len && out.len < LIKE_MAX - 3; i++) {
        if (part.ptr[i] == '%' || part.ptr[i] == '_' || part.ptr[i] == '!')
            buf_char(&out, '!');
        buf_char(&out, part.ptr[i]);
    }
    buf_char(&out, '%');
    return str_dup(a, buf_view(&out));
}
