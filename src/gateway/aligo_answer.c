/*
 * aligo_answer.c - see aligo_answer.h: what was sent, what became of it, what is left to pay it.
 */
#include "gateway/aligo_frame.h"

#include <stddef.h>
#include <stdlib.h>

/* The same for a list in pages: how many there are must be told, or the end is not known. */
static enum gateway_answer open_page(const struct aligo_reply *reply, struct arena *a,
                                     size_t row_size, size_t row_texts, json_t **tree,
                                     json_t **list, int64_t *pages, struct gateway_fault *fault)
{
    enum gateway_answer answer = aligo_open_list(reply, a, row_size, row_texts, tree, list, fault);
    if (answer == GATEWAY_OK && (!json_get_i64(*tree, "totalPage", pages) || *pages < 0))
        return aligo_unknown(fault, STR("the answer does not say how many pages there are"));
    return answer;
}

/* ---- send ---- */

enum gateway_answer aligo_read_send(const struct aligo_reply *reply, struct arena *a,
                                    struct gateway_receipt *receipt, struct gateway_fault *fault)
{
    ALIGO_TREE(tree);
    int64_t code = 0;
    enum gateway_answer answer = aligo_open(reply, a, &tree, &code, fault);
    if (answer != GATEWAY_OK)
        return answer;
    const json_t *info = json_object_get(tree, "info");
    struct str mid = aligo_text(a, info, "mid");
    /* A positive code is documented for no send; the id tells whether it was taken. */
    if (mid.len == 0 && code > 0)
        return aligo_refuse(fault, a, code, aligo_text(a, tree, "message"));
    *receipt = (struct gateway_receipt){
        .mid = mid,
        .unit_price = aligo_decimal(info, "unit", -1),
        .balance = aligo_decimal(info, "current", -1),
    };
    if (mid.len == 0 || !json_get_i64(info, "scnt", &receipt->taken))
        return aligo_unknown(fault, STR("accepted, but the answer names no id or count"));
    if (!json_get_i64(info, "fcnt", &receipt->refused))
        receipt->refused = 0;
    return GATEWAY_OK;
}

/* ---- history ---- */

enum gateway_answer aligo_read_history(const struct aligo_reply *reply, struct arena *a,
                                       const struct gateway_history **list, size_t *count,
                                       int64_t *pages, struct gateway_fault *fault)
{
    static const struct aligo_field texts[] = {
        {"mid", NULL, offsetof(struct gateway_history, mid)},
        {"sender", NULL, offsetof(struct gateway_history, sender)},
        {"mbody", NULL, offsetof(struct gateway_history, body)},
        {"tpl_code", NULL, offsetof(struct gateway_history, template_code)},
    };
    ALIGO_TREE(tree);
    json_t *rows;
    enum gateway_answer answer = open_page(reply, a, sizeof(struct gateway_history),
                                           COUNT_OF(texts), &tree, &rows, pages, fault);
    if (answer != GATEWAY_OK)
        return answer;
    *count = json_array_size(rows);
    struct gateway_history *out = arena_array(a, *count, sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        const json_t *row = json_array_get(rows, i);
        aligo_texts(row, a, texts, COUNT_OF(texts), &out[i]);
        /* The table says regdate, the page's sample reg_date. */
        out[i].registered_at = aligo_time(row, "regdate");
        if (out[i].registered_at == 0)
            out[i].registered_at = aligo_time(row, "reg_date");
        /* A row that cannot be compared could hide the request that is looked for. */
        if (out[i].mid.len == 0 || out[i].registered_at == 0 ||
            !json_get_i64(row, "msg_count", &out[i].count))
            return aligo_unknown(fault, STR("a row of the history has no id, time or count"));
    }
    *list = out;
    return GATEWAY_OK;
}

/* ---- detail ---- */

/* The phone as digits only, whatever stands between them. */
static struct str digits_of(struct arena *a, struct str phone)
{
    char *to = arena_alloc(a, phone.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < phone.len; i++)
        if (phone.ptr[i] >= '0' && phone.ptr[i] <= '9')
            to[n++] = phone.ptr[i];
    return str_n(to, n);
}

/* Finished is an id without the Q of the queue and a result letter; only 0 is success. */
static enum gateway_result result_of(const struct gateway_detail *d)
{
    if (d->message_id.len == 0 || d->message_id.ptr[0] == 'Q' || d->code.len == 0)
        return GATEWAY_RESULT_PENDING;
    return str_eq(d->code, STR("0")) ? GATEWAY_RESULT_DELIVERED : GATEWAY_RESULT_FAILED;
}

/* Buttons come as JSON text; should they come as an object, it is written as text again. */
static struct str buttons_of(struct arena *a, const json_t *row)
{
    const json_t *v = json_object_get(row, "button_json");
    if (!json_is_object(v) && !json_is_array(v))
        return aligo_text(a, row, "button_json");
    char *dump = json_dumps(v, JSON_COMPACT);
    struct str text = str_dup(a, str_c(dump));
    free(dump);
    return text;
}

enum gateway_answer aligo_read_detail(const struct aligo_reply *reply, struct arena *a,
                                      const struct gateway_detail **list, size_t *count,
                                      int64_t *pages, struct gateway_fault *fault)
{
    static const struct aligo_field texts[] = {
        {"msgid", NULL, offsetof(struct gateway_detail, message_id)},
        {"phone", NULL, offsetof(struct gateway_detail, phone)},
        {"message", NULL, offsetof(struct gateway_detail, body)},
        {"tpl_code", NULL, offsetof(struct gateway_detail, template_code)},
        {"rslt", NULL, offsetof(struct gateway_detail, code)},
        {"rslt_message", NULL, offsetof(struct gateway_detail, text)},
    };
    ALIGO_TREE(tree);
    json_t *rows;
    enum gateway_answer answer = open_page(reply, a, sizeof(struct gateway_detail),
                                           COUNT_OF(texts) + 2, &tree, &rows, pages, fault);
    if (answer != GATEWAY_OK)
        return answer;
    *count = json_array_size(rows);
    struct gateway_detail *out = arena_array(a, *count, sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        const json_t *row = json_array_get(rows, i);
        aligo_texts(row, a, texts, COUNT_OF(texts), &out[i]);
        out[i].phone = digits_of(a, out[i].phone);
        if (out[i].phone.len == 0)
            return aligo_unknown(fault, STR("a row of the detail has no phone number"));
        out[i].buttons = buttons_of(a, row);
        out[i].result = result_of(&out[i]);
        out[i].sent_at = aligo_time(row, "sentdate");
        out[i].result_at = aligo_time(row, "rsltdate");
        if (out[i].result_at == 0)
            out[i].result_at = aligo_time(row, "reportdate");
    }
    *list = out;
    return GATEWAY_OK;
}

/* ---- balance ---- */

enum gateway_answer aligo_read_balance(const struct aligo_reply *reply, struct arena *a,
                                       struct gateway_balance *balance, struct gateway_fault *fault)
{
    static const char *const names[] = {"ALT_CNT", "AT_CNT"};
    ALIGO_TREE(tree);
    int64_t code = 0;
    enum gateway_answer answer = aligo_open(reply, a, &tree, &code, fault);
    if (answer != GATEWAY_OK)
        return answer; /* 0 and 1 are both success here */
    const json_t *list = json_object_get(tree, "list");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (json_get_i64(list, names[i], &balance->messages) ||
            json_get_i64(tree, names[i], &balance->messages))
            return GATEWAY_OK;
    balance->messages = -1;
    return GATEWAY_OK;
}
