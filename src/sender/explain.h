/*
 * explain.h - what a gateway's words mean for the person who reads them, and what to do.
 *
 * A gateway refuses in one Korean sentence and a number that stands for everything. The table
 * explain.def finds the kind of trouble by a part of that sentence; domain/problem.def has the
 * sentences for people. The gateway's own words are always shown beside ours, because only they are
 * certain. Called by account.c for answers, and by the API for words that were stored.
 */
#ifndef SENDER_EXPLAIN_H
#define SENDER_EXPLAIN_H

#include "domain/problem.h"

/* The problem that the words are about; PROBLEM_GATEWAY_REFUSED when nobody has seen them. */
enum problem explain_words(struct str words);
/* Words with the problem they are about, to be stored: "gateway_unreachable: time-out". */
struct str explain_store(struct arena *a, enum problem p, struct str words);
/* What to show of stored words, with or without a problem in front: our sentence, then theirs.
 * Empty for empty words. */
struct str explain_text(struct arena *a, struct str stored, bool english);

#endif
