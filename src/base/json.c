/*
 * json.c - see json.h.
 */
#include "base/json.h"

#include <assert.h>
#include <stdio.h>

void json_init(struct json *j, struct buf *out)
{
    *j = (struct json){.out = out};
}

/* Writes the comma that belongs in front of the next value, if any. */
static void separate(struct json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->comma[j->depth])
        buf_char(j->out, ',');
    j->comma[j->depth] = 1;
}

static void begin(struct json *j, char bracket)
{
    separate(j);
    buf_char(j->out, bracket);
    assert(j->depth + 1 < JSON_DEPTH_MAX);
    j->comma[++j->depth] = 0;
}

static void end(struct json *j, char bracket)
{
    assert(j->depth > 0 && !j->after_key);
    j->depth--;
    buf_char(j->out, bracket);
}

void json_begin_object(struct json *j)
{
    begin(j, '{');
}

void json_end_object(struct json *j)
{
    end(j, '}');
}

void json_begin_array(struct json *j)
{
    begin(j, '[');
}

void json_end_array(struct json *j)
{
    end(j, ']');
}

void json_escape(struct buf *out, struct str s)
{
    buf_char(out, '"');
    size_t clean = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_append(out, s.ptr + clean, i - clean);
        clean = i + 1;
        if (c == '"' || c == '\\') {
            buf_char(out, '\\');
            buf_char(out, (char)c);
        } else if (c == '\n') {
            buf_lit(out, "\\n");
        } else if (c == '\r') {
            buf_lit(out, "\\r");
        } else if (c == '\t') {
            buf_lit(out, "\\t");
        } else {
            /* U+0000 can neither be read back nor stored by PostgreSQL: it becomes U+FFFD. */
            buf_printf(out, "\\u%04x", c ? c : 0xFFFD);
        }
    }
    buf_append(out, s.ptr + clean, s.len - clean);
    buf_char(out, '"');
}

void json_key(struct json *j, const char *key)
{
    separate(j);
    json_escape(j->out, str_c(key));
    buf_char(j->out, ':');
    j->after_key = true;
}

void json_str(struct json *j, struct str s)
{
    separate(j);
    json_escape(j->out, s);
}

void json_i64(struct json *j, int64_t n)
{
    separate(j);
    buf_i64(j->out, n);
}

void json_double(struct json *j, double n)
{
    char text[64];
    separate(j);
    int len = snprintf(text, sizeof text, "%.6f", n);
    assert(len > 0 && (size_t)len < sizeof text);
    while (text[len - 1] == '0')
        len--;
    if (text[len - 1] == '.')
        len--;
    buf_append(j->out, text, (size_t)len);
}

void json_bool(struct json *j, bool b)
{
    separate(j);
    buf_str(j->out, b ? STR("true") : STR("false"));
}

void json_null_value(struct json *j)
{
    separate(j);
    buf_lit(j->out, "null");
}

void json_raw(struct json *j, struct str s)
{
    separate(j);
    buf_str(j->out, s);
}

void json_put_str(struct json *j, const char *key, struct str s)
{
    json_key(j, key);
    json_str(j, s);
}

void json_put_str_or_null(struct json *j, const char *key, struct str s)
{
    json_key(j, key);
    if (s.ptr)
        json_str(j, s);
    else
        json_null_value(j);
}

void json_put_i64(struct json *j, const char *key, int64_t n)
{
    json_key(j, key);
    json_i64(j, n);
}

void json_put_i64_or_null(struct json *j, const char *key, int64_t n)
{
    json_key(j, key);
    if (n)
        json_i64(j, n);
    else
        json_null_value(j);
}

void json_put_real(struct json *j, const char *key, double n)
{
    json_key(j, key);
    json_double(j, n);
}

void json_put_bool(struct json *j, const char *key, bool b)
{
    json_key(j, key);
    json_bool(j, b);
}

void json_put_raw(struct json *j, const char *key, struct str s)
{
    json_key(j, key);
    json_raw(j, s);
}

json_t *json_parse(struct str text, struct arena *a, struct str *why)
{
    json_error_t error;
    json_t *tree = json_loadb(text.ptr ? text.ptr : "", text.len, JSON_REJECT_DUPLICATES, &error);
    if (!tree && why)
        *why = str_printf(a, "%s (line %d, column %d)", error.text, error.line, error.column);
    return tree;
}

struct str json_get_str(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    if (!json_is_string(v))
        return (struct str){NULL, 0};
    return str_n(json_string_value(v), json_string_length(v));
}

bool json_get_i64(const json_t *object, const char *key, int64_t *out)
{
    const json_t *v = json_object_get(object, key);
    if (json_is_integer(v)) {
        *out = json_integer_value(v);
        return true;
    }
    if (json_is_string(v))
        return str_i64(str_n(json_string_value(v), json_string_length(v)), INT64_MIN, INT64_MAX,
                       out);
    return false;
}
