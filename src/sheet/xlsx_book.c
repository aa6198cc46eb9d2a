/*
 * xlsx_book.c - see xlsx_book.h.
 */
#include "sheet/xlsx_book.h"
#include "sheet/cell_text.h"
#include "sheet/xml_scan.h"

#include <assert.h>

#define PATH_LENGTH_MAX 1024 /* also of names and ids */
#define LINKS_MAX       8192
#define FORMATS_MAX     65536

/* A relationship of the package that matters to us. */
struct link {
    struct str id, target; /* the target as a path from the root of the package */
    enum link_type {
        LINK_OTHER,
        LINK_WORKBOOK,
        LINK_SHEET,
        LINK_STYLES,
        LINK_SHARED,
        LINK_OTHER_SHEET, /* in the list of sheets, but without cells */
    } type;
};

struct links {
    struct buf bytes; /* of struct link */
    const struct link *items;
    size_t count;
};

static int damaged(struct xlsx_book *b, const char *what)
{
    return trouble_set(b->trouble, SHEET_E_DAMAGED, "workbook: %s", what);
}

/* An attribute's value decoded into the arena. */
static int attribute_text(struct xlsx_book *b, struct str value, struct str *out)
{
    if (value.len > PATH_LENGTH_MAX)
        return damaged(b, "a name or path is too long");
    struct cell_text c = cell_text_begin(str_z(b->arena, value), value.len);
    return cell_text_append(&c, value, false, b->trouble) < 0
               ? -1
               : cell_text_finish(&c, out, b->trouble);
}

/* One part on its way through a function that understands it. */
struct part {
    struct xml xml;
    struct zip_stream *stream;
};

static int part_open(struct xlsx_book *b, struct part *p, struct str path)
{
    p->xml.window = NULL;
    p->xml.plain = NULL;
    p->stream = xlsx_book_part(b, path);
    return p->stream ? xml_open(&p->xml, zip_stream_source(p->stream), b->trouble) : -1;
}

static void part_close(struct part *p)
{
    xml_close(&p->xml);
    zip_stream_close(&p->stream);
}

/* Calls `on_open` for every element of a part until its end; the function may look at the
 * attributes only. `depth` of the root is 1. */
static int part_walk(struct xlsx_book *b, struct str path,
                     int (*on_open)(struct xlsx_book *b, struct xml *x, void *ctx), void *ctx)
{
    struct part p;
    int result = part_open(b, &p, path);
    while (result == 0) {
        enum xml_event e = xml_next(&p.xml);
        if (e == XML_END)
            break;
        if (e == XML_TROUBLE)
            result = -1;
        else if (e == XML_OPEN)
            result = on_open(b, &p.xml, ctx);
    }
    part_close(&p);
    return result;
}

struct zip_stream *xlsx_book_part(struct xlsx_book *b, struct str path)
{
    struct zip_entry e;
    int found = zip_find(&b->zip, path, &e);
    if (found == 0)
        trouble_set(b->trouble, SHEET_E_DAMAGED, "workbook: the part %.*s is missing",
                    path.len > 100 ? 100 : (int)path.len, path.ptr);
    return found == 1 ? zip_stream_open(&b->zip, &e) : NULL;
}

/* `target` as seen from the part `base`, as a path from the root without a leading slash. */
static struct str path_resolve(struct arena *a, struct str base, struct str target)
{
    const char *slash = base.len ? memrchr(base.ptr, '/', base.len) : NULL;
    size_t folder = slash ? (size_t)(slash - base.ptr) + 1 : 0;
    bool absolute = target.len && (target.ptr[0] == '/' || target.ptr[0] == '\\');
    char *joined = arena_alloc(a, folder + target.len + 1), *out = joined;
    if (!absolute && folder)
        out = mempcpy(out, base.ptr, folder);
    for (size_t i = 0; i < target.len; i++)
        *out++ = target.ptr[i] == '\\' ? '/' : target.ptr[i];

