/*
 * token.c - see token.h.
 */
#include "base/token.h"

#include <sodium.h>

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

void token_make(char out[TOKEN_LENGTH + 1])
{
    uint64_t bits;
    randombytes_buf(&bits, sizeof bits);
    /* 62^11 > 2^64: every value has its own text, none is more likely. */
    for (int i = TOKEN_LENGTH - 1; i >= 0; i--, bits /= 62)
        out[i] = alphabet[bits % 62];
    out[TOKEN_LENGTH] = '\0';
}

bool token_shaped(struct str s)
{
    if (s.len != TOKEN_LENGTH)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '\0' || !strchr(alphabet, s.ptr[i]))
            return false;
    return true;
}

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct digest), "digest holds the state");

static crypto_generichash_state *state_of(struct digest *d)
{
    /* cppcheck-suppress ctuuninitvar // the array's address: nothing of it is read here */
    return (crypto_generichash_state *)(void *)d->state;
}

void digest_init(struct digest *d)
{
    crypto_generichash_init(state_of(d), NULL, 0, crypto_generichash_BYTES);
}

void digest_i64(struct digest *d, int64_t n)
{
    crypto_generichash_update(state_of(d), (const unsigned char *)&n, sizeof n);
}

void digest_str(struct digest *d, struct str s)
{
    digest_i64(d, (int64_t)s.len);
    crypto_generichash_update(state_of(d), (const unsigned char *)(s.ptr ? s.ptr : ""), s.len);
}

struct str digest_end(struct digest *d, struct arena *a)
{
    unsigned char sum[crypto_generichash_BYTES];
    crypto_generichash_final(state_of(d), sum, sizeof sum);
    char *hex = arena_alloc(a, sizeof sum * 2 + 1);
    sodium_bin2hex(hex, sizeof sum * 2 + 1, sum, sizeof sum);
    return str_n(hex, sizeof sum * 2);
}
