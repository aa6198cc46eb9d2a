/*
 * xls_book.c - see xls_book.h.
 */
#include "sheet/xls_book.h"

#include <assert.h>
#include <stdlib.h>

#define BUILTIN_FORMATS 256   /* ids below may have a meaning without a code */
#define HEAD_BYTES      32768 /* of a sheet that are searched for what kind of sheet it is */
#define BIFF8           0x0600
#define DIALOG          0x10 /* of WSBOOL */

struct opening {
    struct xls_book *book;
    struct xls_records *records; /* of the book, standing on a record */
    struct arena *arena;
};

static int codepage_read(struct opening *o)
{
    const unsigned char *p = xls_take(o->records, 2);
    return p ? xls_codepage_open(&o->book->codepage, le16(p), o->book->trouble) : -1;
}

static int datemode_read(struct opening *o)
{
    const unsigned char *p = xls_take(o->records, 2);
    o->book->date1904 = p && le16(p) == 1;
    return p ? 0 : -1;
}

static int filepass_read(struct opening *o)
{
    return trouble_set(o->book->trouble, SHEET_E_ENCRYPTED, "workbook: FILEPASS");
}

static int sheet_add(struct opening *o, struct str name, bool hidden, int64_t place)
{
    struct xls_book *b = o->book;
    struct sheet_info info = {.name = str_dup(o->arena, name), .hidden = hidden};
    buf_append(&b->sheets, &info, sizeof info);
    buf_append(&b->places, &place, sizeof place);
    return b->sheets.failed ? trouble_set(b->trouble, SHEET_E_TOO_LARGE,
                                          "workbook: more than %d sheets", SHEET_SHEETS_MAX)
                            : 0;
}

static int boundsheet_read(struct opening *o)
{
    const unsigned char *p = xls_take(o->records, 7);
    if (!p)
        return -1;
    int64_t place = le32(p);
    bool hidden = p[4] & 3, worksheet = p[5] == 0;
    struct str name = {"", 0};
    if (p[6] > 0 && xls_book_text(o->book, p[6], o->book->room, &name) < 0)
        return -1;
    return worksheet ? sheet_add(o, name, hidden, place) : 0;
}

/* A code that comes later for the same id counts: so Excel does it. */
static int format_read(struct opening *o)
{
    struct xls_book *b = o->book;
    const unsigned char *p = xls_take(o->records, b->biff8 ? 4 : 3);
    struct str code = {"", 0};
    if (!p)
        return -1;
    unsigned id = le16(p), count = b->biff8 ? le16(p + 2) : p[2];
    if (count > 0 && xls_book_text(b, count, b->room, &code) < 0)
        return -1;
    b->shapes[id] = (unsigned char)number_shape_of_code(code);
    return 0;
}

static int xf_read(struct opening *o)
{
    const unsigned char *p = xls_take(o->records, 4);
    uint16_t format = p ? le16(p + 2) : 0;
    buf_append(&o->book->formats, &format, sizeof format);
    if (o->book->formats.failed)
        return trouble_set(o->book->trouble, SHEET_E_TOO_LARGE, "workbook: too many cell formats");
    return p ? 0 : -1;
}

/* One text of the table. */
static int shared_read(struct opening *o)
{
    struct xls_book *b = o->book;
    char *room = shared_strings_room(&b->shared, b->trouble);
    uint32_t count;
    struct str text;
    if (!room || xls_number_across(o->records, 2, &count) < 0 ||
        xls_text_wide(o->records, count, room, &text) < 0)
        return -1;
    shared_strings_keep(&b->shared, text.len);
    return 0;
}

/* The number of texts is what the file says, unless it ends before. */
static int sst_read(struct opening *o)
{
    struct xls_records *r = o->records;
    const unsigned char *p = xls_take(r, 8);
    if (!p)
        return -1;
    for (uint32_t left = le32(p + 4); left > 0; left--) {
        while (xls_left(r) == 0) {
            int more = xls_continue(r);
            if (more <= 0)
                return more;
        }
        if (shared_read(o) < 0)
            return -1;
    }
    return 0;
}

static const struct {
    unsigned type;
    int (*read)(struct opening *o);
} globals[] = {
    {XLS_FILEPASS, filepass_read}, {XLS_CODEPAGE, codepage_read},
    {XLS_DATEMODE, datemode_read}, {XLS_BOUNDSHEET, boundsheet_read},
    {XLS_FORMAT, format_read},     {XLS_XF, xf_read},
    {XLS_SST, sst_read},
};

static int record_read(struct opening *o)
{
    for (size_t i = 0; i < COUNT_OF(globals); i++)
        if (globals[i].type == o->records->type)
            return globals[i].read(o);
    return 0;
}

/* Up to the EOF, or to the next BOF where some program has forgotten it. */
static int globals_read(struct opening *o)
{
    int got;
    while ((got = xls_records_next(o->records)) == 1) {
        if (o->records->type == XLS_BOF)
            xls_records_unread(o->records);
        if (o->records->type == XLS_EOF || o->records->type == XLS_BOF)
            return 0;
        if (record_read(o) < 0)
            return -1;
    }
    return got;
}

