/*
 * practice_shelf.c - see practice_shelf.h.
 */
#include "gateway/practice_shelf.h"

#include "gateway/practice_templates.h"

#include <stddef.h>

/* ---- as it is kept ---- */

struct text_member {
    const char *key;
    size_t offset;
};

static const struct text_member template_members[] = {
    {"code", offsetof(struct gateway_template, code)},
    {"name", offsetof(struct gateway_template, name)},
    {"content", offsetof(struct gateway_template, content)},
    {"type", offsetof(struct gateway_template, type)},
    {"emphasis", offsetof(struct gateway_template, emphasis)},
    {"title", offsetof(struct gateway_template, title)},
    {"subtitle", offsetof(struct gateway_template, subtitle)},
    {"extra", offsetof(struct gateway_template, extra)},
    {"status", offsetof(struct gateway_template, status)},
    {"inspection", offsetof(struct gateway_template, inspection)},
    {"created_at", offsetof(struct gateway_template, created_at)},
    {"updated_at", offsetof(struct gateway_template, updated_at)},
};

static const struct text_member button_members[] = {
    {"name", offsetof(struct gateway_button, name)},
    {"type", offsetof(struct gateway_button, type)},
    {"mobile", offsetof(struct gateway_button, mobile)},
    {"pc", offsetof(struct gateway_button, pc)},
    {"ios", offsetof(struct gateway_button, ios)},
    {"android", offsetof(struct gateway_button, android)},
};

static const struct text_member comment_members[] = {
    {"text", offsetof(struct gateway_comment, text)},
    {"author", offsetof(struct gateway_comment, author)},
    {"at", offsetof(struct gateway_comment, at)},
};

static void write_texts(struct json *j, const struct text_member *members, size_t count,
                        const void *from)
{
    for (size_t i = 0; i < count; i++) {
        struct str text;
        memcpy(&text, (const char *)from + members[i].offset, sizeof text);
        json_put_str(j, members[i].key, text);
    }
}

static void write_rows(struct json *j, const char *key, const struct text_member *members,
                       size_t member_count, const void *rows, size_t row_size, size_t count)
{
    json_key(j, key);
    json_begin_array(j);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(j);
        write_texts(j, members, member_count, (const char *)rows + i * row_size);
        json_end_object(j);
    }
    json_end_array(j);
}

static void write_template(struct json *j, const struct gateway_template *t)
{
    json_begin_object(j);
    write_texts(j, template_members, COUNT_OF(template_members), t);
    json_put_bool(j, "secure", t->secure);
    json_put_bool(j, "dormant", t->dormant);
    write_rows(j, "buttons", button_members, COUNT_OF(button_members), t->buttons,
               sizeof *t->buttons, t->button_count);
    write_rows(j, "comments", comment_members, COUNT_OF(comment_members), t->comments,
               sizeof *t->comments, t->comment_count);
    json_end_object(j);
}

static void read_texts(const json_t *from, struct arena *a, const struct text_member *members,
                       size_t count, void *to)
{
    for (size_t i = 0; i < count; i++) {
        struct str text = str_dup(a, json_get_str(from, members[i].key));
        memcpy((char *)to + members[i].offset, &text, sizeof text);
    }
}

/* The file is ours, so nothing here is doubted but numbers of rows. */
static void read_template(struct arena *a, struct str text, struct gateway_template *t)
{
    json_t *tree = json_parse(text, a, NULL);
    const json_t *buttons = json_object_get(tree, "buttons");
    const json_t *comments = json_object_get(tree, "comments");
    *t = (struct gateway_template){.image_url = STR("")};
    read_texts(tree, a, template_members, COUNT_OF(template_members), t);
    t->secure = json_is_true(json_object_get(tree, "secure"));
    t->dormant = json_is_true(json_object_get(tree, "dormant"));
    for (size_t i = 0; i < json_array_size(buttons) && i < GATEWAY_BUTTONS_MAX; i++) {
        struct gateway_button *b = &t->buttons[t->button_count++];
        read_texts(json_array_get(buttons, i), a, button_members, COUNT_OF(button_members), b);
        b->type_name = practice_button_name(b->type);
    }
    struct gateway_comment *list = arena_array(a, json_array_size(comments), sizeof *list);
    for (size_t i = 0; i < json_array_size(comments); i++)
        read_texts(json_array_get(comments, i), a, comment_members, COUNT_OF(comment_members),
                   &list[t->comment_count++]);
    t->comments = list;
    json_decref(tree);
}

bool practice_shelf_put(struct practice_call *c, struct str sender_key,
                        const struct gateway_template *t, int64_t due_at)
{
    BUF(text, PRACTICE_TEMPLATE_MAX);
    struct json j;
    json_init(&j, &text);
    write_template(&j, t);
    if (text.failed)
        return false;
    journal_template_put(c->p->journal, &(struct journal_template){
                                            .sender_key = sender_key,
                                            .code = t->code,
                                            .due_at = due_at,
                                            .text = buf_view(&text),
                                        });
    return true;
}

