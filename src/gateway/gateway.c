/*
 * gateway.c - which drivers there are, and the state that every one of them has.
 */
#include "gateway/driver.h"

#include "base/log.h"
#include <stdlib.h>

static const struct gateway_driver *const drivers[] = {&gateway_aligo};

static struct gateway_timeouts timeouts = {
    .connect_ms = 10000,
    .send_ms = 30000,
    .read_ms = 15000,
};

void gateway_timeouts_set(const struct gateway_timeouts *t)
{
    timeouts = *t;
}

struct gateway_timeouts gateway_timeouts_get(void)
{
    return timeouts;
}

const struct gateway_driver *gateway_driver_find(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(drivers); i++)
        if (str_eq(str_c(drivers[i]->name), name))
            return drivers[i];
    return NULL;
}

struct gateway *gateway_open(const struct gateway_driver *driver,
                             const struct gateway_account *account)
{
    struct gateway *g = calloc(1, sizeof *g);
    if (!g)
        fatalx("out of memory");
    g->driver = driver;
    arena_init(&g->arena, (size_t)64 << 10);
    g->account = (struct gateway_account){
        .base_url = str_dup(&g->arena, account->base_url),
        .user_id = str_dup(&g->arena, account->user_id),
        .api_key = str_dup(&g->arena, account->api_key),
        .sender_key = str_dup(&g->arena, account->sender_key),
        .sender = str_dup(&g->arena, account->sender),
    };
    g->wire = wire_open();
    buf_init(&g->form, GATEWAY_FORM_MAX);
    buf_init(&g->piece, (size_t)64 << 10);
    return g;
}

const struct gateway_driver *gateway_driver(const struct gateway *g)
{
    return g->driver;
}

void gateway_close(struct gateway **g)
{
    struct gateway *gone = *g;
    *g = NULL;
    if (!gone)
        return;
    wire_close(&gone->wire);
    buf_free(&gone->form);
    buf_free(&gone->piece);
    arena_free(&gone->arena);
    free(gone);
}
