/*
 * cursor.c - see cursor.h.
 */
#include "domain/cursor.h"
#include "base/buf.h"

#include <sodium.h>

#define LIKE_MAX 4096
#define TEXT_MAX 1024 /* bytes of the text in a cursor */
#define BASE64   sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* `k<id>`, or `k<id>.<number>.<text in base64>`. */
int64_t cursor_i64(struct str cursor)
{
    int64_t key = 0;
    ptrdiff_t dot = str_find(cursor, STR("."), 0);
    if (!str_starts(cursor, STR("k")) ||
        !str_i64(str_slice(cursor, 1, dot < 0 ? cursor.len : (size_t)dot), 0, INT64_MAX, &key))
        return 0;
    return key;
}

struct str cursor_from_i64(struct arena *a, int64_t key)
{
    return str_printf(a, "k%lld", (long long)key);
}

bool cursor_key(struct arena *a, struct str cursor, struct cursor_key *key)
{
    struct str rest = cursor, number;
    char *text = arena_alloc(a, TEXT_MAX);
    size_t len;
    key->id = cursor_i64(cursor);
    if (key->id == 0 || !str_split(&rest, '.', &number) || !str_split(&rest, '.', &number) ||
        !rest.ptr || !str_i64(number, 0, INT64_MAX, &key->number) ||
        sodium_base642bin((unsigned char *)text, TEXT_MAX, rest.ptr, rest.len, NULL, &len, NULL,
                          BASE64) != 0)
        return false;
    key->text = str_n(text, len);
    return utf8_valid(key->text) && !memchr(text, 0, len);
}

struct str cursor_from_key(struct arena *a, const struct cursor_key *key)
{
    size_t room = sodium_base64_encoded_len(key->text.len, BASE64);
    char *text = arena_alloc(a, room);
    sodium_bin2base64(text, room, (const unsigned char *)key->text.ptr, key->text.len, BASE64);
    return str_printf(a, "k%lld.%lld.%s", (long long)key->id, (long long)key->number, text);
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
