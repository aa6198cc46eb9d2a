/*
 * aligo_answer_channel.c - see aligo_answer.h: the sending profiles of an account, one that was
 * added, and the lines of business to choose from.
 */
#include "gateway/aligo_frame.h"

#include <stddef.h>

/* ---- profiles ---- */

static const struct aligo_field profile_texts[] = {
    {"senderKey", NULL, offsetof(struct gateway_profile, sender_key)},
    {"uuid", NULL, offsetof(struct gateway_profile, channel)},
    {"name", NULL, offsetof(struct gateway_profile, name)},
    {"status", NULL, offsetof(struct gateway_profile, status)},
    {"profileStat", NULL, offsetof(struct gateway_profile, state)},
};

enum gateway_answer aligo_read_profiles(const struct aligo_reply *reply, struct arena *a,
                                        const struct gateway_profile **list, size_t *count,
                                        struct gateway_fault *fault)
{
    ALIGO_TREE(tree);
    json_t *rows;
    enum gateway_answer answer = aligo_open_list(reply, a, sizeof(struct gateway_profile),
                                                 COUNT_OF(profile_texts), &tree, &rows, fault);
    if (answer != GATEWAY_OK)
        return answer;
    *count = json_array_size(rows);
    struct gateway_profile *out = arena_array(a, *count, sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        aligo_texts(json_array_get(rows, i), a, profile_texts, COUNT_OF(profile_texts), &out[i]);
        if (out[i].sender_key.len == 0)
            return aligo_unknown(fault, STR("a profile has no key"));
    }
    *list = out;
    return GATEWAY_OK;
}

/* `data` is an array of one on the page; a profile by itself says the same. */
enum gateway_answer aligo_read_added(const struct aligo_reply *reply, struct arena *a,
                                     struct gateway_profile *added, struct gateway_fault *fault)
{
    ALIGO_TREE(tree);
    enum gateway_answer answer = aligo_open_done(reply, a, &tree, fault);
    if (answer != GATEWAY_OK)
        return answer;
    const json_t *data = json_object_get(tree, "data");
    if (json_is_array(data))
        data = json_array_size(data) == 1 ? json_array_get(data, 0) : NULL;
    if (arena_room(a) < reply->body.len + 1024)
        return aligo_unknown(fault, STR("the answer is longer than any profile should be"));
    aligo_texts(data, a, profile_texts, COUNT_OF(profile_texts), added);
    if (added->sender_key.len == 0)
        return aligo_unknown(fault, STR("added, but the answer names no profile key"));
    return GATEWAY_OK;
}

/* ---- lines of business ---- */

static const char *const levels[] = {"firstBusinessType", "secondBusinessType",
                                     "thirdBusinessType"};

/* Codes begin with zeros, so a code written as a number is none. */
static bool take_category(const json_t *row, struct arena *a, int level,
                          struct gateway_category *out)
{
    *out = (struct gateway_category){
        .code = str_dup(a, json_get_str(row, "code")),
        .parent = level == 1 ? STR("") : str_dup(a, json_get_str(row, "parentCode")),
        .name = str_dup(a, json_get_str(row, "name")),
        .level = level,
    };
    return out->code.len > 0 && out->name.len > 0 && (level == 1 || out->parent.len > 0);
}

enum gateway_answer aligo_read_categories(const struct aligo_reply *reply, struct arena *a,
                                          const struct gateway_category **list, size_t *count,
                                          struct gateway_fault *fault)
{
    enum {
        TEXTS = 3
    };
    ALIGO_TREE(tree);
    enum gateway_answer answer = aligo_open_done(reply, a, &tree, fault);
    if (answer != GATEWAY_OK)
        return answer;
    const json_t *data = json_object_get(tree, "data"), *rows[COUNT_OF(levels)];
    size_t total = 0, n = 0;
    for (size_t l = 0; l < COUNT_OF(levels); l++) {
        rows[l] = json_object_get(data, levels[l]);
        total += json_array_size(rows[l]);
    }
    /* Asked for all levels at once, before anything is taken: the room is for all of them. */
    for (size_t l = 0; l < COUNT_OF(levels); l++) {
        answer = aligo_open_rows(reply, a, rows[l], COUNT_OF(levels) * sizeof **list,
                                 COUNT_OF(levels) * TEXTS, fault);
        if (answer != GATEWAY_OK)
            return answer;
    }
    struct gateway_category *out = arena_array(a, total, sizeof *out);
    for (size_t l = 0; l < COUNT_OF(levels); l++)
        for (size_t i = 0; i < json_array_size(rows[l]); i++)
            if (!take_category(json_array_get(rows[l], i), a, (int)l + 1, &out[n++]))
                return aligo_unknown(fault, STR("a line of business has no code or name"));
    *list = out;
    *count = n;
    return GATEWAY_OK;
}
