/*
 * xml_scan.h - a pull reader for the XML that spreadsheet programs write.
 *
 * Reads UTF-8 through a window of fixed size and hands out tags and texts as they stand there; no
 * tree, no allocation per tag. Tags must nest, depth and the length of a tag are bounded, a DTD is
 * refused. What Excel never writes (UTF-16, other encodings, prefixed elements) goes through expat
 * first, see xml_plain.h, so that this reader is the only one that understands a workbook. It is
 * lenient where strictness protects nobody (declarations, names); the fuzzer holds it against
 * expat. Called by xlsx_book.c, xlsx_rows.c and shared_strings.c.
 */
#ifndef SHEET_XML_SCAN_H
#define SHEET_XML_SCAN_H

#include "sheet/source.h"
#include "sheet/trouble.h"

#define XML_DEPTH_MAX  256
#define XML_WINDOW     ((size_t)256 << 10) /* also the length of the longest tag */
#define XML_NAMES_SIZE 8192                /* bytes of the names of all open elements */
#define XML_SENTINEL   32                  /* NUL bytes behind the window */

enum xml_event {
    XML_TROUBLE = -1,
    XML_END = 0, /* of the document */
    XML_OPEN,    /* name and attributes are set */
    XML_CLOSE,   /* name is set */
    XML_TEXT,    /* text and literal are set; a long text comes in several pieces */
};

struct xml_plain;

struct xml {
    /* What the last event was about; valid until the next xml_next. */
    struct str name;       /* as written; elements of other namespaces carry a prefix */
    struct str attributes; /* see xml_attribute_next */
    struct str text;       /* still encoded, for cell_text_append */
    bool literal;          /* CDATA: there is nothing to decode */

    struct source source;
    struct xml_plain *plain; /* between source and window when the document asks for it */
    struct trouble *trouble;
    /* The window and what is left of it. Behind `end` stand XML_SENTINEL NUL bytes, so that
     * literals can be compared without counting. Who knows what comes next may take whole elements
     * from `at` himself, unless close_pending. */
    char *window, *at, *end;
    bool exhausted;     /* the source has no more */
    bool close_pending; /* an element that closes itself owes its XML_CLOSE */
    bool rooted;        /* the root element was opened */
    int depth;
    size_t names_used;
    uint16_t name_length[XML_DEPTH_MAX];
    char names[XML_NAMES_SIZE];
};

/* Begins to read; -1: trouble. The caller's to xml_close in either case. */
int xml_open(struct xml *x, struct source source, struct trouble *t) MUST_CHECK;
void xml_close(struct xml *x);

enum xml_event xml_next(struct xml *x) MUST_CHECK;
/* Takes the closing tag of the innermost element when just that comes, written as usual; as
 * xml_next would, but without its XML_CLOSE. */
static inline bool xml_close_take(struct xml *x)
{
    size_t n = x->depth > 0 ? x->name_length[x->depth - 1] : 0;
    if (x->close_pending || n == 0 || (size_t)(x->end - x->at) < n + 3 || x->at[0] != '<' ||
        x->at[1] != '/' || x->at[n + 2] != '>' ||
        memcmp(x->at + 2, x->names + x->names_used - n, n) != 0)
        return false;
    x->at += n + 3;
    x->depth--;
    x->names_used -= n;
    return true;
}
/* After an XML_OPEN: everything up to and including its XML_CLOSE is passed over. */
int xml_skip(struct xml *x) MUST_CHECK;
/* Reads the source to its end without looking, so that its checksum is compared. */
int xml_drain(struct xml *x) MUST_CHECK;

/* Takes the next attribute off the front of *rest (begin with x->attributes); the value is still
 * encoded. False when there is none. */
bool xml_attribute_next(struct str *rest, struct str *name, struct str *value);
/* A name without its prefix: "id" of "r:id". */
struct str xml_local(struct str name);

#define xml_is(x, literal_name)                                                                    \
    ((x)->name.len == sizeof(literal_name) - 1 &&                                                  \
     memcmp((x)->name.ptr, literal_name, sizeof(literal_name) - 1) == 0)

#endif
