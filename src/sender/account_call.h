/*
 * account_call.h - what the files of account.h share: opening an account, and what an answer means
 * to the person who asked. Included by them only.
 */
#ifndef SENDER_ACCOUNT_CALL_H
#define SENDER_ACCOUNT_CALL_H

#include "sender/account.h"

static inline void account_close(struct gateway **g)
{
    if (*g)
        gateway_close(g);
}
/* The gateway of an account for the rest of the block: ACCOUNT(g); */
#define ACCOUNT(name) struct gateway *name CLEANUP(account_close) = NULL

/* Opens the gateway of an account, or says why not. */
enum problem account_begin(struct scope *s, const struct profile *p, struct gateway **g);
/* The same of a stored profile, which is read into *p; one that has not been told its sending key
 * yet asks for it first. */
enum problem account_begin_stored(struct scope *s, int64_t id, struct profile *p,
                                  struct gateway **g);
/* The problem that an answer other than OK is, with the gateway's words quoted. */
enum problem account_answer(struct scope *s, enum gateway_answer answer,
                            const struct gateway_fault *fault);
/* Notes a trouble with the gateway, or its end, in the profile's status; returns `problem`, or what
 * went wrong noting it. */
enum problem account_note(struct scope *s, int64_t id, enum problem problem);

/* Whether a channel can be sent through: PROBLEM_CHANNEL_* or NONE. */
enum problem account_channel_problem(const struct gateway_profile *p);

#endif