    struct str rest = str_n(joined, (size_t)(out - joined)), step;
    size_t n = 0;
    while (str_split(&rest, '/', &step)) {
        if (str_eq(step, STR("..")))
            while (n > 0 && joined[--n] != '/')
                ;
        if (step.len == 0 || str_eq(step, STR("..")) || str_eq(step, STR(".")))
            continue;
        if (n > 0)
            joined[n++] = '/';
        memmove(joined + n, step.ptr, step.len);
        n += step.len;
    }
    return str_n(joined, n);
}

/* Where the relationships of a part are: xl/_rels/workbook.xml.rels of xl/workbook.xml. */
static struct str links_path(struct arena *a, struct str part)
{
    const char *slash = part.len ? memrchr(part.ptr, '/', part.len) : NULL;
    size_t folder = slash ? (size_t)(slash - part.ptr) + 1 : 0;
    return str_printf(a, "%.*s_rels/%.*s.rels", (int)folder, part.ptr, (int)(part.len - folder),
                      part.ptr + folder);
}

/* Transitional and strict OOXML differ in the front of these addresses only. */
static enum link_type link_type(struct str address)
{
    static const struct {
        struct str end;
        enum link_type type;
    } types[] = {{STR_INIT("/officeDocument"), LINK_WORKBOOK},
                 {STR_INIT("/worksheet"), LINK_SHEET},
                 {STR_INIT("/styles"), LINK_STYLES},
                 {STR_INIT("/sharedStrings"), LINK_SHARED},
                 {STR_INIT("/chartsheet"), LINK_OTHER_SHEET},
                 {STR_INIT("/dialogsheet"), LINK_OTHER_SHEET},
                 {STR_INIT("/xlMacrosheet"), LINK_OTHER_SHEET},
                 {STR_INIT("/xlIntlMacrosheet"), LINK_OTHER_SHEET}};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_ends(address, types[i].end))
            return types[i].type;
    return LINK_OTHER;
}

struct links_walk {
    struct links *links;
    struct str base;
};

static int link_read(struct xlsx_book *b, struct xml *x, void *ctx)
{
    struct links_walk *w = ctx;
    struct str rest = x->attributes, name, value, target = {NULL, 0}, id = {NULL, 0};
    enum link_type type = LINK_OTHER;
    bool external = false;
    if (!xml_is(x, "Relationship"))
        return 0;
    while (xml_attribute_next(&rest, &name, &value)) {
        if (str_eq(name, STR("Id")))
            id = value;
        else if (str_eq(name, STR("Type")))
            type = link_type(value);
        else if (str_eq(name, STR("Target")))
            target = value;
        else if (str_eq(name, STR("TargetMode")))
            external = str_eq_nocase(value, STR("External"));
    }
    if (type == LINK_OTHER || external || !id.ptr || !target.ptr)
        return 0;
    struct link l = {.type = type};
    if (attribute_text(b, id, &l.id) < 0 || attribute_text(b, target, &l.target) < 0)
        return -1;
    l.target = path_resolve(b->arena, w->base, l.target);
    buf_append(&w->links->bytes, &l, sizeof l);
    return w->links->bytes.failed
               ? trouble_set(b->trouble, SHEET_E_TOO_LARGE, "workbook: too many parts")
               : 0;
}

static int links_read(struct xlsx_book *b, struct str part, struct links *links)
{
    struct links_walk w = {.links = links, .base = part};
    buf_init(&links->bytes, LINKS_MAX * sizeof(struct link));
    int result = part_walk(b, links_path(b->arena, part), link_read, &w);
    links->items = (const void *)links->bytes.ptr;
    links->count = links->bytes.len / sizeof(struct link);
    return result;
}

static struct str link_of_type(const struct links *links, enum link_type type)
{
    for (size_t i = 0; i < links->count; i++)
        if (links->items[i].type == type)
            return links->items[i].target;
    return (struct str){NULL, 0};
}

/* A package that is not a workbook: say which kind it is where we know. */
static int foreign_package(struct xlsx_book *b)
{
    static const struct {
        struct str part;
        enum sheet_error error;
        const char *what;
    } kinds[] = {{STR_INIT("xl/workbook.bin"), SHEET_E_XLSB, "a binary workbook"},
                 {STR_INIT("content.xml"), SHEET_E_ODS, "an OpenDocument file"},
                 {STR_INIT("word/document.xml"), SHEET_E_UNSUPPORTED, "a Word document"},
                 {STR_INIT("ppt/presentation.xml"), SHEET_E_UNSUPPORTED, "a presentation"}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct zip_entry e;
        int found = zip_find(&b->zip, kinds[i].part, &e);
        if (found != 0)
            return found < 0 ? -1 : trouble_set(b->trouble, kinds[i].error, "%s", kinds[i].what);
    }
    return 0;
}

