/*
 * phone.c - see phone.h. First the text becomes a short line of plain signs (phone_signs.c), then
 * its shape is judged, then its digits. Spellings that nearly every list uses go a short way.
 */
#include "domain/phone.h"
#include "domain/phone_signs.h"

#define DIGITS_MAX 48 /* kept; three numbers in a cell have fewer */
#define DIGITS_ONE 15 /* 0082 0 10 1234 5678; more are two numbers, or none */
#define DIGITS_TWO 16 /* two of the shortest numbers, 1588-1234 */

static const struct {
    const char *word, *ko, *en;
} reasons[] = {
#define R(name, ko, en) [PHONE_REASON_##name] = {"PHONE_" #name, ko, en},
#include "domain/phone_reason.def"
#undef R
};

/* ---- signs ---- */

static size_t digits_of(struct str s, char *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!phone_is_digit((unsigned char)s.ptr[i]))
            continue;
        if (n < room)
            out[n] = s.ptr[i];
        n++;
    }
    return n;
}

static struct str view(const struct phone_signs *s)
{
    return str_n(s->ptr, s->len);
}

static bool has(const struct phone_signs *s, char c)
{
    return memchr(s->ptr, c, s->len);
}

static bool has_any(const struct phone_signs *s, const char *list)
{
    return strpbrk(s->ptr, list);
}

/* Counts the digits at s[*at...] and moves behind them. */
static size_t run(const char *s, size_t *at)
{
    size_t from = *at;
    while (phone_is_digit((unsigned char)s[*at]))
        ++*at;
    return *at - from;
}

static void signs_set(struct phone_signs *s, struct str digits)
{
    memmove(s->ptr, digits.ptr, digits.len);
    s->len = digits.len;
    s->ptr[s->len] = '\0';
    s->cleaned = true;
}

/* ---- numbers that a spreadsheet made texts of ---- */

/* 1.012345678E9: the number when all its digits are there. */
static enum phone_reason power_read(struct phone_signs *s)
{
    char all[PHONE_SIGNS_MAX];
    size_t at = 0, whole = run(s->ptr, &at), fraction = 0;
    if (whole && s->ptr[at] == '.') {
        at++;
        fraction = run(s->ptr, &at);
    }
    if (!whole || s->ptr[at] != SIGN_POWER)
        return PHONE_REASON_NONE;
    at++;
    at += s->ptr[at] == '+';
    size_t power_at = at, power = 0;
    if (!run(s->ptr, &at) || at != s->len || at - power_at > 2)
        return PHONE_REASON_INVALID;
    for (size_t i = power_at; i < at; i++)
        power = power * 10 + (size_t)(s->ptr[i] - '0');
    if (power > fraction)
        return power >= 7 ? PHONE_REASON_LOSSY : PHONE_REASON_INVALID;
    digits_of(str_n(s->ptr, whole + 1 + fraction), all, sizeof all);
    for (size_t i = whole + power; i < whole + fraction; i++)
        if (all[i] != '0')
            return PHONE_REASON_INVALID;
    signs_set(s, str_n(all, whole + power));
    return PHONE_REASON_NONE;
}

/* 1,012,345,678 */
static void thousands_drop(struct phone_signs *s)
{
    size_t at = 0, first = run(s->ptr, &at), groups = 0;
    if (first < 1 || first > 3 || s->ptr[0] == '0')
        return;
    for (; s->ptr[at] == SIGN_LIST; groups++) {
        at++;
        if (run(s->ptr, &at) != 3)
            return;
    }
    if (groups < 2 || (s->ptr[at] && s->ptr[at] != '.'))
        return;
    char plain[PHONE_SIGNS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < s->len; i++)
        if (s->ptr[i] != SIGN_LIST)
            plain[n++] = s->ptr[i];
    signs_set(s, str_n(plain, n));
}

