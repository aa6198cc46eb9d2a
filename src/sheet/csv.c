/*
 * csv.c - see csv.h. As in xml_scan.c the window ends in a NUL byte at which the inner loops stop.
 */
#include "sheet/csv.h"

#include <stdlib.h>

#define WINDOW       ((size_t)256 << 10)
#define SAMPLE_SIZE  ((size_t)32 << 10)
#define SAMPLE_LINES 100
#define CANDIDATES   ",\t;|"
/* A field in quotes that holds so many whole lines, with so many delimiters in all, and each of
 * them as many as a record has, is no field but records behind a quote too many. */
#define SWALLOWED_LINES      3
#define SWALLOWED_DELIMITERS 8

/* How the records of a sample fall apart at one delimiter. */
struct split {
    size_t records[SAMPLE_LINES]; /* fields of each */
    size_t count;
};

static void split_sample(struct str s, char delimiter, struct split *out)
{
    size_t fields = 1;
    bool quoted = false, at_start = true, any = false;
    out->count = 0;
    for (size_t i = 0; i < s.len && out->count < SAMPLE_LINES; i++) {
        char c = s.ptr[i];
        if (quoted) {
            quoted = c != '"';
            continue;
        }
        if (c == '\n' || c == '\r') {
            if (any)
                out->records[out->count++] = fields;
            fields = 1;
            any = false;
            at_start = true;
            continue;
        }
        any = true;
        quoted = c == '"' && at_start;
        fields += c == delimiter;
        at_start = c == delimiter;
    }
    if (any && out->count < SAMPLE_LINES)
        out->records[out->count++] = fields;
}

/* How many records share a number of fields above one, and that number. */
static size_t split_agreement(const struct split *s, size_t *fields)
{
    size_t best = 0;
    *fields = 0;
    for (size_t i = 0; i < s->count; i++) {
        size_t same = 0;
        for (size_t j = 0; j < s->count; j++)
            same += s->records[j] == s->records[i];
        if (s->records[i] > 1 && (same > best || (same == best && s->records[i] > *fields))) {
            best = same;
            *fields = s->records[i];
        }
    }
    return best;
}

/* The delimiter that the lines of a sample share, and into how many fields it cuts most of them. */
static char delimiter_find(struct str sample, const char *candidates, size_t *fields)
{
    size_t best = 0;
    char delimiter = candidates[0];
    *fields = 0;
    for (const char *c = candidates; *c; c++) {
        struct split s;
        size_t f, agreement;
        split_sample(sample, *c, &s);
        agreement = split_agreement(&s, &f);
        if (agreement > best || (agreement == best && f > *fields)) {
            best = agreement;
            *fields = f;
            delimiter = *c;
        }
    }
    return delimiter;
}

char csv_delimiter(struct str sample)
{
    size_t fields;
    return delimiter_find(sample, CANDIDATES, &fields);
}

/* Moves what is left to the front and fills the window: 1 there is more, 0 the end, -1 trouble. */
static int refill(struct csv *c)
{
    size_t left = (size_t)(c->end - c->at), have = left;
    if (c->exhausted)
        return 0;
    memmove(c->window, c->at, left);
    c->at = c->window;
    while (have < WINDOW) {
        int64_t n = source_read(&c->source, c->window + have, WINDOW - have);
        if (n < 0)
            return -1;
        if (n == 0) {
            c->exhausted = true;
            break;
        }
        have += (size_t)n;
    }
    c->end = c->window + have;
    *c->end = '\0';
    return have > left;
}

/* A first line `sep=;` names the delimiter, as Excel has it, and is no record: whether there is
 * one. */
