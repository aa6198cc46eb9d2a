/*
 * world.h - a database for a test, on either engine, with a company in it.
 *
 * SQLite in a folder of its own below /tmp; PostgreSQL in a database of its own on the server that
 * SENDINGO_POSTGRES names. Rows are put in with plain SQL, so that the code under test meets rows
 * it has not made itself. Used by the tests of domain and links.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "domain/message.h"
#include "domain/scope.h"
#include "store/store.h"

struct world {
    enum store_engine engine;
    char folder[64]; /* for files; removed at the end */
    char url[512];
    struct store *store;
    struct arena arena;
    int64_t now; /* what `clock` says */
    struct clock clock;
};

/* Makes *w on the engine: a migrated, empty database. */
void world_begin(struct world *w, enum store_engine engine);
/* Makes *w a copy of `from`, which is put aside: it may only be copied and ended from then on. */
void world_copy(struct world *w, struct world *from);
/* Removes all of it. */
void world_end(struct world *w);
/* True when there is a PostgreSQL to test with; says so in TAP otherwise. */
bool world_has_postgresql(void);

/* One statement in a transaction of its own; fails the test when it fails. Returns rows changed. */
int64_t world_exec(struct world *w, const char *sql, const struct db_value *args, size_t n);
/* First column of the first row. */
int64_t world_get(struct world *w, const char *sql, const struct db_value *args, size_t n);

/* A company with its default group and nothing else. */
void world_company(struct world *w, int64_t id);
/* A started campaign with `count` queued messages, ordinals from 1, each with a content, contact 0
 * and, when `tracked`, a link whose token is made of campaign and ordinal; counters right. */
void world_campaign(struct world *w, int64_t company, int64_t id, int64_t count, bool tracked);
/* That token: 11 characters. */
struct str world_token(struct arena *a, int64_t campaign, int64_t ordinal);
/* A request that carries ordinals first..last, state CALLING; the messages become SENDING in the
 * hour of w->now, through message_move. */
void world_call(struct world *w, int64_t company, int64_t campaign, int64_t request, int64_t first,
                int64_t last);
/* Moves those messages on and sets the request's state. */
void world_move(struct world *w, int64_t company, int64_t campaign, int64_t request, int64_t first,
                int64_t last, enum message_state from, enum message_state to);
/* message_move in a transaction of its own. */
void world_change(struct world *w, int64_t company, const struct message_selection *which,
                  const struct message_change *change);
void world_request_state(struct world *w, int64_t company, int64_t request, int64_t state);

/* Fails the test, showing the differences, unless everything verifies. */
void world_verify(struct world *w);

/* A seed from SENDINGO_SEED (or 1), printed; and lots drawn from it: 0..below-1. */
void world_seed(void);
uint64_t world_lot(uint64_t below);

#endif
