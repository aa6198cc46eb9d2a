/*
 * preview.c - see preview.h.
 */
#include "domain/preview.h"
#include "domain/recent.h"
#include "domain/suppression.h"

#define PAGE_ARENA_MAX ((size_t)64 << 20)
/* Bytes of a body with every value in it, whether or not it can be sent. */
#define TEXT_MAX ((size_t)4 << 20)
/* Steps from a known place that are walked instead of counted from the first recipient. */
#define WALK_MAX RECIPIENTS_PAGE_MAX

/* Shown in place of the part of a tracked link that will be different for everybody. */
static const char sample_token[TOKEN_LENGTH + 1] = "AbCdEfGhIjK";

/* ---- who ---- */

static int64_t count_all(struct scope *s, const struct preview_wish *wish)
{
    int64_t excepted = 0;
    if (wish->known.contact)
        return wish->known.total;
    int64_t selected = recipients_count(s, &wish->who, &excepted);
    return selected - excepted;
}

/* The person `steps` behind a contact, 0 being the contact itself or who has taken its place. */
static bool walk(struct scope *s, const struct recipients_choice *who, int64_t contact,
                 int64_t steps, struct person *out)
{
    int64_t after = contact - 1;
    while (steps >= 0) {
        ARENA(a, PAGE_ARENA_MAX);
        struct person *list = arena_array(&a, (size_t)steps + 1, sizeof *list);
        size_t n = recipients_page(s, who, after, (size_t)steps + 1, list, &a);
        if (n == 0)
            return false;
        steps -= (int64_t)n;
        after = list[n - 1].contact;
    }
    return recipients_page(s, who, after - 1, 1, out, s->arena) == 1;
}

static bool person_at(struct scope *s, const struct preview_wish *wish, int64_t position,
                      struct person *out)
{
    const struct preview_place *known = &wish->known;
    int64_t steps = position - known->position;
    if (position < 1)
        return false;
    if (known->contact && steps >= 0 && steps < WALK_MAX)
        return walk(s, &wish->who, known->contact, steps, out);
    if (known->contact && steps == -1)
        return recipients_before(s, &wish->who, known->contact, out, s->arena);
    return recipients_at(s, &wish->who, position, out, s->arena);
}

/* ---- jumps: over everybody, without making texts ---- */

struct jumping {
    const struct rendering *plan;
    enum preview_jump jump;
    struct preview_place at, found;
    size_t longest;
};

/* Takes the person when it is the one looked for; true when nobody better can come. */
static bool jump_try(struct jumping *f, const struct person *c, struct arena *a)
{
    struct rendering_values v;
    rendering_look_up(f->plan, c, a, &v);
    f->at = (struct preview_place){c->contact, f->at.position + 1, f->at.total};
    if (f->jump == PREVIEW_MISSING) {
        if (!rendering_misses(f->plan, &v))
            return false;
        f->found = f->at;
        return true;
    }
    size_t length = rendering_length(f->plan, &v);
    if (f->found.position == 0 || length > f->longest) {
        f->found = f->at;
        f->longest = length;
    }
    return false;
}

/* One page; true when there is another one to look through. */
static bool jump_page(struct scope *s, const struct recipients_choice *who, struct jumping *f)
{
    ARENA(a, PAGE_ARENA_MAX);
    struct person *list = arena_array(&a, RECIPIENTS_PAGE_MAX, sizeof *list);
    size_t n = recipients_page(s, who, f->at.contact, RECIPIENTS_PAGE_MAX, list, &a);
    for (size_t i = 0; i < n; i++)
        if (jump_try(f, &list[i], &a))
            return false;
    return n && f->at.position < CAMPAIGN_RECIPIENTS_MAX;
}

/* True when what is looked for may differ from person to person. */
static bool jump_needed(const struct rendering *plan, enum preview_jump jump)
{
    for (size_t i = 0; i < plan->value_count; i++)
        if (plan->values[i].source != VALUE_TEXT)
            return true;
    struct rendering_values v;
    rendering_look_up(plan, NULL, NULL, &v);
    return jump == PREVIEW_MISSING && rendering_misses(plan, &v);
}

/* Finds the person of a jump; position 0 when there is none. */
static void jump_all(struct scope *s, const struct preview_wish *wish, const struct rendering *plan,
                     struct preview *out)
{
    struct jumping f = {.plan = plan, .jump = wish->jump, .at.total = out->place.total};
    struct person from;
    if (wish->jump == PREVIEW_MISSING && wish->position > 0) {
        if (!person_at(s, wish, wish->position, &from))
            return;
        f.at.contact = from.contact;
        f.at.position = wish->position;
    }
    while (jump_page(s, &wish->who, &f))
        ;
    if (f.found.position && walk(s, &wish->who, f.found.contact, 0, &out->who))
        out->place = f.found;
}

