/*
 * account_channels.c - see account.h: the KakaoTalk channels of an account, and connecting one.
 */
#include "sender/account_call.h"

/* What the gateway's letters say: `status` A normal, S blocked, D deleted; `state` A activated, C
 * deactivated, B blocked, E being deleted, D deleted. The first row that fits decides; letters that
 * nobody has seen cannot be relied on. */
static const struct {
    char status, state; /* 0: any */
    enum problem problem;
    struct str word;
} states[] = {
    {'D', 0, PROBLEM_CHANNEL_DELETED, STR_INIT("deleted")},
    {0, 'D', PROBLEM_CHANNEL_DELETED, STR_INIT("deleted")},
    {0, 'E', PROBLEM_CHANNEL_DELETED, STR_INIT("deleted")},
    {'S', 0, PROBLEM_CHANNEL_BLOCKED, STR_INIT("blocked")},
    {0, 'B', PROBLEM_CHANNEL_BLOCKED, STR_INIT("blocked")},
    {'A', 'A', PROBLEM_NONE, STR_INIT("active")},
    {0, 0, PROBLEM_CHANNEL_INACTIVE, STR_INIT("inactive")},
};

/* A letter that was not told says nothing against the channel. */
static bool letter_is(struct str have, char wanted)
{
    return wanted == 0 || (have.len == 0 && wanted == 'A') ||
           (have.len == 1 && have.ptr[0] == wanted);
}

static size_t state_of(const struct gateway_profile *p)
{
    size_t i = 0;
    while (!letter_is(p->status, states[i].status) || !letter_is(p->state, states[i].state))
        i++; /* the last row fits everything */
    return i;
}

enum problem account_channel_problem(const struct gateway_profile *p)
{
    return states[state_of(p)].problem;
}

static struct channel channel_from(const struct gateway_profile *p)
{
    size_t state = state_of(p);
    return (struct channel){
        .channel = p->channel,
        .name = p->name,
        .sender_key = p->sender_key,
        .status = states[state].word,
        .problem = states[state].problem,
    };
}

enum problem account_channels(struct scope *s, const struct profile *p, const struct channel **list,
                              size_t *count)
{
    ACCOUNT(g);
    enum problem problem = account_begin(s, p, &g);
    if (problem)
        return problem;
    const struct gateway_profile *theirs;
    struct gateway_fault fault = {0};
    problem =
        account_answer(s, gateway_driver(g)->profiles(g, s->arena, &theirs, count, &fault), &fault);
    if (problem)
        return problem;
    struct channel *all = arena_array(s->arena, *count, sizeof *all);
    for (size_t i = 0; i < *count; i++)
        all[i] = channel_from(&theirs[i]);
    *list = all;
    return PROBLEM_NONE;
}

/* An answer to a call that changes something at the gateway. */
static enum problem change_answer(struct scope *s, enum gateway_answer answer,
                                  const struct gateway_fault *fault)
{
    if (answer == GATEWAY_UNKNOWN)
        return scope_quote(s, PROBLEM_GATEWAY_UNSURE_CHANNEL, fault->message);
    return account_answer(s, answer, fault);
}

enum problem account_channel_auth(struct scope *s, const struct profile *p, struct str channel,
                                  struct str phone)
{
    ACCOUNT(g);
    struct gateway_fault fault = {.message = STR_INIT("")};
    enum problem problem = account_begin(s, p, &g);
    if (problem)
        return problem;
    return change_answer(s, gateway_driver(g)->channel_auth(g, channel, phone, s->arena, &fault),
                         &fault);
}

enum problem account_channel_add(struct scope *s, const struct profile *p,
                                 const struct channel_form *form, struct channel *added)
{
    ACCOUNT(g);
    struct gateway_fault fault = {.message = STR_INIT("")};
    struct gateway_profile theirs = {0};
    const struct gateway_channel_form order = {
        .channel = form->channel,
        .phone = form->phone,
        .auth_number = form->auth_number,
        .category = form->category,
    };
    enum problem problem = account_begin(s, p, &g);
    if (problem)
        return problem;
    problem = change_answer(s, gateway_driver(g)->channel_add(g, &order, s->arena, &theirs, &fault),
                            &fault);
    *added = channel_from(&theirs);
    return problem;
}

/* ---- lines of business ---- */

/* The category of that code one level above; NULL when the gateway names none. */
static const struct gateway_category *above(const struct gateway_category *list, size_t count,
                                            const struct gateway_category *of)
{
    for (size_t i = 0; of && i < count; i++)
        if (list[i].level == of->level - 1 && str_eq(list[i].code, of->parent))
            return &list[i];
    return NULL;
}

static struct str full_name(struct arena *a, const struct gateway_category *list, size_t count,
                            const struct gateway_category *third)
{
    const struct gateway_category *second = above(list, count, third);
    const struct gateway_category *first = above(list, count, second);
    struct str name = third->name;
    if (second)
        name = str_printf(a, "%.*s > %.*s", STR_ARG(second->name), STR_ARG(name));
    if (first)
        name = str_printf(a, "%.*s > %.*s", STR_ARG(first->name), STR_ARG(name));
    return name;
}

enum problem account_categories(struct scope *s, const struct profile *p,
                                const struct channel_category **list, size_t *count)
{
    ACCOUNT(g);
    enum problem problem = account_begin(s, p, &g);
    if (problem)
        return problem;
    const struct gateway_category *theirs;
    size_t all, n = 0;
    struct gateway_fault fault = {0};
    problem = account_answer(s, gateway_driver(g)->categories(g, s->arena, &theirs, &all, &fault),
                             &fault);
    if (problem)
        return problem;
    struct channel_category *out = arena_array(s->arena, all, sizeof *out);
    for (size_t i = 0; i < all; i++)
        if (theirs[i].level == 3)
            out[n++] = (struct channel_category){
                .code = theirs[i].code, .name = full_name(s->arena, theirs, all, &theirs[i])};
    *list = out;
    *count = n;
    return PROBLEM_NONE;
}
