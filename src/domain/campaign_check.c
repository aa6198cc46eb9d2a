/*
 * campaign_check.c - freezing a campaign: who gets exactly what, and who is left out and why.
 *
 * A plan is made once (patterns parsed, sources of values found, links tried), then applied to the
 * recipients a page at a time, so that memory does not grow with the number of recipients.
 * All of it is one transaction: a check is whole or has not happened. Refuses the campaign as a
 * whole when a variable has no source, a button no link, or the template cannot be sent; refuses
 * single recipients for what is wrong with them alone.
 */
#include "base/token.h"
#include "domain/campaign_row.h"

#include <assert.h>

/* Contacts read and written at a time. */
#define PAGE_SIZE      RECIPIENTS_PAGE_MAX
#define PAGE_ARENA_MAX ((size_t)64 << 20)
/* A body cannot usefully be longer; values are cut off here before they are judged too long. */
#define RENDERED_MAX ((size_t)64 << 10)

struct plan_button {
    struct pattern mobile, pc, ios, android;
    bool tracked;
    struct str target;
};

struct plan {
    struct template template;
    struct pattern body, title;
    struct plan_button buttons[BUTTONS_MAX];
    struct campaign_value values[TEMPLATE_VARIABLES_MAX];
    size_t value_count;
    struct str tracking_base;
    struct digest digest;
    int64_t campaign;
    struct recipients_choice choice;
    int64_t queued, skipped;
    bool tracks; /* at least one button is tracked */
};

struct recipient {
    int64_t ordinal, contact;
    struct str name, phone, email;
    json_t *attributes;
    /* what comes out */
    struct str reason; /* empty: will be sent */
    struct str title, body, buttons;
    char tokens[BUTTONS_MAX][TOKEN_LENGTH + 1];
};

/* ---- the plan ---- */

static const struct campaign_value *value_find(const struct plan *plan, struct str variable)
{
    for (size_t i = 0; i < plan->value_count; i++)
        if (str_eq(plan->values[i].variable, variable))
            return &plan->values[i];
    return NULL;
}

static enum problem plan_values(struct scope *s, struct plan *plan, struct str values)
{
    struct str wanted[TEMPLATE_VARIABLES_MAX];
    plan->value_count = campaign_values_read(s->arena, values, plan->values);
    size_t n = template_variables(&plan->template, s->arena, wanted);
    for (size_t i = 0; i < n; i++)
        if (!value_find(plan, wanted[i]))
            return scope_fail(s, PROBLEM_VALUE_MISSING, wanted[i]);
    return PROBLEM_NONE;
}

/* An address that must become ours for everybody: has one variable and can stand for our redirect.
 */
static bool trackable(const struct pattern *p, struct str url)
{
    struct str value;
    return p->count == 0 || pattern_solve(p, url, &value);
}

static enum problem plan_button(struct scope *s, struct plan *plan, size_t i,
                                const struct campaign *c)
{
    const struct button *b = &plan->template.buttons[i];
    struct plan_button *out = &plan->buttons[i];
    bool parsed = pattern_parse(&out->mobile, b->mobile, s->arena) &&
                  pattern_parse(&out->pc, b->pc, s->arena) &&
                  pattern_parse(&out->ios, b->ios, s->arena) &&
                  pattern_parse(&out->android, b->android, s->arena);
    if (!parsed)
        return PROBLEM_TEMPLATE_NOT_SENDABLE;
    out->tracked = button_tracked(b);
    if (!out->tracked)
        return PROBLEM_NONE;
    plan->tracks = true;
    for (size_t l = 0; l < c->link_count; l++)
        if (c->links[l].button == (int64_t)i + 1)
            out->target = c->links[l].url;
    if (out->target.len == 0)
        return scope_fail(s, PROBLEM_LINK_MISSING, b->name);
    struct str sample = str_printf(s->arena, "%.*s01234567890", STR_ARG(plan->tracking_base));
    if (!trackable(&out->mobile, sample) || !trackable(&out->pc, sample))
        return scope_fail(s, PROBLEM_LINK_MISMATCH, b->name, b->mobile, sample);
    return PROBLEM_NONE;
}

static enum problem plan_make(struct scope *s, struct plan *plan, const struct campaign *c,
                              const struct campaign_tracking *tracking)
{
    enum problem p = template_get(s, c->template, &plan->template);
    if (p)
        return p;
    if (!template_sendable(&plan->template) ||
        !pattern_parse(&plan->body, plan->template.content, s->arena) ||
        !pattern_parse(&plan->title, plan->template.title, s->arena))
        return PROBLEM_TEMPLATE_NOT_SENDABLE;
    plan->campaign = c->id;
    plan->choice = recipients_choice_of(&c->recipients);
    plan->tracking_base = tracking->base;
    p = plan_values(s, plan, c->values);
    for (size_t i = 0; !p && i < plan->template.button_count; i++)
        p = plan_button(s, plan, i, c);
    digest_init(&plan->digest);
    digest_str(&plan->digest, plan->template.code);
    digest_i64(&plan->digest, plan->template.version);
    return p;
}

