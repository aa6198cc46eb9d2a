/*
 * problem.c - see problem.h.
 */
#include "domain/problem.h"
#include "base/buf.h"

#include <assert.h>

#define SENTENCE_MAX ((size_t)16 << 10)

static const struct {
    const char *code;
    int status;
    const char *ko, *en;
} rows[] = {
#define P(name, code, status, ko, en) [PROBLEM_##name] = {code, status, ko, en},
#include "domain/problem.def"
#undef P
};

const char *problem_code(enum problem p)
{
    assert(p > PROBLEM_NONE && p < COUNT_OF(rows));
    return rows[p].code;
}

enum problem problem_find(struct str code)
{
    for (size_t i = PROBLEM_NONE + 1; i < COUNT_OF(rows); i++)
        if (str_eq(str_c(rows[i].code), code))
            return (enum problem)i;
    return PROBLEM_NONE;
}

int problem_status(enum problem p)
{
    assert(p > PROBLEM_NONE && p < COUNT_OF(rows));
    return rows[p].status;
}

struct str problem_text(enum problem p, bool english, const struct str args[PROBLEM_ARGS_MAX],
                        struct arena *a)
{
    assert(p > PROBLEM_NONE && p < COUNT_OF(rows));
    struct str sentence = str_c(english ? rows[p].en : rows[p].ko);
    BUF(out, SENTENCE_MAX);
    size_t from = 0, next = 0;
    for (ptrdiff_t at; (at = str_find(sentence, STR("{}"), from)) >= 0; from = (size_t)at + 2) {
        assert(next < PROBLEM_ARGS_MAX);
        buf_str(&out, str_slice(sentence, from, (size_t)at));
        buf_str(&out, args[next++]);
    }
    buf_str(&out, str_slice(sentence, from, sentence.len));
    return str_dup(a, buf_view(&out));
}
