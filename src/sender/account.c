/*
 * account.c - see account.h: opening an account, trying it, its balance.
 */
#include "domain/seal.h"
#include "sender/account_call.h"
#include "sender/explain.h"

static struct str practice_url = STR_INIT("");

void account_practice_url_set(struct str url)
{
    practice_url = url;
}

struct gateway *account_open(struct scope *s, const struct profile *p, struct str *why)
{
    bool practice = str_eq(p->gateway, STR("practice"));
    const struct gateway_driver *driver = gateway_driver_find(practice ? STR("aligo") : p->gateway);
    struct gateway_account account = {
        .base_url = practice ? practice_url : p->base_url,
        .user_id = p->user_id,
        .sender_key = p->sender_key,
        .sender = p->sender_number,
    };
    if (!driver || account.base_url.len == 0) {
        *why = practice ? STR("the practice gateway is switched off") : STR("unknown gateway");
        return NULL;
    }
    if (!seal_open(s->arena, p->api_key, &account.api_key)) {
        *why = STR("the stored key was sealed with another secret.key");
        return NULL;
    }
    return gateway_open(driver, &account);
}

/* ---- what the files share ---- */

enum problem account_answer(struct scope *s, enum gateway_answer answer,
                            const struct gateway_fault *fault)
{
    if (answer == GATEWAY_OK)
        return PROBLEM_NONE;
    return scope_quote(
        s, answer == GATEWAY_REFUSED ? explain_words(fault->message) : PROBLEM_GATEWAY_UNREACHABLE,
        fault->message);
}

enum problem account_begin(struct scope *s, const struct profile *p, struct gateway **g)
{
    struct str why = {NULL, 0};
    *g = account_open(s, p, &why);
    return *g ? PROBLEM_NONE : scope_quote(s, explain_words(why), why);
}

enum problem account_begin_stored(struct scope *s, int64_t id, struct profile *p,
                                  struct gateway **g)
{
    enum problem problem = profile_get(s, id, p);
    if (!problem && p->sender_key.len == 0) {
        problem = account_check(s, id);
        if (!problem)
            problem = profile_get(s, id, p);
    }
    return problem ? problem : account_begin(s, p, g);
}

enum problem account_note(struct scope *s, int64_t id, enum problem problem)
{
    if (problem == PROBLEM_STORE || problem == PROBLEM_NOT_FOUND)
        return problem;
    bool fine = problem == PROBLEM_NONE;
    struct str words = s->quoted == problem ? s->quote : STR("");
    enum problem noted =
        profile_status_set(s, id, fine ? STR("ok") : STR("trouble"),
                           fine ? STR("") : explain_store(s->arena, problem, words));
    return problem ? problem : noted;
}

/* ---- trying ---- */

/* Whether the sending key is the account's and its channel may send; an empty one becomes its
 * first. */
static enum problem sender_key_check(struct scope *s, struct profile *p,
                                     const struct gateway_profile *list, size_t count)
{
    if (p->sender_key.len == 0 && count > 0)
        p->sender_key = list[0].sender_key;
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(list[i].sender_key, p->sender_key))
            continue;
        p->channel = list[i].channel;
        return account_channel_problem(&list[i]);
    }
    return scope_quote(s, PROBLEM_GATEWAY_SENDER_KEY,
                       STR("발신프로필 키(senderkey)가 이 계정에 없습니다."));
}

enum problem account_try(struct scope *s, struct profile *p)
{
    ACCOUNT(g);
    enum problem problem = account_begin(s, p, &g);
    if (problem)
        return problem;
    const struct gateway_profile *list;
    size_t count;
    struct gateway_fault fault = {0};
    enum gateway_answer answer = gateway_driver(g)->profiles(g, s->arena, &list, &count, &fault);
    problem = account_answer(s, answer, &fault);
    return problem ? problem : sender_key_check(s, p, list, count);
}

enum problem account_check(struct scope *s, int64_t id)
{
    struct profile p;
    enum problem problem = profile_get(s, id, &p);
    if (problem)
        return problem;
    struct str key = p.sender_key, channel = p.channel;
    problem = account_try(s, &p);
    bool told = !str_eq(p.sender_key, key) || !str_eq(p.channel, channel);
    if (!problem && told)
        problem = profile_told_set(s, id, p.sender_key, p.channel);
    return account_note(s, id, problem);
}

enum problem account_balance(struct scope *s, int64_t id, int64_t *messages)
{
    ACCOUNT(g);
    struct profile p;
    enum problem problem = profile_get(s, id, &p);
    if (!problem)
        problem = account_begin(s, &p, &g);
    if (problem)
        return problem;
    struct gateway_balance balance = {.messages = -1};
    struct gateway_fault fault = {0};
    problem = account_answer(s, gateway_driver(g)->balance(g, s->arena, &balance, &fault), &fault);
    *messages = balance.messages;
    return problem;
}