/* ---- one recipient ---- */

struct lookup {
    const struct plan *plan;
    const struct recipient *to;
};

/* The value of a variable for a recipient; an empty one counts as missing. */
static struct str value_of(void *ctx, struct str variable)
{
    const struct lookup *l = ctx;
    const struct campaign_value *v = value_find(l->plan, variable);
    struct str text = {NULL, 0};
    if (v) {
        switch (v->source) {
        case VALUE_NAME:
            text = l->to->name;
            break;
        case VALUE_PHONE:
            text = l->to->phone;
            break;
        case VALUE_EMAIL:
            text = l->to->email;
            break;
        case VALUE_ATTRIBUTE:
            text = json_get_str(l->to->attributes, v->text.ptr);
            break;
        case VALUE_TEXT:
            text = v->text;
            break;
        }
    }
    return text.len ? text : (struct str){NULL, 0};
}

static void refuse(struct recipient *to, struct str reason)
{
    if (to->reason.len == 0)
        to->reason = reason;
}

/* A pattern filled in for the recipient; notes the variable that is missing. */
static struct str fill(const struct plan *plan, const struct pattern *p, struct recipient *to,
                       struct arena *a)
{
    struct lookup l = {plan, to};
    BUF(out, RENDERED_MAX);
    struct str missing = pattern_render(p, value_of, &l, &out);
    if (missing.ptr)
        refuse(to, str_printf(a, "value_missing:%.*s", STR_ARG(missing)));
    return str_dup(a, buf_view(&out));
}

/* Characters as the limit counts them: those outside the basic plane count twice, to be safe. */
static size_t alimtalk_length(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len;)
        n += utf8_next(s, &i) > 0xFFFF ? 2 : 1;
    return n;
}

/* Constant text where there is no variable, our redirect where there is one. */
static struct str tracked_address(const struct pattern *p, struct str url)
{
    return p->count ? url : p->tail;
}

static void buttons_fill(const struct plan *plan, struct recipient *to, struct arena *a)
{
    struct button out[BUTTONS_MAX];
    for (size_t i = 0; i < plan->template.button_count; i++) {
        const struct plan_button *b = &plan->buttons[i];
        out[i] = plan->template.buttons[i];
        if (b->tracked) {
            token_make(to->tokens[i]);
            struct str url = str_printf(a, "%.*s%s", STR_ARG(plan->tracking_base), to->tokens[i]);
            out[i].mobile = tracked_address(&b->mobile, url);
            out[i].pc = tracked_address(&b->pc, url);
            out[i].target = b->target;
        } else {
            out[i].mobile = fill(plan, &b->mobile, to, a);
            out[i].pc = fill(plan, &b->pc, to, a);
        }
        out[i].ios = fill(plan, &b->ios, to, a);
        out[i].android = fill(plan, &b->android, to, a);
        const struct str links[] = {out[i].mobile, out[i].pc, out[i].ios, out[i].android};
        for (size_t l = 0; l < COUNT_OF(links); l++)
            if (links[l].len > BUTTON_LINK_MAX)
                refuse(to, STR("link_too_long"));
    }
    to->buttons = buttons_text(a, out, plan->template.button_count);
}

static void recipient_render(struct plan *plan, struct recipient *to, struct arena *a)
{
    to->title = fill(plan, &plan->title, to, a);
    to->body = fill(plan, &plan->body, to, a);
    buttons_fill(plan, to, a);
    if (alimtalk_length(to->body) + alimtalk_length(plan->template.extra) > TEMPLATE_BODY_MAX)
        refuse(to, STR("text_too_long"));
    if (alimtalk_length(to->title) > TEMPLATE_TITLE_MAX)
        refuse(to, STR("title_too_long"));
    if (to->reason.len == 0 &&
        (!pattern_matches(&plan->body, to->body) || !pattern_matches(&plan->title, to->title)))
        refuse(to, STR("template_mismatch"));
    plan->queued += to->reason.len == 0;
    plan->skipped += to->reason.len != 0;
    digest_i64(&plan->digest, to->ordinal);
    digest_str(&plan->digest, to->reason);
    digest_str(&plan->digest, to->phone);
    digest_str(&plan->digest, to->title);
    digest_str(&plan->digest, to->body);
    digest_str(&plan->digest, to->buttons);
}

/* ---- pages ---- */

static size_t page_read(struct scope *s, const struct plan *plan, int64_t after,
                        struct recipient *page, struct arena *a)
{
    struct recipients_contact *people = arena_array(a, PAGE_SIZE, sizeof *people);
    size_t n = recipients_page(s, &plan->choice, after, PAGE_SIZE, people, a);
    for (size_t i = 0; i < n; i++)
        page[i] = (struct recipient){
            .contact = people[i].id,
            .name = people[i].name,
            .phone = people[i].phone,
            .email = people[i].email,
            .attributes = json_parse(people[i].attributes, a, NULL),
            .reason = STR_INIT(""),
        };
    return n;
}

