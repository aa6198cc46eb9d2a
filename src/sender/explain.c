/*
 * explain.c - see explain.h.
 */
#include "sender/explain.h"

static const struct {
    struct str part;
    enum problem problem;
} rows[] = {
#define W(part, name) {STR_INIT(part), PROBLEM_##name},
#include "sender/explain.def"
#undef W
};

enum problem explain_words(struct str words)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_find(words, rows[i].part, 0) >= 0)
            return rows[i].problem;
    return PROBLEM_GATEWAY_REFUSED;
}

struct str explain_store(struct arena *a, enum problem p, struct str words)
{
    return str_printf(a, "%s: %.*s", problem_code(p), STR_ARG(words));
}

struct str explain_text(struct arena *a, struct str stored, bool english)
{
    if (stored.len == 0)
        return STR("");
    ptrdiff_t colon = str_find(stored, STR(": "), 0);
    enum problem p = colon > 0 ? problem_find(str_slice(stored, 0, (size_t)colon)) : PROBLEM_NONE;
    struct str words = p ? str_slice(stored, (size_t)colon + 2, stored.len) : stored;
    if (!p)
        p = explain_words(words);
    static const struct str none[PROBLEM_ARGS_MAX] = {STR_INIT(""), STR_INIT(""), STR_INIT("")};
    struct str sentence = problem_text(p, english, none, a);
    if (words.len == 0)
        return sentence;
    return str_printf(a, "%.*s (%s: %.*s)", STR_ARG(sentence),
                      english ? "the gateway's words" : "게이트웨이의 말", STR_ARG(words));
}
