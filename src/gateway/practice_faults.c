/*
 * practice_faults.c - see practice_faults.h.
 */
#include "gateway/practice_faults.h"

#include <stdlib.h>

static const struct {
    struct str word;
    struct practice_fault fault;
} faults[] = {
    {STR_INIT("ok"), {.before = false}},
    {STR_INIT("cut-before"), {.before = true, .cut = PRACTICE_CUT_ALL}},
    {STR_INIT("cut-after"), {.cut = PRACTICE_CUT_ALL}},
    {STR_INIT("half"), {.cut = PRACTICE_CUT_HALF}},
    {STR_INIT("hang"), {.cut = PRACTICE_CUT_HANG}},
    {STR_INIT("hang-before"), {.before = true, .cut = PRACTICE_CUT_HANG}},
    {STR_INIT("5xx"), {.before = true, .html = true, .http_status = 502}},
    {STR_INIT("5xx-after"), {.html = true, .http_status = 502}},
    {STR_INIT("html"), {.before = true, .html = true}},
    {STR_INIT("html-after"), {.html = true}},
};

static const struct str endpoints[] = {
    STR_INIT("send"),
    STR_INIT("list"),
    STR_INIT("detail"),
    STR_INIT("balance"),
    STR_INIT("cancel"),
    STR_INIT("templates"),
    STR_INIT("template-add"),
    STR_INIT("template-modify"),
    STR_INIT("template-delete"),
    STR_INIT("template-request"),
    STR_INIT("profiles"),
    STR_INIT("channel-auth"),
    STR_INIT("channel-add"),
    STR_INIT("categories"),
    STR_INIT("*"),
};

#define DELAY_MAX_MS (10 * MINUTE_MS)

bool practice_fault_parse(struct str word, struct practice_fault *fault)
{
    struct str name, rest = word, code;
    *fault = (struct practice_fault){.text = STR("")};
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        if (str_eq(faults[i].word, word)) {
            *fault = faults[i].fault;
            return true;
        }
    }
    if (!str_split(&rest, ':', &name) || !rest.ptr)
        return false;
    if (str_eq(name, STR("delay")))
        return str_i64(rest, 0, DELAY_MAX_MS, &fault->delay_ms);
    fault->before = fault->refuse = true;
    if (!str_eq(name, STR("refuse")) || !str_split(&rest, ':', &code) || !rest.ptr)
        return false;
    fault->text = rest;
    return str_i64(code, INT32_MIN, INT32_MAX, &fault->code);
}

struct str practice_fault_take(struct journal *j, struct str endpoint, double draw, struct arena *a)
{
    struct journal_wish *wishes;
    size_t n = journal_wishes(j, endpoint, a, &wishes);
    for (size_t i = 0; i < n; i++) {
        if (wishes[i].rate == 0) {
            journal_wish_remove(j, wishes[i].id);
            return wishes[i].fault;
        }
        if (draw < wishes[i].rate)
            return wishes[i].fault;
        draw -= wishes[i].rate;
    }
    return STR("ok");
}

bool practice_fault_add(struct journal *j, struct str endpoint, struct str word, bool once,
                        double rate)
{
    struct practice_fault fault;
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(endpoints); i++)
        known |= str_eq(endpoints[i], endpoint);
    if (!known || !practice_fault_parse(word, &fault) || !(rate >= 0 && rate <= 1))
        return false;
    /* To the journal 0 is "once" and a negative rate removes. */
    double kept = once ? 0 : rate > 0 ? rate : -1;
    journal_wish_add(j, &(struct journal_wish){.endpoint = endpoint, .fault = word, .rate = kept});
    return true;
}

/* "cut-after@0.1" */
static bool add_lasting(struct journal *j, struct str endpoint, struct str text, size_t at)
{
    char number[16];
    struct str rate = str_slice(text, at + 1, text.len);
    if (rate.len == 0 || rate.len >= sizeof number)
        return false;
    memcpy(number, rate.ptr, rate.len);
    number[rate.len] = '\0';
    char *end;
    double value = strtod(number, &end);
    return *end == '\0' && practice_fault_add(j, endpoint, str_slice(text, 0, at), false, value);
}

bool practice_fault_spec(struct journal *j, struct str spec)
{
    struct str endpoint, word, fault = spec;
    struct practice_fault ignored;
    if (!str_split(&fault, '=', &endpoint) || !fault.ptr)
        return false;
    ptrdiff_t at = str_find(fault, STR("@"), 0);
    if (at >= 0)
        return add_lasting(j, endpoint, fault, (size_t)at);
    for (struct str rest = fault; str_split(&rest, ',', &word);)
        if (!practice_fault_parse(word, &ignored))
            return false;
    while (str_split(&fault, ',', &word))
        if (!practice_fault_add(j, endpoint, word, true, 0))
            return false;
    return true;
}
