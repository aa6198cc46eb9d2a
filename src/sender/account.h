/*
 * account.h - a sender profile's way to its gateway: what people ask of it outside a campaign.
 *
 * Opens the driver a profile names with its unsealed key, and does the three errands that belong to
 * no campaign: is the account right, what is its balance, which templates does it have. Called by
 * the API and, for opening, by dispatch.c and history.c. Never holds a transaction during a call.
 */
#ifndef SENDER_ACCOUNT_H
#define SENDER_ACCOUNT_H

#include "domain/profile.h"
#include "domain/scope.h"
#include "domain/template.h"
#include "gateway/gateway.h"

/* Where the practice gateway of this process listens ("http://127.0.0.1:…"); set before threads
 * start, empty when there is none. */
void account_practice_url_set(struct str url);

/* The gateway of a profile, to be closed by the caller; NULL when its key cannot be unsealed or its
 * driver is unknown, with the reason in *why. */
struct gateway *account_open(struct scope *s, const struct profile *p, struct str *why) MUST_CHECK;

/* Tries an account that need not be stored (its key sealed): is its sending key among the profiles
 * the gateway lists? An empty sending key takes the first of them. PROBLEM_GATEWAY_* otherwise. */
enum problem account_try(struct scope *s, struct profile *p);

/* Tries the account (its profiles are listed) and notes the result in its status; fills in the
 * sending key of a practice profile. PROBLEM_GATEWAY_* with the gateway's own words otherwise. */
enum problem account_check(struct scope *s, int64_t id);

/* How many messages the balance would buy; -1 when the gateway does not say. */
enum problem account_balance(struct scope *s, int64_t id, int64_t *messages);

/* Brings the templates of the profile up to date with the gateway. */
enum problem account_sync_templates(struct scope *s, int64_t id, struct template_sync *out);

#endif
