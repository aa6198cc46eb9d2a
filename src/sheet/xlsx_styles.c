/*
 * xlsx_styles.c - see xlsx_styles.h.
 */
#include "sheet/xlsx_styles.h"
#include "sheet/cell_text.h"
#include "sheet/number_format.h"

#include <stdlib.h>

#define FORMATS_MAX     65536
#define CODE_LENGTH_MAX 1024 /* Excel allows 255 characters */

/* Number formats while styles are read: codes by id, and the ids of the cell formats. */
struct styles_walk {
    struct buf codes;   /* of struct format_code */
    struct buf formats; /* of int64_t, in the order of cellXfs */
    bool in_codes, in_formats;
};

struct format_code {
    int64_t id;
    uint32_t ordinal; /* in the file */
    enum number_shape shape;
};

/* The shape of a code as the attribute holds it, with its quotes written &quot;. A code that is
 * longer than Excel takes, or broken, shows numbers as they are. */
static enum number_shape shape_of_attribute(struct str value)
{
    char room[CODE_LENGTH_MAX];
    struct trouble ignored = {0};
    struct cell_text c = cell_text_begin(room, sizeof room);
    if (cell_text_append(&c, value, false, &ignored) < 0)
        return SHAPE_NUMBER;
    return number_shape_of_code(str_n(c.start, (size_t)(c.at - c.start)));
}

static int format_code_read(struct xml *x, struct styles_walk *w)
{
    struct format_code c = {.id = -1, .ordinal = (uint32_t)(w->codes.len / sizeof c)};
    struct str rest = x->attributes, name, value;
    while (xml_attribute_next(&rest, &name, &value)) {
        if (str_eq(name, STR("numFmtId")) && !str_i64(value, 0, INT32_MAX, &c.id))
            c.id = -1;
        else if (str_eq(name, STR("formatCode")))
            c.shape = shape_of_attribute(value);
    }
    buf_append(&w->codes, &c, sizeof c);
    return 0;
}

static int cell_format_read(struct xml *x, struct styles_walk *w)
{
    int64_t id = 0;
    struct str rest = x->attributes, name, value;
    while (xml_attribute_next(&rest, &name, &value))
        if (str_eq(name, STR("numFmtId")) && !str_i64(value, 0, INT32_MAX, &id))
            id = 0;
    buf_append(&w->formats, &id, sizeof id);
    return 0;
}

static int styles_element(struct xlsx_package *p, struct xml *x, void *ctx)
{
    (void)p;
    struct styles_walk *w = ctx;
    if (x->depth == 2) {
        w->in_codes = xml_is(x, "numFmts");
        w->in_formats = xml_is(x, "cellXfs");
    } else if (x->depth == 3 && w->in_codes && xml_is(x, "numFmt")) {
        return format_code_read(x, w);
    } else if (x->depth == 3 && w->in_formats && xml_is(x, "xf")) {
        return cell_format_read(x, w);
    }
    return 0;
}

static int code_order(const void *a, const void *b)
{
    const struct format_code *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* What id means: the first code of that id (they are sorted), else what Excel has built in. */
static enum number_shape shape_resolve(const struct styles_walk *w, int64_t id)
{
    const struct format_code *codes = (const void *)w->codes.ptr;
    size_t low = 0, count = w->codes.len / sizeof *codes, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (codes[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && codes[low].id == id ? codes[low].shape : number_shape_of_id(id);
}

int xlsx_styles_read(struct xlsx_package *p, struct str path, struct buf *shapes)
{
    struct styles_walk w = {.codes = BUF_INIT(FORMATS_MAX * sizeof(struct format_code)),
                            .formats = BUF_INIT(FORMATS_MAX * sizeof(int64_t))};
    int result = xlsx_package_walk(p, path, styles_element, &w);
    const int64_t *ids = (const void *)w.formats.ptr;
    if (w.codes.len)
        qsort(w.codes.ptr, w.codes.len / sizeof(struct format_code), sizeof(struct format_code),
              code_order);
    buf_init(shapes, FORMATS_MAX);
    for (size_t i = 0; result == 0 && i < w.formats.len / sizeof *ids; i++)
        buf_char(shapes, (char)shape_resolve(&w, ids[i]));
    if (result == 0 && (w.codes.failed || w.formats.failed || shapes->failed))
        result = trouble_set(p->trouble, SHEET_E_TOO_LARGE, "styles: too many number formats");
    buf_free(&w.codes);
    buf_free(&w.formats);
    return result;
}
