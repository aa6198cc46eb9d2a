/*
 * history.c - see history.h.
 *
 * An unknown call is settled by evidence only. The gateway's list of requests around the time of
 * the call is walked to its end; a candidate is ours when every receiver it shows is one of ours
 * with the same text (and the same personal link, which nobody else has). Nothing found is evidence
 * of absence only after the settle time and several complete walks, and never while a candidate's
 * receivers cannot be read yet.
 */
#include "sender/history.h"
#include "base/log.h"
#include "sender/account.h"
#include "sender/result_class.h"

#include <assert.h>
#include <stdlib.h>

/* The gateway's clock and ours may differ by so much. */
#define CLOCK_SKEW_MS (5 * MINUTE_MS)
/* More pages than that are not ours to walk: 50 rows each. */
#define PAGES_MAX 2000

struct look {
    const struct sender_config *config;
    struct scope *s;
    struct request *r;
    struct gateway *g;
    struct str sender; /* caller number of the profile */
};

/* The pause before look number `looks` (from 1): doubled each time. */
static int64_t pause_ms(int64_t first, int64_t max, int64_t looks)
{
    int64_t ms = first;
    for (int64_t i = 1; i < looks && ms < max; i++)
        ms *= 2;
    return ms < max ? ms : max;
}

/* ---- receivers of a request at the gateway ---- */

/* Walks all pages of a request's receivers; false when one of them could not be read. */
static bool detail_walk(const struct look *l, struct str mid,
                        void (*each)(void *ctx, const struct gateway_detail *d), void *ctx)
{
    int64_t pages = 1;
    for (int64_t page = 1; page <= pages && page <= PAGES_MAX; page++) {
        const struct gateway_detail *list;
        size_t count;
        struct gateway_fault fault = {0};
        if (gateway_driver(l->g)->detail(l->g, mid, page, l->s->arena, &list, &count, &pages,
                                         &fault) != GATEWAY_OK)
            return false;
        for (size_t i = 0; i < count; i++)
            each(ctx, &list[i]);
    }
    return true;
}

static int by_phone(const void *a, const void *b)
{
    const struct request_message *x = a, *y = b;
    return str_cmp(x->phone, y->phone);
}

/* Our message to a phone, or NULL; history_look_once has sorted them. */
static const struct request_message *message_to(const struct request *r, struct str phone)
{
    struct request_message key = {.phone = phone};
    return r->count ? bsearch(&key, r->messages, (size_t)r->count, sizeof key, by_phone) : NULL;
}

/* ---- results ---- */

struct results {
    const struct look *l;
    struct message_result *list;
    size_t count;
};

static void result_add(void *ctx, const struct gateway_detail *d)
{
    struct results *out = ctx;
    const struct request *r = out->l->r;
    if (d->result == GATEWAY_RESULT_PENDING || !message_to(r, d->phone) ||
        out->count == (size_t)r->count)
        return;
    bool good = d->result == GATEWAY_RESULT_DELIVERED;
    out->list[out->count++] = (struct message_result){
        .phone = d->phone,
        .gateway_id = d->message_id,
        .code = d->code,
        .text = d->text,
        .reason = good ? STR("") : result_reason(d->code),
        .at = d->result_at ? d->result_at : scope_now(out->l->s),
    };
}

static void results_look(const struct look *l)
{
    struct request *r = l->r;
    const struct sender_times *t = &l->config->times;
    int64_t next = pause_ms(t->result_first_ms, t->result_max_ms, r->looks + 1);
    struct results found = {
        .l = l, .list = arena_array(l->s->arena, (size_t)r->count, sizeof(struct message_result))};
    /* What was read before a page failed is true as well. */
    bool whole = detail_walk(l, r->mid, result_add, &found);
    request_results(l->s, r, found.list, found.count, next);
    if (whole && scope_now(l->s) - r->started_at >= REQUEST_RESULT_MS)
        request_expire(l->s, r);
}

/* ---- unknown calls ---- */

/* What a candidate's receivers say. */
struct evidence {
    const struct look *l;
    int64_t ours, foreign;
    bool personal;    /* at least one of ours shows an address that nobody else has */
    struct str phone; /* of one of ours */
};

/* Every personal address of ours stands in what the gateway shows of the buttons. */
static bool buttons_match(const struct request_message *m, const struct gateway_detail *d,
                          bool *personal)
{
    for (size_t i = 0; i < m->button_count; i++) {
        const struct button *b = &m->buttons[i];
        if (b->target.len == 0)
            continue;
        ptrdiff_t slash = (ptrdiff_t)b->mobile.len;
        while (slash > 0 && b->mobile.ptr[slash - 1] != '/')
            slash--;
        struct str token = str_slice(b->mobile, (size_t)slash, b->mobile.len);
        if (str_find(d->buttons, token, 0) < 0)
            return false;
        *personal = true;
    }
    return true;
}

