/*
 * xml_fuzz.c - our reader of XML against expat.
 *
 * Whatever expat takes as a well-formed document without a DTD, our reader must take too, with the
 * same elements, attributes and texts. (The other way round it may be more lenient.)
 */
#include "base/buf.h"
#include "sheet/cell_text.h"
#include "sheet/xml_plain.h"

#include <assert.h>

#define TEXT_ROOM ((size_t)1 << 20)

static char text_room[TEXT_ROOM];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct memory {
    const char *at;
    size_t left;
};

static int64_t memory_read(void *self, char *to, size_t room)
{
    struct memory *m = self;
    size_t n = m->left < room ? m->left : room;
    if (n)
        memcpy(to, m->at, n);
    m->at += n;
    m->left -= n;
    return (int64_t)n;
}

/* What one reading has shown, as one text. */
struct shown {
    struct buf out;
};

static void show_text(struct shown *s, struct str raw, bool literal, bool attribute)
{
    struct trouble t = {0};
    struct cell_text c = cell_text_begin(text_room, TEXT_ROOM);
    if (cell_text_append(&c, raw, literal, &t) < 0)
        buf_lit(&s->out, "?");
    for (char *p = c.start; p < c.at; p++) {
        if (*p == '\r' || (attribute && (*p == '\n' || *p == '\t')))
            *p = attribute ? ' ' : '\n'; /* expat normalises; ours leaves it to the cell */
        if (attribute || *p != '\n')
            buf_char(&s->out, *p);
    }
}

/* false: refused, or not comparable. */
static bool show(struct shown *s, struct xml *x)
{
    enum xml_event e;
    while ((e = xml_next(x)) > 0) {
        struct str rest = x->attributes, name, value;
        if (e == XML_TEXT) {
            show_text(s, x->text, x->literal, false);
            continue;
        }
        buf_char(&s->out, e == XML_OPEN ? '<' : '>');
        buf_str(&s->out, xml_local(x->name));
        while (e == XML_OPEN && xml_attribute_next(&rest, &name, &value)) {
            if (str_starts(name, STR("xmlns")))
                continue;
            buf_char(&s->out, ' ');
            buf_str(&s->out, xml_local(name));
            show_text(s, value, false, true);
        }
    }
    return e == XML_END;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trouble ours = {0}, theirs = {0};
    struct str document = str_n((const char *)data, size);
    struct memory memory = {document.ptr, size}, nothing = {"", 0};
    struct shown a = {BUF_INIT((size_t)64 << 20)}, b = {BUF_INIT((size_t)64 << 20)};
    struct xml x, y = {.window = NULL};
    struct xml_plain *plain = NULL;
    bool open = xml_open(&x, (struct source){memory_read, &memory}, &ours) == 0;
    bool comparable = !xml_plain_needed(document), read = open && show(&a, &x);
    assert(read || ours.error != SHEET_OK);
    if (comparable &&
        (plain = xml_plain_new(document, (struct source){memory_read, &nothing}, &theirs))) {
        bool well_formed = xml_open(&y, xml_plain_source(plain), &theirs) == 0 && show(&b, &y);
        assert(!well_formed || read);
        assert(!well_formed || str_eq(buf_view(&a.out), buf_view(&b.out)));
        xml_close(&y);
    }
    xml_plain_free(&plain);
    xml_close(&x);
    buf_free(&a.out);
    buf_free(&b.out);
    return 0;
}
