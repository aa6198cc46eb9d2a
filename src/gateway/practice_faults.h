/*
 * practice_faults.h - what can go wrong on request, as words.
 *
 *   ok           nothing
 *   cut-before   the connection is closed and nothing was accepted
 *   cut-after    accepted, then closed without an answer
 *   half         accepted, then closed after half of the answer
 *   hang         accepted, never answered          hang-before   not accepted, never answered
 *   5xx          not accepted, HTTP 502            5xx-after     accepted, HTTP 502
 *   html         not accepted, an HTML page        html-after    accepted, an HTML page
 *   delay:MS     accepted and answered, later
 *   refuse:CODE:TEXT   not accepted, answered with this code and text
 *
 * Used by the practice gateway only.
 */
#ifndef GATEWAY_PRACTICE_FAULTS_H
#define GATEWAY_PRACTICE_FAULTS_H

#include "base/str.h"
#include "gateway/practice.h"
#include "gateway/practice_journal.h"

struct practice_fault {
    bool before;     /* the call is not carried out */
    bool refuse;     /* answered with `code` and `text` instead */
    bool html;       /* the answer is a page */
    int http_status; /* 0: 200 */
    enum practice_cut cut;
    int64_t delay_ms;
    int64_t code;
    struct str text; /* part of the word */
};

/* Reads one word of the table above; false when it is none. */
bool practice_fault_parse(struct str word, struct practice_fault *fault) MUST_CHECK;

/* What shall happen to this call: the next one-shot wish, which is used up, or a lasting one by
 * its probability with `draw` in [0, 1). Returns the word; "ok" when nothing was wished. */
struct str practice_fault_take(struct journal *j, struct str endpoint, double draw,
                               struct arena *a);

/* "send=cut-after@0.1" or "send=ok,cut-before"; false when not understood, and nothing is added. */
bool practice_fault_spec(struct journal *j, struct str spec) MUST_CHECK;

/* Adds one wish for an endpoint; false when the word is none or the rate is not in [0, 1]. A rate
 * of 0 removes a lasting wish; `once` takes no rate. */
bool practice_fault_add(struct journal *j, struct str endpoint, struct str word, bool once,
                        double rate) MUST_CHECK;

#endif
