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
    struct gateway_profile added;
    struct str code;
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
    case 5:
        return aligo_read_categories(reply, a, (const struct gateway_category **)rows, count,
                                     fault);
    case 6:
        return aligo_read_saved(reply, STR(""), a, &code, fault);
    case 7:
        return aligo_read_added(reply, a, &added, fault);
    case 8:
        return aligo_read_done(reply, a, fault);
    default:
        return aligo_read_send(reply, a, &receipt, fault);
    }
}

static void look_at_templates(const struct gateway_template *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert(list[i].comment_count <= ALIGO_COMMENTS_MAX);
        for (size_t k = 0; k < list[i].comment_count; k++) {
            assert(list[i].comments[k].text.len > 0);
            assert(list[i].comments[k].text.len <= ALIGO_COMMENT_MAX);
            assert(utf8_valid(list[i].comments[k].text));
        }
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
    enum gateway_answer answer = read_any(data[0] % 10, &reply, &a, &rows, &count, &fault);
    assert(answer == GATEWAY_OK || fault.message.len > 0);
    assert(answer != GATEWAY_UNREACHED);
    assert(answer != GATEWAY_OK || count == 0 || rows);
    if (answer == GATEWAY_OK && data[0] % 10 == 2)
        look_at_templates(rows, count);
    read_form(&a, reply.body);
    return 0;
}