static void evidence_add(void *ctx, const struct gateway_detail *d)
{
    struct evidence *e = ctx;
    const struct request_message *m = message_to(e->l->r, d->phone);
    if (!m || !str_eq(m->body, d->body) || !buttons_match(m, d, &e->personal)) {
        e->foreign++;
        return;
    }
    e->ours++;
    e->phone = m->phone;
}

enum verdict {
    VERDICT_FOREIGN,
    VERDICT_OURS,
    VERDICT_OPEN, /* cannot be told yet */
};

static bool plausible(const struct look *l, const struct gateway_history *h)
{
    const struct request *r = l->r;
    return str_eq(h->sender, l->sender) && h->count > 0 && h->count <= r->count &&
           h->registered_at >= r->started_at - CLOCK_SKEW_MS &&
           h->registered_at <= r->started_at + l->config->times.call_max_ms + CLOCK_SKEW_MS &&
           !request_mid_bound(l->s, r->profile, h->mid);
}

/* Equal texts to the same people: another call of ours may have made the candidate. */
static enum verdict rival_judge(const struct look *l, const struct evidence *e,
                                const struct gateway_history *h)
{
    switch (request_rival(l->s, l->r, e->phone, h->count)) {
    case RIVAL_CALLING:
        return VERDICT_OPEN;
    case RIVAL_BETTER:
        return VERDICT_FOREIGN;
    case RIVAL_NONE:
        break;
    }
    return VERDICT_OURS;
}

static enum verdict candidate_judge(const struct look *l, const struct gateway_history *h)
{
    if (!plausible(l, h))
        return VERDICT_FOREIGN;
    struct evidence e = {.l = l};
    if (!detail_walk(l, h->mid, evidence_add, &e))
        return VERDICT_OPEN;
    if (e.foreign)
        return VERDICT_FOREIGN;
    if (!e.ours)
        return VERDICT_OPEN;
    return e.personal ? VERDICT_OURS : rival_judge(l, &e, h);
}

/* Walks the list of requests to its end. Returns OURS with the mid, FOREIGN when there is certainly
 * none, OPEN when that cannot be said. */
static enum verdict history_search(const struct look *l, struct str *mid)
{
    struct arena *a = l->s->arena;
    struct str from = kst_date_compact(a, l->r->started_at - CLOCK_SKEW_MS);
    struct str to = kst_date_compact(a, scope_now(l->s) + CLOCK_SKEW_MS);
    enum verdict sum = VERDICT_FOREIGN;
    int64_t pages = 1;
    for (int64_t page = 1; page <= pages; page++) {
        const struct gateway_history *list;
        size_t count;
        struct gateway_fault fault = {0};
        if (page > PAGES_MAX || gateway_driver(l->g)->history(l->g, from, to, page, a, &list,
                                                              &count, &pages, &fault) != GATEWAY_OK)
            return VERDICT_OPEN;
        for (size_t i = 0; i < count; i++) {
            enum verdict v = candidate_judge(l, &list[i]);
            if (v == VERDICT_OURS) {
                *mid = list[i].mid;
                return v;
            }
            if (v == VERDICT_OPEN)
                sum = v;
        }
    }
    return sum;
}

static void unknown_look(const struct look *l)
{
    const struct sender_times *t = &l->config->times;
    const struct request *r = l->r;
    struct str mid;
    bool settled =
        scope_now(l->s) - r->started_at >= t->settle_ms && r->walks + 1 >= t->settle_looks;
    bool walked = false;
    switch (history_search(l, &mid)) {
    case VERDICT_OURS:
        log_info("request %lld of company %lld is found in the gateway's history", (long long)r->id,
                 (long long)r->company);
        request_found(l->s, r, mid, t->result_first_ms);
        return;
    case VERDICT_FOREIGN:
        if (settled) {
            log_info("request %lld of company %lld never reached the gateway", (long long)r->id,
                     (long long)r->company);
            request_absent(l->s, r);
            return;
        }
        walked = true;
        break;
    case VERDICT_OPEN:
        break;
    }
    request_look_later(l->s, r, pause_ms(t->doubt_first_ms, t->doubt_max_ms, r->looks + 1), walked);
}

bool history_look_once(const struct sender_config *config, struct db *db)
{
    ARENA(arena, (size_t)256 << 20);
    struct scope s = {.db = db, .arena = &arena, .clock = config->clock};
    struct request r;
    struct profile p;
    struct str why;
    if (request_look(&s, config->times.hold_ms, &r) <= 0)
        return false;
    if (request_load(&s, &r) || profile_get(&s, r.profile, &p))
        return true; /* looked at again when the hold is over */
    struct gateway *g = account_open(&s, &p, &why);
    if (!g) {
        log_warnx("history of company %lld cannot be asked: %.*s", (long long)r.company,
                  STR_ARG(why));
        return true;
    }
    if (r.count)
        qsort(r.messages, (size_t)r.count, sizeof *r.messages, by_phone);
    struct look l = {.config = config, .s = &s, .r = &r, .g = g, .sender = p.sender_number};
    if (r.state == REQUEST_UNKNOWN)
        unknown_look(&l);
    else
        results_look(&l);
    gateway_close(&g);
    return true;
}
