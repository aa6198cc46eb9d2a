/*
 * practice.h - the practice gateway behind a listener, and its subcommand.
 *
 * gateway/practice.h is a plain function; here its answers and faults become HTTP. Called by
 * main.c's table and by serve.c, which runs one inside when no other gateway is configured.
 */
#ifndef CLI_PRACTICE_H
#define CLI_PRACTICE_H

#include "gateway/practice.h"
#include "http/server.h"

/* Listens for Aligo's calls and those under /practice/; port 0 takes a free one. NULL with the
 * reason logged. Stop it with http_server_stop before closing `p`. */
struct http_server *practice_listen(struct practice *p, const char *address,
                                    uint16_t port) MUST_CHECK;

/* The routes behind practice_listen, for tests without a socket; `app` is the practice gateway. */
const struct http_route *practice_routes(size_t *count);

/* `sendingo practice-gateway …`; argv[0] is the subcommand. Returns the exit status. */
int practice_command(int argc, char **argv);

#endif
