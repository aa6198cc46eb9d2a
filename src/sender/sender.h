/*
 * sender.h - the part of SendinGo that sends: threads over the ledger, and nothing kept in memory
 * that a crash could lose.
 *
 * Dispatchers claim, call and record (dispatch.h). One keeper renews this process's lease and
 * declares the calls of dead processes unknown. Historians ask the gateways' history for results
 * and for what became of unknown calls (history.h). Any number of processes may run on one
 * PostgreSQL. Started and stopped by cli/serve.
 */
#ifndef SENDER_SENDER_H
#define SENDER_SENDER_H

#include "base/clock.h"
#include "store/store.h"

/* Every waiting time of the sender; tests shorten them. */
struct sender_times {
    int64_t lease_ms;    /* a process that has not renewed its lease for so long is dead: 30 s */
    int64_t call_max_ms; /* no call takes longer, whatever happens: 10 min */
    int64_t result_first_ms; /* first look for results after acceptance: 5 s */
    int64_t result_max_ms;   /* longest pause between looks: 30 min */
    int64_t doubt_first_ms; /* first look for an unknown call: 10 s; then twice as long each time */
    int64_t doubt_max_ms;   /* longest pause: 2 min */
    int64_t settle_ms;      /* history may lag this long: nothing is absent before: 3 min */
    int64_t settle_looks;   /* complete looks without a trace before it is absent: 4 */
    int64_t hold_ms; /* while a look is under way nobody else looks at the same request: 2 min */
};

extern const struct sender_times sender_times_default;

struct sender_config {
    struct store *store;
    const struct clock *clock;
    unsigned dispatchers; /* calls at a time */
    int64_t batch_max;    /* messages in a call, at most the gateway's maximum */
    struct sender_times times;
};

struct sender;

/* Starts the threads. Calls that a former process left behind become unknown at once when the store
 * is SQLite, and when their lease has run out on PostgreSQL. */
struct sender *sender_start(const struct sender_config *config) MUST_CHECK;
/* There may be something to send: wakes a dispatcher. */
void sender_wake(struct sender *s);
/* Lets calls under way finish and record their outcome, ends the threads, clears *s. NULL-safe. */
void sender_stop(struct sender **s);

#endif
