/*
 * practice_journal.h - what the practice gateway has seen and accepted, in one SQLite file.
 *
 * Used by the practice gateway only, under its lock. What 500 receivers share is one row, and their
 * texts are one blob (see receivers_pack), so that accepting costs one insert. A failed statement
 * is remembered and makes the commit fail; nobody checks in between.
 */
#ifndef GATEWAY_PRACTICE_JOURNAL_H
#define GATEWAY_PRACTICE_JOURNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

struct journal;

struct journal_account {
    int64_t id;
    int64_t points; /* thousandths of a won */
};

struct journal_request {
    int64_t mid, account_id;
    struct str user_id;
    int64_t accepted_at; /* ms */
    int64_t due_at;      /* when it goes out: accepted_at, or the booked time */
    int64_t cancelled_at;
    struct str sender, template_code;
    struct str first_body;
    struct str results;   /* one letter for each receiver taken, decided when accepted */
    struct str receivers; /* packed; empty in lists */
    int64_t asked;        /* receivers in the request */
    int64_t unit;         /* thousandths of a won */
    bool failover;
};

/* One receiver as it was accepted; `number` is its N in the request. */
struct journal_receiver {
    int64_t number;
    struct str phone, name, subject, body, title, buttons;
};

struct journal_call {
    int64_t id, at;
    struct str endpoint, user_id, outcome; /* outcome: "ok" or the fault that happened */
    int64_t bytes, code, mid;              /* code of the answer; mid of an accepted send or 0 */
};

/* A wish: rate 0 happens once, otherwise it lasts. */
struct journal_wish {
    int64_t id;
    struct str endpoint, fault;
    double rate;
};

/* A template of one profile: one that an account made, or a built-in one that has changed. */
struct journal_template {
    struct str sender_key, code;
    int64_t due_at;  /* when its inspection is decided by itself; 0: never */
    bool deleted;    /* stays, so that a built-in one does not come back */
    struct str text; /* JSON, see practice_shelf.c */
};

/* A channel of an account: asked for a number, and added when added_at is set. */
struct journal_channel {
    int64_t account_id;
    struct str channel, phone, sender_key, category;
    int64_t asked_at, added_at;
};

struct journal_totals {
    int64_t calls, requests, messages;
};

/* NULL with the reason logged. */
struct journal *journal_open(const char *path) MUST_CHECK;
void journal_close(struct journal **j);

void journal_begin(struct journal *j);
/* False: nothing since journal_begin has happened. */
bool journal_commit(struct journal *j) MUST_CHECK;

/* Finds the account or makes it with so many points. */
struct journal_account journal_account(struct journal *j, struct str user_id, struct str api_key,
                                       int64_t points);
void journal_points_add(struct journal *j, int64_t account_id, int64_t points);
void journal_points_set(struct journal *j, struct str user_id, int64_t points);

/* Adds a request and returns its mid. */
int64_t journal_request_add(struct journal *j, const struct journal_request *r);
bool journal_request_find(struct journal *j, int64_t account_id, int64_t mid, struct arena *a,
                          struct journal_request *r);
void journal_request_cancel(struct journal *j, int64_t mid, int64_t at);
/* Requests accepted in [from, to), newest first, without their receivers; *total of all. */
size_t journal_history(struct journal *j, int64_t account_id, int64_t from, int64_t to,
                       int64_t limit, int64_t offset, struct arena *a,
                       struct journal_request **list, int64_t *total);
/* Requests of all accounts with a mid above `mid`, oldest first, with their receivers. */
size_t journal_requests_after(struct journal *j, int64_t mid, int64_t limit, struct arena *a,
                              struct journal_request **list);

/* Returns the id of the call. */
int64_t journal_call_add(struct journal *j, const struct journal_call *call);
size_t journal_calls_after(struct journal *j, int64_t id, int64_t limit, struct arena *a,
                           struct journal_call **list);
struct journal_totals journal_totals(struct journal *j);

/* Adds a wish; a lasting one replaces its like, and is removed by a rate below 0. */
void journal_wish_add(struct journal *j, const struct journal_wish *wish);
void journal_wish_remove(struct journal *j, int64_t id);
void journal_wishes_clear(struct journal *j);
/* Wishes for an endpoint (or "*"; empty: all), those that happen once first, in order. */
size_t journal_wishes(struct journal *j, struct str endpoint, struct arena *a,
                      struct journal_wish **list);

/* A number for the code of the next template. */
int64_t journal_template_number(struct journal *j);
/* Adds it, or replaces the one of its profile and code; its image stays as it is. */
void journal_template_put(struct journal *j, const struct journal_template *t);
/* Its file; the template must be there. */
void journal_template_image_put(struct journal *j, struct str sender_key, struct str code,
                                struct str image);
bool journal_template_find(struct journal *j, struct str sender_key, struct str code,
                           struct arena *a, struct journal_template *t);
/* Those of a profile that are not deleted, in the order they were first put; at most `limit`. */
size_t journal_templates(struct journal *j, struct str sender_key, int64_t limit, struct arena *a,
                         struct journal_template **list);
/* Its file; empty when there is none. */
struct str journal_template_image(struct journal *j, struct str sender_key, struct str code,
                                  struct arena *a);

/* Adds it, or replaces that of its account and name. */
void journal_channel_put(struct journal *j, const struct journal_channel *c);
/* Channels of an account, added and only asked for, oldest first; at most `limit`. */
size_t journal_channels(struct journal *j, int64_t account_id, int64_t limit, struct arena *a,
                        struct journal_channel **list);

/* Receivers as one blob: number and texts, each ended by a NUL byte. */
void receivers_pack(struct buf *out, const struct journal_receiver *r);
/* Takes the next receiver off the front of *rest; its texts stay in the blob. */
bool receivers_next(struct str *rest, struct journal_receiver *r);

#endif
