/*
 * sheet_out.c - see sheet_out.h: what both kinds of file have in common.
 */
#include "sheet/sheet_out.h"
#include "sheet/csv_out.h"
#include "sheet/sheet.h"
#include "sheet/xlsx_out.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

static const struct {
    struct str suffix;
    const char *media_type;
} kinds[] = {
    [SHEET_OUT_XLSX] = {STR_INIT("xlsx"),
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    [SHEET_OUT_CSV] = {STR_INIT("csv"), "text/csv; charset=utf-8"},
};

struct sheet_out {
    enum sheet_out_kind kind;
    struct sink sink;
    struct xlsx_out *xlsx; /* a workbook's */
    size_t count;          /* columns of the header */
};

/* A text as any spreadsheet program can hold it. */
static struct str cell_sound(struct str s)
{
    size_t units = 0, at = 0;
    if (!utf8_valid(s))
        return STR("");
    if (s.len <= SHEET_CHARS_MAX) /* no character has fewer bytes than UTF-16 units */
        return s;
    while (at < s.len) {
        size_t before = at;
        units += utf8_next(s, &at) > 0xFFFF ? 2 : 1;
        if (units > SHEET_CHARS_MAX)
            return str_slice(s, 0, before);
    }
    return s;
}

static void csv_row(struct sheet_out *o, const struct str *cells, size_t count)
{
    for (size_t i = 0; i < count || i < o->count; i++)
        csv_out_cell(&o->sink, i, i < count && cells[i].ptr ? cell_sound(cells[i]) : STR(""));
    csv_out_row_end(&o->sink);
}

static void csv_begin(struct sheet_out *o, const struct sheet_out_head *head)
{
    csv_out_begin(&o->sink);
    for (size_t i = 0; i < head->count; i++)
        csv_out_cell(&o->sink, i, cell_sound(head->columns[i].title));
    csv_out_row_end(&o->sink);
}

static void xlsx_row(struct sheet_out *o, const struct str *cells, size_t count)
{
    xlsx_out_row_begin(o->xlsx);
    for (size_t i = 0; i < count; i++)
        if (cells[i].len)
            xlsx_out_cell(o->xlsx, i, cell_sound(cells[i]));
    xlsx_out_row_end(o->xlsx);
}

struct sheet_out *sheet_out_open(enum sheet_out_kind kind, int fd,
                                 const struct sheet_out_head *head)
{
    struct sheet_out *o = malloc(sizeof *o);
    assert(head->count > 0 && head->count <= SHEET_COLUMNS_MAX);
    if (!o)
        return NULL;
    o->kind = kind;
    o->xlsx = NULL;
    o->count = head->count;
    sink_begin(&o->sink, fd);
    if (kind == SHEET_OUT_CSV)
        csv_begin(o, head);
    else if (!(o->xlsx = xlsx_out_new(&o->sink, head)))
        sink_fail(&o->sink, ENOMEM);
    return o;
}

bool sheet_out_row(struct sheet_out *o, const struct str *cells, size_t count)
{
    assert(count <= SHEET_COLUMNS_MAX);
    if (o->sink.error)
        return false;
    if (o->kind == SHEET_OUT_CSV)
        csv_row(o, cells, count);
    else
        xlsx_row(o, cells, count);
    return !o->sink.error;
}

int sheet_out_close(struct sheet_out **o)
{
    if (!*o)
        return 0;
    if ((*o)->xlsx)
        xlsx_out_end(&(*o)->xlsx);
    int error = sink_flush(&(*o)->sink) ? 0 : (*o)->sink.error;
    free(*o);
    *o = NULL;
    return error;
}

struct str sheet_out_suffix(enum sheet_out_kind kind)
{
    return kinds[kind].suffix;
}

const char *sheet_out_media_type(enum sheet_out_kind kind)
{
    return kinds[kind].media_type;
}