static int bof_read(struct opening *o)
{
    static const unsigned before[] = {0x0009, 0x0209, 0x0409}; /* BOF of BIFF2, 3 and 4 */
    struct xls_book *b = o->book;
    int got = xls_records_next(o->records);
    if (got < 0)
        return -1;
    for (size_t i = 0; got == 1 && i < COUNT_OF(before); i++)
        if (o->records->type == before[i])
            return trouble_set(b->trouble, SHEET_E_XLS, "BIFF%zu", i + 2);
    if (got == 0 || o->records->type != XLS_BOF)
        return trouble_set(b->trouble, SHEET_E_DAMAGED, "workbook: it has no beginning");
    const unsigned char *p = xls_take(o->records, 4);
    if (!p)
        return -1;
    b->biff8 = le16(p) >= BIFF8;
    /* BIFF5 knows files that are a sheet and nothing else. */
    b->bare = le16(p + 2) == XLS_IS_SHEET;
    return b->bare ? sheet_add(o, STR("Sheet1"), false, 0) : 0;
}

/* Whether what is listed as a worksheet at `place` is another kind after all. What cannot be read
 * there is told to whoever wants to read that sheet. */
static bool is_other_kind(struct xls_records *r, int64_t place)
{
    struct trouble ignored = {0}, *trouble = r->trouble;
    bool other = false, known = false;
    r->trouble = &ignored;
    xls_records_seek(r, place);
    while (!known && xls_records_next(r) == 1) {
        if (xls_records_offset(r) == place) {
            known = r->type != XLS_BOF || xls_left(r) < 4;
            other = !known && le16(r->p + 2) != XLS_IS_SHEET && le16(r->p + 2) != XLS_IS_BOOK;
        } else if (r->type == XLS_WSBOOL) {
            other = xls_left(r) > 0 && *r->p & DIALOG;
        }
        known |= other || r->type == XLS_WSBOOL || r->type == XLS_ROW || r->type == XLS_EOF ||
                 xls_records_offset(r) - place > HEAD_BYTES;
    }
    r->trouble = trouble;
    return other;
}

/* Takes chart, macro and dialog sheets off the list whose entry does not say so. */
static void sheets_check(struct xls_book *b)
{
    struct sheet_info *sheets = (void *)b->sheets.ptr;
    int64_t *places = (void *)b->places.ptr;
    size_t kept = 0;
    for (size_t i = 0; i < xls_book_sheets(b); i++) {
        if (is_other_kind(&b->records, places[i]))
            continue;
        sheets[kept] = sheets[i];
        places[kept++] = places[i];
    }
    b->sheets.len = kept * sizeof *sheets;
    b->places.len = kept * sizeof *places;
}

/* Some programs that write BIFF5 leave the places of the sheets open. They follow the globals, each
 * kind with its own BOF; the records stand behind the globals here. */
static int places_find(struct xls_book *b)
{
    int64_t *places = (void *)b->places.ptr;
    int got = 1;
    for (size_t i = 0; got == 1 && i < xls_book_sheets(b); i++) {
        while (places[i] == 0 && (got = xls_records_next(&b->records)) == 1) {
            bool begins = b->records.type == XLS_BOF && xls_left(&b->records) >= 4;
            if (begins && le16(b->records.p + 2) == XLS_IS_SHEET)
                places[i] = xls_records_offset(&b->records);
            if (begins && (got = xls_records_pass(&b->records)) <= 0)
                break;
        }
    }
    return got < 0 ? -1 : 0;
}

int xls_book_open(struct xls_book *b, struct ole_stream stream, struct arena *a, struct trouble *t)
{
    *b = (struct xls_book){.stream = stream,
                           .trouble = t,
                           .sheets = BUF_INIT(SHEET_SHEETS_MAX * sizeof(struct sheet_info)),
                           .places = BUF_INIT(SHEET_SHEETS_MAX * sizeof(int64_t)),
                           .formats = BUF_INIT(XLS_FORMATS * sizeof(uint16_t)),
                           .shapes = calloc(XLS_FORMATS, 1),
                           .room = malloc(SHEET_CELL_MAX)};
    struct opening o = {b, &b->records, a};
    if (!b->shapes || !b->room)
        return trouble_set(t, SHEET_E_IO, "out of memory");
    for (int id = 0; id < BUILTIN_FORMATS; id++)
        b->shapes[id] = (unsigned char)number_shape_of_id(id);
    if (xls_codepage_open(&b->codepage, 0, t) < 0 ||
        xls_records_open(&b->records, &b->stream, t) < 0 || bof_read(&o) < 0 ||
        globals_read(&o) < 0 || (!b->biff8 && !b->bare && places_find(b) < 0))
        return -1;
    sheets_check(b);
    if (xls_book_sheets(b) == 0)
        return trouble_set(t, SHEET_E_NO_SHEET, "workbook: no worksheet");
    return t->error == SHEET_OK ? 0 : -1; /* the file breaks off */
}

void xls_book_close(struct xls_book *b)
{
    xls_records_close(&b->records);
    ole_stream_close(&b->stream);
    xls_codepage_close(&b->codepage);
    shared_strings_free(&b->shared);
    buf_free(&b->sheets);
    buf_free(&b->places);
    buf_free(&b->formats);
    free(b->shapes);
    free(b->room);
    *b = (struct xls_book){0};
}

size_t xls_book_sheets(const struct xls_book *b)
{
    return b->sheets.len / sizeof(struct sheet_info);
}

int64_t xls_book_place(const struct xls_book *b, size_t index)
{
    const int64_t *places = (const void *)b->places.ptr;
    assert(index < xls_book_sheets(b));
    return places[index];
}

int xls_book_text(struct xls_book *b, size_t count, char *room, struct str *text)
{
    return b->biff8 ? xls_text_wide(&b->records, count, room, text)
                    : xls_text_bytes(&b->records, count, &b->codepage, room, text);
}
