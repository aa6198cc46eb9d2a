/*
 * router.h - from method and path to a row of the route table.
 *
 * Pure; called for every request by exchange.c. It tells an unknown path (404) from a known path
 * with another method (405), so the answer can name the methods that would do.
 */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "http/http.h"

struct route_match {
    const struct http_route *route; /* NULL: none for that method */
    unsigned methods; /* bit 1 << method for every method the path knows; 0: unknown */
    struct str params[HTTP_PARAMS_MAX]; /* of `route`, pointing into the path */
};

struct route_match route_find(const struct http_route *routes, size_t count,
                              enum http_method method, struct str path);

/* Whether the first segment of `path` is that of any route: such paths belong to the table alone
 * and are never answered with the page. */
bool route_claims(const struct http_route *routes, size_t count, struct str path);

#endif
