/*
 * form.c - see form.h; also http_form_next, the public reader of form bodies and query strings.
 */
#include "http/form.h"
#include "http/http.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

struct str form_decode(struct arena *a, struct str in, bool plus)
{
    char *out = arena_alloc(a, in.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < in.len; i++) {
        char c = in.ptr[i];
        if (c == '%' && in.len - i > 2) {
            int high = hex_digit(in.ptr[i + 1]), low = hex_digit(in.ptr[i + 2]);
            if (high >= 0 && low >= 0) {
                c = (char)(high * 16 + low);
                i += 2;
            }
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[n++] = c;
    }
    return str_n(out, n);
}

bool http_form_next(struct arena *a, struct str *rest, struct http_field *field)
{
    struct str piece;
    while (str_split(rest, '&', &piece)) {
        if (piece.len == 0)
            continue;
        struct str name = {0};
        struct str value = piece;
        str_split(&value, '=', &name);
        field->name = form_decode(a, name, true);
        field->value = form_decode(a, value.ptr ? value : STR(""), true);
        return true;
    }
    return false;
}

/* "0.8" to 800; what is not a weight counts as 1000, as RFC 9110 leaves it to us. */
static int weight_parse(struct str q)
{
    if (q.len == 0 || (q.ptr[0] != '0' && q.ptr[0] != '1'))
        return 1000;
    if (q.ptr[0] == '1')
        return 1000;
    int weight = 0, unit = 100;
    for (size_t i = 2; i < q.len && unit > 0; i++, unit /= 10) {
        if (q.ptr[i] < '0' || q.ptr[i] > '9')
            break;
        weight += (q.ptr[i] - '0') * unit;
    }
    return weight;
}

static bool range_fits(struct str range, struct str token)
{
    if (range.len < token.len || !str_eq_nocase(str_slice(range, 0, token.len), token))
        return false;
    return range.len == token.len || range.ptr[token.len] == '-';
}

int accept_weight(struct str list, struct str token, size_t *order)
{
    struct str item;
    for (size_t i = 0; list.ptr && str_split(&list, ',', &item); i++) {
        struct str range = {0};
        str_split(&item, ';', &range);
        if (!range_fits(str_trim(range), token))
            continue;
        *order = i;
        struct str q = item.ptr ? str_trim(item) : STR("");
        return str_starts(q, STR("q=")) ? weight_parse(str_slice(q, 2, q.len)) : 1000;
    }
    return -1;
}
