/*
 * account_sync.c - see account.h: fetching the templates of a profile, when somebody asks, after
 * each change at the gateway, and by schedule.
 */
#include "base/log.h"
#include "domain/campaign.h"
#include "sender/account_call.h"

#define COMMENTS_JSON_MAX ((size_t)256 << 10)

/* The gateway's letters and our words (Aligo's page, template/list). */
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

static struct str or_null(struct str s)
{
    return s.len ? s : (struct str){NULL, 0};
}

/* The remarks as they are stored and shown; of too many the newest. */
static struct str comments_from(struct arena *a, const struct gateway_comment *list, size_t count)
{
    size_t from = count > TEMPLATE_COMMENTS_MAX ? count - TEMPLATE_COMMENTS_MAX : 0;
    BUF(out, COMMENTS_JSON_MAX);
    struct json j;
    json_init(&j, &out);
    json_begin_array(&j);
    for (size_t i = from; i < count; i++) {
        json_begin_object(&j);
        json_put_str(&j, "text", list[i].text);
        json_put_str_or_null(&j, "author", or_null(list[i].author));
        json_put_str_or_null(&j, "at", or_null(list[i].at));
        json_end_object(&j);
    }
    json_end_array(&j);
    return out.failed ? STR("[]") : str_dup(a, buf_view(&out));
}

static struct template template_from(const struct gateway_template *g, struct arena *a)
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
        .image_url = g->image_url,
        .secure = g->secure,
        .comments = comments_from(a, g->comments, g->comment_count),
        .gateway_created_at = g->created_at,
        .gateway_updated_at = g->updated_at,
    };
    if (g->dormant && !str_eq(t.status, STR("stopped")))
        t.status = STR("dormant");
    for (size_t i = 0; i < g->button_count; i++)
        t.buttons[i] = button_from(&g->buttons[i]);
    return t;
}

/* The list as the gateway has it, in our words. */
static enum problem list_fetch(struct scope *s, int64_t id, const struct template **list,
                               size_t *count)
{
    ACCOUNT(g);
    struct profile p;
    enum problem problem = account_begin_stored(s, id, &p, &g);
    if (problem)
        return problem;
    const struct gateway_template *theirs;
    struct gateway_fault fault = {0};
    problem = account_answer(s, gateway_driver(g)->templates(g, s->arena, &theirs, count, &fault),
                             &fault);
    if (!problem && *count > TEMPLATES_MAX) /* what is left out would pass for deleted */
        problem = scope_fail(s, PROBLEM_TEMPLATES_MANY, str_printf(s->arena, "%d", TEMPLATES_MAX));
    if (problem)
        return problem;
    struct template *ours = arena_array(s->arena, *count, sizeof *ours);
    for (size_t i = 0; i < *count; i++)
        ours[i] = template_from(&theirs[i], s->arena);
    *list = ours;
    return PROBLEM_NONE;
}

enum problem account_sync_templates(struct scope *s, int64_t id, struct template_sync *out)
{
    const struct template *list = NULL;
    size_t count = 0;
    int64_t asked_at = scope_now(s);
    enum problem problem = account_note(s, id, list_fetch(s, id, &list, &count));
    if (!problem)
        problem = template_sync_asked(s, id, asked_at, list, count, out);
    if (!problem)
        campaign_pause_outdated(s, id);
    return problem;
}

bool account_sync_due(struct scope *s)
{
    int64_t id;
    if (profile_sync_take(s, &id) <= 0)
        return false;
    struct template_sync sync;
    enum problem problem = account_sync_templates(s, id, &sync);
    if (problem) {
        log_info("templates of profile %lld of company %lld: %s", (long long)id,
                 (long long)s->company, problem_code(problem));
        profile_sync_failed(s, id);
    }
    return true;
}
