/*
 * sheet.c - see sheet.h: finds out what a file is and hands it to the reader of that kind.
 */
#include "sheet/sheet.h"
#include "sheet/csv.h"
#include "sheet/encoding.h"
#include "sheet/ole.h"
#include "sheet/xls_rows.h"
#include "sheet/xlsx_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_SIZE 4096

struct sheet {
    enum sheet_kind kind;
    int fd;
    int64_t file_size;
    struct trouble trouble;
    struct arena arena;
    const struct sheet_info *list;
    size_t list_count, chosen;
    struct str encoding;
    struct xlsx_book book; /* workbooks */
    struct xlsx_rows rows;
    struct xls_book old_book; /* workbooks of Excel 2003 and before */
    struct xls_rows old_rows;
    struct decoder *decoder; /* text */
    struct csv csv;
};

/* Files that are no text and begin with these bytes. */
static const struct {
    struct str magic;
    enum sheet_error error;
    const char *what;
} foreign[] = {
    {STR_INIT("\x09\x00\x04\x00"), SHEET_E_XLS, "BIFF2"},
    {STR_INIT("\x09\x02\x06\x00"), SHEET_E_XLS, "BIFF3"},
    {STR_INIT("\x09\x04\x06\x00"), SHEET_E_XLS, "BIFF4"},
    {STR_INIT("%PDF-"), SHEET_E_UNSUPPORTED, "a PDF document"},
    {STR_INIT("\x89PNG"), SHEET_E_UNSUPPORTED, "a PNG picture"},
    {STR_INIT("\xFF\xD8\xFF"), SHEET_E_UNSUPPORTED, "a JPEG picture"},
    {STR_INIT("GIF8"), SHEET_E_UNSUPPORTED, "a GIF picture"},
    {STR_INIT("\x1F\x8B"), SHEET_E_UNSUPPORTED, "a gzip archive"},
    {STR_INIT("7z\xBC\xAF\x27\x1C"), SHEET_E_UNSUPPORTED, "a 7z archive"},
    {STR_INIT("Rar!"), SHEET_E_UNSUPPORTED, "a RAR archive"},
    {STR_INIT("\x7F"
              "ELF"),
     SHEET_E_UNSUPPORTED, "a program"},
    {STR_INIT("MZ\x90"), SHEET_E_UNSUPPORTED, "a program"},
    {STR_INIT("{\\rtf"), SHEET_E_UNSUPPORTED, "an RTF document"},
    {STR_INIT("HWP Document File"), SHEET_E_UNSUPPORTED, "a Hangul document"},
};

static const struct str ole_magic = STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
/* The first record of a workbook that stands in no container. */
static const struct str bof_magic = STR_INIT("\x09\x08\x08\x00"),
                        bof_magic_long = STR_INIT("\x09\x08\x10\x00");

/* The head of a text without NUL bytes, BOM and leading blanks: good enough to look for ASCII words
 * in any encoding. */
static struct str head_squeezed(struct str head, char *out)
{
    static const char junk[] = {'\0', '\xFF', '\xFE', '\xEF', '\xBB', '\xBF'};
    static const char blank[] = {' ', '\t', '\r', '\n'};
    size_t n = 0;
    for (size_t i = 0; i < head.len; i++) {
        bool leading = n == 0 && memchr(blank, head.ptr[i], sizeof blank);
        if (!leading && !memchr(junk, head.ptr[i], sizeof junk))
            out[n++] = head.ptr[i];
    }
    return str_n(out, n);
}

static bool starts_nocase(struct str s, struct str prefix)
{
    return str_eq_nocase(str_slice(s, 0, prefix.len), prefix);
}

static int refuse_markup(struct sheet *s, struct str head)
{
    static const struct str html[] = {
        STR_INIT("<html"), STR_INIT("<!doctype html"), STR_INIT("<table"), STR_INIT("<head"),
        STR_INIT("<body"), STR_INIT("<meta"),          STR_INIT("<style"), STR_INIT("<script"),
        STR_INIT("<div"),  STR_INIT("<center"),        STR_INIT("<font"),  STR_INIT("<tr"),
    };
    char squeezed[HEAD_SIZE];
    struct str text = head_squeezed(head, squeezed);
    if (str_find(text, STR("urn:schemas-microsoft-com:office:spreadsheet"), 0) >= 0 &&
        str_starts(text, STR("<?xml")))
        return trouble_set(&s->trouble, SHEET_E_XML2003, "SpreadsheetML 2003");
    if (text.len == 0 || text.ptr[0] != '<')
        return 0;
    for (size_t at = 0; at < text.len; at++)
        for (size_t i = 0; text.ptr[at] == '<' && i < COUNT_OF(html); i++)
            if (starts_nocase(str_slice(text, at, text.len), html[i]))
                return trouble_set(&s->trouble, SHEET_E_HTML, "a web page");
    if (str_starts(text, STR("<?xml")))
        return trouble_set(&s->trouble, SHEET_E_UNSUPPORTED, "an XML document");
    return 0;
}

