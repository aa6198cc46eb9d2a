/*
 * server.h - a listener: libmicrohttpd's epoll threads in front, worker threads behind.
 *
 * Epoll threads read heads and bodies and write answers; handlers run in worker threads and may
 * block. Several servers can live in one process (console, links, practice gateway). Every limit
 * of what comes from outside is a member here with its default beside it.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/http.h"

struct http_config {
    const char *name;    /* for the log */
    const char *address; /* "127.0.0.1", "0.0.0.0", "::1" … */
    uint16_t port;       /* 0: a free one, see http_server_port */
    const struct http_route *routes;
    size_t route_count;
    struct http_hooks hooks;
    void *app;
    const struct http_asset *assets; /* served by exact path for GET; NULL: none */
    size_t asset_count;
    const char *fallback_asset; /* path of the page served for unknown GETs that accept text/html */
    const char *asset_folder;   /* development: serve assets from this folder instead; or NULL */
    const char *upload_folder;  /* needed when a route takes HTTP_BODY_FILE */
    const char
        *security_policy;     /* Content-Security-Policy of every answer; NULL: a strict default */
    bool behind_proxy;        /* trust X-Forwarded-For of the peer */
    unsigned workers;         /* 0: 8; at most 64 */
    unsigned connections_max; /* 0: 4,000 */
    unsigned per_address_max; /* 0: no limit (behind a proxy all come from one) */
    unsigned idle_timeout_s;  /* 0: 60 */
    unsigned head_timeout_s;  /* 0: 10; a head not complete by then loses its connection */
    unsigned body_grace_s;    /* 0: 30; a body or an answer that takes longer than this … */
    unsigned body_rate_min;   /* 0: 16,384; … plus its bytes at this rate per second is cut off */
    unsigned streams_max;     /* 0: 1,000; event streams open at once, beyond it 503 */
    unsigned heartbeat_s;     /* 0: 15; a silent event stream sends a comment so often */
};

struct http_server;

/* Starts listening, or returns NULL with the reason logged. `config` is copied, what it points to
 * must outlive the server. */
struct http_server *http_server_start(const struct http_config *config) MUST_CHECK;
/* The port in use. */
uint16_t http_server_port(const struct http_server *s);
/* Stops accepting, lets running handlers finish, ends streams, frees everything and clears *s.
 * NULL-safe. A handler that still runs after 10 s would use what its caller frees next, so the
 * process ends there; nothing that was answered for is lost by that. */
void http_server_stop(struct http_server **s);

#endif
