/*
 * sheet.c - see sheet.h: finds out what a file is and hands it to the reader of that kind.
 */
#include "sheet/sheet.h"
#include "sheet/csv.h"
#include "sheet/encoding.h"
#include "sheet/foreign.h"
#include "sheet/html_charset.h"
#include "sheet/html_rows.h"
#include "sheet/notes.h"
#include "sheet/ole.h"
#include "sheet/xls_rows.h"
#include "sheet/xlsx_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_SIZE    4096
#define OLE_SIZE_MIN (3 * 512) /* a header, a table of sectors, a directory */

struct sheet {
    enum sheet_kind kind;
    int fd;
    int64_t file_size;
    struct trouble trouble;
    struct arena arena;
    const struct sheet_info *list;
    size_t list_count, chosen;
    struct str encoding;
    struct sheet_notes notes;
    size_t widest;         /* cells of the widest row so far */
    struct xlsx_book book; /* workbooks */
    struct xlsx_rows rows;
    struct xls_book old_book; /* workbooks of Excel 2003 and before */
    struct xls_rows old_rows;
    struct decoder *decoder; /* text */
    struct csv csv;
    struct html_rows html;
};

static const struct str ole_magic = STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");

/* The first record of a workbook that stands in no container. */
static const struct str bof_magic = STR_INIT("\x09\x08\x08\x00"),
                        bof_magic_long = STR_INIT("\x09\x08\x10\x00");

/* The number of the sheet that the options ask for, list_count when there is none such. */
static size_t sheet_wanted(const struct sheet *s, const struct sheet_options *o)
{
    if (o->sheet_number > 0 && (size_t)o->sheet_number <= s->list_count)
        return (size_t)o->sheet_number - 1;
    for (size_t i = 0; o->sheet.len && i < s->list_count; i++)
        if (str_eq(s->list[i].name, o->sheet))
            return i;
    return s->list_count;
}

/* Chooses the sheet that the options ask for, or else `standard`. */
static int sheet_choose(struct sheet *s, const struct sheet_options *o, size_t standard)
{
    bool asked = o->sheet_number > 0 || o->sheet.len > 0;
    size_t chosen = asked ? sheet_wanted(s, o) : standard;
    if (chosen >= s->list_count)
        return trouble_set(&s->trouble, SHEET_E_NO_SHEET, "no sheet of that name or number");
    s->chosen = chosen;
    return 0;
}

static size_t first_visible(const struct sheet *s)
{
    for (size_t i = 0; i < s->list_count; i++)
        if (!s->list[i].hidden)
            return i;
    return 0;
}

static int open_workbook(struct sheet *s, const struct sheet_options *o)
{
    s->kind = SHEET_XLSX;
    if (xlsx_book_open(&s->book, s->fd, s->file_size, &s->arena, &s->trouble) < 0)
        return -1;
    s->list = (const void *)s->book.sheets.ptr;
    s->list_count = xlsx_book_sheets(&s->book);
    return sheet_choose(s, o, first_visible(s)) < 0
               ? -1
               : xlsx_rows_open(&s->rows, &s->book, s->chosen, &s->notes);
}

static int open_old_stream(struct sheet *s, const struct sheet_options *o, struct ole_stream stream)
{
    s->kind = SHEET_XLS;
    if (xls_book_open(&s->old_book, stream, &s->arena, &s->trouble) < 0)
        return -1;
    s->list = (const void *)s->old_book.sheets.ptr;
    s->list_count = xls_book_sheets(&s->old_book);
    return sheet_choose(s, o, first_visible(s)) < 0
               ? -1
               : xls_rows_open(&s->old_rows, &s->old_book, s->chosen, &s->notes);
}

/* Compound files that are something else, by a stream that each of them has. */
static int refuse_container(struct sheet *s, const struct ole *ole)
{
    static const struct {
        struct str stream;
        enum thing thing;
    } others[] = {
        {STR_INIT("FileHeader"), THING_HWP},
        {STR_INIT("WordDocument"), THING_WORD},
        {STR_INIT("PowerPoint Document"), THING_SLIDES},
        {STR_INIT("__properties_version1.0"), THING_MAIL},
    };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (ole_has(ole, others[i].stream))
            return trouble_set_thing(&s->trouble, SHEET_E_UNSUPPORTED, others[i].thing);
    return trouble_set_thing(&s->trouble, SHEET_E_UNSUPPORTED, THING_UNKNOWN);
}

