/*
 * request.h - one gateway call and what is known of it: the ledger of the sender.
 *
 * A request is written down, with its messages claimed, before the first byte leaves; its outcome
 * is one transaction; what was under way when a process died is unknown until the gateway's own
 * history settles it. Each verb here is one transaction, and after each of them every message is in
 * exactly one state. Called by the sender only (request_events also by message_get).
 *
 *     CALLING ──▶ ACCEPTED ──▶ DONE
 *        │  └───▶ REFUSED            (nothing was sent; messages queued again, or failed)
 *        └──────▶ UNKNOWN ──▶ ACCEPTED
 *                       └──▶ ABSENT  (messages unsent)
 */
#ifndef DOMAIN_REQUEST_H
#define DOMAIN_REQUEST_H

#include "domain/button.h"
#include "domain/message.h"
#include "domain/scope.h"

enum request_state {
    REQUEST_CALLING = 1, /* claimed; the call is being made by `node` */
    REQUEST_ACCEPTED,    /* the gateway has it under `mid`; results are being asked for */
    REQUEST_REFUSED,     /* a clear no, or nothing left this machine */
    REQUEST_UNKNOWN,     /* no clear answer: history is being asked */
    REQUEST_ABSENT,      /* history proves that the gateway never had it */
    REQUEST_DONE,        /* every message has its result or has expired */
};

/* A step on the timeline of the messages it carries. */
struct request_event {
    int64_t at;
    struct str state; /* word of a message state, or "refused" */
    struct str text;
};

/* calling, unknown, accepted, and a late answer in between. */
#define REQUEST_EVENTS_MAX 16

/* Results that have not come by then never will (Aligo: final after 24 hours). */
#define REQUEST_RESULT_MS DAY_MS

struct request_message {
    int64_t ordinal;
    struct str phone, name, title, body;
    struct button buttons[BUTTONS_MAX];
    size_t button_count;
    struct str tokens; /* addresses of the buttons as JSON, to find them again in history */
};

struct request {
    int64_t company, id, campaign, profile;
    int64_t started_at, next_look_at, looks, walks;
    int64_t first, last, count;
    enum request_state state;
    struct str mid, template_code, subject;
    struct request_message *messages; /* filled by request_claim and request_load */
};

/* Claims up to `max` queued messages of the sending campaign that has waited longest, for any
 * company: pace taken, request row and messages `sending` committed. Returns 1 with *out, 0 when
 * there is nothing to do before *wait ms have passed, -1 when the store failed. `s` is the system's
 * scope: its company is set to the request's. */
int request_claim(struct scope *s, struct str node, int64_t max, struct request *out,
                  int64_t *wait);

/* What came of a call. */
enum request_outcome {
    REQUEST_TAKEN,         /* accepted under mid */
    REQUEST_NOT_NOW,       /* nothing was sent: queued again, slower */
    REQUEST_NOT_LIKE_THIS, /* nothing was sent: queued again, and the campaign paused */
    REQUEST_NEVER,         /* this content is refused: the messages fail */
    REQUEST_IN_DOUBT,      /* nobody knows: unknown */
};

struct request_answer {
    enum request_outcome outcome;
    bool slow_down;        /* feedback for the pace */
    struct str mid;        /* REQUEST_TAKEN */
    struct str pause_code; /* REQUEST_NOT_LIKE_THIS: 'setup' or 'money' */
    int64_t code;          /* the gateway's own code and words */
    struct str text;
    struct str unit_price; /* as told, or ptr NULL */
    int64_t first_look_ms; /* when history is asked first */
};

/* Records the outcome. False when the store failed: try again, the answer is not lost while this
 * process lives. A request that another node has called unknown meanwhile takes the answer too, and
 * so does one called absent when the answer is that the gateway has it. An id that history has
 * given to another request with the same texts leaves this one in doubt. */
bool request_finish(struct scope *s, const struct request *r, const struct request_answer *answer);

/* Calls that died with their process become unknown: those of nodes without a lease, and any that
 * have been `calling` since before `older_than`. With `sole` (one process owns the store) all nodes
 * but `node` are dead. Returns how many. */
int64_t request_orphans(struct scope *s, struct str node, bool sole, int64_t older_than,
                        int64_t first_look_ms);

/* Renews the lease of a node. */
void request_lease(struct scope *s, struct str node, int64_t until);

/* The next request whose history is due, for any company, and takes it for `hold_ms` so that no
 * other node looks at the same time. 1, 0, -1 like request_claim. */
int request_look(struct scope *s, int64_t hold_ms, struct request *out);

/* Loads the messages that the request carries and that are still in doubt or without result. */
enum problem request_load(struct scope *s, struct request *r);

/* What stands against taking a gateway's request for ours on the strength of equal texts alone. */
enum request_rival {
    RIVAL_NONE,
    RIVAL_CALLING, /* a call to the same person is under way: it may be that one; ask again later */
    RIVAL_BETTER,  /* a call in doubt to the same person has just as many receivers, and we have not
                    */
};

/* `phone` is one of the request's; `count` is how many receivers the gateway tells. */
enum request_rival request_rival(struct scope *s, const struct request *r, struct str phone,
                                 int64_t count);

/* True when another request of the profile is bound to `mid`. */
bool request_mid_bound(struct scope *s, int64_t profile, struct str mid);

/* History has it: unknown becomes accepted under `mid`. */
bool request_found(struct scope *s, const struct request *r, struct str mid, int64_t next_look_ms);
/* History proves it absent: its messages become unsent. */
bool request_absent(struct scope *s, const struct request *r);
/* Nothing decided: ask again after `ms`. `walked`: all of the history was seen, without a trace. */
bool request_look_later(struct scope *s, const struct request *r, int64_t ms, bool walked);
/* Results of an accepted request; then ask again after `next_look_ms`, unless all are settled. */
bool request_results(struct scope *s, const struct request *r, const struct message_result *results,
                     size_t count, int64_t next_look_ms);
/* 24 hours are over: what has no result has expired. */
bool request_expire(struct scope *s, const struct request *r);

/* Adds the events of a request to `out` (room for REQUEST_EVENTS_MAX), oldest first. */
size_t request_events(struct scope *s, int64_t request, struct request_event *out);

#endif
