/*
 * aligo_answer.c - see aligo_answer.h.
 */
#include "gateway/aligo_answer.h"

#include "base/clock.h"
#include "base/json.h"
#include "gateway/wire.h"
#include <stddef.h>
#include <stdlib.h>

/* ---- what a refusal means ---- */

/* A distinctive part of Aligo's sentence, because spelling and spacing of the rest drift. The first
 * row that is found decides. */
static const struct {
    struct str part;
    enum gateway_class class;
} refusals[] = {
    {STR_INIT("서버 IP"), GATEWAY_CLASS_SETUP},
    {STR_INIT("등록되지 않은 인증키"), GATEWAY_CLASS_SETUP},
    {STR_INIT("인증오류"), GATEWAY_CLASS_SETUP},
    {STR_INIT("정보가 전달되지 않았습니다"), GATEWAY_CLASS_SETUP},
    {STR_INIT("포인트가 부족"), GATEWAY_CLASS_MONEY},
    {STR_INIT("보유건수가 부족"), GATEWAY_CLASS_MONEY},
    {STR_INIT("초당 발송 한도"), GATEWAY_CLASS_PACE},
    {STR_INIT("발신번호"), GATEWAY_CLASS_SETUP},
    {STR_INIT("템플릿코드"), GATEWAY_CLASS_SETUP},
    {STR_INIT("템플릿과 일치하지"), GATEWAY_CLASS_REJECTED},
    {STR_INIT("유효한 수신번호"), GATEWAY_CLASS_REJECTED},
};

enum gateway_class aligo_classify(int64_t code, struct str text)
{
    (void)code; /* -99 stands for everything, so the words decide */
    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        if (str_find(text, refusals[i].part, 0) >= 0)
            return refusals[i].class;
    return GATEWAY_CLASS_SETUP;
}

/* ---- single values ---- */

static void tree_free(json_t **tree)
{
    json_decref(*tree);
}
#define TREE(name) json_t *name CLEANUP(tree_free) = NULL

/* A member as text, also when it was written as an integer; empty when absent, null or no value. */
static struct str text_of(struct arena *a, const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    if (json_is_string(v) && json_string_length(v) > 0)
        return str_dup(a, str_n(json_string_value(v), json_string_length(v)));
    if (json_is_integer(v))
        return str_printf(a, "%lld", (long long)json_integer_value(v));
    return STR("");
}

/* A member as decimal number, also from text; `otherwise` when it is neither. */
static double decimal_of(const json_t *object, const char *key, double otherwise)
{
    const json_t *v = json_object_get(object, key);
    if (json_is_number(v))
        return json_number_value(v);
    if (!json_is_string(v) || json_string_length(v) == 0)
        return otherwise;
    char *end;
    double n = strtod(json_string_value(v), &end);
    return *end == '\0' ? n : otherwise;
}

/* A member as "YYYY-MM-DD HH:MM:SS" of Seoul; 0 when empty or anything else. */
static int64_t time_of(const json_t *object, const char *key)
{
    struct str text = json_get_str(object, key);
    int64_t ms;
    return text.ptr && kst_parse(text, &ms) ? ms : 0;
}

/* Which member fills which `struct str` of a row; `other` is a second spelling. */
struct text_field {
    const char *key, *other;
    size_t offset;
};

static void take_texts(const json_t *row, struct arena *a, const struct text_field *fields,
                       size_t count, void *to)
{
    for (size_t i = 0; i < count; i++) {
        struct str text = text_of(a, row, fields[i].key);
        if (text.len == 0 && fields[i].other)
            text = text_of(a, row, fields[i].other);
        memcpy((char *)to + fields[i].offset, &text, sizeof text);
    }
}

/* ---- the frame every answer has ---- */

static enum gateway_answer unknown(struct gateway_fault *fault, struct str what)
{
    *fault = (struct gateway_fault){.message = what};
    return GATEWAY_UNKNOWN;
}

static enum gateway_answer refused(struct gateway_fault *fault, struct arena *a, int64_t code,
                                   struct str text)
{
    *fault = (struct gateway_fault){
        .class = aligo_classify(code, text),
        .code = code,
        .message = text.len ? text : str_printf(a, "code %lld", (long long)code),
    };
    return GATEWAY_REFUSED;
}

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return true;
}

/* Length of the string or number that begins at `at`, or 1. */
static size_t token_length(struct str json, size_t at)
{
    size_t end = at + 1;
    if (json.ptr[at] == '"') {
        while (end < json.len && json.ptr[end] != '"')
            end += json.ptr[end] == '\\' ? 2 : 1;
        return end < json.len ? end + 1 - at : json.len - at;
    }
    static const char number[] = "0123456789.eE+-";
    if (memchr(number, json.ptr[at], sizeof number - 1))
        while (end < json.len && memchr(number, json.ptr[end], sizeof number - 1))
            end++;
    return end - at;
}

