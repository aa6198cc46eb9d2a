/*
 * practice_inspector.c - what a person behind the practice gateway can do to a template: the admin
 * call /practice/templates, and the images at /practice/image.
 *
 * An order stands for the inspector, for Kakao, or for a year that passes. It works on built-in
 * templates too, for the one account that it names.
 */
#include "gateway/form.h"
#include "gateway/practice_shelf.h"

extern const char practice_image[], practice_image_end[]; /* practice_image.png */

/* ---- orders ---- */

struct order {
    struct str sender_key, comment, content;
};

typedef void order_action(struct practice_call *c, const struct order *o,
                          struct gateway_template *t);

static void approve(struct practice_call *c, const struct order *o, struct gateway_template *t)
{
    (void)o;
    practice_shelf_approve(c, t);
}

static void reject(struct practice_call *c, const struct order *o, struct gateway_template *t)
{
    practice_shelf_reject(c, t, o->comment, STR("검수 담당자"));
}

static void stop(struct practice_call *c, const struct order *o, struct gateway_template *t)
{
    (void)c, (void)o;
    t->status = STR("S");
}

static void start(struct practice_call *c, const struct order *o, struct gateway_template *t)
{
    (void)c, (void)o;
    t->status = STR("A");
}

static void sleep_on(struct practice_call *c, const struct order *o, struct gateway_template *t)
{
    (void)c, (void)o;
    t->dormant = true;
}

static void wake(struct practice_call *c, const struct order *o, struct gateway_template *t)
{
    (void)c, (void)o;
    t->dormant = false;
}

static void change(struct practice_call *c, const struct order *o, struct gateway_template *t)
{
    t->content = o->content;
    t->updated_at = kst_format(c->a, c->now);
}

static const struct {
    struct str name;
    order_action *action;
    bool with_content;
} orders[] = {
    {STR_INIT("approve"), approve, false}, {STR_INIT("reject"), reject, false},
    {STR_INIT("stop"), stop, false},       {STR_INIT("start"), start, false},
    {STR_INIT("sleep"), sleep_on, false},  {STR_INIT("wake"), wake, false},
    {STR_INIT("change"), change, true},
};

static bool carry_out(struct practice_call *c, struct str name, const struct order *o,
                      struct gateway_template *t)
{
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        if (!str_eq(orders[i].name, name) || (orders[i].with_content && o->content.len == 0))
            continue;
        orders[i].action(c, o, t);
        /* In inspection it stays until the next order. */
        return practice_shelf_put(c, o->sender_key, t, 0);
    }
    return false;
}

/* A member as the form would have it: text without NUL bytes; empty when absent. */
static struct str member(struct practice_call *c, const json_t *object, const char *key)
{
    struct str text = json_get_str(object, key);
    if (!text.ptr || (text.len && memchr(text.ptr, '\0', text.len)))
        return STR("");
    return str_dup(c->a, text);
}

int practice_admin_templates(struct practice_call *c, struct str body)
{
    struct gateway_template t;
    json_t *tree = json_parse(body, c->a, NULL);
    struct str name = member(c, tree, "order"), code = member(c, tree, "code");
    struct str user_id = member(c, tree, "user_id");
    struct order o = {
        .sender_key = member(c, tree, "sender_key"),
        .comment = member(c, tree, "comment"),
        .content = member(c, tree, "content"),
    };
    json_decref(tree);
    if (o.sender_key.len == 0)
        o.sender_key = practice_sender_key(c->a, user_id);
    if (!practice_shelf_find(c, o.sender_key, code, &t) || !carry_out(c, name, &o, &t))
        return practice_admin_misunderstood(
            c, "no such template or order, or it is too large; see practice-gateway.md");
    practice_put_template(c, o.sender_key, &t);
    return 200;
}

/* ---- images ---- */

void practice_answer_image(struct practice_call *c, struct str query,
                           struct practice_answer *answer)
{
    struct str name, value, code = STR(""), sender_key = STR("");
    while (form_next(c->a, &query, &name, &value)) {
        if (str_eq(name, STR("template")))
            code = value;
        if (str_eq(name, STR("profile")))
            sender_key = value;
    }
    struct str image = journal_template_image(c->p->journal, sender_key, code, c->a);
    if (image.len == 0)
        image = str_n(practice_image, (size_t)(practice_image_end - practice_image));
    answer->http_status = 200;
    answer->content_type = practice_image_type(image);
    answer->body = image;
}
