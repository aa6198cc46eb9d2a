/*
 * client.c - see client.h.
 */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MS 10000
#define IN_MAX    ((size_t)64 << 20)

int64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct client client_open(uint16_t port)
{
    struct client c = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    buf_init(&c.in, IN_MAX);
    if (connect(c.fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(c.fd);
        c.fd = -1;
    }
    return c;
}

void client_close(struct client *c)
{
    close(c->fd);
    buf_free(&c->in);
}

void client_write(struct client *c, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        ssize_t sent = send(c->fd, at, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the server has gone: what it said is what the test wants to know */
        at += sent;
        n -= (size_t)sent;
    }
}

void client_send(struct client *c, const char *text)
{
    client_write(c, text, strlen(text));
}

/* Reads once; false at the end of the connection or of the time. */
static bool read_more(struct client *c, int64_t until)
{
    struct pollfd p = {.fd = c->fd, .events = POLLIN};
    int64_t left = until - clock_ms();
    if (left < 0 || poll(&p, 1, (int)left) <= 0)
        return false;
    char *to = buf_reserve(&c->in, 65536);
    ssize_t n = to ? recv(c->fd, to, 65536, 0) : -1;
    if (n <= 0)
        return false;
    c->in.len += (size_t)n;
    return true;
}

static bool read_until(struct client *c, struct str end, size_t from, size_t *at)
{
    int64_t until = clock_ms() + ANSWER_MS;
    for (;;) {
        ptrdiff_t found = str_find(buf_view(&c->in), end, from);
        if (found >= 0) {
            *at = (size_t)found;
            return true;
        }
        if (!read_more(c, until))
            return false;
    }
}

static bool read_count(struct client *c, size_t n)
{
    int64_t until = clock_ms() + ANSWER_MS;
    while (c->in.len < n)
        if (!read_more(c, until))
            return false;
    return true;
}

static void drop(struct client *c, size_t n)
{
    memmove(c->in.ptr, c->in.ptr + n, c->in.len - n);
    c->in.len -= n;
}

static bool take_chunks(struct client *c, struct buf *out)
{
    for (;;) {
        size_t line;
        if (!read_until(c, STR("\r\n"), 0, &line))
            return false;
        size_t size = strtoul(c->in.ptr, NULL, 16);
        if (!read_count(c, line + 2 + size + 2))
            return false;
        buf_append(out, c->in.ptr + line + 2, size);
        drop(c, line + 2 + size + 2);
        if (size == 0)
            return true;
    }
}

static bool take_body(struct client *c, struct answer *a)
{
    const char *length = strcasestr(a->head, "\r\nContent-Length: ");
    if (strcasestr(a->head, "\r\nTransfer-Encoding: chunked"))
        return take_chunks(c, &a->body);
    size_t n = length ? strtoul(length + 18, NULL, 10) : 0;
    bool whole = read_count(c, n);
    n = n < c->in.len ? n : c->in.len;
    buf_append(&a->body, c->in.ptr, n);
    drop(c, n);
    return whole;
}

struct answer client_read(struct client *c, bool head_only)
{
    struct answer a = {0};
    size_t end;
    buf_init(&a.body, IN_MAX);
    if (!read_until(c, STR("\r\n\r\n"), 0, &end) || end + 3 > sizeof a.head)
        return a;
    memcpy(a.head, c->in.ptr, end + 2);
    drop(c, end + 4);
    int status = (int)strtol(a.head + 9, NULL, 10);
    if (status == 100)
        return client_read(c, head_only);
    if (head_only || status == 204 || status == 304 || take_body(c, &a))
        a.status = status;
    return a;
}

bool client_await(struct client *c, const char *text, int timeout_ms)
{
    int64_t until = clock_ms() + timeout_ms;
    while (str_find(buf_view(&c->in), str_c(text), 0) < 0)
        if (!read_more(c, until))
            return false;
    return true;
}

bool client_ended(struct client *c, int timeout_ms)
{
    int64_t until = clock_ms() + timeout_ms;
    while (read_more(c, until))
        buf_clear(&c->in);
    return clock_ms() < until;
}

void answer_free(struct answer *a)
{
    buf_free(&a->body);
}

bool answer_has(const struct answer *a, const char *line)
{
    return strcasestr(a->head, line) != NULL;
}

struct answer fetch(uint16_t port, const char *request)
{
    struct client c = client_open(port);
    client_send(&c, request);
    struct answer a = client_read(&c, strncmp(request, "HEAD", 4) == 0);
    client_close(&c);
    return a;
}
