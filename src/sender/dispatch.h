/*
 * dispatch.h - one batch: claimed and committed, called outside any transaction, its outcome
 * recorded.
 */
#ifndef SENDER_DISPATCH_H
#define SENDER_DISPATCH_H

#include "domain/request.h"
#include "sender/sender.h"

/* Claims and sends one batch. Returns 0 when one was sent, else the milliseconds to wait.
 * `keep_trying` says whether an outcome that the store does not take is to be tried again (false at
 * shutdown: then the call becomes unknown at the next start). */
int64_t dispatch_once(const struct sender_config *config, struct db *db, struct str node,
                      bool (*keep_trying)(void *ctx), void *ctx);

#endif
