/*
 * phone.c - see phone.h. First the text becomes a short line of plain signs, then its shape is
 * judged, then its digits.
 */
#include "domain/phone.h"
#include "domain/text.h"

#include <stdio.h>

#define SIGNS_MAX  96 /* code points looked at; no number with its label is longer */
#define DIGITS_MAX 17 /* 0082 0 10 1234 5678 has 15; more are two numbers */

/* What a text is made of: digits, '+', ',' (also ; and |), '\n', '.', '-' (every other separator),
 * ' ', '*', 'x', 'e', '?' (anything else). */
struct signs {
    char ptr[SIGNS_MAX + 1];
    size_t len;
    bool cleaned; /* something was dropped or changed that is no separator */
};

static const struct {
    const char *word, *ko, *en;
} reasons[] = {
#define R(name, ko, en) [PHONE_REASON_##name] = {"PHONE_" #name, ko, en},
#include "domain/phone_reason.def"
#undef R
};

/* Words in front of a number; longer ones before those they begin with. */
static const struct str labels[] = {
    STR_INIT("휴대전화번호"), STR_INIT("휴대폰번호"), STR_INIT("핸드폰번호"), STR_INIT("전화번호"),
    STR_INIT("휴대전화"),     STR_INIT("휴대폰"),     STR_INIT("핸드폰"),     STR_INIT("연락처"),
    STR_INIT("모바일"),       STR_INIT("전화"),       STR_INIT("폰"),         STR_INIT("mobile"),
    STR_INIT("phone"),        STR_INIT("cell"),       STR_INIT("tel"),        STR_INIT("h.p"),
    STR_INIT("h/p"),          STR_INIT("hp"),         STR_INIT("m"),          STR_INIT("c"),
};

static const uint32_t dashes[] = {
    '-',    '~',    '/',    '(',    ')',    0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015,
    0x2043, 0x2212, 0x223C, 0x301C, 0x30FC, 0x3161, 0x1173, 0x2500, 0xFE58, 0xFE63, 0xFFE3,
};

static const uint32_t masks[] = {'*', 0x00D7, 0x25CB, 0x25CF, 0x2715, 0x2731, 0x3007};

static const uint32_t quotes[] = {'\'', '"', '`', '=', 0x2018, 0x2019, 0x201C, 0x201D};

static bool among(const uint32_t *list, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == c)
            return true;
    return false;
}

/* The plain sign of a character (see struct signs). */
static char sign_of(uint32_t c)
{
    if (c >= '0' && c <= '9')
        return (char)c;
    if (c == '+' || c == '.' || c == '\n')
        return (char)c;
    if (text_is_blank(c))
        return ' ';
    if (c == ',' || c == ';' || c == '|')
        return ',';
    if (c == 'x' || c == 'X')
        return 'x';
    if (c == 'e' || c == 'E')
        return 'e';
    if (among(masks, COUNT_OF(masks), c))
        return '*';
    return among(dashes, COUNT_OF(dashes), c) ? '-' : '?';
}

/* Takes blanks and marks off the front, and of quotes those that a spreadsheet leaves there. */
static struct str front_skip(struct str s, bool *cleaned)
{
    for (size_t at = 0, from = 0; at < s.len; from = at) {
        uint32_t c = utf8_next(s, &at);
        bool quote = among(quotes, COUNT_OF(quotes), c);
        if (!text_is_blank(c) && !text_is_mark(c) && !quote)
            return str_slice(s, from, s.len);
        *cleaned |= quote;
    }
    return STR("");
}

static struct str label_skip(struct str s, bool *cleaned)
{
    struct str inside = s.len && (s.ptr[0] == '(' || s.ptr[0] == '[') ? str_slice(s, 1, s.len) : s;
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        if (!str_eq_nocase(str_slice(inside, 0, labels[i].len), labels[i]))
            continue;
        struct str rest = str_slice(inside, labels[i].len, inside.len);
        size_t at = 0;
        while (at < rest.len && strchr(" .:)]", rest.ptr[at]))
            at++;
        if (str_starts(str_slice(rest, at, rest.len), STR("：")))
            at += 3;
        rest = str_slice(rest, at, rest.len);
        if (rest.len == 0 || !strchr("0123456789+( \xEF\xC2\xE3", rest.ptr[0]))
            continue; /* a word that only begins like a label */
        *cleaned = true;
        return rest;
    }
    return s;
}

