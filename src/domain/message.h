/*
 * message.h - one recipient of one campaign, and the only function that changes its state.
 *
 * message_move() changes states and moves the campaign's and the hour's counters in the same
 * transaction, so that every number shown equals the rows beneath it. Called by domain/campaign,
 * the sender, and the API (reading).
 */
#ifndef DOMAIN_MESSAGE_H
#define DOMAIN_MESSAGE_H

#include "domain/scope.h"

enum message_state {
#define S(name, number, word, ko, en) MESSAGE_##name = (number),
#include "domain/message_state.def"
#undef S
};
#define MESSAGE_STATES 11 /* highest number + 1 */

/* API word of a state, and back (0 when there is none of that name). */
struct str message_state_word(enum message_state state);
enum message_state message_state_find(struct str word);
/* The state in a word for people. */
struct str message_state_text(enum message_state state, bool english);

/* The sentence for a reason word of reason.def. */
struct str message_reason_text(struct str reason, bool english, struct arena *a);

/* What a result that has been noted on the row says. */
enum message_noted {
    MESSAGE_NOTED_ANY, /* no matter whether one has been noted */
    MESSAGE_NOTED_GOOD,
    MESSAGE_NOTED_BAD,
};

/* Which messages of a campaign to move. Zero members do not restrict. */
struct message_selection {
    int64_t campaign;
    int64_t request;     /* only those carried by this request */
    int64_t first, last; /* ordinals, inclusive */
    enum message_noted noted;
    bool not_clicked;  /* only those nobody has clicked: a click proves delivery */
    struct str reason; /* only those that have it; ptr NULL: no matter */
};

/* What a move writes beside the state. */
struct message_change {
    enum message_state from, to;
    int64_t request; /* the request that carries them now; 0: as it is; -1: none any more */
    int64_t hour;    /* start of the hour of the call; 0: as it is; -1: none any more */
    struct str reason, result_code, result_text; /* ptr NULL: as it is */
};

/* Moves every selected message that is in state `from` to state `to`, with the counters of campaign
 * and hour, inside the caller's transaction (the campaign's row is locked). Returns how many moved;
 * check the transaction. */
int64_t message_move(struct scope *s, const struct message_selection *which,
                     const struct message_change *change);

/* A result that the gateway told of one receiver. */
struct message_result {
    struct str phone, gateway_id, code, text;
    struct str reason; /* empty: delivered; else why it failed, a word of message_reason_text */
    int64_t at;
};

/* Notes results on the accepted messages of a request (paired by phone) and moves those to
 * delivered or failed, inside the caller's transaction. Results of others or noted before are
 * passed over. Returns how many moved. */
int64_t message_settle(struct scope *s, const struct message_selection *request,
                       const struct message_result *results, size_t count);

#endif
