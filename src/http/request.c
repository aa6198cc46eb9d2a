/*
 * request.c - see http.h ("reading the request").
 */
#include "http/form.h"
#include "http/http.h"

#include <assert.h>

static struct str field_find(const struct http_field *fields, size_t count, const char *name,
                             bool (*same)(struct str, struct str))
{
    for (size_t i = 0; i < count; i++)
        if (same(fields[i].name, str_c(name)))
            return fields[i].value;
    return (struct str){0};
}

struct str http_header(const struct http_exchange *x, const char *name)
{
    return field_find(x->request.headers, x->request.header_count, name, str_eq_nocase);
}

struct str http_query(const struct http_exchange *x, const char *name)
{
    return field_find(x->request.query, x->request.query_count, name, str_eq);
}

struct str http_cookie(const struct http_exchange *x, const char *name)
{
    for (size_t i = 0; i < x->request.header_count; i++) {
        if (!str_eq_nocase(x->request.headers[i].name, STR("Cookie")))
            continue;
        struct str rest = x->request.headers[i].value, value, key;
        while (str_split(&rest, ';', &value)) {
            str_split(&value, '=', &key);
            if (value.ptr && str_eq(str_trim(key), str_c(name)))
                return str_trim(value);
        }
    }
    return (struct str){0};
}

int64_t http_param_i64(const struct http_exchange *x, size_t index)
{
    int64_t number = 0;
    assert(index < HTTP_PARAMS_MAX);
    bool is_number = str_i64(x->request.params[index], 0, INT64_MAX, &number);
    assert(is_number);
    return number;
}

bool http_wants_english(const struct http_exchange *x)
{
    struct str list = http_header(x, "Accept-Language");
    size_t english_order = 0, korean_order = 0;
    int english = accept_weight(list, STR("en"), &english_order);
    int korean = accept_weight(list, STR("ko"), &korean_order);
    if (english <= 0)
        return false;
    return english > korean || (english == korean && english_order < korean_order);
}
