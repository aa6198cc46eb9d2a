/*
 * column_content.c - see column_content.h.
 */
#include "domain/column_content.h"
#include "domain/column_words.h"
#include "domain/phone.h"
#include "domain/text.h"

/* The family names of all but one Korean in two hundred; rarer ones begin too many other words. */
static const struct str family_names = STR_INIT(
    "김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노하곽성차주우구민진나지엄채"
    "원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉");
static const struct str family_names_of_two[] = {
    STR_INIT("남궁"), STR_INIT("황보"), STR_INIT("제갈"), STR_INIT("사공"),
    STR_INIT("선우"), STR_INIT("서문"), STR_INIT("독고"), STR_INIT("동방"),
};

static const struct str nones[] = {
    STR_INIT("없음"),   STR_INIT("없슴"),    STR_INIT("모름"),     STR_INIT("미상"),
    STR_INIT("미기재"), STR_INIT("미입력"),  STR_INIT("거부"),     STR_INIT("수신거부"),
    STR_INIT("해지"),   STR_INIT("결번"),    STR_INIT("번호없음"), STR_INIT("무"),
    STR_INIT("na"),     STR_INIT("none"),    STR_INIT("null"),     STR_INIT("x"),
    STR_INIT("nan"),    STR_INIT("unknown"),
};

bool cell_is_phone(struct str cell)
{
    return phone_read(cell_value(cell)).verdict != PHONE_ERROR;
}

/* Begins as a number does, and not as an amount: with 0, +, a bracket, or with separators inside.
 */
static bool is_written_to_call(struct str cell)
{
    size_t digits = 0, dashes = 0;
    for (size_t i = 0; i < cell.len; i++) {
        digits += cell.ptr[i] >= '0' && cell.ptr[i] <= '9';
        dashes += cell.ptr[i] == '-' || cell.ptr[i] == ')';
    }
    return digits >= 7 && (cell.ptr[0] == '0' || cell.ptr[0] == '+' || dashes > 0);
}

bool cell_calls(struct str cell)
{
    cell = str_trim(cell_value(cell));
    struct phone p = phone_read(cell);
    if (p.verdict != PHONE_ERROR)
        return true;
    return p.reason != PHONE_REASON_EMPTY && p.reason != PHONE_REASON_INVALID &&
           (p.reason == PHONE_REASON_MASKED || p.reason == PHONE_REASON_LOSSY ||
            is_written_to_call(cell));
}

bool cell_is_name(struct str cell)
{
    size_t n = 0;
    for (size_t at = 0; at < cell.len; n++) {
        uint32_t c = utf8_next(cell, &at);
        if (c < 0xAC00 || c > 0xD7A3 || n == 5)
            return false;
    }
    for (size_t i = 0; i < COUNT_OF(family_names_of_two); i++)
        if (str_starts(cell, family_names_of_two[i]) && n >= 3)
            return true;
    return n >= 2 && n <= 4 && str_find(family_names, str_slice(cell, 0, 3), 0) >= 0;
}

bool cell_is_value(struct str cell)
{
    size_t digits = 0, others = 0;
    for (size_t i = 0; i < cell.len; i++) {
        digits += cell.ptr[i] >= '0' && cell.ptr[i] <= '9';
        others += strchr("0123456789.,-/: +%\\", cell.ptr[i]) == NULL;
    }
    return (digits > 0 && others == 0) || text_email_ok(cell) || str_find(cell, STR("://"), 0) >= 0;
}

bool cell_says_none(struct arena *a, struct str cell)
{
    struct str key = column_key(a, cell);
    if (key.len == 0)
        return true;
    for (size_t i = 0; i < COUNT_OF(nones); i++)
        if (str_eq(key, nones[i]))
            return true;
    return false;
}

void column_content_count(struct column_content *k, struct str cell)
{
    struct str value = str_trim(cell_value(cell));
    if (cell_is_blank(value))
        return;
    struct phone p = phone_read(value);
    k->filled++;
    k->phones += p.verdict != PHONE_ERROR;
    k->plain += p.verdict != PHONE_ERROR && p.reason != PHONE_REASON_ZERO_RESTORED;
    k->safe += p.reason == PHONE_REASON_SAFE_NUMBER;
    k->emails += text_email_ok(value);
    bool name = utf8_valid(value) && cell_is_name(value);
    k->names += name;
    k->longest_names += name && value.len >= 9;
}