/* 1012345678.0 is a number cell read as text; 10123456.78 is no number of anybody. */
static enum phone_reason fraction_drop(struct phone_signs *s)
{
    size_t at = 0, whole = run(s->ptr, &at);
    if (!whole || s->ptr[at] != '.' || !s->ptr[at + 1])
        return PHONE_REASON_NONE;
    size_t zeros = at + 1, end = at + 1;
    run(s->ptr, &end);
    if (end != s->len)
        return PHONE_REASON_NONE;
    while (s->ptr[zeros] == '0')
        zeros++;
    if (zeros == end)
        signs_set(s, str_n(s->ptr, whole));
    else if (s->ptr[0] != '0')
        return PHONE_REASON_INVALID;
    return PHONE_REASON_NONE;
}

/* 2010-01-02, also with dots, also with a time */
static bool is_date(const struct phone_signs *s)
{
    size_t at = 0;
    if (run(s->ptr, &at) != 4 || (memcmp(s->ptr, "19", 2) != 0 && memcmp(s->ptr, "20", 2) != 0))
        return false;
    for (int i = 0; i < 2; i++) {
        if (s->ptr[at] != SIGN_DASH && s->ptr[at] != '.')
            return false;
        at++;
        size_t n = run(s->ptr, &at);
        if (n < 1 || n > 2)
            return false;
    }
    return at == s->len || s->ptr[at] == ' ';
}

/* ---- digits ---- */

static int two_digits(struct str d, size_t at)
{
    return (d.ptr[at] - '0') * 10 + d.ptr[at + 1] - '0';
}

