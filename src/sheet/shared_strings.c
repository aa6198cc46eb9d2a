/*
 * shared_strings.c - see shared_strings.h.
 */
#include "sheet/shared_strings.h"
#include "sheet/cell_text.h"
#include "sheet/xml_scan.h"

#include <stdlib.h>

#define TEXTS_FIRST ((size_t)256 << 10) /* bytes to begin with; one text must fit */
#define COUNT_FIRST ((size_t)4 << 10)
#define COUNT_MAX   ((size_t)32 << 20) /* every cell of a million rows x 30 */
#define LONG_SIZE   sizeof(uint32_t)   /* in front of a long text */
_Static_assert(TEXTS_FIRST >= SHEET_CELL_MAX + LONG_SIZE, "a text fits into the first room");
_Static_assert(SHEET_SHARED_MAX <= UINT32_MAX, "a beginning is a 32-bit number");
_Static_assert(COUNT_FIRST % SHARED_STEP == 0, "lengths are looked at by the step");

/* Half as much again, at most `max`, by whole steps; 0: no more. */
static size_t room_next(size_t room, size_t first, size_t max)
{
    size_t wanted = room ? (room + room / 2) / SHARED_STEP * SHARED_STEP : first;
    if (wanted > max)
        wanted = max;
    return wanted > room ? wanted : 0;
}

static int list_grow(void **list, size_t size, struct trouble *t)
{
    if (size == 0)
        return trouble_set(t, SHEET_E_TOO_LARGE, "too many shared strings");
    /* What is not written yet is no memory yet, and large blocks grow in place or move by their
     * page tables, so nothing is there twice. */
    void *grown = realloc(*list, size);
    if (!grown)
        return trouble_set(t, SHEET_E_IO, "out of memory");
    *list = grown;
    return 0;
}

static int texts_grow(struct shared_strings *s, struct trouble *t)
{
    size_t room = room_next(s->used_room, TEXTS_FIRST, SHEET_SHARED_MAX);
    void *list = s->texts;
    if (list_grow(&list, room, t) < 0)
        return -1;
    s->texts = list;
    s->used_room = room;
    return 0;
}

static int count_grow(struct shared_strings *s, struct trouble *t)
{
    size_t room = room_next(s->count_room, COUNT_FIRST, COUNT_MAX);
    void *lengths = s->lengths, *begins = s->begins;
    if (list_grow(&lengths, room, t) < 0)
        return -1;
    s->lengths = lengths;
    if (list_grow(&begins, room / SHARED_STEP * sizeof *s->begins, t) < 0)
        return -1;
    s->begins = begins;
    s->count_room = room;
    return 0;
}

char *shared_strings_room(struct shared_strings *s, struct trouble *t)
{
    if (s->used_room - s->used < SHEET_CELL_MAX + LONG_SIZE && texts_grow(s, t) < 0)
        return NULL;
    if (s->count == s->count_room && count_grow(s, t) < 0)
        return NULL;
    return s->texts + s->used;
}

void shared_strings_keep(struct shared_strings *s, size_t n)
{
    char *text = s->texts + s->used;
    if (s->count % SHARED_STEP == 0)
        s->begins[s->count / SHARED_STEP] = (uint32_t)s->used;
    s->lengths[s->count++] = (unsigned char)(n < SHARED_LONG ? n : SHARED_LONG);
    s->used += n;
    if (n < SHARED_LONG)
        return;
    s->has_long = true;
    uint32_t length = (uint32_t)n;
    memmove(text + LONG_SIZE, text, n);
    memcpy(text, &length, LONG_SIZE);
    s->used += LONG_SIZE;
}

struct str shared_strings_walk(const struct shared_strings *s, size_t i)
{
    const char *text = s->texts + s->begins[i / SHARED_STEP];
    for (size_t k = i / SHARED_STEP * SHARED_STEP;; k++) {
        uint32_t length = s->lengths[k];
        if (length == SHARED_LONG) {
            memcpy(&length, text, LONG_SIZE);
            text += LONG_SIZE;
        }
        if (k == i)
            return str_n(text, length);
        text += length;
    }
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
    free(s->lengths);
    free(s->begins);
    *s = (struct shared_strings){0};
}