static bool separator_take(struct csv *c, char *delimiter)
{
    struct str text = str_n(c->at, (size_t)(c->end - c->at));
    if (text.len < 5 || !str_eq_nocase(str_slice(text, 0, 4), STR("sep=")))
        return false;
    char named = text.ptr[4];
    bool sign = named == '\t' ||
                (named > ' ' && named < 0x7F && named != '"' && !(named >= '0' && named <= '9') &&
                 !((named | 0x20) >= 'a' && (named | 0x20) <= 'z'));
    size_t at = 5;
    if (at < text.len && text.ptr[at] == '\r')
        at++;
    if (at < text.len && text.ptr[at] == '\n')
        at++;
    if (!sign || (at == 5 && text.len > 5))
        return false;
    *delimiter = named;
    c->at += at;
    c->line++;
    return true;
}

static void delimiter_choose(struct csv *c)
{
    char named[2] = {0};
    bool told = separator_take(c, named);
    struct str sample = str_slice(str_n(c->at, (size_t)(c->end - c->at)), 0, SAMPLE_SIZE);
    c->delimiter = delimiter_find(sample, told ? named : CANDIDATES, &c->fields);
}

int csv_open(struct csv *c, struct source source, struct trouble *t)
{
    *c = (struct csv){.source = source, .trouble = t, .line = 1, .window = malloc(WINDOW + 1)};
    if (!c->window)
        return trouble_set(t, SHEET_E_IO, "out of memory");
    c->at = c->end = c->window;
    if (row_build_init(&c->row, t) < 0 || refill(c) < 0)
        return -1;
    delimiter_choose(c);
    c->stops['\0'] = c->stops['\r'] = c->stops['\n'] = true;
    c->stops[(unsigned char)c->delimiter] = true;
    c->stops_quoted['\0'] = c->stops_quoted['\r'] = c->stops_quoted['\n'] = true;
    c->stops_quoted['"'] = true;
    return 0;
}

void csv_close(struct csv *c)
{
    row_build_free(&c->row);
    free(c->window);
    c->window = NULL;
}

/* The text of one field on its way into the row. */
struct field {
    char *start;
    size_t len;
    int64_t opened; /* line of its quote; 0: none */
};

static size_t count_of(struct str text, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == c;
    return n;
}

/* Whether the field is made of records: its lines, but for the first and the last, are cut into as
 * many fields as those of the file. */
static bool swallowed(const struct csv *c, const struct field *f)
{
    struct str rest = str_n(f->start, f->len), line, next;
    size_t lines = 0;
    if (c->fields < 2 || !str_split(&rest, '\n', &line) || !str_split(&rest, '\n', &line))
        return false;
    for (; str_split(&rest, '\n', &next); line = next, lines++)
        if (count_of(line, c->delimiter) != c->fields - 1)
            return false;
    return lines >= SWALLOWED_LINES && lines * (c->fields - 1) >= SWALLOWED_DELIMITERS;
}

static int quote_open(struct csv *c, const struct field *f)
{
    return trouble_set_line(c->trouble, SHEET_E_QUOTE, f->opened, "the quote is not closed");
}

static int too_long(struct csv *c, const struct field *f)
{
    return swallowed(c, f)
               ? quote_open(c, f)
               : trouble_set_line(c->trouble, SHEET_E_CELL, f->opened ? f->opened : c->line,
                                  "a field that is too long");
}

static int field_append(struct csv *c, struct field *f, const char *bytes, size_t n)
{
    if (n > SHEET_CELL_MAX - f->len)
        return too_long(c, f);
    memcpy(f->start + f->len, bytes, n);
    f->len += n;
    return 0;
}

/* Appends up to the next byte of `stops` and stands on it; '\0' is the end of the text. The result
 * is that byte, or -1. */
static int span(struct csv *c, struct field *f, const bool stops[256])
{
    for (;;) {
        char *p = c->at;
        while (!stops[(unsigned char)*p])
            p++;
        if (field_append(c, f, c->at, (size_t)(p - c->at)) < 0)
            return -1;
        c->at = p;
        if (p < c->end)
            return *p ? (unsigned char)*p
                      : trouble_set_thing(c->trouble, SHEET_E_UNSUPPORTED, THING_BINARY);
        int more = refill(c);
        if (more <= 0)
            return more;
    }
}

