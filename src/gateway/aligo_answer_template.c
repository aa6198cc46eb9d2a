/*
 * aligo_answer_template.c - see aligo_answer.h: templates as they are listed, and what became of
 * one that was registered, changed, deleted or handed to the inspectors.
 */
#include "gateway/aligo_frame.h"

#include <stddef.h>

/* ---- texts and buttons ---- */

static const struct aligo_field template_texts[] = {
    {"templtCode", NULL, offsetof(struct gateway_template, code)},
    {"templtName", NULL, offsetof(struct gateway_template, name)},
    {"templtContent", NULL, offsetof(struct gateway_template, content)},
    {"templateType", NULL, offsetof(struct gateway_template, type)},
    {"templateEmType", NULL, offsetof(struct gateway_template, emphasis)},
    {"templtTitle", "templateTitle", offsetof(struct gateway_template, title)},
    {"templtSubtitle", "templateSubtitle", offsetof(struct gateway_template, subtitle)},
    {"templateExtra", "templtExtra", offsetof(struct gateway_template, extra)},
    {"status", NULL, offsetof(struct gateway_template, status)},
    {"inspStatus", NULL, offsetof(struct gateway_template, inspection)},
    {"templtImageUrl", "templateImageUrl", offsetof(struct gateway_template, image_url)},
    {"cdate", "createdAt", offsetof(struct gateway_template, created_at)},
    {"udate", "modifiedAt", offsetof(struct gateway_template, updated_at)},
};

static const struct aligo_field button_texts[] = {
    {"name", NULL, offsetof(struct gateway_button, name)},
    {"linkType", NULL, offsetof(struct gateway_button, type)},
    {"linkTypeName", NULL, offsetof(struct gateway_button, type_name)},
    {"linkMo", "linkM", offsetof(struct gateway_button, mobile)},
    {"linkPc", "linkP", offsetof(struct gateway_button, pc)},
    {"linkIos", "linkI", offsetof(struct gateway_button, ios)},
    {"linkAnd", "linkA", offsetof(struct gateway_button, android)},
};

/* Takes the buttons by their `ordering`; without one they stand as they came. False when there are
 * more than a template can have. */
static bool take_buttons(const json_t *row, struct arena *a, struct gateway_template *t)
{
    const json_t *buttons = json_object_get(row, "buttons");
    size_t n = json_is_array(buttons) ? json_array_size(buttons) : 0;
    int64_t order[GATEWAY_BUTTONS_MAX] = {0};
    if (n > GATEWAY_BUTTONS_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        const json_t *from = json_array_get(buttons, i);
        struct gateway_button button;
        int64_t place = (int64_t)i + 1;
        aligo_texts(from, a, button_texts, COUNT_OF(button_texts), &button);
        if (!json_get_i64(from, "ordering", &place))
            place = (int64_t)i + 1;
        size_t to = i;
        for (; to > 0 && order[to - 1] > place; to--) {
            order[to] = order[to - 1];
            t->buttons[to] = t->buttons[to - 1];
        }
        order[to] = place;
        t->buttons[to] = button;
    }
    t->button_count = n;
    return true;
}

/* ---- comments ---- */

/* What a comment says, who says it and when. The page shows no comment, so these are the names
 * that Kakao and its dealers use; the first that is there counts. */
static const char *const comment_texts[] = {"content", "comment", "text", "message"};
static const char *const comment_authors[] = {"userName", "name", "author"};
static const char *const comment_times[] = {"createdAt", "cdate", "date"};

#define FIRST_OF(a, object, names, max) first_of((a), (object), (names), COUNT_OF(names), (max))

static struct str first_of(struct arena *a, const json_t *object, const char *const *names,
                           size_t count, size_t max)
{
    struct str text = STR("");
    for (size_t i = 0; i < count && text.len == 0; i++)
        text = aligo_words(a, object, names[i], max);
    return text;
}

/* A text by itself, or an object; one without words is not kept. */
static struct gateway_comment comment_of(const json_t *v, struct arena *a)
{
    if (json_is_string(v))
        return (struct gateway_comment){
            .text = aligo_string(a, v, ALIGO_COMMENT_MAX), .author = STR(""), .at = STR("")};
    return (struct gateway_comment){
        .text = FIRST_OF(a, v, comment_texts, ALIGO_COMMENT_MAX),
        .author = FIRST_OF(a, v, comment_authors, ALIGO_COMMENT_AUTHOR_MAX),
        .at = FIRST_OF(a, v, comment_times, ALIGO_COMMENT_AUTHOR_MAX),
    };
}