/* Finds the stream of an old workbook in a compound file; which may be a new one behind a password,
 * or something else. Files for both Excel 95 and 97 hold the same book twice, the better one first
 * here. */
static int container_find(struct sheet *s, struct ole *ole, struct ole_stream *stream)
{
    static const struct str names[] = {STR_INIT("Workbook"), STR_INIT("Book")};
    if (ole_has(ole, STR("EncryptedPackage")))
        return trouble_set(&s->trouble, SHEET_E_ENCRYPTED, "an encrypted package");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (ole_has(ole, names[i]))
            return ole_stream_open(ole, names[i], stream);
    return refuse_container(s, ole);
}

static int open_container(struct sheet *s, const struct sheet_options *o)
{
    struct ole ole;
    struct ole_stream stream = {0};
    if (s->file_size < OLE_SIZE_MIN)
        return trouble_set(&s->trouble, SHEET_E_CUT, "a compound file that broke off");
    int result = ole_open(&ole, s->fd, s->file_size, &s->trouble);
    if (result == 0)
        result = container_find(s, &ole, &stream);
    ole_close(&ole);
    if (result == 0)
        return open_old_stream(s, o, stream);
    ole_stream_close(&stream);
    return -1;
}

static int open_bare(struct sheet *s, const struct sheet_options *o)
{
    struct ole_stream stream;
    ole_stream_plain(&stream, s->fd, s->file_size, &s->trouble);
    return open_old_stream(s, o, stream);
}

static int open_text(struct sheet *s, const struct sheet_options *o)
{
    static const struct sheet_info only = {.name = STR_INIT("")};
    enum encoding e;
    size_t bom;
    s->kind = SHEET_CSV;
    s->list = &only;
    s->list_count = 1;
    if (sheet_choose(s, o, 0) < 0 ||
        encoding_find(s->fd, o->encoding, STR(""), &e, &bom, &s->trouble) < 0)
        return -1;
    s->encoding = encoding_name(e);
    s->decoder = decoder_open(s->fd, bom, e, &s->trouble);
    return s->decoder ? csv_open(&s->csv, decoder_source(s->decoder), &s->trouble) : -1;
}

static int open_html(struct sheet *s, const struct sheet_options *o, struct str head)
{
    size_t most;
    enum encoding e;
    size_t bom;
    s->kind = SHEET_HTML;
    if (encoding_find(s->fd, o->encoding, html_charset(head), &e, &bom, &s->trouble) < 0)
        return -1;
    s->encoding = encoding_name(e);
    if (html_rows_open(&s->html, s->fd, bom, e, &s->arena, &s->notes, &s->trouble) < 0)
        return -1;
    s->list_count = html_rows_tables(&s->html, &s->list, &most);
    return sheet_choose(s, o, most) < 0 ? -1 : html_rows_choose(&s->html, s->chosen);
}

static int open_file(struct sheet *s, const char *path)
{
    struct stat st;
    s->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0 || fstat(s->fd, &st) < 0)
        return trouble_set(&s->trouble, SHEET_E_IO, "%s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return trouble_set(&s->trouble, SHEET_E_IO, "not a regular file");
    if (st.st_size == 0)
        return trouble_set(&s->trouble, SHEET_E_EMPTY, "no bytes");
    if (st.st_size > SHEET_FILE_MAX)
        return trouble_set(&s->trouble, SHEET_E_TOO_LARGE, "a file of %lld bytes",
                           (long long)st.st_size);
    s->file_size = st.st_size;
    return 0;
}

static int open_kind(struct sheet *s, const struct sheet_options *o)
{
    char bytes[HEAD_SIZE];
    ssize_t n = pread(s->fd, bytes, sizeof bytes, 0);
    if (n < 0)
        return trouble_set(&s->trouble, SHEET_E_IO, "%s", strerror(errno));
    struct str head = str_n(bytes, (size_t)n);
    if (str_starts(head, STR("PK\3\4")) || str_starts(head, STR("PK\5\6")))
        return open_workbook(s, o);
    if (str_starts(head, ole_magic))
        return open_container(s, o);
    if (str_starts(head, bof_magic) || str_starts(head, bof_magic_long))
        return open_bare(s, o);
    switch (foreign_look(head, &s->trouble)) {
    case FOREIGN_REFUSED:
        return -1;
    case FOREIGN_HTML:
        return open_html(s, o, head);
    case FOREIGN_NONE:
        break;
    }
    return open_text(s, o);
}

