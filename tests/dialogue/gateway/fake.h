/*
 * fake.h - a server that does exactly what a script says, byte for byte, and counts.
 *
 * A step says how much of a request is read, which bytes go back and what happens to the connection
 * then. Each request takes the next step, whatever connection it comes on; the last step repeats
 * itself, so that a request that was sent again is seen and counted.
 */
#ifndef TEST_GATEWAY_FAKE_H
#define TEST_GATEWAY_FAKE_H

#include "base/buf.h"

#include <pthread.h>
#include <stdatomic.h>

enum fake_end {
    FAKE_CLOSE, /* close the connection properly */
    FAKE_RESET, /* close it with a reset */
    FAKE_KEEP,  /* wait for the next request on it */
    FAKE_HOLD,  /* neither answer nor close until the client goes */
};

struct fake_step {
    bool unread;       /* do not read the request first */
    const char *head;  /* sent as it is; NULL: nothing */
    const char *body;  /* sent after it */
    size_t body_times; /* 0: once */
    int byte_delay_ms; /* between the bytes of the body */
    enum fake_end end;
};

struct fake {
    const struct fake_step *steps;
    size_t count;
    int listener;
    uint16_t port;
    pthread_t thread;
    atomic_int connections, requests; /* requests: read to their last byte */
    atomic_bool stopping;
    bool running;
    struct buf last; /* the last request, head and body; read it after fake_stop */
};

/* Starts anew; `f` is zeroed or stopped. */
void fake_start(struct fake *f, const struct fake_step *steps, size_t count);
/* Stops if it runs. */
void fake_stop(struct fake *f);

#define ANSWER(json)                                                                               \
    .head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n",      \
    .body = json

#endif
