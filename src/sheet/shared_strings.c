/*
 * shared_strings.c - see shared_strings.h. The lengths stand in the index, because texts are spread
 * over the memory: whoever asks for a row of them should wait for the memory once, not for each.
 */
#include "sheet/shared_strings.h"
#include "sheet/cell_text.h"
#include "sheet/xml_scan.h"

#include <assert.h>
#include <stdlib.h>

#define BLOCK_BITS 20
#define BLOCK_SIZE ((size_t)1 << BLOCK_BITS)
#define BLOCK_MAX  (SHEET_SHARED_MAX / BLOCK_SIZE)
#define INDEX_MAX  (SHEET_SHARED_MAX / sizeof(struct shared_place) / SHARED_INDEX_SIZE)
_Static_assert(SHEET_SHARED_MAX <= UINT32_MAX, "a place is a 32-bit number");

static int no_memory(struct trouble *t)
{
    return trouble_set(t, SHEET_E_IO, "out of memory");
}

/* One more pointer to `size` fresh bytes at the end of a list that grows by doubling. */
static void *list_grow(void *list, size_t count, size_t size)
{
    void **grown = list;
    if ((count & (count - 1)) == 0)
        grown = realloc(list, (count ? count * 2 : 1) * sizeof *grown);
    if (!grown)
        return NULL;
    grown[count] = malloc(size);
    return grown;
}

static int block_add(struct shared_strings *s, struct trouble *t)
{
    if (s->block_count == BLOCK_MAX)
        return trouble_set(t, SHEET_E_TOO_LARGE, "shared strings of more than %zu bytes",
                           SHEET_SHARED_MAX);
    char **grown = list_grow(s->blocks, s->block_count, BLOCK_SIZE);
    if (!grown)
        return no_memory(t);
    s->blocks = grown;
    if (!grown[s->block_count])
        return no_memory(t);
    s->block_count++;
    s->used = 0;
    return 0;
}

static int index_add(struct shared_strings *s, struct shared_place place, struct trouble *t)
{
    size_t i = s->count & (SHARED_INDEX_SIZE - 1);
    if (i == 0) {
        if (s->index_count == INDEX_MAX)
            return trouble_set(t, SHEET_E_TOO_LARGE, "too many shared strings");
        struct shared_place **grown =
            list_grow(s->index, s->index_count, SHARED_INDEX_SIZE * sizeof **grown);
        if (!grown)
            return no_memory(t);
        s->index = grown;
        if (!grown[s->index_count])
            return no_memory(t);
        s->index_count++;
    }
    s->index[s->index_count - 1][i] = place;
    s->count++;
    return 0;
}

char *shared_strings_room(struct shared_strings *s, struct trouble *t)
{
    if ((s->block_count == 0 || BLOCK_SIZE - s->used < SHEET_CELL_MAX) && block_add(s, t) < 0)
        return NULL;
    return s->blocks[s->block_count - 1] + s->used;
}

int shared_strings_keep(struct shared_strings *s, size_t n, struct trouble *t)
{
    struct shared_place place = {
        .at = (uint32_t)((s->block_count - 1) << BLOCK_BITS | s->used),
        .length = (uint32_t)n,
    };
    s->used += n;
    return index_add(s, place, t);
}

struct str shared_strings_get(const struct shared_strings *s, size_t i)
{
    assert(i < s->count);
    struct shared_place place = s->index[i >> SHARED_INDEX_BITS][i & (SHARED_INDEX_SIZE - 1)];
    const char *text = s->blocks[place.at >> BLOCK_BITS] + (place.at & (BLOCK_SIZE - 1));
    __builtin_prefetch(text);
    return str_n(text, place.length);
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
    return shared_strings_keep(s, text.len, t);
}

/* `<si><t>text</t></si>`, as nearly all are written, whole in the window: 1 read, 0 something else,
 * -1 trouble. */
static int item_read_quick(struct shared_strings *s, struct xml *x, struct trouble *t)
{
    static const struct str before = STR_INIT("<si><t>"), behind = STR_INIT("</t></si>");
    if (x->close_pending || x->depth != 1 || memcmp(x->at, before.ptr, before.len) != 0)
        return 0;
    const char *start = x->at + before.len, *end = memchr(start, '<', (size_t)(x->end - start));
    if (!end || memcmp(end, behind.ptr, behind.len) != 0)
        return 0;
    char *room = shared_strings_room(s, t);
    if (!room)
        return -1;
    struct cell_text c = cell_text_begin(room, SHEET_CELL_MAX);
    struct str text;
    if (cell_text_append(&c, str_n(start, (size_t)(end - start)), false, t) < 0 ||
        cell_text_finish(&c, &text, t) < 0 || shared_strings_keep(s, text.len, t) < 0)
        return -1;
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
    for (size_t i = 0; i < s->block_count; i++)
        free(s->blocks[i]);
    for (size_t i = 0; i < s->index_count; i++)
        free(s->index[i]);
    free(s->blocks);
    free(s->index);
    *s = (struct shared_strings){0};
}
