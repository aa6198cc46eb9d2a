/*
 * xml_scan.c - see xml_scan.h.
 *
 * The window ends in a NUL byte. A NUL is never content, so the inner loops stop there by
 * themselves and need no other bound; whoever stops at the sentinel asks for more and begins its
 * token again.
 */
#include "sheet/xml_scan.h"
#include "sheet/xml_plain.h"

#include <assert.h>
#include <stdlib.h>

static enum xml_event bad(struct xml *x, const char *what)
{
    trouble_set(x->trouble, SHEET_E_DAMAGED, "xml: %s", what);
    return XML_TROUBLE;
}

/* Moves what is left to the front and fills the window: 1 there is more now, 0 the source is at
 * its end, -1 trouble (also when the window is full of one token). */
static int refill(struct xml *x)
{
    size_t left = (size_t)(x->end - x->at);
    if (x->exhausted)
        return 0;
    if (left == XML_WINDOW)
        return bad(x, "a tag or comment without end");
    memmove(x->window, x->at, left);
    x->at = x->window;
    size_t have = left;
    while (have < XML_WINDOW) {
        int64_t n = source_read(&x->source, x->window + have, XML_WINDOW - have);
        if (n < 0)
            return -1;
        if (n == 0) {
            x->exhausted = true;
            break;
        }
        have += (size_t)n;
    }
    x->end = x->window + have;
    memset(x->end, 0, XML_SENTINEL);
    return have > left;
}

int xml_open(struct xml *x, struct source source, struct trouble *t)
{
    *x = (struct xml){.source = source, .trouble = t, .window = malloc(XML_WINDOW + XML_SENTINEL)};
    if (!x->window)
        return trouble_set(t, SHEET_E_IO, "out of memory");
    x->at = x->end = x->window;
    memset(x->end, 0, XML_SENTINEL);
    if (refill(x) < 0)
        return -1;
    struct str head = str_n(x->at, (size_t)(x->end - x->at));
    if (xml_plain_needed(head)) {
        x->plain = xml_plain_new(head, x->source, t);
        if (!x->plain)
            return -1;
        x->source = xml_plain_source(x->plain);
        x->exhausted = false;
        x->at = x->end;
        return refill(x) < 0 ? -1 : 0;
    }
    if (str_starts(head, STR("\xEF\xBB\xBF")))
        x->at += 3;
    return 0;
}

void xml_close(struct xml *x)
{
    xml_plain_free(&x->plain);
    free(x->window);
    x->window = NULL;
}

static enum xml_event element_push(struct xml *x)
{
    if (x->depth == 0 && x->rooted)
        return bad(x, "two roots");
    if (x->depth == XML_DEPTH_MAX || x->name.len > XML_NAMES_SIZE - x->names_used)
        return bad(x, "elements nested too deeply");
    x->rooted = true;
    memcpy(x->names + x->names_used, x->name.ptr, x->name.len);
    x->names_used += x->name.len;
    x->name_length[x->depth++] = (uint16_t)x->name.len;
    return XML_OPEN;
}

static enum xml_event element_pop(struct xml *x)
{
    if (x->depth == 0)
        return bad(x, "a closing tag without an opening one");
    size_t n = x->name_length[--x->depth];
    x->names_used -= n;
    if (x->name.len != n || memcmp(x->name.ptr, x->names + x->names_used, n) != 0)
        return bad(x, "tags closed in the wrong order");
    return XML_CLOSE;
}

/* Bytes at which the loops over names and over attributes have to think. */
static const bool ends_name[256] = {
    ['\0'] = true, [' '] = true, ['\t'] = true, ['\n'] = true,
    ['\r'] = true, ['/'] = true, ['>'] = true,  ['<'] = true,
};
static const bool ends_attributes[256] = {
    ['\0'] = true, ['>'] = true, ['<'] = true, ['"'] = true, ['\''] = true,
};

/* The `>` of the tag whose attributes begin at p; NULL at the end of the window or at a byte that
 * no tag has. */
static char *tag_end(char *p)
{
    for (;; p++) {
        while (!ends_attributes[(unsigned char)*p])
            p++;
        if (*p == '>')
            return p;
        if (*p != '"' && *p != '\'')
            return NULL;
        char quote = *p++;
        while (*p != quote && *p != '\0' && *p != '<')
            p++;
        if (*p != quote)
            return NULL;
    }
}

/* 1: a token was read (*e), 0: the window must be refilled first. */
static int open_tag(struct xml *x, enum xml_event *e)
{
    char *p = x->at + 1;
    while (!ends_name[(unsigned char)*p])
        p++;
    char *close = tag_end(p);
    if (!close)
        return 0;
    x->name = str_n(x->at + 1, (size_t)(p - x->at - 1));
    x->close_pending = close[-1] == '/';
    x->attributes = str_n(p, (size_t)(close - p) - (close > p && x->close_pending));
    x->at = close + 1;
    *e = x->name.len ? element_push(x) : bad(x, "a tag without a name");
    return 1;
}

static int close_tag(struct xml *x, enum xml_event *e)
{
    char *name = x->at + 2, *p = name;
    while (!ends_name[(unsigned char)*p])
        p++;
    x->name = str_n(name, (size_t)(p - name));
    while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
        p++;
    if (*p != '>')
        return 0;
    x->at = p + 1;
    *e = element_pop(x);
    return 1;
}

