/*
 * json.h - JSON out as a stream, JSON in through jansson, strictly.
 *
 * The writer appends to a buf and puts commas and escapes in one place; it never builds a tree, so
 * a list of any length costs its text. Reading accepts RFC 8259 only: duplicate keys, trailing
 * text, NaN and invalid UTF-8 are refused. Depth is bounded by both.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"
#include <jansson.h>

#define JSON_DEPTH_MAX 16

struct json {
    struct buf *out;
    unsigned char comma[JSON_DEPTH_MAX]; /* whether the next value at this depth needs a comma */
    int depth;
    bool after_key;
};

void json_init(struct json *j, struct buf *out);
void json_begin_object(struct json *j);
void json_end_object(struct json *j);
void json_begin_array(struct json *j);
void json_end_array(struct json *j);
void json_key(struct json *j, const char *key);
void json_str(struct json *j, struct str s);
void json_i64(struct json *j, int64_t n);
void json_double(struct json *j, double n); /* up to 6 decimals, no exponent; not for NaN */
void json_bool(struct json *j, bool b);
void json_null_value(struct json *j);
/* Text that is JSON already (from our own store), written as it is. */
void json_raw(struct json *j, struct str s);

/* key and value in one; the shape of nearly every line of an answer. */
void json_put_str(struct json *j, const char *key, struct str s);
void json_put_str_or_null(struct json *j, const char *key, struct str s); /* ptr NULL: null */
void json_put_i64(struct json *j, const char *key, int64_t n);
void json_put_i64_or_null(struct json *j, const char *key, int64_t n); /* 0: null */
void json_put_real(struct json *j, const char *key, double n);
void json_put_bool(struct json *j, const char *key, bool b);
void json_put_raw(struct json *j, const char *key, struct str s);

/* Appends s with quotes and JSON escapes. */
void json_escape(struct buf *out, struct str s);

/* A text parsed strictly; NULL when it is not JSON, with the reason in `why` (owned by the arena,
 * for people). The caller owns the reference (json_decref). */
json_t *json_parse(struct str text, struct arena *a, struct str *why) MUST_CHECK;

/* Member `key` of an object as a text owned by the tree; ptr NULL when absent or not a string. */
struct str json_get_str(const json_t *object, const char *key);
/* Member as integer, also from a numeric string (Aligo writes both); false otherwise. */
bool json_get_i64(const json_t *object, const char *key, int64_t *out);

#endif
