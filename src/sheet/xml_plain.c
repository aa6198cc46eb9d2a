/*
 * xml_plain.c - see xml_plain.h.
 */
#include "sheet/xml_plain.h"
#include "base/buf.h"
#include "sheet/xml_scan.h"

#include <expat.h>
#include <stdlib.h>

#define CHUNK       ((size_t)16 << 10)
#define OUT_MAX     ((size_t)32 << 20) /* a chunk may complete a long token that was held back */
#define SILENCE_MAX ((size_t)1 << 20)  /* bytes of one token: expat would keep all of it */
#define SEPARATOR   '\f'               /* between namespace and name; no XML can hold it */

struct xml_plain {
    XML_Parser parser;
    struct trouble *trouble;
    struct source rest;
    struct str head; /* a copy; what is left of it */
    char *head_copy;
    struct buf out;
    size_t out_at;
    size_t silence; /* bytes since expat last reported something */
    int depth;
    bool ended, stopped;
    struct str root_space; /* namespace of the root element; ptr NULL until then */
    char *root_copy;
};

static bool declares_other_encoding(struct str head)
{
    if (!str_starts(head, STR("<?xml")))
        return false;
    struct str line = str_slice(head, 5, (size_t)(str_find(head, STR("?>"), 0) + 1));
    struct str name, value;
    while (xml_attribute_next(&line, &name, &value))
        if (str_eq(name, STR("encoding")))
            return !str_eq_nocase(value, STR("utf-8")) && !str_eq_nocase(value, STR("utf8")) &&
                   !str_eq_nocase(value, STR("us-ascii"));
    return false;
}

/* The root's opening tag without its angle brackets, or an empty text when it is not in sight. */
static struct str root_tag(struct str head)
{
    for (size_t at = 0;;) {
        ptrdiff_t open = str_find(head, STR("<"), at);
        if (open < 0)
            return str_n("", 0);
        struct str rest = str_slice(head, (size_t)open, head.len);
        bool comment = str_starts(rest, STR("<!--"));
        if (!comment && !str_starts(rest, STR("<?"))) {
            ptrdiff_t close = str_find(rest, STR(">"), 0);
            return close < 0 ? str_n("", 0) : str_slice(rest, 1, (size_t)close);
        }
        ptrdiff_t end = str_find(rest, comment ? STR("-->") : STR("?>"), 2);
        if (end < 0)
            return str_n("", 0);
        at = (size_t)(open + end) + 2;
    }
}

/* Whether the root, or anything that shares its namespace, is written with a prefix. */
static bool root_has_prefix(struct str head)
{
    struct str rest = root_tag(head), name, value, space = {NULL, 0};
    size_t n = 0;
    while (n < rest.len && !strchr(" \t\r\n/", rest.ptr[n]))
        n++;
    if (memchr(rest.ptr, ':', n))
        return true;
    rest = str_slice(rest, n, rest.len);
    struct str again = rest;
    while (xml_attribute_next(&rest, &name, &value))
        if (str_eq(name, STR("xmlns")))
            space = value;
    while (space.ptr && xml_attribute_next(&again, &name, &value))
        if (str_starts(name, STR("xmlns:")) && str_eq(value, space))
            return true;
    return false;
}

bool xml_plain_needed(struct str head)
{
    if (head.len < 4)
        return false;
    if (str_starts(head, STR("\xFF\xFE")) || str_starts(head, STR("\xFE\xFF")) ||
        head.ptr[0] == '\0' || head.ptr[1] == '\0')
        return true;
    if (str_starts(head, STR("\xEF\xBB\xBF")))
        head = str_slice(head, 3, head.len);
    return declares_other_encoding(head) || root_has_prefix(head);
}

/* Splits expat's "namespace SEPARATOR name". */
static struct str split_name(const char *full, struct str *space)
{
    const char *separator = strchr(full, SEPARATOR);
    *space = separator ? str_n(full, (size_t)(separator - full)) : str_n("", 0);
    return str_c(separator ? separator + 1 : full);
}

static void put_name(struct xml_plain *p, const char *full, bool attribute)
{
    struct str space, name = split_name(full, &space);
    if (space.len && (attribute || !str_eq(space, p->root_space)))
        buf_lit(&p->out, "x:");
    buf_str(&p->out, name);
}

static void put_escaped(struct xml_plain *p, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strchr("&<>\"\r\n\t", s[i]))
            buf_printf(&p->out, "&#%d;", s[i]);
        else
            buf_char(&p->out, s[i]);
    }
}

static void stop(struct xml_plain *p, const char *why)
{
    trouble_set(p->trouble, SHEET_E_DAMAGED, "xml: %s", why);
    p->stopped = true;
    XML_StopParser(p->parser, XML_FALSE);
}