/* Passes over the token that ends with `mark`: 1 done, 0 the end is not in the window. */
static int pass_over(struct xml *x, struct str mark)
{
    ptrdiff_t at = str_find(str_n(x->at, (size_t)(x->end - x->at)), mark, 2);
    if (at < 0)
        return 0;
    x->at += (size_t)at + mark.len;
    return 1;
}

static int cdata(struct xml *x, enum xml_event *e)
{
    struct str rest = str_n(x->at, (size_t)(x->end - x->at));
    ptrdiff_t end = str_find(rest, STR("]]>"), 9);
    if (end < 0)
        return 0;
    x->text = str_slice(rest, 9, (size_t)end);
    x->literal = true;
    x->at += (size_t)end + 3;
    *e = XML_TEXT;
    return 1;
}

/* A token that begins with `<!` or `<?`: 2 passed over, 1 a token, 0 refill. */
static int markup(struct xml *x, enum xml_event *e)
{
    struct str rest = str_n(x->at, (size_t)(x->end - x->at));
    if (rest.ptr[1] == '?')
        return pass_over(x, STR("?>")) ? 2 : 0;
    if (str_starts(rest, STR("<!--"))) {
        ptrdiff_t end = str_find(rest, STR("-->"), 4);
        if (end >= 0)
            x->at += (size_t)end + 3;
        return end >= 0 ? 2 : 0;
    }
    if (str_starts(rest, STR("<![CDATA[")))
        return cdata(x, e);
    if (rest.len < 9 && !x->exhausted)
        return 0;
    *e = bad(x, "a document type or an unknown declaration");
    return 1;
}

static int tag(struct xml *x, enum xml_event *e)
{
    switch (x->at[1]) {
    case '/':
        return close_tag(x, e);
    case '!':
    case '?':
        return markup(x, e);
    case '\0':
        return 0;
    default:
        return open_tag(x, e);
    }
}

/* Where a text that is longer than the window may be cut: not inside a reference. */
static size_t text_cut(struct str s)
{
    const char *amp = memrchr(s.ptr, '&', s.len);
    if (amp && amp > s.ptr && s.len - (size_t)(amp - s.ptr) < 16)
        return (size_t)(amp - s.ptr);
    return s.len;
}

static int text(struct xml *x, enum xml_event *e)
{
    size_t have = (size_t)(x->end - x->at);
    const char *open = memchr(x->at, '<', have);
    if (!open && !x->exhausted && have < XML_WINDOW)
        return 0;
    size_t n = open ? (size_t)(open - x->at) : text_cut(str_n(x->at, have));
    x->text = str_n(x->at, n);
    x->literal = false;
    x->at += n;
    *e = XML_TEXT;
    return 1;
}

static bool blank(struct str s)
{
    return str_trim(s).len == 0;
}

/* The source is at its end and the window holds no whole token any more. */
static enum xml_event document_end(struct xml *x)
{
    if (x->at < x->end && memchr(x->at, '\0', (size_t)(x->end - x->at)))
        return bad(x, "a NUL byte");
    if (x->at < x->end)
        return bad(x, "a broken tag");
    if (x->depth > 0 || !x->rooted)
        return bad(x, "the document breaks off");
    return XML_END;
}

enum xml_event xml_next(struct xml *x)
{
    if (x->close_pending) {
        x->close_pending = false;
        return element_pop(x);
    }
    for (;;) {
        enum xml_event e = XML_END;
        int got = 0;
        if (x->at < x->end)
            got = *x->at == '<' ? tag(x, &e) : text(x, &e);
        if (got == 2)
            continue;
        if (got == 1) {
            if (e != XML_TEXT || x->depth > 0)
                return e;
            if (!blank(x->text))
                return bad(x, "text outside of the root element");
            continue;
        }
        int more = refill(x);
        if (more < 0)
            return XML_TROUBLE;
        if (more == 0)
            return document_end(x);
    }
}

int xml_skip(struct xml *x)
{
    for (int depth = 1; depth > 0;) {
        enum xml_event e = xml_next(x);
        if (e == XML_TROUBLE || e == XML_END)
            return -1;
        depth += e == XML_OPEN;
        depth -= e == XML_CLOSE;
    }
    return 0;
}

int xml_drain(struct xml *x)
{
    int64_t n;
    do
        n = source_read(&x->source, x->window, XML_WINDOW);
    while (n > 0);
    x->at = x->end = x->window;
    memset(x->end, 0, XML_SENTINEL);
    x->exhausted = true;
    return n < 0 ? -1 : 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool xml_attribute_next(struct str *rest, struct str *name, struct str *value)
{
    const char *p = rest->ptr, *end = p + rest->len;
    while (p < end && is_space(*p))
        p++;
    const char *start = p;
    while (p < end && *p != '=' && !is_space(*p))
        p++;
    *name = str_n(start, (size_t)(p - start));
    while (p < end && (*p == '=' || is_space(*p)))
        p++;
    if (p == end || (*p != '"' && *p != '\''))
        return false;
    char quote = *p++;
    const char *close = p;
    while (close < end && *close != quote)
        close++;
    if (close == end)
        return false;
    *value = str_n(p, (size_t)(close - p));
    *rest = str_n(close + 1, (size_t)(end - close - 1));
    return true;
}

struct str xml_local(struct str name)
{
    const char *colon = memrchr(name.ptr, ':', name.len);
    return colon ? str_slice(name, (size_t)(colon - name.ptr) + 1, name.len) : name;
}
