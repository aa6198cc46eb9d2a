/*
 * shared_strings.c - see shared_strings.h.
 */
#include "sheet/shared_strings.h"
#include "sheet/cell_text.h"
#include "sheet/xml_scan.h"

#include <stdlib.h>

#define TEXTS_FIRST ((size_t)256 << 10) /* bytes to begin with; one text must fit */
#define ENDS_FIRST  ((size_t)4 << 10)
#define ENDS_MAX    ((size_t)64 << 20) /* more texts would all be empty */
_Static_assert(TEXTS_FIRST >= SHEET_CELL_MAX, "a text fits into the first room");
_Static_assert(SHEET_SHARED_MAX <= UINT32_MAX, "an end is a 32-bit number");

/* Half as much again, at most `max`. What is not written yet is no memory yet, and large blocks
 * grow in place or move by their page tables, so nothing is there twice. */
static void *list_grow(void *list, size_t *room, size_t first, size_t max, size_t size,
                       struct trouble *t)
{
    size_t wanted = *room ? *room + *room / 2 : first;
    if (wanted > max)
        wanted = max;
    if (wanted == *room) {
        trouble_set(t, SHEET_E_TOO_LARGE, "too many shared strings");
        return NULL;
    }
    void *grown = realloc(list, wanted * size);
    if (!grown)
        trouble_set(t, SHEET_E_IO, "out of memory");
    else
        *room = wanted;
    return grown;
}

/* Where the next text begins. */
static size_t texts_used(const struct shared_strings *s)
{
    return s->ends ? s->ends[s->count] : 0;
}

char *shared_strings_room(struct shared_strings *s, struct trouble *t)
{
    size_t used = texts_used(s);
    if (s->texts_room - used < SHEET_CELL_MAX) {
        char *grown = list_grow(s->texts, &s->texts_room, TEXTS_FIRST, SHEET_SHARED_MAX, 1, t);
        if (!grown)
            return NULL;
        s->texts = grown;
    }
    if (s->count + 2 > s->ends_room) {
        uint32_t *grown =
            list_grow(s->ends, &s->ends_room, ENDS_FIRST, ENDS_MAX, sizeof *s->ends, t);
        if (!grown)
            return NULL;
        if (!s->ends)
            grown[0] = 0;
        s->ends = grown;
    }
    return s->texts + used;
}

void shared_strings_keep(struct shared_strings *s, size_t n)
{
    s->ends[s->count + 1] = s->ends[s->count] + (uint32_t)n;
    s->count++;
}

static int item_read(struct shared_strings *s, struct xml *x, struct trouble *t)
{
    char *room = shared_strings_room(s, t);
    if (!room)
        return -1;
    struct cell_text c = cell_text_begin(room, SHEET_CELL_MAX);
    struct str text;
    if (cell_text_read(x, &c, t) < 0 || cell_text_finish(&c, &text, t) < 0)
        return -1;
    shared_strings_keep(s, text.len);
    return 0;
}

/* `<si><t>text</t></si>`, as nearly all are written, whole in the window: 1 read, 0 something else,
 * -1 trouble. */
static int item_read_quick(struct shared_strings *s, struct xml *x, struct trouble *t)
{
    static const struct str before = STR_INIT("<si><t>"), behind = STR_INIT("</t></si>");
    if (x->close_pending || x->depth != 1 || memcmp(x->at, before.ptr, before.len) != 0)
        return 0;
    char *room = shared_strings_room(s, t);
    if (!room)
        return -1;
    struct str text;
    const char *end;
    int taken = cell_text_take(x->at + before.len, x->end, room, &text, &end, t);
    if (taken < 1 || memcmp(end, behind.ptr, behind.len) != 0)
        return taken < 0 ? -1 : 0;
    shared_strings_keep(s, text.len);
    x->at += (size_t)(end - x->at) + behind.len;
    return 1;
}

static int items_read(struct shared_strings *s, struct xml *x, struct trouble *t)
{
    for (;;) {
        int quick = item_read_quick(s, x, t);
        if (quick == 1)
            continue;
        enum xml_event e = quick < 0 ? XML_TROUBLE : xml_next(x);
        if (e == XML_END)
            return 0;
        if (e == XML_TROUBLE)
            return -1;
        if (e != XML_OPEN || x->depth == 1)
            continue;
        if ((xml_is(x, "si") ? item_read(s, x, t) : xml_skip(x)) < 0)
            return -1;
    }
}

int shared_strings_read(struct shared_strings *s, struct source source, struct trouble *t)
{
    struct xml x;
    int result = xml_open(&x, source, t);
    if (result == 0)
        result = items_read(s, &x, t);
    xml_close(&x);
    return result;
}

void shared_strings_free(struct shared_strings *s)
{
    free(s->texts);
    free(s->ends);
    *s = (struct shared_strings){0};
}
