/*
 * html_scan.c - see html_scan.h.
 */
#include "sheet/html_scan.h"
#include "sheet/html_entities.h"

#include <stdlib.h>

#define WINDOW    ((size_t)64 << 10)
#define NAME_MAX  16   /* bytes kept of the name of a tag or attribute */
#define VALUE_MAX 1024 /* bytes kept of the value of an attribute */
#define NOTHING   (-1) /* no byte: the end, or trouble */

static const struct {
    struct str name;
    enum html_tag tag;
} tags[] = {
    {STR_INIT("td"), TAG_CELL},         {STR_INIT("tr"), TAG_TR},
    {STR_INIT("th"), TAG_CELL},         {STR_INIT("br"), TAG_BR},
    {STR_INIT("table"), TAG_TABLE},     {STR_INIT("tbody"), TAG_GROUP},
    {STR_INIT("thead"), TAG_GROUP},     {STR_INIT("tfoot"), TAG_GROUP},
    {STR_INIT("col"), TAG_COL},         {STR_INIT("colgroup"), TAG_COLGROUP},
    {STR_INIT("caption"), TAG_CAPTION}, {STR_INIT("html"), TAG_PAGE},
    {STR_INIT("body"), TAG_PAGE},       {STR_INIT("p"), TAG_BLOCK},
    {STR_INIT("div"), TAG_BLOCK},       {STR_INIT("ul"), TAG_BLOCK},
    {STR_INIT("ol"), TAG_BLOCK},        {STR_INIT("li"), TAG_BLOCK},
    {STR_INIT("dl"), TAG_BLOCK},        {STR_INIT("dt"), TAG_BLOCK},
    {STR_INIT("dd"), TAG_BLOCK},        {STR_INIT("h1"), TAG_BLOCK},
    {STR_INIT("h2"), TAG_BLOCK},        {STR_INIT("h3"), TAG_BLOCK},
    {STR_INIT("h4"), TAG_BLOCK},        {STR_INIT("h5"), TAG_BLOCK},
    {STR_INIT("h6"), TAG_BLOCK},        {STR_INIT("hr"), TAG_BLOCK},
    {STR_INIT("pre"), TAG_BLOCK},       {STR_INIT("center"), TAG_BLOCK},
    {STR_INIT("form"), TAG_BLOCK},      {STR_INIT("address"), TAG_BLOCK},
    {STR_INIT("option"), TAG_BLOCK},    {STR_INIT("blockquote"), TAG_BLOCK},
    {STR_INIT("script"), TAG_RAW},      {STR_INIT("style"), TAG_RAW},
    {STR_INIT("title"), TAG_RAW},       {STR_INIT("iframe"), TAG_RAW},
    {STR_INIT("noembed"), TAG_RAW},     {STR_INIT("noframes"), TAG_RAW},
    {STR_INIT("xmp"), TAG_RAW},
};

/* ---- bytes ---- */

/* Moves what is left to the front and fills the window; false when nothing came. */
static bool refill(struct html_scan *h)
{
    size_t left = (size_t)(h->end - h->at);
    if (h->exhausted || h->failed || left == WINDOW)
        return false;
    memmove(h->window, h->at, left);
    h->at = h->window;
    h->end = h->window + left;
    int64_t n = source_read(&h->source, h->end, WINDOW - left);
    h->failed = n < 0;
    h->exhausted = n <= 0;
    h->end += n > 0 ? n : 0;
    return n > 0;
}

static int look_far(struct html_scan *h, size_t ahead)
{
    while ((size_t)(h->end - h->at) <= ahead)
        if (!refill(h))
            return NOTHING;
    return (unsigned char)h->at[ahead];
}

/* The byte at `ahead` (far below WINDOW) behind the current one. */
static inline int look(struct html_scan *h, size_t ahead)
{
    return (size_t)(h->end - h->at) > ahead ? (unsigned char)h->at[ahead] : look_far(h, ahead);
}

/* Passes over the current byte when it is `c`. */
static void pass_if(struct html_scan *h, int c)
{
    if (look(h, 0) == c)
        h->at++;
}

static bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char small(int c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Passes over everything up to the next `stop`, which is left standing; false at the end. */
static bool skip_to(struct html_scan *h, char stop)
{
    do {
        char *p = memchr(h->at, stop, (size_t)(h->end - h->at));
        if (p) {
            h->at = p;
            return true;
        }
        h->at = h->end;
    } while (refill(h));
    return false;
}

static void skip_blanks(struct html_scan *h)
{
    while (is_blank(look(h, 0)))
        h->at++;
}

/* The end of a word: of a tag's name, an attribute's name, a value without quotes. */
enum word {
    WORD_TAG,
    WORD_ATTRIBUTE,
    WORD_VALUE
};

static bool word_ends(enum word kind, int c)
{
    return c == NOTHING || is_blank(c) || c == '>' || (kind != WORD_VALUE && c == '/') ||
           (kind == WORD_ATTRIBUTE && c == '=');
}

/* Takes a word, of which the first `room` bytes are kept in small letters: how many. */
static size_t word_take(struct html_scan *h, enum word kind, char *keep, size_t room)
{
    size_t n = 0;
    for (int c; !word_ends(kind, c = look(h, 0)); h->at++)
        if (n < room)
            keep[n++] = small(c);
    return n;
}

/* The same of a value in quotes, on the first of which the text stands. */
static size_t quoted_take(struct html_scan *h, char *keep, size_t room)
{
    size_t n = 0;
    char quote = *h->at++, *end = NULL;
    do {
        end = memchr(h->at, quote, (size_t)(h->end - h->at));
        char *stop = end ? end : h->end;
        for (const char *p = h->at; p < stop && n < room; p++)
            keep[n++] = small((unsigned char)*p);
        h->at = stop;
    } while (!end && refill(h));
    h->at += end != NULL;
    return n;
}

/* ---- tags ---- */

static enum html_tag tag_find(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(tags); i++)
        if (str_eq(tags[i].name, name))
            return tags[i].tag;
    return TAG_OTHER;
}

/* Whether a style says that nothing is shown. */
static bool style_hides(struct str style)
{
    for (ptrdiff_t colon; (colon = str_find(style, STR(":"), 0)) >= 0;) {
        struct str name = str_trim(str_slice(style, 0, (size_t)colon));
        style = str_trim(str_slice(style, (size_t)colon + 1, style.len));
        if ((str_ends(name, STR("display")) && str_starts(style, STR("none"))) ||
            (str_ends(name, STR("visibility")) && str_starts(style, STR("collapse"))))
            return true;
    }
    return false;
}

/* The number at the front of a value as browsers take it, from 1 to `max`. */
static size_t number_of(struct str value, size_t max)
{
    size_t n = 0, i = 0;
    while (i < value.len && is_blank((unsigned char)value.ptr[i]))
        i++;
    for (; i < value.len && value.ptr[i] >= '0' && value.ptr[i] <= '9' && n <= max; i++)
        n = n * 10 + (size_t)(value.ptr[i] - '0');
    return n == 0 ? 1 : n > max ? max : n;
}

static void attribute_note(struct html_scan *h, struct str name, struct str value)
{
    if (str_eq(name, STR("colspan")))
        h->colspan = number_of(value, HTML_COLSPAN_MAX);
    else if (str_eq(name, STR("rowspan")))
        h->rowspan = number_of(value, HTML_ROWSPAN_MAX);
    else if (str_eq(name, STR("span")))
        h->span = number_of(value, HTML_COLSPAN_MAX);
    else if (str_eq(name, STR("hidden")))
        h->hidden = true;
    else if (str_eq(name, STR("style")))
        h->hidden |= style_hides(value);
}

/* From behind the name of a tag to behind its `>`. */
static void attributes_take(struct html_scan *h)
{
    char name[NAME_MAX], value[VALUE_MAX];
    for (;;) {
        int c = look(h, 0);
        if (c == NOTHING)
            return;
        h->at += c == '>' || c == '/' || is_blank(c);
        if (c == '>')
            return;
        if (c == '/' || is_blank(c))
            continue;
        name[0] = small(c); /* may be a `=`, the others may not */
        h->at++;
        size_t n = 1 + word_take(h, WORD_ATTRIBUTE, name + 1, sizeof name - 1), length = 0;
        skip_blanks(h);
        if (look(h, 0) == '=') {
            h->at++;
            skip_blanks(h);
            int first = look(h, 0);
            length = first == '"' || first == '\'' ? quoted_take(h, value, sizeof value)
                                                   : word_take(h, WORD_VALUE, value, sizeof value);
        }
        attribute_note(h, str_n(name, n), str_n(value, length));
    }
}

/* A tag whose name begins at `ahead`: what it is. A tag that the page breaks off in is none. */
static enum html_event tag_take(struct html_scan *h, size_t ahead)
{
    char name[NAME_MAX];
    h->at += ahead;
    size_t n = word_take(h, WORD_TAG, name, sizeof name);
    h->tag = tag_find(str_n(name, n));
    h->colspan = h->rowspan = h->span = 1;
    h->hidden = false;
    attributes_take(h);
    if (h->tag == TAG_RAW && ahead == 1) {
        h->raw = true;
        memcpy(h->raw_name, name, n);
        h->raw_length = n;
    }
    return ahead == 1 ? HTML_OPEN : HTML_CLOSE;
}

/* From behind `<!` to behind `-->`, or to the end of the page. The dashes of the opening may be
 * those of the end: <!--> */
static void comment_skip(struct html_scan *h)
{
    while (skip_to(h, '-')) {
        size_t dashes = 0;
        for (; look(h, 0) == '-'; h->at++)
            dashes++;
        bool bang = look(h, 0) == '!' && look(h, 1) == '>';
        if (dashes >= 2 && (look(h, 0) == '>' || bang)) {
            h->at += bang ? 2 : 1;
            return;
        }
    }
}

