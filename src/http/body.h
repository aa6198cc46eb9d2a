/*
 * body.h - where the bytes of a request body go while they come in: memory or a file, bounded.
 *
 * Used by visit.c as pieces arrive and by http_exchange_run. Steps return 0 to go on, or the status
 * of an answer already written.
 */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "http/http.h"

/* Most bytes the route's body may have. */
size_t body_max(const struct http_exchange *x);

/* A body on its way in: into memory, or into a file of its own in `folder`. */
struct body {
    struct buf bytes;
    int fd; /* -1: none */
    int64_t size, max;
};

void body_begin(struct body *b);
/* Opens the file of an HTTP_BODY_FILE route; its name is in x->request from then on. */
int body_open(struct body *b, struct http_exchange *x, const char *folder);
/* Takes the next bytes; 413 as soon as they are too many. */
int body_take(struct body *b, struct http_exchange *x, const void *bytes, size_t n);
/* The body is complete: hands it to the request. The bytes stay owned by `b`. */
void body_finish(struct body *b, struct http_exchange *x);
void body_drop(struct body *b);
/* Removes the files that a killed process left in `folder`: nobody has written to them for long. */
void body_sweep(const char *folder);

#endif
