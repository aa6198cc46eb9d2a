/*
 * columns_text.c - the words of columns.h and their JSON: what the API shows is what is stored.
 */
#include "domain/columns.h"

#include <assert.h>

#define COLUMNS_TEXT_MAX ((size_t)4 << 20)

static const struct str role_words[COLUMN_ROLES] = {
    [COLUMN_IGNORE] = STR_INIT("ignore"),       [COLUMN_NAME] = STR_INIT("name"),
    [COLUMN_PHONE] = STR_INIT("phone"),         [COLUMN_EMAIL] = STR_INIT("email"),
    [COLUMN_ATTRIBUTE] = STR_INIT("attribute"),
};

static const struct str basis_words[COLUMN_BASES] = {
    [BASIS_NONE] = STR_INIT("none"),         [BASIS_HEADER] = STR_INIT("header"),
    [BASIS_CONTENT] = STR_INIT("content"),   [BASIS_MEMORY] = STR_INIT("memory"),
    [BASIS_TEMPLATE] = STR_INIT("template"), [BASIS_USER] = STR_INIT("user"),
};

struct str column_role_word(enum column_role role)
{
    return role_words[role];
}

bool column_role_find(struct str word, enum column_role *role)
{
    for (size_t i = 0; i < COLUMN_ROLES; i++) {
        if (str_eq(role_words[i], word)) {
            *role = (enum column_role)i;
            return true;
        }
    }
    return false;
}

struct str column_basis_word(enum column_basis basis)
{
    return basis_words[basis];
}

static enum column_basis basis_find(struct str word)
{
    for (size_t i = 0; i < COLUMN_BASES; i++)
        if (str_eq(basis_words[i], word))
            return (enum column_basis)i;
    return BASIS_NONE; /* stored before there was one */
}

static void column_write(struct json *j, const struct column *c, size_t index)
{
    json_begin_object(j);
    json_put_i64(j, "index", (int64_t)index);
    json_put_str(j, "header", c->header);
    json_key(j, "samples");
    json_begin_array(j);
    for (size_t k = 0; k < c->sample_count; k++)
        json_str(j, c->samples[k]);
    json_end_array(j);
    json_put_str(j, "role", column_role_word(c->role));
    json_put_str_or_null(j, "attribute",
                         c->role == COLUMN_ATTRIBUTE ? c->attribute : (struct str){NULL, 0});
    json_put_str(j, "basis", column_basis_word(c->basis));
    json_put_bool(j, "hidden", c->hidden);
    json_end_object(j);
}

struct str columns_text(struct arena *a, const struct columns *c)
{
    BUF(out, COLUMNS_TEXT_MAX);
    struct json j;
    json_init(&j, &out);
    json_begin_array(&j);
    for (size_t i = 0; i < c->count; i++)
        column_write(&j, &c->list[i], i);
    json_end_array(&j);
    assert(!out.failed);
    return str_dup(a, buf_view(&out));
}

static void column_read(struct arena *a, const json_t *from, struct column *out)
{
    const json_t *samples = json_object_get(from, "samples"), *sample;
    size_t i;
    struct str attribute = json_get_str(from, "attribute");
    *out = (struct column){
        .header = str_dup(a, json_get_str(from, "header")),
        .attribute = attribute.ptr ? str_dup(a, attribute) : attribute,
        .basis = basis_find(json_get_str(from, "basis")),
        .hidden = json_is_true(json_object_get(from, "hidden")),
    };
    bool known = column_role_find(json_get_str(from, "role"), &out->role);
    assert(known);
    json_array_foreach(samples, i, sample)
    {
        if (out->sample_count < COLUMN_SAMPLES)
            out->samples[out->sample_count++] =
                str_dup(a, str_n(json_string_value(sample), json_string_length(sample)));
    }
}

void columns_read(struct arena *a, struct str text, struct columns *out)
{
    struct str why;
    json_t *array = json_parse(text, a, &why);
    assert(array); /* it is our own */
    *out = (struct columns){.count = json_array_size(array)};
    out->list = arena_array(a, out->count + 1, sizeof *out->list);
    for (size_t i = 0; i < out->count; i++)
        column_read(a, json_array_get(array, i), &out->list[i]);
    json_decref(array);
}
