/*
 * practice.h - a gateway to practise with: Aligo's protocol, nothing leaves the house.
 *
 * A plain function from (path, form) to an answer, with what should go wrong on the way; it knows
 * no HTTP. src/cli/practice.c puts it behind a listener, `sendingo serve` runs it by default, tests
 * call it directly. Everything it accepts is committed to its own SQLite file before it answers, so
 * that a test can kill either side at any moment and compare afterwards.
 *
 * It behaves like the real one where that hurts: a text that differs from the template is accepted
 * and fails later, results come late and incomplete, ids are numbers or texts as the day goes.
 * doc/practice-gateway.md tells users all of it. Safe to call from any thread.
 */
#ifndef GATEWAY_PRACTICE_H
#define GATEWAY_PRACTICE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"

struct practice;

struct practice_options {
    const char *path;        /* of the SQLite file; made when absent */
    struct clock clock;      /* .now NULL: the machine's */
    uint64_t seed;           /* decides every draw: faults by rate, failures by rate */
    struct str link_scheme;  /* of tracked buttons: "http" or "https" */
    struct str accounts;     /* "user:key,user:key": nobody else; empty: everybody */
    int64_t answer_delay_ms; /* before every answer */
    int64_t result_delay_ms; /* from acceptance to a receiver's result */
    int64_t detail_lag_ms;   /* so long every eighth receiver is missing from the detail */
    int64_t history_lag_ms;  /* so long a request is missing from the history */
    int64_t
        inspection_delay_ms;   /* from template/request to the inspection's end; 0: by order only */
    int64_t page_size;         /* rows of every page whatever was asked; 0: as asked; up to 500 */
    int64_t points_thousandth; /* of a new account: thousandths of a won */
    int64_t unit_thousandth;   /* price of one message */
    int64_t sends_per_second;  /* beyond it a send is refused; 0: no limit */
    double failure_rate;       /* 0..1: of receivers that fail though all is right */
    bool strict;               /* refuse at once what does not match its template */
};

/* Defaults: result after 3 s, late rows 1 s, an inspection of 10 s, 50 rows a page, a million
 * messages at 6.5 won, "http". Path is left NULL. */
struct practice_options practice_options_default(void);

/* Opens or makes the file; NULL with the reason logged. Texts of `options` are copied. */
struct practice *practice_open(const struct practice_options *options) MUST_CHECK;
void practice_close(struct practice **p);

/* What the listener must do to the connection instead of simply answering. */
enum practice_cut {
    PRACTICE_CUT_NONE,
    PRACTICE_CUT_ALL,  /* close it without an answer */
    PRACTICE_CUT_HALF, /* close it after half of the answer */
    PRACTICE_CUT_HANG, /* never answer */
};

struct practice_answer {
    int http_status;
    const char *content_type;
    struct str body; /* arena */
    enum practice_cut cut;
    int64_t delay_ms; /* before answering */
};

/* Answers one call. `path` with or without its last slash; `body` is the form of a POST, or the
 * query of a GET under /practice/ (where POST takes JSON). */
void practice_handle(struct practice *p, struct str path, struct str body, struct arena *a,
                     struct practice_answer *answer);

/* Where it listens ("http://127.0.0.1:8790"): the links to its images begin so. */
void practice_url_set(struct practice *p, struct str url);

/* Wishes for faults as the command line spells them: "send=cut-after@0.1" lasts with that
 * probability, "send=ok,cut-before,delay:200" happens once each, in order. False: not understood.
 */
bool practice_wish(struct practice *p, struct str spec) MUST_CHECK;

/* The number that profile/add wants, whoever asked for one: nothing can be sent to KakaoTalk. */
#define PRACTICE_AUTH_NUMBER "123456"

/* The profile key of a user's first channel: 40 hexadecimal digits, the same on every machine. */
struct str practice_sender_key(struct arena *a, struct str user_id);

#endif
