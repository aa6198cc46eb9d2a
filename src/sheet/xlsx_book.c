/*
 * xlsx_book.c - see xlsx_book.h.
 */
#include "sheet/xlsx_book.h"
#include "sheet/xlsx_styles.h"

#include <assert.h>

static bool is_true(struct str value)
{
    return str_eq(value, STR("1")) || str_eq(value, STR("true")) || str_eq(value, STR("on"));
}

struct book_walk {
    struct xlsx_book *book;
    struct links *links;
};

static int sheet_read(struct book_walk *w, struct xml *x)
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
    const struct link *link = xlsx_links_find(w->links, id);
    if (link && link->type == LINK_OTHER_SHEET)
        return 0;
    struct sheet_info info = {.hidden = hidden};
    struct str path = link ? link->target : (struct str){NULL, 0};
    if (xlsx_package_text(&w->book->package, title, &info.name) < 0)
        return -1;
    buf_append(&w->book->sheets, &info, sizeof info);
    buf_append(&w->book->paths, &path, sizeof path);
    return w->book->sheets.failed ? trouble_set(w->book->trouble, SHEET_E_TOO_LARGE,
                                                "workbook: more than %d sheets", SHEET_SHEETS_MAX)
                                  : 0;
}

static int workbook_element(struct xlsx_package *p, struct xml *x, void *ctx)
{
    struct book_walk *w = ctx;
    struct str rest = x->attributes, name, value;
    if (x->depth == 1 && !xml_is(x, "workbook"))
        return trouble_set(p->trouble, SHEET_E_DAMAGED, "workbook: the part is something else");
    if (xml_is(x, "sheet") && x->depth == 3)
        return sheet_read(w, x);
    if (xml_is(x, "workbookPr"))
        while (xml_attribute_next(&rest, &name, &value))
            if (str_eq(name, STR("date1904")))
                w->book->date1904 = is_true(value);
    return 0;
}

static int workbook_read(struct xlsx_book *b, struct links *links)
{
    struct book_walk w = {.book = b, .links = links};
    if (xlsx_links_read(&b->package, b->package.workbook, links) < 0 ||
        xlsx_package_walk(&b->package, b->package.workbook, workbook_element, &w) < 0)
        return -1;
    if (xlsx_book_sheets(b) == 0)
        return trouble_set(b->trouble, SHEET_E_NO_SHEET, "workbook: no worksheet");
    b->shared_path = xlsx_links_target(links, LINK_SHARED);
    struct str styles = xlsx_links_target(links, LINK_STYLES);
    return styles.ptr ? xlsx_styles_read(&b->package, styles, &b->shapes) : 0;
}

int xlsx_book_open(struct xlsx_book *b, int fd, int64_t file_size, struct arena *a,
                   struct trouble *t)
{
    struct links links = {0};
    *b = (struct xlsx_book){.trouble = t,
                            .sheets = BUF_INIT(SHEET_SHEETS_MAX * sizeof(struct sheet_info)),
                            .paths = BUF_INIT(SHEET_SHEETS_MAX * sizeof(struct str))};
    int result = xlsx_package_open(&b->package, fd, file_size, a, t);
    if (result == 0)
        result = workbook_read(b, &links);
    xlsx_links_free(&links);
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
    xlsx_package_close(&b->package);
    buf_free(&b->shapes);
    buf_free(&b->sheets);
    buf_free(&b->paths);
}
