/*
 * session.h - logged in, for 30 days that start anew when the session is used.
 *
 * The token is 32 random bytes as base64url and lives in the user's cookie alone; the table knows
 * only its BLAKE2b-256. Called by the API.
 */
#ifndef DOMAIN_SESSION_H
#define DOMAIN_SESSION_H

#include "domain/user.h"

#define SESSION_MS           (30 * DAY_MS)
#define SESSION_TOKEN_LENGTH 43

struct session {
    struct user user;
    int64_t company;
    struct str company_name;
    int64_t expires_at;
    bool extended; /* the thirty days began anew with this request: the cookie must, too */
};

/* Begins a session of the scope's user; *token is for the cookie. Sessions of the same user that
 * are over go. */
enum problem session_create(struct scope *s, struct str *token);
/* The session of a token, with the scope made its user's. LOGIN_REQUIRED when there is none. */
enum problem session_find(struct scope *s, struct str token, struct session *out);
/* Ends it; one that is over already is fine. */
enum problem session_delete(struct scope *s, struct str token);

#endif
