/*
 * phone_set.c - see phone_set.h.
 */
#include "domain/phone_set.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBERS   INT64_C(100000000)
#define WORD_BITS 64
#define WORDS     ((size_t)(NUMBERS / WORD_BITS))

_Static_assert(NUMBERS % WORD_BITS == 0, "no bit is left over");

void phone_set_free(struct phone_set *s)
{
    free(s->bits);
    *s = (struct phone_set){0};
}

/* The eight digits behind 010 as a number; -1 for anything else. */
static int64_t place(struct str phone)
{
    int64_t n = 0;
    if (phone.len != PHONE_DIGITS || !str_starts(phone, STR("010")))
        return -1;
    for (size_t i = 3; i < PHONE_DIGITS; i++) {
        if (phone.ptr[i] < '0' || phone.ptr[i] > '9')
            return -1;
        n = n * 10 + (phone.ptr[i] - '0');
    }
    return n;
}

bool phone_set_has(const struct phone_set *s, struct str phone)
{
    int64_t n = s->bits ? place(phone) : -1;
    return n >= 0 && s->bits[n / WORD_BITS] >> n % WORD_BITS & 1;
}

bool phone_set_add(struct phone_set *s, struct str phone)
{
    int64_t n = place(phone);
    if (n < 0 || phone_set_has(s, phone))
        return false;
    if (!s->bits)
        s->bits = calloc(WORDS, sizeof *s->bits);
    assert(s->bits); /* as an arena: without memory there is no going on */
    s->bits[n / WORD_BITS] |= UINT64_C(1) << n % WORD_BITS;
    s->count++;
    return true;
}

bool phone_set_next(const struct phone_set *s, int64_t *at, char phone[PHONE_DIGITS + 1])
{
    while (s->bits && *at < NUMBERS) {
        uint64_t rest = s->bits[*at / WORD_BITS] >> *at % WORD_BITS;
        if (rest == 0) {
            *at += WORD_BITS - *at % WORD_BITS;
            continue;
        }
        *at += __builtin_ctzll(rest);
        snprintf(phone, PHONE_DIGITS + 1, "010%08d", (int)*at);
        ++*at;
        return true;
    }
    return false;
}