void practice_shelf_remove(struct practice_call *c, struct str sender_key, struct str code)
{
    journal_template_put(c->p->journal, &(struct journal_template){
                                            .sender_key = sender_key,
                                            .code = code,
                                            .deleted = true,
                                            .text = STR("{}"),
                                        });
}

/* ---- inspection ---- */

void practice_shelf_approve(struct practice_call *c, struct gateway_template *t)
{
    t->inspection = STR("APR");
    t->status = STR("R"); /* approved, and never used */
    t->updated_at = kst_format(c->a, c->now);
}

static void add_remark(struct practice_call *c, struct gateway_template *t, struct str remark,
                       struct str author)
{
    size_t kept =
        t->comment_count < PRACTICE_REMARKS_MAX ? t->comment_count : PRACTICE_REMARKS_MAX - 1;
    struct gateway_comment *list = arena_array(c->a, kept + 1, sizeof *list);
    for (size_t i = 0; i < kept; i++)
        list[i] = t->comments[t->comment_count - kept + i];
    list[kept] =
        (struct gateway_comment){.text = remark, .author = author, .at = kst_format(c->a, c->now)};
    t->comments = list;
    t->comment_count = kept + 1;
}

void practice_shelf_reject(struct practice_call *c, struct gateway_template *t, struct str remark,
                           struct str author)
{
    t->inspection = STR("REJ");
    t->status = STR("R");
    t->updated_at = kst_format(c->a, c->now);
    if (remark.len > 0)
        add_remark(c, t, remark, author);
}

/* Words that no message of information has. */
static const struct str adverts[] = {
    STR_INIT("(광고)"), STR_INIT("특가"), STR_INIT("세일"),      STR_INIT("할인 행사"),
    STR_INIT("대박"),   STR_INIT("공짜"), STR_INIT("무료 증정"), STR_INIT("놓치지 마세요"),
};

/* The first of them in the template; ptr NULL without one. */
static struct str advert_in(const struct gateway_template *t)
{
    const struct str texts[] = {t->content, t->title, t->subtitle, t->extra};
    for (size_t i = 0; i < COUNT_OF(adverts); i++)
        for (size_t k = 0; k < COUNT_OF(texts); k++)
            if (str_find(texts[k], adverts[i], 0) >= 0)
                return adverts[i];
    return (struct str){NULL, 0};
}

static void inspect(struct practice_call *c, struct gateway_template *t)
{
    struct str word = advert_in(t);
    if (!word.ptr) {
        practice_shelf_approve(c, t);
        return;
    }
    struct str remark =
        str_printf(c->a,
                   "알림톡으로는 정보성 내용만 보낼 수 있습니다. 광고로 보이는 표현 '%.*s'을(를) "
                   "빼고 다시 검수를 요청해 주세요.",
                   STR_ARG(word));
    practice_shelf_reject(c, t, remark, PRACTICE_REMARK_BY_ITSELF);
}

/* ---- looking ---- */

/* Reads a kept one, and decides its inspection when that is due. */
static void take(struct practice_call *c, const struct journal_template *kept,
                 struct gateway_template *t)
{
    read_template(c->a, kept->text, t);
    if (kept->due_at == 0 || kept->due_at > c->now)
        return;
    inspect(c, t);
    /* A remark more could make it too large: then the inspection ends without words. */
    if (!practice_shelf_put(c, kept->sender_key, t, 0)) {
        t->comment_count = 0;
        if (!practice_shelf_put(c, kept->sender_key, t, 0))
            practice_shelf_remove(c, kept->sender_key, t->code);
    }
}

bool practice_shelf_find(struct practice_call *c, struct str sender_key, struct str code,
                         struct gateway_template *t)
{
    struct journal_template kept;
    if (journal_template_find(c->p->journal, sender_key, code, c->a, &kept)) {
        if (!kept.deleted)
            take(c, &kept, t);
        return !kept.deleted;
    }
    const struct gateway_template *built_in =
        practice_template_find(c->p->templates, c->p->template_count, code);
    if (built_in)
        *t = *built_in;
    return built_in != NULL;
}

size_t practice_shelf(struct practice_call *c, struct str sender_key,
                      const struct gateway_template **list)
{
    const struct practice *p = c->p;
    struct journal_template *kept;
    int64_t limit = PRACTICE_SHELF_MAX + (int64_t)p->template_count;
    size_t n = 0, count = journal_templates(p->journal, sender_key, limit, c->a, &kept);
    struct gateway_template *out = arena_array(c->a, p->template_count + count, sizeof *out);
    for (size_t i = 0; i < p->template_count; i++)
        n += practice_shelf_find(c, sender_key, p->templates[i].code, &out[n]);
    for (size_t i = 0; i < count; i++)
        if (!practice_template_find(p->templates, p->template_count, kept[i].code))
            take(c, &kept[i], &out[n++]);
    *list = out;
    return n;
}
