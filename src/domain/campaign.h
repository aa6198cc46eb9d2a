/*
 * campaign.h - one template version to a frozen list of recipients, from draft to finished.
 *
 *     draft ──check──▶ checked ──send──▶ sending ⇄ paused
 *       ▲                 │                 │  └─────────▶ cancelled
 *       └────change───────┘                 └─all settled─▶ finished ──requeue unsent──▶ sending
 *
 * Checking freezes who gets what: every recipient becomes a message with its rendered text, or is
 * left out with a reason, before anything leaves. Sending is bound to exactly that by its
 * confirmation. Each change of state is one function and one transaction. Called by the API; the
 * functions at the end by domain/request.
 */
#ifndef DOMAIN_CAMPAIGN_H
#define DOMAIN_CAMPAIGN_H

#include "domain/message.h"
#include "domain/recipients.h"
#include "domain/scope.h"
#include "domain/template.h"

#define CAMPAIGN_NAME_MAX       100 /* characters */
#define CAMPAIGN_RECIPIENTS_MAX 1000000
#define CAMPAIGN_URL_MAX        1000 /* bytes of a button's target */

/* Where the value of a variable comes from. */
enum value_source {
    VALUE_NAME,
    VALUE_PHONE,
    VALUE_EMAIL,
    VALUE_ATTRIBUTE, /* of the contact, named by `text` */
    VALUE_TEXT,      /* the same for everybody: `text` */
};

/* The source of that name in the API; false when there is none. */
bool value_source_find(struct str word, enum value_source *out);

struct campaign_value {
    struct str variable, text;
    enum value_source source;
};

struct campaign_link {
    int64_t button; /* 1.. */
    struct str url;
};

/* What the user composes. */
struct campaign_draft {
    struct str name;
    int64_t template;
    struct recipients_choice recipients;
    const struct campaign_value *values;
    size_t value_count;
    const struct campaign_link *links;
    size_t link_count;
};

struct campaign {
    int64_t id, template, version, profile;
    struct str name, state, pause_code, pause_text, template_code, template_name;
    struct recipients recipients;
    struct str values; /* JSON as in the API */
    struct campaign_link links[BUTTONS_MAX];
    size_t link_count;
    int64_t counts[MESSAGE_STATES], total, clicked;
    struct str unit_price, confirmation; /* ptr NULL: none */
    int64_t created_at, checked_at, started_at, finished_at, changed_at;
};

enum problem campaign_create(struct scope *s, const struct campaign_draft *d, int64_t *id);
/* Draft or checked only; it is a draft afterwards. */
enum problem campaign_change(struct scope *s, int64_t id, const struct campaign_draft *d);
/* Draft or checked only. */
enum problem campaign_delete(struct scope *s, int64_t id);
enum problem campaign_get(struct scope *s, int64_t id, struct campaign *out);
/* Newest first; `state` empty: all. */
enum problem campaign_list(struct scope *s, struct str state, const struct page *page,
                           const struct campaign **list, size_t *count, struct str *next);

/* Where tracked buttons lead: the address in front of the token, such as
 * "https://go.example.kr/r/". */
struct campaign_tracking {
    struct str base;
};

/* Freezes recipients and texts; the campaign is checked afterwards. The template as the gateway has
 * it now should have been synced before. */
enum problem campaign_check(struct scope *s, int64_t id, const struct campaign_tracking *tracking);

struct campaign_refusal {
    struct str reason; /* with its detail, see message_reason_text */
    int64_t count;
};

#define CAMPAIGN_REFUSALS_MAX 100

/* Why people are left out, most frequent first, and the ordinal of the longest text (0: none). */
enum problem campaign_refusals(struct scope *s, int64_t id, struct campaign_refusal *list,
                               size_t *count, int64_t *longest);

/* Starts sending what was checked; `confirmation` and `count` must be those shown. Refused with
 * PROBLEM_TEMPLATE_* when the template cannot be sent any more or has changed since; it should have
 * been synced right before, here as in campaign_resume. */
enum problem campaign_send(struct scope *s, int64_t id, struct str confirmation, int64_t count);
enum problem campaign_pause(struct scope *s, int64_t id);
/* Refused like campaign_send while somebody is left to be sent to. */
enum problem campaign_resume(struct scope *s, int64_t id);
/* After a sync: pauses those campaigns of the profile that are sending with a template which cannot
 * be sent any more or has changed, code 'template', text the word of its problem or 'changed'.
 * Returns how many. */
int64_t campaign_pause_outdated(struct scope *s, int64_t profile);
/* What is queued is cancelled; what is under way settles. */
enum problem campaign_cancel(struct scope *s, int64_t id);
/* A person decides to send again what history proves absent; `count` is how many were shown. */
enum problem campaign_requeue_unsent(struct scope *s, int64_t id, int64_t count);

/* ---- inside the caller's transaction, by domain/request ---- */

void campaign_pause_by_system(struct scope *s, int64_t id, struct str code, struct str text);
/* What comes back to the queue of a cancelled campaign is cancelled as well. */
void campaign_sweep_if_cancelled(struct scope *s, int64_t id);
/* Finished once nothing is queued, under way, without result or in doubt. */
void campaign_finish_if_settled(struct scope *s, int64_t id);

#endif
