/*
 * driver.h - what gateway.c and the drivers share; nobody else includes it.
 */
#ifndef GATEWAY_DRIVER_H
#define GATEWAY_DRIVER_H

#include "gateway/gateway.h"
#include "gateway/wire.h"

/* The largest request: 500 receivers, each with a full Korean body (9,000 bytes encoded), a title
 * and five buttons with long links. */
#define GATEWAY_FORM_MAX ((size_t)24 << 20)

struct gateway {
    const struct gateway_driver *driver;
    struct gateway_account account; /* texts live in `arena` */
    struct arena arena;
    struct wire *wire;
    struct buf form;  /* the request being written; kept between calls */
    struct buf piece; /* one button_N as JSON */
};

extern const struct gateway_driver gateway_aligo;

#endif
