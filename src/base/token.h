/*
 * token.h - short random names that cannot be guessed, and digests.
 *
 * Link tokens: 64 random bits in 11 characters of 0-9A-Za-z. With 10^8 live links and 1,000 guesses
 * a second the first hit takes years. Called by domain/campaign (links), the sender (node names).
 */
#ifndef BASE_TOKEN_H
#define BASE_TOKEN_H

#include "base/arena.h"
#include "base/str.h"

#define TOKEN_LENGTH 11

/* A new token, NUL-terminated. */
void token_make(char out[TOKEN_LENGTH + 1]);
/* True when the text has the shape of a token: what is looked up at all. */
bool token_shaped(struct str s);

/* BLAKE2b-256 of texts put in one after the other, each with its length, so that ("ab", "c") and
 * ("a", "bc") differ. */
struct digest {
    _Alignas(64) unsigned char state[384];
};
void digest_init(struct digest *d);
void digest_str(struct digest *d, struct str s);
void digest_i64(struct digest *d, int64_t n);
/* 64 hex characters owned by the arena. */
struct str digest_end(struct digest *d, struct arena *a);

#endif