/* Copies `json` with integers that no int64 holds as texts: an id may have up to 20 digits. */
static void quote_long_integers(struct buf *out, struct str json)
{
    for (size_t i = 0, n; i < json.len; i += n) {
        n = token_length(json, i);
        struct str token = str_n(json.ptr + i, n);
        bool quote = n > 18 && is_digits(token);
        buf_str(out, quote ? STR("\"") : STR(""));
        buf_str(out, token);
        buf_str(out, quote ? STR("\"") : STR(""));
    }
}

/* The tree, or NULL when it is no JSON. The parser's own words quote the text, which may be about
 * people, so they are not passed on. */
static json_t *parse(struct str text, struct arena *a)
{
    json_t *tree = json_parse(text, a, NULL);
    if (tree)
        return tree;
    BUF(quoted, 2 * WIRE_ANSWER_MAX);
    quote_long_integers(&quoted, text);
    return json_parse(buf_view(&quoted), a, NULL);
}

/* Reads status, JSON and code. GATEWAY_OK: *tree is the object and *code is not negative. */
static enum gateway_answer open_reply(const struct aligo_reply *reply, struct arena *a,
                                      json_t **tree, int64_t *code, struct gateway_fault *fault)
{
    *fault = (struct gateway_fault){.message = STR("")};
    if (reply->status != 200)
        return unknown(fault, str_printf(a, "HTTP status %ld", reply->status));
    *tree = parse(reply->body, a);
    if (!*tree)
        return unknown(fault, str_printf(a, "the answer is not JSON (%zu bytes)", reply->body.len));
    if (!json_is_object(*tree))
        return unknown(fault, STR("the answer is not a JSON object"));
    if (!json_get_i64(*tree, "code", code) && !json_get_i64(*tree, "result_code", code))
        return unknown(fault, STR("the answer has no code"));
    if (*code < 0)
        return refused(fault, a, *code, text_of(a, *tree, "message"));
    return GATEWAY_OK;
}

/* Reads an answer with rows: code must be 0, `list` an array of objects that fits what the arena
 * has left when every row takes `row_size` bytes and `row_texts` texts. */
static enum gateway_answer open_list(const struct aligo_reply *reply, struct arena *a,
                                     size_t row_size, size_t row_texts, json_t **tree,
                                     json_t **list, struct gateway_fault *fault)
{
    enum {
        TEXT_OVERHEAD = 32
    }; /* alignment and the NUL byte of one text */
    int64_t code = 0;
    enum gateway_answer answer = open_reply(reply, a, tree, &code, fault);
    if (answer != GATEWAY_OK)
        return answer;
    if (code > 0)
        return refused(fault, a, code, text_of(a, *tree, "message"));
    *list = json_object_get(*tree, "list");
    if (!json_is_array(*list))
        return unknown(fault, STR("the answer has no list"));
    size_t rows = json_array_size(*list);
    if (rows > ALIGO_ROWS_MAX ||
        arena_room(a) < reply->body.len + (rows + 1) * (row_size + row_texts * TEXT_OVERHEAD))
        return unknown(fault, STR("the list is longer than any page should be"));
    for (size_t i = 0; i < rows; i++)
        if (!json_is_object(json_array_get(*list, i)))
            return unknown(fault, STR("a row of the list is not an object"));
    return GATEWAY_OK;
}

/* The same for a list in pages: how many there are must be told, or the end is not known. */
static enum gateway_answer open_page(const struct aligo_reply *reply, struct arena *a,
                                     size_t row_size, size_t row_texts, json_t **tree,
                                     json_t **list, int64_t *pages, struct gateway_fault *fault)
{
    enum gateway_answer answer = open_list(reply, a, row_size, row_texts, tree, list, fault);
    if (answer == GATEWAY_OK && (!json_get_i64(*tree, "totalPage", pages) || *pages < 0))
        return unknown(fault, STR("the answer does not say how many pages there are"));
    return answer;
}

/* ---- send ---- */

enum gateway_answer aligo_read_send(const struct aligo_reply *reply, struct arena *a,
                                    struct gateway_receipt *receipt, struct gateway_fault *fault)
{
    TREE(tree);
    int64_t code = 0;
    enum gateway_answer answer = open_reply(reply, a, &tree, &code, fault);
    if (answer != GATEWAY_OK)
        return answer;
    const json_t *info = json_object_get(tree, "info");
    struct str mid = text_of(a, info, "mid");
    /* A positive code is documented for no send; the id tells whether it was taken. */
    if (mid.len == 0 && code > 0)
        return refused(fault, a, code, text_of(a, tree, "message"));
    *receipt = (struct gateway_receipt){
        .mid = mid,
        .unit_price = decimal_of(info, "unit", -1),
        .balance = decimal_of(info, "current", -1),
    };
    if (mid.len == 0 || !json_get_i64(info, "scnt", &receipt->taken))
        return unknown(fault, STR("accepted, but the answer names no id or count"));
    if (!json_get_i64(info, "fcnt", &receipt->refused))
        receipt->refused = 0;
    return GATEWAY_OK;
}

