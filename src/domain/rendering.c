/*
 * rendering.c - see rendering.h.
 */
#include "domain/rendering.h"
#include "domain/attributes.h"
#include "domain/measure.h"
#include "domain/template_check.h"

/* ---- the plan ---- */

static ptrdiff_t value_find(const struct rendering *r, struct str variable)
{
    for (size_t i = 0; i < r->value_count; i++)
        if (str_eq(r->values[i].variable, variable))
            return (ptrdiff_t)i;
    return -1;
}

static enum problem button_plan(const struct rendering_form *form, size_t i, struct arena *a,
                                struct rendering *r)
{
    const struct button *b = &r->template.buttons[i];
    struct rendering_button *out = &r->buttons[i];
    if (!pattern_parse(&out->mobile, b->mobile, a) || !pattern_parse(&out->pc, b->pc, a) ||
        !pattern_parse(&out->ios, b->ios, a) || !pattern_parse(&out->android, b->android, a))
        return PROBLEM_TEMPLATE_NOT_SENDABLE;
    out->tracked = button_tracked(b);
    r->tracks |= out->tracked;
    for (size_t l = 0; l < form->link_count; l++)
        if (out->tracked && form->links[l].button == (int64_t)i + 1)
            out->target = form->links[l].url;
    return PROBLEM_NONE;
}

/* What looking through a million people needs to know of the texts. */
static void values_plan(struct rendering *r, struct arena *a)
{
    r->wanted_count = template_variables(&r->template, a, r->wanted);
    for (size_t i = 0; i < r->wanted_count; i++)
        r->source[i] = value_find(r, r->wanted[i]);
    r->fixed_length = alimtalk_length(r->body.tail) + alimtalk_length(r->template.extra);
    for (size_t i = 0; i < r->body.count; i++) {
        ptrdiff_t value = value_find(r, r->body.pieces[i].variable);
        r->fixed_length += alimtalk_length(r->body.pieces[i].fixed);
        if (value >= 0)
            r->places[value]++;
    }
}

/* Kakao puts a sentence of its own under the text, which is part of the limit. */
static bool template_adds_channel(const struct template *t)
{
    return str_eq(t->type, STR("AD")) || str_eq(t->type, STR("MI"));
}

enum problem rendering_plan(struct scope *s, const struct template *t,
                            const struct rendering_form *form, struct rendering *out)
{
    *out = (struct rendering){.template = *t, .tracking_base = form->tracking_base};
    if (!pattern_parse(&out->body, t->content, s->arena) ||
        !pattern_parse(&out->title, t->title, s->arena))
        return PROBLEM_TEMPLATE_NOT_SENDABLE;
    while (out->value_count < form->value_count && out->value_count < TEMPLATE_VARIABLES_MAX) {
        out->values[out->value_count] = form->values[out->value_count];
        out->value_count++;
    }
    out->limit = TEMPLATE_BODY_MAX - (template_adds_channel(t) ? TEMPLATE_ADVERT_ROOM : 0);
    values_plan(out, s->arena);
    enum problem p = PROBLEM_NONE;
    for (size_t i = 0; !p && i < t->button_count; i++)
        p = button_plan(form, i, s->arena, out);
    return p;
}

/* An address that must become ours for everybody: has one variable and can stand for our redirect.
 */
static bool trackable(const struct pattern *p, struct str url)
{
    struct str value;
    return p->count == 0 || pattern_solve(p, url, &value);
}

enum problem rendering_complete(struct scope *s, const struct rendering *r)
{
    for (size_t i = 0; i < r->wanted_count; i++)
        if (r->source[i] < 0)
            return scope_fail(s, PROBLEM_VALUE_MISSING, r->wanted[i]);
    struct str sample = str_printf(s->arena, "%.*s01234567890", STR_ARG(r->tracking_base));
    for (size_t i = 0; i < r->template.button_count; i++) {
        const struct button *button = &r->template.buttons[i];
        const struct rendering_button *b = &r->buttons[i];
        if (b->tracked && b->target.len == 0)
            return scope_fail(s, PROBLEM_LINK_MISSING, button->name);
        if (b->tracked && (!trackable(&b->mobile, sample) || !trackable(&b->pc, sample)))
            return scope_fail(s, PROBLEM_LINK_MISMATCH, button->name, button->mobile, sample);
    }
    return PROBLEM_NONE;
}

/* ---- values ---- */

static void attributes_look_up(const struct rendering *r, struct str attributes, struct arena *a,
                               struct rendering_values *out)
{
    struct attribute have;
    while (attribute_next(a, &attributes, &have))
        for (size_t i = 0; i < r->value_count; i++)
            if (r->values[i].source == VALUE_ATTRIBUTE && str_eq(r->values[i].text, have.name))
                out->list[i] = have.value;
}

