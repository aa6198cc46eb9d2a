/*
 * server.c - see server.h: one listener's life. The way of a single request is in visit.c.
 */
#include "http/server.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/tick.h"
#include "http/visit.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Of one connection. The head must fit, and its cookies twice: libmicrohttpd splits a copy. */
#define POOL_BYTES ((size_t)16 << 10)

#define DESCRIPTORS_MAX   65536
#define EPOLL_THREADS     4
#define DRAIN_HANDLERS_MS (10 * SECOND_MS)
#define DRAIN_ANSWERS_MS  2000

/* ---- what libmicrohttpd calls ---- */

static void address_text(const struct sockaddr *from, char out[INET6_ADDRSTRLEN])
{
    const struct sockaddr_in *v4 = (const void *)from;
    const struct sockaddr_in6 *v6 = (const void *)from;
    out[0] = '\0';
    if (from->sa_family == AF_INET)
        inet_ntop(AF_INET, &v4->sin_addr, out, INET6_ADDRSTRLEN);
    else if (from->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
        inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], out, INET6_ADDRSTRLEN);
    else if (from->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &v6->sin6_addr, out, INET6_ADDRSTRLEN);
}

static struct peer *peer_new(const struct http_server *s, struct MHD_Connection *c)
{
    struct peer *p = calloc(1, sizeof *p);
    if (!p)
        fatalx("out of memory (connection)");
    p->fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    p->cut_at = tick_now() + s->config.head_timeout_s * SECOND_MS;
    address_text(MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr,
                 p->address);
    return p;
}

static void on_connection(void *cls, struct MHD_Connection *c, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *s = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = peer_new(s, c);
        keeper_add(&s->keeper, *context);
        return;
    }
    struct peer *p = *context;
    if (p->visit) /* some heads that are no HTTP end without on_completed */
        visit_free(p->visit);
    keeper_remove(&s->keeper, p);
    free(p);
}

static void *on_request_line(void *cls, const char *target, struct MHD_Connection *c)
{
    struct visit *v = visit_new(cls, c, target);
    if (v->peer->visit)
        visit_free(v->peer->visit);
    return v->peer->visit = v;
}

static enum MHD_Result on_access(void *cls UNUSED, struct MHD_Connection *c UNUSED,
                                 const char *url UNUSED, const char *method,
                                 const char *version UNUSED, const char *bytes, size_t *n,
                                 void **context)
{
    return visit_step(*context, method, bytes, n);
}

static void on_completed(void *cls UNUSED, struct MHD_Connection *c UNUSED, void **context,
                         enum MHD_RequestTerminationCode why UNUSED)
{
    struct visit *v = *context;
    if (!v)
        return;
    v->peer->visit = NULL;
    visit_free(v);
    *context = NULL;
}

static void PRINTF_LIKE(2, 0) on_log(void *cls, const char *fmt, va_list args)
{
    const struct http_server *s = cls;
    char line[256];
    int n = vsnprintf(line, sizeof line, fmt, args);
    while (n > 0 && n < (int)sizeof line && (line[n - 1] == '\n' || line[n - 1] == ' '))
        line[--n] = '\0';
    log_debug("%s: %s", s->config.name, line);
}

/* Escapes are decoded by exchange_target; libmicrohttpd shall leave its own copy alone. */
static size_t on_unescape(void *cls UNUSED, struct MHD_Connection *c UNUSED, char *text)
{
    return strlen(text);
}

/* ---- start ---- */

static void default_to(unsigned *value, unsigned usual)
{
    if (*value == 0)
        *value = usual;
}

static void config_complete(struct http_config *c)
{
    default_to(&c->workers, 8);
    default_to(&c->connections_max, 4000);
    default_to(&c->idle_timeout_s, 60);
    default_to(&c->head_timeout_s, 10);
    default_to(&c->body_grace_s, 30);
    default_to(&c->body_rate_min, 16384);
    default_to(&c->streams_max, 1000);
    default_to(&c->heartbeat_s, 15);
    for (size_t i = 0; i < c->route_count; i++)
        assert(c->routes[i].body != HTTP_BODY_FILE || c->upload_folder);
}

/* The usual soft limit of 1,024 descriptors would leave later connections waiting. */
static void descriptors_raise(const struct http_config *c)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    rlim_t most = limit.rlim_max < DESCRIPTORS_MAX ? limit.rlim_max : DESCRIPTORS_MAX;
    if (limit.rlim_cur < most) {
        limit.rlim_cur = most;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur < c->connections_max)
        log_warnx("%s: only %llu descriptors for %u connections", c->name,
                  (unsigned long long)limit.rlim_cur, c->connections_max);
}

