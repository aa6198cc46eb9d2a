/*
 * exchange.h - one request from its first line to its status, without a socket.
 *
 * The steps that a server (visit.c) and http_exchange_run take alike: read the target, find the
 * route, judge and take the body, run the handler between its hooks. Each step returns 0 to go on
 * or the status of an answer it has already written. Texts given to a step must outlive the
 * exchange.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/body.h"
#include "http/http.h"
#include "http/response.h"

/* Prepares a zeroed exchange. */
void exchange_begin(struct http_exchange *x, void *app);

/* Keeps one request header; false beyond HTTP_HEADERS_MAX. */
bool exchange_header_add(struct http_exchange *x, struct str name, struct str value);

/* Splits the target into path and query and decodes both; NUL and invalid UTF-8 are refused. */
int exchange_target(struct http_exchange *x, struct str target);

/* Finds the route for a method as it is written; answers 404, 405 and OPTIONS. HEAD finds GET. */
int exchange_route(struct http_exchange *x, const struct http_call *call, struct str method);

/* The method of a request whose route was found. */
const char *exchange_method(const struct http_exchange *x);

/* Whether the route takes a body of that type and length (-1: not known yet). */
int exchange_body_allowed(struct http_exchange *x, int64_t length);

/* Parses a JSON body, then runs enter, handler and leave; the status of the answer. */
int exchange_handle(struct http_exchange *x, const struct http_hooks *hooks);

#endif
