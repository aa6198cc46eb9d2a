/*
 * wire.h - one POST over HTTP, and an honest word about what became of it.
 *
 * The drivers of this room speak through it; it knows nothing of messages. It follows no redirect,
 * uses no proxy from the environment, speaks HTTP/1.1 only and bounds what it reads. A body
 * is an encoded form, or multipart/form-data when a file goes with it.
 *
 * libcurl repeats a request by itself, a POST too, when a kept-alive connection turns out to be
 * closed. A call that must not happen twice therefore asks for a fresh connection, and a second
 * start of the same call is refused besides.
 */
#ifndef GATEWAY_WIRE_H
#define GATEWAY_WIRE_H

#include "base/buf.h"

/* The largest answer taken: 500 detail rows with escaped texts are about 5 MB. */
#define WIRE_ANSWER_MAX ((size_t)32 << 20)

enum wire_outcome {
    WIRE_ANSWERED,  /* a complete HTTP answer: status and body are there */
    WIRE_UNREACHED, /* no connection, so not a byte of the request left */
    WIRE_BROKEN,    /* the request was begun and no complete answer came */
};

struct wire;

/* One field of a multipart/form-data body. */
struct wire_part {
    const char *name;
    struct str value;
    const char *file, *type; /* its file name and media type; NULL: a plain field */
};

struct wire_call {
    const char *url;
    struct str body; /* form-encoded; not used when there are parts */
    const struct wire_part *parts;
    size_t part_count;
    bool once; /* fresh connection, closed afterwards, never repeated */
    long connect_ms, total_ms;
};

struct wire_answer {
    long status;
    struct str body;  /* owned by the wire until the next call */
    const char *what; /* what broke, for people; owned by the wire until the next call */
};

/* A connection state for one thread. Never NULL. */
struct wire *wire_open(void) MUST_CHECK;
void wire_close(struct wire **w);

enum wire_outcome wire_post(struct wire *w, const struct wire_call *call,
                            struct wire_answer *answer) MUST_CHECK;

#endif
