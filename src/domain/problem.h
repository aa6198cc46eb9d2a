/*
 * problem.h - why a request was refused: a row of problem.def.
 *
 * Every verb of the domain returns one of these; PROBLEM_NONE (zero) means done. The sentence for
 * people is made at the edge, in their language.
 */
#ifndef DOMAIN_PROBLEM_H
#define DOMAIN_PROBLEM_H

#include "base/str.h"

enum problem {
    PROBLEM_NONE,
#define P(name, code, status, ko, en) PROBLEM_##name,
#include "domain/problem.def"
#undef P
};

#define PROBLEM_ARGS_MAX 3

/* The problem of that code ("gateway_key"), the first of several; PROBLEM_NONE when there is none.
 */
enum problem problem_find(struct str code);
/* Code of the API ("phone_taken") and HTTP status of a problem other than NONE. */
const char *problem_code(enum problem p);
int problem_status(enum problem p);
/* The sentence with its arguments filled in. */
struct str problem_text(enum problem p, bool english, const struct str args[PROBLEM_ARGS_MAX],
                        struct arena *a);

#endif