/* The newest ones stand last, so of too many the first are left out. A single one may come without
 * its list. */
static void take_comments(const json_t *row, struct arena *a, struct gateway_template *t)
{
    const json_t *v = json_object_get(row, "comments");
    bool single = json_is_string(v) || json_is_object(v);
    size_t n = single ? 1 : json_array_size(v);
    size_t first = n > ALIGO_COMMENTS_MAX ? n - ALIGO_COMMENTS_MAX : 0;
    struct gateway_comment *out = n ? arena_array(a, n - first, sizeof *out) : NULL;
    for (size_t i = first; i < n; i++) {
        out[t->comment_count] = comment_of(single ? v : json_array_get(v, i), a);
        t->comment_count += out[t->comment_count].text.len > 0;
    }
    t->comments = out;
}

/* ---- the list ---- */

static void take_template(const json_t *row, struct arena *a, struct gateway_template *t)
{
    aligo_texts(row, a, template_texts, COUNT_OF(template_texts), t);
    /* Templates from before these members existed. */
    if (t->type.len == 0)
        t->type = STR("BA");
    if (t->emphasis.len == 0)
        t->emphasis = STR("NONE");
    t->secure = aligo_flag(row, "securityFlag");
    t->dormant = aligo_flag(row, "dormant");
}

enum gateway_answer aligo_read_templates(const struct aligo_reply *reply, struct arena *a,
                                         const struct gateway_template **list, size_t *count,
                                         struct gateway_fault *fault)
{
    enum {
        COMMENT_TEXTS = 3,
        TEXTS = COUNT_OF(template_texts) + GATEWAY_BUTTONS_MAX * COUNT_OF(button_texts) +
                ALIGO_COMMENTS_MAX * COMMENT_TEXTS,
        SIZE =
            sizeof(struct gateway_template) + ALIGO_COMMENTS_MAX * sizeof(struct gateway_comment),
    };
    ALIGO_TREE(tree);
    json_t *rows;
    enum gateway_answer answer = aligo_open_list(reply, a, SIZE, TEXTS, &tree, &rows, fault);
    if (answer != GATEWAY_OK)
        return answer;
    struct gateway_template *out = arena_array(a, json_array_size(rows), sizeof *out);
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        struct gateway_template *t = &out[n];
        take_template(row, a, t);
        if (t->code.len == 0 || t->content.len == 0)
            return aligo_unknown(fault, STR("a template has no code or no text"));
        /* With a button we cannot hold it could only be sent wrongly, so it is not offered. */
        if (!take_buttons(row, a, t))
            continue;
        take_comments(row, a, t);
        n++;
    }
    *list = out;
    *count = n;
    return GATEWAY_OK;
}

/* ---- registered and changed ---- */

enum gateway_answer aligo_read_saved(const struct aligo_reply *reply, struct str own,
                                     struct arena *a, struct str *code, struct gateway_fault *fault)
{
    ALIGO_TREE(tree);
    enum gateway_answer answer = aligo_open_done(reply, a, &tree, fault);
    if (answer != GATEWAY_OK)
        return answer;
    const json_t *data = json_object_get(tree, "data");
    if (json_array_size(data) == 1)
        data = json_array_get(data, 0);
    struct str told = aligo_words(a, data, "templtCode", ALIGO_CODE_MAX);
    if (told.len == 0)
        told = aligo_words(a, data, "tpl_code", ALIGO_CODE_MAX);
    if (told.len == 0)
        told = own;
    if (told.len == 0)
        return aligo_unknown(fault, STR("registered, but the answer names no template code"));
    if (own.len > 0 && !str_eq(own, told))
        return aligo_unknown(fault, STR("changed, but the answer names another template code"));
    *code = told;
    return GATEWAY_OK;
}

enum gateway_answer aligo_read_done(const struct aligo_reply *reply, struct arena *a,
                                    struct gateway_fault *fault)
{
    ALIGO_TREE(tree);
    return aligo_open_done(reply, a, &tree, fault);
}