/* False when the text is too long to be a number. */
static bool signs_read(struct signs *out, struct str text)
{
    *out = (struct signs){0};
    text = label_skip(front_skip(text, &out->cleaned), &out->cleaned);
    while (text.len && (text.ptr[text.len - 1] == '"' || text.ptr[text.len - 1] == ' '))
        text.len--;
    for (size_t at = 0; at < text.len;) {
        uint32_t c = utf8_next(text, &at);
        if (text_is_mark(c)) {
            out->cleaned = true;
            continue;
        }
        bool wide = c >= 0xFF01 && c <= 0xFF5E;
        c = wide ? c - 0xFF01 + '!' : c;
        out->cleaned |= wide;
        if (out->len == SIGNS_MAX)
            return false;
        out->ptr[out->len++] = sign_of(c);
    }
    return true;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits of signs, at most `room`; returns how many there are. */
static size_t digits_of(const struct signs *s, char *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < s->len; i++) {
        if (!digit(s->ptr[i]))
            continue;
        if (n < room)
            out[n] = s->ptr[i];
        n++;
    }
    return n;
}

static bool has(const struct signs *s, char c)
{
    return memchr(s->ptr, c, s->len);
}

/* Counts the digits at s[*at...] and moves behind them. */
static size_t run(const char *s, size_t *at)
{
    size_t from = *at;
    while (digit(s[*at]))
        ++*at;
    return *at - from;
}

/* 1.01235E+09 */
static bool is_scientific(const struct signs *s)
{
    size_t at = 0;
    if (!run(s->ptr, &at))
        return false;
    if (s->ptr[at] == '.') {
        at++;
        run(s->ptr, &at);
    }
    if (s->ptr[at++] != 'e')
        return false;
    at += s->ptr[at] == '+';
    return run(s->ptr, &at) && at == s->len;
}

/* 2010-01-02, also with dots */
static bool is_date(const struct signs *s)
{
    size_t at = 0;
    if (run(s->ptr, &at) != 4 || (memcmp(s->ptr, "19", 2) != 0 && memcmp(s->ptr, "20", 2) != 0))
        return false;
    for (int i = 0; i < 2; i++) {
        if (s->ptr[at] != '-' && s->ptr[at] != '.')
            return false;
        at++;
        size_t n = run(s->ptr, &at);
        if (n < 1 || n > 2)
            return false;
    }
    return at == s->len || s->ptr[at] == ' ';
}

/* A number cell read as text: 1009187410.0 */
static void fraction_drop(struct signs *s)
{
    size_t at = 0;
    if (run(s->ptr, &at) < 9 || s->ptr[at] != '.')
        return;
    size_t zeros = at + 1;
    while (s->ptr[zeros] == '0')
        zeros++;
    if (zeros == at + 1 || zeros != s->len)
        return;
    s->len = at;
    s->ptr[at] = '\0';
    s->cleaned = true;
}

/* Two pieces that could each be a number. */
static bool is_two(const struct signs *s)
{
    size_t pieces = 0, digits = 0;
    for (size_t i = 0; i <= s->len; i++) {
        if (i < s->len && s->ptr[i] != ',' && s->ptr[i] != '\n') {
            digits += digit(s->ptr[i]);
            continue;
        }
        pieces += digits >= 7;
        digits = 0;
    }
    return pieces > 1;
}

/* What the signs alone forbid. */
static enum phone_reason shape_judge(const struct signs *s)
{
    char first[1] = {0};
    size_t digits = digits_of(s, first, 1);
    if (is_scientific(s))
        return PHONE_REASON_LOSSY;
    if (is_date(s) || has(s, '?') || has(s, 'e'))
        return PHONE_REASON_INVALID;
    if (has(s, '*') || (has(s, 'x') && digits >= 3))
        return PHONE_REASON_MASKED;
    if (is_two(s) || digits > DIGITS_MAX)
        return PHONE_REASON_TWO;
    if (has(s, 'x') || has(s, ','))
        return PHONE_REASON_INVALID;
    const char *plus = memchr(s->ptr, '+', s->len);
    if (plus && (digits == 0 || plus > (const char *)memchr(s->ptr, first[0], s->len)))
        return PHONE_REASON_INVALID;
    return digits == 0 ? PHONE_REASON_EMPTY : PHONE_REASON_NONE;
}

/* Numbers that exist but cannot be reached, with or without their zero (national numbering plan of
 * Korea); the first row that fits wins. */
