/*
 * csv.c - see csv.h. As in xml_scan.c the window ends in a NUL byte at which the inner loops stop.
 */
#include "sheet/csv.h"

#include <stdlib.h>

#define WINDOW       ((size_t)256 << 10)
#define SAMPLE_SIZE  ((size_t)32 << 10)
#define SAMPLE_LINES 100

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

char csv_delimiter(struct str sample)
{
    static const char candidates[] = {',', '\t', ';'};
    size_t best = 0, best_fields = 0;
    char delimiter = ',';
    for (size_t i = 0; i < COUNT_OF(candidates); i++) {
        struct split s;
        size_t fields, agreement;
        split_sample(sample, candidates[i], &s);
        agreement = split_agreement(&s, &fields);
        if (agreement > best || (agreement == best && fields > best_fields)) {
            best = agreement;
            best_fields = fields;
            delimiter = candidates[i];
        }
    }
    return delimiter;
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

int csv_open(struct csv *c, struct source source, struct trouble *t)
{
    *c = (struct csv){.source = source, .trouble = t, .line = 1, .window = malloc(WINDOW + 1)};
    if (!c->window)
        return trouble_set(t, SHEET_E_IO, "out of memory");
    c->at = c->end = c->window;
    if (row_build_init(&c->row, t) < 0 || refill(c) < 0)
        return -1;
    c->delimiter = csv_delimiter(str_slice(str_n(c->at, (size_t)(c->end - c->at)), 0, SAMPLE_SIZE));
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
};

static int field_append(struct csv *c, struct field *f, const char *bytes, size_t n)
{
    if (n > SHEET_CELL_MAX - f->len)
        return trouble_set(c->trouble, SHEET_E_TOO_LARGE,
                           "line %lld: a field of more than %d "
                           "characters",
                           (long long)c->line, SHEET_CHARS_MAX);
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
                      : trouble_set(c->trouble, SHEET_E_UNSUPPORTED, "text: holds NUL bytes");
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
    int64_t opened = c->line;
    c->at++;
    for (;;) {
        int stop = span(c, f, c->stops_quoted);
        if (stop < 0)
            return -1;
        if (stop == '\0')
            return trouble_set(c->trouble, SHEET_E_QUOTE, "line %lld: the quote is never closed",
                               (long long)opened);
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

/* Reads one field into the row: the byte it ended at (the delimiter, a line end, or 0 at the end
 * of the text), or -1. */
static int field_read(struct csv *c, size_t column)
{
    struct field f = {.start = row_build_room(&c->row, c->trouble)};
    if (!f.start)
        return -1;
    int first = peek(c, 0);
    if (first < 0 || (first == '"' && quoted(c, &f) < 0))
        return -1;
    int stop = span(c, &f, c->stops);
    if (stop < 0)
        return -1;
    struct str text = str_n(f.start, f.len);
    if (text.len > SHEET_CHARS_MAX && utf8_count(text) > SHEET_CHARS_MAX)
        return trouble_set(c->trouble, SHEET_E_TOO_LARGE,
                           "line %lld: a field of more than %d "
                           "characters",
                           (long long)c->line, SHEET_CHARS_MAX);
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
        return trouble_set(c->trouble, SHEET_E_TOO_LARGE, "more than %d rows", SHEET_ROWS_MAX);
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
    return trouble_set(c->trouble, SHEET_E_TOO_LARGE, "line %lld: more than %d columns",
                       (long long)c->line, SHEET_COLUMNS_MAX);
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