static void page_write_messages(struct scope *s, const struct plan *plan,
                                const struct recipient *page, size_t n)
{
    db_batch_begin(s->db, "INSERT INTO message (company_id, campaign_id, ordinal, contact_id,"
                          " phone, name, state, reason, tracked, click_count)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)");
    for (size_t i = 0; i < n; i++) {
        const struct recipient *r = &page[i];
        bool skipped = r->reason.len != 0;
        db_batch_run(s->db, DB_ARGS(DB_N(s->company), DB_N(plan->campaign), DB_N(r->ordinal),
                                    DB_N(r->contact), DB_S(r->phone), DB_S(r->name),
                                    DB_N(skipped ? MESSAGE_SKIPPED : MESSAGE_QUEUED),
                                    skipped ? DB_S(r->reason) : DB_NULL_VALUE,
                                    DB_N(plan->tracks && !skipped)));
    }
    db_batch_end(s->db);
}

static void page_write_contents(struct scope *s, const struct plan *plan,
                                const struct recipient *page, size_t n)
{
    db_batch_begin(s->db, "INSERT INTO message_content (company_id, campaign_id, ordinal, title,"
                          " body, buttons) VALUES ($1, $2, $3, $4, $5, $6)");
    for (size_t i = 0; i < n; i++)
        db_batch_run(s->db,
                     DB_ARGS(DB_N(s->company), DB_N(plan->campaign), DB_N(page[i].ordinal),
                             DB_S(page[i].title), DB_S(page[i].body), DB_S(page[i].buttons)));
    db_batch_end(s->db);
}

static void page_write_links(struct scope *s, const struct plan *plan, const struct recipient *page,
                             size_t n)
{
    db_batch_begin(s->db, "INSERT INTO link (token, company_id, campaign_id, ordinal, button)"
                          " VALUES ($1, $2, $3, $4, $5)");
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < plan->template.button_count; b++)
            if (plan->buttons[b].tracked && page[i].reason.len == 0)
                db_batch_run(s->db, DB_ARGS(DB_S(str_c(page[i].tokens[b])), DB_N(s->company),
                                            DB_N(plan->campaign), DB_N(page[i].ordinal),
                                            DB_N((int64_t)b + 1)));
    db_batch_end(s->db);
}

/* Renders and writes one page; returns the contact to go on after, or 0 at the end. */
static int64_t page_check(struct scope *s, struct plan *plan, int64_t after)
{
    ARENA(a, PAGE_ARENA_MAX);
    struct recipient *page = arena_array(&a, PAGE_SIZE, sizeof *page);
    size_t n = page_read(s, plan, after, page, &a);
    for (size_t i = 0; i < n; i++) {
        page[i].ordinal = plan->queued + plan->skipped + 1;
        recipient_render(plan, &page[i], &a);
    }
    page_write_messages(s, plan, page, n);
    page_write_contents(s, plan, page, n);
    if (plan->tracks)
        page_write_links(s, plan, page, n);
    for (size_t i = 0; i < n; i++)
        json_decref(page[i].attributes);
    return n == PAGE_SIZE && !db_failed(s->db) ? page[n - 1].contact : 0;
}

static void counters_write(struct scope *s, const struct plan *plan)
{
    const struct {
        enum message_state state;
        int64_t n;
    } counts[] = {{MESSAGE_QUEUED, plan->queued}, {MESSAGE_SKIPPED, plan->skipped}};
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        db_exec(s->db,
                "INSERT INTO campaign_count (company_id, campaign_id, state, n)"
                " VALUES ($1, $2, $3, $4)",
                DB_ARGS(DB_N(s->company), DB_N(plan->campaign), DB_N(counts[i].state),
                        DB_N(counts[i].n)));
}

enum problem campaign_check(struct scope *s, int64_t id, const struct campaign_tracking *tracking)
{
    struct campaign c;
    /* On the stack, where the digest finds the alignment it needs. */
    struct plan frozen = {0}, *plan = &frozen;
    TX(tx, s->db);
    struct str state = campaign_state_lock(s, id);
    if (!campaign_editable(state))
        return campaign_wrong_state(s, state);
    enum problem p = campaign_get(s, id, &c);
    if (!p)
        p = plan_make(s, plan, &c, tracking);
    if (p)
        return p;
    campaign_messages_clear(s, id);
    int64_t after = 0;
    do
        after = page_check(s, plan, after);
    while (after && plan->queued + plan->skipped <= CAMPAIGN_RECIPIENTS_MAX);
    if (plan->queued + plan->skipped > CAMPAIGN_RECIPIENTS_MAX)
        return scope_fail(s, PROBLEM_CAMPAIGN_TOO_LARGE,
                          str_printf(s->arena, "%d", CAMPAIGN_RECIPIENTS_MAX));
    counters_write(s, plan);
    campaign_state_set(s, id, STR("checked"));
    db_exec(s->db,
            "UPDATE campaign SET confirmation = $3, checked_at = $4, version = $5"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(digest_end(&plan->digest, s->arena)),
                    DB_N(scope_now(s)), DB_N(plan->template.version)));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}
