/*
 * user.h - who may log in, and how a password is kept.
 *
 * argon2id through libsodium with 19 MiB and two passes (OWASP password storage cheat sheet), two
 * at a time at most, so that logins cannot eat the memory of a small server. Ten failures in a row
 * lock an account for a time that doubles. Called by the API and by sign-up.
 */
#ifndef DOMAIN_USER_H
#define DOMAIN_USER_H

#include "domain/scope.h"

#define USER_NAME_MAX     50  /* characters */
#define USER_PASSWORD_MIN 8   /* characters */
#define USER_PASSWORD_MAX 256 /* bytes */
#define USER_FAILURES_MAX 10  /* before an account is locked */

struct user {
    int64_t id;
    enum role role;
    struct str name, email;
};

/* "owner" …; the API's word of a role. */
struct str role_word(enum role role);

/* Cleans name and address and notes what is wrong with the fields. */
void user_check(struct scope *s, struct str *name, struct str *email, struct str password);
struct str user_password_hash(struct scope *s, struct str password);
/* Of all companies: an address is one login of a server. */
bool user_email_taken(struct scope *s, struct str email);
/* Inside the caller's transaction; returns the id. */
int64_t user_insert(struct scope *s, struct str name, struct str email, struct str hash,
                    enum role role);

/* Checks address and password and turns the scope into that user's. LOGIN_WRONG takes as long for
 * an address that nobody has as for a wrong password. LOGIN_LOCKED names the seconds to wait. */
enum problem user_login(struct scope *s, struct str email, struct str password);

#endif