static const struct {
    const char *prefix;
    size_t min, max; /* digits in all */
    enum phone_reason reason;
} unreachable[] = {
    {"050", 11, 12, PHONE_REASON_SAFE_NUMBER}, {"50", 10, 11, PHONE_REASON_SAFE_NUMBER},
    {"011", 10, 11, PHONE_REASON_OLD_PREFIX},  {"016", 10, 11, PHONE_REASON_OLD_PREFIX},
    {"017", 10, 11, PHONE_REASON_OLD_PREFIX},  {"018", 10, 11, PHONE_REASON_OLD_PREFIX},
    {"019", 10, 11, PHONE_REASON_OLD_PREFIX},  {"11", 9, 10, PHONE_REASON_OLD_PREFIX},
    {"16", 9, 10, PHONE_REASON_OLD_PREFIX},    {"17", 9, 10, PHONE_REASON_OLD_PREFIX},
    {"18", 9, 10, PHONE_REASON_OLD_PREFIX},    {"19", 9, 10, PHONE_REASON_OLD_PREFIX},
    {"15", 8, 8, PHONE_REASON_LANDLINE},       {"16", 8, 8, PHONE_REASON_LANDLINE},
    {"18", 8, 8, PHONE_REASON_LANDLINE},       {"02", 9, 10, PHONE_REASON_LANDLINE},
    {"2", 8, 9, PHONE_REASON_LANDLINE},        {"03", 10, 11, PHONE_REASON_LANDLINE},
    {"04", 10, 11, PHONE_REASON_LANDLINE},     {"05", 10, 11, PHONE_REASON_LANDLINE},
    {"06", 10, 11, PHONE_REASON_LANDLINE},     {"070", 10, 11, PHONE_REASON_LANDLINE},
    {"080", 10, 11, PHONE_REASON_LANDLINE},    {"3", 9, 10, PHONE_REASON_LANDLINE},
    {"4", 9, 10, PHONE_REASON_LANDLINE},       {"5", 9, 10, PHONE_REASON_LANDLINE},
    {"6", 9, 10, PHONE_REASON_LANDLINE},       {"70", 9, 10, PHONE_REASON_LANDLINE},
    {"80", 9, 10, PHONE_REASON_LANDLINE},
};

static enum phone_reason refusal(struct str d)
{
    if (str_starts(d, STR("010")))
        return PHONE_REASON_LENGTH;
    for (size_t i = 0; i < COUNT_OF(unreachable); i++)
        if (d.len >= unreachable[i].min && d.len <= unreachable[i].max &&
            str_starts(d, str_c(unreachable[i].prefix)))
            return unreachable[i].reason;
    return PHONE_REASON_INVALID;
}

/* Takes a country code off the front of *d; *repair says that a zero is missing now. */
static enum phone_reason country_drop(struct str *d, bool plus, enum phone_reason *repair)
{
    size_t skip = 0;
    if (plus || str_starts(*d, STR("00"))) {
        size_t zeros = str_starts(*d, STR("00")) ? 2 : 0;
        if (!str_starts(str_slice(*d, zeros, d->len), STR("82")))
            return d->len - zeros >= 7 ? PHONE_REASON_FOREIGN : PHONE_REASON_INVALID;
        skip = zeros + 2;
    } else if (str_starts(*d, STR("8210")) || str_starts(*d, STR("82010"))) {
        skip = 2;
    }
    if (skip)
        *repair = PHONE_REASON_COUNTRY_CODE;
    *d = str_slice(*d, skip, d->len);
    return PHONE_REASON_NONE;
}

static struct phone refused(enum phone_reason reason)
{
    return (struct phone){.verdict = PHONE_ERROR, .reason = reason};
}

struct phone phone_read(struct str text)
{
    struct signs signs;
    if (!utf8_valid(text) || !signs_read(&signs, text))
        return refused(PHONE_REASON_INVALID);
    fraction_drop(&signs);
    enum phone_reason reason = shape_judge(&signs);
    if (reason)
        return refused(reason);
    char all[DIGITS_MAX];
    struct str d = str_n(all, digits_of(&signs, all, sizeof all));
    enum phone_reason repair = signs.cleaned ? PHONE_REASON_CLEANED : PHONE_REASON_NONE;
    reason = country_drop(&d, has(&signs, '+'), &repair);
    if (reason)
        return refused(reason);
    bool foreign_form = repair == PHONE_REASON_COUNTRY_CODE;
    char national[DIGITS_MAX + 2];
    bool zero = d.len && d.ptr[0] != '0' &&
                (foreign_form || (d.len == PHONE_DIGITS - 1 && str_starts(d, STR("10"))));
    if (zero && !foreign_form)
        repair = PHONE_REASON_ZERO_RESTORED;
    snprintf(national, sizeof national, "%s%.*s", zero ? "0" : "", STR_ARG(d));
    d = str_c(national);
    if (d.len != PHONE_DIGITS || !str_starts(d, STR("010")))
        return refused(refusal(d));
    if (str_eq(d, STR("01000000000")))
        return refused(PHONE_REASON_INVALID);
    struct phone out = {.verdict = repair ? PHONE_REPAIRED : PHONE_OK, .reason = repair};
    memcpy(out.digits, national, sizeof out.digits);
    return out;
}

struct str phone_reason_word(enum phone_reason reason)
{
    return reason ? str_c(reasons[reason].word) : (struct str){NULL, 0};
}

struct str phone_reason_text(struct str word, bool english)
{
    for (size_t i = 1; i < COUNT_OF(reasons); i++)
        if (str_eq(word, str_c(reasons[i].word)))
            return str_c(english ? reasons[i].en : reasons[i].ko);
    return (struct str){NULL, 0};
}
