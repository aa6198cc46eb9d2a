/*
 * campaign_check.c - freezing a campaign: who gets exactly what, and who is left out and why.
 *
 * The rendering is planned once (domain/rendering), then applied to the recipients a page at a
 * time, so that memory does not grow with their number. All of it is one transaction: a check is
 * whole or has not happened. Refuses the campaign as a whole when a variable has no source, a
 * button no link, or the template cannot be sent; refuses single recipients for what is wrong with
 * them alone.
 */
#include "domain/campaign_row.h"
#include "domain/recent.h"
#include "domain/rendering.h"
#include "domain/suppression.h"

#include <assert.h>

/* Contacts read and written at a time. */
#define PAGE_SIZE      RECIPIENTS_PAGE_MAX
#define PAGE_ARENA_MAX ((size_t)64 << 20)

struct plan {
    struct rendering rendering;
    struct digest digest;
    int64_t campaign;
    struct recipients_choice choice;
    struct phone_set suppressed;
    struct recent recent;
    int64_t queued, skipped;
};

struct recipient {
    struct person who;
    int64_t ordinal;
    struct str buttons; /* as stored */
    struct rendering_tokens tokens;
    struct rendered message;
};

static enum problem plan_make(struct scope *s, struct plan *plan, const struct campaign *c,
                              const struct campaign_tracking *tracking)
{
    struct template t;
    enum problem p = template_get(s, c->template, &t);
    if (!p)
        p = template_problem(&t);
    if (p)
        return p;
    struct campaign_value values[TEMPLATE_VARIABLES_MAX];
    struct rendering_form form = {
        .values = values,
        .value_count = campaign_values_read(s->arena, c->values, values),
        .links = c->links,
        .link_count = c->link_count,
        .tracking_base = tracking->base,
    };
    plan->campaign = c->id;
    plan->choice = recipients_choice_of(&c->recipients);
    p = rendering_plan(s, &t, &form, &plan->rendering);
    if (!p)
        p = rendering_complete(s, &plan->rendering);
    digest_init(&plan->digest);
    digest_str(&plan->digest, t.code);
    digest_i64(&plan->digest, t.version);
    return p;
}

static void plan_free(struct plan *plan)
{
    phone_set_free(&plan->suppressed);
    recent_free(&plan->recent);
}

/* Reads who is left out whatever the message says. */
static void plan_exceptions(struct scope *s, struct plan *plan, const struct campaign *c)
{
    int64_t excepted, people = 0;
    if (plan->choice.except_days)
        people = recipients_count(s, &plan->choice, &excepted);
    suppression_load(s, &plan->suppressed);
    recent_open(s, c->template, plan->choice.except_days, people, &plan->recent);
}

static struct str exception_of(struct scope *s, const struct plan *plan, struct str phone)
{
    if (phone_set_has(&plan->suppressed, phone))
        return STR("suppressed");
    return recent_has(s, &plan->recent, phone) ? STR("recently_sent") : STR("");
}

static void recipient_render(struct plan *plan, struct recipient *to, struct arena *a)
{
    const struct rendering *r = &plan->rendering;
    struct rendering_values values;
    for (size_t b = 0; b < r->template.button_count; b++)
        if (r->buttons[b].tracked)
            token_make(to->tokens.of[b]);
    rendering_look_up(r, &to->who, a, &values);
    rendering_render(r, &values, &to->tokens, a, &to->message);
    to->buttons = buttons_text(a, to->message.buttons, to->message.button_count);
    plan->queued += to->message.reason.len == 0;
    plan->skipped += to->message.reason.len != 0;
    digest_i64(&plan->digest, to->ordinal);
    digest_str(&plan->digest, to->message.reason);
    digest_str(&plan->digest, to->who.phone);
    digest_str(&plan->digest, to->message.title);
    digest_str(&plan->digest, to->message.body);
    digest_str(&plan->digest, to->buttons);
}

/* ---- pages ---- */

static size_t page_read(struct scope *s, const struct plan *plan, int64_t after,
                        struct recipient *page, struct arena *a)
{
    struct person *people = arena_array(a, PAGE_SIZE, sizeof *people);
    size_t n = recipients_page(s, &plan->choice, after, PAGE_SIZE, people, a);
    for (size_t i = 0; i < n; i++)
        page[i] = (struct recipient){.who = people[i]};
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
        bool skipped = r->message.reason.len != 0;
        db_batch_run(s->db, DB_ARGS(DB_N(s->company), DB_N(plan->campaign), DB_N(r->ordinal),
                                    DB_N(r->who.contact), DB_S(r->who.phone), DB_S(r->who.name),
                                    DB_N(skipped ? MESSAGE_SKIPPED : MESSAGE_QUEUED),
                                    skipped ? DB_S(r->message.reason) : DB_NULL_VALUE,
                                    DB_N(plan->rendering.tracks && !skipped)));
    }
    db_batch_end(s->db);
}

static void page_write_contents(struct scope *s, const struct plan *plan,
                                const struct recipient *page, size_t n)
{
    db_batch_begin(s->db, "INSERT INTO message_content (company_id, campaign_id, ordinal, title,"
                          " body, buttons) VALUES ($1, $2, $3, $4, $5, $6)");
    for (size_t i = 0; i < n; i++)
        db_batch_run(s->db, DB_ARGS(DB_N(s->company), DB_N(plan->campaign), DB_N(page[i].ordinal),
                                    DB_S(page[i].message.title), DB_S(page[i].message.body),
                                    DB_S(page[i].buttons)));
    db_batch_end(s->db);
}

static void page_write_links(struct scope *s, const struct plan *plan, const struct recipient *page,
                             size_t n)
{
    db_batch_begin(s->db, "INSERT INTO link (token, company_id, campaign_id, ordinal, button)"
                          " VALUES ($1, $2, $3, $4, $5)");
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < plan->rendering.template.button_count; b++)
            if (plan->rendering.buttons[b].tracked && page[i].message.reason.len == 0)
                db_batch_run(s->db, DB_ARGS(DB_S(str_c(page[i].tokens.of[b])), DB_N(s->company),
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
        page[i].message.reason = exception_of(s, plan, page[i].who.phone);
        recipient_render(plan, &page[i], &a);
    }
    page_write_messages(s, plan, page, n);
    page_write_contents(s, plan, page, n);
    if (plan->rendering.tracks)
        page_write_links(s, plan, page, n);
    return n && !db_failed(s->db) ? page[n - 1].who.contact : 0;
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
    struct plan frozen CLEANUP(plan_free) = {0}, *plan = &frozen;
    TX(tx, s->db);
    struct str state = campaign_state_lock(s, id);
    if (!campaign_editable(state))
        return campaign_wrong_state(s, state);
    enum problem p = campaign_get(s, id, &c);
    if (!p)
        p = plan_make(s, plan, &c, tracking);
    if (p)
        return p;
    plan_exceptions(s, plan, &c);
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
                    DB_N(scope_now(s)), DB_N(plan->rendering.template.version)));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}
