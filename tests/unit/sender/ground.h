/*
 * ground.h - what the tests of sending stand on: a company with a profile, a template and campaigns
 * to claim from, and the ledger's verbs as one-liners. The world is the one of tests/unit/domain.
 */
#ifndef TESTS_GROUND_H
#define TESTS_GROUND_H

#include "domain/request.h"
#include "world.h"

/* Makes the world, company 1 with profile 1 (fast) and template 1. */
void ground_begin(struct world *w, enum store_engine engine);
/* A scope of company 1 with a connection of its own; give it back with ground_leave. */
struct scope ground_scope(struct world *w);
void ground_leave(struct scope *s);

/* A millisecond passes, then claims up to `max` for `node`; false when there was nothing. */
bool ground_claim(struct scope *s, const char *node, int64_t max, struct request *r);
/* An answer of the gateway. `mid` 0: none. */
struct request_answer ground_answer(struct scope *s, enum request_outcome outcome, int64_t mid);
void ground_finish(struct scope *s, const struct request *r, enum request_outcome outcome,
                   int64_t mid);
/* The request as it stands, with its messages in doubt or without result. */
struct request ground_request(struct scope *s, int64_t id);

/* Messages of a campaign in a state, by rows. */
int64_t ground_count(struct world *w, int64_t campaign, enum message_state state);
/* Fails unless counters of campaigns and hours equal the rows beneath them. */
void ground_counters(struct world *w);

#endif