/* The byte at `ahead` behind the current one, 0 at the end of the text, -1 trouble. */
static int peek(struct csv *c, size_t ahead)
{
    if ((size_t)(c->end - c->at) <= ahead && refill(c) < 0)
        return -1;
    return (size_t)(c->end - c->at) <= ahead ? 0 : (unsigned char)c->at[ahead];
}

/* Passes over the line end on which the text stands: LF, CR LF or CR. */
static int line_end(struct csv *c)
{
    int next = *c->at == '\r' ? peek(c, 1) : 0;
    if (next < 0)
        return -1;
    c->at += next == '\n' ? 2 : 1;
    c->line++;
    return 0;
}

/* From the opening quote to behind the closing one. */
static int quoted(struct csv *c, struct field *f)
{
    f->opened = c->line;
    c->at++;
    for (;;) {
        int stop = span(c, f, c->stops_quoted);
        if (stop < 0)
            return -1;
        if (stop == '\0')
            return quote_open(c, f);
        if (stop == '"') {
            int next = peek(c, 1);
            if (next < 0)
                return -1;
            c->at++;
            if (next != '"')
                return 0;
            c->at++;
        } else if (line_end(c) < 0) {
            return -1;
        }
        if (field_append(c, f, stop == '"' ? "\"" : "\n", 1) < 0)
            return -1;
    }
}

/* A field over several lines must end with its quote and must not have swallowed records: else a
 * quote too many somewhere above would make rows vanish without a word. */
static int quoted_check(struct csv *c, const struct field *f)
{
    if (c->line == f->opened)
        return 0;
    int next = peek(c, 0);
    if (next < 0)
        return -1;
    bool ends = next == (unsigned char)c->delimiter || strchr("\r\n ", next);
    return ends && !swallowed(c, f) ? 0 : quote_open(c, f);
}

/* Reads one field into the row: the byte it ended at (the delimiter, a line end, or 0 at the end
 * of the text), or -1. */
static int field_read(struct csv *c, size_t column)
{
    struct field f = {.start = row_build_room(&c->row, c->trouble)};
    if (!f.start)
        return -1;
    int first = peek(c, 0);
    if (first < 0 || (first == '"' && (quoted(c, &f) < 0 || quoted_check(c, &f) < 0)))
        return -1;
    int stop = span(c, &f, c->stops);
    if (stop < 0)
        return -1;
    struct str text = str_n(f.start, f.len);
    if (text.len > SHEET_CHARS_MAX && utf8_count(text) > SHEET_CHARS_MAX)
        return too_long(c, &f);
    row_build_take(&c->row, f.len);
    row_build_put(&c->row, column, text);
    return stop;
}

/* Reads one record: 1, 0 at the end of the text, -1. */
static int record_read(struct csv *c)
{
    row_build_begin(&c->row);
    int next = peek(c, 0);
    if (next <= 0)
        return next;
    if (++c->number > SHEET_ROWS_MAX)
        return trouble_set_line(c->trouble, SHEET_E_ROWS, c->line, "too many rows");
    for (size_t column = 0; column < SHEET_COLUMNS_MAX; column++) {
        int stop = field_read(c, column);
        if (stop < 0)
            return -1;
        if (stop == '\0')
            return 1;
        if (stop != (unsigned char)c->delimiter)
            return line_end(c) < 0 ? -1 : 1;
        c->at++;
    }
    return trouble_set_line(c->trouble, SHEET_E_COLUMNS, c->line, "too many columns");
}

int csv_next(struct csv *c, struct sheet_row *row)
{
    int got;
    while ((got = record_read(c)) == 1)
        if (c->row.count > 0) {
            *row = (struct sheet_row){c->number, c->row.cells, c->row.count, false};
            return 1;
        }
    return got;
}
