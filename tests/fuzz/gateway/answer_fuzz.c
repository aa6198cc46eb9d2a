/*
 * answer_fuzz.c - every reader of Aligo's answers, and the form reader, fed with garbage.
 *
 * Input: a byte that chooses the reader, then the body. What must hold: one of the answers of
 * gateway.h, words for everything but OK, rows that are really there, nothing for the sanitizers.
 */
#include "gateway/aligo_answer.h"
#include "gateway/form.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads with the chosen reader; *rows points at its list, if it has one. */
static enum gateway_answer read_any(unsigned which, const struct aligo_reply *reply,
                                    struct arena *a, const void **rows, size_t *count,
                                    struct gateway_fault *fault)
{
    struct gateway_receipt receipt;
    struct gateway_balance balance;
    int64_t pages;
    switch (which) {
    case 0:
        return aligo_read_history(reply, a, (const struct gateway_history **)rows, count, &pages,
                                  fault);
    case 1:
        return aligo_read_detail(reply, a, (const struct gateway_detail **)rows, count, &pages,
                                 fault);
    case 2:
        return aligo_read_templates(reply, a, (const struct gateway_template **)rows, count, fault);
    case 3:
        return aligo_read_profiles(reply, a, (const struct gateway_profile **)rows, count, fault);
    case 4:
        return aligo_read_balance(reply, a, &balance, fault);
    default:
        return aligo_read_send(reply, a, &receipt, fault);
    }
}

static void read_form(struct arena *a, struct str body)
{
    struct str name, value;
    while (form_next(a, &body, &name, &value))
        assert(name.ptr && value.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    if (size == 0)
        return 0;
    struct gateway_fault fault;
    const void *rows = NULL;
    size_t count = 0;
    struct aligo_reply reply = {200, str_n((const char *)data + 1, size - 1)};
    enum gateway_answer answer = read_any(data[0] % 6, &reply, &a, &rows, &count, &fault);
    assert(answer == GATEWAY_OK || fault.message.len > 0);
    assert(answer != GATEWAY_UNREACHED);
    assert(answer != GATEWAY_OK || count == 0 || rows);
    read_form(&a, reply.body);
    return 0;
}