/* An element of [Content_Types].xml: notes the part that is a workbook, template or not. */
static int content_type_read(struct xlsx_book *b, struct xml *x, void *ctx)
{
    struct str *path = ctx, rest = x->attributes, name, value, part = {NULL, 0};
    bool workbook = false;
    if (!xml_is(x, "Override"))
        return 0;
    while (xml_attribute_next(&rest, &name, &value)) {
        if (str_eq(name, STR("PartName")))
            part = value;
        else if (str_eq(name, STR("ContentType")))
            workbook = str_ends(value, STR(".main+xml")) && str_find(value, STR("sheet"), 0) >= 0;
    }
    if (!workbook || !part.ptr)
        return 0;
    if (attribute_text(b, part, &part) < 0)
        return -1;
    *path = path_resolve(b->arena, str_n("", 0), part);
    return 0;
}

/* The path of the workbook part, by the root relationships or by the content types: some writers
 * leave out the one or the other. */
static int workbook_locate(struct xlsx_book *b, struct str *path)
{
    static const struct str types = STR_INIT("[Content_Types].xml"), rels = STR_INIT("_rels/.rels");
    struct links links = {0};
    struct zip_entry e;
    *path = STR("xl/workbook.xml");
    int has_types = zip_find(&b->zip, types, &e), has_rels = zip_find(&b->zip, rels, &e);
    if (has_types < 0 || has_rels < 0 ||
        (has_types && part_walk(b, types, content_type_read, path) < 0))
        return -1;
    int result = has_rels ? links_read(b, str_n("", 0), &links) : 0;
    struct str linked = link_of_type(&links, LINK_WORKBOOK);
    buf_free(&links.bytes);
    if (result < 0)
        return -1;
    if (linked.ptr)
        *path = linked;
    int found = zip_find(&b->zip, *path, &e);
    if (found == 0)
        return trouble_set(b->trouble, SHEET_E_UNSUPPORTED, "a zip archive without a workbook");
    return found < 0 ? -1 : 0;
}

static bool is_true(struct str value)
{
    return str_eq(value, STR("1")) || str_eq(value, STR("true")) || str_eq(value, STR("on"));
}

static int sheet_read(struct xlsx_book *b, struct xml *x, const struct links *links)
{
    struct str rest = x->attributes, name, value, title = {"", 0}, id = {"", 0};
    bool hidden = false;
    while (xml_attribute_next(&rest, &name, &value)) {
        if (str_eq(name, STR("name")))
            title = value;
        else if (str_eq(name, STR("state")))
            hidden = !str_eq(value, STR("visible"));
        else if (str_eq(xml_local(name), STR("id")))
            id = value;
    }
    const struct link *link = NULL;
    for (size_t i = 0; i < links->count && !link; i++)
        if (str_eq(links->items[i].id, id))
            link = &links->items[i];
    if (link && link->type == LINK_OTHER_SHEET)
        return 0;
    struct sheet_info info = {.hidden = hidden};
    struct str path = link ? link->target : (struct str){NULL, 0};
    if (attribute_text(b, title, &info.name) < 0)
        return -1;
    buf_append(&b->sheets, &info, sizeof info);
    buf_append(&b->paths, &path, sizeof path);
    return b->sheets.failed ? trouble_set(b->trouble, SHEET_E_TOO_LARGE,
                                          "workbook: more than %d sheets", SHEET_SHEETS_MAX)
                            : 0;
}

static int workbook_element(struct xlsx_book *b, struct xml *x, void *ctx)
{
    struct str rest = x->attributes, name, value;
    if (x->depth == 1 && !xml_is(x, "workbook"))
        return damaged(b, "the workbook part is something else");
    if (xml_is(x, "sheet") && x->depth == 3)
        return sheet_read(b, x, ctx);
    if (xml_is(x, "workbookPr"))
        while (xml_attribute_next(&rest, &name, &value))
            if (str_eq(name, STR("date1904")))
                b->date1904 = is_true(value);
    return 0;
}

