/*
 * account.h - a sender profile's way to its gateway: what people ask of it outside a campaign.
 *
 * Opens the driver a profile names with its unsealed key, and does the errands that belong to no
 * campaign: is the account right, what is its balance, which templates and channels does it have,
 * registering and changing them. A refusal is explained (explain.h): PROBLEM_GATEWAY_* and the
 * like, with the gateway's own words quoted in the scope. Called by the API, the chores and, for
 * opening, by dispatch.c and history.c. Never holds a transaction during a call. One file a
 * subject: account.c, account_sync.c, account_templates.c, account_channels.c.
 */
#ifndef SENDER_ACCOUNT_H
#define SENDER_ACCOUNT_H

#include "domain/profile.h"
#include "domain/scope.h"
#include "domain/template.h"
#include "domain/template_check.h"
#include "gateway/gateway.h"

/* Where the practice gateway of this process listens ("http://127.0.0.1:…"); set before threads
 * start, empty when there is none. */
void account_practice_url_set(struct str url);

/* The gateway of a profile, to be closed by the caller; NULL when its key cannot be unsealed or its
 * driver is unknown, with the reason in *why. */
struct gateway *account_open(struct scope *s, const struct profile *p, struct str *why) MUST_CHECK;

/* Tries an account that need not be stored (its key sealed): is its sending key among the profiles
 * the gateway lists, and may that channel send? An empty sending key takes the first of them. Fills
 * in its channel. */
enum problem account_try(struct scope *s, struct profile *p);

/* Tries the account and notes the result in its status, and what it is told of sending key and
 * channel. */
enum problem account_check(struct scope *s, int64_t id);

/* How many messages the balance would buy; -1 when the gateway does not say. */
enum problem account_balance(struct scope *s, int64_t id, int64_t *messages);

/* ---- templates ---- */

/* Brings the templates of the profile up to date with the gateway, and pauses campaigns that are
 * sending with one that cannot be sent any more. */
enum problem account_sync_templates(struct scope *s, int64_t id, struct template_sync *out);

/* Does the same for one profile of any company whose turn it is; a failure is noted in its status
 * and tried again later. True when there was one. The scope's company becomes its own. */
bool account_sync_due(struct scope *s);

/* Registers a template at the gateway of a profile (code empty), or changes the one of that code,
 * then fetches the list; *id is the template's. PROBLEM_GATEWAY_UNSURE when the gateway gave no
 * clear answer: nobody knows whether it was done, and the list was fetched.
 * PROBLEM_GATEWAY_OLD_LIST when it was done but is not in our list. The form has been checked
 * before. */
enum problem account_template_save(struct scope *s, int64_t profile, struct str code,
                                   const struct template_form *form, int64_t *id);
/* The same for deleting one, and for giving one to inspection. */
enum problem account_template_delete(struct scope *s, int64_t profile, struct str code);
enum problem account_template_request(struct scope *s, int64_t profile, struct str code);

/* ---- channels: of an account that need not be stored (its key sealed) ---- */

struct channel {
    struct str channel, name, sender_key; /* channel with its @ */
    struct str status;                    /* word of the API: active blocked deleted inactive */
    enum problem problem;                 /* PROBLEM_CHANNEL_*; NONE: can be sent through */
};

struct channel_category {
    struct str code, name; /* name of all three levels: "음식점 > 한식 > 분식" */
};

/* Number and administrator that prove that a channel is ours. */
struct channel_form {
    struct str channel, phone, auth_number, category;
};

enum problem account_channels(struct scope *s, const struct profile *p, const struct channel **list,
                              size_t *count);
/* Has a number sent to the administrator `phone` of the channel. PROBLEM_GATEWAY_UNSURE_CHANNEL
 * without a clear answer, here and in account_channel_add. */
enum problem account_channel_auth(struct scope *s, const struct profile *p, struct str channel,
                                  struct str phone);
/* Lines of business that a channel may be of, in the gateway's order. */
enum problem account_categories(struct scope *s, const struct profile *p,
                                const struct channel_category **list, size_t *count);
enum problem account_channel_add(struct scope *s, const struct profile *p,
                                 const struct channel_form *form, struct channel *added);

#endif
