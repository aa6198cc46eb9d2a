/*
 * client.h - an HTTP client that can misbehave, for the server tests.
 *
 * It writes the bytes it is told, slowly or half of them if a test wants so, and reads answers one
 * by one from the same connection. Everything has a time limit; a test never hangs.
 */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include "base/buf.h"

#include <stdint.h>

struct client {
    int fd;
    struct buf in; /* bytes read but not yet taken by an answer */
};

struct answer {
    int status;      /* 0: the connection ended before a whole answer */
    char head[4096]; /* status line and fields, NUL-terminated */
    struct buf body; /* chunks already joined */
};

struct client client_open(uint16_t port);
void client_close(struct client *c);
void client_write(struct client *c, const void *bytes, size_t n);
void client_send(struct client *c, const char *text);
/* Reads one answer; `head_only` for HEAD requests. End it with answer_free. */
struct answer client_read(struct client *c, bool head_only);
/* Reads what there is until the text is there or the connection ends; true when it came. */
bool client_await(struct client *c, const char *text, int timeout_ms);
/* True when the other side closes within the time; whatever it sends is thrown away. */
bool client_ended(struct client *c, int timeout_ms);
void answer_free(struct answer *a);
bool answer_has(const struct answer *a, const char *line);

/* open, send, read, close. */
struct answer fetch(uint16_t port, const char *request);

int64_t clock_ms(void);

#endif