/* The chosen sheet, as soon as one is chosen. */
static struct str sheet_being_read(const struct sheet *s)
{
    return s->chosen < s->list_count ? s->list[s->chosen].name : STR("");
}

struct sheet_refusal sheet_failure(const struct sheet *s)
{
    return (struct sheet_refusal){.error = s->trouble.error,
                                  .thing = (int)s->trouble.thing,
                                  .row = s->trouble.row,
                                  .line = s->trouble.line,
                                  .sheet = sheet_being_read(s),
                                  .encoding = str_c(s->trouble.encoding),
                                  .detail = str_c(s->trouble.why)};
}

enum sheet_error sheet_open(const char *path, const struct sheet_options *options, struct arena *a,
                            struct sheet **out, struct sheet_refusal *refusal)
{
    static const struct sheet_options defaults = {0};
    struct sheet *s = calloc(1, sizeof *s);
    *out = NULL;
    *refusal = (struct sheet_refusal){.error = SHEET_E_IO, .detail = STR("out of memory")};
    if (!s)
        return SHEET_E_IO;
    s->fd = -1;
    arena_init(&s->arena, ARENA_MAX_DEFAULT);
    if (open_file(s, path) == 0 && open_kind(s, options ? options : &defaults) == 0) {
        *refusal = (struct sheet_refusal){.error = SHEET_OK};
        *out = s;
        return SHEET_OK;
    }
    *refusal = sheet_failure(s);
    refusal->sheet = str_dup(a, refusal->sheet);
    refusal->detail = str_dup(a, refusal->detail);
    sheet_close(&s);
    return refusal->error;
}

void sheet_close(struct sheet **s)
{
    if (!*s)
        return;
    xlsx_rows_close(&(*s)->rows);
    xlsx_book_close(&(*s)->book);
    xls_rows_close(&(*s)->old_rows);
    xls_book_close(&(*s)->old_book);
    csv_close(&(*s)->csv);
    html_rows_close(&(*s)->html);
    decoder_close(&(*s)->decoder);
    arena_free(&(*s)->arena);
    if ((*s)->fd >= 0)
        close((*s)->fd);
    free(*s);
    *s = NULL;
}

static int workbook_next(struct sheet *s, struct sheet_row *row)
{
    int got = xlsx_rows_next(&s->rows, row);
    if (got < 0 && s->trouble.row == 0)
        s->trouble.row = s->rows.number; /* the layers below know of parts only */
    return got;
}

static int old_workbook_next(struct sheet *s, struct sheet_row *row)
{
    int got = xls_rows_next(&s->old_rows, row);
    if (got < 0 && s->trouble.row == 0)
        s->trouble.row = (int64_t)s->old_rows.number + 1;
    return got;
}

static int kind_next(struct sheet *s, struct sheet_row *row)
{
    switch (s->kind) {
    case SHEET_XLSX:
        return workbook_next(s, row);
    case SHEET_XLS:
        return old_workbook_next(s, row);
    case SHEET_HTML:
        return html_rows_next(&s->html, row);
    case SHEET_CSV:
        return csv_next(&s->csv, row);
    case SHEET_UNKNOWN:
        break;
    }
    return trouble_set(&s->trouble, SHEET_E_IO, "nothing is open");
}

int sheet_next(struct sheet *s, struct sheet_row *row)
{
    if (s->trouble.error != SHEET_OK)
        return -1;
    int got = kind_next(s, row);
    if (got == 1 && row->cell_count > s->widest)
        s->widest = row->cell_count;
    if (got == 0)
        notes_trim(&s->notes, s->widest);
    return got;
}

enum sheet_kind sheet_kind(const struct sheet *s)
{
    return s->kind;
}

struct str sheet_kind_name(enum sheet_kind kind)
{
    static const struct str names[] = {
        [SHEET_UNKNOWN] = STR_INIT(""),  [SHEET_XLSX] = STR_INIT("xlsx"),
        [SHEET_XLS] = STR_INIT("xls"),   [SHEET_CSV] = STR_INIT("csv"),
        [SHEET_HTML] = STR_INIT("html"),
    };
    return names[kind];
}

struct str sheet_encoding(const struct sheet *s)
{
    return s->encoding;
}

size_t sheet_list(const struct sheet *s, const struct sheet_info **list, size_t *chosen)
{
    *list = s->list;
    *chosen = s->chosen;
    return s->list_count;
}

const struct sheet_notes *sheet_notes(const struct sheet *s)
{
    return &s->notes;
}