/* ---- history ---- */

enum gateway_answer aligo_read_history(const struct aligo_reply *reply, struct arena *a,
                                       const struct gateway_history **list, size_t *count,
                                       int64_t *pages, struct gateway_fault *fault)
{
    static const struct text_field texts[] = {
        {"mid", NULL, offsetof(struct gateway_history, mid)},
        {"sender", NULL, offsetof(struct gateway_history, sender)},
        {"mbody", NULL, offsetof(struct gateway_history, body)},
        {"tpl_code", NULL, offsetof(struct gateway_history, template_code)},
    };
    TREE(tree);
    json_t *rows;
    enum gateway_answer answer = open_page(reply, a, sizeof(struct gateway_history),
                                           COUNT_OF(texts), &tree, &rows, pages, fault);
    if (answer != GATEWAY_OK)
        return answer;
    *count = json_array_size(rows);
    struct gateway_history *out = arena_array(a, *count, sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        const json_t *row = json_array_get(rows, i);
        take_texts(row, a, texts, COUNT_OF(texts), &out[i]);
        /* The table says regdate, the page's sample reg_date. */
        out[i].registered_at = time_of(row, "regdate");
        if (out[i].registered_at == 0)
            out[i].registered_at = time_of(row, "reg_date");
        /* A row that cannot be compared could hide the request that is looked for. */
        if (out[i].mid.len == 0 || out[i].registered_at == 0 ||
            !json_get_i64(row, "msg_count", &out[i].count))
            return unknown(fault, STR("a row of the history has no id, time or count"));
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
        return text_of(a, row, "button_json");
    char *dump = json_dumps(v, JSON_COMPACT);
    struct str text = str_dup(a, str_c(dump));
    free(dump);
    return text;
}

enum gateway_answer aligo_read_detail(const struct aligo_reply *reply, struct arena *a,
                                      const struct gateway_detail **list, size_t *count,
                                      int64_t *pages, struct gateway_fault *fault)
{
    static const struct text_field texts[] = {
        {"msgid", NULL, offsetof(struct gateway_detail, message_id)},
        {"phone", NULL, offsetof(struct gateway_detail, phone)},
        {"message", NULL, offsetof(struct gateway_detail, body)},
        {"tpl_code", NULL, offsetof(struct gateway_detail, template_code)},
        {"rslt", NULL, offsetof(struct gateway_detail, code)},
        {"rslt_message", NULL, offsetof(struct gateway_detail, text)},
    };
    TREE(tree);
    json_t *rows;
    enum gateway_answer answer = open_page(reply, a, sizeof(struct gateway_detail),
                                           COUNT_OF(texts) + 2, &tree, &rows, pages, fault);
    if (answer != GATEWAY_OK)
        return answer;
    *count = json_array_size(rows);
    struct gateway_detail *out = arena_array(a, *count, sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        const json_t *row = json_array_get(rows, i);
        take_texts(row, a, texts, COUNT_OF(texts), &out[i]);
        out[i].phone = digits_of(a, out[i].phone);
        if (out[i].phone.len == 0)
            return unknown(fault, STR("a row of the detail has no phone number"));
        out[i].buttons = buttons_of(a, row);
        out[i].result = result_of(&out[i]);
        out[i].sent_at = time_of(row, "sentdate");
        out[i].result_at = time_of(row, "rsltdate");
        if (out[i].result_at == 0)
            out[i].result_at = time_of(row, "reportdate");
    }
    *list = out;
    return GATEWAY_OK;
}

/* ---- templates ---- */

static const struct text_field template_texts[] = {
    {"templtCode", NULL, offsetof(struct gateway_template, code)},
    {"templtName", NULL, offsetof(struct gateway_template, name)},
    {"templtContent", NULL, offsetof(struct gateway_template, content)},
    {"templateType", NULL, offsetof(struct gateway_template, type)},
    {"templateEmType", NULL, offsetof(struct gateway_template, emphasis)},
    {"templtTitle", NULL, offsetof(struct gateway_template, title)},
    {"templtSubtitle", NULL, offsetof(struct gateway_template, subtitle)},
    {"templateExtra", "templtExtra", offsetof(struct gateway_template, extra)},
    {"status", NULL, offsetof(struct gateway_template, status)},
    {"inspStatus", NULL, offsetof(struct gateway_template, inspection)},
};

static const struct text_field button_texts[] = {
    {"name", NULL, offsetof(struct gateway_button, name)},
    {"linkType", NULL, offsetof(struct gateway_button, type)},
    {"linkTypeName", NULL, offsetof(struct gateway_button, type_name)},
    {"linkMo", "linkM", offsetof(struct gateway_button, mobile)},
    {"linkPc", "linkP", offsetof(struct gateway_button, pc)},
    {"linkIos", "linkI", offsetof(struct gateway_button, ios)},
    {"linkAnd", "linkA", offsetof(struct gateway_button, android)},
};

/* Takes the buttons by their `ordering`; without one they stand as they came. False when there are
 * more than a template can have. */
static bool take_buttons(const json_t *row, struct arena *a, struct gateway_template *t)
{
    const json_t *buttons = json_object_get(row, "buttons");
    size_t n = json_is_array(buttons) ? json_array_size(buttons) : 0;
    int64_t order[GATEWAY_BUTTONS_MAX] = {0};
    if (n > GATEWAY_BUTTONS_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        const json_t *from = json_array_get(buttons, i);
        struct gateway_button button;
        int64_t place = (int64_t)i + 1;
        take_texts(from, a, button_texts, COUNT_OF(button_texts), &button);
        if (!json_get_i64(from, "ordering", &place))
            place = (int64_t)i + 1;
        size_t to = i;
        for (; to > 0 && order[to - 1] > place; to--) {
            order[to] = order[to - 1];
            t->buttons[to] = t->buttons[to - 1];
        }
        order[to] = place;
        t->buttons[to] = button;
    }
    t->button_count = n;
    return true;
}

static void take_template(const json_t *row, struct arena *a, struct gateway_template *t)
{
    take_texts(row, a, template_texts, COUNT_OF(template_texts), t);
    /* Templates from before these members existed. */
    if (t->type.len == 0)
        t->type = STR("BA");
    if (t->emphasis.len == 0)
        t->emphasis = STR("NONE");
}

enum gateway_answer aligo_read_templates(const struct aligo_reply *reply, struct arena *a,
                                         const struct gateway_template **list, size_t *count,
                                         struct gateway_fault *fault)
{
    enum {
        TEXTS = COUNT_OF(template_texts) + GATEWAY_BUTTONS_MAX * COUNT_OF(button_texts)
    };
    TREE(tree);
    json_t *rows;
    enum gateway_answer answer =
        open_list(reply, a, sizeof(struct gateway_template), TEXTS, &tree, &rows, fault);
    if (answer != GATEWAY_OK)
        return answer;
    struct gateway_template *out = arena_array(a, json_array_size(rows), sizeof *out);
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        struct gateway_template *t = &out[n];
        take_template(row, a, t);
        if (t->code.len == 0 || t->content.len == 0)
            return unknown(fault, STR("a template has no code or no text"));
        /* With a button we cannot hold it could only be sent wrongly, so it is not offered. */
        if (take_buttons(row, a, t))
            n++;
    }
    *list = out;
    *count = n;
    return GATEWAY_OK;
}

