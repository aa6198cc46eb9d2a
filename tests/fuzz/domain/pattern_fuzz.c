/*
 * pattern_fuzz.c - any bytes as template, text and values, with NUL bytes between them. Rendering
 * is parts and values in turn; what is rendered is matched; and of the text, and of what is
 * rendered with one byte changed, left out or put in, the matcher says what trying everything says.
 */
#include "domain/pattern.h"

#include <assert.h>

#define VALUES_MAX 8
#define TEXT_MAX   2048
#define EDITS_MAX  16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct values {
    struct str list[VALUES_MAX];
    size_t count;
};

/* The same variable has the same value: which one depends on its length. */
static struct str value_of(void *ctx, struct str variable)
{
    const struct values *v = ctx;
    return v->count ? v->list[variable.len % v->count] : (struct str){NULL, 0};
}

/* Marks where a part and the value behind it may end, when what is before may end at `from`. */
static void step(struct str text, struct str fixed, const bool *from, bool *to)
{
    memset(to, 0, text.len + 1);
    for (size_t at = 0; at + fixed.len <= text.len; at++)
        if (from[at] && str_starts(str_slice(text, at, text.len), fixed))
            to[at + fixed.len] = true;
    for (size_t at = 1; at <= text.len; at++) /* a value may have any length */
        to[at] |= to[at - 1];
}

/* The oracle: all places where each part may stand, not just the first. */
static bool fits(struct arena *a, const struct pattern *p, struct str text)
{
    bool *from = arena_array(a, text.len + 1, sizeof *from);
    bool *to = arena_array(a, text.len + 1, sizeof *to);
    if (p->count == 0)
        return str_eq(p->tail, text);
    from[0] = true; /* the first part begins the text; memory of an arena is zero */
    for (size_t i = 0; i < p->count; i++) {
        bool *spare = from;
        step(text, p->pieces[i].fixed, from, to);
        from = to;
        to = spare;
    }
    return text.len >= p->tail.len && from[text.len - p->tail.len] && str_ends(text, p->tail);
}

static void compare(struct arena *a, const struct pattern *p, struct str text)
{
    struct str value;
    bool matched = pattern_matches(p, text);
    assert(matched == fits(a, p, text));
    if (p->count == 1) {
        assert(pattern_solve(p, text, &value) == matched);
        assert(!matched || value.len + p->pieces[0].fixed.len + p->tail.len == text.len);
    }
}

/* What is rendered is put together once more, in the plainest way. */
static bool rendered(struct arena *a, const struct pattern *p, struct values *v, struct buf *out)
{
    BUF(plain, TEXT_MAX * 4);
    bool missing = v->count == 0 && p->count > 0;
    struct str first = pattern_render(p, value_of, v, out);
    assert((first.ptr != NULL) == missing);
    for (size_t i = 0; i < p->count; i++) {
        struct str name = p->pieces[i].variable, value = value_of(v, name);
        buf_str(&plain, p->pieces[i].fixed);
        buf_str(&plain, value.ptr ? value : str_printf(a, "#{%.*s}", STR_ARG(name)));
    }
    buf_str(&plain, p->tail);
    if (plain.failed || out->failed || out->len > TEXT_MAX)
        return false;
    assert(str_eq(buf_view(&plain), buf_view(out)));
    assert(pattern_matches(p, buf_view(out)));
    return true;
}

/* One byte at `at` left out, changed or put in. */
static void edit_compare(struct arena *a, const struct pattern *p, struct str text, size_t at,
                         char byte)
{
    for (size_t left_out = 0; left_out < 2; left_out++)
        for (size_t put_in = 0; put_in < 2; put_in++) {
            BUF(edited, TEXT_MAX + 1);
            buf_str(&edited, str_slice(text, 0, at));
            buf_append(&edited, &byte, put_in);
            buf_str(&edited, str_slice(text, at + left_out, text.len));
            compare(a, p, buf_view(&edited));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    BUF(out, TEXT_MAX * 4);
    struct str rest = str_dup(&a, str_n((const char *)data, size)), template = rest, text = rest;
    struct pattern p;
    struct values v = {.count = 0};
    if (!str_split(&rest, '\0', &template) || !str_split(&rest, '\0', &text) || text.len > TEXT_MAX)
        return 0;
    while (v.count < VALUES_MAX && str_split(&rest, '\0', &v.list[v.count]))
        v.count++;
    if (!pattern_parse(&p, template, &a))
        return 0;
    compare(&a, &p, text);
    if (!rendered(&a, &p, &v, &out))
        return 0;
    for (size_t i = 0; i < EDITS_MAX && i < text.len; i++)
        edit_compare(&a, &p, buf_view(&out), (unsigned char)text.ptr[i] % (out.len + 1),
                     i ? text.ptr[i - 1] : '#');
    return 0;
}