/* Number formats while styles are read: codes by id, and the ids of the cell formats. */
struct styles_walk {
    struct buf codes;   /* of struct format_code */
    struct buf formats; /* of int64_t, in the order of cellXfs */
    bool in_codes, in_formats;
};

struct format_code {
    int64_t id;
    enum number_shape shape;
};

static int format_code_read(struct xml *x, struct styles_walk *w)
{
    struct format_code c = {.id = -1};
    struct str rest = x->attributes, name, value;
    while (xml_attribute_next(&rest, &name, &value)) {
        if (str_eq(name, STR("numFmtId")) && !str_i64(value, 0, INT32_MAX, &c.id))
            c.id = -1;
        else if (str_eq(name, STR("formatCode")))
            c.shape = number_shape_of_code(value);
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

static int styles_element(struct xlsx_book *b, struct xml *x, void *ctx)
{
    (void)b;
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

static enum number_shape shape_resolve(const struct styles_walk *w, int64_t id)
{
    const struct format_code *codes = (const void *)w->codes.ptr;
    for (size_t i = 0; i < w->codes.len / sizeof *codes; i++)
        if (codes[i].id == id)
            return codes[i].shape;
    return number_shape_of_id(id);
}

static int styles_read(struct xlsx_book *b)
{
    struct styles_walk w = {.codes = BUF_INIT(FORMATS_MAX * sizeof(struct format_code)),
                            .formats = BUF_INIT(FORMATS_MAX * sizeof(int64_t))};
    int result = part_walk(b, b->styles_path, styles_element, &w);
    const int64_t *ids = (const void *)w.formats.ptr;
    for (size_t i = 0; result == 0 && i < w.formats.len / sizeof *ids; i++)
        buf_char(&b->shapes, (char)shape_resolve(&w, ids[i]));
    if (result == 0 && (w.codes.failed || w.formats.failed || b->shapes.failed))
        result = trouble_set(b->trouble, SHEET_E_TOO_LARGE, "workbook: too many number formats");
    buf_free(&w.codes);
    buf_free(&w.formats);
    return result;
}

static int workbook_read(struct xlsx_book *b, struct links *links)
{
    struct str path;
    if (foreign_package(b) < 0 || workbook_locate(b, &path) < 0 || links_read(b, path, links) < 0 ||
        part_walk(b, path, workbook_element, links) < 0)
        return -1;
    if (xlsx_book_sheets(b) == 0)
        return trouble_set(b->trouble, SHEET_E_NO_SHEET, "workbook: no worksheet");
    b->styles_path = link_of_type(links, LINK_STYLES);
    b->shared_path = link_of_type(links, LINK_SHARED);
    return b->styles_path.ptr ? styles_read(b) : 0;
}

int xlsx_book_open(struct xlsx_book *b, int fd, int64_t file_size, struct arena *a,
                   struct trouble *t)
{
    struct links links = {0};
    *b = (struct xlsx_book){.arena = a,
                            .trouble = t,
                            .shapes = BUF_INIT(FORMATS_MAX),
                            .sheets = BUF_INIT(SHEET_SHEETS_MAX * sizeof(struct sheet_info)),
                            .paths = BUF_INIT(SHEET_SHEETS_MAX * sizeof(struct str))};
    int result = zip_open(&b->zip, fd, file_size, t) < 0 ? -1 : workbook_read(b, &links);
    buf_free(&links.bytes);
    return result;
}

size_t xlsx_book_sheets(const struct xlsx_book *b)
{
    return b->sheets.len / sizeof(struct sheet_info);
}

struct str xlsx_book_path(const struct xlsx_book *b, size_t index)
{
    const struct str *paths = (const void *)b->paths.ptr;
    assert(index < xlsx_book_sheets(b));
    return paths[index];
}

void xlsx_book_close(struct xlsx_book *b)
{
    zip_close(&b->zip);
    buf_free(&b->shapes);
    buf_free(&b->sheets);
    buf_free(&b->paths);
}
