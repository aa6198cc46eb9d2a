/*
 * phone_fuzz.c - any bytes as a phone cell, a name and an address. What is accepted is always a
 * mobile number that is read again as itself; what was cleaned once is clean.
 */
#include "domain/phone.h"
#include "domain/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void phone_check(struct str text)
{
    struct phone p = phone_read(text);
    assert((p.verdict == PHONE_OK) == (p.reason == PHONE_REASON_NONE));
    if (p.verdict == PHONE_ERROR) {
        assert(p.digits[0] == '\0');
        return;
    }
    assert(strlen(p.digits) == PHONE_DIGITS && memcmp(p.digits, "010", 3) == 0);
    assert(strspn(p.digits, "0123456789") == PHONE_DIGITS);
    assert(phone_read(str_c(p.digits)).verdict == PHONE_OK);
}

static void text_check(struct arena *a, struct str text)
{
    struct str line = text_line(a, text), email = text_email(a, text);
    assert(utf8_valid(line) && str_eq(text_line(a, line), line));
    assert(str_eq(text_email(a, email), email));
    text_email_ok(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    struct str text = str_dup(&a, str_n((const char *)data, size));
    phone_check(text);
    text_check(&a, text);
    return 0;
}
