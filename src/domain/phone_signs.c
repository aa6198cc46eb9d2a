/*
 * phone_signs.c - see phone_signs.h.
 */
#include "domain/phone_signs.h"
#include "domain/text.h"

/* Words in front of a number. */
static const struct str labels[] = {
#define L(word) STR_INIT(word),
#include "domain/phone_label.def"
#undef L
};

/* Pictures of a telephone are labels, too. */
static const uint32_t pictures[] = {0x2121, 0x260E, 0x260F, 0x2706, 0x1F4DE, 0x1F4F1, 0x1F4F2};

/* Every dash of Unicode, and what is typed for one: the vowel eu, box lines, overlines, dots in the
 * middle. */
static const uint32_t dashes[] = {
    '-',    '~',    '/',    '(',    ')',    '[',    ']',    0x00AD, 0x00AF, 0x02D7, 0x058A,
    0x05BE, 0x1173, 0x1806, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x203E, 0x2043,
    0x2053, 0x207B, 0x208B, 0x2212, 0x223C, 0x2500, 0x2501, 0x2E3A, 0x2E3B, 0x301C, 0x3030,
    0x30A0, 0x30FC, 0x3161, 0xFE31, 0xFE32, 0xFE58, 0xFE63, 0xFF70, 0xFFDA, 0xFFE3, 0x00B7,
    0x2024, 0x2027, 0x2219, 0x22C5, 0x3002, 0x30FB, 0x318D, 0xFF61, 0xFF65,
};

static const uint32_t masks[] = {'*',    0x00D7, 0x2022, 0x25A0, 0x25A1, 0x25CB, 0x25CE,
                                 0x25CF, 0x25EF, 0x2715, 0x2731, 0x3007, 0x3147};

static const uint32_t quotes[] = {'\'',   '"',    '`',    '=',    0x00B4, 0x2018,
                                  0x2019, 0x201C, 0x201D, 0x2032, 0x2033};

static bool among(const uint32_t *list, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == c)
            return true;
    return false;
}

static char sign_of_ascii(char c)
{
    if (phone_is_digit((unsigned char)c) || strchr("+.\n ", c))
        return c;
    if (strchr("-~/()[]", c))
        return SIGN_DASH;
    if (strchr(",;|", c))
        return SIGN_LIST;
    if (strchr("oO", c))
        return SIGN_ZERO;
    if (strchr("lIi", c))
        return SIGN_ONE;
    if (c == 'x' || c == 'X')
        return SIGN_CROSS;
    if (c == 'e' || c == 'E')
        return SIGN_POWER;
    if (c == '*')
        return SIGN_MASK;
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || strchr("@_=&%$", c) ? SIGN_OTHER : SIGN_TEXT;
}

static char sign_of(uint32_t c)
{
    if (c < 0x80)
        return c ? sign_of_ascii((char)c) : SIGN_OTHER;
    if (among(masks, COUNT_OF(masks), c))
        return SIGN_MASK;
    return among(dashes, COUNT_OF(dashes), c) ? SIGN_DASH : SIGN_TEXT;
}

/* Marks without width, and what only says how the picture before it looks. */
static bool is_invisible(uint32_t c)
{
    return text_is_mark(c) || c == 0x200D || c == 0xFE0E || c == 0xFE0F;
}

/* The text in plain code points. */
struct line {
    uint32_t ptr[PHONE_SIGNS_MAX];
    size_t from, to; /* what is left of it */
    bool cleaned;
};

/* False when it is too long to be a number. */
static bool line_read(struct line *out, struct str text)
{
    *out = (struct line){.cleaned = false};
    for (size_t at = 0; at < text.len;) {
        uint32_t c = utf8_next(text, &at);
        uint32_t *last = out->to ? &out->ptr[out->to - 1] : NULL;
        if (text_is_blank(c)) {
            c = c == '\n' || c == '\r' ? '\n' : ' ';
            if (last && (*last == ' ' || *last == '\n')) {
                *last = c == '\n' ? c : *last;
                continue;
            }
            if (!last)
                continue;
        } else if (is_invisible(c)) {
            out->cleaned = true;
            continue;
        }
        bool wide = c >= 0xFF01 && c <= 0xFF5E;
        out->cleaned |= wide;
        if (out->to == PHONE_SIGNS_MAX)
            return false;
        out->ptr[out->to++] = wide ? c - 0xFF01 + '!' : c;
    }
    return true;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\n';
}

/* Takes blanks off both ends, quotes that a spreadsheet leaves there, and commas of a list of one.
 */
static void line_trim(struct line *l)
{
    for (; l->from < l->to; l->from++) {
        uint32_t c = l->ptr[l->from];
        bool quote = among(quotes, COUNT_OF(quotes), c) || among(pictures, COUNT_OF(pictures), c);
        if (!quote && !is_blank(c))
            break;
        l->cleaned |= quote;
    }
    for (; l->from < l->to; l->to--) {
        uint32_t c = l->ptr[l->to - 1];
        bool quote = (c != '=' && among(quotes, COUNT_OF(quotes), c)) || c == ',' || c == ';';
        if (!quote && !is_blank(c))
            break;
        l->cleaned |= quote;
    }
}

static uint32_t line_at(const struct line *l, size_t at)
{
    return at < l->to ? l->ptr[at] : 0;
}

/* Where `label` ends when it stands at `at`, blanks inside not counted; 0 when it does not. */
static size_t label_end(const struct line *l, size_t at, struct str label)
{
    for (size_t pos = 0; pos < label.len; at++) {
        uint32_t c = line_at(l, at);
        if (pos > 0 && c == ' ')
            continue;
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != utf8_next(label, &pos))
            return 0;
    }
    return at;
}

static bool one_of(uint32_t c, const char *list)
{
    return c && c < 0x80 && strchr(list, (int)c);
}

/* Behind "HP", "연락처 2" and the like: signs, and then a number must begin. */
static size_t label_tail(const struct line *l, size_t at)
{
    size_t counted = at + (line_at(l, at) == ' ');
    if (phone_is_digit(line_at(l, counted)) && one_of(line_at(l, counted + 1), ":)"))
        at = counted + 1;
    size_t from = at;
    while (one_of(line_at(l, at), " .:)]-"))
        at++;
    uint32_t c = line_at(l, at);
    /* "p2012" is no label; "HP010…" is. */
    return phone_is_digit(c) || c == '+' || (c == '(' && at >= from) ? at : 0;
}

static void label_drop(struct line *l)
{
    size_t inside = l->from + one_of(line_at(l, l->from), "([");
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        size_t end = label_end(l, inside, labels[i]);
        size_t tail = end ? label_tail(l, end) : 0;
        if (tail == 0 || (labels[i].len == 1 && tail == end))
            continue; /* a word that only begins like a label */
        l->from = tail;
        l->cleaned = true;
        return;
    }
}

bool phone_signs_read(struct phone_signs *out, struct str text)
{
    struct line line;
    *out = (struct phone_signs){.len = 0};
    if (!line_read(&line, text))
        return false;
    line_trim(&line);
    label_drop(&line);
    line_trim(&line);
    for (size_t i = line.from; i < line.to; i++)
        out->ptr[out->len++] = sign_of(line.ptr[i]);
    out->cleaned = line.cleaned;
    return true;
}