/* Passes over the content of a script and its like; what follows is its closing tag. */
static void raw_skip(struct html_scan *h)
{
    h->raw = false;
    for (; skip_to(h, '<'); h->at++) {
        size_t i = 0;
        if (look(h, 1) != '/')
            continue;
        for (int c; i < h->raw_length && is_letter(c = look(h, 2 + i)); i++)
            if ((c | 0x20) != h->raw_name[i])
                break;
        if (i == h->raw_length && word_ends(WORD_TAG, look(h, 2 + i)))
            return;
    }
}

/* ---- texts ---- */

static size_t utf8_put(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xC0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xE0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3F));
    to[2] = (char)(0x80 | (c >> 6 & 0x3F));
    to[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* What the number of a reference means: those of Windows where they can mean nothing else. */
static uint32_t character_of(uint32_t n)
{
    static const uint16_t windows[32] = {
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    if (n >= 0x80 && n < 0xA0)
        return windows[n - 0x80];
    return n == 0 || n > 0x10FFFF || (n >= 0xD800 && n < 0xE000) ? 0xFFFD : n;
}

/* A value of a digit, or 16. */
static uint32_t digit_of(int c)
{
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10) : 16;
}

/* `&#…`: true when it is a reference, which is then taken. */
static bool numeric_take(struct html_scan *h)
{
    bool hex = (look(h, 2) | 0x20) == 'x';
    uint32_t base = hex ? 16 : 10, n = 0;
    size_t start = hex ? 3 : 2;
    if (digit_of(look(h, start)) >= base)
        return false;
    h->at += start;
    for (uint32_t d; (d = digit_of(look(h, 0))) < base; h->at++)
        n = n > 0x10FFFF ? n : n * base + d;
    pass_if(h, ';');
    h->text = str_n(h->decoded, utf8_put(h->decoded, character_of(n)));
    return true;
}

static int entity_compare(const void *key, const void *row)
{
    const struct str *name = key;
    return str_cmp(*name, str_c(((const struct html_entity *)row)->name));
}

static const struct html_entity *entity_find(struct str name)
{
    return bsearch(&name, html_entities, html_entity_count, sizeof html_entities[0],
                   entity_compare);
}

/* `&name;`, or the longest known name in front where the semicolon is missing. */
static bool named_take(struct html_scan *h)
{
    char name[HTML_ENTITY_NAME_MAX];
    size_t n = 0;
    for (int c; n < sizeof name; n++) {
        c = look(h, 1 + n);
        if (c != ';' && !is_letter(c) && !(c >= '0' && c <= '9'))
            break;
        name[n] = (char)c;
        if (c == ';') {
            n++;
            break;
        }
    }
    for (; n > 1; n--) {
        const struct html_entity *e = entity_find(str_n(name, n));
        if (e) {
            h->at += 1 + n;
            h->text = str_c(e->text);
            return true;
        }
    }
    return false;
}

/* Whatever stands up to the next tag or reference, or the first byte alone that begins neither.
 * Characters are not cut where the window ends. */
static enum html_event text_take(struct html_scan *h)
{
    bool whole = look(h, 3) == NOTHING;
    char *start = h->at++;
    while (h->at < h->end && *h->at != '<' && *h->at != '&')
        h->at++;
    if (h->at == h->end && !whole) {
        char *p = h->at;
        while (p > start && (p[-1] & 0xC0) == 0x80)
            p--;
        p -= p > start && (unsigned char)p[-1] >= 0xC0;
        h->at = p > start ? p : h->at;
    }
    h->text = str_n(start, (size_t)(h->at - start));
    return HTML_TEXT;
}

/* ---- the page ---- */

/* What begins with `<`; HTML_END: it was passed over. */
static enum html_event markup_take(struct html_scan *h)
{
    int next = look(h, 1);
    if (is_letter(next))
        return tag_take(h, 1);
    if (next == '/' && is_letter(look(h, 2)))
        return tag_take(h, 2);
    if (next != '!' && next != '?' && next != '/')
        return text_take(h);
    h->at += 2;
    if (next == '!' && look(h, 0) == '-' && look(h, 1) == '-')
        comment_skip(h);
    else if (skip_to(h, '>'))
        h->at++;
    return HTML_END;
}

enum html_event html_scan_next(struct html_scan *h)
{
    if (h->raw)
        raw_skip(h);
    for (int c; (c = look(h, 0)) != NOTHING;) {
        enum html_event e = HTML_END;
        if (c == '<')
            e = markup_take(h);
        else if (c == '&' && (look(h, 1) == '#' ? numeric_take(h) : named_take(h)))
            e = HTML_TEXT;
        else
            e = text_take(h);
        if (e != HTML_END)
            return h->failed ? HTML_TROUBLE : e;
    }
    return h->failed ? HTML_TROUBLE : HTML_END;
}

int html_scan_open(struct html_scan *h, struct source source, struct trouble *t)
{
    *h = (struct html_scan){.source = source, .window = malloc(WINDOW)};
    if (!h->window)
        return trouble_set(t, SHEET_E_IO, "out of memory");
    h->at = h->end = h->window;
    return 0;
}

void html_scan_close(struct html_scan *h)
{
    free(h->window);
    h->window = NULL;
}
