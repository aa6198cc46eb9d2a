/*
 * button.c - see button.h.
 */
#include "domain/button.h"

#include <stddef.h>

/* The members of a button and how they are called in JSON; the first three are never null. */
static const struct {
    const char *key;
    size_t at;
} members[] = {
    {"name", offsetof(struct button, name)},
    {"type", offsetof(struct button, type)},
    {"type_name", offsetof(struct button, type_name)},
    {"mobile", offsetof(struct button, mobile)},
    {"pc", offsetof(struct button, pc)},
    {"ios", offsetof(struct button, ios)},
    {"android", offsetof(struct button, android)},
    {"target", offsetof(struct button, target)},
};
#define MEMBERS_ALWAYS 3

bool button_tracked(const struct button *b)
{
    return str_eq(b->type, STR("WL")) && str_find(b->mobile, STR("#{"), 0) >= 0;
}

void buttons_write(struct json *j, const struct button *list, size_t count)
{
    json_begin_array(j);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(j);
        json_put_i64(j, "ordinal", (int64_t)i + 1);
        for (size_t m = 0; m < COUNT_OF(members); m++) {
            struct str v = *(const struct str *)((const char *)&list[i] + members[m].at);
            if (m >= MEMBERS_ALWAYS && v.len == 0)
                v.ptr = NULL;
            json_put_str_or_null(j, members[m].key, v);
        }
        json_end_object(j);
    }
    json_end_array(j);
}

struct str buttons_text(struct arena *a, const struct button *list, size_t count)
{
    BUF(out, BUTTONS_JSON_MAX);
    struct json j;
    json_init(&j, &out);
    buttons_write(&j, list, count);
    return str_dup(a, buf_view(&out));
}

size_t buttons_read(struct arena *a, struct str text, struct button list[BUTTONS_MAX])
{
    json_t *tree = json_parse(text, a, NULL);
    size_t count = json_array_size(tree);
    if (count > BUTTONS_MAX)
        count = BUTTONS_MAX;
    for (size_t i = 0; i < count; i++)
        for (size_t m = 0; m < COUNT_OF(members); m++)
            *(struct str *)((char *)&list[i] + members[m].at) =
                str_dup(a, json_get_str(json_array_get(tree, i), members[m].key));
    json_decref(tree);
    return count;
}