/* ---- balance and profiles ---- */

enum gateway_answer aligo_read_balance(const struct aligo_reply *reply, struct arena *a,
                                       struct gateway_balance *balance, struct gateway_fault *fault)
{
    static const char *const names[] = {"ALT_CNT", "AT_CNT"};
    TREE(tree);
    int64_t code = 0;
    enum gateway_answer answer = open_reply(reply, a, &tree, &code, fault);
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

enum gateway_answer aligo_read_profiles(const struct aligo_reply *reply, struct arena *a,
                                        const struct gateway_profile **list, size_t *count,
                                        struct gateway_fault *fault)
{
    static const struct text_field texts[] = {
        {"senderKey", NULL, offsetof(struct gateway_profile, sender_key)},
        {"uuid", NULL, offsetof(struct gateway_profile, channel)},
        {"name", NULL, offsetof(struct gateway_profile, name)},
        {"status", NULL, offsetof(struct gateway_profile, status)},
        {"profileStat", NULL, offsetof(struct gateway_profile, state)},
    };
    TREE(tree);
    json_t *rows;
    enum gateway_answer answer =
        open_list(reply, a, sizeof(struct gateway_profile), COUNT_OF(texts), &tree, &rows, fault);
    if (answer != GATEWAY_OK)
        return answer;
    *count = json_array_size(rows);
    struct gateway_profile *out = arena_array(a, *count, sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        take_texts(json_array_get(rows, i), a, texts, COUNT_OF(texts), &out[i]);
        if (out[i].sender_key.len == 0)
            return unknown(fault, STR("a profile has no key"));
    }
    *list = out;
    return GATEWAY_OK;
}
