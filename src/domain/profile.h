/*
 * profile.h - sender profiles (발신프로필): a channel at a gateway, its account, and its pace.
 *
 * Two mechanisms slow a profile down: token buckets of requests and messages a second, kept in its
 * row so that they survive restarts and are shared by all nodes, and feedback that waits longer
 * after each time-out or 5xx in a row. Called by the API, sign-up, and the sender.
 */
#ifndef DOMAIN_PROFILE_H
#define DOMAIN_PROFILE_H

#include "domain/scope.h"

/* Aligo publishes no limit; careful until an operator sets another pace. */
#define PROFILE_REQUEST_RATE          10
#define PROFILE_MESSAGE_RATE          2000
#define PROFILE_PRACTICE_REQUEST_RATE 200
#define PROFILE_PRACTICE_MESSAGE_RATE 100000
/* Messages that one call may take out of the pace at once (a gateway's largest call). */
#define PROFILE_CALL_MESSAGES 500
/* Longer than any fetch of templates, so that a process that died in one delays the next no more.
 */
#define PROFILE_SYNC_HOLD_MS HOUR_MS

struct profile {
    int64_t id;
    struct str name, gateway, base_url, user_id, sender_key, sender_number;
    struct str api_key; /* sealed */
    struct str status, status_text;
    struct str unit_price; /* won for one message, decimal; ptr NULL: not told yet */
    int64_t request_rate, message_rate;
    int64_t created_at;
    struct str channel; /* with its @; empty: not told */
    int64_t synced_at;  /* the list of templates that we have was asked for; 0: never */
};

/* Adds a profile with `p`'s texts (api_key in the clear, stored sealed) inside the caller's
 * transaction; returns its id. */
int64_t profile_insert(struct scope *s, const struct profile *p);
/* The same in a transaction of its own. */
enum problem profile_create(struct scope *s, const struct profile *p, int64_t *id);
/* The practice profile that every new company gets, inside the caller's transaction. */
int64_t profile_insert_practice(struct scope *s);

enum problem profile_get(struct scope *s, int64_t id, struct profile *out);
enum problem profile_list(struct scope *s, const struct profile **list, size_t *count);
/* PROFILE_IN_USE while a campaign that is not over uses it; its templates go with it. */
enum problem profile_delete(struct scope *s, int64_t id);
/* Changes what a person may: name, caller number and pace of `p`. */
enum problem profile_change(struct scope *s, int64_t id, const struct profile *p);
/* Notes what the last contact with the gateway said: status 'ok' or 'trouble'. */
enum problem profile_status_set(struct scope *s, int64_t id, struct str status, struct str text);
/* The sending key (practice: derived from the account) and the channel that the gateway told. */
enum problem profile_told_set(struct scope *s, int64_t id, struct str sender_key,
                              struct str channel);
/* Of any company the profile whose templates are to be fetched again: 1 with its id, the scope's
 * company set to its own, and nobody else gets it for PROFILE_SYNC_HOLD_MS; 0 when none is due, -1
 * when the store failed. */
int profile_sync_take(struct scope *s, int64_t *id);
/* The fetch failed: again in five minutes, then as long as it has been failing, at most an hour. */
void profile_sync_failed(struct scope *s, int64_t id);
/* True when the company's messages go nowhere: it has no profile but practice ones. */
bool profile_practice_only(struct scope *s);

/* Notes the price of one message that the gateway told, inside the caller's transaction. */
void profile_price_set(struct scope *s, int64_t id, struct str unit_price);

/* Takes the right to make one call with up to *count messages, inside the claim's transaction.
 * Returns 0 and lowers *count to what the pace allows, or the milliseconds to wait. In no second
 * are there more calls or messages than the rates say. */
int64_t profile_pace_take(struct scope *s, int64_t id, int64_t *count);
/* Feedback after a call, inside the outcome's transaction. */
void profile_pace_feedback(struct scope *s, int64_t id, bool trouble);

#endif