static void root_remember(struct xml_plain *p, const char *full)
{
    struct str space;
    split_name(full, &space);
    p->root_copy = strndup(space.ptr, space.len);
    p->root_space = str_c(p->root_copy);
}

static void on_open(void *self, const XML_Char *name, const XML_Char **attributes)
{
    struct xml_plain *p = self;
    p->silence = 0;
    if (p->depth++ == 0)
        root_remember(p, name);
    if (p->depth > XML_DEPTH_MAX) {
        stop(p, "elements nested too deeply");
        return;
    }
    buf_char(&p->out, '<');
    put_name(p, name, false);
    for (; attributes[0]; attributes += 2) {
        buf_char(&p->out, ' ');
        put_name(p, attributes[0], true);
        buf_lit(&p->out, "=\"");
        put_escaped(p, attributes[1], strlen(attributes[1]));
        buf_char(&p->out, '"');
    }
    buf_char(&p->out, '>');
}

static void on_close(void *self, const XML_Char *name)
{
    struct xml_plain *p = self;
    p->silence = 0;
    p->depth--;
    buf_lit(&p->out, "</");
    put_name(p, name, false);
    buf_char(&p->out, '>');
}

static void on_text(void *self, const XML_Char *text, int n)
{
    struct xml_plain *p = self;
    p->silence = 0;
    put_escaped(p, text, (size_t)n);
}

static void on_doctype(void *self, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    stop(self, "a document type");
}

struct xml_plain *xml_plain_new(struct str head, struct source rest, struct trouble *t)
{
    struct xml_plain *p = calloc(1, sizeof *p);
    char *copy = malloc(head.len + 1);
    XML_Parser parser = XML_ParserCreateNS(NULL, SEPARATOR);
    if (!p || !copy || !parser) {
        free(p);
        free(copy);
        XML_ParserFree(parser);
        trouble_set(t, SHEET_E_IO, "out of memory");
        return NULL;
    }
    memcpy(copy, head.ptr, head.len);
    *p = (struct xml_plain){.parser = parser,
                            .trouble = t,
                            .rest = rest,
                            .head = str_n(copy, head.len),
                            .head_copy = copy,
                            .out = BUF_INIT(OUT_MAX)};
    XML_SetUserData(parser, p);
    XML_SetElementHandler(parser, on_open, on_close);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    return p;
}

void xml_plain_free(struct xml_plain **p)
{
    if (!*p)
        return;
    XML_ParserFree((*p)->parser);
    buf_free(&(*p)->out);
    free((*p)->head_copy);
    free((*p)->root_copy);
    free(*p);
    *p = NULL;
}

/* The next bytes of the document into expat's own buffer: their number, 0 at the end, -1. */
static int64_t chunk_fetch(struct xml_plain *p, void *to)
{
    size_t n = p->head.len < CHUNK ? p->head.len : CHUNK;
    if (n == 0)
        return source_read(&p->rest, to, CHUNK);
    memcpy(to, p->head.ptr, n);
    p->head = str_slice(p->head, n, p->head.len);
    return (int64_t)n;
}

/* Feeds expat once, which appends to `out`. */
static int feed(struct xml_plain *p)
{
    void *to = XML_GetBuffer(p->parser, (int)CHUNK);
    int64_t n = to ? chunk_fetch(p, to) : -1;
    if (n < 0)
        return trouble_set(p->trouble, SHEET_E_IO, "out of memory");
    p->silence += (size_t)n;
    p->ended = n == 0;
    enum XML_Status status = XML_ParseBuffer(p->parser, (int)n, p->ended);
    if (p->stopped)
        return -1;
    if (status != XML_STATUS_OK)
        return trouble_set(p->trouble, SHEET_E_DAMAGED, "xml: line %lu: %s",
                           (unsigned long)XML_GetCurrentLineNumber(p->parser),
                           XML_ErrorString(XML_GetErrorCode(p->parser)));
    if (p->silence > SILENCE_MAX || p->out.failed)
        return trouble_set(p->trouble, SHEET_E_TOO_LARGE, "xml: a token of more than %zu bytes",
                           SILENCE_MAX);
    return 0;
}

static int64_t plain_read(void *self, char *to, size_t room)
{
    struct xml_plain *p = self;
    while (p->out_at == p->out.len && !p->ended) {
        buf_clear(&p->out);
        p->out_at = 0;
        if (feed(p) < 0)
            return -1;
    }
    size_t n = p->out.len - p->out_at;
    if (n > room)
        n = room;
    if (n)
        memcpy(to, p->out.ptr + p->out_at, n);
    p->out_at += n;
    return (int64_t)n;
}

struct source xml_plain_source(struct xml_plain *p)
{
    return (struct source){.read = plain_read, .self = p};
}