/* 20100102 */
static bool is_day(struct str d)
{
    if (d.len != 8 || (two_digits(d, 0) != 19 && two_digits(d, 0) != 20))
        return false;
    int month = two_digits(d, 4), day = two_digits(d, 6);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* Numbers that exist but cannot be reached (national numbering plan of Korea): from, to are the two
 * digits behind the zero; the first row that fits wins. */
static const struct {
    int from, to;
    size_t min, max; /* digits in all */
    enum phone_reason reason;
} unreachable[] = {
    {50, 50, 11, 12, PHONE_REASON_SAFE_NUMBER}, {11, 11, 10, 11, PHONE_REASON_OLD_PREFIX},
    {16, 19, 10, 11, PHONE_REASON_OLD_PREFIX},  {20, 29, 9, 10, PHONE_REASON_LANDLINE},
    {30, 30, 10, 12, PHONE_REASON_LANDLINE},    {31, 49, 10, 11, PHONE_REASON_LANDLINE},
    {51, 64, 10, 11, PHONE_REASON_LANDLINE},    {70, 70, 10, 11, PHONE_REASON_LANDLINE},
    {80, 80, 10, 11, PHONE_REASON_LANDLINE},
};

/* 1588-1234 and its kind */
static bool is_service(struct str d)
{
    return d.len == 8 && d.ptr[0] == '1' && strchr("568", d.ptr[1]);
}

/* Why a number with its zero cannot be reached. */
static enum phone_reason national_refusal(struct str d)
{
    if (d.len < 3 || d.ptr[0] != '0')
        return PHONE_REASON_INVALID;
    for (size_t i = 0; i < COUNT_OF(unreachable); i++)
        if (d.len >= unreachable[i].min && d.len <= unreachable[i].max &&
            two_digits(d, 1) >= unreachable[i].from && two_digits(d, 1) <= unreachable[i].to)
            return unreachable[i].reason;
    return PHONE_REASON_INVALID;
}

static enum phone_reason zero_lost_refusal(struct str d)
{
    char with[DIGITS_MAX + 1] = "0";
    if (d.len >= DIGITS_MAX)
        return PHONE_REASON_INVALID;
    memcpy(with + 1, d.ptr, d.len);
    return national_refusal(str_n(with, d.len + 1));
}

/* Why digits that are no mobile number are refused. */
static enum phone_reason refusal(struct str d)
{
    if (d.len == 0 || is_day(d))
        return PHONE_REASON_INVALID;
    if (is_service(d))
        return PHONE_REASON_LANDLINE;
    if (d.ptr[0] == '0')
        return str_starts(d, STR("010")) ? PHONE_REASON_LENGTH : national_refusal(d);
    enum phone_reason reason = zero_lost_refusal(d);
    if (reason == PHONE_REASON_INVALID && str_starts(d, STR("82")) && d.len > 8) {
        d = str_slice(d, 2, d.len); /* +82 2-… without its plus */
        reason = is_service(d)     ? PHONE_REASON_LANDLINE
                 : d.ptr[0] == '0' ? national_refusal(d)
                                   : zero_lost_refusal(d);
    }
    return reason;
}

/* Takes a country code off the front of *d; *coded says that there was one. */
static enum phone_reason country_drop(struct str *d, bool plus, bool *coded)
{
    size_t zeros = str_starts(*d, STR("00")) ? 2 : 0, skip = 0;
    if (plus || zeros) {
        if (!str_starts(str_slice(*d, zeros, d->len), STR("82")))
            return d->len - zeros >= 7 && d->ptr[zeros] != '0' ? PHONE_REASON_FOREIGN
                                                               : PHONE_REASON_INVALID;
        skip = zeros + 2;
    } else if (str_starts(*d, STR("8210")) || str_starts(*d, STR("82010"))) {
        skip = 2;
    }
    *coded = skip > 0;
    *d = str_slice(*d, skip, d->len);
    return PHONE_REASON_NONE;
}

static struct phone refused(enum phone_reason reason)
{
    return (struct phone){.verdict = PHONE_ERROR, .reason = reason};
}

static struct phone digits_judge(struct str d, bool plus, bool cleaned)
{
    bool coded = false;
    enum phone_reason reason = country_drop(&d, plus, &coded);
    if (reason)
        return refused(reason);
    bool zero = d.len && d.ptr[0] != '0' &&
                (coded ? !is_service(d) : d.len == PHONE_DIGITS - 1 && str_starts(d, STR("10")));
    char national[DIGITS_MAX + 2] = "0";
    memcpy(national + zero, d.ptr, d.len);
    d = str_n(national, d.len + zero);
    if (d.len != PHONE_DIGITS || !str_starts(d, STR("010")))
        return refused(refusal(d));
    if (str_eq(d, STR("01000000000")))
        return refused(PHONE_REASON_INVALID);
    struct phone out = {.verdict = PHONE_OK};
    reason = coded     ? PHONE_REASON_COUNTRY_CODE
             : zero    ? PHONE_REASON_ZERO_RESTORED
             : cleaned ? PHONE_REASON_CLEANED
                       : PHONE_REASON_NONE;
    out.verdict = reason ? PHONE_REPAIRED : PHONE_OK;
    out.reason = reason;
    memcpy(out.digits, national, PHONE_DIGITS);
    return out;
}

/* ---- pieces ---- */

/* A whole number of some kind: a mobile one, or one that cannot be reached for a known reason. */
static enum phone_reason piece_judge(struct str piece, bool *whole)
{
    char all[DIGITS_MAX];
    size_t n = digits_of(piece, all, sizeof all);
    *whole = false;
    if (n == 0 || n > DIGITS_ONE)
        return PHONE_REASON_INVALID;
    bool called = all[0] == '0' || memchr(piece.ptr, '+', piece.len) ||
                  memchr(piece.ptr, SIGN_DASH, piece.len) || memchr(piece.ptr, '.', piece.len) ||
                  is_service(str_n(all, n)) || str_starts(str_n(all, n), STR("10")) ||
                  str_starts(str_n(all, n), STR("8210"));
    struct phone p = digits_judge(str_n(all, n), memchr(piece.ptr, '+', piece.len), false);
    *whole =
        called && (p.verdict != PHONE_ERROR || p.reason == PHONE_REASON_LANDLINE ||
                   p.reason == PHONE_REASON_SAFE_NUMBER || p.reason == PHONE_REASON_OLD_PREFIX);
    return p.verdict != PHONE_ERROR ? PHONE_REASON_NONE : p.reason;
}

/* Takes the next piece between any of `between` off the front of *rest; false at the end. */
static bool piece_next(struct str *rest, const char *between, struct str *piece)
{
    size_t from = 0, to;
    while (from < rest->len && strchr(between, rest->ptr[from]))
        from++;
    for (to = from; to < rest->len && !strchr(between, rest->ptr[to]);)
        to++;
    *piece = str_slice(*rest, from, to);
    *rest = str_slice(*rest, to, rest->len);
    return piece->len > 0;
}

#define BETWEEN_TEXTS "?tOlxe*,\n"

/* Pieces that could each be a number, by what separates them. */
static bool is_list(const struct phone_signs *s)
{
    struct str rest = view(s), piece;
    size_t pieces = 0;
    while (piece_next(&rest, ",\n", &piece))
        pieces += digits_of(piece, NULL, 0) >= 7;
    if (pieces > 1)
        return true;
    rest = view(s);
    pieces = 0;
    while (piece_next(&rest, BETWEEN_TEXTS, &piece)) {
        bool whole;
        piece_judge(piece, &whole);
        pieces += whole;
    }
    return pieces > 1;
}

/* Numbers one after the other, whatever stands between them. */
static bool is_chain(struct str d)
{
    if (d.len < DIGITS_TWO)
        return false;
    for (size_t n = 8; n <= 13 && n + 8 <= d.len; n++) {
        bool left, right;
        struct str rest = str_slice(d, n, d.len);
        piece_judge(str_slice(d, 0, n), &left);
        if (!left)
            continue;
        piece_judge(rest, &right);
        if (right || is_chain(rest))
            return true;
    }
    return false;
}

/* ---- judging ---- */

/* The one number among words, if there is one: why it is refused for all that. */
static enum phone_reason text_judge(const struct phone_signs *s)
{
    struct str rest = view(s), piece;
    while (piece_next(&rest, BETWEEN_TEXTS, &piece)) {
        bool whole;
        enum phone_reason reason = piece_judge(piece, &whole);
        if (!whole)
            continue;
        const char *end = piece.ptr + piece.len;
        bool touched = (piece.ptr > s->ptr && piece.ptr[-1] != SIGN_TEXT &&
                        phone_is_digit((unsigned char)piece.ptr[0])) ||
                       (*end && *end != SIGN_TEXT && phone_is_digit((unsigned char)end[-1]));
        if (touched)
            return PHONE_REASON_INVALID;
        return reason ? reason : PHONE_REASON_REMARK;
    }
    return PHONE_REASON_INVALID;
}

/* True when letters stand where digits should: O1O-1234-5678. */
static bool is_mistyped(const struct phone_signs *s)
{
    char all[DIGITS_MAX];
    struct phone_signs typed = *s;
    if (has_any(s, "?tex*,"))
        return false;
    for (size_t i = 0; i < typed.len; i++)
        typed.ptr[i] = typed.ptr[i] == SIGN_ZERO  ? '0'
                       : typed.ptr[i] == SIGN_ONE ? '1'
                                                  : typed.ptr[i];
    size_t n = digits_of(view(&typed), all, sizeof all);
    return n <= DIGITS_ONE &&
           digits_judge(str_n(all, n), has(s, '+'), false).verdict != PHONE_ERROR;
}

/* The only plus stands before every digit. */
static bool plus_ok(const struct phone_signs *s)
{
    const char *plus = memchr(s->ptr, '+', s->len), *first = strpbrk(s->ptr, "0123456789");
    return !plus || (first && plus < first && !strchr(plus + 1, '+'));
}

/* What the signs alone forbid. */
static enum phone_reason shape_judge(const struct phone_signs *s, struct str digits,
                                     size_t digit_count)
{
    bool words = has_any(s, "?tOlxe");
    if (digit_count == 0 && !words && !has_any(s, "*+,"))
        return PHONE_REASON_EMPTY;
    if (is_date(s))
        return PHONE_REASON_INVALID;
    if ((has(s, SIGN_MASK) && (digit_count >= 3 || !words)) ||
        (has(s, SIGN_CROSS) && !has_any(s, "?tOle") && digit_count >= 3))
        return PHONE_REASON_MASKED;
    if (is_list(s) || (!words && is_chain(digits)))
        return PHONE_REASON_TWO;
    if (words)
        return is_mistyped(s) ? PHONE_REASON_LETTERS : text_judge(s);
    if (has(s, SIGN_LIST) || !plus_ok(s) || digit_count > DIGITS_ONE)
        return PHONE_REASON_INVALID;
    return PHONE_REASON_NONE;
}

static enum phone_reason number_read(struct phone_signs *s)
{
    enum phone_reason reason = power_read(s);
    if (reason)
        return reason;
    thousands_drop(s);
    return fraction_drop(s);
}

static struct phone any_read(struct str text)
{
    struct phone_signs signs;
    if (!utf8_valid(text) || !phone_signs_read(&signs, text))
        return refused(PHONE_REASON_INVALID);
    enum phone_reason reason = number_read(&signs);
    if (reason)
        return refused(reason);
    char all[DIGITS_MAX];
    size_t count = digits_of(view(&signs), all, sizeof all);
    struct str digits = str_n(all, count < sizeof all ? count : sizeof all);
    reason = shape_judge(&signs, digits, count);
    return reason ? refused(reason) : digits_judge(digits, has(&signs, '+'), signs.cleaned);
}

/* "010-1234-5678", "01012345678" and "1012345678"; false for everything else. */
static bool usual_read(struct str text, struct phone *out)
{
    bool dashed = text.len == 13 && text.ptr[3] == '-' && text.ptr[8] == '-';
    size_t zero = text.len == PHONE_DIGITS - 1;
    if (!dashed && text.len != PHONE_DIGITS && !zero)
        return false;
    char *d = out->digits;
    d[0] = '0';
    if (dashed) {
        memcpy(d, text.ptr, 3);
        memcpy(d + 3, text.ptr + 4, 4);
        memcpy(d + 7, text.ptr + 9, 4);
    } else {
        memcpy(d + zero, text.ptr, text.len);
    }
    d[PHONE_DIGITS] = '\0';
    bool other = false, some = false;
    for (size_t i = 3; i < PHONE_DIGITS; i++) {
        other |= !phone_is_digit((unsigned char)d[i]);
        some |= d[i] != '0';
    }
    if (memcmp(d, "010", 3) != 0 || other || !some)
        return false;
    out->verdict = zero ? PHONE_REPAIRED : PHONE_OK;
    out->reason = zero ? PHONE_REASON_ZERO_RESTORED : PHONE_REASON_NONE;
    return true;
}

#define SIMPLE_BYTES 32

/* Digits and plain separators, with a plus in front perhaps: no shape to judge. False for
 * everything else, and for what may be a date or a number with a fraction. */
static bool simple_read(struct str text, struct phone *out)
{
    static const char separators[128] = {
        [' '] = 1, ['-'] = 1, ['.'] = 1, ['~'] = 1, ['/'] = 1,
        ['('] = 1, [')'] = 1, ['['] = 1, [']'] = 1,
    };
    char d[SIMPLE_BYTES];
    size_t n = 0, dot_count = 0;
    bool plus = text.len && text.ptr[0] == '+';
    if (text.len > SIMPLE_BYTES)
        return false;
    for (size_t i = plus; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (phone_is_digit(c))
            d[n++] = (char)c;
        else if (c >= 0x80 || !separators[c])
            return false;
        dot_count += c == '.';
    }
    if (n == 0 || n > DIGITS_ONE || dot_count == 1 || d[0] == '2' ||
        (n > 1 && d[0] == '1' && d[1] == '9'))
        return false;
    *out = digits_judge(str_n(d, n), plus, false);
    return true;
}

struct phone phone_read(struct str text)
{
    struct phone out;
    return usual_read(text, &out) || simple_read(text, &out) ? out : any_read(text);
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
