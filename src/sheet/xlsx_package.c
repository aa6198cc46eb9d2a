/*
 * xlsx_package.c - see xlsx_package.h.
 */
#include "sheet/xlsx_package.h"
#include "sheet/cell_text.h"

#define TEXT_LENGTH_MAX 1024 /* of names, ids and paths */
#define LINKS_MAX       8192

static int damaged(struct xlsx_package *p, const char *what)
{
    return trouble_set(p->trouble, SHEET_E_DAMAGED, "package: %s", what);
}

struct zip_stream *xlsx_package_part(struct xlsx_package *p, struct str path)
{
    struct zip_entry e;
    int found = zip_find(&p->zip, path, &e);
    if (found == 0)
        trouble_set(p->trouble, SHEET_E_DAMAGED, "package: the part %.*s is missing",
                    path.len > 100 ? 100 : (int)path.len, path.ptr);
    return found == 1 ? zip_stream_open(&p->zip, &e) : NULL;
}

int xlsx_package_text(struct xlsx_package *p, struct str value, struct str *out)
{
    if (value.len > TEXT_LENGTH_MAX)
        return damaged(p, "a name or path is too long");
    struct cell_text c = cell_text_begin(str_z(p->arena, value), value.len);
    return cell_text_append(&c, value, false, p->trouble) < 0
               ? -1
               : cell_text_finish(&c, out, p->trouble);
}

/* One part on its way through a function that understands it. */
struct part {
    struct xml xml;
    struct zip_stream *stream;
};

static int part_open(struct xlsx_package *p, struct part *part, struct str path)
{
    part->xml.window = NULL;
    part->xml.plain = NULL;
    part->stream = xlsx_package_part(p, path);
    return part->stream ? xml_open(&part->xml, zip_stream_source(part->stream), p->trouble) : -1;
}

static void part_close(struct part *part)
{
    xml_close(&part->xml);
    zip_stream_close(&part->stream);
}

int xlsx_package_walk(struct xlsx_package *p, struct str path, xlsx_on_open *on_open, void *ctx)
{
    struct part part;
    int result = part_open(p, &part, path);
    while (result == 0) {
        enum xml_event e = xml_next(&part.xml);
        if (e == XML_END)
            break;
        if (e == XML_TROUBLE)
            result = -1;
        else if (e == XML_OPEN)
            result = on_open(p, &part.xml, ctx);
    }
    part_close(&part);
    return result;
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

static int link_read(struct xlsx_package *p, struct xml *x, void *ctx)
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
    if (xlsx_package_text(p, id, &l.id) < 0 || xlsx_package_text(p, target, &l.target) < 0)
        return -1;
    l.target = path_resolve(p->arena, w->base, l.target);
    buf_append(&w->links->bytes, &l, sizeof l);
    return w->links->bytes.failed
               ? trouble_set(p->trouble, SHEET_E_TOO_LARGE, "package: too many parts")
               : 0;
}

int xlsx_links_read(struct xlsx_package *p, struct str part, struct links *links)
{
    struct links_walk w = {.links = links, .base = part};
    buf_init(&links->bytes, LINKS_MAX * sizeof(struct link));
    int result = xlsx_package_walk(p, links_path(p->arena, part), link_read, &w);
    links->items = (const void *)links->bytes.ptr;
    links->count = links->bytes.len / sizeof(struct link);
    return result;
}

void xlsx_links_free(struct links *links)
{
    buf_free(&links->bytes);
    *links = (struct links){0};
}

const struct link *xlsx_links_find(const struct links *links, struct str id)
{
    for (size_t i = 0; i < links->count; i++)
        if (str_eq(links->items[i].id, id))
            return &links->items[i];
    return NULL;
}

struct str xlsx_links_target(const struct links *links, enum link_type type)
{
    for (size_t i = 0; i < links->count; i++)
        if (links->items[i].type == type)
            return links->items[i].target;
    return (struct str){NULL, 0};
}

/* A package that is not a workbook: say which kind it is where we know. */
static int foreign_package(struct xlsx_package *p)
{
    static const struct {
        struct str part;
        enum sheet_error error;
        enum thing thing;
    } kinds[] = {{STR_INIT("xl/workbook.bin"), SHEET_E_XLSB, THING_XLSB},
                 {STR_INIT("content.xml"), SHEET_E_ODS, THING_ODS},
                 {STR_INIT("word/document.xml"), SHEET_E_UNSUPPORTED, THING_WORD},
                 {STR_INIT("ppt/presentation.xml"), SHEET_E_UNSUPPORTED, THING_SLIDES},
                 {STR_INIT("Contents/content.hpf"), SHEET_E_UNSUPPORTED, THING_HWPX},
                 {STR_INIT("Index/Document.iwa"), SHEET_E_UNSUPPORTED, THING_NUMBERS}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct zip_entry e;
        int found = zip_find(&p->zip, kinds[i].part, &e);
        if (found != 0)
            return found < 0 ? -1 : trouble_set_thing(p->trouble, kinds[i].error, kinds[i].thing);
    }
    return 0;
}

/* An element of [Content_Types].xml: notes the part that is a workbook, template or not. */
static int content_type_read(struct xlsx_package *p, struct xml *x, void *ctx)
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
    if (xlsx_package_text(p, part, &part) < 0)
        return -1;
    *path = path_resolve(p->arena, str_n("", 0), part);
    return 0;
}

/* The path of the workbook part, by the root relationships or by the content types: some writers
 * leave out the one or the other. */
static int workbook_find(struct xlsx_package *p, struct str *path)
{
    static const struct str types = STR_INIT("[Content_Types].xml"), rels = STR_INIT("_rels/.rels");
    struct links links = {0};
    struct zip_entry e;
    *path = STR("xl/workbook.xml");
    int has_types = zip_find(&p->zip, types, &e), has_rels = zip_find(&p->zip, rels, &e);
    if (has_types < 0 || has_rels < 0 ||
        (has_types && xlsx_package_walk(p, types, content_type_read, path) < 0))
        return -1;
    int result = has_rels ? xlsx_links_read(p, str_n("", 0), &links) : 0;
    struct str linked = xlsx_links_target(&links, LINK_WORKBOOK);
    xlsx_links_free(&links);
    if (result < 0)
        return -1;
    if (linked.ptr)
        *path = linked;
    int found = zip_find(&p->zip, *path, &e);
    if (found == 0)
        return trouble_set_thing(p->trouble, SHEET_E_UNSUPPORTED, THING_ARCHIVE);
    return found < 0 ? -1 : 0;
}

int xlsx_package_open(struct xlsx_package *p, int fd, int64_t file_size, struct arena *a,
                      struct trouble *t)
{
    *p = (struct xlsx_package){.arena = a, .trouble = t};
    return zip_open(&p->zip, fd, file_size, t) < 0 || foreign_package(p) < 0 ||
                   workbook_find(p, &p->workbook) < 0
               ? -1
               : 0;
}

void xlsx_package_close(struct xlsx_package *p)
{
    zip_close(&p->zip);
}
