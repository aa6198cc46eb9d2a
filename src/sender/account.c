/*
 * account.c - see account.h.
 */
#include "sender/account.h"
#include "domain/seal.h"

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

static void account_close(struct gateway **g)
{
    if (*g)
        gateway_close(g);
}

/* What an answer other than OK means to the person who asked. */
static enum problem answer_problem(struct scope *s, enum gateway_answer answer,
                                   const struct gateway_fault *fault)
{
    if (answer == GATEWAY_OK)
        return PROBLEM_NONE;
    return scope_fail(
        s, answer == GATEWAY_REFUSED ? PROBLEM_GATEWAY_REFUSED : PROBLEM_GATEWAY_UNREACHABLE,
        fault->message);
}

static enum problem account_start(struct scope *s, int64_t id, struct profile *p,
                                  struct gateway **g)
{
    struct str why;
    enum problem problem = profile_get(s, id, p);
    if (problem)
        return problem;
    *g = account_open(s, p, &why);
    return *g ? PROBLEM_NONE : scope_fail(s, PROBLEM_GATEWAY_UNREACHABLE, why);
}

/* Notes a trouble or its end on the profile; the answer to the person is the same either way. */
static enum problem status_note(struct scope *s, int64_t id, enum problem problem)
{
    bool fine = problem == PROBLEM_NONE;
    enum problem noted = profile_status_set(s, id, fine ? STR("ok") : STR("trouble"),
                                            fine ? STR("") : s->problem_args[0]);
    return problem ? problem : noted;
}

/* Whether the sending key is the account's; an empty one becomes its first. */
static enum problem sender_key_check(struct scope *s, struct profile *p,
                                     const struct gateway_profile *list, size_t count)
{
    if (p->sender_key.len == 0 && count > 0)
        p->sender_key = list[0].sender_key;
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].sender_key, p->sender_key))
            return PROBLEM_NONE;
    return scope_fail(s, PROBLEM_GATEWAY_REFUSED,
                      STR("발신프로필 키(senderkey)가 이 계정에 없습니다."));
}

enum problem account_try(struct scope *s, struct profile *p)
{
    struct str why;
    struct gateway *g CLEANUP(account_close) = account_open(s, p, &why);
    if (!g)
        return scope_fail(s, PROBLEM_GATEWAY_UNREACHABLE, why);
    const struct gateway_profile *list;
    size_t count;
    struct gateway_fault fault = {0};
    enum gateway_answer answer = gateway_driver(g)->profiles(g, s->arena, &list, &count, &fault);
    enum problem problem = answer_problem(s, answer, &fault);
    return problem ? problem : sender_key_check(s, p, list, count);
}

enum problem account_check(struct scope *s, int64_t id)
{
    struct profile p;
    enum problem problem = profile_get(s, id, &p);
    if (problem)
        return problem;
    bool key_unknown = p.sender_key.len == 0;
    problem = account_try(s, &p);
    if (!problem && key_unknown)
        problem = profile_sender_key_set(s, id, p.sender_key);
    return status_note(s, id, problem);
}

enum problem account_balance(struct scope *s, int64_t id, int64_t *messages)
{
    struct profile p;
    struct gateway *g CLEANUP(account_close) = NULL;
    enum problem problem = account_start(s, id, &p, &g);
    if (problem)
        return problem;
    struct gateway_balance balance = {.messages = -1};
    struct gateway_fault fault = {0};
    problem = answer_problem(s, gateway_driver(g)->balance(g, s->arena, &balance, &fault), &fault);
    *messages = balance.messages;
    return problem;
}

/* ---- templates ---- */

/* The gateway's letters and our words (aligo.md section 7.1). */
struct word {
    struct str theirs, ours;
};

static const struct word status_words[] = {
    {STR_INIT("A"), STR_INIT("active")},
    {STR_INIT("R"), STR_INIT("waiting")},
    {STR_INIT("S"), STR_INIT("stopped")},
};

static const struct word inspection_words[] = {
    {STR_INIT("REG"), STR_INIT("registered")},
    {STR_INIT("REQ"), STR_INIT("requested")},
    {STR_INIT("APR"), STR_INIT("approved")},
    {STR_INIT("REJ"), STR_INIT("rejected")},
};

/* A word we do not know is the careful one: `otherwise` cannot be sent. */
static struct str word_of(const struct word *words, size_t n, struct str theirs,
                          struct str otherwise)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(words[i].theirs, theirs))
            return words[i].ours;
    return otherwise;
}

static struct button button_from(const struct gateway_button *b)
{
    return (struct button){
        .name = b->name,
        .type = b->type,
        .type_name = b->type_name,
        .mobile = b->mobile,
        .pc = b->pc,
        .ios = b->ios,
        .android = b->android,
        .target = STR_INIT(""),
    };
}

static struct template template_from(const struct gateway_template *g)
{
    struct template t = {
        .code = g->code,
        .name = g->name,
        .content = g->content,
        .type = g->type,
        .emphasis = g->emphasis,
        .title = g->title,
        .subtitle = g->subtitle,
        .extra = g->extra,
        .status = word_of(status_words, COUNT_OF(status_words), g->status, STR("stopped")),
        .inspection =
            word_of(inspection_words, COUNT_OF(inspection_words), g->inspection, STR("registered")),
        .button_count = g->button_count,
    };
    for (size_t i = 0; i < g->button_count; i++)
        t.buttons[i] = button_from(&g->buttons[i]);
    return t;
}

enum problem account_sync_templates(struct scope *s, int64_t id, struct template_sync *out)
{
    struct profile p;
    struct gateway *g CLEANUP(account_close) = NULL;
    enum problem problem = profile_get(s, id, &p);
    if (!problem && p.sender_key.len == 0)
        problem = account_check(s, id);
    if (!problem)
        problem = account_start(s, id, &p, &g);
    if (problem)
        return problem;
    const struct gateway_template *theirs;
    size_t count;
    struct gateway_fault fault = {0};
    problem = answer_problem(s, gateway_driver(g)->templates(g, s->arena, &theirs, &count, &fault),
                             &fault);
    problem = status_note(s, id, problem);
    if (problem)
        return problem;
    if (count > TEMPLATES_MAX)
        count = TEMPLATES_MAX;
    struct template *ours = arena_array(s->arena, count, sizeof *ours);
    for (size_t i = 0; i < count; i++)
        ours[i] = template_from(&theirs[i]);
    return template_sync(s, id, ours, count, out);
}