void rendering_look_up(const struct rendering *r, const struct person *who, struct arena *a,
                       struct rendering_values *out)
{
    static const struct person nobody = {0};
    const struct person *of = who ? who : &nobody;
    bool attributes = false;
    for (size_t i = 0; i < r->value_count; i++) {
        out->list[i] = (struct str){NULL, 0};
        switch (r->values[i].source) {
        case VALUE_NAME:
            out->list[i] = of->name;
            break;
        case VALUE_PHONE:
            out->list[i] = of->phone;
            break;
        case VALUE_EMAIL:
            out->list[i] = of->email;
            break;
        case VALUE_TEXT:
            out->list[i] = r->values[i].text;
            break;
        case VALUE_ATTRIBUTE:
            attributes = true;
            break;
        }
    }
    if (attributes)
        attributes_look_up(r, of->attributes, a, out);
    for (size_t i = 0; i < r->value_count; i++)
        if (out->list[i].len == 0)
            out->list[i].ptr = NULL;
}

struct str rendering_value(const struct rendering *r, const struct rendering_values *v,
                           struct str variable)
{
    ptrdiff_t i = value_find(r, variable);
    return i < 0 ? (struct str){NULL, 0} : v->list[i];
}

bool rendering_misses(const struct rendering *r, const struct rendering_values *v)
{
    for (size_t i = 0; i < r->wanted_count; i++)
        if (r->source[i] < 0 || !v->list[r->source[i]].ptr)
            return true;
    return false;
}

size_t rendering_length(const struct rendering *r, const struct rendering_values *v)
{
    size_t n = r->fixed_length;
    for (size_t i = 0; i < r->value_count; i++)
        if (r->places[i])
            n += r->places[i] * alimtalk_length(v->list[i]);
    return n;
}

/* ---- one person ---- */

struct filling {
    const struct rendering *plan;
    const struct rendering_values *values;
    struct arena *arena;
    struct rendered *out;
};

static struct str filling_value(void *ctx, struct str variable)
{
    const struct filling *f = ctx;
    return rendering_value(f->plan, f->values, variable);
}

static void refuse(struct rendered *out, struct str reason)
{
    if (out->reason.len == 0)
        out->reason = reason;
}

/* A pattern filled in. Refuses the person when a value is missing, and with `too_long` a text that
 * has ended at `max` bytes. */
static struct str fill(struct filling *f, const struct pattern *p, size_t max, struct str too_long)
{
    BUF(text, max);
    struct str missing = pattern_render(p, filling_value, f, &text);
    if (missing.ptr)
        refuse(f->out, str_printf(f->arena, "value_missing:%.*s", STR_ARG(missing)));
    if (text.failed)
        refuse(f->out, too_long);
    return str_dup(f->arena, buf_view(&text));
}

static struct str fill_link(struct filling *f, const struct pattern *p)
{
    return fill(f, p, BUTTON_LINK_MAX, STR("link_too_long"));
}

/* Constant text where there is no variable, our redirect where there is one. */
static struct str tracked_address(const struct pattern *p, struct str url)
{
    return p->count ? url : p->tail;
}

static void buttons_fill(struct filling *f, const struct rendering_tokens *tokens)
{
    const struct rendering *r = f->plan;
    f->out->button_count = r->template.button_count;
    for (size_t i = 0; i < r->template.button_count; i++) {
        const struct rendering_button *b = &r->buttons[i];
        struct button *out = &f->out->buttons[i];
        *out = r->template.buttons[i];
        if (b->tracked) {
            struct str url =
                str_printf(f->arena, "%.*s%s", STR_ARG(r->tracking_base), tokens->of[i]);
            out->mobile = tracked_address(&b->mobile, url);
            out->pc = tracked_address(&b->pc, url);
            out->target = b->target;
        } else {
            out->mobile = fill_link(f, &b->mobile);
            out->pc = fill_link(f, &b->pc);
        }
        out->ios = fill_link(f, &b->ios);
        out->android = fill_link(f, &b->android);
    }
}

static bool button_differs(const struct rendering_button *plan, const struct button *approved,
                           const struct button *b)
{
    return !str_eq(b->name, approved->name) || !str_eq(b->type, approved->type) ||
           !pattern_matches(&plan->mobile, b->mobile) || !pattern_matches(&plan->pc, b->pc) ||
           !pattern_matches(&plan->ios, b->ios) || !pattern_matches(&plan->android, b->android);
}

struct str rendering_difference(const struct rendering *r, const struct rendered *message)
{
    if (!pattern_matches(&r->body, message->body) || !pattern_matches(&r->title, message->title))
        return STR("template_mismatch");
    if (message->button_count != r->template.button_count)
        return STR("button_mismatch");
    for (size_t i = 0; i < message->button_count; i++)
        if (button_differs(&r->buttons[i], &r->template.buttons[i], &message->buttons[i]))
            return STR("button_mismatch");
    return STR("");
}

void rendering_render(const struct rendering *r, const struct rendering_values *v,
                      const struct rendering_tokens *tokens, struct arena *a, struct rendered *out)
{
    struct filling f = {r, v, a, out};
    out->title = fill(&f, &r->title, RENDERED_TITLE_MAX, STR("title_too_long"));
    out->body = fill(&f, &r->body, RENDERED_BODY_MAX, STR("text_too_long"));
    buttons_fill(&f, tokens);
    if (alimtalk_length(out->body) + alimtalk_length(r->template.extra) > r->limit)
        refuse(out, STR("text_too_long"));
    if (alimtalk_length(out->title) > TEMPLATE_TITLE_MAX)
        refuse(out, STR("title_too_long"));
    if (out->reason.len == 0)
        out->reason = rendering_difference(r, out);
}