static int refuse_foreign(struct sheet *s, struct str head)
{
    for (size_t i = 0; i < COUNT_OF(foreign); i++)
        if (str_starts(head, foreign[i].magic))
            return trouble_set(&s->trouble, foreign[i].error, "%s", foreign[i].what);
    return refuse_markup(s, head);
}

/* The sheet that the options ask for, or the first that is not hidden. */
static int sheet_choose(struct sheet *s, const struct sheet_options *o)
{
    s->chosen = s->list_count;
    if (o->sheet_number > 0)
        s->chosen = (size_t)o->sheet_number - 1;
    for (size_t i = 0; o->sheet.len && i < s->list_count; i++)
        if (str_eq(s->list[i].name, o->sheet))
            s->chosen = i;
    if (o->sheet_number <= 0 && o->sheet.len == 0) {
        s->chosen = 0;
        while (s->chosen < s->list_count && s->list[s->chosen].hidden)
            s->chosen++;
        if (s->chosen == s->list_count)
            s->chosen = 0;
    }
    return s->chosen < s->list_count
               ? 0
               : trouble_set(&s->trouble, SHEET_E_NO_SHEET, "no sheet of that name or number");
}

static int open_workbook(struct sheet *s, const struct sheet_options *o)
{
    s->kind = SHEET_XLSX;
    if (xlsx_book_open(&s->book, s->fd, s->file_size, &s->arena, &s->trouble) < 0)
        return -1;
    s->list = (const void *)s->book.sheets.ptr;
    s->list_count = xlsx_book_sheets(&s->book);
    return sheet_choose(s, o) < 0 ? -1 : xlsx_rows_open(&s->rows, &s->book, s->chosen);
}

static int open_old_stream(struct sheet *s, const struct sheet_options *o, struct ole_stream stream)
{
    s->kind = SHEET_XLS;
    if (xls_book_open(&s->old_book, stream, &s->arena, &s->trouble) < 0)
        return -1;
    s->list = (const void *)s->old_book.sheets.ptr;
    s->list_count = xls_book_sheets(&s->old_book);
    return sheet_choose(s, o) < 0 ? -1 : xls_rows_open(&s->old_rows, &s->old_book, s->chosen);
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
    return trouble_set(&s->trouble, SHEET_E_UNSUPPORTED, "a compound file without a workbook");
}

static int open_container(struct sheet *s, const struct sheet_options *o)
{
    struct ole ole;
    struct ole_stream stream = {0};
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
    if (sheet_choose(s, o) < 0 || encoding_find(s->fd, o->encoding, &e, &bom, &s->trouble) < 0)
        return -1;
    s->encoding = encoding_name(e);
    s->decoder = decoder_open(s->fd, bom, e, &s->trouble);
    return s->decoder ? csv_open(&s->csv, decoder_source(s->decoder), &s->trouble) : -1;
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
    return refuse_foreign(s, head) < 0 ? -1 : open_text(s, o);
}

enum sheet_error sheet_open(const char *path, const struct sheet_options *options, struct arena *a,
                            struct sheet **out, struct str *why)
{
    static const struct sheet_options defaults = {0};
    struct sheet *s = calloc(1, sizeof *s);
    *out = NULL;
    *why = STR("out of memory");
    if (!s)
        return SHEET_E_IO;
    s->fd = -1;
    arena_init(&s->arena, ARENA_MAX_DEFAULT);
    if (open_file(s, path) == 0 && open_kind(s, options ? options : &defaults) == 0) {
        *why = STR("");
        *out = s;
        return SHEET_OK;
    }
    enum sheet_error e = s->trouble.error;
    *why = str_dup(a, str_c(s->trouble.why));
    sheet_close(&s);
    return e;
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
    decoder_close(&(*s)->decoder);
    arena_free(&(*s)->arena);
    if ((*s)->fd >= 0)
        close((*s)->fd);
    free(*s);
    *s = NULL;
}

int sheet_next(struct sheet *s, struct sheet_row *row)
{
    if (s->trouble.error != SHEET_OK)
        return -1;
    switch (s->kind) {
    case SHEET_XLSX:
        return xlsx_rows_next(&s->rows, row);
    case SHEET_XLS:
        return xls_rows_next(&s->old_rows, row);
    case SHEET_CSV:
    case SHEET_UNKNOWN:
        break;
    }
    return csv_next(&s->csv, row);
}

enum sheet_error sheet_failure(const struct sheet *s, struct str *why)
{
    *why = str_c(s->trouble.why);
    return s->trouble.error;
}

enum sheet_kind sheet_kind(const struct sheet *s)
{
    return s->kind;
}

struct str sheet_kind_name(enum sheet_kind kind)
{
    static const struct str names[] = {
        [SHEET_UNKNOWN] = STR_INIT(""),
        [SHEET_XLSX] = STR_INIT("xlsx"),
        [SHEET_XLS] = STR_INIT("xls"),
        [SHEET_CSV] = STR_INIT("csv"),
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
