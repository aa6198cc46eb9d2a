/*
 * dispatch.c - see dispatch.h. The decision that matters most is answer_of(): what each answer of a
 * gateway means for the ledger. "We do not know" is never turned into "no".
 */
#include "sender/dispatch.h"
#include "base/crash.h"
#include "base/log.h"
#include "sender/account.h"

#include <assert.h>
#include <unistd.h>

#define RECORD_RETRY_MS 200

/* What a refusal of each class means. */
static const struct {
    enum request_outcome outcome;
    struct str pause_code;
    bool slow_down;
} refusals[] = {
    [GATEWAY_CLASS_NONE] = {REQUEST_NOT_LIKE_THIS, STR_INIT("setup"), false},
    [GATEWAY_CLASS_SETUP] = {REQUEST_NOT_LIKE_THIS, STR_INIT("setup"), false},
    [GATEWAY_CLASS_MONEY] = {REQUEST_NOT_LIKE_THIS, STR_INIT("money"), false},
    [GATEWAY_CLASS_PACE] = {REQUEST_NOT_NOW, STR_INIT(""), true},
    [GATEWAY_CLASS_REJECTED] = {REQUEST_NEVER, STR_INIT(""), false},
};

static struct request_answer answer_of(const struct sender_times *times, enum gateway_answer answer,
                                       const struct gateway_receipt *receipt,
                                       const struct gateway_fault *fault, struct arena *a)
{
    struct request_answer out = {.code = fault->code, .text = fault->message};
    switch (answer) {
    case GATEWAY_OK:
        out.outcome = REQUEST_TAKEN;
        out.mid = receipt->mid;
        out.first_look_ms = times->result_first_ms;
        if (receipt->unit_price >= 0)
            out.unit_price = str_printf(a, "%g", receipt->unit_price);
        break;
    case GATEWAY_REFUSED:
        out.outcome = refusals[fault->class].outcome;
        out.pause_code = refusals[fault->class].pause_code;
        out.slow_down = refusals[fault->class].slow_down;
        break;
    case GATEWAY_UNREACHED:
        out.outcome = REQUEST_NOT_NOW;
        out.slow_down = true;
        break;
    case GATEWAY_UNKNOWN:
        out.outcome = REQUEST_IN_DOUBT;
        out.slow_down = true;
        out.first_look_ms = times->doubt_first_ms;
        break;
    }
    return out;
}

static struct gateway_button gateway_button_of(const struct button *b)
{
    return (struct gateway_button){
        .name = b->name,
        .type = b->type,
        .type_name = b->type_name,
        .mobile = b->mobile,
        .pc = b->pc,
        .ios = b->ios,
        .android = b->android,
    };
}

static struct gateway_batch batch_of(const struct request *r, struct arena *a)
{
    struct gateway_message *messages = arena_array(a, (size_t)r->count, sizeof *messages);
    for (int64_t i = 0; i < r->count; i++) {
        const struct request_message *m = &r->messages[i];
        struct gateway_button *buttons = arena_array(a, m->button_count, sizeof *buttons);
        for (size_t b = 0; b < m->button_count; b++)
            buttons[b] = gateway_button_of(&m->buttons[b]);
        messages[i] = (struct gateway_message){
            .phone = m->phone,
            .name = m->name,
            .subject = r->subject,
            .body = m->body,
            .title = m->title,
            .buttons = buttons,
            .button_count = m->button_count,
        };
    }
    return (struct gateway_batch){
        .template_code = r->template_code, .messages = messages, .count = (size_t)r->count};
}

/* Makes the call of a claimed request. A profile that cannot be opened is a setup matter: nothing
 * has left. */
static struct request_answer call(const struct sender_config *config, struct scope *s,
                                  const struct request *r)
{
    struct profile p;
    struct str why = STR("the sender profile is gone");
    /* A process that was stopped or starved may have been declared dead, and its call absent. */
    if (scope_now(s) - r->started_at > config->times.lease_ms / 2)
        return (struct request_answer){.outcome = REQUEST_NOT_NOW,
                                       .text = STR("the call came too late to be made")};
    struct gateway *g =
        profile_get(s, r->profile, &p) == PROBLEM_NONE ? account_open(s, &p, &why) : NULL;
    if (!g)
        return (struct request_answer){
            .outcome = REQUEST_NOT_LIKE_THIS, .pause_code = STR("setup"), .text = why};
    struct gateway_batch batch = batch_of(r, s->arena);
    struct gateway_receipt receipt = {.unit_price = -1, .balance = -1};
    struct gateway_fault fault = {0};
    crash_point("call");
    enum gateway_answer answer = gateway_driver(g)->send(g, &batch, s->arena, &receipt, &fault);
    crash_point("called");
    gateway_close(&g);
    if (answer != GATEWAY_OK)
        log_info("request %lld of company %lld: %s (code %lld)", (long long)r->id,
                 (long long)r->company,
                 answer == GATEWAY_REFUSED     ? "refused"
                 : answer == GATEWAY_UNREACHED ? "gateway not reached"
                                               : "no clear answer",
                 (long long)fault.code);
    return answer_of(&config->times, answer, &receipt, &fault, s->arena);
}

int64_t dispatch_once(const struct sender_config *config, struct db *db, struct str node,
                      bool (*keep_trying)(void *ctx), void *ctx)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct scope s = {.db = db, .arena = &arena, .clock = config->clock};
    struct request r;
    int64_t wait;
    int got = request_claim(&s, node, config->batch_max, &r, &wait);
    if (got < 0)
        return SECOND_MS;
    if (got == 0)
        return wait;
    struct request_answer answer = call(config, &s, &r);
    while (!request_finish(&s, &r, &answer)) {
        log_warnx("the outcome of request %lld of company %lld could not be stored",
                  (long long)r.id, (long long)r.company);
        if (!keep_trying(ctx))
            break;
        usleep(RECORD_RETRY_MS * 1000);
    }
    return 0;
}