static void person_find(struct scope *s, const struct preview_wish *wish,
                        const struct rendering *plan, struct preview *out)
{
    int64_t position = wish->position ? wish->position : 1;
    out->place.total = count_all(s, wish);
    if (wish->jump != PREVIEW_AT && jump_needed(plan, wish->jump)) {
        jump_all(s, wish, plan, out);
        return;
    }
    if (wish->jump == PREVIEW_MISSING) /* nothing is missing for anybody */
        return;
    if (wish->jump == PREVIEW_LONGEST) /* the same text for everybody */
        position = 1;
    if (person_at(s, wish, position, &out->who)) {
        out->place.contact = out->who.contact;
        out->place.position = position;
    }
}

/* ---- what is shown ---- */

static struct preview_text pieces_make(const struct rendering *r, const struct rendering_values *v,
                                       const struct pattern *p, struct arena *a)
{
    struct preview_piece *pieces = arena_array(a, p->count * 2 + 1, sizeof *pieces);
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++) {
        struct str variable = p->pieces[i].variable, value = rendering_value(r, v, variable);
        if (p->pieces[i].fixed.len)
            pieces[n++] = (struct preview_piece){PREVIEW_FIXED, p->pieces[i].fixed};
        pieces[n++] = value.ptr ? (struct preview_piece){PREVIEW_VALUE, value}
                                : (struct preview_piece){PREVIEW_NOTHING, variable};
    }
    if (p->tail.len)
        pieces[n++] = (struct preview_piece){PREVIEW_FIXED, p->tail};
    return (struct preview_text){pieces, n};
}

/* A text is one piece after the other; what is missing is nothing. */
static size_t pieces_length(struct preview_text text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.count; i++)
        if (text.pieces[i].kind != PREVIEW_NOTHING)
            n += alimtalk_length(text.pieces[i].text);
    return n;
}

static struct str pieces_text(struct preview_text text, struct arena *a)
{
    BUF(out, TEXT_MAX);
    for (size_t i = 0; i < text.count; i++)
        if (text.pieces[i].kind != PREVIEW_NOTHING)
            buf_str(&out, text.pieces[i].text);
    return str_dup(a, buf_view(&out));
}

/* Why the person gets nothing whatever the message says, as the check finds it. */
static struct str exception_of(struct scope *s, const struct preview_wish *wish, struct str phone)
{
    RECENT(recent);
    if (suppression_has(s, phone))
        return STR("suppressed");
    recent_open(s, wish->template, wish->who.except_days, 1, &recent);
    return recent_has(s, &recent, phone) ? STR("recently_sent") : STR("");
}

static void message_show(struct scope *s, const struct rendering *r, struct preview *out)
{
    const struct person *c = &out->who;
    struct rendering_values v;
    struct rendering_tokens tokens = {0};
    struct rendered message = {.reason = out->reason};
    for (size_t i = 0; i < BUTTONS_MAX; i++)
        memcpy(tokens.of[i], sample_token, sizeof sample_token);
    rendering_look_up(r, c->contact ? c : NULL, s->arena, &v);
    rendering_render(r, &v, &tokens, s->arena, &message);
    out->button_count = message.button_count;
    for (size_t i = 0; i < message.button_count; i++) {
        out->buttons[i] = message.buttons[i];
        out->tracked[i] = r->buttons[i].tracked;
    }
    out->reason = c->contact ? message.reason : STR("");
    out->title = pieces_make(r, &v, &r->title, s->arena);
    out->body = pieces_make(r, &v, &r->body, s->arena);
    for (size_t i = 0; i < r->wanted_count; i++)
        if (!rendering_value(r, &v, r->wanted[i]).ptr)
            out->missing[out->missing_count++] = r->wanted[i];
    out->length = rendering_length(r, &v);
    out->limit = r->limit;
    out->title_length = pieces_length(out->title);
    sms_measure(pieces_text(out->body, s->arena), &out->fallback);
}

enum problem preview_make(struct scope *s, const struct preview_wish *wish, struct preview *out)
{
    struct template t;
    struct rendering plan;
    *out = (struct preview){.reason = STR_INIT("")};
    if (template_get(s, wish->template, &t) != PROBLEM_NONE)
        scope_field_error(s, "template_id", "not_found", "템플릿을 골라 주세요.",
                          "Please choose a template.");
    recipients_check(s, &wish->who);
    enum problem p = scope_store(s);
    if (!p)
        p = scope_invalid(s);
    if (!p)
        p = rendering_plan(s, &t, &wish->form, &plan);
    if (p)
        return p;
    person_find(s, wish, &plan, out);
    if (out->who.contact)
        out->reason = exception_of(s, wish, out->who.phone);
    message_show(s, &plan, out);
    return scope_store(s);
}
