/*
 * seal.h - secrets at rest: gateway keys are stored encrypted with the server's own key.
 *
 * The key is 32 random bytes in `secret.key` of the data folder (0600), or a file that all nodes
 * share. XSalsa20-Poly1305 (libsodium secretbox), nonce in front, base64url.
 */
#ifndef DOMAIN_SEAL_H
#define DOMAIN_SEAL_H

#include "base/arena.h"
#include "base/str.h"

/* Reads the key from `path`, making the file when it is absent. False with the reason logged. Call
 * once, before threads start. */
bool seal_key_load(const char *path) MUST_CHECK;
struct str seal_text(struct arena *a, struct str plain);
/* False when it was not sealed with this key. */
bool seal_open(struct arena *a, struct str sealed, struct str *plain) MUST_CHECK;

#endif
