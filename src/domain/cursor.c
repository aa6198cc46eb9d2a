/*
 * cursor.c - see cursor.h.
 */
#include "domain/cursor.h"
#include "base/buf.h"

#include <sodium.h>

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

#define KEY_MAX  1024 /* bytes; what is sorted by is shorter */
#define KEY_TEXT sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* "k17.7JWE": the number as in cursor_from_i64, then the text in base64. */
struct str cursor_from_key(struct arena *a, int64_t id, struct str key)
{
    size_t room = sodium_base64_encoded_len(key.len, KEY_TEXT);
    char *text = arena_alloc(a, room);
    sodium_bin2base64(text, room, (const unsigned char *)key.ptr, key.len, KEY_TEXT);
    return key.len ? str_printf(a, "k%lld.%s", (long long)id, text) : cursor_from_i64(a, id);
}

bool cursor_key(struct arena *a, struct str cursor, int64_t *id, struct str *key)
{
    struct str rest = cursor, number;
    *key = STR("");
    if (!str_split(&rest, '.', &number) || (*id = cursor_i64(number)) == 0)
        return false;
    if (rest.len == 0 || rest.len > KEY_MAX * 2)
        return true;
    unsigned char *bytes = arena_alloc(a, KEY_MAX * 2);
    size_t n;
    if (sodium_base642bin(bytes, (size_t)KEY_MAX * 2, rest.ptr, rest.len, NULL, &n, NULL, KEY_TEXT))
        return false;
    *key = str_n((const char *)bytes, n);
    return utf8_valid(*key) && !memchr(bytes, 0, n);
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
