/*
 * scope.h - on whose behalf something is done, and with what.
 *
 * Every function of the domain takes a scope first, and every statement it runs binds its company:
 * that is all there is to tenancy. A scope lives as long as one request or one step of the sender.
 */
#ifndef DOMAIN_SCOPE_H
#define DOMAIN_SCOPE_H

#include "base/arena.h"
#include "base/clock.h"
#include "domain/problem.h"
#include "store/store.h"

/* What a user may do; each role may do all that the ones before it may. */
enum role {
    ROLE_NONE,   /* nobody: not logged in */
    ROLE_VIEWER, /* look */
    ROLE_SENDER, /* manage contacts, send */
    ROLE_ADMIN,  /* manage users and settings */
    ROLE_OWNER,  /* everything; who signed the company up */
};

#define FIELD_ERRORS_MAX 16

/* One wrong field of the input. */
struct field_error {
    const char *field, *code; /* "email", "required" */
    struct str ko, en;        /* what is wrong and what to do */
};

struct scope {
    int64_t company; /* bound by every statement */
    int64_t user;    /* 0: the system itself */
    enum role role;
    struct db *db;
    struct arena *arena;
    const struct clock *clock;
    /* What the last refusal was about. */
    struct str problem_args[PROBLEM_ARGS_MAX];
    enum problem quoted; /* the problem that `quote` is about */
    struct str quote;    /* somebody else's own words, such as a gateway's */
    struct field_error errors[FIELD_ERRORS_MAX];
    size_t error_count;
    int64_t problem_contact; /* PHONE_TAKEN: whose number it is, named by the first argument */
};

/* Notes the arguments of the problem's sentence and returns it:
 * return scope_fail(s, PROBLEM_PHONE_TAKEN, name). Missing arguments are empty. */
#define scope_fail(s, problem, ...)                                                                \
    scope_fail_args((s), (problem), (struct str[PROBLEM_ARGS_MAX]){__VA_ARGS__})
enum problem scope_fail_args(struct scope *s, enum problem p,
                             const struct str args[PROBLEM_ARGS_MAX]);

/* Returns the problem, and notes somebody else's own words about it, which are shown beside its
 * sentence; `words` must live as long as the scope. */
enum problem scope_quote(struct scope *s, enum problem p, struct str words);

/* Notes a wrong field; once all are noted, return scope_invalid(s) when error_count > 0. */
void scope_field_error(struct scope *s, const char *field, const char *code, const char *ko,
                       const char *en);
/* PROBLEM_INVALID when a field was noted as wrong, PROBLEM_NONE otherwise. */
enum problem scope_invalid(const struct scope *s);

static inline int64_t scope_now(const struct scope *s)
{
    return clock_now(s->clock);
}

/* PROBLEM_STORE when the connection has failed, PROBLEM_NONE otherwise. */
static inline enum problem scope_store(const struct scope *s)
{
    return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NONE;
}

/* A page of a list: what was asked for. */
#define PAGE_LIMIT_DEFAULT 50
#define PAGE_LIMIT_MAX     500

struct page {
    int64_t limit;
    struct str cursor; /* as handed out by `next` of the page before, or empty */
};

#endif