static struct addrinfo *address_find(const struct http_config *c)
{
    char port[8];
    struct addrinfo *found = NULL;
    const struct addrinfo wanted = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
                                    .ai_socktype = SOCK_STREAM};
    snprintf(port, sizeof port, "%u", c->port);
    int error = getaddrinfo(c->address, port, &wanted, &found);
    if (error)
        log_warnx("%s: address %s: %s", c->name, c->address, gai_strerror(error));
    return error ? NULL : found;
}

static unsigned epoll_threads(const struct http_config *c)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = cores > 1 ? (unsigned)cores : 1;
    threads = threads < EPOLL_THREADS ? threads : EPOLL_THREADS;
    return threads < c->connections_max ? threads : c->connections_max;
}

static struct MHD_Daemon *daemon_start(struct http_server *s, const struct addrinfo *at)
{
    const struct http_config *c = &s->config;
    unsigned threads = epoll_threads(c);
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     (at->ai_family == AF_INET6 ? MHD_USE_DUAL_STACK : 0U);
    const struct MHD_OptionItem options[] = {
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)c->connections_max, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, (intptr_t)c->per_address_max, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)POOL_BYTES, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)c->idle_timeout_s, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024, NULL},
        {MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, NULL},
        /* A pool of one is refused: a single thread is the absence of the option. */
        {threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_access, s, MHD_OPTION_EXTERNAL_LOGGER, on_log, s, MHD_OPTION_ARRAY,
        options, MHD_OPTION_SOCK_ADDR, at->ai_addr, MHD_OPTION_URI_LOG_CALLBACK, on_request_line, s,
        MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_END);
}

static bool listen_start(struct http_server *s)
{
    struct addrinfo *at = address_find(&s->config);
    if (!at)
        return false;
    s->daemon = daemon_start(s, at);
    freeaddrinfo(at);
    if (!s->daemon) {
        log_warn("%s: cannot listen on %s port %u", s->config.name, s->config.address,
                 s->config.port);
        return false;
    }
    s->port = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return true;
}

struct http_server *http_server_start(const struct http_config *config)
{
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        fatalx("out of memory (server)");
    s->config = *config;
    config_complete(&s->config);
    s->call = (struct http_call){.routes = config->routes,
                                 .route_count = config->route_count,
                                 .hooks = &s->config.hooks,
                                 .app = config->app};
    descriptors_raise(&s->config);
    if (config->upload_folder)
        body_sweep(config->upload_folder);
    signal(SIGPIPE, SIG_IGN); /* a client that went away is an error code, not a death */
    signal(SIGXFSZ, SIG_IGN); /* so is a file that may grow no further */
    if (!workers_start(&s->workers, s->config.workers, visit_work) ||
        !keeper_start(&s->keeper, visit_wake) || !streams_start(&s->streams, &s->config))
        fatalx("%s: cannot start threads", config->name);
    if (!listen_start(s)) {
        http_server_stop(&s);
        return NULL;
    }
    return s;
}

uint16_t http_server_port(const struct http_server *s)
{
    return s->port;
}

/* ---- stop ---- */

/* Takes no more connections and lets what is under way come to its end. Returns the listener, which
 * an epoll thread may still hold. */
static MHD_socket server_quiet(struct http_server *s)
{
    atomic_store(&s->stopping, true);
    MHD_socket listener = MHD_quiesce_daemon(s->daemon);
    if (listener != MHD_INVALID_SOCKET)
        shutdown(listener, SHUT_RDWR);
    keeper_release(&s->keeper);
    streams_end(&s->streams);
    if (!workers_drain(&s->workers, DRAIN_HANDLERS_MS))
        fatalx("%s: a handler did not come to its end in time", s->config.name);
    keeper_wait_visits(&s->keeper, DRAIN_ANSWERS_MS);
    return listener;
}

void http_server_stop(struct http_server **server)
{
    struct http_server *s = *server;
    if (!s)
        return;
    if (s->daemon) {
        MHD_socket listener = server_quiet(s);
        MHD_stop_daemon(s->daemon);
        if (listener != MHD_INVALID_SOCKET)
            close(listener);
    }
    workers_stop(&s->workers);
    keeper_stop(&s->keeper);
    streams_stop(&s->streams);
    free(s);
    *server = NULL;
}
