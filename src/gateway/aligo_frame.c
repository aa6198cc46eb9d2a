/*
 * aligo_frame.c - see aligo_frame.h.
 */
#include "gateway/aligo_frame.h"

#include "base/clock.h"
#include "gateway/wire.h"
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

void aligo_tree_free(json_t **tree)
{
    json_decref(*tree);
}

struct str aligo_text(struct arena *a, const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    if (json_is_string(v) && json_string_length(v) > 0)
        return str_dup(a, str_n(json_string_value(v), json_string_length(v)));
    if (json_is_integer(v))
        return str_printf(a, "%lld", (long long)json_integer_value(v));
    return STR("");
}

/* At most `max` bytes of valid UTF-8, whole characters. */
static struct str clip(struct str s, size_t max)
{
    if (s.len <= max)
        return s;
    while (max > 0 && ((unsigned char)s.ptr[max] & 0xc0) == 0x80)
        max--;
    return str_n(s.ptr, max);
}

struct str aligo_string(struct arena *a, const json_t *value, size_t max)
{
    if (!json_is_string(value))
        return STR("");
    return str_dup(a, clip(str_n(json_string_value(value), json_string_length(value)), max));
}

struct str aligo_words(struct arena *a, const json_t *object, const char *key, size_t max)
{
    const json_t *v = json_object_get(object, key);
    return json_is_string(v) ? aligo_string(a, v, max) : aligo_text(a, object, key);
}

bool aligo_flag(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    struct str text = json_get_str(object, key);
    return json_is_true(v) || (text.ptr && str_eq_nocase(text, STR("Y")));
}

double aligo_decimal(const json_t *object, const char *key, double otherwise)
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

int64_t aligo_time(const json_t *object, const char *key)
{
    struct str text = json_get_str(object, key);
    int64_t ms;
    return text.ptr && kst_parse(text, &ms) ? ms : 0;
}

void aligo_texts(const json_t *row, struct arena *a, const struct aligo_field *fields, size_t count,
                 void *to)
{
    for (size_t i = 0; i < count; i++) {
        struct str text = aligo_text(a, row, fields[i].key);
        if (text.len == 0 && fields[i].other)
            text = aligo_text(a, row, fields[i].other);
        memcpy((char *)to + fields[i].offset, &text, sizeof text);
    }
}

/* ---- the frame every answer has ---- */

enum gateway_answer aligo_unknown(struct gateway_fault *fault, struct str what)
{
    *fault = (struct gateway_fault){.message = what};
    return GATEWAY_UNKNOWN;
}

enum gateway_answer aligo_refuse(struct gateway_fault *fault, struct arena *a, int64_t code,
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

enum gateway_answer aligo_open(const struct aligo_reply *reply, struct arena *a, json_t **tree,
                               int64_t *code, struct gateway_fault *fault)
{
    *fault = (struct gateway_fault){.message = STR("")};
    if (reply->status != 200)
        return aligo_unknown(fault, str_printf(a, "HTTP status %ld", reply->status));
    *tree = parse(reply->body, a);
    if (!*tree)
        return aligo_unknown(fault,
                             str_printf(a, "the answer is not JSON (%zu bytes)", reply->body.len));
    if (!json_is_object(*tree))
        return aligo_unknown(fault, STR("the answer is not a JSON object"));
    if (!json_get_i64(*tree, "code", code) && !json_get_i64(*tree, "result_code", code))
        return aligo_unknown(fault, STR("the answer has no code"));
    if (*code < 0)
        return aligo_refuse(fault, a, *code, aligo_words(a, *tree, "message", ALIGO_WORDS_MAX));
    return GATEWAY_OK;
}

enum gateway_answer aligo_open_done(const struct aligo_reply *reply, struct arena *a, json_t **tree,
                                    struct gateway_fault *fault)
{
    int64_t code = 0;
    enum gateway_answer answer = aligo_open(reply, a, tree, &code, fault);
    if (answer == GATEWAY_OK && code > 0)
        return aligo_refuse(fault, a, code, aligo_words(a, *tree, "message", ALIGO_WORDS_MAX));
    return answer;
}

enum gateway_answer aligo_open_rows(const struct aligo_reply *reply, struct arena *a,
                                    const json_t *rows, size_t row_size, size_t row_texts,
                                    struct gateway_fault *fault)
{
    enum {
        TEXT_OVERHEAD = 32
    }; /* alignment and the NUL byte of one text */
    if (!json_is_array(rows))
        return aligo_unknown(fault, STR("the answer has no list"));
    size_t count = json_array_size(rows);
    if (count > ALIGO_ROWS_MAX ||
        arena_room(a) < reply->body.len + (count + 1) * (row_size + row_texts * TEXT_OVERHEAD))
        return aligo_unknown(fault, STR("the list is longer than any page should be"));
    for (size_t i = 0; i < count; i++)
        if (!json_is_object(json_array_get(rows, i)))
            return aligo_unknown(fault, STR("a row of the list is not an object"));
    return GATEWAY_OK;
}

enum gateway_answer aligo_open_list(const struct aligo_reply *reply, struct arena *a,
                                    size_t row_size, size_t row_texts, json_t **tree, json_t **list,
                                    struct gateway_fault *fault)
{
    enum gateway_answer answer = aligo_open_done(reply, a, tree, fault);
    if (answer != GATEWAY_OK)
        return answer;
    *list = json_object_get(*tree, "list");
    return aligo_open_rows(reply, a, *list, row_size, row_texts, fault);
}
