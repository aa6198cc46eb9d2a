/*
 * account_templates.c - see account.h: what changes a template at the gateway. Each is one call and
 * then a fetch of the list, so that our list is true at once whatever the answer was.
 */
#include "sender/account_call.h"

static struct gateway_button button_to(const struct button *b)
{
    return (struct gateway_button){
        .name = b->name,
        .type = b->type,
        .mobile = b->mobile,
        .pc = b->pc,
        .ios = b->ios,
        .android = b->android,
    };
}

/* `buttons` has room for those of the form. */
static struct gateway_template_form form_to(const struct template_form *f, struct str code,
                                            struct gateway_button *buttons)
{
    for (size_t i = 0; i < f->button_count; i++)
        buttons[i] = button_to(&f->buttons[i]);
    return (struct gateway_template_form){
        .code = code,
        .name = f->name,
        .content = f->content,
        .type = f->type,
        .emphasis = f->emphasis,
        .title = f->title,
        .subtitle = f->subtitle,
        .extra = f->extra,
        .advert = f->advert,
        .buttons = buttons,
        .button_count = f->button_count,
        .secure = f->secure,
        .image = f->image,
    };
}

/* After a call that changes something: fetches the list, unless nothing can have happened. A fetch
 * that fails notes its own words, which are the useful ones then. */
static enum problem settled(struct scope *s, int64_t profile, enum gateway_answer answer,
                            const struct gateway_fault *fault)
{
    struct template_sync sync;
    if (answer == GATEWAY_REFUSED || answer == GATEWAY_UNREACHED)
        return account_answer(s, answer, fault);
    bool fetched = account_sync_templates(s, profile, &sync) == PROBLEM_NONE;
    if (answer == GATEWAY_UNKNOWN)
        return scope_quote(s, fetched ? PROBLEM_GATEWAY_UNSURE : PROBLEM_GATEWAY_UNSURE_OLD_LIST,
                           fault->message);
    return fetched ? PROBLEM_NONE : scope_quote(s, PROBLEM_GATEWAY_OLD_LIST, s->quote);
}

enum problem account_template_save(struct scope *s, int64_t profile, struct str code,
                                   const struct template_form *form, int64_t *id)
{
    ACCOUNT(g);
    struct profile p;
    enum problem problem = account_begin_stored(s, profile, &p, &g);
    if (problem)
        return problem;
    struct gateway_button buttons[GATEWAY_BUTTONS_MAX];
    struct gateway_template_form theirs = form_to(form, code, buttons);
    struct gateway_fault fault = {.message = STR_INIT("")};
    struct str saved = code;
    enum gateway_answer answer =
        gateway_driver(g)->template_save(g, &theirs, s->arena, &saved, &fault);
    problem = settled(s, profile, answer, &fault);
    if (problem)
        return problem;
    struct template t;
    problem = template_get_code(s, profile, saved, &t);
    if (problem == PROBLEM_NOT_FOUND || (!problem && !t.present))
        return PROBLEM_GATEWAY_OLD_LIST;
    *id = t.id;
    return problem;
}

typedef enum gateway_answer template_errand(struct gateway *g, struct str code, struct arena *a,
                                            struct gateway_fault *fault);

static enum problem run(struct scope *s, int64_t profile, struct str code, bool deletes)
{
    ACCOUNT(g);
    struct profile p;
    enum problem problem = account_begin_stored(s, profile, &p, &g);
    if (problem)
        return problem;
    const struct gateway_driver *driver = gateway_driver(g);
    template_errand *errand = deletes ? driver->template_delete : driver->template_request;
    struct gateway_fault fault = {.message = STR_INIT("")};
    return settled(s, profile, errand(g, code, s->arena, &fault), &fault);
}

enum problem account_template_delete(struct scope *s, int64_t profile, struct str code)
{
    return run(s, profile, code, true);
}

enum problem account_template_request(struct scope *s, int64_t profile, struct str code)
{
    return run(s, profile, code, false);
}
