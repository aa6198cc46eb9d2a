/*
 * response.h - what every answer of this room carries, and the refusals it makes by itself.
 *
 * Used by exchange.c before a handler is reached and by answer.c when an answer leaves. The texts
 * of the refusals stand in one table, Korean and English.
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "http/http.h"

enum refusal {
    REFUSAL_TARGET,     /* 400: the path or query cannot be read */
    REFUSAL_FRAMING,    /* 400: contradicting lengths */
    REFUSAL_JSON,       /* 400: not JSON */
    REFUSAL_BODY,       /* 400: a body where none belongs */
    REFUSAL_UNKNOWN,    /* 404 */
    REFUSAL_METHOD,     /* 405 */
    REFUSAL_TOO_LARGE,  /* 413 */
    REFUSAL_MEDIA_TYPE, /* 415 */
    REFUSAL_HEADERS,    /* 431: more fields than are kept */
    REFUSAL_INTERNAL,   /* 500: the answer could not be built */
    REFUSAL_BUSY,       /* 503: a limit is reached, or the server is stopping */
    REFUSAL_STORAGE,    /* 507: an upload could not be written */
};

/* Answers with the refusal's problem and returns its status; `detail` may be empty. */
int response_refuse(struct http_exchange *x, enum refusal refusal, struct str detail);

/* Adds the fixed headers (security, caching, type) that the handler has not set itself. */
void response_complete(struct http_exchange *x, const char *security_policy);

/* Closes the file that was to be the body, if there is one. */
void response_file_drop(struct http_response *r);

/* First header of that name that the handler set, or ptr NULL. */
struct str response_header(const struct http_exchange *x, const char *name);

#endif
